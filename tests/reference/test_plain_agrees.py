"""The plain Mesa model, written from MODEL.md alone, and the engine give the same outcomes, within chance.

Each statistic may differ by 4.5 standard errors (once in 140,000 comparisons by chance), and all together by no more
than what one random division of the runs in a thousand gives. Seeds are fixed, so a failure is one for everybody.
"""

from functools import cache

import numpy as np
import pytest
from comparison import STATISTICS, Comparison, Runs, compare, engine_runs, plain_runs

from experiments.designs.changes import changed
from sim.scenario.parameters import RULE_PARAMETERS
from sim.scenario.schema import Scenario

LARGEST_Z = 4.5
LEAST_CHANCE = 0.001
PLAIN, ENGINE = range(1000, 1120), range(5000, 6200)
"""Seeds. Engine runs are cheap: with ten for each plain one, their share of the error is small."""
SMALL = Scenario.model_validate({"name": "small", "days": 120, "centres": {"house": {"users": 20}}})
ENDS = {parameter.path: (parameter.default, parameter.quantity.plausible) for parameter in RULE_PARAMETERS}


@cache
def plain_small() -> Runs:
    return plain_runs(SMALL, PLAIN)


def agree(found: Comparison) -> bool:
    return bool(np.abs(found.z).max() < LARGEST_Z) and found.chance > LEAST_CHANCE


def upward(path: str) -> Scenario:
    """Move a parameter half the way to the upper end of what is plausible."""
    default, (_, high) = ENDS[path]
    return changed(SMALL, {f"rules.{path}": (default + high) / 2})


def test_same_outcomes():
    found = compare(plain_small(), engine_runs(SMALL, ENGINE))
    assert len(found.z) == len(STATISTICS) >= 120
    assert agree(found), f"chance {found.chance:.4f}; {found.largest()}"


@pytest.mark.parametrize(
    "path",
    [
        "episodes.need_fade_days",
        "attendance.unwell_penalty",
        "encounters.length_sd",
        "conversation.noise",
        "support.effect",
        "proximity.band",
        "contact.minutes_slope",
        "wellbeing.mood_need",
        "identity.absence_loss",
        "forgetting.trust_fade",
    ],
)
def test_a_plausible_change_of_one_parameter_is_noticed(path):
    found = compare(plain_small(), engine_runs(upward(path), ENGINE))
    assert not agree(found), f"chance {found.chance:.4f}; {found.largest()}"
