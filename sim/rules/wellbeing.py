"""Phase 9: loneliness, burden, mood, self-worth, acceptance, hope."""

from typing import Any, Final

from sim.kernel import kernel
from sim.state.columns import ACQUAINTANCE, CONFIDANT, FRIEND, KNOWN_FROM
from sim.state.helping import burdened
from sim.state.scales import above, hope_above, identity_above, logistic, logit, shifted, squash
from sim.state.state import State
from sim.streams import MOOD, normal

EDGE = 0.001
"""Distance of mood from the ends of its scale before the day's noise, so that its log odds stay finite."""
USUAL_NEED: Final = 0.25
"""Mean of the five needs at which they neither raise nor lower hope."""


@kernel
def loneliness_target(u: Any, p: Any, number: float) -> float:
    """Target of loneliness, in (0, 1), from ties wanted and present, needs, and standing among others.

    L* = `squash`(lonely_base + lonely_emotional (1 - Q3) + lonely_social S + lonely_longing G + lonely_stigma s
                  + lonely_family (1 - f) - lonely_identity `identity_above` - lonely_worth (W - 1/2)
                  + (disposition - 1/2) - lonely_company h / (h + satiety) + [binding_help] lonely_need U)

    Q3 mean `intimacy` of the three most intimate ties: emotional loneliness means being near and known to nobody,
    whatever closeness the user wants. S `missing_ties` of the soft number of ties (`look_at_ties`) and the number
    wanted (social loneliness). G closeness the user feels and others do not return; U mean of the emotional, esteem and
    network needs; s self-stigma; f family support; W self-worth (Masi 2011); h hours of company a day, which satiate.
    Discrepancy after Perlman & Peplau; stigma's direction Switaj 2014, Prizeman 2025; weights calibrated or assumed.
    """
    x = p.wellbeing_lonely_base + p.wellbeing_lonely_emotional * (1.0 - u.known_closest)
    x += p.wellbeing_lonely_social * missing_ties(number, u.desired_ties) + p.wellbeing_lonely_longing * u.longing
    x += p.wellbeing_lonely_stigma * u.self_stigma + p.wellbeing_lonely_family * (1.0 - u.family_support)
    x -= p.wellbeing_lonely_identity * identity_above(u, p) + p.wellbeing_lonely_worth * above(u.self_worth)
    x += u.lonely_disposition - 0.5 - p.wellbeing_lonely_company * u.company / (u.company + p.wellbeing_satiety)
    if p.binding_help == 1:
        x += p.wellbeing_lonely_need * (u.needs[0] + u.needs[2] + u.needs[3]) / 3.0
    return squash(x)


@kernel
def missing_ties(number: float, desired: float) -> float:
    """Share of wanted ties that are missing, in [0, 1]: max(0, 1 - N / m), and 0 for a user who wants none."""
    return max(0.0, 1.0 - number / desired) if desired > 0.0 else 0.0


@kernel
def intimacy(t: Any, p: Any) -> float:
    """How much a tie counts against emotional loneliness, in [0, 1]: c (1 - known_weight (1 - k)).

    c closeness of i to j, k how well j knows i; without the mechanism being_known, k counts as 1.
    """
    known = t.known if p.being_known == 1 else 1.0
    return t.closeness * (1.0 - p.wellbeing_known_weight * (1.0 - known))


@kernel
def burden_after(u: Any, p: Any) -> float:
    """Burden tomorrow, in [0, 1]: `burdened` with B0 outside burden, rest and dose as follows.

    rest = (rest_ratio on a day at home, 1 on a day at the centre) (1 + q)
    dose = burden_gain (1 - v) max(0, load (1 + [strain] unwell_strain w) - C) + burden_demand D
           + [strain] (burden_illness w + burden_need U + burden_unaccepted (1 - A) + burden_trouble T)

    C support capacity (load a day that costs nothing); load, and unwanted demand D, of today (section 3.2.1, P2); q
    respite and v supervision by the house, 0 without a policy. w: 1 while unwell, because unwell users bear less (Hayes
    & Skeem 2022) and the illness itself burdens them; U mean of the five needs; A acceptance; T trouble at home.
    Section 3.2.2.
    """
    strain = p.wellbeing_unwell_strain * u.unwell if p.strain == 1 else 0.0
    load = max(0.0, u.load * (1.0 + strain) - u.support_capacity)
    dose = p.wellbeing_burden_gain * (1.0 - u.supervised) * load + p.wellbeing_burden_demand * u.demand
    if p.strain == 1:
        dose += p.wellbeing_burden_illness * u.unwell + p.wellbeing_burden_need * mean_need(u)
        dose += p.wellbeing_burden_unaccepted * (1.0 - u.acceptance) + p.wellbeing_burden_trouble * u.trouble
    rest = (1.0 if u.attends == 1 else p.wellbeing_rest_ratio) * (1.0 + u.respite)
    return burdened(u.burden, u.outside_burden, rest, dose, p)


@kernel
def mean_need(u: Any) -> float:
    """Mean of the five open needs."""
    return (u.needs[0] + u.needs[1] + u.needs[2] + u.needs[3] + u.needs[4]) / 5.0


@kernel
def mood_target(u: Any, p: Any) -> float:
    """Set point of mood, in (0, 1): disposition times the product of (1 - weight x) over the troubles x.

    mood_need: mean of the five needs; mood_burden: B; mood_stigma: s; mood_lonely: L; mood_worth: 1 - W; mood_hope: 1 -
    H, and 1/2 without the mechanism hope; mood_unwell: 1 while unwell. The product keeps mood on its scale whatever the
    troubles. Weights assumed.
    """
    target = u.mood_disposition * (1.0 - p.wellbeing_mood_need * mean_need(u))
    target *= (1.0 - p.wellbeing_mood_burden * u.burden) * (1.0 - p.wellbeing_mood_stigma * u.self_stigma)
    target *= (1.0 - p.wellbeing_mood_lonely * u.loneliness) * (1.0 - p.wellbeing_mood_worth * (1.0 - u.self_worth))
    target *= 1.0 - p.wellbeing_mood_hope * (0.5 - hope_above(u, p))
    return target * (1.0 - p.wellbeing_mood_unwell * u.unwell)


@kernel
def hope_target(u: Any, p: Any) -> float:
    """Set point of hope, in (0, 1).

    H* = `shifted`(disposition, hope_worth (W - 1/2) + hope_identity `identity_above` - hope_lonely (L - 1/2)
                   - hope_stigma (s - 1/2) - hope_need (U - 1/4))

    W self-worth, L loneliness, s self-stigma, U mean of the five needs, which is usually about 1/4 in a centre. Weights
    assumed.
    """
    by = p.wellbeing_hope_worth * above(u.self_worth) + p.wellbeing_hope_identity * identity_above(u, p)
    by -= p.wellbeing_hope_lonely * above(u.loneliness) + p.wellbeing_hope_stigma * above(u.self_stigma)
    by -= p.wellbeing_hope_need * (mean_need(u) - USUAL_NEED)
    return shifted(u.hope_disposition, by)


@kernel
def look_at_ties(s: State, c: int, seat: int, day: int) -> float:
    """Summarise a user's ties in the user's columns, and return the soft number of ties.

    It counts friends, confidants, peers told of the illness and peers who know the user (j does when k_ij >= KNOWN_FROM
    = 0.20), and notes the first day with a friend and with a confidant. It averages the three closest and the three
    most intimate ties (`intimacy`) among those at or above acquaintance; a missing tie counts as 0. Longing G = sum
    over friends j of max(0, c_ij - c_ji).

    The soft number is N = sum over j of min(1, max(0, (c_ij - acquaintance) / (friend - acquaintance))).
    """
    centre = s.centres[c]
    n = centre.capacity
    u = s.users[s.seats[centre.first_seat + seat]]
    friends, confidants, told, known_by = 0, 0, 0, 0
    one, two, three, longing, number = 0.0, 0.0, 0.0, 0.0, 0.0
    first, second, third = 0.0, 0.0, 0.0
    for j in range(n):
        t = s.ties[centre.first_tie + seat * n + j]
        x = t.closeness
        told += t.told
        known_by += 1 if t.known >= KNOWN_FROM else 0
        if x < ACQUAINTANCE:
            continue
        number += min(1.0, (x - ACQUAINTANCE) / (FRIEND - ACQUAINTANCE))
        if x >= FRIEND:
            friends += 1
            longing += max(0.0, x - s.ties[centre.first_tie + j * n + seat].closeness)
            if x >= CONFIDANT:
                confidants += 1
        low = min(one, x)  # keep the three largest, in order, without a branch
        one = max(one, x)
        x, low = max(two, low), min(two, low)
        two = x
        three = max(three, low)
        y = intimacy(t, s.p[0])
        low = min(first, y)
        first = max(first, y)
        y, low = max(second, low), min(second, low)
        second = y
        third = max(third, low)
    u.friends = friends
    u.confidants = confidants
    u.told_peers = told
    u.closest = (one + two + three) / 3.0
    u.known_closest = (first + second + third) / 3.0
    u.known_by = known_by
    u.longing = longing
    if friends > 0 and u.first_friend < 0.0:
        u.first_friend = day
    if confidants > 0 and u.first_confidant < 0.0:
        u.first_confidant = day
    return number


@kernel
def wellbeing(s: State, c: int, day: int, seed: Any) -> None:
    """Update every user's wellbeing for the day; each user depends only on the user's own row and ties.

    Reads, for each user in this order, what the lines before have left (identity and self-stigma as phase 6 left them):

    1. Ties: `look_at_ties`. Company h += (hours of talk and by phone today - h) / company_days.
    2. Loneliness L += (L* - L) / lonely_days, L* `loneliness_target`. Burden: `burden_after`.
    3. Mood m += (m* - m) / mood_days, m* `mood_target`; then m = logistic(logit(min(max(m, EDGE), 1 - EDGE)) +
       mood_noise z), EDGE = 0.001, z standard normal.
    4. Self-worth W += (W0 (1 - worth_stigma s) - W) / worth_days; acceptance A += (A0 - A) / acceptance_days; W0, A0
       dispositions.
    5. [hope] H += (H* - H) / hope_days, H* `hope_target`.
    """
    centre, p = s.centres[c], s.p[0]
    for seat in range(centre.capacity):
        row = s.seats[centre.first_seat + seat]
        if row < 0:
            continue
        u = s.users[row]
        number = look_at_ties(s, c, seat, day)
        u.company += (u.talk_hours + u.phone_hours - u.company) / p.wellbeing_company_days
        u.loneliness += (loneliness_target(u, p, number) - u.loneliness) / p.wellbeing_lonely_days
        u.burden = burden_after(u, p)
        u.mood += (mood_target(u, p) - u.mood) / p.wellbeing_mood_days
        noise = p.wellbeing_mood_noise * normal(seed, MOOD, 0, day, u.uid, 0)
        u.mood = logistic(logit(min(max(u.mood, EDGE), 1.0 - EDGE)) + noise)
        worth = u.worth_disposition * (1.0 - p.wellbeing_worth_stigma * u.self_stigma)
        u.self_worth += (worth - u.self_worth) / p.wellbeing_worth_days
        u.acceptance += (u.acceptance_disposition - u.acceptance) / p.wellbeing_acceptance_days
        if p.hope == 1:
            u.hope += (hope_target(u, p) - u.hope) / p.wellbeing_hope_days
