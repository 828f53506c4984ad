"""Phase 4: who turns to whom, who declines, who joins, and whom staff introduce."""

from collections import Counter
from dataclasses import dataclass
from math import exp

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.scales import logistic, shifted
from benchmarks.plain_mesa.seating import Table, form_groups, sit_together
from benchmarks.plain_mesa.ties import pull, wanted
from sim.scenario.schema.scenario import Session

LEAST_TALK_SHARE = 0.01
"""Smallest share of talk at which the length of a session still limits a talk."""


@dataclass(slots=True)
class Encounter:
    """An encounter: a user has turned to another, and a third user may have joined."""

    one: User
    two: User
    third: User | None
    activity: str
    hours: float = 0.0

    @property
    def users(self) -> list[User]:
        """The two users, and the third if there is one."""
        return [self.one, self.two] if self.third is None else [self.one, self.two, self.third]


def encounters(model: Centre, present: list[User]) -> list[Encounter]:
    """Hold the sessions of the day; return the encounters in their order.

    Parameters
    ----------
    model : Centre
    present : list of User
        Users present, in the order of the day.
    """
    held = []
    missing = model.rules.encounters.cancelled * (1.0 - model.coverage) if model.on.living_house else 0.0
    for session in model.house.timetable:
        if present and model.weekday in session.days:
            if model.random.random() < missing:
                model.today["cancelled"] += 1
            else:
                held += _hold(model, present, session)
    return held


def _hold(model: Centre, present: list[User], session: Session) -> list[Encounter]:
    """Hold a session and return its encounters."""
    tables = form_groups(model, present, session)
    table_of = {user: table for table in tables for user in table}
    found: list[Encounter] = []
    for step in (_turn_to_somebody, _introduce):
        for user in present:
            encounter = step(model, user, table_of[user], session)
            if encounter is not None:
                found.append(encounter)
                for each in encounter.users:
                    each.turns += 1
    _share_time(model, found, session.minutes / 60.0)
    sit_together(model, tables, session)
    return found


def initiative(user: User) -> float:
    """Return the chance that a user turns to somebody in a session; each talk of today lowers it."""
    p = user.model.rules.encounters
    by = p.initiative_worth * (user.self_worth - 0.5) + p.initiative_identity * user.identity_above
    return shifted(user.sociability, by + p.initiative_hope * user.hope_above) * exp(-p.tiring * user.turns)


def _draw(model: Centre, candidates: list[User], utilities: list[float]) -> User:
    """Draw a candidate by a multinomial logit of the utilities."""
    most = max(utilities)
    return model.random.choices(candidates, [exp(utility - most) for utility in utilities])[0]


def _turn_to_somebody(model: Centre, user: User, table: Table, session: Session) -> Encounter | None:
    """Let a user turn to somebody at the table, by chance; the other may decline."""
    candidates = [other for other in table if other is not user]
    if model.random.random() >= initiative(user) or not candidates:
        return None
    other = _draw(model, candidates, [pull(user, candidate) for candidate in candidates])
    if model.random.random() < decline_chance(other, user):
        model.today["declined"] += 1
        return None
    third = _who_joins(model, user, other, table)
    return Encounter(user, other, third, session.activity)


def decline_chance(asked: User, asking: User) -> float:
    """Return the chance that a user declines when another turns to them."""
    model, back = asked.model, asked.ties[asking]
    p = model.rules.encounters
    odds = p.decline_base + p.decline_burden * asked.burden + p.decline_mood * max(0.0, 0.5 - asked.mood)
    if model.on.proximity_regulation:
        odds += p.decline_overreach * max(0.0, asking.ties[asked].closeness - wanted(asked, back))
        odds += p.withdrawn_weight * back.withdrawn
    return logistic(odds)


def _who_joins(model: Centre, one: User, two: User, table: Table) -> User | None:
    """Draw a user at the table who may join a talk, by pull; return None if nobody joins."""
    candidates = [other for other in table if other is not one and other is not two]
    if not candidates or model.random.random() >= model.rules.encounters.join_share:
        return None
    third = _draw(model, candidates, [max(pull(other, one), pull(other, two)) for other in candidates])
    return third if model.random.random() < third.sociability else None


def _introduce(model: Centre, user: User, table: Table, session: Session) -> Encounter | None:
    """Let staff introduce a newcomer or a friendless user to the best fit at the table."""
    if user.turns or not (user.is_newcomer or user.friends == 0):
        return None
    if model.random.random() >= model.rules.encounters.introduced * model.staffed:
        return None
    candidates = [other for other in table if other is not user and not _keep_away(user, other)]
    if not candidates:
        return None
    model.today["introductions"] += 1
    return Encounter(user, max(candidates, key=lambda other: _getting_on(user, other)), None, session.activity)


def _keep_away(one: User, two: User) -> bool:
    return one.ties[two].withdrawn or two.ties[one].withdrawn


def _getting_on(one: User, two: User) -> float:
    """Return how well two users get on in the eyes of staff."""
    return sum(tie.appeal + tie.liking for tie in (one.ties[two], two.ties[one]))


def _share_time(model: Centre, found: list[Encounter], hours: float) -> None:
    """Split the time for talk in a session among the encounters of each user."""
    p = model.rules.encounters
    count = Counter(user for encounter in found for user in encounter.users)
    longest = 1.0 / max(p.talk_share, LEAST_TALK_SHARE)
    for encounter in found:
        part = hours * p.talk_share / max(count[user] for user in encounter.users)
        encounter.hours = part * min(longest, model.random.lognormvariate(-(p.length_sd**2) / 2.0, p.length_sd))
