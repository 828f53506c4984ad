"""Points that share seeds: against an analysis of variance by hand, simulated truth, and the interval that fails."""

import numpy as np
import pytest
from scipy import stats

from experiments.statistics.crossed import crossed, whole, without_each
from experiments.statistics.intervals import t_interval


def studies(number, points, seeds, of_points, of_seeds, chance, key=1):
    """Return studies whose true mean is 0; the variances are of points, of seeds and of the rest."""
    g = np.random.Generator(np.random.Philox(key))
    return (
        of_points**0.5 * g.standard_normal((number, points, 1))
        + of_seeds**0.5 * g.standard_normal((number, 1, seeds))
        + chance**0.5 * g.standard_normal((number, points, seeds))
    )


def test_the_variances_are_those_of_the_two_way_analysis():
    found = crossed(np.array([[1.0, 2.0, 6.0], [3.0, 5.0, 7.0]]))
    # by hand: mean 4; points 3 and 5; seeds 2, 3.5 and 6.5; rest -+ (0, .5, -.5)
    of_points, of_seeds, rest = 3 * 2.0, 2 * 5.25, 1.0 / 2
    total = of_points + of_seeds - rest
    freedom = total**2 / (of_points**2 / 1 + of_seeds**2 / 2 + rest**2 / 2)
    half = stats.t.ppf(0.975, freedom) * (total / 6) ** 0.5
    assert (found.points, found.seeds, found.left_out, found.mean) == (2, 3, 0, 4.0)
    assert (found.low, found.high) == pytest.approx((4 - half, 4 + half))
    assert found.freedom == pytest.approx(freedom)
    assert (found.between_points, found.between_seeds, found.chance) == pytest.approx((5.5 / 3, 10 / 2, 0.5))


@pytest.mark.parametrize(("number", "tolerance"), [(500, 0.02), pytest.param(10_000, 0.0, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("points", "seeds", "parts"),
    [(40, 4, (1.0, 1.0, 1.0)), (200, 4, (0.1, 0.5, 1.0)), (10, 10, (1.0, 1.0, 1.0)), (30, 20, (0.0, 1.0, 1.0)),
     (200, 4, (1.0, 0.1, 1.0)), (40, 4, (1.0, 0.1, 1.0))],
)  # fmt: skip
def test_the_interval_holds_the_mean_as_often_as_it_promises_and_that_of_independent_points_does_not(
    points, seeds, parts, number, tolerance
):
    made = studies(number, points, seeds, *parts)
    ends = np.array([(found.low, found.high) for found in map(crossed, made)])
    held = np.mean((ends[:, 0] <= 0.0) & (ends[:, 1] >= 0.0))
    assert 0.93 - tolerance <= held <= 0.97 + tolerance
    alone = np.array([t_interval(each.mean(axis=1)) for each in made])
    assert np.mean((alone[:, 0] <= 0.0) & (alone[:, 1] >= 0.0)) < 0.90


def test_variances_are_right_on_average():
    made = [crossed(each) for each in studies(800, 12, 8, 2.0, 1.5, 3.0)]
    for name, expected in (("between_points", 2.0), ("between_seeds", 1.5), ("chance", 3.0)):
        values = [getattr(each, name) for each in made]
        assert np.mean(values) == pytest.approx(expected, abs=4.5 * np.std(values) / len(values) ** 0.5)


def test_gaps_cost_the_points_or_the_seeds_that_lack_most():
    values = studies(1, 6, 5, 1.0, 1.0, 1.0)[0]
    values[2, 1] = np.nan
    assert whole(values).shape == (5, 5)
    values[:4, 3] = np.nan
    found = crossed(values)
    assert (found.points, found.seeds, found.left_out) == (5, 4, 25 - 20)
    assert found.mean == pytest.approx(values[np.ix_([0, 1, 3, 4, 5], [0, 1, 2, 4])].mean())
    assert found.words() == "5 values are left out, so that all 5 points have the same 4 seeds."
    values[5], values[:, 0] = np.nan, np.nan  # a point and a seed without any run
    assert whole(values).shape == (4, 3)
    assert whole(np.full((3, 3), np.nan)).size == 0


def test_too_few_seeds_or_no_variation_give_a_mean_without_an_interval():
    for values in (np.arange(10.0).reshape(5, 2), np.arange(4.0)[None, :], np.full((4, 4), 1.5)):
        found = crossed(values)
        assert found.mean == values.mean()
        assert np.isnan([found.low, found.high]).all()
    assert np.isnan(crossed(np.full((3, 3), np.nan)).mean)


def test_without_each_point_and_seed_the_mean_has_nearly_the_same_interval():
    values = studies(1, 30, 6, 1.0, 1.0, 1.0)[0]
    P, S = values.shape
    by_point = np.array([np.delete(values, p, axis=0).mean() for p in range(P)])
    by_seed = np.array([np.delete(values, s, axis=1).mean() for s in range(S)])
    found = crossed(values)
    low, high = without_each(found.mean, by_point, by_seed)
    assert low <= found.low
    assert high - low == pytest.approx(found.high - found.low, rel=0.05)
    assert np.isnan(without_each(1.0, by_point, by_seed[:2])).all()
    assert np.isnan(without_each(1.0, np.ones(4), np.ones(4))).all()
