"""Intervals: of a mean or paired difference, of several at once, of a ratio, from resamples or a standard error."""

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
_DRAWS: Final = 50_000
_CHUNK: Final = 2_000
_KEY: Final = 19_250_101
"""Key of the random stream for the critical value; it is fixed, so the same differences give the same interval."""
_SYMMETRIC: Final = 1e-8
"""Below this skewness Hall's interval is the t interval, but for rounding."""
ROUNDING: Final = 1e-12
"""When differences vary by at most this share of the values, only rounding makes them vary."""
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


def differences_of(base: Array, other: Array) -> Array:
    """Return other minus base; differences that only rounding tells from 0 or from each other become equal."""
    differences = other - base
    if len(differences):
        size = max(float(np.abs(base).max()), float(np.abs(other).max()))
        if float(np.ptp(differences)) <= ROUNDING * size:
            differences = np.full(len(differences), float(differences.mean()))
        differences = np.where(np.abs(differences) <= ROUNDING * size, 0.0, differences)
    return differences


def normal_interval(value: float, error: float) -> tuple[float, float]:
    """Return the normal 95 % interval of a value with a standard error."""
    return value - NORMAL * error, value + NORMAL * error


def paired_interval(differences: Array, level: float = ALONE) -> tuple[float, float]:
    """Return the interval of the mean of paired differences, or of other independent values, skewed or not.

    The interval is the hull of Student's t interval and of Hall's (1992) interval, which a cubic transformation of the
    studentised mean corrects for skewness. With n differences of mean m, standard deviation s and skewness g, and the t
    quantile q, Hall's ends are m - s w, with w = 3 / g ((1 + g (q / sqrt n - g / (6 n)))^(1/3) - 1).

    Parameters
    ----------
    differences : (pairs,) float array
        As `experiments.statistics.intervals.differences_of` returns them.
    level : float
        Probability with which the interval misses its target; `simultaneous_level` returns it for several intervals.

    Returns
    -------
    (float, float)
        NaN for fewer than two differences, differences that do not vary, or a level of NaN.

    Notes
    -----
    With at least `experiments.statistics.verdict.FEWEST` pairs that differ, the interval holds in 94 to 97 % of studies
    on the outcomes of this model. With long tails it still misses: in 5 to 10 % on a lognormal law with sigma = 1 and
    50 to 10 pairs, where t alone misses in 10 to 16 %.

    It is not conservative for jumps. If each pair jumps with probability p, a study of n pairs shows no jump with
    probability (1 - p)^n: 22 % for 50 pairs and p = 3 %. The interval holds in 78 % of such studies, and all that it
    misses are studies without a jump. They look like studies of a law without jumps, so no guard on the differences can
    tell them: refusing fewer than 4 effective pairs, (sum d^2)^2 / sum d^4 about the mean, does not change the 78 %,
    but refuses 37 % of normal studies of 10 pairs. Only more pairs help; five jumps to be expected are enough.

    Source: Hall, P. (1992). On the removal of skewness by transformation. Journal of the Royal Statistical Society B
    54, 221-228.

    Examples
    --------
    >>> import numpy as np
    >>> from dayroom import interval
    >>> low, high = interval(np.array([-1.0, -2.0, -1.5, -0.5, -1.2]))
    >>> print(f"{low:.2f} to {high:.2f}")
    -1.95 to -0.55
    """
    if np.isnan(level) or not _varies(differences):
        return _NAN, _NAN
    n, mean, sd, skewness = _moments(differences)
    quantile = student(n, level)
    ends = [mean + sign * sd * quantile / np.sqrt(n) for sign in (-1.0, 1.0)]
    if abs(skewness) >= _SYMMETRIC:
        for sign in (-1.0, 1.0):
            inside = 1.0 + skewness * (sign * quantile / np.sqrt(n) - skewness / (6.0 * n))
            ends.append(mean - sd * (np.cbrt(inside) - 1.0) / (skewness / 3.0))
    return float(min(ends)), float(max(ends))


def paired_p(differences: Array) -> float:
    """Return the two-sided p value that the mean difference is 0: the larger of the t test's and that of Hall's test.

    It is below a level exactly if `paired_interval` at this level excludes 0.

    Returns
    -------
    float
        NaN for fewer than two differences; if they do not vary, 0 when they differ from 0, otherwise 1.
    """
    from scipy.special import stdtr

    if len(differences) < 2:
        return _NAN
    if not _varies(differences):
        return float(differences[0] == 0.0)
    n, mean, sd, skewness = _moments(differences)
    w = mean / sd
    hall = w + skewness * w**2 / 3.0 + skewness**2 * w**3 / 27.0 + skewness / (6.0 * n)
    # On opposite sides of 0, the two tests leave the direction open.
    if hall * w < 0.0:
        return 1.0
    return float(2.0 * stdtr(n - 1, -np.sqrt(n) * min(abs(w), abs(hall))))


def _varies(values: Array) -> bool:
    return len(values) > 1 and bool(np.ptp(values) > 0.0)


def _moments(values: Array) -> tuple[int, float, float, float]:
    """Return the number, mean, standard deviation and skewness of values that vary."""
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    return len(values), mean, sd, float(np.mean(((values - mean) / sd) ** 3))


def simultaneous_level(differences: Array) -> float:
    """Return the level for several t intervals at which all of them hold together in 95 % of studies.

    Parameters
    ----------
    differences : (replicates, contrasts) float array
        NaN where a pair is missing. Columns that do not vary are ignored: they have no studentised difference.

    Returns
    -------
    float
        One minus the coverage of each interval: 0.05 for one contrast, at least 0.05 / contrasts (Bonferroni).
    """
    import pandas as pd
    from scipy.special import stdtr

    counts = np.isfinite(differences).sum(axis=0)
    varying = [k for k in range(differences.shape[1]) if counts[k] > 1 and np.nanstd(differences[:, k]) > 0.0]
    if len(varying) < 2:
        return ALONE
    # Treat columns without common rows as independent, which makes the intervals wider rather than narrower.
    kept = pd.DataFrame(differences[:, varying])
    correlation = kept.corr(min_periods=3).fillna(0.0).to_numpy(float, copy=True)
    np.fill_diagonal(correlation, 1.0)
    freedom = int(counts[varying].min()) - 1
    critical = float(np.quantile(_largest_t(correlation, freedom), COVERED))
    level = 2.0 * float(stdtr(freedom, -critical))
    return min(max(level, ALONE / len(varying)), ALONE)


def _largest_t(correlation: Array, freedom: int) -> Array:
    """Draw the largest |t| among correlated studentised means, shape (draws,)."""
    stream = np.random.Generator(np.random.Philox(_KEY))
    sizes, vectors = np.linalg.eigh(correlation)
    kept = sizes > 1e-10  # correlations from columns with different gaps may not form a valid matrix
    root = vectors[:, kept] * np.sqrt(sizes[kept])
    root /= np.sqrt((root**2).sum(axis=1, keepdims=True))
    draws = []
    for _ in range(_DRAWS // _CHUNK):
        means = stream.standard_normal((_CHUNK, root.shape[1])) @ root.T
        draws.append(np.abs(means / np.sqrt(_variances(stream, root, freedom))).max(axis=1))
    return np.concatenate(draws)


def _variances(stream: np.random.Generator, root: Array, freedom: int) -> Array:
    """Draw sample variances of correlated normal columns with variance 1: the diagonal of a Wishart matrix."""
    rank = root.shape[1]
    if freedom <= rank:
        scores = stream.standard_normal((_CHUNK, freedom, rank)) @ root.T
        return np.asarray((scores**2).sum(axis=1) / freedom)
    # Bartlett (1934) needs rank^2 numbers, however many the degrees of freedom.
    factor = np.tril(stream.standard_normal((_CHUNK, rank, rank)), -1)
    diagonal = np.arange(rank)
    factor[:, diagonal, diagonal] = np.sqrt(stream.chisquare(freedom - diagonal, (_CHUNK, rank)))
    return np.asarray(((root @ factor) ** 2).sum(axis=2) / freedom)


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
