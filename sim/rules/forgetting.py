"""Phase 11: closeness grows by the hours of today or fades without contact; memories, habits and norms drift."""

import math
from typing import Any

from sim.kernel import kernel
from sim.state.columns import FRIEND
from sim.state.scales import wanted
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

    hours_scale in h: 50 h make a casual friend (0.35), 106 h a friend (0.60), 220 h the closest (0.85); Hall 2019.
    """
    return 1.0 - (1.0 - closeness) * math.exp(-hours / p.forgetting_hours_scale)


@kernel
def felt_hours(u: Any, t: Any, p: Any) -> float:
    """How much the hours of today count for i: liking, and less once there is as much closeness as wanted.

    h = today * liking * g; g = beyond_gain if c >= d; else full_gain if the tie is no friend and i has all the close
    ties wanted; else 1. g is 1 without the mechanism proximity_regulation. Closeness is felt, not shared (section
    4.2); the number of close ties wanted bounds new ones (Palumbo 2015). Assumed.
    """
    hours = t.today * t.liking
    if p.proximity_regulation == 1:
        if t.closeness >= wanted(u, t, p):
            hours *= p.proximity_beyond_gain
        elif t.closeness < FRIEND and u.friends >= u.desired_ties:
            hours *= p.proximity_full_gain
    return hours


@kernel
def forgetting(s: State, c: int, day: int) -> None:
    """Close the day for ties, memories, thresholds and the norm; every tie on its own, so the order does not matter.

    Closeness grows by the felt hours of today; a tie without contact today (no talk, no phone) fades besides, also when
    the two sat side by side. Trust wanes toward trust_start by trust_fade / 365.25 a day. Help given is discounted by
    1 / memory_days, learned empathy by 1 / empathy_days. The threshold drifts to what is usual by 1 / threshold_days.
    The norm of open talk drifts by 1 / norm_days toward N0 + norm_practice q (1 - N0), q the share of today's talks
    that went deep, N0 what the house expects.
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
            if t.today == 0.0 and t.closeness == 0.0 and t.met == 0.0:
                continue
            if t.today > 0.0:
                t.closeness = grown(t.closeness, felt_hours(u, t, p), p)
                t.today = 0.0
            if t.met == 0.0:
                t.closeness *= 1.0 - fade_rate(t.closeness, p)
            t.hours += t.met
            t.met = 0.0
            t.trust += (p.conversation_trust_start - t.trust) * trust_loss
            for k in range(5):
                t.help[k] *= keep
        u.given *= keep
        u.received *= keep
        u.learned_empathy -= u.learned_empathy / p.support_empathy_days
        u.threshold += (u.disclosure_threshold - u.threshold) / p.conversation_threshold_days
    if today.talks > 0.0:
        practice = min(1.0, p.forgetting_norm_practice * today.deep_talks / today.talks)
        target = centre.expected_norm + practice * (1.0 - centre.expected_norm)
        centre.norm += (target - centre.norm) / p.forgetting_norm_days
