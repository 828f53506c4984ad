"""Phase 6, the staff: if there are enough of them, they take time for users in need."""

from typing import Any

from sim.kernel import kernel
from sim.state.helping import largest_need
from sim.state.scales import staffed
from sim.state.state import State
from sim.streams import STAFF_TALK, uniform


@kernel
def staff_listen(s: State, c: int, day: int, seed: Any) -> None:
    """Let staff take time for users in need: with chance staff_talk K the largest need n *= 1 - staff_effect.

    Reads, seat by seat on an opening day, the needs that peers and workers have left: the largest, if it is at least
    visible_need. K: `staffed`. This is not help by a peer: it builds no tie and no self-worth. The other things staff
    do are described where they act: noticing the absent (phase 3), holding sessions and introducing users (4),
    reception and calming (5), mediation (7).
    """
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    if centre.is_open == 0 or staffed(centre, p) == 0.0:
        return
    for seat in range(centre.capacity):
        row = s.seats[centre.first_seat + seat]
        if row < 0 or s.users[row].attends == 0:
            continue
        u = s.users[row]
        kind = largest_need(u)
        if u.needs[kind] < p.support_visible_need:
            continue
        if uniform(seed, STAFF_TALK, 0, day, u.uid, 0) < p.support_staff_talk * staffed(centre, p):
            u.needs[kind] *= 1.0 - p.support_staff_effect
            today.staff_talks += 1.0
