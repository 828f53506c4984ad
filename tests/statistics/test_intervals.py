"""Intervals of paired differences: formulas, agreement with p values, and coverage."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize, stats

from experiments.statistics.paired import paired_interval, paired_p
from experiments.statistics.verdict import FEWEST, differing, sound_interval


def test_the_interval_of_symmetric_differences_is_students() -> None:
    values = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) + 0.7
    expected = stats.t.interval(0.95, 4, values.mean(), stats.sem(values))
    low, high = paired_interval(values)
    # With no skewness the cubic transformation changes nothing.
    assert (low, high) == pytest.approx(expected)


def test_the_ends_for_skewed_differences_solve_halls_equation() -> None:
    """Hall's transformed statistic equals the t quantile at the end that is farther out than Student's."""
    values = np.array([0.0, 0.1, 0.2, 0.2, 0.4, 0.5, 0.9, 1.5, 2.5, 6.0])
    n, mean, sd = len(values), values.mean(), values.std(ddof=1)
    g = np.mean((values - mean) ** 3) / sd**3

    def transformed(end: float) -> float:
        w = (mean - end) / sd
        return float(np.sqrt(n) * (w + g * w**2 / 3 + g**2 * w**3 / 27 + g / (6 * n)))

    quantile = stats.t.ppf(0.975, n - 1)
    student = stats.t.interval(0.95, n - 1, mean, sd / n**0.5)
    low, high = paired_interval(values)
    hall = optimize.brentq(lambda end: transformed(end) + quantile, mean, mean + 20 * sd)
    assert high == pytest.approx(hall)
    assert high > student[1]
    assert low == pytest.approx(student[0])


@pytest.mark.parametrize("values", [[], [1.0], [2.0, 2.0, 2.0], [0.0] * 20])
def test_without_variation_there_is_no_interval(values: list[float]) -> None:
    assert all(math.isnan(end) for end in paired_interval(np.array(values)))


@given(
    arrays(float, st.integers(2, 25), elements=st.integers(-50, 50).map(float)), st.sampled_from([0.05, 0.01, 0.002])
)
def test_interval_and_p_value_agree(values: np.ndarray, level: float) -> None:
    low, high = paired_interval(values, level)
    if not math.isnan(low):
        assert (paired_p(values) < level) == (low > 0.0 or high < 0.0)


def coverage(draw: object, mean: float, n: int, studies: int = 2000) -> float:
    """Return the share of studies in which the interval of the mean of n draws holds it."""
    stream = np.random.default_rng(n)
    ends = [paired_interval(draw(stream, n)) for _ in range(studies)]  # type: ignore[operator]
    return float(np.mean([low <= mean <= high for low, high in ends]))


@pytest.mark.parametrize("n", [10, 20, 50])
def test_the_interval_covers_skewed_means_better_than_students(n: int) -> None:
    def skewed(stream: np.random.Generator, number: int) -> np.ndarray:
        return stream.exponential(size=number)

    four_sigma = 4.5 * math.sqrt(0.95 * 0.05 / 2000)
    assert 0.93 - four_sigma < coverage(skewed, 1.0, n) < 0.97 + four_sigma


def studies_with_jumps(n: int, share: float, studies: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which studies of n pairs show a jump of 1 on a background of 0.05, and which intervals hold the mean."""
    stream = np.random.default_rng(n)
    jumps = stream.random((studies, n)) < share
    ends = np.array([paired_interval(row) for row in 0.05 * stream.standard_normal((studies, n)) + jumps])
    return jumps.any(axis=1), (ends[:, 0] <= share) & (share <= ends[:, 1])


SIZES = [(400, 0.07), pytest.param(20_000, 0.011, marks=pytest.mark.slow)]
"""Number of studies, and at least three standard errors of their coverage."""


@pytest.mark.parametrize(("studies", "tolerance"), SIZES)
def test_only_jumps_that_no_pair_shows_are_missed(studies: int, tolerance: float) -> None:
    """All 50 pairs differ, so that counting pairs that differ is no guard; studies without a jump show none."""
    seen, held = studies_with_jumps(50, 0.03, studies)
    assert held[seen].mean() > 0.95
    assert held[~seen].mean() < 0.05 + tolerance
    assert held.mean() == pytest.approx(1.0 - 0.97**50, abs=tolerance)


@pytest.mark.parametrize("n", [50, 200])
@pytest.mark.parametrize(("studies", "tolerance"), SIZES)
def test_five_jumps_to_be_expected_are_enough(n: int, studies: int, tolerance: float) -> None:
    assert studies_with_jumps(n, 5.0 / n, studies)[1].mean() > 0.95 - tolerance / 3.0


@pytest.mark.parametrize(("n", "least"), [(10, 0.88), (12, 0.88), (20, 0.91), (50, 0.93)])
@pytest.mark.parametrize(("studies", "tolerance"), SIZES)
def test_long_tails_are_missed_as_often_as_is_said(n: int, least: float, studies: int, tolerance: float) -> None:
    held = coverage(lambda stream, number: stream.lognormal(size=number), math.exp(0.5), n, studies)
    assert least - tolerance < held < 0.96 + tolerance


REAL = pd.read_csv(Path(__file__).with_name("real_pairs.csv"))
"""Differences of shares at the end of 100 years of the baseline under the same seeds, policy minus baseline."""


@pytest.mark.parametrize("policy", REAL["policy"].unique())
@pytest.mark.parametrize("outcome", ["severely_lonely_share", "burdened_share", "lonely_share"])
@pytest.mark.parametrize("n", [20, 50])
def test_the_interval_covers_real_differences_when_enough_of_them_differ(policy: str, outcome: str, n: int) -> None:
    """Severe loneliness differs in less than half of the pairs; the law of the differences is that of the file."""
    differences = REAL.loc[REAL["policy"] == policy, outcome].to_numpy(float)
    stream = np.random.default_rng(n)
    held = []
    for _ in range(1000):
        drawn = stream.choice(differences, n)
        low, high = sound_interval(drawn)
        assert math.isnan(low) == (differing(drawn) < FEWEST)
        if not math.isnan(low):
            held.append(low <= differences.mean() <= high)
    assert len(held) > 300
    assert np.mean(held) >= 0.93
