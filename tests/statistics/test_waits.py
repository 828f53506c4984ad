"""The share of newcomers with a friend by a day; those still without count while they were there."""

import numpy as np
import pandas as pd
import pytest

from experiments.statistics.pooled import Pooled, mean_difference, mean_interval, pooled
from experiments.statistics.waits import Waits, share_difference, share_found, share_interval, waits_of


def waits(days: list[float], found: list[int], number: int = 1) -> Waits:
    return Waits(np.array(days, float), np.array(found, bool), np.arange(len(days)) % number, number)


def test_the_textbook_example() -> None:
    """Remission under 6-MP (Freireich et al. 1963): survival by Kaplan-Meier as printed in textbooks."""
    days = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    found = [1] * 9 + [0] * 12
    told = share_found(waits(days, found), [5, 6, 7, 10, 13, 16, 22, 23, 35])
    wanted = [1, 0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482, 0.4482]
    np.testing.assert_allclose(told, 1.0 - np.array(wanted), atol=1e-4)


def test_with_everybody_followed_it_is_the_plain_share() -> None:
    assert share_found(waits([10, 20, 30, 40], [1, 1, 1, 1]), [5, 20, 35, 99]).tolist() == [0.0, 0.5, 0.75, 1.0]


def test_beyond_what_was_followed_nothing_is_told() -> None:
    told = share_found(waits([10, 50], [1, 0]), [30, 50, 51])
    assert told[:2].tolist() == [0.5, 0.5]
    assert np.isnan(told[2])
    assert np.isnan(share_found(waits([], []), [1])).all()


def test_censoring_does_not_shorten_the_wait() -> None:
    """Half the newcomers come late; the share by day 100 is that of an exponential wait, the plain median is not."""
    draws = np.random.default_rng(1)
    wait, followed = draws.exponential(150.0, 20_000), draws.uniform(0.0, 200.0, 20_000)
    seen = Waits(np.minimum(wait, followed), wait <= followed, np.zeros(20_000, int), 1)
    assert share_found(seen, [100])[0] == pytest.approx(1 - np.exp(-100 / 150), abs=0.01)
    assert np.median(seen.days[seen.happened]) < 70


def test_waits_are_taken_from_arrival_to_the_event_leaving_or_the_end() -> None:
    nan = np.nan
    frame = pd.DataFrame(
        {
            "replicate": [0, 0, 2],
            "arrived": [10.0, 20.0, 90.0],
            "left": [60.0, 50.0, nan],
            "first_friend": [25.0, nan, nan],
        }
    )
    found = waits_of(frame, "first_friend", 100, 3)
    assert found.days.tolist() == [15.0, 30.0, 9.0]
    assert found.happened.tolist() == [True, False, False]


def test_the_interval_resamples_runs() -> None:
    """Ten people of a run who find a friend at once say no more than one: the interval is that of two runs."""
    alike = Waits(np.array([5.0] * 10 + [50.0] * 10), np.array([True] * 10 + [False] * 10), np.repeat([0, 1], 10), 2)
    low, high = share_interval(alike, [20.0], seed=1)
    assert (low[0], high[0]) == (0.0, 1.0)
    spread = Waits(alike.days, alike.happened, np.arange(20), 20)
    low, high = share_interval(spread, [20.0], seed=1)
    assert 0.2 < low[0] < 0.35
    assert 0.65 < high[0] < 0.8


def test_more_runs_narrow_the_interval_about_the_share() -> None:
    draws = np.random.default_rng(2)
    wait = draws.exponential(100.0, 400)
    seen = Waits(np.minimum(wait, 120.0), wait <= 120.0, np.arange(400), 400)
    low, high = share_interval(seen, [50.0, 365.0], seed=1)
    share = share_found(seen, [50.0])[0]
    assert low[0] < share < high[0]
    assert high[0] - low[0] == pytest.approx(2 * 1.96 * np.sqrt(share * (1 - share) / 400), rel=0.15)
    assert np.isnan([low[1], high[1]]).all()


def test_differences_take_the_same_runs_of_both() -> None:
    """Under the other lever everybody finds a friend; the same people come in each run."""
    base = waits([10, 90] * 20, [1, 0] * 20, 20)
    other = Waits(base.days, np.ones(40, bool), base.runs, 20)
    difference, low, high = share_difference(base, other, [20.0, 90.0], seed=1)
    assert difference.tolist() == [0.0, 0.5]
    assert (low[0], high[0]) == (0.0, 0.0)
    assert low[1] < 0.5 < high[1]


def test_pooled_means_are_over_people_and_resample_runs() -> None:
    runs = pooled(np.array([1.0, np.nan, 4.0]), np.array([3.0, 0.0, 1.0]))
    assert runs.mean == pytest.approx(7.0 / 4.0)
    draws = np.random.default_rng(1)
    some = pooled(draws.normal(10.0, 2.0, 400), np.full(400, 5.0))
    low, high = mean_interval(some, seed=1)
    assert low < 10.0 < high
    assert high - low == pytest.approx(2 * 1.96 * np.std(some.totals / 5.0) / 20.0, rel=0.1)
    more = Pooled(some.totals + some.people, some.people)
    np.testing.assert_allclose(mean_difference(some, more, seed=1), 1.0)
    assert np.isnan(pooled(np.array([np.nan]), np.array([0.0])).mean)
