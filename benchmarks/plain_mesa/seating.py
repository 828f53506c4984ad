"""Phase 4, tables: who sits with whom in a session."""

from itertools import permutations
from math import ceil, log

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.ties import pull
from sim.scenario.schema.scenario import ACTIVITIES, Session
from sim.scenario.schema.session import LEISURE

type Table = list[User]


def form_groups(model: Centre, present: list[User], session: Session) -> list[Table]:
    """Seat those present at tables whose sizes differ by at most one."""
    count = ceil(len(present) / session.group_size)
    if session.grouping == "free":
        return _choose_freely(model, present, count)
    tables: list[Table] = [[] for _ in range(count)]
    for rank, user in enumerate(_in_line(model, present, session)):
        tables[rank * count // len(present)].append(user)
    return tables


def _in_line(model: Centre, present: list[User], session: Session) -> list[User]:
    """Sort the users present by interest, by their place in the assigned groups, or by chance."""
    if session.grouping == "interest":
        place = ACTIVITIES.index(session.activity)
        chance = model.rules.encounters.interest_chance
        return sorted(present, key=lambda user: user.interest[place] + chance * model.random.random())
    if session.grouping == "assigned":
        return sorted(present, key=model.assigned_place)
    return model.random.sample(present, len(present))


def _choose_freely(model: Centre, present: list[User], count: int) -> list[Table]:
    """Fill tables one after the other; the last table takes all who are left."""
    waiting = list(present)
    least, longer = divmod(len(present), count)
    tables = [_fill_table(model, waiting, least + (k < longer)) for k in range(count - 1)]
    return [*tables, waiting]


def _fill_table(model: Centre, waiting: list[User], size: int) -> Table:
    """Seat the first user, then repeatedly the user whom those seated want most; each candidate has a fixed noise."""
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


def sit_together(model: Centre, tables: list[Table], session: Session) -> None:
    """Count the hours at a table toward ties; hours of leisure weigh more than hours of work."""
    p = model.rules.encounters
    weight = p.leisure_weight if session.activity in LEISURE else p.copresence_weight
    for table in tables:
        for user, other in permutations(table, 2):
            user.ties[other].today += weight * session.minutes / 60.0
