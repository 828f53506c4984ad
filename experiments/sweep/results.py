"""Read a study's results as tables, in the order of its plan. Failed and missing runs have NaN, never 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from experiments.store import STORE
from experiments.store.folder import ResultError
from experiments.store.protocol import EVERY_CENTRE
from experiments.store.runs import versions
from experiments.store.runs.plans import COLUMNS, read_plan
from experiments.store.runs.store import RunStore
from experiments.store.runs.tables import EXTENSIONS, MORE, Address, addresses_of
from experiments.store.tables import to_frame
from experiments.studies.reference import StudyLike, study_of
from experiments.studies.study import Study
from experiments.sweep.completion import days_wanted, done_and_without_days
from experiments.sweep.ownership import require_own
from experiments.sweep.plan import Planned, addresses, key_of, planned
from experiments.sweep.source import open_store
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Rows = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

STATES = ("done", "failed", "missing")
"""Values of `status` in the table of results."""


class NotKeptError(ResultError):
    """The version of the model that made the runs did not keep the requested table."""


def plan_columns(study: Study, runs: Sequence[Planned]) -> list[tuple[str, list[object]]]:
    """Return the columns of a plan: those of `COLUMNS`, then the value of each factor."""
    columns = [(name, [getattr(run, name) for run in runs]) for name in COLUMNS]
    values = [study.points[run.point] for run in runs]
    return [*columns, *((factor.path, [row[place] for row in values]) for place, factor in enumerate(study.factors))]


def results(study: StudyLike, store: "Path | str | StoredStudy" = STORE, model: str | None = None) -> "pd.DataFrame":
    """Return a table of a study's runs, with factors and outcomes.

    Parameters
    ----------
    study : Study, str or path
        A study, the name of a shipped study, or a file.
    store : Path, str or StoredStudy
        Folder of the store, by default results/store; or the result of `stored_study`.
    model : str, optional
        Digest of another version of the model, or its beginning; by default the present version.

    Returns
    -------
    DataFrame
        A row for each run, by point, lever and replicate: `point`, `lever`, `replicate`, the factors by path, `seed`,
        `key`, `scenario` (the name of the lever), `settings` (the digest of all of its settings), `model`, `extensions`
        (which code of other packages, if any), `status` ("done", "failed" or "missing"), outcomes (means of the end of
        the run), and of the whole run `user_years`, totals, `cost` and `sim.outcomes.measures.MEASURES`.

    Raises
    ------
    ResultError
        When the store does not hold that version, or that version has no plan of this study.

    Examples
    --------
    >>> from dayroom import InProcess, define_study, load_scenario, results, sweep
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> study = define_study("Which points matter?", tiny, design="replicates", replicates=2, storage="daily")
    >>> swept = sweep(study, "store", InProcess())
    >>> results(study, "store")["status"].tolist()
    ['done', 'done']
    """
    import pandas as pd

    stored = stored_study(study_of(study), store, model)
    runs = stored.source.read("runs")
    names = [name for name in runs.column_names if "@" not in name and name not in ("scenario", "seed", *MORE)]
    rows = stored.done_rows(runs)
    frame = _described(stored, rows)
    values = {name: _taken(runs[name].to_numpy(), rows) for name in names}
    return pd.concat([frame, pd.DataFrame(values, index=frame.index)], axis=1)


def groups(study: StudyLike, store: "Path | str | StoredStudy" = STORE, model: str | None = None) -> "pd.DataFrame":
    """Return the outcomes by group of users, for the runs that are done.

    Returns
    -------
    DataFrame
        A row for each run, group and outcome: `point`, `lever`, `replicate`, `group`, `outcome`, `value` (NaN for an
        empty group), `users`.
    """
    import pandas as pd

    stored = stored_study(study_of(study), store, model)
    runs = stored.source.read("runs")
    rows = stored.done_rows(runs)
    is_done = rows >= 0
    known = stored.plan[["point", "lever", "replicate"]][is_done]
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


def daily(study: StudyLike, store: "Path | str | StoredStudy" = STORE, model: str | None = None) -> "pd.DataFrame":
    """Return the outcomes of each day, for the runs that are done.

    Returns
    -------
    DataFrame
        A row for each run and day: `point`, `lever`, `replicate`, the factors by path, `seed`, `centre` ("all" for
        the mean over several), `day`, `date` when the base has `first_date`, and the outcomes that the
        study keeps by day, as far as this version of the model kept them. Runs may differ in length when their length
        is a factor.

    Raises
    ------
    ResultError
        When the study keeps no days.
    NotKeptError
        When this version of the model kept no days.

    Examples
    --------
    >>> from dayroom import InProcess, daily, define_study, load_scenario, sweep
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> study = define_study("Which points matter?", tiny, design="replicates", replicates=2, storage="daily")
    >>> swept = sweep(study, "store", InProcess())
    >>> len(daily(study, "store"))
    6
    """
    import pandas as pd

    study = study_of(study)
    if not study.daily:
        raise ResultError(
            say("{file}: the study keeps no days; write `storage: daily` and sweep again", file=study.file)
        )
    stored = stored_study(study, store, model)
    if not stored.days:
        text = say(
            "{folder}: runs of {study} with the model {model} were kept without their days",
            **_about(study, stored.source),
        )
        raise NotKeptError(text)
    lengths, curves = daily_curves(study, stored)
    lasted = np.arange(curves.shape[1]) < lengths[:, None]
    run, day = np.nonzero(lasted)
    frame = stored.plan.drop(columns="scenario").iloc[run].reset_index(drop=True)
    frame["seed"] = frame.pop("seed")  # the factors stand before it
    centres = list(study.levers[study.usual_care].centres.items())
    frame["centre"] = centres[0][0] if len(centres) == 1 and centres[0][1].copies == 1 else EVERY_CENTRE
    frame["day"] = day.astype(np.int32)
    if (begin := study.levers[study.usual_care].first_date) is not None:
        frame["date"] = pd.Timestamp(begin) + pd.to_timedelta(frame["day"], unit="D")
    places = [study.daily.index(name) for name in stored.days]
    values = pd.DataFrame(curves[lasted][:, places], columns=list(stored.days))
    return pd.concat([frame, values], axis=1)


def daily_curves(study: Study, stored: "StoredStudy") -> tuple[Rows, Numbers]:
    """Return the daily outcomes of all planned runs as an array, with the length of each run.

    Returns
    -------
    lengths : int array, shape (runs,)
        Days of each run; 0 for a run that is not done.
    curves : float array, shape (runs, days of the longest run, outcomes)
        The outcomes that the study keeps by day; NaN after the end of a run, and where a value is missing.
    """
    table = stored.source.read("daily")
    named = table["outcome"].to_numpy(zero_copy_only=False)
    lengths = np.zeros(len(stored.plan), dtype=np.int64)
    kept = []
    for outcome in study.daily:
        mine = table.filter(named == outcome)
        rows = stored.done_rows(mine)
        lists = mine["values"].combine_chunks()
        if not len(lists):
            continue
        own, taken = np.diff(lists.offsets.to_numpy()), rows >= 0
        lengths[taken] = np.maximum(lengths[taken], own[rows[taken]])
        kept.append((study.daily.index(outcome), rows, lists.flatten().to_numpy(), np.cumsum([0, *own])))
    curves = np.full((len(lengths), lengths.max(initial=0) or study.days, len(study.daily)), np.nan)
    for column, rows, values, first in kept:
        for run in np.flatnonzero(rows >= 0):
            of_run = values[first[rows[run]] : first[rows[run] + 1]]
            curves[run, : len(of_run), column] = of_run
    return lengths, curves


def failures(study: StudyLike, store: "Path | str | StoredStudy" = STORE, model: str | None = None) -> "pd.DataFrame":
    """Return the runs that failed, each with its step, error and origin, and the command that repeats the run.

    Returns
    -------
    DataFrame
        `point`, `lever`, `replicate`, `seed`, `key`, `where`, `error`, `origin`, `again`, `trace`.
    """
    study = study_of(study)
    stored = stored_study(study, store, model)
    plan, place = stored.plan, stored.source.folder if isinstance(store, StoredStudy) else store
    table = stored.source.read("failures")
    rows = matched(plan, table)
    failed = np.flatnonzero((rows >= 0) & (stored.done_rows(stored.source.read("runs", [])) < 0))
    frame = plan[["point", "lever", "replicate", "seed"]].iloc[failed].reset_index(drop=True)
    keys = [key_of(plan["scenario"].iloc[run], int(plan["seed"].iloc[run])) for run in failed]
    where, error, origin, trace = (
        [table[name][int(rows[run])].as_py() for run in failed] for name in ("where", "error", "origin", "trace")
    )
    again = [study.again(place, key) for key in keys]
    return frame.assign(key=keys, where=where, error=error, origin=origin, again=again, trace=trace)


def _about(study: Study, source: RunStore) -> dict[str, object]:
    return {"study": study.name, "folder": source.folder, "model": source.version[:12]}


@dataclass(frozen=True, slots=True)
class StoredStudy:
    """A study under one version of the model in a store.

    Parameters
    ----------
    plan : DataFrame
        A row for each run: `point`, `lever`, `replicate`, `scenario`, `seed`, the factors.
    days : tuple of str
        Outcomes kept for every day.
    done : set of addresses
        Runs that were done when the store was opened.
    """

    source: RunStore
    plan: "pd.DataFrame"
    days: tuple[str, ...]
    done: set[Address]

    def done_rows(self, table: "pa.Table") -> Rows:
        """Return the row of each planned run in a table of runs or of their days; -1 for a run that is not done."""
        here = [address in self.done for address in _addresses(self.plan)]
        return np.where(here, matched(self.plan, table), -1)


def stored_study(study: Study, store: Path | str | StoredStudy, model: str | None = None) -> StoredStudy:
    """Open a store for reading, at a version of the model, with the plan of a study.

    To read several tables of the same runs while a sweep goes on, pass the result on in place of the store.

    Raises
    ------
    ResultError
        When the store does not hold that version, or that version has no plan of this study.
    """
    if isinstance(store, StoredStudy):
        return store
    source = open_store(store, model)
    kept = read_plan(source, study.name, source.report)
    plan, days = plan_of(study, source, kept), days_wanted(study, source, kept)
    whole, without = done_and_without_days(source, days)
    if number := len(without.intersection(_addresses(plan))):
        source.report(
            say(
                "{folder}: {number:,} runs of {study} lack their days, so they count as missing; "
                "a sweep makes them again, and with `storage: ends` they count without days",
                number=number, folder=source.folder, study=study.name,
            )
        )  # fmt: skip
    return StoredStudy(source, plan, days, whole)


def plan_of(study: Study, source: RunStore, kept: "pa.Table | None") -> "pd.DataFrame":
    """Return the plan of a study.

    Under the present version of the model the plan follows the study as it is now; under another version it is the
    plan of the last sweep. A study with a precision may have more replicates than it begins with.

    Parameters
    ----------
    kept : Table, optional
        The plan of the last sweep.

    Raises
    ------
    ResultError
        When the study was never swept under that other version, or another study of its name was.
    """
    if source.version != versions.present_name():
        if kept is None:
            text = say("{folder}: the study {study} has not been swept with the model {model}", **_about(study, source))
            raise ResultError(text)
        require_own(study, source)
        return to_frame(kept)
    number = replicates_of(study, source, kept)
    if kept is None and number > study.replicates:
        source.report(
            say(
                "{folder}: there is no plan of {study}, so the study counts as having the {number:,} "
                "replicates whose runs are in the store; a sweep writes the plan again",
                number=number, folder=source.folder, study=study.name,
            )
        )  # fmt: skip
    return _frame(study, planned(study, number))


def replicates_of(study: Study, source: RunStore, kept: "pa.Table | None") -> int:
    """Return the number of replicates of a study; if it has a precision, the number in its last sweep.

    If the plan of that sweep is lost, count the replicates that have runs.
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

    kinds = {"point": "int32", "replicate": "int32", "seed": "uint64"}
    return pd.DataFrame(dict(plan_columns(study, runs))).astype(kinds)


def matched(plan: "pd.DataFrame", table: "pa.Table") -> Rows:
    """Return the row of each planned run in a table, shape (runs,); -1 for a run that the table lacks."""
    return rows_at(_addresses(plan), table)


def rows_at(addresses: Sequence[Address], table: "pa.Table") -> Rows:
    """Return the row of each address in a table, shape (addresses,); -1 for an address that the table lacks."""
    row_of = {address: row for row, address in enumerate(addresses_of(table))}
    return np.array([row_of.get(address, -1) for address in addresses], dtype=np.int64)


def _addresses(plan: "pd.DataFrame") -> list[Address]:
    return list(zip(plan["scenario"], plan["seed"].tolist(), strict=True))


def _described(stored: StoredStudy, rows: Rows) -> "pd.DataFrame":
    """Return the columns that precede the outcomes in the table of results."""
    plan, source = stored.plan, stored.source
    failed = matched(plan, source.read("failures", []))
    place = np.where(rows >= 0, 0, np.where(failed >= 0, 1, 2))
    factors = [name for name in plan.columns if name not in COLUMNS]
    frame = plan[["point", "lever", "replicate", *factors, "seed"]].copy()
    keys = [key_of(scenario, seed) for scenario, seed in _addresses(plan)]
    status = [STATES[number] for number in place]
    frame = frame.assign(
        key=keys, scenario=plan["lever"], settings=plan["scenario"], model=source.version[:32], status=status
    )
    code = {scenario: text for scenario, text, _ in source.extensions()}
    if code.keys().isdisjoint(frame["settings"]):
        return frame
    frame.insert(list(frame.columns).index("status"), EXTENSIONS, frame["settings"].map(code))
    return frame


def _taken(values: Numbers, rows: Rows) -> Numbers:
    """Return a column's values at these rows; NaN for row -1."""
    if not len(values):
        return np.full(len(rows), np.nan)
    return np.where(rows >= 0, values[np.maximum(rows, 0)], np.nan)
