"""Scalar functions that several rules share: scales in [0, 1], and the relation between two users."""

import math
from typing import Any

from sim.elementary import exp, log
from sim.kernel import kernel
from sim.state.columns import FRIEND
from sim.streams import ATTRACTION, CHEMISTRY_OWN, CHEMISTRY_PERSON, CHEMISTRY_SHARED, normal, uniform


@kernel
def logistic(x: float) -> float:
    """Share with log odds x: 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))


@kernel
def logit(share: float) -> float:
    """Log odds of a share strictly inside (0, 1): log(x / (1 - x))."""
    return log(share / (1.0 - share))


@kernel
def squash(x: float) -> float:
    """Map a sum of effects to (0, 1): 1 / (1 + exp(4 (1/2 - x))), with slope 1 and value 1/2 at 1/2."""
    return 1.0 / (1.0 + exp(4.0 * (0.5 - x)))


@kernel
def shifted(share: float, by: float) -> float:
    """Shift a share x by about y near the middle: logistic(logit(x) + 4 y), inside (0, 1); 0 and 1 stay as they are."""
    if share <= 0.0 or share >= 1.0:
        return share
    return logistic(logit(share) + 4.0 * by)


@kernel
def reached(rate: float) -> float:
    """Share of the remaining distance that a rate (or a dose) covers: 1 - exp(-rate)."""
    return 1.0 - exp(-rate)


@kernel
def happens(share: float, rate: float) -> bool:
    """Whether something with chance `reached`(rate) happens, at the uniform draw `share`.

    The chance never exceeds the rate, so most draws need no exponential; the margin is far above its rounding.
    """
    return share < rate + 1e-12 and share < reached(rate)


@kernel
def empathy_now(u: Any) -> float:
    """Empathy now: e + (1 - e) l, with e brought along and l the share of the rest learned (section 3.3.2)."""
    return u.empathy + (1.0 - u.empathy) * u.learned_empathy


@kernel
def above(share: float) -> float:
    """How far a state is above the middle of its scale: x - 1/2."""
    return share - 0.5


@kernel
def hope_above(u: Any, p: Any) -> float:
    """Hope above the middle, H - 1/2; 0 without the mechanism hope."""
    return above(u.hope) if p.hope == 1 else 0.0


@kernel
def identity_above(u: Any, p: Any) -> float:
    """Group identity above the middle, I - 1/2, where it opens users to others; 0 without the mechanism belonging."""
    return above(u.identity) if p.belonging == 1 else 0.0


@kernel
def staffed(centre: Any, p: Any) -> float:
    """Share K of users that staff can look after well (coverage); 0 without the mechanism living_house."""
    return centre.coverage if p.living_house == 1 else 0.0


@kernel
def mutual_friends(t: Any, p: Any) -> float:
    """Number of shared friends that counts: min(k_ij, most_shared); 0 without the mechanism shared_friends."""
    return min(float(t.shared), p.encounters_most_shared) if p.shared_friends == 1 else 0.0


@kernel
def wanted(u: Any, t: Any, p: Any) -> float:
    """How close i wants the tie to be: d_ij = d_i, times 1 - romance_distance s_i where i is attracted to j.

    d_i desired closeness, s_i self-stigma, in [0, 1] (section 3.2.2, P11).
    """
    d = u.desired_closeness
    if t.attracted == 1:
        d *= 1.0 - p.proximity_romance_distance * u.self_stigma
    return d


@kernel
def unwanted(u: Any, v: Any, t: Any, back: Any, p: Any) -> float:
    """Unwanted demand of j on i on a day of contact: D_ij = demand_weight c_ji max(0, d_ji - d_ij) (1 - y_i).

    d as in `wanted`, c_ji: how close j feels. Demand is the closeness that j wants and i does not, weighed by how close
    j feels ("I can feel that she relies on me ... it consumes too much of my time", section 3.2.2, P13; misaligned
    expectations, section 4.2). y: boundaries that i has learned, 0 without a policy.
    """
    beyond = max(0.0, wanted(v, back, p) - wanted(u, t, p))
    return p.proximity_demand_weight * back.closeness * beyond * (1.0 - u.boundary)


@kernel
def pull(u: Any, v: Any, t: Any, p: Any) -> float:
    """Utility for i of turning to j, on the scale of a logit.

    U_ij = a_ij + l_ij + kappa m_ij + need_weight n_i s_j + shared_weight k_ij + arranged_weight b_ij
           + [proximity_regulation] (approach_weight g_ij - withdrawn_weight w_ij)

    a appeal, l current liking, c closeness, all of i towards j. m_ij = c_ij if c_ij <= d_ij, else 2 d_ij - c_ij, d_ij
    as in `wanted`: a tie nearer than wanted repels (section 3.2.2). kappa = min(500, closeness_weight min(40, x / (1 -
    x))) with x = chaxugeju, and 40 instead of the ratio at x = 1; x = 0 treats everybody alike (section 4.2, Fei 1992).
    n_i emotional need, s_j listening skill. k_ij shared friends (`mutual_friends`; van de Bunt 1999). b_ij: the house
    has brought the two together, 0 without a policy. w_ij = 1 while i keeps away from j; g_ij = d_ij - c_ij if i does
    not keep away and friend <= c_ij < d_ij, else 0 (too far: approach).
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
    """Correlation (Pearson) of two users' interests over the activities, in [-1, 1]; 0 when either profile is flat."""
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
    """Make the tie of i towards a stranger j: appeal, which never changes, and a first liking, at which liking starts.

    appeal a_ij = interest_weight `likeness`(i, j) + same_sex_weight [same sex] + tenure_weight exp(-y / tenure_years),
    y = |arrived_i - arrived_j| / 365.25 (section 3.1.1, P3: common ground).
    First liking l0_ij = chemistry_shared_sd z_{ij} + chemistry_own_sd z_{i->j} + chemistry_person_sd z_j
                         + warmth_weight (e_j - 1/2) + interest_liking `likeness`(i, j),
    keyed standard normal z: a part of the pair (common to both), a part of i alone, and a part of the person j (most
    users like some people); e_j empathy brought along. Liking l = l0. If the two differ in sex, i is attracted to j
    with chance romance_share. Trust is trust_start, last contact -1, all else of the tie 0.
    """
    low, high = min(u.uid, v.uid), max(u.uid, v.uid)
    liking = p.encounters_chemistry_shared_sd * normal(seed, CHEMISTRY_SHARED, 0, 0, low, high)
    liking += p.encounters_chemistry_own_sd * normal(seed, CHEMISTRY_OWN, 0, 0, u.uid, v.uid)
    liking += p.encounters_chemistry_person_sd * normal(seed, CHEMISTRY_PERSON, 0, 0, v.uid, 0)
    alike = likeness(u, v)
    liking += p.encounters_warmth_weight * (v.empathy - 0.5) + p.encounters_interest_liking * alike
    t.liking_base, t.liking = liking, liking
    t.appeal = p.encounters_interest_weight * alike
    if u.sex == v.sex:
        t.appeal += p.encounters_same_sex_weight
    years = abs(u.arrived - v.arrived) / 365.25
    t.appeal += p.encounters_tenure_weight * exp(-years / p.encounters_tenure_years)
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


@kernel
def interest_in(u: Any, session: Any) -> float:
    """Interest in a session's activity, in [0, 1]: sum over known activities k of q_k I_k.

    q_k: share of k in the activity (1 or 0 for a known one); I_k: the user's interest in k.
    """
    whole = 0.0
    for known in range(len(session.shares)):
        whole += session.shares[known] * u.interest[known]
    return whole
