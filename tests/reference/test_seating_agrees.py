"""Whom listed users replace, again in plain loops over all ways to seat them, as sim/MODEL.md describes it."""

import math
from itertools import permutations

import numpy as np
import pytest

from sim.outcomes.catalogue import DAILY_COLUMNS
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.users import Users
from sim.state.build import build
from sim.state.listed.donors import matched

LISTED, SETTLED = 4, 7
TRAITS = ("desired_ties", "desired_closeness", "sociability", "disclosure_threshold", "empathy", "helping_inclination")


def people(seed: int):
    """Return listed and settled users, and the closeness between the settled."""
    given = Scenario.model_validate({"name": "x", "days": 7, "centres": {"c": {"users": LISTED + SETTLED}}})
    rows = build(given, seed, DAILY_COLUMNS).users[: LISTED + SETTLED].copy()
    g = np.random.Generator(np.random.Philox(seed))
    rows["arrived"] = -365.25 * g.uniform(0.0, 15.0, LISTED + SETTLED)
    closeness = g.beta(1.0, 2.0, (SETTLED, SETTLED))
    np.fill_diagonal(closeness, 0.0)
    return rows[:LISTED], rows[LISTED:], closeness, g


def unlike(i, k, users) -> float:
    """Return d(i, k)."""
    tenure = [math.log(max(-one["arrived"], 0.0) / 365.25 + 0.1) for one in (i, k)]
    traits = sum(((i[name] - k[name]) / getattr(users, name).sd) ** 2 for name in TRAITS)
    return float(4 * (tenure[0] - tenure[1]) ** 2 + 0.5 * ((i["sex"] != k["sex"]) + traits))


def cost(listed, settled, surveyed, closeness, donors) -> float:
    """Return what a way to seat the listed minimises; `donors` holds k(i)."""
    total = sum(unlike(listed[i], settled[k], Users()) for i, k in enumerate(donors))
    others = len(settled) - 1
    for i, k in enumerate(donors):
        of, about = (sum(not math.isnan(a) for a in answers) for answers in (surveyed[i], surveyed[:, i]))
        squares_to = sum(c**2 for c in closeness[k]) / others
        squares_from = sum(c**2 for c in closeness[:, k]) / others
        total += 4 * (of / 2 * squares_to + about / 2 * squares_from)
        for j, other in enumerate(donors):
            if not math.isnan(surveyed[i, j]):
                total -= 4 * 2 * surveyed[i, j] * closeness[k, other]
    return float(total)


def every_cost(listed, settled, doubles, surveyed, closeness) -> dict[tuple[int, ...], float]:
    """Return the cost of each way that replaces as many doubles as there are."""
    most = min(LISTED, int(doubles.sum()))
    ways = [way for way in permutations(range(SETTLED), LISTED) if sum(doubles[k] for k in way) == most]
    return {way: cost(listed, settled, surveyed, closeness, way) for way in ways}


@pytest.mark.parametrize("seed", range(6))
def test_without_a_survey_the_best_of_all_ways_is_found(seed):
    listed, settled, closeness, g = people(seed)
    doubles = g.random(SETTLED) < 0.4
    surveyed = np.full((LISTED, LISTED), np.nan)
    costs = every_cost(listed, settled, doubles, surveyed, closeness)
    assert tuple(matched(listed, settled, doubles, surveyed, closeness, Users())) == min(costs, key=costs.__getitem__)


@pytest.mark.slow
def test_with_a_survey_a_good_way_is_found():
    shares = []
    for seed in range(12):
        listed, settled, closeness, g = people(seed)
        doubles = np.zeros(SETTLED, bool)
        surveyed = np.where(g.random((LISTED, LISTED)) < 0.6, g.beta(1.0, 1.0, (LISTED, LISTED)), np.nan)
        np.fill_diagonal(surveyed, np.nan)
        costs = every_cost(listed, settled, doubles, surveyed, closeness)
        found = costs[tuple(matched(listed, settled, doubles, surveyed, closeness, Users()))]
        shares.append(np.mean([other < found - 1e-9 for other in costs.values()]))
    assert np.median(shares) == 0.0  # the best, in most cases
    assert max(shares) < 0.05
