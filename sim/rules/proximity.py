"""Phase 7: too near and too far, and what becomes of a tie that only one feels."""

from typing import Any

from sim.kernel import kernel
from sim.state.columns import FRIEND
from sim.state.scales import reached, staffed, unwanted, wanted
from sim.state.state import State
from sim.streams import WITHDRAWAL, uniform


@kernel
def overreach(u: Any, t: Any, back: Any, p: Any) -> float:
    """How much nearer the tie is than i wants: x_ij = max(c_ij, c_ji) - d_ij - band, in [-1, 1].

    The nearer of the two feelings counts: one can be too close for one's own liking, or be crowded by the other
    (section 3.2.2, P13, P14; section 4.2 on misaligned expectations). d_ij wanted closeness. band assumed.
    """
    return max(t.closeness, back.closeness) - wanted(u, t, p) - p.proximity_band


@kernel
def proximity(s: State, c: int, day: int, seed: Any) -> None:
    """Withdraw from ties that are too near, turn back later, feel what the other wants, and cool what is not returned.

    Hazard of withdrawing withdraw_rate x_ij, of turning back return_rate (1 + mediation K), a day: ties swing on and
    off (P14: seven or eight times); K share of users staff can look after (`staffed`). One who has withdrawn lets
    closeness cool by cooling_rate a day; the one so rebuffed loses the share `rebuff` of trust a day; a friend
    (closeness at or above friend) loses as much of mood, from the day after the withdrawal. On a day of contact
    demand_i grows by `unwanted`: a burden (P13). All this belongs to the mechanism proximity_regulation. Then, with
    moving_ties, each closeness above what the other feels falls toward it (`cooled`). Both of a pair look before either
    cools, and no pair reads what another changes, so the order of pairs does not matter.
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
    """Closeness that is not returned in full, a day later: c_ij - max(0, c_ij - c_ji) share.

    share = one_way_cooling / 365.25, at most 1: one-way ties end sooner (van de Bunt 1999).
    """
    return own - max(0.0, own - returned) * share


@kernel
def _look(s: State, c: int, u: Any, v: Any, t: Any, back: Any, day: int, seed: Any) -> None:
    """Let i look at the tie with j: withdraw, turn back, or keep away, and feel what j wants."""
    p, today = s.p[0], s.ledger[max(day, 0), c]
    if t.withdrawn == 1:
        v.mood *= 1.0 - (p.proximity_rebuff if back.closeness >= FRIEND else 0.0)
        hazard = p.proximity_return_rate * (1.0 + p.proximity_mediation * staffed(s.centres[c], p))
        if uniform(seed, WITHDRAWAL, 0, day, u.uid, v.uid) < reached(hazard):
            t.withdrawn = 0
            today.returns += 1.0
    else:
        beyond = overreach(u, t, back, p)
        if beyond > 0.0:
            hazard = p.proximity_withdraw_rate * beyond
            if uniform(seed, WITHDRAWAL, 0, day, u.uid, v.uid) < reached(hazard):
                t.withdrawn = 1
                t.withdrawals += 1
                today.withdrawals += 1.0
    if t.met > 0.0:
        u.demand += unwanted(u, v, t, back, p)


@kernel
def _cool(t: Any, back: Any, p: Any) -> None:
    """Let closeness cool where one has withdrawn, and the other lose some trust."""
    if t.withdrawn == 1:
        t.closeness *= 1.0 - p.proximity_cooling_rate
        back.trust *= 1.0 - p.proximity_rebuff
