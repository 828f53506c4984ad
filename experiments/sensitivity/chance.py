"""What chance leaves to be said: noise between replicates, replicates drawn again, when nothing may be called clear.

A replicate has the same seed at every point. What lifts all its runs alike cancels between points and is no noise; what
a factor does under one seed only is shared by all points, however many there are. So replicates are drawn again in two
ways: anew in each block, and the same ones in all blocks, one fewer than there are, since so few drawn in full would
understate how far they differ (McCarthy & Snowden 1985, Vital and Health Statistics 2(95)). The wider interval counts.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.statistics.intervals import Array

Places = NDArray[np.int64]

NOISY: Final = 0.9
"""From this share of noise in the variance between points on nothing is called clear."""
LEAST_REPLICATES: Final = 2
"""With fewer, an effect cannot be told from an accident of the one seed."""


def replicate_noise(values: Array) -> float:
    """Return the variance of a point's mean over replicates that is chance alone, by two-way analysis of variance.

    What is left of the runs once the means of points and of replicates are taken out, with (points - 1)
    (replicates - 1) degrees of freedom: a shift that all points share under one seed is not in it. Where runs share
    nothing it is the variance between replicates all the same, over their number.

    Parameters
    ----------
    values : (blocks, points of a block, replicates) float array
        NaN comes back with one replicate.
    """
    replicates = values.shape[2]
    points = values.reshape(-1, replicates)
    if replicates < LEAST_REPLICATES or len(points) < 2:
        return float("nan")
    left = points - points.mean(axis=1, keepdims=True) - points.mean(axis=0) + points.mean()
    return float((left**2).sum() / ((len(points) - 1) * (replicates - 1)) / replicates)


def tellable(replicates: int, noise_share: float) -> bool:
    """Return whether any effect may be told from chance at all."""
    return replicates >= LEAST_REPLICATES and not noise_share >= NOISY


def drawn_again(values: Array, blocks: Places, together: bool, stream: np.random.Generator) -> Iterator[Array]:
    """Return, for each resample, the means of its blocks over replicates drawn again.

    Parameters
    ----------
    values : (blocks, points of a block, replicates) float array
    blocks : (resamples, blocks drawn) int array
    together : bool
        Whether the same replicates are drawn for all blocks, one fewer than there are; else anew in each block. The
        same ones at all points of a block either way, so that common seeds stay common.

    Yields
    ------
    (blocks drawn, points of a block) float array
    """
    for some in blocks:
        weights = replicate_weights(len(some), values.shape[2], together, stream)
        yield np.asarray(np.einsum("bpr,br->bp", values[some], weights))


def replicate_weights(blocks: int, replicates: int, together: bool, stream: np.random.Generator) -> Array:
    """Return how much each replicate counts in each block of a resample: float array, shape (blocks, replicates)."""
    rows, number = (1, max(1, replicates - 1)) if together else (blocks, replicates)
    runs = stream.integers(replicates, size=(rows, number)) + replicates * np.arange(rows)[:, None]
    weights = np.bincount(runs.ravel(), minlength=rows * replicates).reshape(rows, replicates) / number
    return np.asarray(np.broadcast_to(weights, (blocks, replicates)))


def wider(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    """Return the outer ends of two intervals; what one of them does not know the other says."""
    return float(np.fmin(first[0], second[0])), float(np.fmax(first[1], second[1]))
