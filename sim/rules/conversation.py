"""Phase 5: what is said, how it is received, and what is passed on."""

import math
from typing import Any

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
"""Share of a talk of three that counts toward the closeness of each pair in it: three pairs, two at a time."""
COMPANY_IN_THREE = 0.5
"""Share of it that is company from each of the other two, so that nobody has more company than the talk is long."""


@kernel
def conversation(s: State, c: int, count: int, day: int, seed: Any) -> None:
    """Hold the conversations in the order of the encounters; effects are felt at once, so a bad one colours the next.

    The one who turned to the other speaks first, and the other may take a turn. Talk brings both closer: hours times
    liking, times deep_ratio when something personal was well received (Hall 2019); it pleases (section 3.1.1), builds
    trust, and leaves an impression (`_impress`). In a talk of three each pair has IN_THREE = 2/3 of the time for
    closeness (three pairs, two at a time) and COMPANY_IN_THREE = 1/2 for company, and talk goes no deeper than
    strengths: distress and illness are for two.
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
    """Let two talk: `hours` count `ratio` times toward closeness, `company` is the time they have of each other."""
    if p.ordinary_connection == 1 or ratio > 1.0:
        t.today += hours * ratio
        r.today += hours * ratio
    _pass_time(u, t, p, company, day)
    _pass_time(v, r, p, company, day)


@kernel
def _impress(t: Any, r: Any, p: Any, slot: int, one: Any, two: Any, day: int, seed: Any) -> None:
    """Let a talk leave its impression on the liking of both, each on the own.

    l += (l0 - l) / n + sigma z with sigma = impression_sd sqrt(2 / n - 1 / n^2): n = impression_talks; in the long run
    l strays by impression_sd about the first liking l0. z standard normal, two from one key (Box & Muller), the first
    for t. Every talk of two in a session has a key of its own: slot 3 session for the one who turned and the other, 1
    more for the one who turned and the third, 2 more for the other and the third; user: the one who turned; other: the
    other, or the third.
    """
    if p.learned_liking == 0:
        return
    n = p.encounters_impression_talks
    a, b, _, _ = words(seed, IMPRESSION, slot, day, one, two)
    size = p.encounters_impression_sd * math.sqrt(2.0 / n - 1.0 / n**2) * math.sqrt(-2.0 * math.log(unit(a)))
    turn = 2.0 * math.pi * unit(b)
    t.liking += (t.liking_base - t.liking) / n + size * math.cos(turn)
    r.liking += (r.liking_base - r.liking) / n + size * math.sin(turn)


@kernel
def _pass_time(u: Any, t: Any, p: Any, hours: float, day: int) -> None:
    """What any talk does to one of the two: pleasure, company, a little trust.

    m += (1 - m) reached(pleasure h), t += (1 - t) reached(trust_ordinary h), h hours of company; talk_hours += h; one
    partner more, counted once a talk and partner. Contact: today the tie has met.
    """
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
    """Let the speaker say something; give its depth, negative when badly received, 0 for ordinary talk.

    The first speaker has an occasion with chance `occasion`; the second has one too, or is asked for sure when the
    first has just said something personal. Depth: `depth_of_talk` of openness + noise * logistic chance. On distress or
    illness the listener carries listening_load and asks like a doctor with chance questioning (1 - k_j)(1 -
    restraint_j). In a disclosure circle there is an occasion for each, its setting adds to openness and to reception,
    and its agreement prevents leaks, all times how fully it works for the two. Badly received, at any depth: see
    `_badly_received`. Words of the draw: 0 occasion, 1 noise, 2 questioning, 3 reception.
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
    """Keep what was said, for the ledger."""
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
    """Good reception by a peer: trust and liking of both, `heard_well` for the teller, shared fate for the listener.

    Trust: trust_good for the teller, trust_listener of it for the listener (Collins & Miller 1994). Liking: liking_good
    for both (with learned_liking). With being_known, of distress or illness: the teller's closeness c += (1 - c)
    bond_gain and the listener's by bond_listener of that (disclosure and responsiveness together, Reis & Shaver), and
    the teller is known: k += (1 - k) known_distress or known_illness. A listener to talk of the illness takes heart.
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
    """Bad reception by a peer, for the teller: trust falls by trust_bad, `heard_badly`, a conflict of the day.

    Closeness falls by quarrel (with moving_ties), liking by liking_bad (with learned_liking), both times 1 - calming K:
    K share of users staff can look after, who calm (section 2.1).
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
    """The listener may pass a confidence on to somebody present, chosen by closeness; the one betrayed may learn of it.

    Chance leak_rate (1 - confidentiality_j), times `leaks` (1 outside a disclosure circle). The one told is drawn
    among those present by a multinomial logit over kappa c (kappa as in `pull`, c how close the listener feels); the
    betrayed learns of it with chance leak_learned, which counts as a conflict. Trust falls by leak_trust, closeness by
    leak_closeness (with moving_ties), threshold and self-stigma of the one betrayed rise by leak_threshold and
    leak_stigma of what is left, the threshold of the one who hears it by hearsay_threshold. No data exist: assumed.
    Words of the draw: 0 whether, 1 learned.
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
