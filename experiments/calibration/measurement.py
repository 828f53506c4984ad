"""Make the runs that statistics need, and compute the statistics with their intervals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from experiments.calibration.run_arrays import kept_of
from experiments.calibration.statistics.catalogue import PATHS, STATISTICS, SURVEYED, setups_of
from experiments.calibration.statistics.runs import BASELINE, FRESHMEN, PAIRED, Estimate, Runs, stacked
from experiments.calibration.statistics.snapshots import Array
from experiments.designs.replicates import replicate_seed
from experiments.runs.executors import Executor, InProcess, none_lost
from experiments.statistics.intervals import bias_corrected
from sim.scenario.schema.scenario import Scenario

RESAMPLES: Final = 200


@dataclass(frozen=True)
class Sizes:
    """Number of runs of each kind of set-up.

    Parameters
    ----------
    baseline, freshmen : int
        Runs of the baseline and of the freshmen.
    paired : int
        Runs of each variant, with the first seeds of the baseline.
    """

    baseline: int = 24
    paired: int = 12
    freshmen: int = 8

    def of(self, setup: str) -> int:
        """Return the number of runs of a set-up."""
        return {BASELINE: max(self.baseline, self.paired), FRESHMEN: self.freshmen}.get(setup, self.paired)


QUICK: Final = Sizes()
"""Number of runs at each point of a search."""


@dataclass(frozen=True)
class Measured:
    """A statistic with its interval, element by element.

    Parameters
    ----------
    errors : tuple of float
        Standard deviations over resamples of runs.
    lows, highs : tuple of float
        95 % intervals over resamples of runs (bias-corrected percentiles).
    surveyed : tuple of float
        The statistic as a survey in the model would find it (`SURVEYED`); empty when no survey measures it.
    """

    estimate: Estimate
    errors: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    surveyed: tuple[float, ...] = ()


def made(
    scenario: Scenario,
    setups: Sequence[str],
    sizes: Sizes = QUICK,
    seed: int = 0,
    first: int = 0,
    workers: Executor | None = None,
) -> Runs:
    """Run set-ups of a scenario and return the arrays kept of each run.

    Parameters
    ----------
    first : int
        Number of the first replicate; use replicates that a search has not seen to judge its result independently.
    workers : Executor, optional
        The executor that makes the runs; the result does not depend on it.
    """
    items = [(setup, replicate_seed(seed, first + k)) for setup in setups for k in range(sizes.of(setup))]
    results = none_lost((workers or InProcess()).each(partial(_kept, scenario), items))
    kept: dict[str, list[Mapping[str, Array]]] = {setup: [] for setup in setups}
    for (setup, _), result in zip(items, results, strict=True):
        kept[setup].append(result)
    parts = {setup: stacked(runs) for setup, runs in kept.items()}
    if BASELINE in parts:
        parts[PAIRED] = {"ends": parts[BASELINE]["ends"][: sizes.paired]}
    return Runs(parts)


def _kept(scenario: Scenario, item: tuple[str, int]) -> dict[str, Array]:
    return kept_of(scenario, *item)


def estimates(runs: Runs, keys: Iterable[str]) -> dict[str, Estimate]:
    """Return the statistics with these keys, computed from runs."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return {key: (STATISTICS | PATHS)[key].take(runs) for key in keys}


def measured(runs: Runs, keys: Iterable[str], resamples: int = RESAMPLES, seed: int = 0) -> dict[str, Measured]:
    """Return statistics of runs, with standard errors and 95 % intervals by bootstrap over runs.

    The bootstrap draws variants together with the baseline's runs of the same seeds, so pairs stay pairs.
    """
    keys = tuple(keys)
    estimated = estimates(runs, keys)
    seen = estimates(runs.seen(), [key for key in keys if key in SURVEYED])
    again = [estimates(each, keys) for each in resampled(runs, resamples, seed)]
    return {
        key: _with_interval(estimated[key], [each[key] for each in again], seen[key].values if key in seen else ())
        for key in keys
    }


def _with_interval(estimate: Estimate, again: Sequence[Estimate], surveyed: tuple[float, ...]) -> Measured:
    columns = np.array([each.values for each in again], float).reshape(len(again), len(estimate.values)).T
    intervals = [
        bias_corrected(value, column[np.isfinite(column)])
        for value, column in zip(estimate.values, columns, strict=True)
    ]
    errors, lows, highs = zip(*intervals, strict=True)
    return Measured(estimate, errors, lows, highs, surveyed)


def resampled(runs: Runs, resamples: int, seed: int) -> Iterator[Runs]:
    """Yield resamples of runs, drawing three groups apart: baseline, freshmen, and pairs of baseline and variants."""
    stream = np.random.default_rng(seed)
    for _ in range(resamples):
        drawn: dict[int, Array] = {}
        parts = {}
        for setup in sorted(runs.parts, key=_apart):
            number = len(next(iter(runs.parts[setup].values())))
            group = _apart(setup)
            if group not in drawn:
                drawn[group] = stream.integers(0, number, number)
            parts[setup] = runs.picked(setup, drawn[group])
        yield Runs(parts)


def _apart(setup: str) -> int:
    """Return the number of the group of set-ups whose runs are drawn together."""
    return {BASELINE: 0, FRESHMEN: 1}.get(setup, 2)


def measure(
    scenario: Scenario,
    keys: Sequence[str],
    sizes: Sizes = QUICK,
    seed: int = 0,
    first: int = 0,
    workers: Executor | None = None,
) -> dict[str, Measured]:
    """Make the runs that statistics need, and return the statistics with intervals."""
    return measured(made(scenario, setups_of(keys), sizes, seed, first, workers), keys)
