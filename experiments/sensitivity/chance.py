"""Chance in a sensitivity analysis: noise between replicates, their resampling, and when nothing is clear.

A replicate has the same seed at every point. A shift of all its runs cancels between points and is no noise, but an
effect of a factor under one seed alone is common to all points, however many. So replicates are resampled in two ways:
anew in each block, and the same in all blocks, one fewer than there are, because so few drawn in full understate their
spread (McCarthy & Snowden 1985, Vital and Health Statistics 2(95)). The wider interval counts.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.statistics.intervals import Array

Places = NDArray[np.int64]

NOISY: Final = 0.9
"""Share of noise in the variance between points from which nothing is clear."""
LEAST_REPLICATES: Final = 2
"""Fewest replicates that separate an effect from an accident of one seed."""


def replicate_noise(values: Array) -> float:
    """Return the chance variance of a point's mean over replicates, by two-way analysis of variance.

    It comes from the residuals after the means of points and of replicates, with (points - 1) (replicates - 1) degrees
    of freedom, so it leaves out a shift that all points share under one seed. Where runs share nothing it equals the
    variance between replicates over their number.

    Parameters
    ----------
    values : (blocks, points of a block, replicates) float array
        With one replicate the result is NaN.
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
    """Yield, for each resample, the means of its blocks over resampled replicates.

    Parameters
    ----------
    values : (blocks, points of a block, replicates) float array
    blocks : (resamples, blocks drawn) int array
    together : bool
        Whether all blocks share the same replicates, one fewer than there are, or each draws its own. All points of a
        block share them in either case, so that common seeds stay common.

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


def wider(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    """Return the outer ends of two intervals; where one is NaN, those of the other."""
    return float(np.fmin(first[0], second[0])), float(np.fmax(first[1], second[1]))
