"""ABC-SMC finds known parameters again, and its posteriors are calibrated."""

import numpy as np
import pytest

from experiments.calibration.posterior.particles import keyed
from experiments.calibration.posterior.schedule import Schedule
from tests.calibration.noisy import ONE, TWO, noisy
from tools.recovery import Ranks, recovered, simulation_based_calibration, targets_at


def test_known_parameters_are_recovered():
    widths = {"x": 0.1, "y": 0.1, "xy": 0.1}
    truth = {"rules.x": 0.4, "rules.y": 1.1}
    found, table = recovered(noisy, TWO, truth, widths, Schedule(200, 10), seed=5)
    assert table["inside"].all()
    assert table["truth"].tolist() == [0.4, 1.1]
    assert table["share_below"].between(0.05, 0.95).all()
    assert (table["narrowed"] > 0.8).all()
    assert len(found.targets) == 3
    with pytest.raises(ValueError, match="the model gives no z"):
        targets_at(noisy, truth, {"z": 1.0}, 1)


def test_ranks_of_a_posterior_that_is_right_are_uniform_and_of_a_wrong_one_not():
    import pandas as pd

    right = Ranks(pd.DataFrame({"x": np.tile(np.arange(20), 10)}), 19)
    wrong = Ranks(pd.DataFrame({"x": np.repeat([9, 10], 100)}), 19)
    assert right.histogram(4)["x"].tolist() == [50] * 4
    assert right.uniformity(4)["p"].tolist() == [1.0]
    assert wrong.uniformity(4)["p"].tolist()[0] < 1e-6
    with pytest.raises(ValueError, match="allowed are divisors of 20"):
        right.histogram(3)


CALIBRATED = Schedule(60, 8, least_tolerance=0.5)


@pytest.mark.slow
def test_posteriors_are_calibrated_in_a_few_cases():
    found = simulation_based_calibration(noisy, ONE, {"x": 0.04}, CALIBRATED, 60, 19, seed=2)
    assert found.uniformity(5).loc[0, "p"] > 0.01


def drifting(values, seed):
    """Return targets from another model than the one fitted: the first run of each case is the observed one."""
    found = noisy(values, seed)
    return {"x": found["x"] + (0.15 if seed in OBSERVED else 0.0)}


OBSERVED = {keyed(keyed(2, "case", case) % 2**32, "observed") % 2**48 for case in range(60)}


@pytest.mark.slow
def test_simulation_based_calibration_finds_a_posterior_that_is_off():
    found = simulation_based_calibration(drifting, ONE, {"x": 0.04}, CALIBRATED, 60, 19, seed=2)
    assert found.uniformity(5).loc[0, "p"] < 0.001


@pytest.mark.slow
def test_posteriors_are_calibrated_in_many_cases():
    found = simulation_based_calibration(
        noisy, TWO, {"x": 0.04, "y": 0.04}, Schedule(100, 12, least_tolerance=0.6), 300
    )
    assert (found.uniformity(10)["p"] > 0.005).all()
