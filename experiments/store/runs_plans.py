"""The plan of each study as last swept: which runs are its points, levers and replicates.

Exports and queries need it for the model it was swept with: under another model the same study may be other scenarios.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

from experiments.store.runs import RunStore
from experiments.store.runs_parts import SET_ASIDE, Tell, decoded, digest, encoded, write_file

COLUMNS = ("point", "lever", "replicate", "scenario", "seed")
"""Columns of every plan; those of the factors follow."""


def write_plan(
    store: RunStore, study: str, columns: Sequence[tuple[str, Sequence[object]]], about: Mapping[str, str]
) -> None:
    """Keep the plan of a study in place of an earlier one.

    Parameters
    ----------
    store : RunStore
        Open for writing.
    study : str
    columns : sequence of (name, values)
        `COLUMNS`, then the factors.
    about : mapping of str to str
        Whose plan it is, as `about_plan` gives it back.
    """
    kinds = {"point": pa.int32(), "replicate": pa.int32(), "seed": pa.uint64()}
    arrays = {name: pa.array(list(values), kinds.get(name)) for name, values in columns}
    contents = encoded(pa.table(arrays).replace_schema_metadata(dict(about)))
    folder = store.table("plans")
    made = write_file(folder / f"{study}.{digest(contents)}.parquet", contents, store.claim.name)
    for path in _of(folder, study):
        if path != made:
            with suppress(OSError):
                path.unlink()


def _of(folder: Path, study: str) -> list[Path]:
    found = folder.glob(f"{study}.*.parquet") if folder.is_dir() else []
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))


def studies(store: RunStore) -> list[str]:
    """Name the studies that have been swept with this version of the model."""
    folder = store.table("plans")
    return sorted({path.name.split(".")[0] for path in folder.glob("*.*.parquet")}) if folder.is_dir() else []


def read_plan(store: RunStore, study: str, tell: Tell) -> pa.Table | None:
    """Read the plan of a study as last swept; None when there is none, or it is damaged."""
    for path in reversed(_of(store.table("plans"), study)):
        contents = path.read_bytes()
        if digest(contents) == path.name.split(".")[1]:
            return decoded(contents)
        with suppress(OSError):
            path.replace(path.with_name(path.name + SET_ASIDE))
        tell(f"{path}: the plan is damaged; set aside, and made again by the next sweep")
    return None


def about_plan(store: RunStore, study: str) -> dict[str, str]:
    """Say whose the plan of a study is; empty when there is none, or an earlier version has written it."""
    plan = read_plan(store, study, store.tell)
    kept = (plan.schema.metadata or {}) if plan is not None else {}
    return {name.decode(): value.decode() for name, value in kept.items()}
