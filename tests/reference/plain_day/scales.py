"""Scales, and what two users are to each other."""

import math
from typing import Any

from .chance import normal
from .world import House, Person

ACQUAINTANCE, FRIEND, CONFIDANT, KIN = 0.10, 0.35, 0.60, 0.85


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def logit(x: float) -> float:
    return math.log(x / (1 - x))


def squash(x: float) -> float:
    return 1 / (1 + math.exp(4 * (0.5 - x)))


def shifted(x: float, y: float) -> float:
    return x if x in (0, 1) else logistic(logit(x) + 4 * y)


def reached(rate: float) -> float:
    return 1 - math.exp(-rate)


def empathy_now(one: Any) -> float:
    return one.empathy + (1 - one.empathy) * one.learned_empathy


def hope_above(house: House, one: Person) -> float:
    return one.hope - 0.5 if house.on.hope else 0.0


def identity_above(house: House, one: Person) -> float:
    return one.identity - 0.5 if house.on.belonging else 0.0


def staffed(house: House) -> float:
    return house.coverage if house.on.living_house else 0.0


def mutual_friends(house: House, i: Person, j: Person) -> float:
    return min(house.tie(i, j).shared, house.rules.encounters.most_shared) if house.on.shared_friends else 0.0


def kappa(house: House, weight: float) -> float:
    """Return the pull of closeness under chaxugeju."""
    x = house.rules.encounters.chaxugeju
    return min(500, weight * (40 if x == 1 else min(40, x / (1 - x))))


def wanted(house: House, i: Person, j: Person) -> float:
    away = house.rules.proximity.romance_distance * i.self_stigma if house.tie(i, j).attracted else 0.0
    return i.desired_closeness * (1 - away)


def unwanted(house: House, i: Person, j: Person) -> float:
    """Return the unwanted demand of j on i."""
    gap = max(0, wanted(house, j, i) - wanted(house, i, j))
    return house.rules.proximity.demand_weight * house.tie(j, i).closeness * gap * (1 - i.boundary)


def pull(house: House, i: Person, j: Person) -> float:
    """Return the utility for i of turning to j."""
    rules, tie, d = house.rules.encounters, house.tie(i, j), wanted(house, i, j)
    near = tie.closeness if tie.closeness <= d else 2 * d - tie.closeness
    total = tie.appeal + tie.liking + kappa(house, rules.closeness_weight) * near
    total += rules.need_weight * i.needs[0] * j.listening_skill
    total += rules.shared_weight * mutual_friends(house, i, j) + rules.arranged_weight * tie.arranged
    if house.on.proximity_regulation:
        too_far = not tie.withdrawn and FRIEND <= tie.closeness < d
        total += house.rules.proximity.approach_weight * (d - tie.closeness if too_far else 0)
        total -= rules.withdrawn_weight * tie.withdrawn
    return total


def likeness(i: Person, j: Person) -> float:
    """Return Pearson's correlation of two profiles of interest."""
    n = len(i.interest)
    mean_i, mean_j = sum(i.interest) / n, sum(j.interest) / n
    both = sum((a - mean_i) * (b - mean_j) for a, b in zip(i.interest, j.interest, strict=True))
    own, other = sum((a - mean_i) ** 2 for a in i.interest), sum((b - mean_j) ** 2 for b in j.interest)
    return both / math.sqrt(own * other) if own > 0 and other > 0 else 0.0


def introduce(house: House, i: Person, j: Person) -> None:
    """Make the tie of i towards the stranger j."""
    rules, alike, same_sex = house.rules.encounters, likeness(i, j), i.sex == j.sex
    years = abs(i.arrived - j.arrived) / 365.25
    tie = house.new_tie(i, j)
    tie.appeal = rules.interest_weight * alike + rules.same_sex_weight * same_sex
    tie.appeal += rules.tenure_weight * math.exp(-years / rules.tenure_years)
    low, high = min(i.uid, j.uid), max(i.uid, j.uid)
    tie.liking_base = rules.chemistry_shared_sd * _z(house, "CHEMISTRY_SHARED", low, high)
    tie.liking_base += rules.chemistry_own_sd * _z(house, "CHEMISTRY_OWN", i.uid, j.uid)
    tie.liking_base += rules.chemistry_person_sd * _z(house, "CHEMISTRY_PERSON", j.uid, 0)
    tie.liking_base += rules.warmth_weight * (j.empathy - 0.5) + rules.interest_liking * alike
    tie.liking = tie.liking_base
    chance = house.rules.proximity.romance_share
    tie.attracted = int(not same_sex and house.once("ATTRACTION", i.uid, j.uid)[0] < chance)
    tie.trust = house.rules.conversation.trust_start
    tie.last_contact = -1


def _z(house: House, purpose: str, user: int, other: int) -> float:
    return normal(*house.once(purpose, user, other)[:2])
