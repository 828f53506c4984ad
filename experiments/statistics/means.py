"""What runs were as a whole, and their users by group, in short: means over replicates, and how sure they are."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.statistics.intervals import t_interval
from experiments.statistics.summary import SCALES
from sim.outcomes.catalogue import OUTCOMES, Outcome
from sim.outcomes.measures import MEASURES


def of_runs(runs: Sequence[Mapping[str, float]]) -> list[dict[str, Any]]:
    """Sum up the measures of runs.

    Parameters
    ----------
    runs : sequence of mapping
        The measures of each (`sim.outcomes.measures.MEASURES`).

    Returns
    -------
    list of dict
        One a measure: as in the catalogue, with `mean`, `low`, `high` (95 % t interval of the mean, cut to the scale)
        and `replicates`, those in which it is defined and over which these are taken.
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


def of_groups(runs: Sequence[Mapping[tuple[str, str], tuple[float, float]]]) -> list[dict[str, Any]]:
    """Sum up the outcomes of groups of users over runs.

    Parameters
    ----------
    runs : sequence of mapping
        Of each run the value and the number of users by group and daily outcome, as `measures.runs.by_group` gives
        them; at least one.

    Returns
    -------
    list of dict
        One a group and outcome: `group`, `outcome`, `users` (mean number over all runs), and the mean over the runs in
        which the group is not empty, as `of_runs` gives it.
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


def _mean(outcome: Outcome, values: Sequence[float]) -> dict[str, Any]:
    """Return the mean of what is defined, and its interval."""
    known = np.array([value for value in values if np.isfinite(value)])
    unbounded = (-np.inf if outcome.unit.startswith("points") else 0.0, np.inf)
    low, high = np.clip(t_interval(known), *SCALES.get(outcome.unit, unbounded))
    mean = float(known.mean()) if len(known) else float("nan")
    return {"mean": mean, "low": float(low), "high": float(high), "replicates": len(known)}
