"""Phase 9: loneliness, burden, mood, self-worth, acceptance, hope."""

from heapq import nlargest

from benchmarks.plain_mesa.agents import User
from benchmarks.plain_mesa.scales import logistic, logit, reached, shifted, squash
from benchmarks.plain_mesa.tie import ACQUAINTANCE, CONFIDANT, FRIEND, KNOWN_FROM, Tie

LOWEST_MOOD = 0.001
"""Least distance of mood from 0 and 1, so that its logit is finite before the day's noise is added."""
OF_COMFORT = ("emotional", "esteem", "network")
"""Needs that add to loneliness while they are open."""


def look_at_ties(user: User) -> None:
    """Summarise the user's own ties in the user's attributes.

    It counts friends, confidants, peers told of the illness and peers who know the user. It sums longing and the soft
    number of ties. It averages the three closest and the three most intimate ties, among ties at or above acquaintance;
    a missing tie counts as 0.
    """
    near = {other: tie for other, tie in user.ties.items() if tie.closeness >= ACQUAINTANCE}
    friends = {other: tie for other, tie in near.items() if tie.closeness >= FRIEND}
    user.friends = len(friends)
    user.confidants = sum(tie.closeness >= CONFIDANT for tie in friends.values())
    user.told_peers = sum(tie.told for tie in user.ties.values())
    user.known_by = sum(tie.known >= KNOWN_FROM for tie in user.ties.values())
    user.longing = sum(max(0.0, tie.closeness - other.ties[user].closeness) for other, tie in friends.items())
    user.soft_ties = sum(min(1.0, (tie.closeness - ACQUAINTANCE) / (FRIEND - ACQUAINTANCE)) for tie in near.values())
    user.closest = sum(nlargest(3, (tie.closeness for tie in near.values()))) / 3.0
    user.known_closest = sum(nlargest(3, (intimacy(user, tie) for tie in near.values()))) / 3.0


def intimacy(user: User, tie: Tie) -> float:
    """Return how much a tie does for emotional loneliness: less when the other does not know the user."""
    known = tie.known if user.model.on.being_known else 1.0
    return tie.closeness * (1.0 - user.model.rules.wellbeing.known_weight * (1.0 - known))


def missing_ties(number: float, desired: float) -> float:
    """Return the missing share of the ties that a user wants."""
    return max(0.0, 1.0 - number / desired) if desired > 0.0 else 0.0


def loneliness_target(user: User) -> float:
    """Return the set point of loneliness, from the ties the user wants and has, needs, and standing among others."""
    p = user.model.rules.wellbeing
    target = p.lonely_base + user.lonely_disposition - 0.5
    target += p.lonely_emotional * (1.0 - user.known_closest)
    target += p.lonely_social * missing_ties(user.soft_ties, user.desired_ties)
    target += p.lonely_longing * user.longing + p.lonely_stigma * user.self_stigma
    target += p.lonely_family * (1.0 - user.family_support)
    target -= p.lonely_identity * user.identity_above + p.lonely_worth * (user.self_worth - 0.5)
    target -= p.lonely_company * user.company / (user.company + p.satiety)
    if user.model.on.binding_help:
        target += p.lonely_need * sum(user.needs[kind] for kind in OF_COMFORT) / len(OF_COMFORT)
    return squash(target)


def feel_first_loneliness(user: User) -> None:
    """Set loneliness from the starting ties."""
    look_at_ties(user)
    user.loneliness = loneliness_target(user)


def mood_target(user: User) -> float:
    """Return the set point of mood, a product of factors, so that mood stays on its scale."""
    p = user.model.rules.wellbeing
    target = user.mood_disposition * (1.0 - p.mood_need * user.mean_need) * (1.0 - p.mood_burden * user.burden)
    target *= (1.0 - p.mood_stigma * user.self_stigma) * (1.0 - p.mood_lonely * user.loneliness)
    target *= (1.0 - p.mood_worth * (1.0 - user.self_worth)) * (1.0 - p.mood_hope * (0.5 - user.hope_above))
    return target * (1.0 - p.mood_unwell * user.unwell)


def burden_after(user: User) -> float:
    """Return tomorrow's burden: rest lowers it first, then today's dose covers a share of the distance to 1."""
    p, load = user.model.rules.wellbeing, user.load
    dose = p.burden_demand * user.demand
    if user.model.on.strain:
        load *= 1.0 + p.unwell_strain * user.unwell
        dose += p.burden_illness * user.unwell + p.burden_unaccepted * (1.0 - user.acceptance)
        dose += p.burden_need * user.mean_need + p.burden_trouble * user.trouble
    dose += p.burden_gain * max(0.0, load - user.support_capacity)
    rest = 1.0 if user.attends else p.rest_ratio
    burden = user.burden - (user.burden - user.outside_burden) * min(1.0, rest / p.burden_days)
    return burden + (1.0 - burden) * reached(dose)


def hope_target(user: User) -> float:
    """Return the set point of hope."""
    p = user.model.rules.wellbeing
    by = p.hope_worth * (user.self_worth - 0.5) + p.hope_identity * user.identity_above
    by -= p.hope_lonely * (user.loneliness - 0.5) + p.hope_stigma * (user.self_stigma - 0.5)
    by -= p.hope_need * (user.mean_need - 0.25)
    return shifted(user.hope_disposition, by)


def wellbeing(user: User) -> None:
    """Move a user's wellbeing by one day."""
    model = user.model
    p = model.rules.wellbeing
    look_at_ties(user)
    user.company += (user.talk_hours + user.phone_hours - user.company) / p.company_days
    user.loneliness += (loneliness_target(user) - user.loneliness) / p.lonely_days
    user.burden = burden_after(user)
    mood = user.mood + (mood_target(user) - user.mood) / p.mood_days
    user.mood = logistic(logit(min(max(mood, LOWEST_MOOD), 1.0 - LOWEST_MOOD)) + model.random.gauss(0.0, p.mood_noise))
    worth = user.worth_disposition * (1.0 - p.worth_stigma * user.self_stigma)
    user.self_worth += (worth - user.self_worth) / p.worth_days
    user.acceptance += (user.acceptance_disposition - user.acceptance) / p.acceptance_days
    if model.on.hope:
        user.hope += (hope_target(user) - user.hope) / p.hope_days
