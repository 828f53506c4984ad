"""Phase 7: ties that are too near or too far, and ties that only one of the two users feels."""

from typing import Any

from sim.kernel import kernel
from sim.state.columns import FRIEND
from sim.state.scales import happens, staffed, unwanted, wanted
from sim.state.state import State
from sim.streams import WITHDRAWAL, uniform


@kernel
def overreach(u: Any, t: Any, back: Any, p: Any) -> float:
    """How much nearer the tie is than i wants: x_ij = max(c_ij, c_ji) - d_ij - band, in [-1, 1].

    The nearer of the two feelings counts: i can feel too close for comfort, or j can crowd i (section 3.2.2, P13, P14;
    section 4.2 on misaligned expectations). d_ij as in `wanted`. band assumed.
    """
    return max(t.closeness, back.closeness) - wanted(u, t, p) - p.proximity_band


@kernel
def proximity(s: State, c: int, day: int, seed: Any) -> None:
    """Let users withdraw from ties that are too near, or return to them, and cool ties that are not returned.

    Reads each pair by itself, after all talk and help of the day, in this order:

    1. [proximity_regulation] Both look at the tie, unless both closenesses are 0, reading closeness before it cools.
       When i keeps away from j: if j's closeness to i is at or above friend, mood of j m *= 1 - rebuff; then i turns
       back with chance reached(return_rate (1 + mediation K)), K as in `staffed`. Else, if `overreach` x > 0, i begins
       to keep away with chance reached(withdraw_rate x) (P14: seven or eight times). When the two have met today (hours
       met > 0), demand on i += `unwanted` (P13).
    2. [proximity_regulation] For each user who keeps away now: own closeness c *= 1 - cooling_rate, and the other's
       trust t *= 1 - rebuff.
    3. [moving_ties] Both are `cooled` at once.
    """
    centre, p = s.centres[c], s.p[0]
    n = centre.capacity
    cooling = min(1.0, p.proximity_one_way_cooling / 365.25)
    for i in range(n):
        row = s.seats[centre.first_seat + i]
        if row < 0:
            continue
        u = s.users[row]
        for j in range(i + 1, n):
            t, r = s.ties[centre.first_tie + i * n + j], s.ties[centre.first_tie + j * n + i]
            other = s.seats[centre.first_seat + j]
            if p.proximity_regulation == 1:
                if other >= 0 and (t.closeness != 0.0 or r.closeness != 0.0):
                    v = s.users[other]
                    _look(s, c, u, v, t, r, day, seed)
                    _look(s, c, v, u, r, t, day, seed)
                _cool(t, r, p)
                _cool(r, t, p)
            if p.moving_ties == 1:
                t.closeness, r.closeness = (
                    cooled(t.closeness, r.closeness, cooling),
                    cooled(r.closeness, t.closeness, cooling),
                )


@kernel
def cooled(own: float, returned: float, share: float) -> float:
    """Closeness after a day of cooling: c_ij - max(0, c_ij - c_ji) min(1, one_way_cooling / 365.25).

    One-way ties end sooner (van de Bunt 1999).
    """
    return own - max(0.0, own - returned) * share


@kernel
def _look(s: State, c: int, u: Any, v: Any, t: Any, back: Any, day: int, seed: Any) -> None:
    """Let i reconsider the tie with j: withdraw, return or stay away, and feel the demand of j."""
    p, today = s.p[0], s.ledger[max(day, 0), c]
    if t.withdrawn == 1:
        v.mood *= 1.0 - (p.proximity_rebuff if back.closeness >= FRIEND else 0.0)
        hazard = p.proximity_return_rate * (1.0 + p.proximity_mediation * staffed(s.centres[c], p))
        if happens(uniform(seed, WITHDRAWAL, 0, day, u.uid, v.uid), hazard):
            t.withdrawn = 0
            today.returns += 1.0
    else:
        beyond = overreach(u, t, back, p)
        if beyond > 0.0:
            hazard = p.proximity_withdraw_rate * beyond
            if happens(uniform(seed, WITHDRAWAL, 0, day, u.uid, v.uid), hazard):
                t.withdrawn = 1
                t.withdrawals += 1
                today.withdrawals += 1.0
    if t.met > 0.0:
        u.demand += unwanted(u, v, t, back, p)


@kernel
def _cool(t: Any, back: Any, p: Any) -> None:
    """Cool the closeness of a user who has withdrawn, and lower the other user's trust."""
    if t.withdrawn == 1:
        t.closeness *= 1.0 - p.proximity_cooling_rate
        back.trust *= 1.0 - p.proximity_rebuff
