"""Scenarios, studies and seeds as arguments: objects, names and paths alike, and one rule for seeds in words."""

from pathlib import Path

import numpy as np
import pytest

from experiments.compare.runs import loaded
from experiments.designs.replicates import replicate_seed
from experiments.studies import load_study
from experiments.studies.reference import study_of
from sim.model import DayCentre
from sim.run import run
from sim.scenario.reading import scenario_of
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.quantity import whole_seed
from sim.scenario.text.errors import InputError, ScenarioError

NO_SEEDS = [1.0, 1.9, True, np.float64(2), np.True_, -1, 2**64, "3", None]


def test_a_scenario_is_an_object_a_name_or_a_path(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("extends: baseline\ndays: 3\n", encoding="utf-8")
    own = load_scenario(file)
    assert scenario_of(own) is own
    assert scenario_of(file) == scenario_of(str(file)) == own
    assert scenario_of("baseline") == load_scenario("baseline")
    assert [one.name for one in loaded(file, own.with_changes(name="other"))] == ["own", "other"]
    with pytest.raises(InputError, match="scenario: found a dict, allowed are a Scenario, the name of a shipped"):
        scenario_of({"days": 3})


def test_a_study_is_an_object_a_name_or_a_path() -> None:
    study = load_study("centre-size")
    assert study_of(study) is study
    assert study_of("centre-size").name == study_of(Path(study.file)).name == "centre-size"
    with pytest.raises(InputError, match="study: found a int, allowed are a Study, the name of a shipped study"):
        study_of(3)


@pytest.mark.parametrize("seed", [0, 2**64 - 1, np.int32(7), np.uint64(2**63)])
def test_whole_numbers_are_seeds(seed: int) -> None:
    assert (whole_seed(seed), type(whole_seed(seed))) == (int(seed), int)
    assert load_scenario("baseline").with_changes(seed=seed).seed == int(seed)
    assert replicate_seed(seed, 0) == int(seed)


@pytest.mark.parametrize("seed", NO_SEEDS)
def test_nothing_else_is_a_seed(seed: object) -> None:
    words = "seed: found .*, allowed is a whole number"
    for taking in (whole_seed, lambda one: replicate_seed(one, 1)):
        with pytest.raises(InputError, match=words):
            taking(seed)
    if seed is not None:  # a scenario may have no seed
        with pytest.raises(InputError, match=words):
            run("baseline", seed=seed)  # type: ignore[arg-type]
        with pytest.raises(ScenarioError, match="seed"):
            load_scenario("baseline").with_changes(seed=seed)


@pytest.mark.parametrize("seed", [1.5, True, np.float64(2), -1])
def test_a_mesa_model_takes_the_same_seeds(seed: object) -> None:
    with pytest.raises(InputError, match=r"rng: found .*, allowed is a whole number"):
        DayCentre("baseline", rng=seed)
