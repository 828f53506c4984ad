"""Phase 4, who sits with whom in a session."""

import math
from typing import Any

from .chance import best, gumbel
from .scales import pull
from .world import House, Person

FREE, INTEREST, ASSIGNED, ROTATING = range(4)


def groups(house: House, k: int, session: Any) -> list[list[Person]]:
    """Seat those present at tables; where seats are not chosen, users sit in the order of the day."""
    number = max(1, math.ceil(len(house.order) / session.group_size))
    if session.grouping == FREE:
        return _chosen(house, k, number)
    keys = {one.uid: _key(house, k, session, one) for one in house.order}
    ranked = sorted(house.order, key=lambda one: keys[one.uid])
    rank = {one.uid: r for r, one in enumerate(ranked)}
    tables: list[list[Person]] = [[] for _ in range(number)]
    for one in house.order:
        tables[rank[one.uid] * number // len(ranked)].append(one)
    return tables


def _key(house: House, k: int, session: Any, one: Person) -> float:
    if session.grouping == ASSIGNED:
        return house.draw("SEATING", one.uid, 1, day=house.day - house.day % house.assigned_days)[0]
    u = house.draw("SEATING", one.uid, slot=k)[0]
    if session.grouping == ROTATING:
        return u
    return one.interest[session.activity] + house.rules.encounters.interest_chance * u


def _chosen(house: House, k: int, number: int) -> list[list[Person]]:
    """Fill tables one after the other with the user whom those seated want most."""
    left, n = list(house.order), len(house.order)
    tables = []
    for t in range(number):
        size = len(left) if t == number - 1 else n // number + (t < n % number)
        table = [left.pop(0)]
        luck = {one.uid: gumbel(house.draw("SEATING", table[0].uid, one.uid, slot=k)[0]) for one in left}
        while len(table) < size:
            scores = (
                (sum(pull(house, m, one) for m in table) / len(table) + luck[one.uid], place)
                for place, one in enumerate(left)
            )
            table.append(left.pop(best(scores)))
        tables.append(table)
    return tables
