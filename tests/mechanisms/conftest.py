"""Paired runs: the same seeds with and without a change, so that only the change differs."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from scipy import stats

from experiments.designs.changes import changed
from sim import load_scenario
from sim.run import Run, run

SEEDS = range(1000, 1016)


@cache
def runs(changes: tuple[tuple[str, float | bool], ...] = (), seeds: range = SEEDS) -> tuple[Run, ...]:
    """Run the baseline, settled for half a year under the change, for a year under every seed."""
    scenario = changed(load_scenario("baseline").with_changes(settling=180), dict(changes))
    return tuple(run(scenario, seed) for seed in seeds)


Statistic = Callable[[Run], float]


def interval(statistic: Statistic, with_it: tuple[Run, ...], without: tuple[Run, ...]) -> tuple[float, float]:
    """Return the 95 % t interval of the mean paired difference, with minus without."""
    differences = np.array([statistic(a) - statistic(b) for a, b in zip(with_it, without, strict=True)])
    half = stats.t.ppf(0.975, len(differences) - 1) * differences.std(ddof=1) / len(differences) ** 0.5
    return float(differences.mean() - half), float(differences.mean() + half)


@pytest.fixture(scope="session")
def effect() -> Callable[..., tuple[float, float]]:
    """Return the interval of a statistic's difference: baseline minus the baseline with these changes."""

    def measure(statistic: Statistic, **changes: float | bool) -> tuple[float, float]:
        paths = tuple((name.replace("__", "."), value) for name, value in changes.items())
        return interval(statistic, runs(), runs(paths))

    return measure


@pytest.fixture(scope="session")
def baseline() -> tuple[Run, ...]:
    """Return the baseline's runs."""
    return runs()


def mean_of(outcome: str) -> Statistic:
    """Return the mean of a daily outcome over the year and centres."""
    return lambda result: float(np.nanmean(result.daily[outcome]))


def total_of(outcome: str) -> Statistic:
    """Return the sum of a daily count over the year and centres."""
    return lambda result: float(result.daily[outcome].sum())
