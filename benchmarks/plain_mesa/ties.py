"""Ties between users: how they begin, how close they should be, and how strongly they pull."""

from math import exp, sqrt

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.tie import DAYS_PER_YEAR, FRIEND, Tie


def likeness(mine: list[float], yours: list[float]) -> float:
    """Return the correlation of two profiles of interest; 0 when a profile is flat."""
    my_mean, your_mean = sum(mine) / len(mine), sum(yours) / len(yours)
    together = sum((a - my_mean) * (b - your_mean) for a, b in zip(mine, yours, strict=True))
    spread = sqrt(sum((a - my_mean) ** 2 for a in mine) * sum((b - your_mean) ** 2 for b in yours))
    return together / spread if spread > 0 else 0.0


def introduce(model: Centre, one: User, two: User) -> None:
    """Make the ties of two strangers towards each other: appeal, a first liking, and little trust."""
    rules, p, chance = model.rules, model.rules.encounters, model.random
    alike = likeness(one.interest, two.interest)
    appeal = p.interest_weight * alike + p.same_sex_weight * (one.sex == two.sex)
    appeal += p.tenure_weight * exp(-abs(one.arrived - two.arrived) / DAYS_PER_YEAR / p.tenure_years)
    shared = chance.gauss(0.0, p.chemistry_shared_sd) + p.interest_liking * alike
    for i, j in ((one, two), (two, one)):
        liking = shared + chance.gauss(0.0, p.chemistry_own_sd) + j.likeable + p.warmth_weight * (j.empathy - 0.5)
        attracted = one.sex != two.sex and chance.random() < rules.proximity.romance_share
        i.ties[j] = Tie(rules.conversation.trust_start, appeal, liking, liking, attracted)


def wanted(user: User, tie: Tie) -> float:
    """Return how close a user wants a tie to be; self-stigma lowers it where the user is attracted."""
    if tie.attracted:
        return user.desired_closeness * (1.0 - user.model.rules.proximity.romance_distance * user.self_stigma)
    return user.desired_closeness


def unwanted(user: User, other: User) -> float:
    """Return the demand that another user who wants to be closer puts on a user, on a day of contact."""
    back = other.ties[user]
    gap = wanted(other, back) - wanted(user, user.ties[other])
    return user.model.rules.proximity.demand_weight * back.closeness * max(0.0, gap)


def pull(user: User, other: User) -> float:
    """Return a user's utility of turning to another; a tie nearer than wanted lowers it."""
    model, tie = user.model, user.ties[other]
    p = model.rules.encounters
    closeness = fit = tie.closeness
    utility = tie.appeal + tie.liking + p.need_weight * user.needs["emotional"] * other.listening_skill
    utility += p.shared_weight * min(tie.shared, p.most_shared)
    distance = wanted(user, tie) - closeness
    if distance < 0.0:
        fit += 2.0 * distance
    if model.on.proximity_regulation:
        if tie.withdrawn:
            utility -= p.withdrawn_weight
        elif closeness >= FRIEND and distance > 0.0:
            utility += model.rules.proximity.approach_weight * distance
    return utility + model.closeness_pull * fit


def touch(tie: Tie, hours: float, day: int) -> None:
    """Record hours together by the clock, and the day."""
    tie.met += hours
    tie.last_contact = day
