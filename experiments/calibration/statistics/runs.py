"""Small arrays of many runs, stacked by run, so that statistics can be computed for any resample of runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.calibration.statistics.moments import Moments
from experiments.calibration.statistics.snapshots import Array

BASELINE: Final = "baseline"
PAIRED: Final = "paired"
"""Name of the baseline's runs whose seeds the variants share."""
FRESHMEN: Final = "freshmen"
SEEN: Final = "seen: "
"""Prefix of the names of arrays that a survey's answers give."""


@dataclass(frozen=True)
class Estimate:
    """The values of a statistic, and whether the extra condition of its target holds.

    Parameters
    ----------
    values : tuple of float
        One value for each element of the target.
    holds : bool
        Whether the target's condition, besides its range, is met.
    short : float
        How far the condition is from being met, as a share; 0 when it is met.
    """

    values: tuple[float, ...]
    holds: bool = True
    short: float = 0.0


def single(value: float) -> Estimate:
    """Return an estimate with a single value and no condition."""
    return Estimate((float(value),))


def conditional(value: float, other: float, least: float) -> Estimate:
    """Return an estimate with a single value, on the condition that `other` exceeds `least`."""
    holds = bool(other > least)
    short = 0.0 if holds else min(1.0, (least - other) / max(abs(least), 1e-9)) if np.isfinite(other) else 1.0
    return Estimate((float(value),), holds, float(short))


@dataclass(frozen=True)
class Runs:
    """Arrays by set-up and name; the first dimension of every array is the run."""

    parts: Mapping[str, Mapping[str, Array]]

    def of(self, setup: str, name: str) -> Array:
        """Return the array of this name from a set-up (a scenario that targets need), shape (runs, ...)."""
        return self.parts[setup][name]

    def seen(self) -> "Runs":
        """Return the runs with a survey's arrays in place of the true arrays, as far as runs kept them."""
        return Runs({setup: dict(names) | _seen(names) for setup, names in self.parts.items()})

    def total(self, setup: str, name: str) -> Array:
        """Return the sum of an array over runs."""
        return np.asarray(self.of(setup, name).sum(axis=0))

    def moments(self, setup: str, name: str, columns: Sequence[str]) -> Moments:
        """Return the cross products of columns, summed over runs."""
        return Moments(tuple(columns), self.total(setup, name))

    def picked(self, setup: str, at: Array) -> dict[str, Array]:
        """Return the arrays of a set-up for the runs `at`."""
        return {name: array[at] for name, array in self.parts[setup].items()}


def _seen(names: Mapping[str, Array]) -> dict[str, Array]:
    return {name.removeprefix(SEEN): array for name, array in names.items() if name.startswith(SEEN)}


def as_seen(kept: Mapping[str, Array]) -> dict[str, Array]:
    """Return arrays from a survey's answers, with the prefix `SEEN` on their names."""
    return {SEEN + name: array for name, array in kept.items()}


def stacked(kept: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    """Stack the arrays of several runs of a set-up, by name."""
    return {name: np.array([run[name] for run in kept]) for name in kept[0]} if kept else {}
