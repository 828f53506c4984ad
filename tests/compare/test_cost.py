"""Costs and effects: by hand, against Fieller's defining test, and in every quarter of the plane."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.compare.cost import QUADRANTS, acceptability, costs, plane, quadrants, table
from experiments.statistics.intervals import ratio_interval

N = 12
WOBBLE = np.tile([-1.0, 1.0], N // 2)


def stream(key: int) -> np.random.Generator:
    """Return a fixed stream."""
    return np.random.Generator(np.random.Philox(key))


def runs(number: int = N, **policies: tuple[Any, Any]) -> pd.DataFrame:
    """Return runs: policy -> cost for a user-year beyond the base, share of time lifted; the base costs 1000."""
    level = stream(1).normal(0, 30, number)
    severe = stream(2).uniform(0.3, 0.5, number)
    parts = []
    for scenario, (dearer, lifted) in {"base": (0.0, 0.0), **policies}.items():
        columns = {
            "scenario": scenario, "replicate": range(number), "cost": 1000.0 + level + dearer,
            "staff_hours": 20.0 + np.asarray(dearer) / 50.0, "severe_time": severe - lifted,
        }  # fmt: skip
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts)


def test_costs_and_the_price_of_a_user_year():
    dearer, lifted = 100.0 + 10 * WOBBLE, 0.05 + 0.01 * WOBBLE
    [found] = costs(runs(p=(dearer, lifted)))
    assert (found.scenario, found.base, found.n, found.dropped) == ("p", "base", N, 0)
    half = stats.t.ppf(0.975, N - 1) * np.std(WOBBLE, ddof=1) / N**0.5
    assert (found.cost, found.cost_low, found.cost_high) == pytest.approx((100, 100 - 10 * half, 100 + 10 * half))
    assert (found.staff_hours, found.staff_hours_low) == pytest.approx((2.0, 2.0 - 0.2 * half))
    assert (found.effect, found.effect_high) == pytest.approx((0.05, 0.05 + 0.01 * half))
    assert found.ratio == pytest.approx(100 / 0.05)  # money and effect over the same time
    assert 0.0 < found.ratio_low < found.ratio < found.ratio_high
    assert found.position == "better, dearer"
    numbers = f"{found.ratio_low:,.0f} to {found.ratio_high:,.0f}"
    assert found.words() == (
        "p: clearly less time in severe loneliness, clearly dearer: each user-year below the severe cut-off costs "
        f"2,000 CNY ({numbers})."
    )
    assert found.words(harmed=True).startswith("p: less time in severe loneliness, with harm elsewhere, clearly dearer")
    frame = table([found])
    assert frame["ratio"].tolist() == [found.ratio]
    assert frame["cost_a_month_low"].tolist() == pytest.approx([found.cost_low / 12])
    assert frame["staff_hours_a_week"].tolist() == pytest.approx([2.0 * 7 / 365.25])


clear, unsure, nothing = 1 + 0.1 * WOBBLE, 0.1 + WOBBLE, 0.0 * WOBBLE
rare = np.where(np.arange(N) < 3, 1.0, 0.0)


@pytest.mark.parametrize(
    ("dearer", "lifted", "position", "has_ratio"),
    [
        (clear, clear, "better, dearer", True),
        (-clear, clear, "dominant", False),
        (nothing, clear, "dominant", False),
        (unsure, clear, "better, cost unclear", False),
        (clear, -clear, "dominated", False),
        (nothing, -clear, "dominated", False),
        (-clear, -clear, "worse, cheaper", True),
        (unsure, -clear, "worse, cost unclear", False),
        (clear, unsure, "effect unclear, dearer", False),
        (-clear, unsure, "effect unclear, cheaper", False),
        (unsure, unsure, "effect unclear, cost unclear", False),
        (nothing, unsure, "effect unclear, same cost seen", False),
        (unsure, nothing, "no effect seen, cost unclear", False),
        (clear, nothing, "no effect seen, dearer", False),
        (-clear, nothing, "no effect seen, cheaper", False),
        (nothing, nothing, "no difference seen", False),
        (clear, rare, "effect too rare to say, dearer", False),
        (rare, clear, "better, cost too rare to say", False),
    ],
)
def test_every_place_on_the_plane_has_its_words(dearer, lifted, position, has_ratio):
    [found] = costs(runs(p=(100 * dearer, 0.1 * lifted)))
    assert found.position == position
    assert math.isfinite(found.ratio) == has_ratio
    assert math.isfinite(found.ratio_low) == has_ratio
    assert (" CNY (" in found.words()) == has_ratio
    assert found.words().startswith("p: ")
    assert " or " not in found.words()  # no sentence names two cases


def test_where_a_verdict_is_too_rare_to_say_there_is_no_interval():
    [found] = costs(runs(p=(100 * rare, 0.1 * rare)))
    assert (found.effect_verdict, found.cost_verdict) == ("too rare to say", "too rare to say")
    ends = (found.cost_low, found.cost_high, found.staff_hours_low, found.effect_low, found.effect_high)
    assert all(math.isnan(end) for end in ends)
    assert math.isfinite(costs(runs(p=(100 * clear, 0.1 * rare)))[0].cost_low)


def test_a_cost_that_is_the_same_in_all_pairs_has_a_direction_and_no_interval():
    [found] = costs(runs(p=(100.0 + nothing, 0.1 * clear)))
    assert (found.cost_verdict, found.position) == ("higher", "better, dearer")
    assert math.isnan(found.cost_low)


@pytest.mark.parametrize("number", [1, 2, 9])
def test_under_ten_pairs_no_position_and_no_price(number):
    """However large the effects: of two pairs, chance made "dominated" out of a true gain in half of the studies."""
    many = costs(runs(number, p=(np.full(number, 100.0), 0.1 + 0.001 * np.arange(number))))
    assert [(row.position, math.isnan(row.ratio)) for row in many] == [("too few to say", True)]
    assert "too few to say" in many[0].words()


def test_costs_and_effects_of_all_scenarios_are_judged_together():
    """A difference that is clear by itself is so in one of twenty by chance: of forty it is no claim."""
    g = stream(8)
    some = {f"p{k}": (g.normal(0, 1, N), g.normal(0, 1, N)) for k in range(19)}
    edge = WOBBLE + 0.9
    alone, together = costs(runs(p=(edge, edge)))[0], costs(runs(p=(edge, edge), **some))[0]
    assert (alone.effect_verdict, together.effect_verdict) == ("better", "better by itself")
    assert together.position == "better by itself, dearer by itself"


def test_an_effect_that_other_outcomes_make_doubtful_has_no_price():
    """One rule for claims: a price would be a claim, and may not stand where the effect is clear by itself only."""
    g = stream(8)
    edge, dear = WOBBLE + 0.9, 100.0 + 10.0 * WOBBLE
    [alone] = costs(runs(p=(dear, 0.05 * edge)))
    [together] = costs(runs(p=(dear, 0.05 * edge)), [g.normal(0, 1, N) for _ in range(20)])
    assert (alone.effect_verdict, together.effect_verdict) == ("better", "better by itself")
    assert math.isfinite(alone.ratio)
    assert math.isnan(together.ratio)
    assert "CNY" not in together.words()
    assert together.effect == alone.effect


def test_pairs_with_anything_missing_are_dropped():
    frame = runs(14, p=(100.0, 0.05)).reset_index(drop=True)
    frame.loc[0, "cost"] = np.nan
    frame.loc[14 + 2, "severe_time"] = np.nan
    [found] = costs(frame.drop(index=14 + 3))
    assert (found.n, found.dropped) == (11, 3)
    [few] = costs(frame[frame["replicate"].isin([0, 2])])
    assert (few.n, few.position) == (0, "not known")
    assert few.words() == "p: no pair of runs to compare costs."


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="no column staff_hours"):
        costs(runs(p=(0.0, 0.0)).drop(columns="staff_hours"))


@given(st.integers(0, 10_000), st.integers(3, 40), st.floats(-3, 3), st.floats(0.5, 4))
def test_fiellers_ends_are_just_not_refuted(key, n, cost, effect):
    """At either end, the t test of numerator - ratio x denominator has p = 0.05 exactly."""
    g = stream(key)
    e = g.normal(effect, 1, n)
    c = cost * e + g.normal(0, 1, n)
    ratio, low, high = ratio_interval(c, e)
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
        _, low, high = ratio_interval(c, e)
        held += low <= 4.0 <= high
    assert held / repeats == pytest.approx(0.95, abs=4.5 * (0.95 * 0.05 / repeats) ** 0.5)


def test_a_ratio_takes_two_pairs():
    assert all(math.isnan(number) for number in ratio_interval(np.array([1.0]), np.array([1.0])))


def test_points_scatter_as_means_do_and_belong_together():
    g = stream(4)
    dearer, lifted = g.normal(100, 30, N), g.normal(0.05, 0.02, N)
    points = plane(runs(p=(dearer, lifted), twin=(2 * dearer, lifted)), resamples=20_000, seed=5)
    p, twin = (points[points["scenario"] == name].reset_index(drop=True) for name in ("p", "twin"))
    for column, values in (("effect", lifted), ("cost", dearer)):
        scatter = np.std(values) / N**0.5
        assert p[column].mean() == pytest.approx(np.mean(values), abs=4.5 * scatter / 20_000**0.5)
        assert p[column].std() == pytest.approx(scatter, rel=0.03)
    assert np.corrcoef(p["cost"], p["effect"])[0, 1] == pytest.approx(np.corrcoef(dearer, lifted)[0, 1], abs=0.04)
    assert twin["cost"].to_numpy() == pytest.approx(2 * p["cost"].to_numpy())
    again = plane(runs(p=(dearer, lifted), twin=(2 * dearer, lifted)), resamples=20_000, seed=5)
    pd.testing.assert_frame_equal(points, again)
    other = plane(runs(p=(dearer, lifted)), resamples=20_000, seed=6)
    assert not np.array_equal(other["cost"], p["cost"])


def test_a_plane_takes_two_complete_replicates():
    frame = runs(p=(1.0, 0.1))
    frame.loc[(frame["scenario"] == "p") & (frame["replicate"] > 0), "cost"] = np.nan
    with pytest.raises(ValueError, match="1 of 12 replicates complete over all scenarios"):
        plane(frame)


def points_of(**policies: list[tuple[float, float]]) -> pd.DataFrame:
    """Return points by hand: (effect, cost)."""
    rows = [(name, k, e, c) for name, each in policies.items() for k, (e, c) in enumerate(each)]
    return pd.DataFrame(rows, columns=["scenario", "resample", "effect", "cost"]).assign(pairs=20)


def test_shares_of_the_quarters():
    points = points_of(p=[(1, 1), (1, -1), (-1, 1), (-1, -1), (2, 5), (0, 3), (0, 0), (1, 0)], q=[(1, 1)] * 8)
    found = quadrants(points).set_index("scenario")
    assert found["pairs"].tolist() == [20, 20]
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
    assert set(found["pairs"]) == {20}
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
