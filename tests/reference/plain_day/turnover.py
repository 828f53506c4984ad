"""Phase 1: newcomers take empty seats, and users leave."""

import math

from .scales import introduce, reached
from .world import House, Person

YEAR = 365.25
RELAPSE, WORK, OTHER = 1, 2, 3
PRESENT, LEFT = 1, 2


def leaving_hazard(house: House, one: Person) -> float:
    rules = house.rules.turnover
    hazard = rules.leaving_rate / YEAR * math.exp(-rules.identity_slope * (one.identity - 0.5))
    if house.day - one.arrived < YEAR:
        hazard *= rules.newcomer_ratio
    if one.unwell:
        return hazard * rules.unwell_ratio
    return hazard + one.work_ready / YEAR * one.self_worth


def leave_cause(house: House, one: Person, chance: float, hazard: float) -> int:
    if one.unwell:
        return RELAPSE
    usual = house.rules.turnover.work_share * one.self_worth
    to_work = usual
    if one.work_ready > 0:
        to_work += (1 - usual) * one.work_ready * one.self_worth / (YEAR * hazard)
    return WORK if chance < to_work else OTHER


def turnover(house: House) -> None:
    """Fill seats empty this morning, and let leavers go, seat by seat."""
    empty = {seat for seat, one in enumerate(house.seats) if one is None}
    filled = _draws_of_arrival(house, len(empty))
    for seat, one in enumerate(house.seats):
        if one is None:
            if seat in empty and filled > 0:
                filled -= 1
                _arrive(house, seat)
        elif house.day > one.arrived:
            _may_leave(house, seat, one)


def _draws_of_arrival(house: House, empty: int) -> int:
    if not house.is_open:
        return 0
    chance = reached(1 / house.rules.turnover.vacancy_days)
    seats = range(max(0, empty - house.closed_places))
    return sum(house.draw("ARRIVAL", house.code, slot=seat)[0] < chance for seat in seats)


def _arrive(house: House, seat: int) -> None:
    one = house.waiting.pop(0)
    one.seat, one.status, one.arrived = seat, PRESENT, float(house.day)
    one.loneliness_at_entry, one.burden_at_entry, one.identity_at_entry = one.loneliness, one.burden, one.identity
    for other in house.users:
        introduce(house, one, other)
        introduce(house, other, one)
    house.seats[seat] = one
    house.vacant -= 1
    house.counts["arrivals"] += 1


def _may_leave(house: House, seat: int, one: Person) -> None:
    hazard = leaving_hazard(house, one)
    u = house.draw("LEAVING", one.uid)
    if u[0] >= reached(hazard):
        return
    one.seat, one.status, one.left = -1, LEFT, float(house.day)
    one.leave_cause = leave_cause(house, one, u[1], hazard)
    house.seats[seat] = None
    house.gone.append(one)
    house.vacant += 1
    house.counts["leavers"] += 1
    for other in house.users:
        del house.ties[one.uid, other.uid], house.ties[other.uid, one.uid]
