"""Many runs of the plain Mesa model and of the engine, and how far apart their outcomes are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.plain_mesa import PlainCentre
from sim.outcomes.catalogue import DAILY
from sim.run import run
from sim.scenario.schema.scenario import Scenario

NAMES = tuple(outcome.name for outcome in DAILY)
LAST_DAYS = 28
LARGEST_Z = 4.5
"""Standard errors by which a statistic may differ; chance exceeds them once in 140,000 comparisons."""
LEAST_CHANCE = 0.001
"""Lowest probability accepted for all differences together."""
STATISTICS = (*NAMES, *(f"{name}, last {LAST_DAYS} days" for name in NAMES))
"""Statistics of a run: each daily outcome over all days, and over the last four weeks."""

Runs = np.ndarray[Any, np.dtype[np.float64]]
"""Shape (runs, statistics); NaN where a run has nothing to say, such as on friends without any."""


def means(daily: Runs) -> Runs:
    """Average the daily outcomes, shape (days, outcomes), over all days and over the last ones."""
    return np.concatenate([_mean(daily), _mean(daily[-LAST_DAYS:])])


def _mean(values: Runs) -> Runs:
    """Average over the first dimension without NaN; NaN where nothing is left."""
    known = np.isfinite(values)
    number = known.sum(axis=0)
    return np.where(number > 0, np.where(known, values, 0.0).sum(axis=0) / np.maximum(number, 1), np.nan)


def plain_runs(scenario: Scenario, seeds: Iterable[int]) -> Runs:
    """Run the plain model once for each seed."""
    rows = []
    for seed in seeds:
        model = PlainCentre(scenario, rng=seed)
        model.live()
        kept = model.datacollector.model_vars
        rows.append(means(np.array([kept[name] for name in NAMES]).T))
    return np.array(rows)


def engine_runs(scenario: Scenario, seeds: Iterable[int]) -> Runs:
    """Run the engine once for each seed."""
    rows = []
    for seed in seeds:
        daily = run(scenario, seed).daily[:, 0]
        rows.append(means(np.array([daily[name] for name in NAMES]).T))
    return np.array(rows)


def welch(pool: Runs, first: Runs) -> Runs:
    """Return Welch's z for each division of the runs in two and each statistic.

    Parameters
    ----------
    pool : array, shape (runs, statistics)
    first : array of float, shape (divisions, runs)
        1 where a run belongs to the first of the two sets, else 0.

    Returns
    -------
    array, shape (divisions, statistics)
        0 where nothing varies and nothing differs.
    """
    known = np.isfinite(pool)
    values = np.where(known, pool - _mean(pool), 0.0)
    centres, errors = [], []
    for member in (first, 1.0 - first):
        number = np.maximum(member @ known, 2)
        centre = member @ values / number
        centres.append(centre)
        errors.append((member @ values**2 / number - centre**2) / (number - 1))
    difference = centres[0] - centres[1]
    difference[np.abs(difference) < 1e-12] = 0.0
    return difference / np.sqrt(np.maximum(errors[0] + errors[1], 1e-24))


@dataclass(frozen=True)
class Comparison:
    """The distance between two sets of runs.

    Parameters
    ----------
    names : tuple of str
        The statistics.
    z : array
        Welch's z of each.
    chance : float
        How often a random division of the same runs gives at least this sum of squared z; the statistics are
        correlated, so no table of chi-square applies.
    """

    names: tuple[str, ...]
    z: Runs
    chance: float

    @property
    def agrees(self) -> bool:
        """Whether no statistic differs by more than chance allows, and all together do not either."""
        return bool(np.abs(self.z).max() < LARGEST_Z) and self.chance > LEAST_CHANCE

    def __str__(self) -> str:
        order = np.argsort(-np.abs(self.z))[:8]
        most = ", ".join(f"{self.names[k]} z={self.z[k]:.1f}" for k in order)
        return f"as far apart or farther by chance: {self.chance:.4f}; largest: {most}"


def compare(some: Runs, others: Runs, names: tuple[str, ...] = STATISTICS, divisions: int = 2000) -> Comparison:
    """Compare two sets of runs, statistic by statistic and all together."""
    assert some.shape[1] == others.shape[1] == len(names)
    pool = np.concatenate([some, others])
    first = np.zeros((1 + divisions, len(pool)))
    first[:, : len(some)] = 1.0
    found, *divided = welch(pool, np.vstack([first[:1], np.random.default_rng(0).permuted(first[1:], axis=1)]))
    beyond = sum(float((z**2).sum()) >= float((found**2).sum()) for z in divided)
    return Comparison(names, found, (1 + beyond) / (1 + divisions))
