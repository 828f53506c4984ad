"""How many points fail by chance, and whether they differ by more than chance."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from experiments.robustness.unlike_points import unlike

POINTS, REPLICATES = 160, 4
SIZES = [60, pytest.param(1_000, marks=pytest.mark.slow)]
"""Numbers of studies of which the share of wrong sentences is taken."""


def stream(key: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key))


def study(g: np.random.Generator, apart: float, spread: object) -> np.ndarray:
    """Return differences with a mean of -0.17 whose truth differs between points; all points share seeds."""
    truth = -0.17 + apart * g.standard_normal((POINTS, 1))
    return truth + 0.3 * g.standard_normal((1, REPLICATES)) + spread * g.standard_normal((POINTS, REPLICATES))


@pytest.mark.parametrize("studies", SIZES)
@pytest.mark.parametrize("spread", [2.0, np.geomspace(0.2, 5.0, POINTS)[:, None]], ids=["even", "uneven"])
def test_one_effect_at_all_points_is_seldom_said_to_differ(spread, studies):
    """The same effect everywhere: some 69 of 160 points fail, and every one of them by chance."""
    g, wrong, failing, by_chance = stream(41), [], [], []
    for _ in range(studies):
        values = study(g, 0.0, spread)
        about = unlike(values, 0.0, is_above=True)
        wrong.append(about.p <= 0.05)
        failing.append((values.mean(axis=1) > 0.0).sum())
        by_chance.append(about.by_chance)
    assert np.mean(wrong) <= 0.05 + 3.5 * (0.05 * 0.95 / studies) ** 0.5
    if np.ndim(spread) == 0:
        assert np.mean(by_chance) == pytest.approx(np.mean(failing), rel=0.05)
        assert np.mean(failing) > 60.0


def test_points_that_differ_are_found_and_counted():
    g, found, likely = stream(42), [], []
    for _ in range(40):
        about = unlike(study(g, 1.0, 2.0), 0.0, is_above=True)
        found.append(about.p <= 0.05)
        likely.append(about.likely)
    assert np.mean(found) > 0.9
    assert np.mean(likely) == pytest.approx(POINTS * norm.cdf(-0.17), rel=0.1)


def test_a_limit_from_below_is_the_mirror_of_one_from_above():
    values = study(stream(43), 1.0, 2.0)
    above, below = unlike(values, 0.2, is_above=True), unlike(-values, -0.2, is_above=False)
    assert (above.by_chance, above.likely, above.p) == pytest.approx((below.by_chance, below.likely, below.p))


@pytest.mark.parametrize("shape", [(160, 1), (9, 4)])
def test_few_replicates_or_points_say_nothing(shape):
    about = unlike(stream(44).standard_normal(shape), 0.0, is_above=True)
    assert all(math.isnan(value) for value in (about.by_chance, about.likely, about.p))


def test_values_that_hardly_ever_differ_say_nothing():
    values = np.zeros((POINTS, REPLICATES))
    values[:9, 0] = 0.04
    assert math.isnan(unlike(values, 0.0, is_above=True).by_chance)
    assert math.isnan(unlike(values * 0.0, 0.0, is_above=True).p)
