"""Intervals of a ratio, from resamples or a standard error; those of paired differences are in `paired`."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

COVERED: Final = 0.95
"""Share of studies in which an interval covers its target."""
ALONE: Final = 1.0 - COVERED
"""Share of studies in which a single interval misses its target."""
TAILS: Final = (0.025, 0.975)
"""Quantiles at the ends of the middle 95 %."""
NORMAL: Final = 1.96
"""Half-width of a normal 95 % interval, in standard errors."""
_NAN: Final = float("nan")


def student(number: float, level: float = ALONE) -> float:
    """Return the half-width, in standard errors, of the t interval of the mean of `number` values.

    Parameters
    ----------
    number : float
        Number of values, at least 2; of any other t interval, its degrees of freedom plus 1, whole or not.
    level : float
        Probability with which the interval misses its target.
    """
    from scipy.special import stdtrit  # far quicker to import than scipy.stats

    return float(stdtrit(number - 1, 1.0 - level / 2.0))


def normal_interval(value: float, error: float) -> tuple[float, float]:
    """Return the normal 95 % interval of a value with a standard error."""
    return value - NORMAL * error, value + NORMAL * error


def ratio_interval(numerators: Array, denominators: Array) -> tuple[float, float, float]:
    """Return the ratio of two means of paired numbers, with its 95 % interval (Fieller).

    The interval holds the ratios r for which a t test does not tell the mean of numerator - r denominator from 0:
    r^2 (e^2 - t^2 v_ee) - 2 r (c e - t^2 v_ce) + c^2 - t^2 v_cc <= 0 with means c, e and their (co)variances v.

    Parameters
    ----------
    numerators, denominators : (n,) float arrays
        Paired by position; n at least 2.

    Returns
    -------
    (float, float, float)
        Ratio, low, high; NaN when the interval of the denominator's mean includes 0, as the ratio's is then unbounded.
    """
    n = len(numerators)
    if n < 2:
        return _NAN, _NAN, _NAN
    t2 = student(n) ** 2
    c, e = float(numerators.mean()), float(denominators.mean())
    v = np.cov(numerators, denominators) / n
    square = e**2 - t2 * float(v[1, 1])
    if not square > 0.0:
        return _NAN, _NAN, _NAN
    cross = c * e - t2 * float(v[0, 1])
    last = c**2 - t2 * float(v[0, 0])
    root = max(cross**2 - square * last, 0.0) ** 0.5  # below 0 by rounding only
    return c / e, (cross - root) / square, (cross + root) / square


def bias_corrected(value: float, resamples: Array) -> tuple[float, float, float]:
    """Return the standard error and the bias-corrected 95 % interval of a value, from its resamples.

    A resample holds some runs twice, so some statistics, above all R2, come out higher on average. The ends are
    therefore bias-corrected percentiles (Efron 1987): the quantiles Phi(2 z0 -+ 1.96) of the resamples, with
    z0 = Phi^-1(share of resamples below the value).
    """
    from scipy.special import ndtr, ndtri

    if len(resamples) < 2 or not np.isfinite(value):
        return _NAN, _NAN, _NAN
    below = ((resamples < value).mean() + (resamples <= value).mean()) / 2.0
    shift = ndtri(np.clip(below, 0.5 / len(resamples), 1.0 - 0.5 / len(resamples)))
    low, high = np.quantile(resamples, ndtr(2.0 * shift + ndtri(TAILS)))
    return float(resamples.std(ddof=1)), float(low), float(high)


def middle(values: Array | Sequence[float]) -> tuple[float, float]:
    """Return the 2.5 % and 97.5 % quantiles of values, such as resamples or runs; NaN without values."""
    if not len(values):
        return _NAN, _NAN
    low, high = np.quantile(values, TAILS)
    return float(low), float(high)


def columnwise(resamples: Array) -> tuple[Array, Array]:
    """Return the ends of the middle 95 % of each column of resamples; NaN if less than 95 % of a column is finite."""
    known = np.isfinite(resamples).mean(axis=0) >= 0.95
    low, high = np.full((2, resamples.shape[1]), np.nan)
    if known.any():
        low[known], high[known] = np.nanquantile(resamples[:, known], TAILS, axis=0)
    return low, high


def tails(drawn: Array) -> tuple[float, float]:
    """Return the ends of the middle 95 % of resamples, less their mean; NaN unless more than half are finite."""
    known = drawn[np.isfinite(drawn)]
    if len(known) <= len(drawn) // 2:
        return float("nan"), float("nan")
    low, high = np.quantile(known - known.mean(), [0.5 - COVERED / 2, 0.5 + COVERED / 2])
    return float(low), float(high)


def jackknifed(sums: Array, of: Callable[[Array], tuple[float, ...]]) -> tuple[float, ...]:
    """Return jackknife standard errors, leaving out each group in turn; NaN for fewer than three groups.

    Parameters
    ----------
    sums : array, shape (groups, k)
    of : callable
        Returns the estimates from the sums over groups.
    """
    n = len(sums)
    if n < 3:
        return tuple(float("nan") for _ in of(sums.sum(axis=0)))
    without = np.array([of(sums.sum(axis=0) - group) for group in sums])
    errors = np.sqrt((n - 1) / n * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    return tuple(float(error) for error in errors)
