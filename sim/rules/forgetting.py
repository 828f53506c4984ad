"""Phase 11: closeness grows by the hours of today or fades without contact; memories, habits and norms drift."""

from typing import Any

from sim.elementary import exp
from sim.kernel import kernel
from sim.state.columns import ACQUAINTANCE
from sim.state.scales import mutual_friends, reached, wanted
from sim.state.state import State


@kernel
def fade_rate(closeness: float, p: Any) -> float:
    """Share of closeness lost on a day without contact; weaker ties fade faster.

    min(1, (fade_strong + (fade_weak - fade_strong)(1 - c)^2) / 365.25)

    fade_strong in 1/year: 15 % a year for the closest (Dunbar); fade_weak: for a tie near 0, calibrated. The square is
    a choice of form: it keeps the rate near c = 1 at the measured value.
    """
    weak = (1.0 - closeness) * (1.0 - closeness)
    rate = p.forgetting_fade_strong + (p.forgetting_fade_weak - p.forgetting_fade_strong) * weak
    return min(1.0, rate / 365.25)


@kernel
def grown(closeness: float, hours: float, p: Any) -> float:
    """Closeness after x more effective hours: c' = 1 - (1 - c) exp(-x / hours_scale).

    hours_scale in h, calibrated below Hall's (2019) hours together, because only talk counts in full here. Growth is
    faster at first and never reaches 1.
    """
    return 1.0 - (1.0 - closeness) * exp(-hours / p.forgetting_hours_scale)


@kernel
def felt_hours(u: Any, t: Any, p: Any) -> float:
    """Hours that the effective hours of today, x0, count for i, given liking, shared friends and company.

    x = x0 exp(l_ij + shared_liking k_ij) / (1 + h / satiety), times [proximity_regulation] beyond_gain if c_ij >= d_ij
    felt = day_hours reached(x / day_hours)

    l liking, k `mutual_friends`, h recent hours of company a day: company satiates (Baumeister & Leary 1995), and so do
    hours with one person in a day; d as in `wanted`. Each of the two feels closeness separately (section 4.2). Assumed.
    """
    x = t.today * exp(t.liking + p.encounters_shared_liking * mutual_friends(t, p))
    x /= 1.0 + u.company / p.wellbeing_satiety
    if p.proximity_regulation == 1 and t.closeness >= wanted(u, t, p):
        x *= p.proximity_beyond_gain
    return p.forgetting_day_hours * reached(x / p.forgetting_day_hours)


@kernel
def forgetting(s: State, c: int, day: int) -> None:
    """Close the day for ties, memories, thresholds and norms.

    Reads, for each tie of i to j by itself (except a tie with c = 0, no hours before or today and no contact), in this
    order:

    1. With effective hours today, c becomes `grown` by `felt_hours` (k_ij as counted last evening; company of today);
       the effective hours become 0.
    2. When the two have not met today (no talk, phone or help; sitting side by side does not count) and c > 0, c *= 1 -
       f `fade_rate`; f = 1 when both were present today, else apart_ratio.
    3. Known k -= k / known_days; hours += hours met, which become 0; trust t += (trust_start - t) min(1, trust_fade /
       365.25); help given of each kind *= 1 - 1 / memory_days (of section support).

    For each user: given and received shrink by the same factor as help; learned empathy l -= l / empathy_days;
    threshold theta += (theta0 - theta) / threshold_days. Then [shared_friends] count whom i and j have in common: k_ij
    = #{x: c_ix and c_xj >= acquaintance}. Last, `_drift`.
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
            if t.today == 0.0 and t.closeness == 0.0 and t.met == 0.0 and t.hours == 0.0 and t.last_contact < 0:
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
        count_shared(s, c)
    _drift(centre, today, p)


@kernel
def count_shared(s: State, c: int) -> None:
    """Count, for each pair i and j, the users with whom i is friendly and who are friendly with j.

    The counts are sums of rows of small whole numbers side by side, which the processor adds several at a time; reading
    the ties themselves for each third user took a third of the day.
    """
    centre = s.centres[c]
    n = centre.capacity
    for i in range(n):
        for j in range(n):
            s.near[i, j] = 1 if s.ties[centre.first_tie + i * n + j].closeness >= ACQUAINTANCE else 0
    for i in range(n):
        for j in range(n):
            s.common[j] = 0
        for k in range(n):
            if s.near[i, k] == 1:
                _add(s.common, s.near[k], n)
        for j in range(n):
            s.ties[centre.first_tie + i * n + j].shared = s.common[j]


@kernel
def _add(sums: Any, row: Any, n: int) -> None:
    """Add the first n elements of a row to sums."""
    for j in range(n):
        sums[j] += row[j]


@kernel
def _drift(centre: Any, today: Any, p: Any) -> None:
    """Move each norm by 1 / norm_days of the distance to its target, on days with an occasion to practise it.

    Open talk N, when there were talks: toward N0 + min(1, norm_practice q)(1 - N0), q the share of today's talks that
    touched distress or illness. [living_house] help, when somebody asked, and welcome, when a newcomer was present:
    toward N0 + norm_habit (q - N0), q the share of requests that were granted, or the acts of welcome a newcomer
    present, at most 1. N0: what the house expects.
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
    """Target of a norm, between what the house expects and what its users do."""
    return expected + p.forgetting_norm_habit * (practice - expected)
