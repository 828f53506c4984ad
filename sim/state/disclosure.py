"""What a user is ready to say and how a listener receives it; a peer and a peer support worker listen alike."""

from typing import Any

from sim.kernel import kernel
from sim.state.scales import above, empathy_now, hope_above, identity_above, logistic

ORDINARY, STRENGTHS, DISTRESS, ILLNESS = 0, 1, 2, 3


@kernel
def openness(u: Any, t: Any, p: Any, other_told: bool, norm: float) -> float:
    """How ready i is to say something personal to j, on the scale of the threshold.

    o_ij = trust_weight (t_ij + (1 - t_ij) a_i) + closeness_weight c_ij + norm_weight N + need_weight n_i
           + worth_weight (W_i - 1/2) + identity_weight `identity_above` + hope_weight `hope_above`
           + reciprocity_weight r
           - [selective_exposure] (stigma_weight s_i + mood_filter max(0, m0_i - m_i))

    t trust, c closeness of i towards j. r: 1 when j has told i of the illness or has just said something personal
    (taking turns, Sprecher 2013), else 0. N norm of open talk of the centre. n emotional need, W self-worth, s
    self-stigma (section 4.2), m mood and m0 its disposition: the distressed conceal (section 3.2.1, P12 "a filter on
    your phone", P2). a: assurance by an agreement of the house, 0 without one. Weights assumed.
    """
    o = (
        p.conversation_trust_weight * (t.trust + (1.0 - t.trust) * u.assurance)
        + p.conversation_closeness_weight * t.closeness
    )
    o += p.conversation_norm_weight * norm + p.conversation_need_weight * u.needs[0]
    o += p.conversation_worth_weight * above(u.self_worth) + p.conversation_identity_weight * identity_above(u, p)
    o += p.conversation_hope_weight * hope_above(u, p)
    if other_told:
        o += p.conversation_reciprocity_weight
    if p.selective_exposure == 1:
        o -= p.conversation_stigma_weight * u.self_stigma
        o -= p.conversation_mood_filter * max(0.0, u.mood_disposition - u.mood)
    return o


@kernel
def depth_of_talk(ready: float, u: Any, p: Any) -> int:
    """Deepest talk that the margin allows: ordinary 0 < strengths 1 < distress 2 < illness 3.

    margin = o + noise - [selective_exposure] theta_i; illness if margin >= cost_illness, else distress if >=
    cost_distress, else strengths if >= cost_strengths, else ordinary. theta: current disclosure threshold.
    """
    margin = ready - (u.threshold if p.selective_exposure == 1 else 0.0)
    if margin >= p.conversation_cost_illness:
        return ILLNESS
    if margin >= p.conversation_cost_distress:
        return DISTRESS
    return STRENGTHS if margin >= p.conversation_cost_strengths else ORDINARY


@kernel
def reception_chance(v: Any, p: Any, coverage: float, questioned: bool, facilitation: float) -> float:
    """Chance that j receives personal talk well, in (0, 1).

    logit P = reception_base + reception_skill k_j + reception_empathy e_j - reception_burden B_j
              - reception_shortage (1 - coverage) - questioning_penalty [asked like a doctor] + facilitation

    k listening skill, e `empathy_now`, B burden of the listener; coverage of the centre, with or without living_house
    (understaffed, section 2.1); users dislike clinical questioning (section 3.3.3, P13); facilitation in a disclosure
    circle, else 0. Slopes assumed.
    """
    x = p.conversation_reception_base + p.conversation_reception_skill * v.listening_skill
    x += p.conversation_reception_empathy * empathy_now(v) - p.conversation_reception_burden * v.burden
    x -= p.conversation_reception_shortage * (1.0 - coverage)
    if questioned:
        x -= p.conversation_questioning_penalty
    return logistic(x + facilitation)


@kernel
def heard_well(u: Any, p: Any, depth: int) -> None:
    """Apply good reception to the teller, in this order; each step moves a share of what is missing at that moment.

    1. Mood m += (1 - m) lift.
    2. After talk of strengths: [becoming_oneself] self-worth W += (1 - W) worth_gain (section 3.1.2, P5), and nothing
       more.
    3. After talk of distress or illness: emotional need n *= 1 - relief; threshold theta *= 1 - threshold_good;
       self-stigma s *= 1 - stigma_relief (disclosure programmes); [group_advocacy] identity I += (1 - I) fate_gain (P4
       "not fighting this war alone").
    4. After talk of illness: [adaptation_with_peers] acceptance A += (1 - A) acceptance_gain (section 3.1.3);
       `take_heart` by hope_story.
    """
    u.mood += (1.0 - u.mood) * p.conversation_lift
    if depth == STRENGTHS:
        if p.becoming_oneself == 1:
            u.self_worth += (1.0 - u.self_worth) * p.conversation_worth_gain
        return
    u.needs[0] *= 1.0 - p.conversation_relief
    u.threshold *= 1.0 - p.conversation_threshold_good
    u.self_stigma *= 1.0 - p.conversation_stigma_relief
    if p.group_advocacy == 1:
        u.identity += (1.0 - u.identity) * p.conversation_fate_gain
    if depth == ILLNESS and p.adaptation_with_peers == 1:
        u.acceptance += (1.0 - u.acceptance) * p.conversation_acceptance_gain
    if depth == ILLNESS:
        take_heart(u, p, p.conversation_hope_story)


@kernel
def take_heart(u: Any, p: Any, gain: float) -> None:
    """Raise hope: H += (1 - H) gain; only with the mechanism hope."""
    if p.hope == 1:
        u.hope += (1.0 - u.hope) * gain


@kernel
def heard_badly(u: Any, p: Any) -> None:
    """Apply bad reception to the teller: mood, threshold, self-stigma.

    m *= 1 - hurt; theta += (1 - theta) threshold_bad; s += (1 - s) stigma_hurt.
    """
    u.mood *= 1.0 - p.conversation_hurt
    u.threshold += (1.0 - u.threshold) * p.conversation_threshold_bad
    u.self_stigma += (1.0 - u.self_stigma) * p.conversation_stigma_hurt


@kernel
def chance_of_questioning(v: Any, p: Any) -> float:
    """Chance that a listener asks like a doctor: questioning (1 - k_j)(1 - x_j), k listening skill, x restraint."""
    return p.conversation_questioning * (1.0 - v.listening_skill) * (1.0 - v.restraint)
