"""Particles of ABC-SMC: what a generation keeps, the posterior (the last generation), and keyed random streams."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.designs.factor import Factor
from experiments.runs.failures import FailedAttempt
from experiments.statistics.intervals import Array
from experiments.statistics.ranges import Range

if TYPE_CHECKING:
    import pandas as pd

STRONG: Final = 0.4
"""Two parameters with at least this correlation count as tied to each other."""


@dataclass(frozen=True)
class Generation:
    """The particles (parameter sets) that fit within a tolerance.

    Parameters
    ----------
    tolerance : float
        Largest distance allowed, in half widths; infinite in the first generation.
    shares : (particles, parameters) float array
        Place of each particle in the range of each parameter, 0 to 1.
    weights : (particles,) float array
        Weights, which add up to 1.
    distances : (particles,) float array
    statistics : (particles, targets) float array
    attempts : int
        Number of parameter sets drawn until the last particle fitted.
    inadmissible : int
        Number of attempts with values that no scenario allows; they lie outside the prior and were not run.
    failures : tuple of FailedAttempt
        Attempts at which the model failed; whether they fit is unknown.
    undefined : int
        Number of attempts that ran and left a statistic undefined, such as a share of friends where nobody has one;
        they count as misfits.
    """

    tolerance: float
    shares: Array
    weights: Array
    distances: Array
    statistics: Array
    attempts: int
    inadmissible: int = 0
    failures: tuple[FailedAttempt, ...] = ()
    undefined: int = 0

    @property
    def failed(self) -> int:
        """Attempts at which the model failed."""
        return len(self.failures)

    def effective(self) -> float:
        """Return the effective number of particles: the number of equal weight that would carry as much information."""
        return 1.0 / float((self.weights**2).sum())


@dataclass(frozen=True)
class Posterior:
    """The result of a search by ABC-SMC.

    Parameters
    ----------
    factors : tuple of Factor
        The parameters and their prior ranges.
    generations : tuple of Generation
        The last is the posterior.
    stopped : str
        Why the search ended, in words.
    is_cut_short : bool
        Whether it ended only because the schedule has no more generations.
    """

    factors: tuple[Factor, ...]
    targets: tuple[Range, ...]
    generations: tuple[Generation, ...]
    stopped: str
    is_cut_short: bool = False

    def particles(self) -> "pd.DataFrame":
        """Return the particles, one row for each: parameters by path, `weight`, `distance`, statistics by target."""
        import pandas as pd

        last = self.generations[-1]
        frame = pd.DataFrame(values_at(self.factors, last.shares), columns=[factor.path for factor in self.factors])
        statistics = pd.DataFrame(last.statistics, columns=[target.key for target in self.targets])
        return pd.concat([frame.assign(weight=last.weights, distance=last.distances), statistics], axis=1)

    def ensemble(self, number: int, seed: int = 0) -> "pd.DataFrame":
        """Return draws of equal weight from the posterior, by systematic resampling.

        Returns
        -------
        DataFrame
            One row for each draw, in random order, and one column for each parameter's path, as `read_ensemble`
            expects.
        """
        stream = stream_of(seed, "ensemble", number)
        last = self.generations[-1]
        places = (stream.random() + np.arange(number)) / number
        rows = np.minimum(np.searchsorted(np.cumsum(last.weights), places), len(last.weights) - 1)
        frame = self.particles()[[factor.path for factor in self.factors]]
        return frame.iloc[stream.permutation(rows)].reset_index(drop=True)

    def summary(self) -> "pd.DataFrame":
        """Return one row for each parameter: range, posterior mean, SD, quantiles, and how much the targets narrow it.

        `narrowed` is the share by which its variance is below the prior's; near 0, the targets say nothing about it.
        """
        import pandas as pd

        weights = self.generations[-1].weights
        values = values_at(self.factors, self.generations[-1].shares)
        rows = []
        for factor, column in zip(self.factors, values.T, strict=True):
            mean = float(weights @ column)
            variance = float(weights @ (column - mean) ** 2)
            points = weighted_quantiles(column, weights, (0.05, 0.5, 0.95))
            narrowed = 1.0 - variance / prior_variance(factor)
            rows.append((factor.path, factor.low, factor.high, mean, variance**0.5, *points, narrowed))
        columns = ["parameter", "low", "high", "mean", "sd", "q05", "median", "q95", "narrowed"]
        return pd.DataFrame(rows, columns=columns)

    def silent(self) -> list[str]:
        """Return the parameters about which the targets say nothing: chance alone could have narrowed them as much.

        The variance of n draws from a uniform law has a relative standard error of sqrt(0.8 / n). With n effective
        particles, a variance that falls by less than two standard errors may have fallen by chance.
        """
        chance = 2.0 * (0.8 / self.generations[-1].effective()) ** 0.5
        frame = self.summary()
        return [str(name) for name in frame.loc[frame["narrowed"] < chance, "parameter"]]

    def correlations(self) -> "pd.DataFrame":
        """Return the pairs of parameters that the targets tie to each other, the strongest first.

        The weighted correlation of a pair is at least `STRONG`, and at least three standard errors from 0.

        Returns
        -------
        DataFrame
            `first`, `second`, `correlation`.
        """
        import pandas as pd

        last = self.generations[-1]
        centred = last.shares - last.weights @ last.shares
        covariance = (centred * last.weights[:, None]).T @ centred
        spread = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
        correlations = covariance / np.outer(spread, spread)
        least = max(STRONG, 3.0 / last.effective() ** 0.5)
        rows = [
            (self.factors[a].path, self.factors[b].path, float(correlations[a, b]))
            for a in range(len(self.factors))
            for b in range(a + 1, len(self.factors))
            if abs(correlations[a, b]) >= least
        ]
        rows.sort(key=lambda row: -abs(row[2]))
        return pd.DataFrame(rows, columns=["first", "second", "correlation"])

    def history(self) -> "pd.DataFrame":
        """Return one row for each generation: tolerance, attempts, share accepted, effective particles, mean distance.

        `failed` counts attempts at which the model failed, `inadmissible` attempts with values no scenario allows, and
        `undefined` attempts that ran and left a statistic undefined.
        """
        import pandas as pd

        rows = [
            (k, g.tolerance, g.attempts, len(g.weights) / g.attempts, g.effective(), float(g.weights @ g.distances),
             g.failed, g.inadmissible, g.undefined)
            for k, g in enumerate(self.generations)
        ]  # fmt: skip
        columns = ["generation", "tolerance", "attempts", "accepted", "effective", "distance"]
        columns += ["failed", "inadmissible", "undefined"]
        return pd.DataFrame(rows, columns=columns)


def weighted_quantiles(values: Array, weights: Array, levels: Sequence[float]) -> tuple[float, ...]:
    """Return, for each level, the smallest value with at least that share of the weight at or below it."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    places = np.searchsorted(below, np.array(levels) * below[-1] - 1e-12)
    return tuple(float(value) for value in values[order][np.minimum(places, len(values) - 1)])


def values_at(factors: Sequence[Factor], shares: Array) -> Array:
    """Convert shares of the ranges into values, both of shape (points, parameters); whole where they must be.

    Every whole number has an equal share of the range, as in `experiments.designs.factor.Factor.at`.
    """
    low, high = (np.array([getattr(factor, end) for factor in factors]) for end in ("low", "high"))
    values = low + shares * (high - low)
    wholes = np.minimum(low + np.floor(shares * (high - low + 1.0)), high)
    return np.asarray(np.where([factor.whole for factor in factors], wholes, values), dtype=np.float64)


def prior_variance(factor: Factor) -> float:
    """Return the variance of a parameter that is uniform over its range."""
    width = factor.high - factor.low
    return ((width + 1.0) ** 2 - 1.0) / 12.0 if factor.whole else width**2 / 12.0


def keyed(seed: int, *words: int | str) -> int:
    """Return a whole number of 128 bits that depends only on the seed and the words."""
    digest = hashlib.blake2b(repr((seed, *words)).encode(), digest_size=16, person=b"abc")
    return int.from_bytes(digest.digest(), "little")


def stream_of(seed: int, *words: int | str) -> np.random.Generator:
    """Return a random generator that depends only on the seed and the words."""
    return np.random.Generator(np.random.Philox(key=keyed(seed, *words)))
