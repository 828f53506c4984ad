"""Outcomes at both ends of a factor, and whether indices have settled, against known answers."""

import numpy as np
import pandas as pd
import pytest

from experiments.designs.factor import Factor
from experiments.sensitivity import indices
from experiments.sensitivity.designs import sample
from experiments.sensitivity.ends import ends
from experiments.sensitivity.settling import settling

PROBLEM = [Factor("a", 0.0, 10.0), Factor("b", 1.0, 2.0), Factor("idle", 0.0, 1.0)]


def runs(points: pd.DataFrame, noise: float = 0.0, replicates: int = 2) -> pd.DataFrame:
    """Return runs with outcome y = 3 a - 20 b and normal noise."""
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


def test_moves_of_trajectories_are_the_same_whatever_the_trajectory() -> None:
    points = sample(PROBLEM, "morris", 6, 3)
    found = ends(PROBLEM, points, runs(points), 4, paired=True).set_index("factor")
    assert found["move"].tolist() == pytest.approx([20.0, -20.0 * 2 / 3, 0.0], abs=1e-9)
    assert (found["move_high"] - found["move_low"]).tolist() == pytest.approx([0.0] * 3, abs=1e-9)
    assert found["step"].tolist() == pytest.approx([2 / 3] * 3)
    assert found["clear"].tolist() == [True, True, False]


def test_ends_of_trajectories_are_the_means_of_the_runs_made_there() -> None:
    points = sample(PROBLEM, "morris", 40, 3)
    y = 0.1 * (points["a"] - 2.0) ** 2  # lowest between its ends, and lower at the low end than at the high one
    results = pd.concat([pd.DataFrame({"point": points["point"], "replicate": k, "y": y + k}) for k in range(2)])
    row = ends(PROBLEM, points, results, 4, paired=True).set_index("factor").loc["a"]
    assert (row["ends"], row["base"]) == ("level", pytest.approx(y.mean() + 0.5))
    assert (row["at_low"], row["at_high"]) == (pytest.approx(0.9), pytest.approx(6.9))
    assert row["difference"] == pytest.approx(6.0)
    assert row["base"] - row["at_low"] != pytest.approx(row["at_high"] - row["base"], rel=0.2)
    idle = ends(PROBLEM, points, results, 4, paired=True).set_index("factor").loc["idle"]
    at = {level: y[np.isclose(points["idle"], level)].mean() + 0.5 for level in (0.0, 1.0)}
    assert (idle["at_low"], idle["at_high"]) == (pytest.approx(at[0.0]), pytest.approx(at[1.0]))
    assert idle["at_low_low"] < idle["at_low"] < idle["at_low_high"]
    assert idle["low"] < 0.0 < idle["high"]
    assert (idle["move"], bool(idle["clear"])) == (pytest.approx(0.0), False)
    moved = np.abs(np.diff(y.to_numpy().reshape(-1, 4), axis=1)).max()  # only a does anything
    assert (row["largest"], idle["largest"]) == (pytest.approx(moved), pytest.approx(0.0))


def test_ends_draw_whole_trajectories_and_replicates_again() -> None:
    """Distant trajectories and a distant replicate both widen the interval of an end."""
    points = sample(PROBLEM, "morris", 40, 3)
    flat = pd.DataFrame({"point": points["point"], "y": 0.0 * points["a"]})
    apart = flat.assign(y=(points["point"] // 4) % 2)  # every other trajectory
    for frame, second in ((apart, 0.0), (flat, 1.0)):
        results = pd.concat([frame.assign(replicate=k, y=frame["y"] + k * second) for k in range(2)])
        found = ends(PROBLEM, points, results, 4, paired=True)
        assert (found["at_low_high"] - found["at_low_low"]).min() > 0.2
        assert found["move"].tolist() == [0.0] * 3


def test_an_effect_under_one_seed_only_is_not_clear_at_the_ends() -> None:
    points = sample(PROBLEM, "latin", 200, 1)
    frames = [pd.DataFrame({"point": points["point"], "replicate": k, "y": (k == 1) * points["a"]}) for k in range(3)]
    row = ends(PROBLEM, points, pd.concat(frames), 1, paired=False).set_index("factor").loc["a"]
    assert row["difference"] > 2.0
    assert not row["clear"]
    agreed = pd.concat([frame.assign(y=points["a"].to_numpy()) for frame in frames])
    assert ends(PROBLEM, points, agreed, 1, paired=False).set_index("factor").loc["a", "clear"]


@pytest.mark.slow
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
    assert found["move"].tolist() == pytest.approx([20.0, -20.0 * 2 / 3, 0.0], abs=1e-9)


def test_indices_settle_when_noise_is_small_and_not_when_two_trajectories_decide() -> None:
    points = sample(PROBLEM, "morris", 64, 3)
    calm = settling(indices.morris(PROBLEM, points, runs(points, 0.5), resamples=200)).iloc[0]
    assert calm[["index", "leading", "kept", "placed", "moved"]].tolist() == ["mu_star", 3, 3, 3, 0]
    assert calm["settled"] is True or calm["settled"] == np.True_
    assert 0.0 < calm["widest"] < 0.1
    wild = runs(points)
    wild["y"] *= np.where(wild["point"] >= 4 * 32, 5.0, 1.0)  # the second half of the design is another model
    found = settling(indices.morris(PROBLEM, points, wild, resamples=200)).iloc[0]
    assert found["moved"] == 2
    assert not found["settled"]


def test_only_those_that_lead_now_are_counted_among_the_moved() -> None:
    """Twelve factors; in the first half of the design, two others lead than in the whole."""
    problem = [Factor(f"x{k:02d}", 0.0, 1.0) for k in range(12)]
    points = sample(problem, "morris", 64, 3)
    first = points["point"] < 32 * 13
    early, late = np.r_[5.0, 5.0, np.linspace(2, 3, 8), 0, 0], np.r_[0, 0, np.linspace(2, 3, 8), 8.0, 8.0]
    x = points.drop(columns="point").to_numpy(float)
    y = np.where(first, x @ early, x @ late)
    noise = np.random.default_rng(1).normal(size=(2, len(y)))
    results = pd.concat(
        [pd.DataFrame({"point": points["point"], "replicate": k, "y": y + 0.1 * noise[k]}) for k in (0, 1)]
    )
    found = indices.morris(problem, points, results, resamples=200)
    row = settling(found).iloc[0]
    now = found.ranked("y", "mu_star").head(10)
    half = found.convergence.query("blocks == 32 and index == 'mu_star'").set_index("factor")["value"]
    moved = (now["value"] - now["factor"].map(half)).abs() > now["spread"]
    led = set(half.nlargest(10).index)
    assert row["kept"] == len(led & set(now["factor"])) < 10
    assert row["moved"] == moved.sum() > 0
    strays = sum(abs(found.ranked("y", "mu_star").set_index("factor").loc[one, "value"] - half[one]) > 1 for one in led)
    assert strays > 0  # of those that led at half some moved too, and are not counted


def test_half_of_too_few_blocks_says_nothing() -> None:
    points = sample(PROBLEM, "morris", 6, 3)
    results = runs(points, 0.5)
    results.loc[results["point"] < 8, "y"] = np.nan  # two of the first three trajectories
    row = settling(indices.morris(PROBLEM, points, results, resamples=20)).iloc[0]
    assert row["settled"] is None
    assert np.isnan(row["kept"])
