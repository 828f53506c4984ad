"""What came out of a study, as tables, in the order of the plan; what failed or is missing is NaN, never 0."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.places import STORE
from experiments.store.folder import ResultError
from experiments.store.runs import RunStore
from experiments.store.runs_plans import COLUMNS, read_plan
from experiments.store.runs_tables import MORE
from experiments.store.runs_versions import recorded
from experiments.studies.namesakes import require_own
from experiments.studies.planning import Planned, key_of, planned
from experiments.studies.study import Study

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

STATES = ("done", "failed", "missing")
"""What can be said of a run: `status` of the table of results."""


def plan_columns(study: Study, runs: Sequence[Planned]) -> list[tuple[str, list[Any]]]:
    """Give the columns of a plan: what tells a run from others, then the value of each factor."""
    columns = [(name, [getattr(run, name) for run in runs]) for name in COLUMNS]
    values = [study.points[run.point] for run in runs]
    return [*columns, *((factor.path, [row[place] for row in values]) for place, factor in enumerate(study.factors))]


def results(study: Study, store: Path | str = STORE, model: str | None = None) -> "pd.DataFrame":
    """Give every run of a study with its factors and outcomes.

    Parameters
    ----------
    study : Study
    store : Path or str
        Folder of the store; results/store when not given.
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
    source = opened(store, model)
    plan = plan_of(study, source)
    runs = source.read("runs")
    names = [name for name in runs.column_names if "@" not in name and name not in ("scenario", "seed", *MORE)]
    rows, place = matched(plan, runs)
    frame = _described(plan, source, place)
    values = {name: _taken(runs[name].to_numpy(), rows) for name in names}
    import pandas as pd

    return pd.concat([frame, pd.DataFrame(values, index=frame.index)], axis=1)


def groups(study: Study, store: Path | str = STORE, model: str | None = None) -> "pd.DataFrame":
    """Give the outcomes by group of users, long: a row a run, group and outcome.

    Returns
    -------
    DataFrame
        `point`, `lever`, `replicate`, `group`, `outcome`, `value` (NaN for an empty group), `users`; done runs.
    """
    import pandas as pd

    source = opened(store, model)
    plan = plan_of(study, source)
    runs = source.read("runs")
    rows, place = matched(plan, runs)
    done = place == 0
    known = plan[["point", "lever", "replicate"]][done]
    frames = []
    for order, name in enumerate(name for name in runs.column_names if "@" in name and not name.startswith("users@")):
        outcome, _, group = name.partition("@")
        value = _taken(runs[name].to_numpy(), rows)[done]
        users = _taken(runs[f"users@{group}"].to_numpy(), rows)[done]
        frames.append(known.assign(group=group, outcome=outcome, value=value, users=users, order=order))
    if not frames:
        return known.assign(group="", outcome="", value=np.nan, users=np.nan).head(0)
    whole = pd.concat(frames).rename_axis("run").sort_values(["run", "order"], kind="stable")
    return whole.drop(columns="order").reset_index(drop=True)


def daily(study: Study, store: Path | str = STORE, model: str | None = None) -> "pd.DataFrame":
    """Give the outcomes of each day: a row a run and day, for the runs that are done.

    Returns
    -------
    DataFrame
        `point`, `lever`, `replicate`, `day`, and the outcomes the study keeps by day.

    Raises
    ------
    ResultError
        When the study keeps none.
    """
    import pandas as pd

    if not study.daily:
        raise ResultError(f"{study.file}: the study keeps no days; write `storage: daily` and sweep again")
    plan, curves = daily_curves(study, store, model)
    done = np.flatnonzero(np.isfinite(curves).any(axis=(1, 2)))
    days = curves.shape[1]
    frame = plan[["point", "lever", "replicate"]].iloc[np.repeat(done, days)].reset_index(drop=True)
    frame["day"] = np.tile(np.arange(days, dtype=np.int32), len(done))
    values = pd.DataFrame(curves[done].reshape(-1, len(study.daily)), columns=list(study.daily))
    return pd.concat([frame, values], axis=1)


def daily_curves(study: Study, store: Path | str, model: str | None = None) -> "tuple[pd.DataFrame, Any]":
    """Give the plan, and the days of its runs: float array, shape (runs, days, outcomes); NaN where there is none."""
    source = opened(store, model)
    plan = plan_of(study, source)
    table = source.read("daily")
    curves = np.full((len(plan), study.days, len(study.daily)), np.nan)
    named = table["outcome"].to_numpy(zero_copy_only=False)
    for column, outcome in enumerate(study.daily):
        mine = table.filter(named == outcome)
        rows, place = matched(plan, mine)
        lists = mine["values"].combine_chunks()
        if not len(lists):
            continue
        lengths = np.diff(lists.offsets.to_numpy())
        if (lengths != study.days).any():
            rows, place = rows.copy(), place.copy()
            place[(place == 0) & (lengths[np.maximum(rows, 0)] != study.days)] = 2
        values, first = lists.flatten().to_numpy(), np.concatenate([[0], np.cumsum(lengths)])
        for run in np.flatnonzero(place == 0):
            curves[run, :, column] = values[first[rows[run]] : first[rows[run]] + study.days]
    return plan, curves


def failures(study: Study, store: Path | str = STORE, model: str | None = None) -> "pd.DataFrame":
    """Give the runs that failed: where, the error, its origin, and the command that repeats each alone.

    Returns
    -------
    DataFrame
        `point`, `lever`, `replicate`, `seed`, `key`, `where`, `error`, `origin`, `again`, `trace`.
    """
    source = opened(store, model)
    plan = plan_of(study, source)
    table = source.read("failures")
    done, _ = matched(plan, source.read("runs", []))
    rows, _ = matched(plan, table)
    failed = np.flatnonzero((rows >= 0) & (done < 0))
    frame = plan[["point", "lever", "replicate", "seed"]].iloc[failed].reset_index(drop=True)
    keys = [key_of(plan["scenario"].iloc[run], int(plan["seed"].iloc[run])) for run in failed]
    words = {name: [table[name][int(rows[run])].as_py() for run in failed] for name in ("where", "error", "origin")}
    again = [study.again(store, key) for key in keys]
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


def plan_of(study: Study, source: RunStore) -> "pd.DataFrame":
    """Give the plan of a study under a version: its own under the present one, else as it was last swept.

    With a precision asked for, the plan as last swept may have more replicates than the study begins with.

    Raises
    ------
    ResultError
        When the study has not been swept under that version, or another one of its name has.
    """
    from experiments.store.runs_versions import present_name

    kept = read_plan(source, study.name, source.tell)
    if source.version != present_name():
        if kept is None:
            raise ResultError(
                f"{source.folder}: the study {study.name} has not been swept with the model {source.version[:12]}"
            )
        require_own(study, source)
        return kept.to_pandas()
    if kept is not None and study.precision:
        grown = max(study.replicates, 1 + max(kept["replicate"].to_pylist(), default=0))
        return _frame(study, planned(study, min(grown, study.most_replicates)))
    return _frame(study, planned(study))


def _frame(study: Study, runs: Sequence[Planned]) -> "pd.DataFrame":
    import pandas as pd

    frame = pd.DataFrame(dict(plan_columns(study, runs)))
    return frame.astype({"point": "int32", "replicate": "int32", "seed": "uint64"})


def matched(plan: "pd.DataFrame", table: "pa.Table") -> "tuple[Any, Any]":
    """Find each run of a plan in a table.

    Returns
    -------
    rows, place : int arrays, shape (runs,)
        Its row, -1 when it is not there; and 0 or 2 for the same, as places in `STATES`.
    """
    known = {
        address: row
        for row, address in enumerate(zip(table["scenario"].to_pylist(), table["seed"].to_pylist(), strict=True))
    }
    wanted = zip(plan["scenario"], plan["seed"].tolist(), strict=True)
    rows = np.array([known.get(address, -1) for address in wanted], dtype=np.int64)
    return rows, np.where(rows >= 0, 0, 2)


def _described(plan: "pd.DataFrame", source: RunStore, place: Any) -> "pd.DataFrame":
    """Put factors, key and status in the order of the table of results."""
    failed, _ = matched(plan, source.read("failures", []))
    place = np.where((place == 2) & (failed >= 0), 1, place)
    factors = [name for name in plan.columns if name not in COLUMNS]
    frame = plan[["point", "lever", "replicate", *factors, "seed"]].copy()
    keys = [key_of(scenario, int(seed)) for scenario, seed in zip(plan["scenario"], plan["seed"], strict=True)]
    status = [STATES[one] for one in place]
    return frame.assign(key=keys, scenario=plan["scenario"], model=source.version[:32], status=status)


def _taken(values: Any, rows: Any) -> Any:
    """Take rows of a column, NaN where there is none."""
    if not len(values):
        return np.full(len(rows), np.nan)
    return np.where(rows >= 0, values[np.maximum(rows, 0)], np.nan)
