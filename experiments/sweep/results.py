"""What came out of a study, as tables, in the order of the plan; what failed or is missing is NaN, never 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.store.columns import to_frame
from experiments.store.folder import ResultError
from experiments.store.places import STORE
from experiments.store.runs import versions
from experiments.store.runs.plans import COLUMNS, read_plan
from experiments.store.runs.store import RunStore
from experiments.store.runs.tables import MORE, Address
from experiments.store.runs.versions import recorded
from experiments.studies.study import Study
from experiments.sweep.done import days_wanted, parted
from experiments.sweep.ownership import require_own
from experiments.sweep.plan import Planned, addresses, key_of, planned

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Rows = np.ndarray[Any, np.dtype[np.int64]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]

STATES = ("done", "failed", "missing")
"""What can be said of a run: `status` of the table of results."""


class NotKeptError(ResultError):
    """The runs were made by a version that did not keep this."""


def plan_columns(study: Study, runs: Sequence[Planned]) -> list[tuple[str, list[Any]]]:
    """Give the columns of a plan: what tells a run from others, then the value of each factor."""
    columns = [(name, [getattr(run, name) for run in runs]) for name in COLUMNS]
    values = [study.points[run.point] for run in runs]
    return [*columns, *((factor.path, [row[place] for row in values]) for place, factor in enumerate(study.factors))]


def results(study: Study, store: "Path | str | Asked" = STORE, model: str | None = None) -> "pd.DataFrame":
    """Give every run of a study with its factors and outcomes.

    Parameters
    ----------
    study : Study
    store : Path, str or Asked
        Folder of the store, results/store when not given; or what `of_study` found there.
    model : str, optional
        Digest of another version of the model, or its beginning; the present one when not given.

    Returns
    -------
    DataFrame
        A row a run, by point, lever and replicate: `point`, `lever`, `replicate`, the factors by path, `seed`, `key`,
        `scenario`, `model`, `status` ("done", "failed" or "missing"), every outcome (mean over the end of the run), and
        over the whole run `user_years`, `staff_hours_total`, `unserved_total`, `money_total`, `cost`, and its measures
        (`sim.outcomes.measures.MEASURES`).

    Raises
    ------
    ResultError
        When the store holds no such version, or not this study under it.
    """
    asked = of_study(study, store, model)
    runs = asked.source.read("runs")
    names = [name for name in runs.column_names if "@" not in name and name not in ("scenario", "seed", *MORE)]
    rows = asked.done_rows(runs)
    frame = _described(asked, rows)
    values = {name: _taken(runs[name].to_numpy(), rows) for name in names}
    import pandas as pd

    return pd.concat([frame, pd.DataFrame(values, index=frame.index)], axis=1)


def groups(study: Study, store: "Path | str | Asked" = STORE, model: str | None = None) -> "pd.DataFrame":
    """Give the outcomes by group of users, long: a row a run, group and outcome.

    Returns
    -------
    DataFrame
        `point`, `lever`, `replicate`, `group`, `outcome`, `value` (NaN for an empty group), `users`; done runs.
    """
    import pandas as pd

    asked = of_study(study, store, model)
    runs = asked.source.read("runs")
    rows = asked.done_rows(runs)
    is_done = rows >= 0
    known = asked.plan[["point", "lever", "replicate"]][is_done]
    frames = []
    for order, name in enumerate(name for name in runs.column_names if "@" in name and not name.startswith("users@")):
        outcome, _, group = name.partition("@")
        value = _taken(runs[name].to_numpy(), rows)[is_done]
        users = _taken(runs[f"users@{group}"].to_numpy(), rows)[is_done]
        frames.append(known.assign(group=group, outcome=outcome, value=value, users=users, order=order))
    if not frames:
        return known.assign(group="", outcome="", value=np.nan, users=np.nan).head(0)
    whole = pd.concat(frames).rename_axis("run").sort_values(["run", "order"], kind="stable")
    return whole.drop(columns="order").reset_index(drop=True)


def daily(study: Study, store: "Path | str | Asked" = STORE, model: str | None = None) -> "pd.DataFrame":
    """Give the outcomes of each day: a row a run and day, for the runs that are done.

    Returns
    -------
    DataFrame
        `point`, `lever`, `replicate`, `day`, and the outcomes the study keeps by day, as far as that version of the
        model did. Where the length of a run is a factor, each run has the days it had.

    Raises
    ------
    ResultError
        When the study keeps none.
    NotKeptError
        When it kept none under that version.
    """
    import pandas as pd

    if not study.daily:
        raise ResultError(f"{study.file}: the study keeps no days; write `storage: daily` and sweep again")
    asked = of_study(study, store, model)
    if not asked.days:
        said = f"runs of {study.name} with the model {asked.source.version[:12]} were kept without their days"
        raise NotKeptError(f"{asked.source.folder}: {said}")
    lengths, curves = daily_curves(study, asked)
    lasted = np.arange(curves.shape[1]) < lengths[:, None]
    run, day = np.nonzero(lasted)
    frame = asked.plan[["point", "lever", "replicate"]].iloc[run].reset_index(drop=True)
    frame["day"] = day.astype(np.int32)
    places = [study.daily.index(name) for name in asked.days]
    values = pd.DataFrame(curves[lasted][:, places], columns=list(asked.days))
    return pd.concat([frame, values], axis=1)


def daily_curves(study: Study, asked: "Asked") -> tuple[Rows, Numbers]:
    """Give the days of all planned runs, each as long as it was.

    Returns
    -------
    lengths : int array, shape (runs,)
        Days of each run, 0 of one that is not done.
    curves : float array, shape (runs, days of the longest, outcomes)
        The outcomes the study keeps by day; NaN after the end of a run, and where there is none.
    """
    table = asked.source.read("daily")
    named = table["outcome"].to_numpy(zero_copy_only=False)
    lengths = np.zeros(len(asked.plan), dtype=np.int64)
    found = []
    for outcome in study.daily:
        mine = table.filter(named == outcome)
        rows = asked.done_rows(mine)
        lists = mine["values"].combine_chunks()
        if not len(lists):
            continue
        own, taken = np.diff(lists.offsets.to_numpy()), rows >= 0
        lengths[taken] = np.maximum(lengths[taken], own[rows[taken]])
        found.append((study.daily.index(outcome), rows, lists.flatten().to_numpy(), np.cumsum([0, *own])))
    curves = np.full((len(lengths), lengths.max(initial=0) or study.days, len(study.daily)), np.nan)
    for column, rows, values, first in found:
        for run in np.flatnonzero(rows >= 0):
            of_run = values[first[rows[run]] : first[rows[run] + 1]]
            curves[run, : len(of_run), column] = of_run
    return lengths, curves


def failures(study: Study, store: "Path | str | Asked" = STORE, model: str | None = None) -> "pd.DataFrame":
    """Give the runs that failed: where, the error, its origin, and the command that repeats each alone.

    Returns
    -------
    DataFrame
        `point`, `lever`, `replicate`, `seed`, `key`, `where`, `error`, `origin`, `again`, `trace`.
    """
    asked = of_study(study, store, model)
    plan, place = asked.plan, asked.source.folder if isinstance(store, Asked) else store
    table = asked.source.read("failures")
    rows = matched(plan, table)
    failed = np.flatnonzero((rows >= 0) & (asked.done_rows(asked.source.read("runs", [])) < 0))
    frame = plan[["point", "lever", "replicate", "seed"]].iloc[failed].reset_index(drop=True)
    keys = [key_of(plan["scenario"].iloc[run], int(plan["seed"].iloc[run])) for run in failed]
    words = {name: [table[name][int(rows[run])].as_py() for run in failed] for name in ("where", "error", "origin")}
    again = [study.again(place, key) for key in keys]
    traces = [table["trace"][int(rows[run])].as_py() for run in failed]
    return frame.assign(key=keys, **words, again=again, trace=traces)


def opened(store: Path | str, model: str | None = None) -> RunStore:
    """Open a store for reading, at a version of the model.

    Raises
    ------
    ResultError
        When no version, or more than one, has a digest that begins so.
    """
    folder = Path(store)
    if model is None:
        return RunStore(folder, tell=_warned)
    known = recorded(folder, _warned)
    found = [version for version in known if version.name.startswith(model)]
    if len(found) == 1:
        return RunStore(folder, found[0].name, tell=_warned)
    if found:
        found.sort(key=lambda version: version.since)
        if len({version.model for version in found}) == 1:
            return RunStore(folder, found[-1].name, tell=_warned)  # measured in several ways: the latest
    names = ", ".join(version.name[:12] for version in found or known) or "none"
    said = "more than one version begins so" if found else "the store holds no such version of the model"
    raise ResultError(f"{folder}: --model: found {model!r}; {said}, allowed is one of {names}")


def _warned(text: str) -> None:
    """Tell of damage on stderr: a table that is read with parts missing must not pass for a whole one."""
    import sys

    print(text, file=sys.stderr)


@dataclass(frozen=True, slots=True)
class Asked:
    """A study under one version of the model in a store.

    Parameters
    ----------
    source : RunStore
    plan : DataFrame
        A row a run: `point`, `lever`, `replicate`, `scenario`, `seed`, the factors.
    days : tuple of str
        Outcomes kept for every day.
    done : set of addresses
        Runs of which the store held all that is kept, when it was asked.
    """

    source: RunStore
    plan: "pd.DataFrame"
    days: tuple[str, ...]
    done: set[Address]

    def done_rows(self, table: "pa.Table") -> Rows:
        """Find each run of the plan that is done in a table of runs or of their days; -1 where it is not."""
        rows = matched(self.plan, table)
        here = [address in self.done for address in _addresses(self.plan)]
        return np.where(here, rows, -1)


def of_study(study: Study, store: Path | str | Asked, model: str | None = None) -> Asked:
    """Open a store for reading, at a version of the model, and find the plan of a study in it.

    What was found can be handed on in place of the store, so that several tables are of one plan and the same runs
    although a sweep goes on meanwhile.

    Raises
    ------
    ResultError
        When the store holds no such version, or not this study under it.
    """
    if isinstance(store, Asked):
        return store
    source = opened(store, model)
    kept = read_plan(source, study.name, source.tell)
    plan, days = plan_of(study, source, kept), days_wanted(study, source, kept)
    whole, without = parted(source, days)
    if number := len(without.intersection(_addresses(plan))):
        source.tell(
            f"{source.folder}: of {number:,} runs of {study.name} the store lacks the days, so they count as missing; "
            "a sweep makes them again, and with `storage: ends` they count as they are"
        )
    return Asked(source, plan, days, whole)


def plan_of(study: Study, source: RunStore, kept: "pa.Table | None") -> "pd.DataFrame":
    """Give the plan of a study under a version: its own under the present one, else as it was last swept.

    With a precision asked for, there may be more replicates than the study begins with.

    Parameters
    ----------
    study : Study
    source : RunStore
    kept : Table, optional
        The plan as last swept.

    Raises
    ------
    ResultError
        When the study has not been swept under that version, or another one of its name has.
    """
    if source.version != versions.present_name():
        if kept is None:
            raise ResultError(
                f"{source.folder}: the study {study.name} has not been swept with the model {source.version[:12]}"
            )
        require_own(study, source)
        return to_frame(kept)
    number = replicates_of(study, source, kept)
    if kept is None and number > study.replicates:
        source.tell(
            f"{source.folder}: there is no plan of {study.name}, so it is taken to have the {number:,} replicates of "
            "which there are runs; a sweep writes the plan again"
        )
    return _frame(study, planned(study, number))


def replicates_of(study: Study, source: RunStore, kept: "pa.Table | None") -> int:
    """Say how many replicates a study has come to: with a precision asked for, as many as it was last swept with.

    Where the plan that says so is lost, as many as there are runs of.
    """
    if not study.precision:
        return study.replicates
    if kept is not None:
        seeds = set(zip(kept["replicate"].to_pylist(), kept["seed"].to_pylist(), strict=True))
        numbers = {number for number, seed in seeds if seed == study.seed_of(number)}
    else:
        mine = {scenario for _, _, scenario in addresses(study)}
        there = {seed for scenario, seed in source.addresses("runs") if scenario in mine}
        numbers = {number for number in range(study.most_replicates) if study.seed_of(number) in there}
    return min(max(study.replicates, 1 + max(numbers, default=0)), study.most_replicates)


def _frame(study: Study, runs: Sequence[Planned]) -> "pd.DataFrame":
    import pandas as pd

    frame = pd.DataFrame(dict(plan_columns(study, runs)))
    return frame.astype({"point": "int32", "replicate": "int32", "seed": "uint64"})


def matched(plan: "pd.DataFrame", table: "pa.Table") -> Rows:
    """Find each run of a plan in a table; int array, shape (runs,): its row, -1 where it is not there."""
    known = {
        address: row
        for row, address in enumerate(zip(table["scenario"].to_pylist(), table["seed"].to_pylist(), strict=True))
    }
    return np.array([known.get(address, -1) for address in _addresses(plan)], dtype=np.int64)


def _addresses(plan: "pd.DataFrame") -> list[Address]:
    return list(zip(plan["scenario"], plan["seed"].tolist(), strict=True))


def _described(asked: Asked, rows: Rows) -> "pd.DataFrame":
    """Put factors, key and status in the order of the table of results."""
    plan, source = asked.plan, asked.source
    failed = matched(plan, source.read("failures", []))
    place = np.where(rows >= 0, 0, np.where(failed >= 0, 1, 2))
    factors = [name for name in plan.columns if name not in COLUMNS]
    frame = plan[["point", "lever", "replicate", *factors, "seed"]].copy()
    keys = [key_of(scenario, seed) for scenario, seed in _addresses(plan)]
    status = [STATES[one] for one in place]
    return frame.assign(key=keys, scenario=plan["scenario"], model=source.version[:32], status=status)


def _taken(values: Any, rows: Rows) -> Numbers:
    """Take rows of a column, NaN where there is none."""
    if not len(values):
        return np.full(len(rows), np.nan)
    return np.where(rows >= 0, values[np.maximum(rows, 0)], np.nan)
