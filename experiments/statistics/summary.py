"""Summary of runs: each outcome at the start and at the end, its change, and the verdict on the change.

Means over replicates of measures of whole runs and of groups of users stand below.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final, TypedDict

import numpy as np

from experiments.measures.runs import END_DAYS
from experiments.statistics.intervals import COVERED, Array
from experiments.statistics.paired import differences_of
from experiments.statistics.verdict import most_differing, sound_interval, verdicts_among
from sim.outcomes.catalogue import DAILY, OUTCOMES, Better, Outcome, recorded
from sim.outcomes.measures import MEASURES, mean_of
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

START_DAYS: Final = 7
"""Days of the start: the first week has each day of the week once, and little has changed in it."""
SHORT: Final = (
    "loneliness_ucla20",
    "lonely_share",
    "burden",
    "burdened_share",
    "group_identity",
    "belonging_share",
    "ties_at_or_above_friend_out",
    "no_friend_share",
)
"""Names of the outcomes that a reader sees first.

Their changes are judged together, and the changes of all other outcomes together.
"""

SCALES: Final = {
    "20-80": (20.0, 80.0),
    "0-100": (0.0, 100.0),
    "1-7": (1.0, 7.0),
    "0-1": (0.0, 1.0),
    "share": (0.0, 1.0),
}
"""Lowest and highest value of an outcome, by unit; outcomes of other units start at 0."""


@dataclass(frozen=True, slots=True)
class Change:
    """An outcome at the start and at the end of runs.

    Parameters
    ----------
    name, label, unit, better, meaning : str
        As in the catalogue.
    start, end, change : float
        Means over replicates.
    start_low, start_high, end_low, end_high : float
        The 95 % intervals of the mean start and end over replicates, as `of_level` returns them.
    low, high : float
        The 95 % interval of the mean change over replicates; NaN if it does not vary, or too few replicates change.
    verdict : str
        As `experiments.statistics.verdict` words it: "better", "worse", "higher" or "lower", clear among all or "by
        itself"; "no clear change", "no change seen", "too rare to say", "too few to say" or "not known".
    """

    name: str
    label: str
    unit: str
    better: str
    meaning: str
    start: float
    start_low: float
    start_high: float
    end: float
    end_low: float
    end_high: float
    change: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The changes of all outcomes.

    Parameters
    ----------
    changes : tuple of Change
        One change for each outcome, in the order of the catalogue.
    replicates : int
        Number of runs behind the means and intervals.
    days, start_days, end_days : int
        Length in days of the runs, of their start and of their end.
    """

    changes: tuple[Change, ...]
    replicates: int
    days: int
    start_days: int
    end_days: int

    def rows(self) -> list[dict[str, object]]:
        """Return the changes as rows of a table."""
        return [asdict(change) for change in self.changes]

    def table(self) -> "pd.DataFrame":
        """Return a table with one row for each outcome."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def about(self) -> dict[str, object]:
        """Return what applies to all rows: replicates, days of start and end, and the kind of interval."""
        return {
            "replicates": self.replicates,
            "days": self.days,
            "start": {"first_day": 0, "last_day": self.start_days - 1},
            "end": {"first_day": self.days - self.end_days, "last_day": self.days - 1},
            "interval": (
                f"{100.0 * COVERED:.0f} % interval of the mean over replicates, of start and end cut to the scale"
            ),
        }

    def chosen(self, names: Sequence[str] = SHORT) -> list[Change]:
        """Return the changes of the named outcomes, in the order of the names."""
        by_name = {change.name: change for change in self.changes}
        return [by_name[name] for name in names]

    def own(self) -> list[Change]:
        """Return the changes of the outcomes of other packages, which the scenario asks for."""
        known = {outcome.name for outcome in DAILY}
        return [change for change in self.changes if change.name not in known]


def windows(days: int) -> tuple[int, int]:
    """Return the number of days of the start, and of the end."""
    return min(START_DAYS, max(1, days // 2)), min(END_DAYS, max(1, days // 2))


def days_read(days: int) -> list[int]:
    """Return the days of a run that `summarise` reads; the other days need not be in memory."""
    first, last = windows(days)
    return sorted({*range(first), *range(days - last, days)})


def columns_read(own: Iterable[str] = ()) -> list[str]:
    """Return the columns that `summarise` reads, with the outcomes of other packages that the runs record."""
    return list(dict.fromkeys(["replicate", "day", "users", *(outcome.name for outcome in DAILY), *own]))


def summarise(daily: "pd.DataFrame", outcomes: Sequence[Outcome] | None = None) -> Summary:
    """Summarise runs by the change of each outcome.

    Parameters
    ----------
    daily : DataFrame
        The columns `columns_read`; one row for each replicate, centre, and day (at least `days_read`). Counts are added
        up over centres; other outcomes are averaged over centres, weighted by users.
    outcomes : sequence of Outcome, optional
        By default all that the frame has.

    Raises
    ------
    ValueError
        When the frame is empty.

    Examples
    --------
    >>> from dayroom import load_scenario, run_replicates, summarise
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> table = summarise(run_replicates(tiny, 2, seed=1).daily).table()
    >>> table[table["name"] == "users"][["start", "end"]].values.tolist()
    [[25.0, 25.0]]
    """
    if lacking := [name for name in ("replicate", "day") if name not in getattr(daily, "columns", ())]:
        raise InputError(
            f"the frame has no column {', '.join(lacking)}; run_replicates(...).daily has them, and so has a pd.concat "
            "of several daily_frame(run).assign(replicate=...)"
        )
    if daily.empty:
        raise InputError("there is no run to summarise")
    outcomes = recorded(daily.columns) if outcomes is None else outcomes
    days = int(daily["day"].max()) + 1
    first, last = windows(days)
    starts = daily[daily["day"] < first]
    ends = daily[daily["day"] >= days - last]
    count = int(daily["replicate"].nunique())
    pairs = [(_means(starts, outcome), _means(ends, outcome)) for outcome in outcomes]
    changes = [_change(outcome, start, end) for outcome, (start, end) in zip(outcomes, pairs, strict=True)]
    for shown in (True, False):
        family = [k for k, outcome in enumerate(outcomes) if (outcome.name in SHORT) == shown]
        differences = [_known(differences_of(*pairs[k])) for k in family]
        words = verdicts_among(differences, [outcomes[k].better for k in family], "change")
        for k, word in zip(family, words, strict=True):
            changes[k] = replace(changes[k], verdict=word)
    return Summary(tuple(changes), count, days, first, last)


def _means(frame: "pd.DataFrame", outcome: Outcome) -> Array:
    """Return the mean over days of an outcome, for each replicate in rising order."""
    _, replicate = np.unique(frame["replicate"].to_numpy(), return_inverse=True)
    values = frame[outcome.name].to_numpy(float)
    known = np.isfinite(values)
    weights = frame["users"].to_numpy(float) * known
    if outcome.group in ("count", "cost"):
        days = np.array([len(set(frame["day"].to_numpy()))])
        return np.asarray(np.bincount(replicate, np.where(known, values, 0.0)) / days)
    with np.errstate(invalid="ignore"):  # the mean over no users is NaN
        total = np.bincount(replicate, np.where(known, values, 0.0) * weights)
        return np.asarray(total / np.bincount(replicate, weights))


def _known(change: Array) -> Array:
    """Return the changes; none if a replicate has no value, as the mean is then unknown."""
    return change if np.isfinite(change).all() else change[:0]


def _change(outcome: Outcome, start: Array, end: Array) -> Change:
    """Return a change without its verdict."""
    change = differences_of(start, end)
    mean = float(change.mean())
    scale = (0.0, np.inf) if outcome.name.endswith("_sd") else SCALES.get(outcome.unit, (0.0, np.inf))
    low, high = _cut(sound_interval(change), scale[0] - scale[1], scale[1] - scale[0])
    start_low, start_high = of_level(start, *scale)
    end_low, end_high = of_level(end, *scale)
    return Change(
        outcome.name,
        outcome.label,
        outcome.unit,
        outcome.better,
        outcome.meaning,
        start=float(start.mean()),
        start_low=start_low,
        start_high=start_high,
        end=float(end.mean()),
        end_low=end_low,
        end_high=end_high,
        change=mean,
        low=low,
        high=high,
        verdict="",
    )


def of_level(values: Array, least: float, most: float) -> tuple[float, float]:
    """Return the 95 % interval of a mean over runs, cut to a scale.

    Parameters
    ----------
    values : (runs,) float array
    least, most : float
        Ends of the scale; infinite if it has none.

    Returns
    -------
    (float, float)
        If several runs are all at the lower end of a bounded scale, an upper bound of the mean: at most a share
        p = 1 - 0.05^(1/runs) of runs may be elsewhere, so that the mean is at most least + p (most - least). NaN if the
        values do not vary otherwise, or too few differ from 0.
    """
    if len(values) > 1 and np.isfinite(most - least) and (values == least).all():
        return least, least + most_differing(len(values)) * (most - least)
    return _cut(sound_interval(values), least, most)


def _cut(ends: tuple[float, float], least: float, most: float) -> tuple[float, float]:
    """Return an interval cut to a scale; NaN stays NaN."""
    low, high = (float(end) for end in np.clip(ends, least, most))
    return low, high


class Mean(TypedDict):
    """A mean over runs, its 95 % interval cut to the scale, and the number of runs in which the mean is defined.

    The interval is as `of_level` returns it.
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
            **_mean_over_runs(measure, [run[measure.name] for run in runs]),
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
            **_mean_over_runs(OUTCOMES[outcome], [run[group, outcome][0] for run in runs]),
        }
        for group, outcome in runs[0]
    ]


def _mean_over_runs(outcome: Outcome, values: Sequence[float]) -> Mean:
    """Return the mean of the finite values, its interval, and their number."""
    known = np.array([value for value in values if np.isfinite(value)])
    unbounded = (-np.inf if outcome.unit.startswith("points") else 0.0, np.inf)
    low, high = of_level(known, *SCALES.get(outcome.unit, unbounded))
    return {"mean": mean_of(known), "low": low, "high": high, "replicates": len(known)}
