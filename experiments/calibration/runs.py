"""Small arrays of many runs, stacked by run, so that statistics can be taken of any resample of runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.calibration.statistics.moments import Moments
from experiments.calibration.statistics.snapshots import Array

BASELINE: Final = "baseline"
PAIRED: Final = "paired"
"""The runs of the baseline whose seeds the variants share."""
FRESHMEN: Final = "freshmen"
SEEN: Final = "seen: "
"""Prefix of the arrays as a survey would find them."""


@dataclass(frozen=True)
class Estimate:
    """A statistic: one value or several, and whether the condition of its target holds.

    Parameters
    ----------
    holds : bool
        Whether the condition beside the range is met.
    short : float
        How far the condition is from being met, as a share; 0 when it is met.
    """

    values: tuple[float, ...]
    holds: bool = True
    short: float = 0.0


def single(value: float) -> Estimate:
    """Return an estimate of one value without a condition."""
    return Estimate((float(value),))


def conditional(value: float, found: float, least: float) -> Estimate:
    """Return an estimate of one value, on condition that another exceeds a least value."""
    holds = bool(found > least)
    short = 0.0 if holds else min(1.0, (least - found) / max(abs(least), 1e-9)) if np.isfinite(found) else 1.0
    return Estimate((float(value),), holds, float(short))


@dataclass(frozen=True)
class Runs:
    """Arrays by set-up and name, each with the runs along its first dimension."""

    parts: Mapping[str, Mapping[str, Array]]

    def of(self, setup: str, name: str) -> Array:
        """Return an array, shape (runs, ...)."""
        return self.parts[setup][name]

    def seen(self) -> "Runs":
        """Return the runs as a survey would find them, where that was kept."""
        return Runs({setup: dict(names) | _seen(names) for setup, names in self.parts.items()})

    def total(self, setup: str, name: str) -> Array:
        """Return the sum over runs."""
        return np.asarray(self.of(setup, name).sum(axis=0))

    def moments(self, setup: str, name: str, columns: Sequence[str]) -> Moments:
        """Return the summed cross products of columns."""
        return Moments(tuple(columns), self.total(setup, name))

    def picked(self, setup: str, at: Array) -> dict[str, Array]:
        """Return the arrays of a set-up at these runs."""
        return {name: array[at] for name, array in self.parts[setup].items()}


def _seen(names: Mapping[str, Array]) -> dict[str, Array]:
    return {name.removeprefix(SEEN): array for name, array in names.items() if name.startswith(SEEN)}


def as_seen(kept: Mapping[str, Array]) -> dict[str, Array]:
    """Return arrays under the names of what a survey would find."""
    return {SEEN + name: array for name, array in kept.items()}


def stacked(kept: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    """Return the arrays of several runs of a set-up, stacked."""
    return {name: np.array([one[name] for one in kept]) for name in kept[0]} if kept else {}
