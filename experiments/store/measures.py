"""The two small tables of a result: what each run was as a whole, and its users by group at the end."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from experiments.store.tables import Keys
from sim.outcomes.catalogue import OUTCOMES, Outcome
from sim.outcomes.measures import MEASURES

_KEYS: Final = {
    "replicate": (pa.int32(), "1", "Replicate", "Number of the replicate, from 0"),
    "seed": (pa.uint64(), "1", "Seed", "Seed of the run: `dayroom run` with it and one replicate does this run again"),
    "group": (pa.string(), "1", "Group", "Group of users, settled by what was before the run, or by arrival"),
    "users": (pa.int64(), "users", "Users", "Users of the group who are enrolled at the end"),
}


def _field(name: str, kind: pa.DataType, unit: str, label: str, meaning: str) -> pa.Field:
    return pa.field(name, kind, metadata={"unit": unit, "label": label, "meaning": meaning})


def _schema(keys: Sequence[str], outcomes: Sequence[Outcome], suffix: str = "") -> pa.Schema:
    fields = [_field(key, *_KEYS[key]) for key in keys]
    fields += [_field(o.name, pa.float64(), o.unit, o.label, o.meaning + suffix) for o in outcomes]
    return pa.schema(fields)


def _table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return rows as a table; what is undefined is left empty."""
    known = [{key: None if value != value else value for key, value in row.items()} for row in rows]
    return pa.Table.from_pylist(known, schema)


def _write(folder: Path, name: str, table: pa.Table, csv_too: bool) -> None:
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
    if csv_too:
        pa_csv.write_csv(table, folder / f"{name}.csv")


def measures_table(rows: Sequence[tuple[Keys, Mapping[str, float]]]) -> pa.Table:
    """Return the measures of runs: a row a run, a column a measure.

    Parameters
    ----------
    rows : sequence of (mapping, mapping)
        What tells a run from the others ("replicate" and "seed"), and its measures (`sim.outcomes.measures.MEASURES`).
    """
    return _table([{**keys, **found} for keys, found in rows], _schema(("replicate", "seed"), MEASURES))


def groups_table(rows: Sequence[tuple[Keys, Mapping[tuple[str, str], tuple[float, float]]]]) -> pa.Table:
    """Return groups of users: a row a run and group, a column an outcome; empty for an empty group.

    Parameters
    ----------
    rows : sequence of (mapping, mapping)
        What tells a run from the others ("replicate" and "seed"), and the value and number of users by group and
        daily outcome, as `experiments.measures.runs.by_group` gives them; at least one.
    """
    found: list[dict[str, Any]] = []
    for keys, by_group in rows:
        lines: dict[str, dict[str, Any]] = {}
        for (group, outcome), (value, users) in by_group.items():
            lines.setdefault(group, {**keys, "group": group, "users": int(users)})[outcome] = value
        found += lines.values()
    names = dict.fromkeys(outcome for _, by_group in rows for _, outcome in by_group)
    of_group = ", of the users of the group who are enrolled at the end"
    return _table(found, _schema(("replicate", "seed", "group", "users"), [OUTCOMES[name] for name in names], of_group))


def write_measures(folder: Path, rows: Sequence[tuple[Keys, Mapping[str, float]]], csv_too: bool = False) -> None:
    """Write `measures.parquet` (`measures_table`), and as CSV too when asked for."""
    _write(folder, "measures", measures_table(rows), csv_too)


def write_groups(
    folder: Path,
    rows: Sequence[tuple[Keys, Mapping[tuple[str, str], tuple[float, float]]]],
    csv_too: bool = False,
) -> None:
    """Write `groups.parquet` (`groups_table`), and as CSV too when asked for."""
    _write(folder, "groups", groups_table(rows), csv_too)
