"""Costs and effects: by hand, against Fieller's defining test, and in every quarter of the plane."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.compare.cost import QUADRANTS, acceptability, costs, fieller, plane, quadrants, table

N = 12
WOBBLE = np.tile([-1.0, 1.0], N // 2)


def stream(key: int) -> np.random.Generator:
    """Return a fixed stream."""
    return np.random.Generator(np.random.Philox(key))


def runs(years: float = 2.0, users: float = 50.0, **policies: tuple[Any, Any]) -> pd.DataFrame:
    """Return runs: policy -> cost per user-year beyond the base, share of users lifted; the base costs 1000."""
    level = stream(1).normal(0, 30, N)
    severe = stream(2).uniform(0.3, 0.5, N)
    parts = []
    for scenario, (dearer, lifted) in {"base": (0.0, 0.0), **policies}.items():
        user_years = years * users
        per_year = 1000.0 + level + dearer
        columns = {
            "scenario": scenario, "replicate": range(N), "cost": per_year * user_years, "user_years": user_years,
            "staff_hours": (20.0 + np.asarray(dearer) / 50.0) * user_years, "severe_share": severe - lifted,
        }  # fmt: skip
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts)


def test_costs_and_the_cost_of_a_user_lifted():
    dearer, lifted = 100.0 + 10 * WOBBLE, 0.05 + 0.01 * WOBBLE
    [found] = costs(runs(p=(dearer, lifted)), years=2.0)
    assert (found.scenario, found.base, found.n, found.dropped) == ("p", "base", N, 0)
    half = stats.t.ppf(0.975, N - 1) * np.std(WOBBLE, ddof=1) / N**0.5
    assert (found.cost, found.cost_low, found.cost_high) == pytest.approx((100, 100 - 10 * half, 100 + 10 * half))
    assert (found.staff_hours, found.staff_hours_low) == pytest.approx((2.0, 2.0 - 0.2 * half))
    assert (found.effect, found.effect_high) == pytest.approx((0.05, 0.05 + 0.01 * half))
    assert found.ratio == pytest.approx(100 * 2.0 / 0.05)  # 200 more a place in two years, for 0.05 lifted
    assert found.ratio_low < found.ratio < found.ratio_high
    assert found.position == "better, dearer"
    numbers = f"{found.ratio_low:,.0f} to {found.ratio_high:,.0f}"
    assert found.words() == f"p: each user lifted out of severe loneliness costs 4,000 CNY ({numbers})."
    assert table([found])["ratio"].tolist() == [found.ratio]


def test_a_rise_can_be_the_effect():
    frame = runs(p=(0.0, -0.05 + 0.001 * WOBBLE))
    [found] = costs(frame, 2.0, "severe_share", "higher")
    assert found.effect == pytest.approx(0.05)
    assert found.position == "dominant"


clear, unsure, nothing = 1 + 0.1 * WOBBLE, 0.1 + WOBBLE, 0.0 * WOBBLE


@pytest.mark.parametrize(
    ("dearer", "lifted", "position", "has_ratio"),
    [
        (clear, clear, "better, dearer", True),
        (-clear, clear, "dominant", False),
        (nothing, clear, "dominant", False),
        (unsure, clear, "better, cost unclear", True),
        (clear, -clear, "dominated", False),
        (nothing, -clear, "dominated", False),
        (-clear, -clear, "worse, cheaper", True),
        (unsure, -clear, "worse, cost unclear", True),
        (clear, unsure, "effect unclear, dearer", False),
        (-clear, unsure, "effect unclear, cheaper", False),
        (unsure, unsure, "effect unclear, cost unclear", False),
        (nothing, unsure, "effect unclear, cost the same", False),
        (unsure, nothing, "effect unclear, cost unclear", False),
        (clear, nothing, "dominated", False),
        (-clear, nothing, "dominant", False),
        (nothing, nothing, "identical", False),
    ],
)
def test_every_place_on_the_plane_has_its_words(dearer, lifted, position, has_ratio):
    [found] = costs(runs(p=(100 * dearer, 0.1 * lifted)), 2.0)
    assert found.position == position
    assert math.isfinite(found.ratio) == has_ratio
    assert math.isfinite(found.ratio_low) == has_ratio
    assert (" CNY (" in found.words()) == has_ratio
    assert found.words().startswith("p: ")


def test_pairs_with_anything_missing_are_dropped():
    frame = runs(p=(100.0 + WOBBLE, 0.05 + 0.001 * WOBBLE)).reset_index(drop=True)
    frame.loc[0, "cost"] = np.nan
    frame.loc[1, "user_years"] = 0.0
    frame.loc[N + 2, "severe_share"] = np.nan
    [found] = costs(frame.drop(index=N + 3), 2.0)
    assert (found.n, found.dropped) == (N - 4, 4)
    [few] = costs(frame[frame["replicate"] < 4].drop(index=N + 3), 2.0)
    assert (few.n, few.position) == (0, "not known")
    assert few.words() == "p: too few pairs of runs to compare."


@pytest.mark.parametrize("years", [0.0, -1.0, math.nan, math.inf])
def test_a_run_lasts_some_time(years):
    with pytest.raises(ValueError, match="allowed: a number above 0"):
        costs(runs(p=(0.0, 0.0)), years)


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="no column staff_hours"):
        costs(runs(p=(0.0, 0.0)).drop(columns="staff_hours"), 1.0)


@given(st.integers(0, 10_000), st.integers(3, 40), st.floats(-3, 3), st.floats(0.5, 4))
def test_fiellers_ends_are_just_not_refuted(key, n, cost, effect):
    """At either end, the t test of numerator - ratio x denominator has p = 0.05 exactly."""
    g = stream(key)
    e = g.normal(effect, 1, n)
    c = cost * e + g.normal(0, 1, n)
    ratio, low, high = fieller(c, e)
    clear_of_zero = stats.ttest_1samp(e, 0).pvalue < 0.05
    assert math.isfinite(ratio) == clear_of_zero
    if clear_of_zero:
        assert low <= ratio <= high
        assert stats.ttest_1samp(c - low * e, 0).pvalue == pytest.approx(0.05, rel=1e-4)
        assert stats.ttest_1samp(c - high * e, 0).pvalue == pytest.approx(0.05, rel=1e-4)


def test_fiellers_interval_covers():
    g, held, repeats = stream(3), 0, 2_000
    for _ in range(repeats):
        e = g.normal(2.0, 1.0, 10)
        c = 3.0 * e + g.normal(2.0, 2.0, 10)  # ratio of means (6 + 2) / 2
        _, low, high = fieller(c, e)
        held += low <= 4.0 <= high
    assert held / repeats == pytest.approx(0.95, abs=4.5 * (0.95 * 0.05 / repeats) ** 0.5)


def test_a_ratio_takes_two_pairs():
    assert all(math.isnan(number) for number in fieller(np.array([1.0]), np.array([1.0])))


def test_points_scatter_as_means_do_and_belong_together():
    g = stream(4)
    dearer, lifted = g.normal(100, 30, N), g.normal(0.05, 0.02, N)
    points = plane(runs(p=(dearer, lifted), twin=(2 * dearer, lifted)), 2.0, resamples=20_000, seed=5)
    p, twin = (points[points["scenario"] == name].reset_index(drop=True) for name in ("p", "twin"))
    for column, values in (("effect", lifted), ("cost", 2 * dearer)):
        scatter = np.std(values) / N**0.5
        assert p[column].mean() == pytest.approx(np.mean(values), abs=4.5 * scatter / 20_000**0.5)
        assert p[column].std() == pytest.approx(scatter, rel=0.03)
    assert np.corrcoef(p["cost"], p["effect"])[0, 1] == pytest.approx(np.corrcoef(dearer, lifted)[0, 1], abs=0.04)
    assert twin["cost"].to_numpy() == pytest.approx(2 * p["cost"].to_numpy())
    again = plane(runs(p=(dearer, lifted), twin=(2 * dearer, lifted)), 2.0, resamples=20_000, seed=5)
    pd.testing.assert_frame_equal(points, again)
    other = plane(runs(p=(dearer, lifted)), 2.0, resamples=20_000, seed=6)
    assert not np.array_equal(other["cost"], p["cost"])


def test_a_plane_takes_two_complete_replicates():
    frame = runs(p=(1.0, 0.1))
    frame.loc[(frame["scenario"] == "p") & (frame["replicate"] > 0), "cost"] = np.nan
    with pytest.raises(ValueError, match="1 of 12 replicates complete over all scenarios"):
        plane(frame, 2.0)


def points_of(**policies: list[tuple[float, float]]) -> pd.DataFrame:
    """Return points by hand: (effect, cost)."""
    rows = [(name, k, e, c) for name, each in policies.items() for k, (e, c) in enumerate(each)]
    return pd.DataFrame(rows, columns=["scenario", "resample", "effect", "cost"])


def test_shares_of_the_quarters():
    points = points_of(p=[(1, 1), (1, -1), (-1, 1), (-1, -1), (2, 5), (0, 3), (0, 0), (1, 0)], q=[(1, 1)] * 8)
    found = quadrants(points).set_index("scenario")
    assert found.loc["p", [*QUADRANTS, "on_axis"]].tolist() == [0.25, 0.125, 0.125, 0.125, 0.375]
    assert found.loc["q", [*QUADRANTS, "on_axis"]].tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]


def test_the_acceptability_curve_by_hand():
    points = points_of(p=[(1, 10), (2, 10), (-1, 10), (1, -1)], q=[(3, 40), (2, 10), (1, 40), (0, 5)])
    found = acceptability(points, [0, 10, 20], "base").set_index(["willingness", "scenario"])
    assert found["positive"].drop("base", level=1).tolist() == [0.25, 0.0, (0.5 + 1 + 1) / 4, 0.25, 0.75, 0.5]
    # Net benefits at 0, 10 and 20. p: -10 -10 -10 1; 0 10 -20 11; 10 30 -30 21.
    # q: all below 0; -10 10 -30 -5; 20 30 -20 -5.
    best = [0.75, 0.25, 0, (0.5 + 0 + 1 + 0) / 4, (0.5 + 0.5 + 0 + 1) / 4, 0.125, 0.25, (0 + 0.5 + 1) / 4, 0.375]
    assert found["best"].tolist() == best
    assert math.isnan(found.loc[(0, "base"), "positive"])


@given(st.lists(st.tuples(*[st.integers(-3, 3)] * 4), min_size=1, max_size=9), st.lists(st.floats(0, 9), min_size=1))
def test_somebody_is_always_best(rows, worth):
    points = points_of(p=[row[:2] for row in rows], q=[row[2:] for row in rows])
    found = acceptability(points, worth, "base")
    assert found.groupby(np.arange(len(found)) // 3)["best"].sum().tolist() == pytest.approx([1.0] * len(worth))


@pytest.mark.parametrize("worth", [[-1.0], [math.nan], [math.inf]])
def test_nobody_pays_less_than_nothing(worth):
    with pytest.raises(ValueError, match="must be 0 or more"):
        acceptability(points_of(p=[(1, 1)]), worth, "base")
