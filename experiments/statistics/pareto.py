"""The Pareto front: the options that no other option dominates."""

import numpy as np
from numpy.typing import NDArray

from experiments.statistics.intervals import Array


def undominated(values: Array) -> NDArray[np.bool_]:
    """Return which rows no other row dominates; to dominate is to be nowhere higher, and lower in some column.

    Parameters
    ----------
    values : (options, objectives) float array
        Less is better.

    Returns
    -------
    (options,) bool array
    """
    as_low = (values[:, None, :] <= values[None, :, :]).all(axis=2)
    lower = (values[:, None, :] < values[None, :, :]).any(axis=2)
    dominated: NDArray[np.bool_] = (as_low & lower).any(axis=0)
    return ~dominated
