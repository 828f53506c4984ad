"""The ties users start with: a random network of old acquaintances."""

from math import exp, log

import networkx as nx

from benchmarks.plain_mesa.agents import Centre, User
from benchmarks.plain_mesa.tie import FRIEND
from sim.scenario.schema.scenario import Network

CLOSEST_AT_START = 0.99
"""Largest mean closeness of two users that still adds to their starting hours together."""


def starting_network(model: Centre, users: list[User]) -> None:
    """Create the ties that users start with."""
    given = model.house.network or model.scenario_given.network
    if given.kind == "none":
        return
    graph = getattr(nx, given.generator)(n=len(users), seed=model.random.getrandbits(32), **dict(given.arguments))
    for one, two in graph.edges:
        if one != two:
            _old_acquaintances(model, users[one], users[two], given)
    for user in users:
        _tell_some(user, given)


def _old_acquaintances(model: Centre, one: User, two: User, given: Network) -> None:
    """Set closeness from the hours in two users' years together, weighted by each user's liking."""
    hours = given.hours_per_year * min(one.years_in_centre, two.years_in_centre, given.lasting_years)
    scale = model.rules.forgetting.hours_scale
    tie, back = one.ties[two], two.ties[one]
    for each in (tie, back):
        each.closeness = 1.0 - exp(-hours * exp(each.liking) / scale)
    tie.hours = back.hours = -scale * log(1.0 - min(CLOSEST_AT_START, (tie.closeness + back.closeness) / 2.0))


def _tell_some(user: User, given: Network) -> None:
    """Set trust by closeness, and let some friends already know of the user's illness."""
    p = user.model.rules.conversation
    told = min(1.0, given.told_share * (1.0 - user.disclosure_threshold) / 0.5)
    for tie in user.ties.values():
        tie.trust = p.trust_start + (1.0 - p.trust_start) * tie.closeness
        if tie.closeness >= FRIEND and user.model.random.random() < told:
            tie.told = True
            tie.known = p.known_illness
