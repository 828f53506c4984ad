"""Phase 9: company, loneliness, burden, mood, self-worth, acceptance and hope."""

import math

from .chance import normal
from .giving import burdened
from .scales import (
    ACQUAINTANCE,
    CONFIDANT,
    FRIEND,
    identity_above,
    logistic,
    logit,
    shifted,
    squash,
)
from .world import House, Person, Tie

KNOWN_FROM, EDGE = 0.20, 0.001


def wellbeing(house: House) -> None:
    """Move every user's wellbeing by one day."""
    for one in house.users:
        _move(house, one, look_at_ties(house, one))


def _move(house: House, one: Person, number: float) -> None:
    rules = house.rules.wellbeing
    one.company += (one.talk_hours + one.phone_hours - one.company) / rules.company_days
    one.loneliness += (loneliness_target(house, one, number) - one.loneliness) / rules.lonely_days
    one.burden = burden_after(house, one)
    one.mood += (mood_target(house, one) - one.mood) / rules.mood_days
    z = normal(*house.draw("MOOD", one.uid)[:2])
    one.mood = logistic(logit(min(max(one.mood, EDGE), 1 - EDGE)) + rules.mood_noise * z)
    worth = one.worth_disposition * (1 - rules.worth_stigma * one.self_stigma)
    one.self_worth += (worth - one.self_worth) / rules.worth_days
    one.acceptance += (one.acceptance_disposition - one.acceptance) / rules.acceptance_days
    if house.on.hope:
        one.hope += (hope_target(house, one) - one.hope) / rules.hope_days


def missing_ties(number: float, desired: float) -> float:
    return max(0, 1 - number / desired) if desired > 0 else 0


def loneliness_target(house: House, one: Person, number: float) -> float:
    rules = house.rules.wellbeing
    x = rules.lonely_base + rules.lonely_emotional * (1 - one.known_closest)
    x += rules.lonely_social * missing_ties(number, one.desired_ties) + rules.lonely_longing * one.longing
    x += rules.lonely_stigma * one.self_stigma + rules.lonely_family * (1 - one.family_support)
    x -= rules.lonely_identity * identity_above(house, one) + rules.lonely_worth * (one.self_worth - 0.5)
    x += one.lonely_disposition - 0.5 - rules.lonely_company * one.company / (one.company + rules.satiety)
    if house.on.binding_help:
        x += rules.lonely_need * (one.needs[0] + one.needs[2] + one.needs[3]) / 3
    return squash(x)


def intimacy(house: House, tie: Tie) -> float:
    known = tie.known if house.on.being_known else 1.0
    return tie.closeness * (1 - house.rules.wellbeing.known_weight * (1 - known))


def look_at_ties(house: House, one: Person) -> float:
    """Summarise the user's own ties; return their soft number."""
    others = [x for x in house.users if x is not one]
    ties = [house.tie(one, x) for x in others]
    near = [tie for tie in ties if tie.closeness >= ACQUAINTANCE]
    one.friends = sum(tie.closeness >= FRIEND for tie in ties)
    one.confidants = sum(tie.closeness >= CONFIDANT for tie in ties)
    one.closest = sum(sorted((tie.closeness for tie in near), reverse=True)[:3]) / 3
    one.known_closest = sum(sorted((intimacy(house, tie) for tie in near), reverse=True)[:3]) / 3
    gaps = [house.tie(one, x).closeness - house.tie(x, one).closeness for x in others]
    one.longing = sum(max(0, gap) for tie, gap in zip(ties, gaps, strict=True) if tie.closeness >= FRIEND)
    one.told_peers = sum(tie.told for tie in ties)
    one.known_by = sum(tie.known >= KNOWN_FROM for tie in ties)
    if one.friends and one.first_friend < 0:
        one.first_friend = house.day
    if one.confidants and one.first_confidant < 0:
        one.first_confidant = house.day
    return sum(min(1, max(0, (tie.closeness - ACQUAINTANCE) / (FRIEND - ACQUAINTANCE))) for tie in ties)


def burden_after(house: House, one: Person) -> float:
    rules = house.rules.wellbeing
    rest = (1 if one.attends else rules.rest_ratio) * (1 + one.respite)
    load = one.load * (1 + (rules.unwell_strain * one.unwell if house.on.strain else 0))
    dose = rules.burden_gain * (1 - one.supervised) * max(0, load - one.support_capacity)
    dose += rules.burden_demand * one.demand
    if house.on.strain:
        dose += rules.burden_illness * one.unwell + rules.burden_need * mean_need(one)
        dose += rules.burden_unaccepted * (1 - one.acceptance) + rules.burden_trouble * one.trouble
    return burdened(house, one.burden, one.outside_burden, rest, dose)


def mean_need(one: Person) -> float:
    return sum(one.needs) / len(one.needs)


def mood_target(house: House, one: Person) -> float:
    rules = house.rules.wellbeing
    hopeless = 1 - one.hope if house.on.hope else 0.5
    return one.mood_disposition * math.prod(
        (
            1 - rules.mood_need * mean_need(one),
            1 - rules.mood_burden * one.burden,
            1 - rules.mood_stigma * one.self_stigma,
            1 - rules.mood_lonely * one.loneliness,
            1 - rules.mood_worth * (1 - one.self_worth),
            1 - rules.mood_hope * hopeless,
            1 - rules.mood_unwell * one.unwell,
        )
    )


def hope_target(house: House, one: Person) -> float:
    rules = house.rules.wellbeing
    lift = rules.hope_worth * (one.self_worth - 0.5) + rules.hope_identity * identity_above(house, one)
    lift -= rules.hope_lonely * (one.loneliness - 0.5) + rules.hope_stigma * (one.self_stigma - 0.5)
    lift -= rules.hope_need * (mean_need(one) - 0.25)
    return shifted(one.hope_disposition, lift)
