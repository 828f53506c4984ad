"""Outcomes at both ends of a factor, and whether indices have settled, against what is known by hand."""

import numpy as np
import pandas as pd
import pytest

from experiments.analysis import sensitivity
from experiments.analysis.sensitivity_design import Factor, sample
from experiments.analysis.sensitivity_ends import ends
from experiments.analysis.sensitivity_settling import settling

PROBLEM = [Factor("a", 0.0, 10.0), Factor("b", 1.0, 2.0), Factor("idle", 0.0, 1.0)]


def runs(points: pd.DataFrame, noise: float = 0.0, replicates: int = 2) -> pd.DataFrame:
    """Outcome y = 3 a - 20 b and normal noise."""
    draws = np.random.default_rng(2)
    y = 3.0 * points["a"] - 20.0 * points["b"]
    frames = [
        pd.DataFrame({"point": points["point"], "replicate": k, "y": y + noise * draws.normal(size=len(y))})
        for k in range(replicates)
    ]
    return pd.concat(frames, ignore_index=True)


def test_ends_of_a_latin_hypercube_are_the_means_of_the_outer_fifths() -> None:
    points = sample(PROBLEM, "latin", 500, 1)
    found = ends(PROBLEM, points, runs(points), 1, paired=False).set_index("factor")
    y = runs(points, replicates=1)["y"]
    assert found["base"].tolist() == pytest.approx([float(y.mean())] * 3)
    for name, wanted in {"a": 24.0, "b": -16.0, "idle": 0.0}.items():  # four fifths of the whole range
        row = found.loc[name]
        low, high = np.quantile(points[name], [0.2, 0.8])
        assert row["at_low"] == pytest.approx(y[points[name] <= low].mean())
        assert row["at_high"] == pytest.approx(y[points[name] >= high].mean())
        assert row["difference"] == pytest.approx(row["at_high"] - row["at_low"])
        assert row["low"] < wanted < row["high"]
        assert row["difference"] == pytest.approx(wanted, abs=3.0)


def test_a_factor_of_few_values_has_its_ends_at_the_outermost_ones() -> None:
    points = sample([Factor("a", 0, 3, whole=True), *PROBLEM[1:]], "latin", 400, 1)
    found = ends(PROBLEM, points, runs(points), 1, paired=False).set_index("factor")
    y = runs(points, replicates=1)["y"]
    assert found.loc["a", "at_low"] == pytest.approx(y[points["a"] == 0].mean())
    assert found.loc["a", "at_high"] == pytest.approx(y[points["a"] == 3].mean())


def test_ends_of_trajectories_are_what_a_move_makes_whatever_the_trajectory() -> None:
    points = sample(PROBLEM, "morris", 6, 3)
    found = ends(PROBLEM, points, runs(points), 4, paired=True).set_index("factor")
    assert found["difference"].tolist() == pytest.approx([20.0, -20.0 * 2 / 3, 0.0], abs=1e-9)
    assert (found["high"] - found["low"]).tolist() == pytest.approx([0.0] * 3, abs=1e-9)
    assert (0.5 * (found["at_low"] + found["at_high"])).tolist() == pytest.approx(found["base"].tolist())


def test_the_interval_covers_the_difference_as_often_as_it_says() -> None:
    covered = 0
    for seed in range(100):
        points = sample(PROBLEM, "latin", 100, seed)
        row = ends(PROBLEM, points, runs(points, noise=5.0), 1, paired=False).set_index("factor").loc["idle"]
        covered += row["low"] <= 0.0 <= row["high"]
    assert covered >= 87  # 95 expected; a binomial below that once in a thousand


def test_a_failed_run_takes_its_trajectory_out_of_the_ends() -> None:
    points = sample(PROBLEM, "morris", 6, 3)
    results = runs(points)
    results.loc[results["point"] == 5, "y"] = np.nan
    kept = results[~results["point"].between(4, 7)]
    found = ends(PROBLEM, points, results, 4, paired=True)
    assert found["base"].iloc[0] == pytest.approx(kept["y"].mean())
    assert found["difference"].tolist() == pytest.approx([20.0, -20.0 * 2 / 3, 0.0], abs=1e-9)


def test_indices_settle_when_noise_is_small_and_not_when_two_trajectories_decide() -> None:
    points = sample(PROBLEM, "morris", 64, 3)
    calm = settling(sensitivity.morris(PROBLEM, points, runs(points, 0.5), resamples=200)).iloc[0]
    assert calm[["index", "leading", "kept", "moved"]].tolist() == ["mu_star", 3, 3, 0]
    assert calm["settled"] is True or calm["settled"] == np.True_
    assert 0.0 < calm["widest"] < 0.1
    wild = runs(points)
    wild["y"] *= np.where(wild["point"] >= 4 * 32, 5.0, 1.0)  # the second half of the design is another model
    found = settling(sensitivity.morris(PROBLEM, points, wild, resamples=200)).iloc[0]
    assert found["moved"] == 2
    assert not found["settled"]


def test_half_of_too_few_blocks_says_nothing() -> None:
    points = sample(PROBLEM, "morris", 6, 3)
    results = runs(points, 0.5)
    results.loc[results["point"] < 8, "y"] = np.nan  # two of the first three trajectories
    row = settling(sensitivity.morris(PROBLEM, points, results, resamples=20)).iloc[0]
    assert row["settled"] is None
    assert np.isnan(row["kept"])
