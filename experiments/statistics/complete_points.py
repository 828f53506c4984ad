"""Complete points of a study, at which every run is done, and means over the replicates of a point."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics.intervals import student
from experiments.statistics.numbers import clauses, commas, listed
from experiments.statistics.undefined_outcomes import undefined_words
from sim.language import say
from sim.scenario.text.errors import DayroomError

if TYPE_CHECKING:
    import pandas as pd


class PointsError(DayroomError, ValueError):
    """Raised when the points of a study cannot answer a question; the message gives the reason."""


@dataclass(frozen=True)
class Points:
    """The values of an outcome at the points at which all runs of some levers are done.

    Parameters
    ----------
    values : DataFrame
        One row for each point and replicate (index `point`, `replicate`), one column for each lever.
    planned : int
        Points of the study.
    failed, missing : int
        Number of runs of these levers that failed, or were not made; their points are left out.
    blank : int
        Number of runs that are done, but in which the outcome is undefined; their points are left out too.
    """

    outcome: str
    values: "pd.DataFrame"
    planned: int
    failed: int
    missing: int
    blank: int

    @property
    def number(self) -> int:
        """Number of complete points."""
        return self.values.index.get_level_values("point").nunique()

    @property
    def replicates(self) -> int:
        """Number of replicates at each point."""
        return len(self.values) // self.number

    @property
    def means(self) -> "pd.DataFrame":
        """Means over replicates: one row for each point, one column for each lever."""
        return self.values.groupby(level="point", sort=True).mean()

    def words(self) -> str:
        """Return a sentence on the points left out; empty if none is."""
        lost = self.planned - self.number
        if not lost:
            return ""
        counts = [say("{count:,} failed", count=self.failed)] if self.failed else []
        counts += [say("{count:,} not made yet", count=self.missing)] if self.missing else []
        causes = [say("runs of theirs are missing: {counts}", counts=listed(counts))] if counts else []
        causes += [undefined_words(self.outcome, self.blank)] if self.blank else []
        return say(
            "{lost:,} of {planned:,} points are left out, because {causes}.",
            lost=lost,
            planned=self.planned,
            causes=clauses(causes),
        )


def complete(runs: "pd.DataFrame", levers: Sequence[str], outcome: str) -> Points:
    """Return the points at which all runs of these levers are done and have a value.

    A point that lacks a run is left out, because its mean would be over other seeds than those of its neighbours.

    Parameters
    ----------
    runs : DataFrame
        From `experiments.sweep.results.results`: `point`, `lever`, `replicate`, `status`, outcomes.

    Raises
    ------
    PointsError
        When a column is missing, no point is complete, or a run appears twice or not at all.
    """
    wanted = ("point", "lever", "replicate", "status", outcome)
    if missing := [name for name in wanted if name not in runs.columns]:
        there = ", ".join(map(str, runs.columns)) or "none"
        raise PointsError(
            say(
                "the table of runs has no column {missing}; its columns: {there}. Give what experiments.sweep.results "
                "gives",
                missing=" nor ".join(missing),
                there=there,
            )
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
        raise PointsError(
            say(
                "no point has all runs of {levers} with {outcome}: {failed:,} runs failed, {missing:,} were not made "
                "yet, {undefined}",
                levers=commas(levers),
                outcome=outcome,
                failed=counts[0],
                missing=counts[1],
                undefined=undefined_words(outcome, counts[2]),
            )
        )
    wide = kept.pivot(index=["point", "replicate"], columns="lever", values=outcome)
    wide = wide.reindex(columns=list(levers)).astype(float)
    gaps = np.argwhere(wide.isna().to_numpy())
    if len(gaps):
        (point, replicate), lever = wide.index[gaps[0, 0]], wide.columns[gaps[0, 1]]
        raise PointsError(f"replicate {replicate} of {lever} at point {point} is not among these runs, nor as missing")
    return Points(outcome, wide, len(whole), *counts)


def mean_and_interval(values: "pd.Series[float]") -> "pd.DataFrame":
    """Return, for each point, the mean over replicates and its 95 % t interval.

    Parameters
    ----------
    values : Series
        Index `point`, `replicate`.

    Returns
    -------
    DataFrame
        Index `point`; columns `mean`, `low`, `high`, `error` (standard error) and `pairs`. With one replicate `low`,
        `high` and `error` are NaN.
    """
    import pandas as pd

    by_point = values.groupby(level="point", sort=True)
    number = by_point.size()
    error: pd.Series[float] = by_point.std(ddof=1) / np.sqrt(number)
    reach = error * [student(max(each, 2)) for each in number]
    mean = by_point.mean()
    return pd.DataFrame({"mean": mean, "low": mean - reach, "high": mean + reach, "error": error, "pairs": number})
