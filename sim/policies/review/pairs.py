"""Pairs of users and seniors, and caseloads of workers, compiled: assignments that last while a user takes part."""

import math
from typing import Any

from sim.kernel import kernel
from sim.policies.review.holding import years_run
from sim.policies.review.programme import Programme
from sim.scenario.schema.effects import MATCHINGS
from sim.state.columns import PRESENT
from sim.state.state import State, sort
from sim.streams import MATCHING, uniform

_BY_SEX, _BY_INTEREST = MATCHINGS.index("sex"), MATCHINGS.index("interest")
_PAIRED, _SENIOR = 1, 2
"""Marks in `parts.paired`."""


@kernel
def _is_senior(s: State, q: Programme, k: int, row: int, years: float) -> bool:
    """Return whether a well user has been in the centre for this many years and does not take part."""
    u = s.users[row]
    tenure = u.years_in_centre + years_run(u.arrived, q.uses[k].decided)
    return tenure >= years and u.unwell == 0 and q.parts[k, row].strength == 0.0


@kernel
def _likeness(u: Any, v: Any, by: int) -> float:
    """Return how well two users match, on a scale that outweighs the draw (0 to 1) added to it.

    By interest: 10 times the correlation of their interests.
    """
    if by == _BY_SEX:
        return 1.0 if u.sex == v.sex else 0.0
    if by != _BY_INTEREST:
        return 0.0
    number = len(u.interest)
    own, theirs = 0.0, 0.0
    for one in range(number):
        own += u.interest[one]
        theirs += v.interest[one]
    own, theirs = own / number, theirs / number
    both, mine, other = 0.0, 0.0, 0.0
    for one in range(number):
        a, b = u.interest[one] - own, v.interest[one] - theirs
        both += a * b
        mine += a * a
        other += b * b
    norm = math.sqrt(mine * other)
    return 10.0 * (both / (norm if norm > 0.0 else 1.0))


@kernel
def _best_senior(s: State, q: Programme, k: int, c: int, row: int, effect: Any, seed: Any) -> int:
    """Return 1 + the row of the free senior of a centre who suits a user best; 0 if there is none."""
    u, best, highest = s.users[row], 0, 0.0
    slot = q.uses[k].code * 256 + u.uid % 256
    for place in range(q.houses[c].here):
        other = q.present[s.centres[c].first_seat + place]
        if q.parts[k, other].paired & _SENIOR == 0 and _is_senior(s, q, k, other, effect.years):
            v = s.users[other]
            score = uniform(seed, MATCHING, slot, 0, v.uid, 0) + _likeness(u, v, effect.size)
            if best == 0 or score > highest:
                best, highest = other + 1, score
    return best


@kernel
def _arrange(s: State, row: int, other: int, strength: float) -> None:
    """Arrange contact between two users of a centre, in both directions; the stronger arrangement counts."""
    u, v = s.users[row], s.users[other]
    centre = s.centres[u.centre]
    there = s.ties[centre.first_tie + u.seat * centre.capacity + v.seat]
    there.arranged = max(there.arranged, strength)
    back = s.ties[centre.first_tie + v.seat * centre.capacity + u.seat]
    back.arranged = max(back.arranged, strength)


@kernel
def _pair(s: State, q: Programme, k: int, row: int, effect: Any) -> None:
    """Let a pair have its effects: arranged contact, and a mentor who teaches."""
    part = q.parts[k, row]
    other = part.senior - 1
    if s.users[other].status != PRESENT:
        return
    _arrange(s, row, other, effect.amount * part.strength)
    s.users[other].mentoring = max(s.users[other].mentoring, min(1.0, effect.target * part.strength))


@kernel
def pair_up(s: State, q: Programme, k: int, c: int, effect: Any, is_again: bool, seed: Any) -> None:
    """Pair each user of a centre who takes part with a senior; a pair lasts while both stay and the senior is fit.

    A review that is about other policies only (`is_again`) leaves the pairs as they are.
    """
    first, number = s.centres[c].first_seat, q.houses[c].here
    for place in range(number):
        q.parts[k, q.present[first + place]].paired = 0
    for place in range(number):
        part = q.parts[k, q.present[first + place]]
        if part.strength == 0.0 or part.senior == 0:
            continue
        senior = part.senior - 1
        is_here = s.users[senior].status == PRESENT
        if is_again or (is_here and _is_senior(s, q, k, senior, effect.years)):
            part.paired |= _PAIRED
            q.parts[k, senior].paired |= _SENIOR
    for place in range(number):
        row = q.present[first + place]
        part = q.parts[k, row]
        if part.strength == 0.0:
            continue
        if part.paired & _PAIRED == 0 and not is_again:
            senior = _best_senior(s, q, k, c, row, effect, seed)
            if senior > 0:
                part.senior = senior
                part.paired |= _PAIRED
                q.parts[k, senior - 1].paired |= _SENIOR
        if part.paired & _PAIRED == _PAIRED:
            _pair(s, q, k, row, effect)


@kernel
def fill_caseloads(s: State, q: Programme, k: int, c: int, effect: Any, is_again: bool, seed: Any) -> None:
    """Assign users of a centre who take part to its workers while there is room, and let the workers work.

    A user stays with a worker while taking part; new users are assigned in an order drawn once for each user, to the
    worker with the most room.
    """
    use, one = q.uses[k], q.standing[k, c]
    if one.first_worker == 0:
        return
    for worker in range(one.first_worker - 1, one.first_worker - 1 + effect.number):
        s.workers[worker].at_work = min(1.0, one.whole)
    first, waiting = s.centres[c].first_seat, 0
    for place in range(q.houses[c].here):
        row = q.present[first + place]
        part = q.parts[k, row]
        if part.strength > 0.0:
            if part.worker == 0 and not is_again:
                q.values[waiting] = uniform(seed, MATCHING, use.code * 256, 0, s.users[row].uid, 0)
                q.picked[waiting] = row
                waiting += 1
            elif part.worker > 0:
                s.users[row].worker = part.worker
    sort(q.values, q.picked, waiting)
    for place in range(waiting):
        row = q.picked[place]
        best, most = 0, 0
        for worker in range(one.first_worker, one.first_worker + effect.number):
            room = effect.size - _cases(s, q, k, c, worker)
            if room > most:
                best, most = worker, room
        if best > 0:
            q.parts[k, row].worker = best
            s.users[row].worker = best


@kernel
def _cases(s: State, q: Programme, k: int, c: int, worker: int) -> int:
    """Return the users on a worker's caseload who take part."""
    number = 0
    for place in range(q.houses[c].here):
        part = q.parts[k, q.present[s.centres[c].first_seat + place]]
        if part.strength > 0.0 and part.worker == worker:
            number += 1
    return number


@kernel
def release(s: State, q: Programme, k: int) -> None:
    """End the assignments of all who no longer take part."""
    for row in range(len(s.users)):
        part = q.parts[k, row]
        if part.strength == 0.0:
            part.senior, part.worker = 0, 0
