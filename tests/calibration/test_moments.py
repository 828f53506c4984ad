"""Regressions within runs: known answers from one run and from many, and from columns that repeat each other."""

import numpy as np
import pytest

from experiments.calibration.statistics.moments import Moments, cross_products

NAMES = ("x", "y", "z")


def pooled(*runs):
    return Moments(NAMES, sum(cross_products(dict(zip(NAMES, run, strict=True))) for run in runs))


def drawn(count, shift, stream):
    """Return a run in which y = 2 x - z + noise, with a shift of the run for everybody."""
    x, z = stream.standard_normal((2, count))
    return x + shift, 2.0 * x - z + stream.standard_normal(count) + 5.0 * shift, z - shift


def test_what_differs_between_runs_only_counts_for_nothing():
    x = np.array([0.0, 1.0, 2.0])
    found = pooled((x, x[::-1], x), (x + 100.0, x[::-1] + 100.0, x))
    assert found.correlation("x", "y") == pytest.approx(-1.0)
    assert found.freedom == 4.0
    assert found.deviation("x") == pytest.approx(1.0)


def test_coefficients_and_shares_are_those_of_a_regression_on_values_less_the_means_of_runs():
    stream = np.random.default_rng(1)
    runs = [drawn(40, shift, stream) for shift in (0.0, 3.0, -2.0)]
    found = pooled(*runs)
    x, y, z = (np.concatenate([run[k] - run[k].mean() for run in runs]) for k in range(3))
    expected, residual, *_ = np.linalg.lstsq(np.column_stack([x, z]), y, rcond=None)
    assert list(found.coefficients("y", ["x", "z"]).values()) == pytest.approx(expected)
    share = 1.0 - residual[0] / (y @ y)
    assert found.explained("y", ["x", "z"]) == (pytest.approx(share), 2)
    assert found.adjusted("y", ["x", "z"]) == pytest.approx(1.0 - (1.0 - share) * 117 / 115)


def test_a_partial_correlation_is_that_of_what_is_left():
    stream = np.random.default_rng(2)
    x, y, z = drawn(200, 0.0, stream)

    def left(values):
        centred, given = values - values.mean(), z - z.mean()
        return centred - given * (given @ centred) / (given @ given)

    assert pooled((x, y, z)).correlation("x", "y", ["z"]) == pytest.approx(np.corrcoef(left(x), left(y))[0, 1])


def test_a_column_that_repeats_another_adds_nothing():
    stream = np.random.default_rng(3)
    x, y, _ = drawn(50, 0.0, stream)
    found = pooled((x, y, 3.0 * x))
    assert found.explained("y", ["x", "z"]) == (pytest.approx(found.explained("y", ["x"])[0]), 1)
    assert found.adjusted("y", ["x", "z"]) == pytest.approx(found.adjusted("y", ["x"]))


def test_a_column_that_never_varies_explains_nothing():
    x = np.array([1.0, 2.0, 4.0])
    found = pooled((np.ones(3), x, x))
    assert found.explained("y", ["x"]) == (0.0, 0)
    assert np.isnan(found.correlation("x", "y"))
    assert np.isnan(found.explained("x", ["y"])[0])


def test_one_user_says_nothing():
    one = np.ones(1)
    assert not cross_products({"x": one, "y": one}).any()
    assert np.isnan(pooled((one, one, one)).deviation("x"))
