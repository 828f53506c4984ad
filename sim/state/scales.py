"""Small scalar functions more than one rule needs: scales in [0, 1], and what two users are to each other."""

import math
from typing import Any

from sim.kernel import kernel
from sim.state.columns import FRIEND
from sim.streams import ATTRACTION, CHEMISTRY_OWN, CHEMISTRY_PERSON, CHEMISTRY_SHARED, normal, uniform


@kernel
def logistic(x: float) -> float:
    """Share with log odds x."""
    return 1.0 / (1.0 + math.exp(-x))


@kernel
def logit(share: float) -> float:
    """Log odds of a share strictly inside (0, 1)."""
    return math.log(share / (1.0 - share))


@kernel
def squash(x: float) -> float:
    """Bring a sum of effects into (0, 1): the logistic curve that has slope 1 and value 1/2 at 1/2."""
    return 1.0 / (1.0 + math.exp(4.0 * (0.5 - x)))


@kernel
def shifted(share: float, by: float) -> float:
    """Move a share by about `by` near the middle and by less near the ends, staying inside (0, 1)."""
    return logistic(logit(share) + 4.0 * by)


@kernel
def reached(rate: float) -> float:
    """Share reached when a rate (or a dose) acts on what is still missing: 1 - exp(-rate)."""
    return 1.0 - math.exp(-rate)


@kernel
def empathy_now(u: Any) -> float:
    """Empathy brought along plus what was learned of the rest, in [0, 1] (section 3.3.2)."""
    return u.empathy + (1.0 - u.empathy) * u.learned_empathy


@kernel
def above(share: float) -> float:
    """How far a state is above the middle of its scale, in [-1/2, 1/2]."""
    return share - 0.5


@kernel
def hope_above(u: Any, p: Any) -> float:
    """How far hope is above the middle; 0 without the mechanism hope."""
    return above(u.hope) if p.hope == 1 else 0.0


@kernel
def identity_above(u: Any, p: Any) -> float:
    """How far group identity is above the middle, where it opens to others; 0 without the mechanism belonging."""
    return above(u.identity) if p.belonging == 1 else 0.0


@kernel
def staffed(centre: Any, p: Any) -> float:
    """Share of users that staff can look after well, in [0, 1]; 0 without the mechanism living_house."""
    return centre.coverage if p.living_house == 1 else 0.0


@kernel
def mutual_friends(t: Any, p: Any) -> float:
    """Friends in common that count: at most most_shared; 0 without the mechanism shared_friends."""
    return min(float(t.shared), p.encounters_most_shared) if p.shared_friends == 1 else 0.0


@kernel
def wanted(u: Any, t: Any, p: Any) -> float:
    """How close i wants the tie to be, in [0, 1]: d_i, less where attraction meets self-stigma (section 3.2.2, P11)."""
    d = u.desired_closeness
    if t.attracted == 1:
        d *= 1.0 - p.proximity_romance_distance * u.self_stigma
    return d


@kernel
def unwanted(u: Any, v: Any, t: Any, back: Any, p: Any) -> float:
    """Unwanted demand of j on i on a day of contact (7, 8): D_ij = demand_weight c_ji max(0, d_ji - d_ij) (1 - y).

    d: how close each wants the tie to be, c_ji: how close j feels. Demand is what the one wants and the other does not,
    weighed by how near the one stands who wants it ("I can feel that she relies on me ... it consumes too much of my
    time", section 3.2.2, P13; misaligned expectations, section 4.2). y: boundaries learned, 0 without a policy.
    """
    beyond = max(0.0, wanted(v, back, p) - wanted(u, t, p))
    return p.proximity_demand_weight * back.closeness * beyond * (1.0 - u.boundary)


@kernel
def pull(u: Any, v: Any, t: Any, p: Any) -> float:
    """Utility for i of turning to j (phase 4), on the scale of a logit.

    U_ij = a_ij + l_ij + shared_weight k_ij + kappa m_ij + need_weight n_i s_j - withdrawn_weight w_ij
           + approach_weight g_ij + arranged_weight b_ij

    a_ij: appeal that does not change (interests, sex, time of arrival). l_ij: liking of today. k_ij: friends in common,
    `mutual_friends` (van de Bunt 1999). m_ij: fit of the tie, c up to the
    wanted d and falling as 2 d - c beyond (section 3.2.2). kappa = closeness_weight * chaxugeju / (1 - chaxugeju): 0
    treats all alike, and grows without bound toward 1 (section 4.2, Fei 1992). n_i: need to be heard; s_j: listening
    skill. w_ij: 1 while withdrawn. g_ij = d - c for a friend who is less close than wanted, else 0 (too far:
    approach). b_ij: the house has brought the two together (buddies, mentor and trainee), 0 without a policy.
    """
    c = t.closeness
    d = wanted(u, t, p)
    fit = c if c <= d else 2.0 * d - c
    utility = t.appeal + t.liking + p.kappa * fit + p.encounters_need_weight * u.needs[0] * v.listening_skill
    utility += p.encounters_shared_weight * mutual_friends(t, p) + p.encounters_arranged_weight * t.arranged
    if p.proximity_regulation == 1:
        if t.withdrawn == 1:
            utility -= p.encounters_withdrawn_weight
        elif FRIEND <= c < d:
            utility += p.proximity_approach_weight * (d - c)
    return utility


@kernel
def likeness(u: Any, v: Any) -> float:
    """Correlation of two profiles of interest, in [-1, 1]: who likes the same things more than other things."""
    n = len(u.interest)
    mean_u, mean_v = 0.0, 0.0
    for k in range(n):
        mean_u += u.interest[k] / n
        mean_v += v.interest[k] / n
    uu, vv, uv = 0.0, 0.0, 0.0
    for k in range(n):
        a, b = u.interest[k] - mean_u, v.interest[k] - mean_v
        uu += a * a
        vv += b * b
        uv += a * b
    return uv / math.sqrt(uu * vv) if uu > 0.0 and vv > 0.0 else 0.0


@kernel
def introduce(u: Any, v: Any, t: Any, p: Any, seed: Any) -> None:
    """Make the tie of i towards a stranger j: appeal, which never changes, and a first liking, which does.

    appeal = interest_weight S_ij + same_sex_weight [same sex] + tenure_weight exp(-years / tenure_years), years
    between the two arrivals.
    S_ij in [-1, 1]: correlation of the two profiles of interest over the activities (section 3.1.1, P3: common ground).
    First liking l_ij = person_sd z_j + shared_sd z_{ij} + own_sd z_{i->j} + warmth_weight (e_j - 1/2) with keyed
    standard normal z: a part of the person (some are liked by most; e_j empathy), of the pair (common to both), and of
    the one alone.
    """
    low, high = min(u.uid, v.uid), max(u.uid, v.uid)
    liking = p.encounters_chemistry_shared_sd * normal(seed, CHEMISTRY_SHARED, 0, 0, low, high)
    liking += p.encounters_chemistry_own_sd * normal(seed, CHEMISTRY_OWN, 0, 0, u.uid, v.uid)
    liking += p.encounters_chemistry_person_sd * normal(seed, CHEMISTRY_PERSON, 0, 0, v.uid, 0)
    liking += p.encounters_warmth_weight * (v.empathy - 0.5)
    t.liking_base, t.liking = liking, liking
    t.appeal = p.encounters_interest_weight * likeness(u, v)
    if u.sex == v.sex:
        t.appeal += p.encounters_same_sex_weight
    years = abs(u.arrived - v.arrived) / 365.25
    t.appeal += p.encounters_tenure_weight * math.exp(-years / p.encounters_tenure_years)
    t.attracted = 0
    if u.sex != v.sex and uniform(seed, ATTRACTION, 0, 0, u.uid, v.uid) < p.proximity_romance_share:
        t.attracted = 1
    t.trust = p.conversation_trust_start
    t.closeness = 0.0
    t.hours = 0.0
    t.today = 0.0
    t.met = 0.0
    t.known = 0.0
    t.told = 0
    t.shared = 0
    t.withdrawn = 0
    t.withdrawals = 0
    t.last_contact = -1
    t.arranged = 0.0
    for k in range(5):
        t.help[k] = 0.0
