"""ABC on the model: statistics by seed, the same posterior on any number of workers, known parameters recovered."""

import math

import numpy as np
import pytest

from experiments.calibration import measurement
from experiments.calibration.measurement import Sizes, measure
from experiments.calibration.parameters import CALIBRATED
from experiments.calibration.posterior.model import (
    ModelStatistics,
    beside_targets,
    calibrate,
    predictive_attempts,
    without_pairs,
)
from experiments.calibration.posterior.schedule import Schedule
from experiments.calibration.statistics.catalogue import STATISTICS
from experiments.calibration.targets import read_targets
from experiments.compare.ensembles import read_ensemble
from experiments.designs.changes import changed
from experiments.designs.factor import Factor
from experiments.runs.executors import executor
from sim import load_scenario
from tools.recovery import recovered

KEYS = ("loneliness_mean", "no_friend_share", "freshmen_closure")
AIMS = tuple(target for target in read_targets() if target.key in KEYS)
NAMES = [one.key for target in AIMS for one in target.elements]


def predictive(posterior, *given, **settings):
    """Set draws from a posterior, run under fresh seeds, beside each target."""
    return beside_targets(posterior.targets, predictive_attempts(posterior, *given, **settings)[0])


@pytest.fixture(scope="module")
def short():
    return load_scenario("baseline").with_changes(settling=0, days=10)


def test_the_statistics_are_those_calibration_measures(short):
    values = {"rules.encounters.talk_share": 0.7}
    found = ModelStatistics(short, AIMS, 2)(values, 11)
    expected = measure(changed(short, values), KEYS, Sizes(2, 2, 2), seed=11)
    assert list(found) == NAMES
    assert list(found.values()) == [value for target in AIMS for value in expected[target.key].estimate.values]
    assert "freshmen_closure.week27" in found


def test_targets_that_need_no_pairs_need_no_variants():
    kept = without_pairs(read_targets())
    assert {"loneliness_mean", "freshmen_growth", "trait_share_burden"} <= {target.key for target in kept}
    assert not {"paths_alive", "house_matters", "giving_over_receiving"} & {target.key for target in kept}
    assert ModelStatistics(load_scenario("baseline"), kept, 3).runs() == 6
    assert not any(STATISTICS[target.key].is_paired for target in kept)


def test_values_that_go_with_no_scenario_are_a_mistake_of_theirs_and_no_failure_of_the_model(short, monkeypatch):
    found = ModelStatistics(short, AIMS)(
        {"users.disclosure_threshold.mean": 0.01, "users.disclosure_threshold.sd": 0.49}, 1
    )
    assert found.mistake
    assert found.error

    def broken(scenario, setup, seed):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(measurement, "kept_of", broken)
    found = ModelStatistics(short, AIMS)({}, 1)
    assert (found.error, found.mistake) == ("ZeroDivisionError: a bug", False)


def test_signatures_tell_scenarios_and_replicates_apart(short):
    others = [
        ModelStatistics(short, AIMS, 3),
        ModelStatistics(short.with_changes(days=11), AIMS, 2),
        ModelStatistics(short, AIMS, 2),
    ]
    assert len({str(one.signature()) for one in others}) == 3


@pytest.mark.slow
def test_the_calibrated_parameters_get_a_posterior_an_ensemble_and_a_check(short, tmp_path):
    schedule = Schedule(particles=12, generations=2, least_acceptance=0.05)
    path = tmp_path / "abc.json"
    found = calibrate(short, targets=AIMS, replicates=1, schedule=schedule, seed=1, checkpoint=path)
    assert [factor.path for factor in found.factors] == [p.path for p in CALIBRATED]
    assert [target.key for target in found.targets] == NAMES
    assert all(math.isfinite(g.distances.max()) for g in found.generations)
    assert path.exists()
    again = calibrate(short, targets=AIMS, replicates=1, schedule=schedule, seed=1)
    assert np.array_equal(found.generations[-1].shares, again.generations[-1].shares)
    found.ensemble(5).to_parquet(tmp_path / "ensemble.parquet")
    assert read_ensemble(tmp_path / "ensemble.parquet", [short]).shape == (5, len(found.factors))
    table = predictive(found, ModelStatistics(short, AIMS, 1), 4)
    assert table["key"].tolist() == NAMES
    assert (table["q05"] <= table["q95"]).all()


def test_targets_of_a_file_of_ones_own_are_used(short, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("targets:\n  - {key: loneliness_mean, low: 40, high: 60}\n", encoding="utf-8")
    one = [Factor("rules.wellbeing.lonely_base", 0.05, 0.2)]
    aims = read_targets(path)
    found = calibrate(short, targets=aims, parameters=one, replicates=1, schedule=Schedule(10, 1), seed=1)
    assert [target.key for target in found.targets] == ["loneliness_mean"]
    assert found.particles()["loneliness_mean"].between(20, 80).all()


CHOSEN = {"rules.wellbeing.lonely_base", "rules.encounters.talk_share", "rules.conversation.occasion"}


@pytest.mark.slow
def test_three_parameters_of_the_model_are_recovered():
    """Results of the model at known parameters lead back to them, and the posterior to the results."""
    scenario = load_scenario("baseline").with_changes(settling=0, days=120)
    chosen = [Factor(p.path, *map(float, p.quantity.plausible)) for p in CALIBRATED if p.path in CHOSEN]
    assert len(chosen) == 3
    truth = {
        factor.path: factor.low + share * (factor.high - factor.low)
        for factor, share in zip(chosen, (0.3, 0.6, 0.45), strict=True)
    }
    widths = {
        "loneliness_mean": 1.0,
        "lonely_share": 0.05,
        "tie_illness_talk_share": 0.05,
        "user_illness_talk_share": 0.05,
        "close_friends_mean": 0.3,
    }
    simulate = ModelStatistics(scenario, [target for target in read_targets() if target.key in widths], 4)
    found, table = recovered(simulate, chosen, truth, widths, Schedule(60, 5, least_tolerance=1.0), 3, executor(2))
    assert table["inside"].sum() >= 2
    assert table["share_below"].between(0.005, 0.995).all()
    assert table["narrowed"].max() > 0.5
    alone = recovered(simulate, chosen, truth, widths, Schedule(20, 2), 3, executor(1))[0]
    crowd = recovered(simulate, chosen, truth, widths, Schedule(20, 2), 3, executor(2))[0]
    assert np.array_equal(alone.generations[-1].shares, crowd.generations[-1].shares)
    check = predictive(found, simulate, 40, workers=executor(2))
    assert check["overlaps"].all()
