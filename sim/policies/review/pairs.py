"""Pairs of users and seniors, and caseloads of workers, compiled: assignments that last while a user takes part."""

from typing import Any

from sim.kernel import kernel
from sim.policies.review.conditions import years_run
from sim.scenario.schema.effects import MATCHINGS
from sim.state.columns import PRESENT
from sim.state.scales import likeness
from sim.state.state import sort
from sim.streams import MATCHING, uniform

_BY_SEX, _BY_INTEREST = MATCHINGS.index("sex"), MATCHINGS.index("interest")
_PAIRED, _SENIOR = 1, 2
"""Marks in `parts.paired`."""


@kernel
def _is_senior(u: Any, part: Any, years: float, day: int) -> Any:
    """Return whether a well user has been in the centre for this many years and does not take part."""
    return u.years_in_centre + years_run(u.arrived, day) >= years and u.unwell == 0 and part.strength == 0.0


@kernel
def _likeness(u: Any, v: Any, by: int) -> float:
    """Return how well two users match, on a scale that outweighs the draw (0 to 1) added to it.

    By interest: 10 times the correlation of their interests.
    """
    if by == _BY_SEX:
        return 1.0 if u.sex == v.sex else 0.0
    if by != _BY_INTEREST:
        return 0.0
    correlation: float = likeness(u, v)
    return 10.0 * correlation


@kernel
def _best_senior(
    users: Any, parts: Any, present: Any, first: int, number: int, k: int, use: Any, u: Any, effect: Any, seed: Any
) -> int:
    """Return 1 + the row of the free senior of a centre who suits a user best; 0 if there is none."""
    best, highest = 0, 0.0
    slot = use.code * 256 + u.uid % 256
    for place in range(number):
        other = present[first + place]
        v, part = users[other], parts[k, other]
        if part.paired & _SENIOR == 0 and _is_senior(v, part, effect.years, use.decided):
            score = uniform(seed, MATCHING, slot, 0, v.uid, 0) + _likeness(u, v, effect.option)
            if best == 0 or score > highest:
                best, highest = other + 1, score
    return best


@kernel
def _arrange(ties: Any, centre: Any, seat: int, other: int, strength: float) -> None:
    """Arrange contact between two seats of a centre, in both directions; the stronger arrangement counts."""
    there = ties[centre.first_tie + seat * centre.capacity + other]
    there.arranged = max(there.arranged, strength)
    back = ties[centre.first_tie + other * centre.capacity + seat]
    back.arranged = max(back.arranged, strength)


@kernel
def pair_up(
    users: Any,
    ties: Any,
    centre: Any,
    parts: Any,
    present: Any,
    number: int,
    k: int,
    use: Any,
    effect: Any,
    is_again: bool,
    seed: Any,
) -> None:
    """Pair each user of a centre who takes part with a senior; a pair lasts while both stay and the senior is fit.

    A review that is about other policies only (`is_again`) leaves the pairs as they are. Each pair has its effects:
    arranged contact, and a senior who teaches as a mentor.
    """
    first = centre.first_seat
    for place in range(number):
        parts[k, present[first + place]].paired = 0
    for place in range(number):
        part = parts[k, present[first + place]]
        if part.strength > 0.0 and part.senior > 0:
            v, senior = users[part.senior - 1], parts[k, part.senior - 1]
            is_here = v.status == PRESENT
            if is_again or (is_here and _is_senior(v, senior, effect.years, use.decided)):
                part.paired |= _PAIRED
                senior.paired |= _SENIOR
    for place in range(number):
        u, part = users[present[first + place]], parts[k, present[first + place]]
        if part.strength > 0.0 and part.paired & _PAIRED == 0 and not is_again:
            best = _best_senior(users, parts, present, first, number, k, use, u, effect, seed)
            if best > 0:
                part.senior = best
                part.paired |= _PAIRED
                parts[k, best - 1].paired |= _SENIOR
        if part.strength > 0.0 and part.paired & _PAIRED == _PAIRED:
            v = users[part.senior - 1]
            if v.status == PRESENT:
                _arrange(ties, centre, u.seat, v.seat, effect.amount * part.strength)
                v.mentoring = max(v.mentoring, min(1.0, effect.target * part.strength))


@kernel
def _cases(parts: Any, present: Any, first: int, number: int, k: int, worker: int) -> int:
    """Return how many of the users on a worker's caseload take part."""
    cases = 0
    for place in range(number):
        part = parts[k, present[first + place]]
        if part.strength > 0.0 and part.worker == worker:
            cases += 1
    return cases


@kernel
def queue_up(
    users: Any,
    parts: Any,
    present: Any,
    keys: Any,
    picked: Any,
    centre: Any,
    number: int,
    k: int,
    use: Any,
    is_again: bool,
    seed: Any,
) -> int:
    """Write into `picked` the rows of users without a worker, in an order drawn once for each user; return how many.

    Users who have a worker stay with the worker.
    """
    waiting = 0
    for place in range(number):
        row = present[centre.first_seat + place]
        part = parts[k, row]
        if part.strength > 0.0:
            if part.worker > 0:
                users[row].worker = part.worker
            elif not is_again:
                keys[waiting] = uniform(seed, MATCHING, use.code * 256, 0, users[row].uid, 0)
                picked[waiting] = row
                waiting += 1
    sort(keys, picked, waiting)
    return waiting


@kernel
def fill_caseloads(
    users: Any,
    parts: Any,
    present: Any,
    picked: Any,
    centre: Any,
    number: int,
    waiting: int,
    k: int,
    first_worker: int,
    effect: Any,
) -> None:
    """Assign the first `waiting` users in `picked`, in this order, to the worker with the most room, if any."""
    for place in range(waiting):
        row, best, most = picked[place], 0, 0
        for worker in range(first_worker, first_worker + effect.number):
            room = effect.option - _cases(parts, present, centre.first_seat, number, k, worker)
            if room > most:
                best, most = worker, room
        if best == 0:
            return
        parts[k, row].worker = best
        users[row].worker = best


@kernel
def release(parts: Any, k: int, rows: int) -> None:
    """End the assignments of all who no longer take part."""
    for row in range(rows):
        part = parts[k, row]
        if part.strength == 0.0:
            part.senior, part.worker = 0, 0
