"""Points of a study: those whose runs are all there, and what a lever does at each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.scenario.text.errors import DayroomError

if TYPE_CHECKING:
    import pandas as pd

_COVERED: Final = 0.95


class PointsError(DayroomError, ValueError):
    """What was asked of the points of a study cannot be told, and why."""


@dataclass(frozen=True)
class Points:
    """The points at which every run of some levers is there.

    Parameters
    ----------
    outcome : str
    values : DataFrame
        A row a point and replicate (index `point`, `replicate`), a column a lever.
    planned : int
        Points of the study.
    failed, missing : int
        Runs of these levers that failed, or were not made; their points are left out.
    blank : int
        Runs that are done and have no value of the outcome (a mean over nobody); their points are left out too.
    """

    outcome: str
    values: "pd.DataFrame"
    planned: int
    failed: int
    missing: int
    blank: int

    @property
    def number(self) -> int:
        """Points that are left."""
        return self.values.index.get_level_values("point").nunique()

    @property
    def replicates(self) -> int:
        """Replicates at each point."""
        return len(self.values) // self.number

    @property
    def means(self) -> "pd.DataFrame":
        """Mean over replicates: a row a point, a column a lever."""
        return self.values.groupby(level="point", sort=True).mean()

    def words(self) -> str:
        """Say what was left out and why; empty when nothing was."""
        lost = self.planned - self.number
        if not lost:
            return ""
        kinds = ((self.failed, "failed"), (self.missing, "not made yet"), (self.blank, "without a value"))
        told = " and ".join(f"{count:,} {kind}" for count, kind in kinds if count)
        return f"{lost:,} of {self.planned:,} points are left out, because runs of theirs are missing: {told}."


def complete(runs: "pd.DataFrame", levers: Sequence[str], outcome: str) -> Points:
    """Give the points at which every run of these levers is done and has a value.

    A point with one run less would be judged by other seeds than its neighbours, so it is left out as a whole.

    Parameters
    ----------
    runs : DataFrame
        As `experiments.sweep.results.results` gives them: `point`, `lever`, `replicate`, `status`, outcomes.
    levers : sequence of str
    outcome : str

    Raises
    ------
    PointsError
        When a column is missing, no point is complete, a run is there twice, or one of a point is not there at all.
    """
    wanted = ("point", "lever", "replicate", "status", outcome)
    if missing := [name for name in wanted if name not in runs.columns]:
        there = ", ".join(map(str, runs.columns)) or "none"
        raise PointsError(
            f"the table of runs has no column {' nor '.join(missing)}; its columns: {there}. Give what "
            "experiments.sweep.results gives"
        )
    chosen = runs[runs["lever"].isin(list(levers))]
    twice = chosen[chosen.duplicated(["point", "lever", "replicate"])]
    if len(twice):
        first = twice.iloc[0]
        raise PointsError(
            f"replicate {first['replicate']} of {first['lever']} at point {first['point']} is there twice"
        )
    done = chosen["status"] == "done"
    blank = done & ~np.isfinite(chosen[outcome].astype(float))
    whole = (done & ~blank).groupby(chosen["point"]).all()
    kept = chosen[chosen["point"].map(whole)]
    counts = (int((chosen["status"] == "failed").sum()), int((chosen["status"] == "missing").sum()), int(blank.sum()))
    if kept.empty:
        told = f"{counts[0]:,} runs failed, {counts[1]:,} were not made yet, {counts[2]:,} have no value"
        raise PointsError(f"no point has all runs of {', '.join(levers)} with {outcome}: {told}")
    wide = kept.pivot(index=["point", "replicate"], columns="lever", values=outcome)
    wide = wide.reindex(columns=list(levers)).astype(float)
    if wide.isna().any(axis=None):
        point, replicate, lever = wide.isna().stack().idxmax()
        raise PointsError(f"replicate {replicate} of {lever} at point {point} is not among these runs, nor as missing")
    return Points(outcome, wide, len(whole), *counts)


def mean_and_interval(values: "pd.Series[float]") -> "pd.DataFrame":
    """Give each point's mean over replicates and its 95 % t interval.

    Parameters
    ----------
    values : Series
        Index `point`, `replicate`.

    Returns
    -------
    DataFrame
        Index `point`: `mean`, `low`, `high`, `error` (standard error), `pairs`; NaN where one replicate tells nothing.
    """
    import pandas as pd
    from scipy.stats import t

    by_point = values.groupby(level="point", sort=True)
    number = by_point.size()
    error = by_point.std(ddof=1) / np.sqrt(number)
    reach = error * t.ppf(0.5 + 0.5 * _COVERED, np.maximum(number - 1, 1))
    mean = by_point.mean()
    return pd.DataFrame({"mean": mean, "low": mean - reach, "high": mean + reach, "error": error, "pairs": number})


__all__ = ["Points", "PointsError", "complete", "mean_and_interval"]
