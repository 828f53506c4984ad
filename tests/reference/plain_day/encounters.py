"""Phase 4: who turns to whom in the sessions of the day."""

import math
from itertools import permutations
from typing import Any

from .chance import arrival, best, gumbel, normal
from .scales import hope_above, identity_above, logistic, pull, shifted, staffed, wanted
from .tables import groups
from .world import House, Meeting, Person


def decline_chance(house: House, i: Person, j: Person) -> float:
    rules = house.rules.encounters
    x = rules.decline_base + rules.decline_burden * j.burden + rules.decline_mood * max(0, 0.5 - j.mood)
    if house.on.proximity_regulation:
        x += rules.decline_overreach * max(0, house.tie(i, j).closeness - wanted(house, j, i))
        x += rules.withdrawn_weight * house.tie(j, i).withdrawn
    return logistic(x)


def initiative(house: House, i: Person) -> float:
    rules = house.rules.encounters
    lift = rules.initiative_worth * (i.self_worth - 0.5) + rules.initiative_identity * identity_above(house, i)
    lift += rules.initiative_hope * hope_above(house, i)
    return shifted(i.sociability, lift) * math.exp(-rules.tiring * i.turns)


def encounters(house: House) -> None:
    """Hold the sessions of the day and list the encounters."""
    house.meetings = []
    if not house.order:
        return
    for k, session in enumerate(house.timetable):
        if session.weekdays >> house.weekday & 1:
            _hold(house, k, session)


def _hold(house: House, k: int, session: Any) -> None:
    short = house.rules.encounters.cancelled * (1 - house.coverage)
    if house.on.living_house and house.draw("CANCELLED", house.code, slot=k)[0] < short:
        house.counts["cancelled"] += 1
        return
    tables = groups(house, k, session)
    table_of = {one.uid: table for table in tables for one in table}
    met: list[Meeting] = []
    for one in house.order:
        met += _turn_to_somebody(house, k, session, one, table_of[one.uid])
    for one in house.order:
        met += _introduce(house, k, session, one, table_of[one.uid])
    _share_time(house, met)
    house.meetings += met
    _sit_together(house, session, tables)


def _turn_to_somebody(house: House, k: int, session: Any, i: Person, table: list[Person]) -> list[Meeting]:
    others = [one for one in table if one is not i]
    if not others or house.draw("APPROACH", i.uid, slot=k)[0] >= initiative(house, i):
        return []
    races = ((-arrival(house.draw("PARTNER", i.uid, one.uid, slot=k)[0], pull(house, i, one)), one) for one in others)
    j = best(races)
    if house.draw("DECLINE", i.uid, j.uid, slot=k)[0] < decline_chance(house, i, j):
        house.counts["declined"] += 1
        return []
    third = _who_joins(house, k, i, j, [one for one in others if one is not j])
    return [_meeting(k, session, i, j, third)]


def _meeting(k: int, session: Any, i: Person, j: Person, third: Person | None = None) -> Meeting:
    for one in (i, j, third):
        if one is not None:
            one.turns += 1
    return Meeting(i, j, k, session.activity, bool(session.doing), session.hours, third)


def _who_joins(house: House, k: int, i: Person, j: Person, others: list[Person]) -> Person | None:
    if house.draw("JOINING", i.uid, j.uid, slot=k)[0] >= house.rules.encounters.join_share:
        return None
    x = best(
        (max(pull(house, x, i), pull(house, x, j)) + gumbel(house.draw("JOINER", i.uid, x.uid, slot=k)[0]), x)
        for x in others
    )
    willing = x is not None and house.draw("WILLING", x.uid, i.uid, slot=k)[0] < x.sociability
    return x if willing else None


def _introduce(house: House, k: int, session: Any, i: Person, table: list[Person]) -> list[Meeting]:
    """Let staff introduce a newcomer, or a user without a friend, to somebody."""
    in_need = (house.newcomer(i) or i.friends == 0) and i.turns == 0
    chance = house.rules.encounters.introduced * staffed(house)
    if not in_need or house.draw("INTRODUCTION", i.uid, slot=k)[0] >= chance:
        return []
    j = best(
        (_fit(house, i, one) + _fit(house, one, i), one)
        for one in table
        if one is not i and not house.tie(i, one).withdrawn and not house.tie(one, i).withdrawn
    )
    if j is None:
        return []
    house.counts["introductions"] += 1
    return [_meeting(k, session, i, j)]


def _fit(house: House, i: Person, j: Person) -> float:
    return house.tie(i, j).appeal + house.tie(i, j).liking


def _share_time(house: House, met: list[Meeting]) -> None:
    rules, talks = house.rules.encounters, {}
    for one in (one for m in met for one in (m.i, m.j, m.third) if one is not None):
        talks[one.uid] = talks.get(one.uid, 0) + 1
    for m in met:
        most = max(talks[one.uid] for one in (m.i, m.j, m.third) if one is not None)
        z = normal(*house.draw("LENGTH", m.i.uid, m.j.uid, slot=m.k)[:2])
        factor = math.exp(rules.length_sd * z - rules.length_sd**2 / 2)
        m.hours = m.hours * rules.talk_share / most * min(factor, 1 / max(rules.talk_share, 0.01))


def _sit_together(house: House, session: Any, tables: list[list[Person]]) -> None:
    rules = house.rules.encounters
    weight = rules.leisure_weight if session.leisure else rules.copresence_weight
    for table in tables:
        for i, j in permutations(table, 2):
            house.tie(i, j).today += session.hours * weight
