"""Two small tables of a result: measures of each whole run, and outcomes by group of users at the end."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from experiments.store.columns import Keys, field, key_fields
from sim.outcomes.catalogue import OUTCOMES, Outcome
from sim.outcomes.measures import MEASURES

_RUN: Final = ("replicate", "seed")
_GROUP: Final = (
    field(
        "group", pa.string(), "1", "Group", "Group of users, formed by their state before the run or by their arrival"
    ),
    field("users", pa.int64(), "users", "Users", "Users of the group who are enrolled at the end"),
)


def _schema(group: Sequence[pa.Field], outcomes: Sequence[Outcome], suffix: str = "") -> pa.Schema:
    *run, _ = key_fields(_RUN)
    numbers = [field(o.name, pa.float64(), o.unit, o.label, o.meaning + suffix) for o in outcomes]
    return pa.schema([column.with_nullable(True) for column in (*run, *group, *numbers)])


def _table(rows: Sequence[Mapping[str, object]], schema: pa.Schema) -> pa.Table:
    """Return rows as a table; NaN becomes null."""
    known = [{key: None if value != value else value for key, value in row.items()} for row in rows]
    return pa.Table.from_pylist(known, schema)


def _write(folder: Path, name: str, table: pa.Table, csv_too: bool) -> None:
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
    if csv_too:
        pa_csv.write_csv(table, folder / f"{name}.csv")


def measures_table(rows: Sequence[tuple[Keys, Mapping[str, float]]]) -> pa.Table:
    """Return the measures of runs: a row for each run, a column for each measure.

    Parameters
    ----------
    rows : sequence of (mapping, mapping)
        Replicate and seed of each run, and its measures (`sim.outcomes.measures.MEASURES`).
    """
    return _table([{**keys, **measures} for keys, measures in rows], _schema((), MEASURES))


def groups_table(rows: Sequence[tuple[Keys, Mapping[tuple[str, str], tuple[float, float]]]]) -> pa.Table:
    """Return outcomes by group of users: a row for each run and group, a column for each outcome.

    An outcome of an empty group is null.

    Parameters
    ----------
    rows : sequence of (mapping, mapping)
        Replicate and seed of each run, and value and number of users by group and daily outcome
        (`experiments.measures.runs.by_group`). At least one run.
    """
    groups: list[dict[str, object]] = []
    for keys, by_group in rows:
        lines: dict[str, dict[str, object]] = {}
        for (group, outcome), (value, users) in by_group.items():
            lines.setdefault(group, {**keys, "group": group, "users": int(users)})[outcome] = value
        groups += lines.values()
    names = dict.fromkeys(outcome for _, by_group in rows for _, outcome in by_group)
    of_group = ", of the users of the group who are enrolled at the end"
    return _table(groups, _schema(_GROUP, [OUTCOMES[name] for name in names], of_group))


def write_measures(folder: Path, rows: Sequence[tuple[Keys, Mapping[str, float]]], csv_too: bool = False) -> None:
    """Write `measures.parquet` (`measures_table`), and with `csv_too` also `measures.csv`."""
    _write(folder, "measures", measures_table(rows), csv_too)


def write_groups(
    folder: Path,
    rows: Sequence[tuple[Keys, Mapping[tuple[str, str], tuple[float, float]]]],
    csv_too: bool = False,
) -> None:
    """Write `groups.parquet` (`groups_table`), and with `csv_too` also `groups.csv`."""
    _write(folder, "groups", groups_table(rows), csv_too)
