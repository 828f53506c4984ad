"""Phase 1: who leaves, and who takes an empty seat."""

from typing import Any

from sim.elementary import exp
from sim.kernel import kernel
from sim.state.columns import LEFT, PRESENT
from sim.state.scales import happens, introduce
from sim.state.state import State
from sim.streams import ARRIVAL, LEAVING, uniform, unit, words


@kernel
def leaving_hazard(u: Any, p: Any, day: int) -> float:
    """Hazard of leaving, per day.

    h = (leaving_rate / 365.25) exp(-identity_slope (I - 1/2)) [newcomer_ratio: less than 365.25 days since arrival]
        [unwell_ratio: unwell], plus (w / 365.25) W for a user who is well

    A ratio in brackets is a factor when what follows it holds. leaving_rate in 1/year (0.15, 95% CI 0.08-0.24, from the
    years in the centre in Table 2 beyond the first; the sample over-represents long-stayers, so the model lets
    newcomers leave faster); unwell_ratio: readmission. I group identity, W self-worth, w in 1/year: readiness for work
    gained in training, 0 without a policy.
    """
    hazard = p.turnover_leaving_rate / 365.25 * exp(-p.turnover_identity_slope * (u.identity - 0.5))
    if day - u.arrived < 365.25:
        hazard *= p.turnover_newcomer_ratio
    if u.unwell == 1:
        return hazard * p.turnover_unwell_ratio
    return hazard + u.work_ready / 365.25 * u.self_worth


@kernel
def leave_cause(u: Any, p: Any, hazard: float, share: float) -> int:
    """Why a user leaves: 1 relapse when unwell; else 2 work when `share` < P; else 3 other.

    P = b, and P = b + (1 - b) w W / (365.25 h) with training; b = work_share W, W self-worth, w readiness for work, h
    the hazard of leaving. `share` is uniform. Section 3.3.3 names seeking work; its share is assumed.
    """
    if u.unwell == 1:
        return 1
    chance = p.turnover_work_share * u.self_worth
    if u.work_ready > 0.0:
        chance += (1.0 - chance) * u.work_ready / 365.25 * u.self_worth / hazard
    return 2 if share < chance else 3


@kernel
def turnover(s: State, c: int, day: int, seed: Any) -> None:
    """Fill seats that have been empty since yesterday or before, then let users leave; their seats wait at least a day.

    Reads the states of the morning, in this order:

    1. How many newcomers come on an opening day: v seats are empty this morning, and policies have closed `closed` of
       them. Each of the other v - closed seats draws a newcomer with chance reached(1 / vacancy_days), where
       reached(x) = 1 - exp(-x).
    2. Seat by seat: a seat that was empty this morning takes the next newcomer, until all who come today have a seat. A
       user enrolled before today leaves with chance reached(`leaving_hazard`).

    A newcomer has no ties: `introduce` both ways with everybody who has a seat at that moment. A leaver's ties end on
    both sides (closeness, known, told, withdrawn, arranged become 0), because the study does not mention friends who
    have left.
    """
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    arriving = 0
    if centre.is_open == 1:
        for k in range(centre.vacant - centre.closed_places):
            if happens(uniform(seed, ARRIVAL, k, day, centre.code, 0), 1.0 / p.turnover_vacancy_days):
                arriving += 1
    n = centre.capacity
    for seat in range(n):
        row = s.seats[centre.first_seat + seat]
        if row < 0:
            if arriving > 0:
                arriving -= 1
                _take_seat(s, c, seat, day, seed)
                today.arrivals += 1.0
            continue
        u = s.users[row]
        a, b, _, _ = words(seed, LEAVING, 0, day, u.uid, 0)
        hazard = leaving_hazard(u, p, day)
        if u.arrived < day and happens(unit(a), hazard):
            u.status = LEFT
            u.left = day
            u.leave_cause = leave_cause(u, p, hazard, unit(b))
            u.seat = -1
            s.seats[centre.first_seat + seat] = -1
            centre.vacant += 1
            _part(s, c, seat)
            today.leavers += 1.0


@kernel
def fill_seats(s: State, c: int, number: int, day: int, seed: Any) -> None:
    """Enrol the next newcomers, at most `number`, in the empty seats of a centre."""
    for seat in range(s.centres[c].capacity):
        if number > 0 and s.seats[s.centres[c].first_seat + seat] < 0:
            number -= 1
            _take_seat(s, c, seat, day, seed)


@kernel
def _part(s: State, c: int, seat: int) -> None:
    """End all ties of an empty seat, in both directions."""
    first, n = s.centres[c].first_tie, s.centres[c].capacity
    for other in range(n):
        for at in (first + seat * n + other, first + other * n + seat):
            t = s.ties[at]
            t.closeness = 0.0
            t.known = 0.0
            t.arranged = 0.0
            t.told = 0
            t.withdrawn = 0


@kernel
def _take_seat(s: State, c: int, seat: int, day: int, seed: Any) -> None:
    """Enrol the next newcomer in an empty seat, and introduce the newcomer and everybody else to each other."""
    centre, p = s.centres[c], s.p[0]
    row = centre.next_row
    u = s.users[row]
    centre.next_row = u.next_row
    centre.queue -= 1
    centre.vacant -= 1
    s.seats[centre.first_seat + seat] = row
    u.status = PRESENT
    u.seat = seat
    u.arrived = day
    n = centre.capacity
    for other in range(n):
        other_row = s.seats[centre.first_seat + other]
        if other_row >= 0 and other != seat:
            v = s.users[other_row]
            introduce(u, v, s.ties[centre.first_tie + seat * n + other], p, seed)
            introduce(v, u, s.ties[centre.first_tie + other * n + seat], p, seed)
