"""Phase 8: out of hours, by phone."""

from typing import Any

from sim.elementary import exp, log
from sim.kernel import kernel
from sim.state.scales import reached, unwanted
from sim.state.state import State
from sim.streams import EVENING, PHONE, uniform, unit, words


@kernel
def contact_chance(near: float, p: Any) -> float:
    """Daily chance of being in touch: daily_rate (1 + (c - c0) / (1 - c0)), c the lower of the two closenesses.

    0 below c0 = closeness_from. "When I need her I can always find her on WeChat" (section 3.1.3, P14). Assumed.
    """
    if near < p.contact_closeness_from:
        return 0.0
    return p.contact_daily_rate * (1.0 + (near - p.contact_closeness_from) / (1.0 - p.contact_closeness_from))


@kernel
def contact_hours(near: float, p: Any, share: float) -> float:
    """Hours of a contact: min(-x ln u, longest) / 60, x = minutes exp(minutes_slope (c - c0)).

    u uniform; c, c0 as in `contact_chance`. The closest talk two to three hours a day (section 3.2.2, P14).
    """
    mean = p.contact_minutes * exp(p.contact_minutes_slope * (near - p.contact_closeness_from))
    return min(-mean * log(share), p.contact_longest) / 60.0


@kernel
def contact(s: State, c: int, day: int, seed: Any) -> None:
    """Put confidants in touch, every day of the week; then let peers call the absent; then hold the evening group.

    Reads in this order:

    1. The calls that all users wish for, from closeness and withdrawals as phase 7 left them: two users of whom neither
       keeps away wish for `contact_hours` with chance `contact_chance` (1 - max(quiet_i, quiet_j)).
    2. What fits into the day: the share q_i = min(1, max(0, 24 - talk_hours_i) / x_i) of the hours x_i that i wishes
       for in all. A call lasts min(q_i, q_j) of the hours wished for; a call of no length does not take place.
    3. Call by call, h long: [proximity_regulation] demand on each += `unwanted`, unless the two have met today;
       `_pass_time` for each; the user who feels less close has load += hour_load h, and each has half of it when both
       feel equally close (P13: "it consumes too much of my time").
    4. `_reach_out`, then `_spend_the_evening`.
    """
    centre = s.centres[c]
    n = centre.capacity
    for seat in range(n):
        s.draws[seat] = 0.0
    for i in range(n):
        for j in range(i + 1, n):
            hours = _wished(s, c, i, j, day, seed)
            s.draws[i] += hours
            s.draws[j] += hours
    for i in range(n):
        row = s.seats[centre.first_seat + i]
        if row >= 0 and s.draws[i] > 0.0:
            left = max(0.0, 24.0 - s.users[row].talk_hours)
            s.draws[i] = min(1.0, left / s.draws[i])
    for i in range(n):
        for j in range(i + 1, n):
            if s.draws[i] > 0.0 and s.draws[j] > 0.0:  # else nobody wishes for it, or it has no length
                hours = _wished(s, c, i, j, day, seed)
                if hours > 0.0:
                    _call(s, c, i, j, hours * min(s.draws[i], s.draws[j]), day)
    _reach_out(s, c, day)
    _spend_the_evening(s, c, day, seed)


@kernel
def _wished(s: State, c: int, i: int, j: int, day: int, seed: Any) -> float:
    """Hours for which the users in seats i and j wish to be in touch today; 0 if they do not wish to."""
    centre, p = s.centres[c], s.p[0]
    n = centre.capacity
    t, r = s.ties[centre.first_tie + i * n + j], s.ties[centre.first_tie + j * n + i]
    if t.closeness < p.contact_closeness_from or t.withdrawn == 1:
        return 0.0
    if r.closeness < p.contact_closeness_from or r.withdrawn == 1:
        return 0.0
    near = min(t.closeness, r.closeness)
    row, other = s.seats[centre.first_seat + i], s.seats[centre.first_seat + j]
    if row < 0 or other < 0:
        return 0.0
    u, v = s.users[row], s.users[other]
    w0, w1, _, _ = words(seed, PHONE, 0, day, min(u.uid, v.uid), max(u.uid, v.uid))
    if unit(w0) >= contact_chance(near, p) * (1.0 - max(u.quiet, v.quiet)):
        return 0.0
    return contact_hours(near, p, unit(w1))


@kernel
def _call(s: State, c: int, i: int, j: int, hours: float, day: int) -> None:
    """Put the users in seats i and j in touch by phone for this many hours."""
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    if hours <= 0.0:
        return
    n = centre.capacity
    t, r = s.ties[centre.first_tie + i * n + j], s.ties[centre.first_tie + j * n + i]
    u, v = s.users[s.seats[centre.first_seat + i]], s.users[s.seats[centre.first_seat + j]]
    if p.proximity_regulation == 1 and t.met == 0.0:  # else the user felt it at the centre already
        u.demand += unwanted(u, v, t, r, p)
        v.demand += unwanted(v, u, r, t, p)
    _pass_time(u, t, p, hours, day)
    _pass_time(v, r, p, hours, day)
    share = 1.0 if t.closeness < r.closeness else (0.5 if t.closeness == r.closeness else 0.0)
    u.load += p.contact_hour_load * hours * share
    v.load += p.contact_hour_load * hours * (1.0 - share)
    today.contacts += 1.0
    today.contact_hours += hours


@kernel
def _reach_out(s: State, c: int, day: int) -> None:
    """Let the closest peer call each absent user whom outreach by peers covers.

    Reads, seat by seat on an opening day: a user i whose days missed in a row have reached outreach_after gets a call
    from the peer j who feels closest to i, does not keep away and has closeness above 0 (the first of equals). It lasts
    outreach_by_peers min(minutes / 60, max(0, 24 - max(phone_hours_i, talk_hours_j + phone_hours_j))) hours. If that is
    more than 0: `_pass_time` for i, then for j, and load of j += hour_load h.
    """
    centre, p = s.centres[c], s.p[0]
    n = centre.capacity
    if centre.is_open == 0:
        return
    for i in range(n):
        row = s.seats[centre.first_seat + i]
        if row < 0 or s.users[row].outreach_by_peers <= 0.0 or s.users[row].missed < s.users[row].outreach_after:
            continue
        u = s.users[row]
        best, nearest = -1, 0.0
        for j in range(n):
            back = s.ties[centre.first_tie + j * n + i]
            if j != i and back.closeness > nearest and back.withdrawn == 0:
                best, nearest = j, back.closeness
        if best < 0:
            continue
        v = s.users[s.seats[centre.first_seat + best]]
        hours = min(p.contact_minutes / 60.0, max(24.0 - max(u.phone_hours, v.talk_hours + v.phone_hours), 0.0))
        hours *= u.outreach_by_peers
        if hours <= 0.0:
            continue
        _pass_time(u, s.ties[centre.first_tie + i * n + best], p, hours, day)
        _pass_time(v, s.ties[centre.first_tie + best * n + i], p, hours, day)
        v.load += p.contact_hour_load * hours


@kernel
def _spend_the_evening(s: State, c: int, day: int, seed: Any) -> None:
    """Let members of the out-of-hours group spend part of the evening together, all with each other.

    Each member who is well takes part with chance `evenings`. Two of the M who take part wish for w_ij =
    min(evening_hours of the two) / (M - 1) of each other. Reads first, for all: q_i = min(1, max(0, 24 - talk_hours -
    phone_hours) / sum of w_ij), the share for which the day has room; then, by seat, each toward each other:
    `_pass_time` with w_ij min(q_i, q_j). The time counts as time by phone, toward closeness too. It adds no load and no
    demand, because the group is open and nobody carries it alone.
    """
    centre, p = s.centres[c], s.p[0]
    n, there = centre.capacity, 0
    for seat in range(n):
        row = s.seats[centre.first_seat + seat]
        if row < 0 or s.users[row].evenings <= 0.0:
            continue
        u = s.users[row]
        if u.unwell == 0 and uniform(seed, EVENING, 0, day, u.uid, 0) < u.evenings:
            s.group[there] = seat
            there += 1
    for a in range(there):
        s.draws[a] = _share_that_fits(s, c, a, there)
    for a in range(there):
        u = s.users[s.seats[centre.first_seat + s.group[a]]]
        for b in range(there):
            if a == b:
                continue
            v = s.users[s.seats[centre.first_seat + s.group[b]]]
            hours = _evening_of(u, v, there) * min(s.draws[a], s.draws[b])
            if hours > 0.0:
                _pass_time(u, s.ties[centre.first_tie + s.group[a] * n + s.group[b]], p, hours, day)


@kernel
def _evening_of(u: Any, v: Any, there: int) -> float:
    """Hours that two of the `there` members present spend with each other in an evening, if the day has room."""
    return min(u.evening_hours, v.evening_hours) / (there - 1)


@kernel
def _share_that_fits(s: State, c: int, a: int, there: int) -> float:
    """Share of the wished evening that fits into the day of the user at place a of `s.group`."""
    first = s.centres[c].first_seat
    u, wished = s.users[s.seats[first + s.group[a]]], 0.0
    for b in range(there):
        if b != a:
            wished += _evening_of(u, s.users[s.seats[first + s.group[b]]], there)
    left = max(0.0, 24.0 - u.talk_hours - u.phone_hours)
    return min(1.0, left / wished) if wished > 0.0 else 0.0


@kernel
def _pass_time(u: Any, t: Any, p: Any, hours: float, day: int) -> None:
    """Apply h hours of contact to one of the two users and that user's tie, in this order.

    Emotional need n *= 1 - reached(relief h); phone_hours += h; [ordinary_connection] mood m += (1 - m)
    reached(pleasure h) and effective hours of today += hour_weight h; trust t += (1 - t) reached(trust_ordinary h);
    hours met += h; contact today.
    """
    u.needs[0] *= 1.0 - reached(p.contact_relief * hours)
    u.phone_hours = min(24.0, u.phone_hours + hours)  # rounding may exceed 24 when the hours just fill the day
    if p.ordinary_connection == 1:
        u.mood += (1.0 - u.mood) * reached(p.conversation_pleasure * hours)
        t.today += p.contact_hour_weight * hours
    t.trust += (1.0 - t.trust) * reached(p.conversation_trust_ordinary * hours)
    t.met += hours
    t.last_contact = day
