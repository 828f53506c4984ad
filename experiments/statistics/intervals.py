"""Every interval of the project: of a mean, of several means at once, of a ratio, and from resamples of runs."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

COVERED: Final = 0.95
"""Share of studies in which an interval covers its target."""
ALONE: Final = 1.0 - COVERED
"""Share in which an interval that stands alone misses it."""
TAILS: Final = (0.025, 0.975)
"""Quantiles between which the middle 95 % lie."""
NORMAL: Final = 1.96
"""Standard errors to either end of a 95 % interval."""
_DRAWS: Final = 50_000
_CHUNK: Final = 2_000
_KEY: Final = 19_250_101
"""Key of the fixed stream of the Monte Carlo critical value: the same differences always give the same interval."""
_NAN: Final = float("nan")


def student(number: int, level: float = ALONE) -> float:
    """Return how many standard errors a t interval of the mean of so many values reaches to either side.

    Parameters
    ----------
    number : int
        At least 2.
    level : float
        Probability with which the interval misses its target.
    """
    from scipy.special import stdtrit  # far quicker to import than scipy.stats

    return float(stdtrit(number - 1, 1.0 - level / 2.0))


def t_interval(values: Array, level: float = ALONE) -> tuple[float, float]:
    """Return the t interval of the mean of values, one a replicate; NaN for fewer than two."""
    if len(values) < 2:
        return _NAN, _NAN
    mean = float(values.mean())
    half = float(student(len(values), level) * values.std(ddof=1) / np.sqrt(len(values)))
    return mean - half, mean + half


def paired_interval(differences: Array, level: float = ALONE) -> tuple[float, float]:
    """Return the t interval of the mean of paired differences; NaN for fewer than two or a level of NaN.

    Parameters
    ----------
    differences : (pairs,) float array
        Such as `experiments.statistics.pairs.differences_of` gives. Where all are equal, both ends are that value.
    level : float
        Probability with which the interval misses its target; `simultaneous_level` gives it for several at once.
    """
    if len(differences) < 2 or np.isnan(level):
        return _NAN, _NAN
    if np.ptp(differences) == 0.0:
        return float(differences[0]), float(differences[0])
    return t_interval(differences, level)


def simultaneous_level(differences: Array) -> float:
    """Return the level at which several t intervals all hold together in 95 % of studies.

    Parameters
    ----------
    differences : (replicates, contrasts) float array
        NaN where a pair is missing. Columns that do not vary have no studentised difference and do not count.

    Returns
    -------
    float
        One minus the coverage of each interval: 0.05 with one contrast, never below 0.05 / contrasts (Bonferroni).
    """
    import pandas as pd
    from scipy.special import stdtr

    counts = np.isfinite(differences).sum(axis=0)
    varying = [k for k in range(differences.shape[1]) if counts[k] > 1 and np.nanstd(differences[:, k]) > 0.0]
    if len(varying) < 2:
        return ALONE
    # Take columns without common rows for independent, which is cautious.
    kept = pd.DataFrame(differences[:, varying])
    correlation = kept.corr(min_periods=3).fillna(0.0).to_numpy(float, copy=True)
    np.fill_diagonal(correlation, 1.0)
    freedom = int(counts[varying].min()) - 1
    critical = float(np.quantile(_largest_t(correlation, freedom), COVERED))
    level = 2.0 * float(stdtr(freedom, -critical))
    return min(max(level, ALONE / len(varying)), ALONE)


def _largest_t(correlation: Array, freedom: int) -> Array:
    """Draw the largest |t| of correlated studentised means."""
    stream = np.random.Generator(np.random.Philox(_KEY))
    sizes, vectors = np.linalg.eigh(correlation)
    kept = sizes > 1e-10  # correlations of pairs of columns with different gaps may not fit together
    root = vectors[:, kept] * np.sqrt(sizes[kept])
    root /= np.sqrt((root**2).sum(axis=1, keepdims=True))
    draws = []
    for _ in range(_DRAWS // _CHUNK):
        means = stream.standard_normal((_CHUNK, root.shape[1])) @ root.T
        draws.append(np.abs(means / np.sqrt(_variances(stream, root, freedom))).max(axis=1))
    return np.concatenate(draws)


def _variances(stream: np.random.Generator, root: Array, freedom: int) -> Array:
    """Draw sample variances of correlated normal columns of variance 1: the diagonal of a Wishart matrix."""
    rank = root.shape[1]
    if freedom <= rank:
        scores = stream.standard_normal((_CHUNK, freedom, rank)) @ root.T
        return np.asarray((scores**2).sum(axis=1) / freedom)
    # Bartlett (1934): as many numbers as the rank has, squared, however many the degrees of freedom.
    factor = np.tril(stream.standard_normal((_CHUNK, rank, rank)), -1)
    diagonal = np.arange(rank)
    factor[:, diagonal, diagonal] = np.sqrt(stream.chisquare(freedom - diagonal, (_CHUNK, rank)))
    return np.asarray(((root @ factor) ** 2).sum(axis=2) / freedom)


def ratio_interval(numerators: Array, denominators: Array) -> tuple[float, float, float]:
    """Return the ratio of two means of paired numbers and its 95 % interval.

    The interval holds the ratios r at which the mean of numerator - r denominator does not differ from 0 by a t test:
    r^2 (e^2 - t^2 v_ee) - 2 r (c e - t^2 v_ce) + c^2 - t^2 v_cc <= 0 with means c, e and their (co)variances v.

    Parameters
    ----------
    numerators, denominators : (n,) float arrays
        Paired by position; n at least 2.

    Returns
    -------
    (float, float, float)
        Ratio, low, high; NaN when the denominator's mean is not clear of 0: the interval is then unbounded.
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
    """Return standard error and 95 % interval of a value from resamples.

    Bias-corrected percentiles (Efron 1987): a resample holds runs twice, so some statistics, R2 above all, come out
    higher on average; z0 = Phi^-1(share of resamples below the value), ends at Phi(2 z0 -+ 1.96).
    """
    from scipy.special import ndtr, ndtri

    if len(resamples) < 2 or not np.isfinite(value):
        return _NAN, _NAN, _NAN
    below = ((resamples < value).mean() + (resamples <= value).mean()) / 2.0
    shift = ndtri(np.clip(below, 0.5 / len(resamples), 1.0 - 0.5 / len(resamples)))
    low, high = np.quantile(resamples, ndtr(2.0 * shift + ndtri(TAILS)))
    return float(resamples.std(ddof=1)), float(low), float(high)


def middle(values: Array | Sequence[float]) -> tuple[float, float]:
    """Return the ends of the middle 95 % of values, such as resamples or runs; NaN without values."""
    if not len(values):
        return _NAN, _NAN
    low, high = np.quantile(values, TAILS)
    return float(low), float(high)


def columnwise(resamples: Array) -> tuple[Array, Array]:
    """Return the middle 95 % of each column of resamples; NaN where less than 95 % of them are known."""
    known = np.isfinite(resamples).mean(axis=0) >= 0.95
    low, high = np.full((2, resamples.shape[1]), np.nan)
    if known.any():
        low[known], high[known] = np.nanquantile(resamples[:, known], TAILS, axis=0)
    return low, high


def tails(drawn: Array) -> tuple[float, float]:
    """Return how far the ends of the 95 % interval lie from a value; NaN when most resamples have none."""
    known = drawn[np.isfinite(drawn)]
    if len(known) <= len(drawn) // 2:
        return float("nan"), float("nan")
    low, high = np.quantile(known - known.mean(), [0.5 - COVERED / 2, 0.5 + COVERED / 2])
    return float(low), float(high)


def jackknifed(sums: Any, of: Callable[[Any], tuple[float, ...]]) -> tuple[float, ...]:
    """Return standard errors by leaving out one group after the other; NaN for fewer than three.

    Parameters
    ----------
    sums : array, shape (groups, k)
    of : callable
        Estimates of sums over groups.
    """
    n = len(sums)
    if n < 3:
        return tuple(float("nan") for _ in of(sums.sum(axis=0)))
    without = np.array([of(sums.sum(axis=0) - one) for one in sums])
    errors = np.sqrt((n - 1) / n * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    return tuple(float(error) for error in errors)
