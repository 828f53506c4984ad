"""Regressions and correlations within runs: each user's values less the run's mean, pooled over runs.

Each run keeps its matrix of cross products. Correlations, partial correlations, coefficients and adjusted R2 follow
from the sum of these matrices over runs, so a resample of runs costs only another sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.calibration.statistics.snapshots import Array


def cross_products(columns: Mapping[str, Array]) -> Array:
    """Return the cross products of a run's columns.

    Parameters
    ----------
    columns : mapping of str to array, shape (users,)

    Returns
    -------
    array, shape (columns + 1, columns + 1)
        Cross products of the centred columns; the last corner holds the degrees of freedom, users less 1. All 0 for
        fewer than two users.
    """
    values = np.array([np.asarray(column, float) for column in columns.values()])
    products = np.zeros((len(values) + 1, len(values) + 1))
    if values.shape[1] < 2:
        return products
    centred = values - values.mean(axis=1, keepdims=True)
    products[:-1, :-1] = centred @ centred.T
    products[-1, -1] = values.shape[1] - 1
    return products


@dataclass(frozen=True)
class Moments:
    """Cross products of named columns within runs, summed over runs.

    Parameters
    ----------
    names : sequence of str
        Names of the columns.
    products : array, shape (columns + 1, columns + 1)
        Sum of `cross_products` over runs.
    """

    names: Sequence[str]
    products: Array

    @property
    def freedom(self) -> float:
        """Degrees of freedom: users of all runs minus the number of runs."""
        return float(self.products[-1, -1])

    def _at(self, names: Sequence[str]) -> list[int]:
        return [self.names.index(name) for name in names]

    def of(self, first: str, second: str) -> float:
        """Return the sum of cross products of two columns."""
        return float(self.products[self._at([first])[0], self._at([second])[0]])

    def deviation(self, name: str) -> float:
        """Return the standard deviation of a column within runs."""
        return (self.of(name, name) / self.freedom) ** 0.5 if self.freedom > 0 else float("nan")

    def coefficients(self, outcome: str, predictors: Sequence[str]) -> dict[str, float]:
        """Return least-squares coefficients of predictors; if these are collinear, the solution of least length."""
        at, to = self._at(predictors), self._at([outcome])[0]
        solved = _solved(self.products[np.ix_(at, at)], self.products[at, to])
        return dict(zip(predictors, solved.tolist(), strict=True))

    def explained(self, outcome: str, predictors: Sequence[str]) -> tuple[float, int]:
        """Return R2 within runs and the number of linearly independent predictors."""
        at, to = self._at(predictors), self._at([outcome])[0]
        total = self.products[to, to]
        if not predictors or total <= 0.0:
            return (0.0, 0) if total > 0.0 else (float("nan"), 0)
        square, right = self.products[np.ix_(at, at)], self.products[at, to]
        scale = _scale(square)
        return float(right @ _solved(square, right) / total), int(
            np.linalg.matrix_rank(square / np.outer(scale, scale), 1e-9)
        )

    def adjusted(self, outcome: str, predictors: Sequence[str]) -> float:
        """Return adjusted R2 within runs: 1 - (1 - R2) f / (f - p), with f = users minus runs, and p predictors."""
        share, number = self.explained(outcome, predictors)
        left = self.freedom - number
        return 1.0 - (1.0 - share) * self.freedom / left if left > 0 else float("nan")

    def correlation(self, first: str, second: str, given: Sequence[str] = ()) -> float:
        """Return the correlation of two columns within runs; with `given`, the partial correlation."""
        a, b = self._at([first])[0], self._at([second])[0]
        left = self.products[np.ix_([a, b], [a, b])].copy()
        if given:
            at = self._at(given)
            across = self.products[np.ix_(at, [a, b])]
            left -= across.T @ _solved(self.products[np.ix_(at, at)], across)
        scale = left[0, 0] * left[1, 1]
        return float(left[0, 1] / scale**0.5) if scale > 0.0 else float("nan")


def _scale(square: Array) -> Array:
    scale = np.sqrt(np.diag(square))
    return np.where(scale > 0.0, scale, 1.0)


def _solved(square: Array, right: Array) -> Array:
    """Solve normal equations with scaled columns; collinear columns share what they explain."""
    scale = _scale(square)
    shaped = right / (scale if right.ndim == 1 else scale[:, None])
    solved = np.linalg.lstsq(square / np.outer(scale, scale), shaped, rcond=1e-9)[0]
    return np.asarray(solved / (scale if right.ndim == 1 else scale[:, None]))
