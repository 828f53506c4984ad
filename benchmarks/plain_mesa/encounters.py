"""Phase 4: who sits with whom, who turns to whom, who declines, who joins."""

from collections import Counter
from dataclasses import dataclass
from itertools import permutations
from math import ceil, exp, log
from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import User
from benchmarks.plain_mesa.scales import logistic
from benchmarks.plain_mesa.ties import pull, wanted
from sim.scenario.schema import ACTIVITIES, Session

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainCentre

type Table = list[User]


@dataclass(slots=True)
class Encounter:
    """One turned to the other, and a third may have joined."""

    one: User
    two: User
    third: User | None
    activity: str
    hours: float = 0.0

    @property
    def users(self) -> list[User]:
        """The two, and the third if there is one."""
        return [self.one, self.two] if self.third is None else [self.one, self.two, self.third]


def encounters(model: "PlainCentre", present: list[User]) -> list[Encounter]:
    """Hold the sessions of the day; give the encounters in their order.

    Parameters
    ----------
    model : PlainCentre
    present : list of User
        In the order of the day.
    """
    held = []
    for session in model.house.timetable:
        if model.weekday in session.days:
            held += _hold(model, present, session)
    return held


def _hold(model: "PlainCentre", present: list[User], session: Session) -> list[Encounter]:
    """Hold one session."""
    hours = session.minutes / 60.0
    tables = form_groups(model, present, session)
    table_of = {user: table for table in tables for user in table}
    found = []
    for user in present:
        if model.random.random() < user.sociability:
            encounter = _turn_to_somebody(model, user, table_of[user], session)
            if encounter is not None:
                found.append(encounter)
    _share_time(model, found, hours)
    _sit_together(tables, model.rules.encounters.copresence_weight * hours)
    return found


def form_groups(model: "PlainCentre", present: list[User], session: Session) -> list[Table]:
    """Seat those present at tables whose sizes differ by at most one."""
    count = ceil(len(present) / session.group_size)
    sizes = [len(present) // count + (k < len(present) % count) for k in range(count)]
    if session.grouping == "free":
        return _choose_freely(model, present, sizes)
    if session.grouping == "interest":
        place = ACTIVITIES.index(session.activity)
        chance = model.rules.encounters.interest_chance
        line = sorted(present, key=lambda user: user.interest[place] + chance * model.random.random())
    elif session.grouping == "assigned":
        line = sorted(present, key=model.assigned_place)
    else:
        line = model.random.sample(present, len(present))
    starts = [sum(sizes[:k]) for k in range(count)]
    return [line[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def _choose_freely(model: "PlainCentre", present: list[User], sizes: list[int]) -> list[Table]:
    """Fill tables one after the other; the last takes all who are left."""
    waiting = list(present)
    tables = [_fill_table(model, waiting, size) for size in sizes[:-1]]
    return [*tables, waiting] if waiting else tables


def _fill_table(model: "PlainCentre", waiting: list[User], size: int) -> Table:
    """Seat a starter, then each time the one whom those seated want most, with one noise a candidate."""
    table = [waiting.pop(0)]
    noise = {user: -log(model.random.expovariate(1.0)) for user in waiting}
    wish = dict.fromkeys(waiting, 0.0)
    while len(table) < size:
        for user in waiting:
            wish[user] += pull(table[-1], user)
        wants = {user: wish[user] / len(table) + noise[user] for user in waiting}
        wanted_most = max(wants, key=wants.__getitem__)
        waiting.remove(wanted_most)
        table.append(wanted_most)
    return table


def _draw(model: "PlainCentre", candidates: list[User], utilities: list[float]) -> User:
    """Choose by a multinomial logit."""
    most = max(utilities)
    return model.random.choices(candidates, [exp(utility - most) for utility in utilities])[0]


def _turn_to_somebody(model: "PlainCentre", user: User, table: Table, session: Session) -> Encounter | None:
    """Let a user turn to somebody at the table, who may decline."""
    candidates = [other for other in table if other is not user]
    if not candidates:
        return None
    other = _draw(model, candidates, [pull(user, candidate) for candidate in candidates])
    if model.random.random() < decline_chance(other, user):
        model.today["declined"] += 1
        return None
    third = _who_joins(model, user, other, table)
    return Encounter(user, other, third, session.activity)


def decline_chance(asked: User, asking: User) -> float:
    """Give the chance that one approached declines."""
    model, back = asked.model, asked.ties[asking]
    p = model.rules.encounters
    odds = p.decline_base + p.decline_burden * asked.burden + p.decline_mood * max(0.0, 0.5 - asked.mood)
    if model.on.proximity_regulation:
        odds += p.decline_overreach * max(0.0, asking.ties[asked].closeness - wanted(asked, back))
    if back.withdrawn:
        odds += p.withdrawn_weight
    return logistic(odds)


def _who_joins(model: "PlainCentre", one: User, two: User, table: Table) -> User | None:
    """Find the one of the table who wants it most; that one joins with some chance."""
    candidates = [other for other in table if other is not one and other is not two]
    if not candidates:
        return None
    third = _draw(model, candidates, [max(pull(other, one), pull(other, two)) for other in candidates])
    joins = model.random.random() < model.rules.encounters.join_share * third.sociability
    return third if joins else None


def _share_time(model: "PlainCentre", found: list[Encounter], hours: float) -> None:
    """Split a session's time for talk among the encounters of each user."""
    p = model.rules.encounters
    count: Counter[User] = Counter()
    for encounter in found:
        count.update(encounter.users)
    for encounter in found:
        part = hours / max(count[user] for user in encounter.users)
        length = model.random.lognormvariate(-(p.length_sd**2) / 2.0, p.length_sd)
        encounter.hours = part * min(1.0, p.talk_share * length)


def _sit_together(tables: list[Table], effective: float) -> None:
    """Count the hours side by side of all who sit at one table."""
    for table in tables:
        for user, other in permutations(table, 2):
            user.ties[other].today += effective
