"""Pairs of runs under the same seeds: lining them up, and the statistics of their differences."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from experiments.statistics.summary import direction, interval
from sim.outcomes.catalogue import Better

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

COVERED: Final = 0.95
ROUNDING: Final = 1e-12
"""Differences that vary by less than this share of the values themselves vary by rounding only."""
_DRAWS: Final = 50_000
_CHUNK: Final = 2_000
_KEY: Final = 19_250_101
"""Key of the fixed stream of the Monte Carlo critical value: the same differences always give the same interval."""
_NAN: Final = float("nan")


def order_of(values: "pd.DataFrame", base: str | None = None) -> list[str]:
    """Give the scenarios of a frame, the base first, else in order of appearance.

    Raises
    ------
    ValueError
        When the base is not there or has nothing to be compared with.
    """
    names = [str(name) for name in values["scenario"].unique()]
    base = names[0] if base is None and names else base
    if base not in names:
        raise ValueError(f"there are no runs of the base {base}; scenarios: {', '.join(names) or 'none'}")
    if len(names) < 2:
        raise ValueError(f"{base} has nothing to be compared with: runs of one scenario only")
    return [base, *(name for name in names if name != base)]


def by_scenario(values: "pd.DataFrame", column: str, index: str | list[str] = "replicate") -> "pd.DataFrame":
    """Give a column as a table of pairs: a row a replicate, a column a scenario, NaN where a run is missing.

    Raises
    ------
    ValueError
        When the column is missing or a scenario has a replicate twice.
    """
    keys = ["scenario", *([index] if isinstance(index, str) else index)]
    missing = [name for name in (*keys, column) if name not in values.columns]
    if missing:
        raise ValueError(f"no column {', '.join(missing)}; found: {', '.join(map(str, values.columns))}")
    twice = values[values.duplicated(keys)]
    if len(twice):
        found = ", ".join(f"{key} {twice[key].iloc[0]}" for key in keys)
        raise ValueError(f"two runs of the same {' and '.join(keys)}: {found}")
    wide = values.pivot(index=keys[1:], columns="scenario", values=column).astype(float)
    return wide.where(np.isfinite(wide))


def complete(both: "pd.DataFrame") -> tuple[Array, Array, int]:
    """Give the two columns of a table of pairs where neither is missing, and how many pairs that leaves out."""
    numbers = both.to_numpy(float)
    kept = np.isfinite(numbers).all(axis=1)
    return numbers[kept, 0], numbers[kept, 1], int((~kept).sum())


def interval_of(differences: Array, level: float = 1.0 - COVERED) -> tuple[float, float]:
    """Give the t interval of the mean of differences, missing its target with probability `level`; NaN for one."""
    if len(differences) < 2 or np.isnan(level):
        return _NAN, _NAN
    if np.ptp(differences) == 0.0:
        return float(differences[0]), float(differences[0])
    if level == 1.0 - COVERED:
        return interval(differences)
    from scipy.special import stdtrit

    mean = float(differences.mean())
    half = float(stdtrit(len(differences) - 1, 1.0 - level / 2.0) * differences.std(ddof=1) / len(differences) ** 0.5)
    return mean - half, mean + half


def differences_of(base: Array, other: Array) -> Array:
    """Give other minus base; differences that differ by rounding only are made equal, each being their mean."""
    differences = other - base
    if len(differences):
        size = max(float(np.abs(base).max()), float(np.abs(other).max()))
        if float(np.ptp(differences)) <= ROUNDING * size:
            mean = float(differences.mean())
            return np.full(len(differences), mean if abs(mean) > ROUNDING * size else 0.0)
    return differences


def verdict(differences: Array, low: float, high: float, better: Better) -> str:
    """Say in a word what differences with this interval of their mean are."""
    if len(differences) and not differences.any():
        return "identical"
    if len(differences) < 2:
        return "not known"
    if low <= 0.0 <= high:
        return "no clear difference"
    return direction(low, better)


def share_better(differences: Array, better: Better) -> float:
    """Give the share of differences that are for the better, ties counting half; NaN when that has no meaning."""
    if better == "neither" or not len(differences):
        return _NAN
    signs = np.sign(differences) * (1.0 if better == "higher" else -1.0)
    return float((0.5 + signs / 2.0).mean())


def pairing(base: Array, other: Array) -> float:
    """Give the variance of independent over that of paired differences; see `Contrast`."""
    if len(base) < 2:
        return _NAN
    differences = differences_of(base, other)
    independent = float(base.var(ddof=1) + other.var(ddof=1))
    # Equal numbers may have a mean that is not quite theirs.
    paired = float(differences.var(ddof=1)) if np.ptp(differences) > 0.0 else 0.0
    if paired == 0.0:
        return float("inf") if max(np.ptp(base), np.ptp(other)) > 0.0 else _NAN
    return independent / paired


def simultaneous_level(differences: Array) -> float:
    """Give the level each of several t intervals needs for all to hold together 19 times out of 20.

    Parameters
    ----------
    differences : (replicates, contrasts) float array
        NaN where a pair is missing. A column that does not vary has no studentised difference and is left out.

    Returns
    -------
    float
        One minus the coverage of each interval: 0.05 with one contrast, never below 0.05 / contrasts (Bonferroni).
    """
    import pandas as pd
    from scipy.special import stdtr

    alone = 1.0 - COVERED
    counts = np.isfinite(differences).sum(axis=0)
    varying = [k for k in range(differences.shape[1]) if counts[k] > 1 and np.nanstd(differences[:, k]) > 0.0]
    if len(varying) < 2:
        return alone
    # Columns without common rows are taken for independent, which is the cautious side.
    kept = pd.DataFrame(differences[:, varying])
    correlation = kept.corr(min_periods=3).fillna(0.0).to_numpy(float, copy=True)
    np.fill_diagonal(correlation, 1.0)
    freedom = int(counts[varying].min()) - 1
    critical = float(np.quantile(_largest_t(correlation, freedom), COVERED))
    level = 2.0 * float(stdtr(freedom, -critical))
    return min(max(level, alone / len(varying)), alone)


def _largest_t(correlation: Array, freedom: int) -> Array:
    """Draw the largest |t| of as many studentised means as the correlation has rows."""
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
