"""The plain Mesa model, written from MODEL.md alone, and the engine give the same outcomes, within chance.

Seeds are fixed, so a failure is reproducible. The engine's runs are cheap: with many for each plain run, their share of
the error is small. The slow tests cover events too rare at the defaults, by making them frequent.
"""

from functools import cache

import pytest
from beginnings import STARTS, engine_starts, plain_starts
from comparison import STATISTICS, Runs, compare, engine_runs, plain_runs
from variants import SMALL, VARIANTS

from experiments.designs.changes import changed
from sim.scenario.schema.rules import RULE_PARAMETERS
from sim.scenario.schema.scenario import Mechanisms, Scenario

PLAIN, ENGINE, FEW = range(1000, 1100), range(5000, 5600), range(5000, 5200)
"""Seeds."""
ENDS = {parameter.path: (parameter.default, parameter.quantity.plausible) for parameter in RULE_PARAMETERS}


@cache
def plain_small() -> Runs:
    return plain_runs(SMALL, PLAIN)


def moved(path: str) -> Scenario:
    """Move a parameter half the way to the upper end of its plausible range."""
    default, (_, high) = ENDS[path]
    assert high > default
    return changed(SMALL, {f"rules.{path}": (default + high) / 2})


@pytest.mark.slow
def test_same_users_and_ties_to_begin_with():
    found = compare(plain_starts(SMALL, range(300)), engine_starts(SMALL, range(1000, 1900)), STARTS)
    assert found.agrees, str(found)


@pytest.mark.slow
def test_same_outcomes():
    found = compare(plain_small(), engine_runs(SMALL, ENGINE))
    assert len(found.z) == len(STATISTICS) >= 120
    assert found.agrees, str(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "episodes.need_fade_days",
        "episodes.trouble_rate",
        "attendance.work_penalty",
        "encounters.length_sd",
        "conversation.pleasure",
        "support.empathy_gain",
        "support.hope_help",
        "support.staff_talk",
        "proximity.return_rate",
        "contact.daily_rate",
        "wellbeing.mood_days",
        "wellbeing.satiety",
        "identity.pull_days",
        "forgetting.apart_ratio",
        "forgetting.norm_habit",
    ],
)
def test_a_plausible_change_of_one_parameter_is_noticed(path):
    found = compare(plain_small(), engine_runs(moved(path), FEW))
    assert not found.agrees, str(found)


@pytest.mark.long
@pytest.mark.parametrize("name", VARIANTS)
def test_same_outcomes_of_a_variant(name):
    found = compare(plain_runs(VARIANTS[name], range(2000, 2120)), engine_runs(VARIANTS[name], range(6000, 6900)))
    assert found.agrees, str(found)


@pytest.mark.long
def test_same_outcomes_of_many_runs():
    found = compare(plain_runs(SMALL, range(3000, 3600)), engine_runs(SMALL, range(7000, 10000)))
    assert found.agrees, str(found)


def test_every_mechanism_has_a_variant_without_it():
    without = {name.removeprefix("without ") for name in VARIANTS if name.startswith("without ")}
    assert without == set(Mechanisms.model_fields)
