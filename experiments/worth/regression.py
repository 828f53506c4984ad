"""Regress gains and costs on some parameters: what is expected of them once these parameters are known.

y = mean + b'z + e, with z the parameters, their squares and their products, each scaled to a variance of 1; b is normal
with one variance for all features, and e is what other parameters and chance add. Both variances, and the weight of
squares and products beside single parameters, come from restricted maximum likelihood, so that parameters that explain
nothing get nothing, however many they are (Strong, Oakley and Brennan 2014, Medical Decision Making 34, 311-326, use a
Gaussian process; this is one whose kernel is a polynomial of degree two).

A fit drawn towards the mean varies less than what it estimates. Its spread is therefore widened by that of its own
error (Louis 1984). Chance in the means of draws is part of e: the regression averages it out.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.statistics.intervals import Array

_SHARES: Final = np.concatenate([[0.0], np.geomspace(0.005, 0.5, 15), 1.0 - np.geomspace(0.45, 1e-9, 24)])
"""Shares of the variance that the features may explain; the likelihood chooses."""
_WEIGHTS: Final = (0.0, 0.15, 1.0)
"""Variances of the coefficients of squares and products, as multiples of that of single parameters."""


@dataclass(frozen=True, slots=True)
class Features:
    """Parameters, squares and products, scaled by the draws from which they were made.

    Parameters
    ----------
    centre, scale : (parameters,) float arrays
    middle, spread : (features,) float arrays
    """

    centre: Array
    scale: Array
    middle: Array
    spread: Array

    @classmethod
    def of(cls, points: Array) -> "Features":
        """Return the features of points, shape (draws, parameters)."""
        scale = points.std(axis=0)
        scale = np.where(scale > 0.0, scale, 1.0)
        raw = _raw((points - points.mean(axis=0)) / scale)
        spread = raw.std(axis=0)
        return cls(points.mean(axis=0), scale, raw.mean(axis=0), np.where(spread > 1e-12, spread, np.inf))

    def at(self, points: Array) -> Array:
        """Return features of points, shape (points, features)."""
        return np.asarray((_raw((points - self.centre) / self.scale) - self.middle) / self.spread)


def _raw(points: Array) -> Array:
    one, two = np.triu_indices(points.shape[1])
    return np.concatenate([points, points[:, one] * points[:, two]], axis=1)


@dataclass(frozen=True, slots=True)
class Regression:
    """Decompositions of the features of some points, one for each weight of squares and products.

    Parameters
    ----------
    features : Features
    parts : tuple of (weights, u, s, v)
        Weighted features are u diag(s) v'.
    """

    features: Features
    parts: tuple[tuple[Array, Array, Array, Array], ...]

    @classmethod
    def on(cls, points: Array) -> "Regression":
        """Prepare a regression on points, shape (draws, parameters)."""
        features = Features.of(points)
        there = features.at(points)
        singles = points.shape[1]
        parts = []
        for weight in _WEIGHTS:
            weights = np.concatenate([np.ones(singles), np.full(there.shape[1] - singles, weight**0.5)])
            parts.append((weights, *_decomposed(there * weights)))
        return cls(features, tuple(parts))

    def fit(self, values: Array) -> "Fit":
        """Fit each column of values, shape (draws, columns)."""
        middle = values.mean(axis=0)
        centred = values - middle
        likeliest = [_most_likely(centred, u, s) for _, u, s, _ in self.parts]
        best = np.argmax([each[0] for each in likeliest], axis=0)
        coefficients = np.zeros((len(self.features.middle), values.shape[1]))
        for number, ((weights, u, s, v), (_, shrink, widen)) in enumerate(zip(self.parts, likeliest, strict=True)):
            here = best == number
            turned = shrink[:, here] * (u.T @ centred[:, here]) / s[:, None] * widen[here]
            coefficients[:, here] = weights[:, None] * (v @ turned)
        return Fit(self.features, middle, coefficients)


def _decomposed(weighted: Array) -> tuple[Array, Array, Array]:
    """Return u, s and v with weighted = u diag(s) v', by the smaller of both products of the matrix with itself."""
    wide = weighted.shape[1] > weighted.shape[0]
    squares, vectors = np.linalg.eigh(weighted @ weighted.T if wide else weighted.T @ weighted)
    kept = squares > 1e-10 * max(float(squares.max()), 1e-300)
    s, vectors = np.sqrt(squares[kept]), vectors[:, kept]
    other = (weighted.T if wide else weighted) @ vectors / s
    return (vectors, s, other) if wide else (other, s, vectors)


@dataclass(frozen=True, slots=True)
class Fit:
    """What is expected of some columns, given features of the parameters.

    Parameters
    ----------
    features : Features
    middle : (columns,) float array
        Means of the columns.
    coefficients : (features, columns) float array
    """

    features: Features
    middle: Array
    coefficients: Array

    def at(self, points: Array) -> Array:
        """Return what is expected of each column at points, shape (points, columns).

        The columns keep their means: an answer that is not yet known does not change what is expected.
        """
        moved = self.features.at(points) @ self.coefficients
        return np.asarray(self.middle + moved - moved.mean(axis=0))


def _most_likely(centred: Array, u: Array, s: Array) -> tuple[Array, Array, Array]:
    """Return for each column: the largest restricted log likelihood, the shrinkage of directions, the widening."""
    freedom = len(centred) - 1
    turned = (u.T @ centred) ** 2
    total = (centred**2).sum(axis=0)
    varies = total > 0.0
    rest = np.maximum(total - turned.sum(axis=0), 0.0)
    best = np.full(centred.shape[1], -np.inf)
    ratio = np.zeros(centred.shape[1])
    for share in _SHARES:
        each = share / (1.0 - share) * freedom / float((s**2).sum())
        inflated = 1.0 + each * s**2
        noise = np.where(varies, ((turned / inflated[:, None]).sum(axis=0) + rest) / freedom, 1.0)
        with np.errstate(divide="ignore"):
            likelihood = -0.5 * (freedom * np.log(noise) + np.log(inflated).sum())
        better = likelihood > best
        best, ratio = np.where(better, likelihood, best), np.where(better & varies, each, ratio)
    power = ratio * (s**2)[:, None]
    shrink = power / (1.0 + power)
    noise = ((turned / (1.0 + power)).sum(axis=0) + rest) / freedom
    seen = (shrink**2 * turned).sum(axis=0)
    lost = noise * shrink.sum(axis=0)
    return best, shrink, np.sqrt(1.0 + np.divide(lost, seen, out=np.zeros_like(seen), where=seen > 0.0))
