"""A review, compiled: what policies changed is put back, decisions are made, and the policies act again."""

from typing import Any

from sim.kernel import kernel, phase
from sim.policies.review.decisions import come_and_go, concerns, decide, keep, look_around, serve, strengthen
from sim.policies.review.effects import apply, note, put_back
from sim.policies.review.programme import EVERY, Programme
from sim.state.state import State


@kernel
def is_due(uses: Any, clock: Any, day: int) -> bool:
    """Return whether a review is still to be held on a day: every week, and on each date of a policy."""
    if day < 0 or clock.last == day:
        return False
    due = day % EVERY == 0
    for k in range(len(uses)):
        due = due or day in (uses[k].start, uses[k].end, uses[k].faded)
    return due and len(uses) > 0


@kernel
def _prepare(s: State, q: Programme, day: int, seed: Any) -> None:
    """Put back, decide about the uses that the review concerns, divide the staff hours, and set all strengths."""
    q.clock[0].last = day
    put_back(q)
    if q.clock[0].arranges == 1:
        for tie in range(len(s.ties)):
            s.ties[tie].arranged = 0.0
    look_around(s.users, s.centres, q.houses, q.present)
    for k in range(len(q.uses)):
        if concerns(q.uses[k], day):
            for c in range(len(s.centres)):
                if q.standing[k, c].has == 1:
                    come_and_go(s, q, k, c, day)
    for k in range(len(q.uses)):
        if concerns(q.uses[k], day):
            for c in range(len(s.centres)):
                decide(s, q, k, c, day, seed)
            q.uses[k].decided = day
    for c in range(len(s.centres)):
        serve(q.uses, q.standing, q.prices, q.houses[c], c)
    keep(q.standing, q.kept, q.clock[0], day)
    for k in range(len(q.uses)):
        strengthen(q.uses[k], q.standing, q.parts, s.centres, q.houses, q.present, k, len(s.users), day)


@phase
def review(s: State, q: Programme, day: int, seed: Any, first: int, last: int) -> None:
    """Hold parts first to last - 1 of the review of a day.

    Part -1 puts back and decides; part k lets use k act, from 0; the last part, numbered as there are uses, records
    what all have changed. A whole review is `range(-1, uses + 1)`. Between the parts, a policy that is Python code acts.
    """
    for part in range(first, last):
        if part < 0:
            _prepare(s, q, day, seed)
        elif part == len(q.uses):
            note(q)
        elif q.uses[part].acts == 1:
            apply(s, q, part, day, seed)


@kernel
def enter_costs(ledger: Any, houses: Any, day: int) -> None:
    """Write what the policies cost on a day into the ledger."""
    for c in range(len(houses)):
        today, house = ledger[day, c], houses[c]
        today.staff_hours, today.staff_hours_unserved, today.money = house.served, house.unserved, house.money
