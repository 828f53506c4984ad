"""Chance in a sensitivity analysis: noise between replicates, resampling of replicates, and when nothing is clear.

A replicate has the same seed at every point. A shift of all its runs cancels between points and is not noise. An effect
that a factor has under one seed only is chance, but more points do not average it out. Replicates are therefore
resampled in two ways: independently in each resampled block, and the same in all blocks, which then stay as they are.
The second way draws one replicate fewer than there are, because drawing as many as so few understates the spread
(McCarthy & Snowden 1985, Vital and Health Statistics 2(95)). The half-width of the interval is the root of the sum of
two squares: the reach of the resamples of the first way, and the standard deviation of those of the second way times
the t quantile for so many replicates. The quantiles of resamples of two replicates would reach only one standard error,
so that an effect of one seed would look clear.
"""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from experiments.sensitivity.formulas import Places
from experiments.statistics.intervals import Array, student, tails

NOISY: Final = 0.9
"""Share of noise in the variance between points at and above which no effect is clear."""
LEAST_REPLICATES: Final = 2
"""Fewest replicates that can separate an effect from chance under one seed."""


def replicate_noise(values: Array) -> float:
    """Return the variance, due to chance, of a point's mean over replicates, by two-way analysis of variance.

    It uses the residuals from the means of points and of replicates, with (points - 1) (replicates - 1) degrees of
    freedom, and so excludes a shift that all points share under one seed. When runs share nothing, its expectation is
    the variance between replicates divided by their number.

    Parameters
    ----------
    values : (blocks, points of a block, replicates) float array
        With fewer than two points or replicates the result is NaN.
    """
    replicates = values.shape[2]
    points = values.reshape(-1, replicates)
    if replicates < LEAST_REPLICATES or len(points) < 2:
        return float("nan")
    left = points - points.mean(axis=1, keepdims=True) - points.mean(axis=0) + points.mean()
    return float((left**2).sum() / ((len(points) - 1) * (replicates - 1)) / replicates)


def tellable(replicates: int, noise_share: float) -> bool:
    """Return whether runs can separate any effect from chance."""
    return replicates >= LEAST_REPLICATES and not noise_share >= NOISY


def drawn_again(values: Array, blocks: Places, together: bool, stream: np.random.Generator) -> Iterator[Array]:
    """Yield, for each resample of blocks, the means of its blocks over resampled replicates.

    Parameters
    ----------
    values : (blocks, points of a block, replicates) float array
    blocks : (resamples, blocks drawn) int array
    together : bool
        Whether all blocks share the same resampled replicates, one fewer than there are, or each block draws its own.
        In both cases all points of a block share them, so that common seeds stay common.

    Yields
    ------
    (blocks drawn, points of a block) float array
    """
    for some in blocks:
        weights = replicate_weights(len(some), values.shape[2], together, stream)
        yield np.asarray(np.einsum("bpr,br->bp", values[some], weights))


def replicate_weights(blocks: int, replicates: int, together: bool, stream: np.random.Generator) -> Array:
    """Return the weight of each replicate in each block of a resample, shape (blocks, replicates)."""
    rows, number = (1, max(1, replicates - 1)) if together else (blocks, replicates)
    runs = stream.integers(replicates, size=(rows, number)) + replicates * np.arange(rows)[:, None]
    weights = np.bincount(runs.ravel(), minlength=rows * replicates).reshape(rows, replicates) / number
    return np.asarray(np.broadcast_to(weights, (blocks, replicates)))


def ends_of(apart: Array, together: Array | None, replicates: int) -> tuple[float, float]:
    """Return how far the 95 % interval of an index reaches below and above it; NaN if too few resamples are finite.

    Parameters
    ----------
    apart, together : (resamples,) float array
        The index from resampled blocks, each with replicates of its own; and from all blocks, with the same resampled
        replicates; None for a single replicate.
    replicates : int
        Number of replicates of the runs.
    """
    low, high = tails(apart)
    if together is None or low != low:
        return low, high
    shared = student(replicates) * float(together[np.isfinite(together)].std(ddof=1))
    return -math.hypot(low, shared), math.hypot(high, shared)
