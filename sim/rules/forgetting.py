"""Phase 11: closeness grows by the hours of today or fades without contact; memories, habits and norms drift."""

import math
from typing import Any

from sim.kernel import kernel
from sim.state.columns import FRIEND
from sim.state.scales import mutual_friends, reached, wanted
from sim.state.state import State


@kernel
def fade_rate(closeness: float, p: Any) -> float:
    """Rate at which closeness falls on a day without contact, the weaker the faster.

    rate = (fade_strong + (fade_weak - fade_strong)(1 - c)^2) / 365.25, per day

    fade_strong in 1/year: 15 % a year for the closest (Dunbar); fade_weak: for a tie near 0, calibrated. The square
    is a choice of form: it leaves the measured rate at c = 1 and its surroundings alone. At most 1 a day.
    """
    rate = p.forgetting_fade_strong + (p.forgetting_fade_weak - p.forgetting_fade_strong) * (1.0 - closeness) ** 2
    return min(1.0, rate / 365.25)


@kernel
def grown(closeness: float, hours: float, p: Any) -> float:
    """Closeness after `hours` more effective hours: c' = 1 - (1 - c) exp(-hours / hours_scale).

    hours_scale in h, calibrated below Hall's (2019) hours together, of which only talk counts in full here. Faster at
    first, and never full.
    """
    return 1.0 - (1.0 - closeness) * math.exp(-hours / p.forgetting_hours_scale)


@kernel
def felt_hours(u: Any, t: Any, p: Any) -> float:
    """How much the hours of today count for i, in h: liking, friends in common, and what company there is besides.

    x = today exp(l + shared_liking k) / (1 + h / satiety); felt = day_hours (1 - exp(-g x / day_hours))

    l liking, k friends in common (`mutual_friends`), h hours of company a day of late: company satiates (Baumeister &
    Leary 1995), and so do hours with one person in a day. g = beyond_gain once c >= d, as close as wanted (with
    proximity_regulation), else 1. Closeness is felt, not shared (section 4.2). Assumed.
    """
    x = t.today * math.exp(t.liking + p.encounters_shared_liking * mutual_friends(t, p))
    x /= 1.0 + u.company / p.wellbeing_satiety
    if p.proximity_regulation == 1 and t.closeness >= wanted(u, t, p):
        x *= p.proximity_beyond_gain
    return p.forgetting_day_hours * reached(x / p.forgetting_day_hours)


@kernel
def forgetting(s: State, c: int, day: int) -> None:
    """Close the day for ties, memories, thresholds and the norm; every tie on its own, so the order does not matter.

    Closeness grows by the felt hours of today; a tie without contact today (no talk, phone or help) fades besides, also
    when the two sat side by side: in full when both were there and did not turn to each other, by apart_ratio of that
    when they could not meet. Being known wears off by 1 / known_days. Trust wanes toward trust_start by trust_fade /
    365.25 a day. Help given is discounted by 1 / memory_days, learned empathy by 1 / empathy_days. The threshold drifts
    to what is usual by 1 / threshold_days. Then friends in common are counted (`_count_shared`) and norms drift
    (`_drift`). A tie of two who have never been in contact has nothing to forget.
    """
    centre, p, today = s.centres[c], s.p[0], s.ledger[max(day, 0), c]
    n = centre.capacity
    keep = 1.0 - 1.0 / p.support_memory_days
    trust_loss = min(1.0, p.forgetting_trust_fade / 365.25)
    for i in range(n):
        row = s.seats[centre.first_seat + i]
        if row < 0:
            continue
        u = s.users[row]
        for j in range(n):
            t = s.ties[centre.first_tie + i * n + j]
            if t.today == 0.0 and t.closeness == 0.0 and t.met == 0.0 and t.hours == 0.0:
                continue
            if t.today > 0.0:
                t.closeness = grown(t.closeness, felt_hours(u, t, p), p)
                t.today = 0.0
            if t.met == 0.0 and t.closeness > 0.0:
                could = u.attends == 1 and s.users[s.seats[centre.first_seat + j]].attends == 1
                t.closeness *= 1.0 - fade_rate(t.closeness, p) * (1.0 if could else p.forgetting_apart_ratio)
            t.known -= t.known / p.forgetting_known_days
            t.hours += t.met
            t.met = 0.0
            t.trust += (p.conversation_trust_start - t.trust) * trust_loss
            for k in range(5):
                t.help[k] *= keep
        u.given *= keep
        u.received *= keep
        u.learned_empathy -= u.learned_empathy / p.support_empathy_days
        u.threshold += (u.disclosure_threshold - u.threshold) / p.conversation_threshold_days
    if p.shared_friends == 1:
        _count_shared(s, c)
    _drift(centre, today, p)


@kernel
def _count_shared(s: State, c: int) -> None:
    """Count for each pair the friends of i who feel j to be a friend: k_ij = #{k: c_ik >= friend, c_kj >= friend}."""
    centre = s.centres[c]
    n = centre.capacity
    for tie in range(centre.first_tie, centre.first_tie + n * n):
        s.ties[tie].shared = 0
    for i in range(n):
        base = centre.first_tie + i * n
        for k in range(n):
            if s.ties[base + k].closeness >= FRIEND:
                beyond = centre.first_tie + k * n
                for j in range(n):
                    if s.ties[beyond + j].closeness >= FRIEND:
                        s.ties[base + j].shared += 1


@kernel
def _drift(centre: Any, today: Any, p: Any) -> None:
    """Let the norms of the house drift by 1 / norm_days a day, on days on which they show.

    Open talk: toward N0 + norm_practice q (1 - N0), q the share of today's talks that went deep, N0 what the house
    expects. Help and welcome (living_house): toward N0 + norm_habit (q - N0), q the share of those who asked who were
    helped, and welcomes a newcomer of the centre, at most 1.
    """
    if today.talks > 0.0:
        practice = min(1.0, p.forgetting_norm_practice * today.deep_talks / today.talks)
        target = centre.expected_norm + practice * (1.0 - centre.expected_norm)
        centre.norm += (target - centre.norm) / p.forgetting_norm_days
    if p.living_house == 0:
        return
    if today.asked > 0.0:
        target = _usual(centre.expected_help, today.granted / today.asked, p)
        centre.norm_help += (target - centre.norm_help) / p.forgetting_norm_days
    if today.newcomers_met > 0.0:
        target = _usual(centre.expected_welcome, min(1.0, today.welcomes / today.newcomers_met), p)
        centre.norm_welcome += (target - centre.norm_welcome) / p.forgetting_norm_days


@kernel
def _usual(expected: float, practice: float, p: Any) -> float:
    """Where a norm moves to, between what the house expects and what is done."""
    return expected + p.forgetting_norm_habit * (practice - expected)
