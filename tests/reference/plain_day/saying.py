"""What users are ready to say, and how listeners receive it."""

from typing import Any

from .scales import empathy_now, hope_above, identity_above, logistic
from .world import House, Person

ORDINARY, STRENGTHS, DISTRESS, ILLNESS = range(4)


def openness(house: House, i: Person, trust: float, closeness: float, r: bool) -> float:
    """Return how ready i is to say something personal to a user with this trust and closeness."""
    rules = house.rules.conversation
    o = rules.trust_weight * (trust + (1 - trust) * i.assurance) + rules.closeness_weight * closeness
    o += rules.norm_weight * house.norm + rules.need_weight * i.needs[0] + rules.worth_weight * (i.self_worth - 0.5)
    o += rules.identity_weight * identity_above(house, i) + rules.hope_weight * hope_above(house, i)
    o += rules.reciprocity_weight * r
    if house.on.selective_exposure:
        o -= rules.stigma_weight * i.self_stigma + rules.mood_filter * max(0, i.mood_disposition - i.mood)
    return o


def depth_of_talk(house: House, i: Person, ready: float) -> int:
    """Return the deepest talk that readiness, noise included, allows."""
    rules = house.rules.conversation
    margin = ready - (i.threshold if house.on.selective_exposure else 0)
    if margin >= rules.cost_illness:
        return ILLNESS
    if margin >= rules.cost_distress:
        return DISTRESS
    return STRENGTHS if margin >= rules.cost_strengths else ORDINARY


def reception_chance(house: House, listener: Any, questioned: bool, facilitation: float = 0.0) -> float:
    rules = house.rules.conversation
    x = rules.reception_base + rules.reception_skill * listener.listening_skill
    x += rules.reception_empathy * empathy_now(listener) - rules.reception_burden * listener.burden
    x -= rules.reception_shortage * (1 - house.coverage) + rules.questioning_penalty * questioned
    return logistic(x + facilitation)


def chance_of_questioning(house: House, listener: Any) -> float:
    return house.rules.conversation.questioning * (1 - listener.listening_skill) * (1 - listener.restraint)


def heard_well(house: House, u: Person, depth: int) -> None:
    rules = house.rules.conversation
    u.mood += (1 - u.mood) * rules.lift
    if depth == STRENGTHS:
        if house.on.becoming_oneself:
            u.self_worth += (1 - u.self_worth) * rules.worth_gain
        return
    u.needs[0] *= 1 - rules.relief
    u.threshold *= 1 - rules.threshold_good
    u.self_stigma *= 1 - rules.stigma_relief
    if house.on.group_advocacy:
        u.identity += (1 - u.identity) * rules.fate_gain
    if depth == ILLNESS:
        if house.on.adaptation_with_peers:
            u.acceptance += (1 - u.acceptance) * rules.acceptance_gain
        take_heart(house, u, rules.hope_story)


def take_heart(house: House, u: Person, gain: float) -> None:
    if house.on.hope:
        u.hope += (1 - u.hope) * gain


def heard_badly(house: House, u: Person) -> None:
    rules = house.rules.conversation
    u.mood *= 1 - rules.hurt
    u.threshold += (1 - u.threshold) * rules.threshold_bad
    u.self_stigma += (1 - u.self_stigma) * rules.stigma_hurt
