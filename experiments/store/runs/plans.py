"""The plan of each study as last swept: which run belongs to which point, lever and replicate.

Exports and queries need the plan of the model version that made the runs: under another version, the same study may
consist of other scenarios.

Several sweeps may write plans of the same study while others read. So that there is always a plan, a sweep writes its
own plan before it deletes older ones, only one sweep deletes at a time, and no sweep deletes a plan newer than its own.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyarrow as pa

from experiments.store.folder import alone, telling_of_memory
from experiments.store.runs.parts import Report, digest, encoded, read_table
from experiments.store.runs.store import RunStore
from sim.language import say

COLUMNS = ("point", "lever", "replicate", "scenario", "seed")
"""First columns of every plan; a column for each factor follows."""

_DAYS: Final = "dayroom.days"
"""Metadata key for the outcomes that the study keeps for every day."""
_PLAN: Final = re.compile(r"(?P<study>[^.]+)\.(?P<digest>[0-9a-f]{40})\.parquet")
_AGAIN: Final = 10
"""How often to try to read or write a plan while other sweeps replace it: a listing may miss both old and new."""


def write_plan(
    store: RunStore,
    study: str,
    columns: Sequence[tuple[str, Sequence[object]]],
    about: Mapping[str, str],
    days: Sequence[str] = (),
) -> None:
    """Write the plan of a study, and delete older plans of it.

    Parameters
    ----------
    store : RunStore
        Open for writing.
    columns : sequence of (name, values)
        `COLUMNS`, then the factors.
    about : mapping of str to str
        Which study the plan belongs to, as `about_plan` returns it.
    days : sequence of str
        Outcomes the study keeps for every day.

    Raises
    ------
    StoreFullError
        When the disk is full.
    ResultError
        When the store cannot be written to for another reason.
    """
    kinds: dict[str, pa.DataType] = {"point": pa.int32(), "replicate": pa.int32(), "seed": pa.uint64()}
    arrays = {name: pa.array(list(values), kinds.get(name)) for name, values in columns}
    contents = encoded(pa.table(arrays).replace_schema_metadata(dict(about) | {_DAYS: json.dumps(list(days))}))
    folder = store.table("plans")
    for _ in range(_AGAIN):
        latest = max((time for time, _, _ in _timed(folder, study)), default=0)
        made = store.put(folder / f"{study}.{digest(contents)}.parquet", contents)
        with suppress(OSError):  # the clock may have been set back, or not have moved since the plan before
            if made.stat().st_mtime_ns <= latest:
                os.utime(made, ns=(latest + 1, latest + 1))
        with alone(folder.parent / "plans.lock") as mine:
            if mine:
                _clear_older(folder, study, made)
        if made.exists():
            break


def _clear_older(folder: Path, study: str, made: Path) -> None:
    """Delete a study's plans that are older than `made`. If `made` no longer exists, delete nothing."""
    there = _of(folder, study)
    for path in there[: there.index(made)] if made in there else []:
        with suppress(OSError):
            path.unlink()


def _of(folder: Path, study: str) -> list[Path]:
    """Return the plans of a study, the newest last."""
    return [path for _, _, path in _timed(folder, study)]


def _timed(folder: Path, study: str) -> list[tuple[int, str, Path]]:
    """Return the plans of a study as (time, name, path), the newest last; skip plans deleted meanwhile."""
    times = []
    for path in _plans(folder):
        if path.name.partition(".")[0] == study:
            with suppress(OSError):
                times.append((path.stat().st_mtime_ns, path.name, path))
    return sorted(times)


def _plans(folder: Path) -> list[Path]:
    """Return the plan files of all studies; skip anything else in the folder, even folders with such names."""
    try:
        return sorted(path for path in folder.iterdir() if _PLAN.fullmatch(path.name) and not path.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def studies(store: RunStore) -> list[str]:
    """Return the names of the studies swept with this version of the model."""
    return sorted({path.name.partition(".")[0] for path in _plans(store.table("plans"))})


def read_plan(store: RunStore, study: str, report: Report) -> pa.Table | None:
    """Read the plan of a study as last swept; return None when the plan is missing or damaged.

    Raises
    ------
    ResultError
        When memory runs out.
    """
    for _ in range(_AGAIN):  # a listing may miss both the older plan, just deleted, and the newer plan
        there = _of(store.table("plans"), study)
        is_gone = not there
        for path in reversed(there):
            try:
                with telling_of_memory(say("reading {file}", file=path)):
                    plan = read_table(path, report, what=say("plan"), follows=say("the next sweep writes it again"))
            except FileNotFoundError:
                is_gone = True
                continue
            if plan is not None:
                return plan
        if not is_gone:
            break
    return None


def days_of(plan: pa.Table) -> tuple[str, ...] | None:
    """Return the outcomes that the study of a plan keeps for every day; None when the plan does not say."""
    written = (plan.schema.metadata or {}).get(_DAYS.encode())
    return None if written is None else tuple(json.loads(written))


def about_plan(store: RunStore, study: str) -> dict[str, str]:
    """Return which study the plan of this name belongs to; empty without a plan, or if an earlier version wrote it."""
    plan = read_plan(store, study, store.report)
    kept = (plan.schema.metadata or {}) if plan is not None else {}
    return {name.decode(): value.decode() for name, value in kept.items() if name != _DAYS.encode()}
