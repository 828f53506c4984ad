"""Outcomes by level: known means and differences, and replicates with a failed run."""

import numpy as np
import pandas as pd
import pytest

from experiments.statistics.levels import Between, between, by_level, interaction

LUCK = np.array([-1.0, 0.0, 1.0, 4.0] * 3)


@pytest.fixture
def runs() -> pd.DataFrame:
    """Return runs with outcome y = 10 size + staff + noise of the replicate (the same everywhere)."""
    luck = LUCK
    rows = [
        (size, staff, k, 10.0 * size + staff + luck[k]) for size in (1, 2) for staff in (0, 5) for k in range(len(LUCK))
    ]
    return pd.DataFrame(rows, columns=["size", "staff", "replicate", "y"])


def test_common_luck_cancels_between_two_levels(runs):
    effect = between(runs, "size", 1, 2, "y")
    assert (effect.difference, effect.pairs, effect.differ) == (10.0, 12, 12)
    assert np.isnan([effect.low, effect.high]).all()  # it does not vary
    assert effect.clear
    assert not between(runs, "size", 1, 1, "y").clear


def test_a_margin_takes_an_interval_over_enough_pairs():
    effect = Between(10.0, 9.5, 10.4, 12)
    assert effect.clear
    assert effect.within(10.5)
    assert not effect.within(10.0)
    assert effect.no_worse(-9.0, "higher")
    few = Between(10.0, 9.5, 10.4, 9)
    assert not (few.clear)
    assert not (few.within(10.5))
    assert not (few.no_worse(-9.0, "higher"))


def test_a_rare_difference_has_no_interval(runs):
    rare = runs.assign(y=runs["y"] * 0.0 + 1.0 * ((runs["size"] == 2) & (runs["replicate"] < 9)))
    effect = between(rare, "size", 1, 2, "y")
    assert (effect.pairs, effect.differ, effect.clear) == (12, 9, False)
    assert np.isnan([effect.low, effect.high]).all()


def test_luck_of_its_own_at_each_level_widens_the_interval(runs):
    noisy = runs.assign(y=runs["y"] + np.random.default_rng(1).normal(size=len(runs)))
    effect = between(noisy, "size", 1, 2, "y")
    assert effect.low < 10.0 < effect.high


def test_a_replicate_with_a_failed_run_is_left_out_of_a_difference(runs):
    runs.loc[(runs["replicate"] == 3) & (runs["size"] == 2) & (runs["staff"] == 5), "y"] = np.nan
    effect = between(runs, "size", 1, 2, "y")
    assert (effect.difference, effect.pairs) == (10.0, 11)


def test_how_much_more_a_factor_does_elsewhere_is_paired(runs):
    more = runs.assign(y=runs["y"] + 3.0 * runs["size"] + np.array([0.0, 0.5, 0.0, 0.5] * 3)[runs["replicate"]])
    found = interaction(runs, more, "size", 1, 2, "y")
    assert (found.difference, found.pairs, found.differ) == (3.0, 12, 12)
    more.loc[(more["replicate"] == 0) & (more["size"] == 1), "y"] = np.nan
    assert interaction(runs, more, "size", 1, 2, "y").pairs == 11


def test_levels_without_runs_are_refused(runs):
    with pytest.raises(ValueError, match="there are no runs at size = 3"):
        between(runs, "size", 1, 3, "y")


def test_means_by_level_are_over_all_else(runs):
    found = by_level(runs, ["size"], ["y"]).set_index("size")
    assert found.loc[2, "mean"] == pytest.approx(20.0 + 2.5 + 1.0)
    assert found.loc[2, "sd"] == pytest.approx(np.std(LUCK, ddof=1))
    assert found.loc[1, "low"] < found.loc[1, "mean"] < found.loc[1, "high"]
    assert list(found["replicates"]) == [12, 12]


def test_what_is_missing_is_counted_and_never_zero(runs):
    runs.loc[runs["size"] == 1, "y"] = np.nan
    found = by_level(runs, ["size", "staff"], ["y"]).set_index(["size", "staff"])
    assert found.loc[(1, 0), "missing"] == 12
    assert np.isnan(found.loc[(1, 0), "mean"])
    assert found.loc[(2, 0), "mean"] == pytest.approx(21.0)


def test_a_mean_that_few_replicates_show_has_no_interval():
    frame = pd.DataFrame({"replicate": range(30), "size": 1, "y": [1.0] * 9 + [0.0] * 21})
    assert np.isnan(by_level(frame, ["size"], ["y"])["low"]).all()
    assert np.isfinite(by_level(frame.assign(y=frame["y"] + 1.0), ["size"], ["y"])["low"]).all()
