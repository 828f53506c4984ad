"""Means over replicates, with intervals, of measures of whole runs and of groups of users."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np

from experiments.statistics.intervals import mean_of, paired_interval
from experiments.statistics.summary import SCALES
from sim.outcomes.catalogue import OUTCOMES, Better, Outcome
from sim.outcomes.measures import MEASURES


class Mean(TypedDict):
    """A mean over runs, its 95 % interval cut to the scale, and the number of runs in which the mean is defined.

    The interval is NaN if the runs do not vary.
    """

    mean: float
    low: float
    high: float
    replicates: int


class MeasureMean(Mean):
    """The mean of a measure of whole runs; the other columns are those of the catalogue."""

    name: str
    label: str
    unit: str
    better: Better
    meaning: str


class GroupMean(Mean):
    """The mean of an outcome in a group of users; `users` is their mean number over all runs."""

    group: str
    outcome: str
    users: float


def of_runs(runs: Sequence[Mapping[str, float]]) -> list[MeasureMean]:
    """Return the mean of each measure over runs.

    Parameters
    ----------
    runs : sequence of mapping
        The measures of each run, by name (`sim.outcomes.measures.MEASURES`).

    Returns
    -------
    list of MeasureMean
        One row for each measure.
    """
    return [
        {
            "name": measure.name,
            "label": measure.label,
            "unit": measure.unit,
            "better": measure.better,
            "meaning": measure.meaning,
            **_mean(measure, [run[measure.name] for run in runs]),
        }
        for measure in MEASURES
    ]


def of_groups(runs: Sequence[Mapping[tuple[str, str], tuple[float, float]]]) -> list[GroupMean]:
    """Return the mean over runs of each outcome in each group of users.

    Parameters
    ----------
    runs : sequence of mapping
        For each run: value and number of users by group and outcome, as `measures.runs.by_group` returns them. At least
        one run.

    Returns
    -------
    list of GroupMean
        One row for each group and outcome; means are over the runs in which the group is not empty.
    """
    return [
        {
            "group": group,
            "outcome": outcome,
            "users": float(np.mean([run[group, outcome][1] for run in runs])),
            **_mean(OUTCOMES[outcome], [run[group, outcome][0] for run in runs]),
        }
        for group, outcome in runs[0]
    ]


def _mean(outcome: Outcome, values: Sequence[float]) -> Mean:
    """Return the mean of the finite values, its interval, and their number."""
    known = np.array([value for value in values if np.isfinite(value)])
    unbounded = (-np.inf if outcome.unit.startswith("points") else 0.0, np.inf)
    low, high = np.clip(paired_interval(known), *SCALES.get(outcome.unit, unbounded))
    return {"mean": mean_of(known), "low": float(low), "high": float(high), "replicates": len(known)}
