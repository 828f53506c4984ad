"""Morris' elementary effects: known slopes, failed runs, noise, and factors whose moves differ from the grid's step."""

import numpy as np
import pandas as pd
import pytest

from experiments.designs.factor import Factor
from experiments.designs.points import DesignError
from experiments.sensitivity import chance, indices
from experiments.sensitivity.designs import sample
from tests.sensitivity.sensitivity_cases import ISHIGAMI, linear, of, runs

pytest.importorskip("SALib")


def test_morris_gives_the_effect_of_a_whole_range():
    points = sample(ISHIGAMI, "morris", 20, 4)
    found = indices.morris(ISHIGAMI, points, runs(points, linear(points).to_numpy()), resamples=50)
    size, mean, spread = (of(found, index) for index in ("mu_star", "mu", "sigma"))
    assert [row.value for row in size.values()] == pytest.approx([6 * np.pi, 4 * np.pi, 0.0])
    assert [row.value for row in mean.values()] == pytest.approx([6 * np.pi, -4 * np.pi, 0.0])
    assert [row.value for row in spread.values()] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_morris_drops_a_trajectory_with_a_failed_run_and_no_effect_is_made_zero():
    points = sample(ISHIGAMI, "morris", 20, 4)
    results = runs(points, linear(points).to_numpy(), replicates=2, noise=0.01)
    results.loc[results["point"].isin([5, 6, 79]), "y"] = np.nan
    found = indices.morris(ISHIGAMI, points, results, resamples=50)
    assert found.outcomes.loc[0, "dropped"] == 2
    assert of(found, "mu_star")["x1"].value == pytest.approx(6 * np.pi, abs=0.05)
    results.loc[results["point"] < 68, "y"] = np.nan
    with pytest.raises(DesignError, match="y: 2 of 20 trajectories are complete, Morris' method takes at least 4"):
        indices.morris(ISHIGAMI, points, results)


def test_morris_says_what_pure_noise_looks_like():
    points = sample(ISHIGAMI, "morris", 200, 4)
    found = indices.morris(ISHIGAMI, points, runs(points, linear(points).to_numpy(), 3, noise=1.0), resamples=100)
    idle = of(found, "mu_star")["x3"]
    assert idle.value == pytest.approx(idle.noise, rel=0.15)
    assert not idle.clear
    assert of(found, "mu_star")["x2"].clear
    assert of(found, "mu")["x2"].clear


@pytest.mark.parametrize("levels", [4, 6])
def test_elementary_effects_are_those_of_salib(levels):
    from SALib.analyze import morris as salib

    from experiments.designs.sensitivity import morris

    axes = [Factor("a", 0.0, 1.0), Factor("b", 1.0, 9.0), Factor("c", -5.0, 5.0), Factor("d", 0.0, 0.01)]
    points = pd.DataFrame(morris(axes, 12, levels, 5), columns=[axis.path for axis in axes])
    x = points.to_numpy(float)
    y = np.sin(x[:, 0] * 3) * x[:, 1] + x[:, 2] ** 2 - 900 * x[:, 3]
    points.insert(0, "point", range(len(points)))
    found = indices.morris(axes, points, runs(points, y, 2, 0.5), resamples=50, levels=levels)
    means = runs(points, y, 2, 0.5).groupby("point")["y"].mean().to_numpy()
    names, bounds = [axis.path for axis in axes], [[axis.low, axis.high] for axis in axes]
    problem = {"num_vars": len(axes), "names": names, "bounds": bounds}
    theirs = salib.analyze(problem, x, means, num_levels=levels)
    for index in ("mu_star", "mu", "sigma"):
        assert [of(found, index)[axis.path].value for axis in axes] == pytest.approx(theirs[index])
    ratio = levels / (2 * (levels - 1))
    many = indices.morris(axes, points, runs(points, y, 400, 0.5), resamples=10, levels=levels)
    assert of(many, "sigma")["a"].noise == pytest.approx((2 * 0.25 / 400) ** 0.5 / ratio, rel=0.1)


@pytest.mark.parametrize("levels", [4, 6])
def test_the_size_of_a_whole_number_or_listed_value_is_that_of_its_range(levels):
    """They cannot move by just the step of the grid, as SALib takes for granted."""
    from experiments.designs.sensitivity import morris

    axes = [Factor("two", 1, 2, whole=True), Factor("three", 1, 3, whole=True), Factor("six", 0, 5, whole=True),
            Factor("listed", values=(1.0, 5.0, 25.0)), Factor("any", 0.0, 4.0)]  # fmt: skip
    points = pd.DataFrame(morris(axes, 12, levels, 5), columns=[axis.path for axis in axes])
    places = {1.0: 0.0, 5.0: 1.0, 25.0: 2.0}
    y = points["two"] + points["three"] + points["six"] + points["listed"].map(places) + points["any"]
    points.insert(0, "point", range(len(points)))
    problem = [Factor("two", 1, 2, True), Factor("three", 1, 3, True), Factor("six", 0, 5, True),
               Factor("listed", 1.0, 25.0, values=(1.0, 5.0, 25.0)), Factor("any", 0.0, 4.0)]  # fmt: skip
    found = of(
        indices.morris(problem, points, runs(points, y.to_numpy(float), 2), resamples=20, levels=levels), "mu_star"
    )
    assert {name: float(row.value) for name, row in found.items()} == pytest.approx(
        {"two": 1.0, "three": 2.0, "six": 5.0, "listed": 2.0, "any": 4.0}
    )


def by_one_seed(key, replicates):
    """Return ten active and ten inert factors, and runs in which an inert factor acts by chance, alike at all points.

    Its effect belongs to the seed, which all points share, so more points do not average it out.
    """
    stream = np.random.Generator(np.random.Philox(key))
    axes = [Factor(f"p{k:02d}", 0.0, 1.0) for k in range(20)]
    points = sample(axes, "morris", 10, key + 1)
    values = points[[axis.path for axis in axes]].to_numpy(float)
    mean = np.where(np.arange(20) < 10, 3.0, 0.0)
    rows = []
    for replicate in range(replicates):
        slopes = mean + stream.standard_normal(20)
        y = values @ slopes + 0.3 * stream.standard_normal(len(values)) + 5.0 * stream.standard_normal()
        rows.append(pd.DataFrame({"point": points["point"], "replicate": replicate, "y": y}))
    return axes, points, pd.concat(rows)


def share_clear(replicates, sets, index="mu_star"):
    """Return which share of the active and of the inert factors is called clear."""
    flags = [
        [of(found, index)[axis.path].clear for axis in axes]
        for axes, points, results in (by_one_seed(key, replicates) for key in range(sets))
        for found in [indices.morris(axes, points, results, resamples=100)]
    ]
    return np.array(flags)[:, :10].mean(), np.array(flags)[:, 10:].mean()


def test_an_effect_of_one_seed_is_not_called_clear():
    """Quantiles of resamples of two replicates reach one standard error: they called a sixth of the inert clear."""
    assert share_clear(2, 6)[1] <= 0.05
    active, inert = share_clear(4, 6)
    assert active > 0.7
    assert inert <= 0.025 + 3.0 * (0.025 * 0.975 / 60) ** 0.5


@pytest.mark.long
@pytest.mark.parametrize("replicates", [2, 3, 4, 8])
def test_inert_factors_are_seldom_called_clear(replicates):
    assert share_clear(replicates, 60)[1] <= 0.025 + 3.0 * (0.025 * 0.975 / 600) ** 0.5


def test_the_interval_over_shared_replicates_is_that_of_student():
    from scipy.stats import t

    stream = np.random.Generator(np.random.Philox(2))
    apart, together = stream.normal(2.0, 0.5, 400), stream.normal(5.0, 1.5, 400)
    low, high = np.quantile(apart - apart.mean(), [0.025, 0.975])
    shared = t.ppf(0.975, 2) * together.std(ddof=1)
    assert chance.ends_of(apart, together, 3) == pytest.approx((-np.hypot(low, shared), np.hypot(high, shared)))
    assert chance.ends_of(apart, None, 1) == pytest.approx((low, high))
    assert chance.ends_of(apart, np.zeros(400), 2) == pytest.approx((low, high))  # no chance between replicates
    assert np.isnan(chance.ends_of(np.full(10, np.nan), together, 3)).all()
