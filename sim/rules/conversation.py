"""Phase 5: what users say, how others receive it, and what listeners pass on."""

import math
from typing import Any

from sim.elementary import cos_turns, log, sin_turns
from sim.kernel import kernel
from sim.state.disclosure import (
    DISTRESS,
    ILLNESS,
    ORDINARY,
    STRENGTHS,
    chance_of_questioning,
    depth_of_talk,
    heard_badly,
    heard_well,
    openness,
    reception_chance,
    take_heart,
)
from sim.state.scales import logit, reached, staffed
from sim.state.state import State
from sim.streams import DEPTH, IMPRESSION, LEAK, LEAK_HEARER, race, unit, words

IN_THREE = 2.0 / 3.0
"""Share of a talk of three that counts toward the closeness of each pair: three pairs, of which two talk at a time."""
COMPANY_IN_THREE = 0.5
"""Share of a talk of three that counts as company with each other user, so that company never exceeds the talk."""


@kernel
def conversation(s: State, c: int, count: int, day: int, seed: Any) -> None:
    """Hold the conversations in the order of the encounters; effects act at once, so a bad talk affects the next.

    Reads, for each encounter in which i turned to j, in this order:

    1. i speaks (`_speak`), r = 1 if j has told i of the illness.
    2. j speaks, r = 1 if i has told j of the illness (just now included) or has just said something personal; in the
       latter case i certainly asks j.
    3. `_talk`, then `_impress`, of i and j; then, with a third x, both of i and x, then of j and x.

    Depth is at most illness, with a third at most strengths. For closeness each pair counts `hours`, the length of the
    talk, times IN_THREE = 2/3 with a third (three pairs, two at a time); for company times COMPANY_IN_THREE = 1/2.
    `ratio` is deep_ratio between i and j when something personal was well received in the talk (Hall 2019), else 1.
    In a session in which users make or sing something, `doing` grows by 1 for everyone in the talk.
    """
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    for e in range(count):
        m = s.meetings[e]
        u, v = s.users[m.i], s.users[m.j]
        there = centre.first_tie + u.seat * centre.capacity + v.seat
        back = centre.first_tie + v.seat * centre.capacity + u.seat
        t, r = s.ties[there], s.ties[back]
        deepest = ILLNESS if m.third < 0 else STRENGTHS
        first = _speak(s, c, m, m.i, m.j, r.told == 1, m.circle > 0.0, deepest, 0, day, seed)
        opened = abs(first) >= STRENGTHS
        second = _speak(s, c, m, m.j, m.i, t.told == 1 or opened, opened or m.circle > 0.0, deepest, 1, day, seed)
        ratio = p.conversation_deep_ratio if max(first, second) >= STRENGTHS else 1.0
        hours = m.hours if m.third < 0 else m.hours * IN_THREE
        company = m.hours if m.third < 0 else m.hours * COMPANY_IN_THREE
        _talk(u, v, t, r, p, hours, company, ratio, day)
        _impress(t, r, p, 3 * m.session, u.uid, v.uid, day, seed)
        if m.doing == 1:
            u.doing += 1
            v.doing += 1
        if m.third >= 0:
            x = s.users[m.third]
            for k in range(2):
                y = u if k == 0 else v
                t = s.ties[centre.first_tie + y.seat * centre.capacity + x.seat]
                r = s.ties[centre.first_tie + x.seat * centre.capacity + y.seat]
                _talk(y, x, t, r, p, hours, company, 1.0, day)
                _impress(t, r, p, 3 * m.session + 1 + k, u.uid, x.uid, day, seed)
            x.doing += m.doing
        today.talks += 1.0
        today.talk_hours += m.hours
        if abs(first) >= DISTRESS or abs(second) >= DISTRESS:
            today.deep_talks += 1.0


@kernel
def _talk(u: Any, v: Any, t: Any, r: Any, p: Any, hours: float, company: float, ratio: float, day: int) -> None:
    """Apply what both users gain from any talk, in this order.

    [ordinary_connection, or ratio > 1] effective hours of today of both += hours ratio. Then for the first user, then
    for the second: [ordinary_connection] mood m += (1 - m) reached(pleasure company), talk_hours += company; trust t +=
    (1 - t) reached(trust_ordinary company); partners += 1; hours met of the own tie += company; contact today (section
    3.1.1).
    """
    if p.ordinary_connection == 1 or ratio > 1.0:
        t.today += hours * ratio
        r.today += hours * ratio
    _pass_time(u, t, p, company, day)
    _pass_time(v, r, p, company, day)


@kernel
def _impress(t: Any, r: Any, p: Any, slot: int, one: Any, two: Any, day: int, seed: Any) -> None:
    """Let a talk change the liking of both users, each on their own tie; only with learned_liking.

    l += (l0 - l) / n + s z, n = impression_talks, s = impression_sd sqrt(2 / n - 1 / n^2): in the long run l strays by
    impression_sd about the first liking l0. z: R cos(a) for t, R sin(a) for r, R = sqrt(-2 ln u0), a = 2 pi u1 (Box &
    Muller 1958). In a talk in session k in which i turned to j, slot, user, other are 3 k, i, j when t is the tie of i
    to j and r the tie of j to i; with a third user x they are 3 k + 1, i, x for the ties of i to x and x to i, and 3 k
    + 2, i, x for the ties of j to x and x to j.
    """
    if p.learned_liking == 0:
        return
    n = p.encounters_impression_talks
    a, b, _, _ = words(seed, IMPRESSION, slot, day, one, two)
    size = p.encounters_impression_sd * math.sqrt(2.0 / n - 1.0 / (n * n)) * math.sqrt(-2.0 * log(unit(a)))
    t.liking += (t.liking_base - t.liking) / n + size * cos_turns(unit(b))
    r.liking += (r.liking_base - r.liking) / n + size * sin_turns(unit(b))


@kernel
def _pass_time(u: Any, t: Any, p: Any, hours: float, day: int) -> None:
    """Apply the effects that any talk has on one of its two users."""
    if p.ordinary_connection == 1:
        u.mood += (1.0 - u.mood) * reached(p.conversation_pleasure * hours)
        u.talk_hours += hours
    t.trust += (1.0 - t.trust) * reached(p.conversation_trust_ordinary * hours)
    u.partners += 1
    t.met += hours
    t.last_contact = day


@kernel
def _speak(
    s: State,
    c: int,
    m: Any,
    speaker: int,
    hearer: int,
    other_told: bool,
    asked: bool,
    deepest: int,
    turn: int,
    day: int,
    seed: Any,
) -> int:
    """Let the speaker say something; return its depth: negative if badly received, 0 for ordinary talk.

    Reads in this order:

    1. Whether there is an occasion, with chance `occasion`; certainly when the listener asks, and in a disclosure
       circle.
    2. Depth: `depth_of_talk` of `openness` + noise logit(u) + x norm; u uniform, x how fully a circle works for the two
       (0 outside), norm that of the circle; at most the deepest allowed. Ordinary talk ends here.
    3. Talk of distress or illness is questioned with chance `chance_of_questioning`; any depth is well received with
       `reception_chance`, whose facilitation is x times the reception of the circle.
    4. After talk of illness, told = 1; after talk of distress or illness, the listener's load += listening_load.
    5. `_well_received` or `_badly_received`.
    6. After talk of distress or illness, `_may_leak` with leaks = 1 - x discretion of the circle.
    """
    centre, p = s.centres[c], s.p[0]
    slot, one, two = 2 * m.session + turn, s.users[m.i].uid, s.users[m.j].uid
    w0, w1, w2, w3 = words(seed, DEPTH, slot, day, one, two)
    if not asked and unit(w0) >= p.conversation_occasion:
        return ORDINARY
    u, v = s.users[speaker], s.users[hearer]
    t = s.ties[centre.first_tie + u.seat * centre.capacity + v.seat]
    back = s.ties[centre.first_tie + v.seat * centre.capacity + u.seat]
    ready = openness(u, t, p, other_told, centre.norm) + p.conversation_noise * logit(unit(w1))
    reception, leaks = 0.0, 1.0
    if m.circle > 0.0:
        held = s.circles[max(u.circle, v.circle) - 1]
        ready += m.circle * held.norm
        reception, leaks = m.circle * held.reception, 1.0 - m.circle * held.discretion
    depth = min(depth_of_talk(ready, u, p), deepest)
    if depth == ORDINARY:
        return ORDINARY
    questioned = depth >= DISTRESS and unit(w2) < chance_of_questioning(v, p)
    well = unit(w3) < reception_chance(v, p, centre.coverage, questioned, reception)
    _count(s.ledger[max(day, 0), c], depth, well, questioned)
    if depth == ILLNESS:
        t.told = 1
    if depth >= DISTRESS:
        v.load += p.conversation_listening_load
    if well:
        _well_received(u, v, t, back, p, depth)
    else:
        _badly_received(u, t, p, staffed(centre, p))
    if depth >= DISTRESS:
        _may_leak(s, c, speaker, hearer, leaks, slot, one, two, day, seed)
    return depth if well else -depth


@kernel
def _count(today: Any, depth: int, well: bool, questioned: bool) -> None:
    """Add a personal talk to today's record: its depth, and whether the listener received it well or questioned it."""
    if depth == STRENGTHS:
        today.strengths_talks += 1.0
    elif depth == DISTRESS:
        today.distress_talks += 1.0
    else:
        today.illness_talks += 1.0
    if well:
        today.well_received += 1.0
    if questioned:
        today.questioned += 1.0


@kernel
def _well_received(u: Any, v: Any, t: Any, back: Any, p: Any, depth: int) -> None:
    """Apply a peer's good reception, in this order; u teller, v listener, t the tie of u to v, `back` of v to u.

    1. Trust t += (1 - t) trust_good; back += (1 - back) trust_listener trust_good (Collins & Miller 1994).
    2. `heard_well` for u.
    3. [learned_liking] liking of both += liking_good.
    4. After talk of distress or illness: [being_known] closeness c += (1 - c) bond_gain for u, and by bond_listener
       bond_gain for v (disclosure and responsiveness together, Reis & Shaver), and u is known: k += (1 - k)
       known_distress, or known_illness; [group_advocacy] v's identity I += (1 - I) fate_gain.
    5. After talk of illness: `take_heart` of v by hope_story.
    """
    t.trust += (1.0 - t.trust) * p.conversation_trust_good
    back.trust += (1.0 - back.trust) * p.conversation_trust_listener * p.conversation_trust_good
    heard_well(u, p, depth)
    if p.learned_liking == 1:
        t.liking += p.conversation_liking_good
        back.liking += p.conversation_liking_good
    if depth < DISTRESS:
        return
    if p.being_known == 1:
        t.closeness += (1.0 - t.closeness) * p.conversation_bond_gain
        back.closeness += (1.0 - back.closeness) * p.conversation_bond_gain * p.conversation_bond_listener
        t.known += (1.0 - t.known) * (
            p.conversation_known_illness if depth == ILLNESS else p.conversation_known_distress
        )
    if p.group_advocacy == 1:
        v.identity += (1.0 - v.identity) * p.conversation_fate_gain
    if depth == ILLNESS:
        take_heart(v, p, p.conversation_hope_story)


@kernel
def _badly_received(u: Any, t: Any, p: Any, coverage: float) -> None:
    """Apply a peer's bad reception to the teller.

    Reads the teller's states and tie as the talk so far has left them. Then, in this order:

    1. Trust t *= 1 - trust_bad.
    2. `heard_badly`.
    3. Conflicts of the day += 1.
    4. With left = 1 - calming K (`staffed`: staff calm, section 2.1): [moving_ties] closeness c *= 1 - quarrel left;
       [learned_liking] liking l -= liking_bad left.
    """
    t.trust *= 1.0 - p.conversation_trust_bad
    heard_badly(u, p)
    u.conflicts += 1
    left = 1.0 - p.conversation_calming * coverage
    if p.moving_ties == 1:
        t.closeness *= 1.0 - p.conversation_quarrel * left
    if p.learned_liking == 1:
        t.liking -= p.conversation_liking_bad * left


@kernel
def _may_leak(
    s: State, c: int, speaker: int, hearer: int, leaks: float, slot: int, one: Any, two: Any, day: int, seed: Any
) -> None:
    """Let the listener j pass a confidence of i on to somebody present, chosen by closeness; i may learn of it.

    Reads, after the reception of this talk has acted, in this order:

    1. The listener passes it on with chance leak_rate (1 - confidentiality_j) leaks.
    2. To whom: one of the others present, if any, by a multinomial logit over kappa c (kappa as in `pull`, c how close
       the listener feels).
    3. Threshold of that hearer theta += (1 - theta) hearsay_threshold.
    4. With chance leak_learned i learns of it, and then, each from its own value only: trust in the listener t *= 1 -
       leak_trust; [moving_ties] closeness to the listener c *= 1 - leak_closeness; self-stigma s += (1 - s)
       leak_stigma; threshold theta += (1 - theta) leak_threshold; conflicts of the day += 1.

    No data exist: assumed, wide ranges.
    """
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    u, v = s.users[speaker], s.users[hearer]
    w0, w1, _, _ = words(seed, LEAK, slot, day, one, two)
    if unit(w0) >= p.conversation_leak_rate * (1.0 - v.confidentiality) * leaks:
        return
    best, first = -1, math.inf
    for seat in range(centre.capacity):
        row = s.seats[centre.first_seat + seat]
        if row < 0 or row in (speaker, hearer) or s.users[row].attends == 0:
            continue
        closeness = s.ties[centre.first_tie + v.seat * centre.capacity + seat].closeness
        arrival = race(seed, LEAK_HEARER, slot, day, v.uid, s.users[row].uid, p.kappa * closeness)
        if arrival < first:
            best, first = row, arrival
    if best < 0:
        return
    today.leaks += 1.0
    x = s.users[best]
    x.threshold += (1.0 - x.threshold) * p.conversation_hearsay_threshold
    if unit(w1) < p.conversation_leak_learned:
        t = s.ties[centre.first_tie + u.seat * centre.capacity + v.seat]
        t.trust *= 1.0 - p.conversation_leak_trust
        if p.moving_ties == 1:
            t.closeness *= 1.0 - p.conversation_leak_closeness
        u.self_stigma += (1.0 - u.self_stigma) * p.conversation_leak_stigma
        u.threshold += (1.0 - u.threshold) * p.conversation_leak_threshold
        u.conflicts += 1
