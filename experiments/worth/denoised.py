"""Means of draws without the chance in them, and matrices that carry one covariance to another.

The mean of a few replicates varies between draws because the parameters do and because of chance. The largest of
several such means is too large on average, and so would be a value of information from them. Analysis of variance tells
the two parts apart (O'Hagan, Stevenson and Madan 2007, Health Economics 16, 1009-1023). The means are then drawn closer
until they vary as the parameters alone make them vary (Louis 1984, Journal of the American Statistical Association 79,
393-398), which keeps the size of the value where each mean alone, drawn together further, would lose it.
"""

import numpy as np

from experiments.statistics.intervals import Array


def chance_between(values: Array) -> Array:
    """Return the covariance of chance in a single replicate: what the draw does not explain, shape (k, k).

    Parameters
    ----------
    values : (draws, replicates, k) float array
        Each draw has seeds of its own. NaN with one replicate.
    """
    draws, replicates, k = values.shape
    if replicates < 2 or draws < 2:
        return np.full((k, k), np.nan)
    flat = (values - values.mean(axis=1, keepdims=True)).reshape(-1, k)
    return np.asarray(flat.T @ flat / (draws * (replicates - 1)))


def denoised(means: Array, chance: Array) -> Array:
    """Return means of draws with the spread that they would have without chance.

    Parameters
    ----------
    means : (draws, k) float array
    chance : (k, k) float array
        Covariance of the chance in a mean: that of a replicate by the number of replicates.
    """
    centre = means.mean(axis=0)
    scale = means.std(axis=0, ddof=1)
    scale = np.where(scale > 0.0, scale, 1.0)
    spread = np.atleast_2d(np.cov((means / scale).T))
    truth = positive(spread - chance / np.outer(scale, scale))
    return np.asarray(centre + ((means - centre) / scale) @ carried(spread, truth).T * scale)


def positive(matrix: Array) -> Array:
    """Return the nearest matrix that can be a covariance: negative eigenvalues become 0."""
    sizes, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(sizes, 0.0)) @ vectors.T)


def carried(given: Array, wanted: Array) -> Array:
    """Return the matrix A that carries a covariance to another, A given A' = wanted, and moves values least.

    Directions in which `given` has no spread stay without. See Gelbrich (1990), Mathematische Nachrichten 147, 185-203.
    """
    sizes, vectors = np.linalg.eigh(given)
    kept = sizes > 1e-12 * max(float(sizes.max()), 0.0)
    if not kept.any():
        return np.zeros_like(given)
    basis, root = vectors[:, kept], np.sqrt(sizes[kept])
    inside = root[:, None] * (basis.T @ wanted @ basis) * root[None, :]
    moved, turns = np.linalg.eigh(inside)
    middle = (turns * np.sqrt(np.maximum(moved, 0.0))) @ turns.T
    return np.asarray(basis @ (middle / np.outer(root, root)) @ basis.T)
