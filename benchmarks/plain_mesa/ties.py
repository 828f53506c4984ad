"""Ties: what one user feels towards another, and how they begin."""

from dataclasses import dataclass, field
from math import exp, sqrt
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from benchmarks.plain_mesa.agents import User
    from benchmarks.plain_mesa.model import PlainCentre

ACQUAINTANCE, FRIEND, CONFIDANT, KIN = 0.10, 0.35, 0.60, 0.85
DAYS_PER_YEAR = 365.25
NEEDS = ("emotional", "informational", "esteem", "network", "tangible")


@dataclass(slots=True, eq=False)
class Tie:
    """What i feels towards j, and remembers of j."""

    trust: float
    appeal: float
    liking: float
    attracted: bool
    closeness: float = 0.0
    told: bool = False
    withdrawn: bool = False
    hours: float = 0.0
    help: dict[str, float] = field(default_factory=dict)
    last_contact: int = -1
    withdrawals: int = 0
    today: float = 0.0
    met: float = 0.0


def likeness(mine: list[float], yours: list[float]) -> float:
    """Correlate two profiles of interest; 0 when one of them is flat."""
    my_mean, your_mean = sum(mine) / len(mine), sum(yours) / len(yours)
    together = sum((a - my_mean) * (b - your_mean) for a, b in zip(mine, yours, strict=True))
    spread = sqrt(sum((a - my_mean) ** 2 for a in mine) * sum((b - your_mean) ** 2 for b in yours))
    return together / spread if spread > 0 else 0.0


def introduce(model: "PlainCentre", one: "User", two: "User") -> None:
    """Make the ties of two strangers towards each other."""
    rules, p, chance = model.rules, model.rules.encounters, model.random
    appeal = p.interest_weight * likeness(one.interest, two.interest) + p.same_sex_weight * (one.sex == two.sex)
    appeal += p.tenure_weight * exp(-abs(one.arrived - two.arrived) / DAYS_PER_YEAR / p.tenure_years)
    shared = chance.gauss(0.0, p.chemistry_shared_sd)
    variance = p.chemistry_shared_sd**2 + p.chemistry_own_sd**2
    for i, j in ((one, two), (two, one)):
        felt = shared + chance.gauss(0.0, p.chemistry_own_sd)
        attracted = one.sex != two.sex and chance.random() < rules.proximity.romance_share
        i.ties[j] = Tie(rules.conversation.trust_start, appeal + felt, exp(felt - variance / 2.0), attracted)


def starting_network(model: "PlainCentre", users: list["User"]) -> None:
    """Give the users the ties they start with."""
    given = model.house.network or model.scenario_given.network
    if given.kind == "none":
        return
    graph = getattr(nx, given.generator)(n=len(users), seed=model.random.getrandbits(32), **dict(given.arguments))
    for one, two in graph.edges:
        if one != two:
            _old_acquaintances(model, users[one], users[two], given)
    trust_start = model.rules.conversation.trust_start
    for user in users:
        for tie in user.ties.values():
            tie.trust = trust_start + (1.0 - trust_start) * tie.closeness
            told = min(1.0, given.told_share * (1.0 - user.disclosure_threshold) / 0.5)
            tie.told = tie.closeness >= FRIEND and model.random.random() < told


def _old_acquaintances(model: "PlainCentre", one: "User", two: "User", given) -> None:
    """Let two have spent the hours of their years together."""
    hours = given.hours_per_year * min(one.years_in_centre, two.years_in_centre, given.lasting_years)
    for i, j in ((one, two), (two, one)):
        tie = i.ties[j]
        tie.hours = hours
        tie.closeness = 1.0 - exp(-hours * tie.liking / model.rules.forgetting.hours_scale)


def wanted(user: "User", tie: Tie) -> float:
    """Tell how close a user wants a tie to be: less where attraction meets self-stigma."""
    if tie.attracted:
        return user.desired_closeness * (1.0 - user.model.rules.proximity.romance_distance * user.self_stigma)
    return user.desired_closeness


def unwanted(user: "User", other: "User") -> float:
    """Give the demand on a user, on a day of contact, of another who wants to be closer."""
    back = other.ties[user]
    gap = wanted(other, back) - wanted(user, user.ties[other])
    return user.model.rules.proximity.demand_weight * back.closeness * max(0.0, gap)


def pull(user: "User", other: "User") -> float:
    """Give the utility for a user of turning to another."""
    model, tie = user.model, user.ties[other]
    p = model.rules.encounters
    closeness = fit = tie.closeness
    utility = tie.appeal + p.need_weight * user.needs["emotional"] * other.listening_skill
    distance = wanted(user, tie) - closeness
    if distance < 0.0:
        fit += 2.0 * distance
    if tie.withdrawn:
        utility -= p.withdrawn_weight
    elif closeness >= FRIEND and distance > 0.0 and model.on.proximity_regulation:
        utility += model.rules.proximity.approach_weight * distance
    return utility + model.closeness_pull * fit
