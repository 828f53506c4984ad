"""Tables of a result: outcomes by day and centre, and users. Each column carries its unit, label and meaning."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from experiments.store.columns import Keys, field, first_columns, key_fields, to_frame
from experiments.store.folder import ResultError, reason
from sim.outcomes.catalogue import DAILY
from sim.run import Run
from sim.state.columns import USER, Column
from sim.state.labels import label

if TYPE_CHECKING:
    import pandas as pd

_ROWS_IN_MEMORY: Final = 50_000
"""Rows to gather before writing them: bounds both the memory and the number of row groups in the file."""
_SEATING: Final = ("centre", "seat", "next_row")
"""Columns of the state that the table of users leaves out: they only lay it out in memory, or repeat the centre."""


def daily_table(run: Run, keys: Keys) -> pa.Table:
    """Return the outcomes of a run, with a row for each day and centre.

    Parameters
    ----------
    keys : mapping
        Columns that identify the run, such as {"replicate": 0, "seed": 1}.
    """
    days, centres = run.daily.shape
    fields = [*key_fields(keys), field("day", pa.int32(), "day", "Day", "Day of the run; 0 is the first")]
    columns = first_columns(keys, run.centres * days)
    columns.append(pa.array(np.repeat(np.arange(days, dtype=np.int32), centres)))
    for outcome in DAILY:
        fields.append(field(outcome.name, pa.float64(), outcome.unit, outcome.label, outcome.meaning))
        columns.append(pa.array(np.ascontiguousarray(run.daily[outcome.name].ravel())))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def daily_frame(run: Run) -> "pd.DataFrame":
    """Return the outcomes of a run as a data frame: `centre`, `day`, and a column for each outcome."""
    return to_frame(daily_table(run, {}))


def users_frame(run: Run) -> "pd.DataFrame":
    """Return all users ever enrolled in a run as a data frame, in their state on the last day."""
    return to_frame(users_table(run, {}))


def users_table(run: Run, keys: Keys) -> pa.Table:
    """Return all users ever enrolled, in their state on the last day.

    Codes become words, and each element of a vector gets a column of its own.
    """
    meaning = "Name from the file of users or of the network; sampled users are called by their number"
    fields = [*key_fields(keys), field("name", pa.string(), "1", "Name", meaning)]
    columns = first_columns(keys, [run.centres[number] for number in run.users["centre"].tolist()])
    columns.append(pa.array([label(uid, run.names) for uid in run.users["uid"].tolist()], pa.string()))
    for column in USER:
        if column.name not in _SEATING:
            for name, meaning, values in _spread(column, run.users[column.name]):
                array = pa.array(values)
                fields.append(field(name, array.type, column.unit, name.replace("_", " ").capitalize(), meaning))
                columns.append(array)
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _spread(column: Column, values: np.ndarray) -> list[tuple[str, str, np.ndarray | list[str]]]:
    """Return the table columns that a column of the state becomes, each as (name, meaning, values)."""
    if column.shape:
        elements = [np.ascontiguousarray(values[:, k]) for k in range(column.shape[0])]
        return [
            (f"{column.name}_{label.replace(' ', '_')}", f"{column.meaning}: {label}", element)
            for label, element in zip(column.labels, elements, strict=True)
        ]
    if column.labels:
        return [(column.name, column.meaning, [column.labels[code] for code in values.tolist()])]
    return [(column.name, column.meaning, np.ascontiguousarray(values))]


class Tables:
    """Write the tables of outcomes, users and any surveys, run by run, as Parquet and optionally as CSV.

    Parameters
    ----------
    csv : bool
        Whether to write CSV as well, under the same names.
    """

    def __init__(self, folder: Path, csv: bool = False) -> None:
        names = ("daily", "users", "nominations", "answers")
        self._files = {name: _File(folder / name, csv) for name in names}

    def add(self, run: Run, keys: Keys) -> None:
        """Add a run."""
        self._files["daily"].add(daily_table(run, keys))
        self._files["users"].add(users_table(run, keys))
        if run.surveys:
            from experiments.store.surveys import answers_table, nominations_table

            self._files["nominations"].add(nominations_table(run, keys))
            self._files["answers"].add(answers_table(run, keys))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        for file in self._files.values():
            file.close(complete=failure[0] is None)


class _File:
    """A table written to disk run by run."""

    def __init__(self, path: Path, csv: bool) -> None:
        self._path, self._csv = path, csv
        self._gathered: list[pa.Table] = []
        self._writers: list[pq.ParquetWriter | pa_csv.CSVWriter] = []

    def add(self, table: pa.Table) -> None:
        if not self._writers:
            self._writers.append(pq.ParquetWriter(self._path.with_suffix(".parquet"), table.schema, compression="zstd"))
            if self._csv:
                self._writers.append(pa_csv.CSVWriter(self._path.with_suffix(".csv"), table.schema))
        self._gathered.append(table)
        if sum(len(gathered) for gathered in self._gathered) >= _ROWS_IN_MEMORY:
            self._write()

    def _write(self) -> None:
        if self._gathered:
            table = pa.concat_tables(self._gathered).combine_chunks()
            self._gathered.clear()
            for writer in self._writers:
                writer.write_table(table)

    def close(self, complete: bool) -> None:
        try:
            if complete:
                self._write()
        finally:
            for writer in self._writers:
                writer.close()


def _read(folder: Path, name: str, columns: Sequence[str] | None, days: Sequence[int] | None = None) -> "pd.DataFrame":
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise ResultError(f"{path}: there is no such table")
    try:
        chosen = None if columns is None else list(columns)
        rows = None if days is None else [("day", "in", list(days))]
        return to_frame(pq.read_table(path, columns=chosen, filters=rows))
    except (OSError, pa.ArrowException) as error:
        why = reason(error) if isinstance(error, OSError) else "it is damaged"
        raise ResultError(f"{path}: the table cannot be read ({why})") from error


def read_daily(folder: Path, columns: Sequence[str] | None = None, days: Sequence[int] | None = None) -> "pd.DataFrame":
    """Read outcomes by replicate, day and centre.

    Parameters
    ----------
    columns : sequence of str, optional
        All when not given. Many replicates may not fit into memory: name only the columns you need.
    days : sequence of int, optional
        All when not given.

    Raises
    ------
    ResultError
        When there is no such table.
    """
    return _read(folder, "daily", columns, days)


def read_users(folder: Path, columns: Sequence[str] | None = None) -> "pd.DataFrame":
    """Read users by replicate.

    Raises
    ------
    ResultError
        When there is no such table.
    """
    return _read(folder, "users", columns)


def write_tables(folder: Path, frames: "Mapping[str, pd.DataFrame]", csv_too: bool = False) -> None:
    """Write data frames as Parquet, and with `csv_too` also as CSV.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Each under the name of its file, without the ending.
    """
    for name, frame in frames.items():
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), folder / f"{name}.parquet")
        if csv_too:
            frame.to_csv(folder / f"{name}.csv", index=False)
