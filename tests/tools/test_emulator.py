"""The posterior by emulation: found where it is known, wide where nothing is known, and never out of bounds."""

import numpy as np
import pytest

from experiments.statistics.ranges import Range
from tools.emulator import draws, emulated, likelihood

BOUNDS = (0.02, 0.98)
UNIFORM_SD = (BOUNDS[1] - BOUNDS[0]) / np.sqrt(12.0)


@pytest.fixture
def made():
    """Give sets of four parameters and three statistics: of the first, of second plus third, and of nothing."""
    stream = np.random.default_rng(5)
    sets = stream.uniform(0.2, 0.8, (200, 4))
    noise = stream.normal(size=(200, 3)) * 0.02
    statistics = np.column_stack([2.0 * sets[:, 0], sets[:, 1] + sets[:, 2], np.zeros(200)]) + noise
    return sets, statistics


def ranges(first=(0.9, 1.1), second=(0.95, 1.05)):
    return [Range("first", *first), Range("second", *second), Range("nothing", -0.1, 0.1)]


def test_the_regression_finds_the_slopes_and_what_is_left_over(made):
    found = emulated(*made)
    assert np.allclose(found.slopes[:, :2].T, [[2, 0, 0, 0], [0, 1, 1, 0]], atol=0.03)
    assert np.allclose(np.sqrt(found.variances), 0.02, rtol=0.2)
    assert found.explained[0] > 0.99
    assert abs(found.explained[2]) < 0.1


def test_draws_lie_where_the_targets_are_met_and_fill_the_rest_of_the_range(made):
    drawn = draws(emulated(*made), ranges(), BOUNDS, 400, np.random.default_rng(1), steps=1500)
    assert ((drawn >= BOUNDS[0]) & (drawn <= BOUNDS[1])).all()
    # 2 x lies within 1 +- .1: half width .1, standard deviation of the aim .1 / sqrt 3, of the noise .02
    expected = np.hypot(0.1 / np.sqrt(3.0), 0.02) / 2.0
    assert drawn[:, 0].mean() == pytest.approx(0.5, abs=0.01)
    assert drawn[:, 0].std() == pytest.approx(expected, rel=0.15)
    assert drawn[:, 3].std() == pytest.approx(UNIFORM_SD, rel=0.15)
    assert np.corrcoef(drawn[:, 1], drawn[:, 2])[0, 1] < -0.9


def test_a_target_out_of_reach_leaves_the_draws_at_the_bound(made):
    drawn = draws(emulated(*made), ranges(first=(2.4, 2.6)), BOUNDS, 100, np.random.default_rng(1), steps=1500)
    assert drawn[:, 0].mean() > 0.9


def test_a_statistic_known_badly_counts_for_little(made):
    sets, statistics = made
    noisy = statistics + np.random.default_rng(2).normal(size=statistics.shape) * [5.0, 0.0, 0.0]
    drawn = draws(emulated(sets, noisy), ranges(), BOUNDS, 400, np.random.default_rng(1), steps=1500)
    assert drawn[:, 0].std() > 0.8 * UNIFORM_SD


def test_a_minimum_is_met_as_well_by_more(made):
    found, least = emulated(*made), [Range("first", 0.4, 2.0, least=True), *ranges()[1:]]
    low, enough, more = likelihood(
        found, np.array([[0.2, 0.5, 0.5, 0.5], [0.6, 0.5, 0.5, 0.5], [0.8, 0.5, 0.5, 0.5]]), least
    )
    assert low < enough == pytest.approx(more, abs=0.05)


def test_sets_without_a_value_are_left_out_and_too_few_are_refused(made):
    sets, statistics = made
    statistics[::2, 0] = np.nan
    assert emulated(sets, statistics).slopes[0, 0] == pytest.approx(2.0, abs=0.05)
    with pytest.raises(ValueError, match=r"found 6 sets, allowed are 8 or more"):
        emulated(sets[:6], statistics[:6, 1:])
