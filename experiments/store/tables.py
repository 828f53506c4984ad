"""Tables of a result: outcomes by day and centre, users, measures of whole runs, outcomes by group of users.

Each column carries its unit, label and meaning.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from experiments.store.fields import Keys, date_field, field, first_columns, key_fields
from experiments.store.folder import ResultError, reason
from experiments.store.reviews import reviews_table
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES, Outcome, recorded
from sim.outcomes.measures import MEASURES
from sim.run import Run
from sim.state.columns import LEVELS, USER, Column, label

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes.observation import Survey

_ROWS_IN_MEMORY: Final = 50_000
"""Rows to gather before writing them: bounds both the memory and the number of row groups in the file."""
_SEATING: Final = ("centre", "seat", "next_row")
"""Columns of the state that the table of users leaves out: they only lay it out in memory, or repeat the centre."""


def to_frame(table: pa.Table) -> "pd.DataFrame":
    """Return a table as a data frame, typed for mypy (pyarrow has no type hints)."""
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    return frame


_RUN: Final = ("replicate", "seed")
_NAME: Final = "Name from the file of users or of the network; sampled users are called by their number"
_OF_GROUP: Final = "Group of users, formed by their state before the run or by their arrival"
_GROUP: Final = (
    field("group", pa.string(), "1", "Group", _OF_GROUP),
    field("users", pa.int64(), "users", "Users", "Users of the group who are enrolled at the end"),
)
_DAY: Final = field("day", pa.int32(), "day", "Day", "Day at whose start the survey was held; 0 is the first")


def daily_table(run: Run, keys: Keys) -> pa.Table:
    """Return the outcomes of a run, with a row for each day and centre; with `first_date`, days have dates too.

    Parameters
    ----------
    keys : mapping
        Columns that identify the run, such as {"replicate": 0, "seed": 1}.
    """
    days, centres = run.daily.shape
    fields = [*key_fields(keys), field("day", pa.int32(), "day", "Day", "Day of the run; 0 is the first")]
    columns = first_columns(keys, run.centres * days)
    columns.append(pa.array(np.repeat(np.arange(days, dtype=np.int32), centres)))
    if (begin := run.scenario.first_date) is not None:
        fields.append(date_field())
        columns.append(pa.array(np.repeat(np.datetime64(begin, "D") + np.arange(days).astype("m8[D]"), centres)))
    for outcome in recorded(run.daily.dtype.names):
        fields.append(field(outcome.name, pa.float64(), outcome.unit, outcome.label, outcome.meaning))
        columns.append(pa.array(np.ascontiguousarray(run.daily[outcome.name].ravel())))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def users_table(run: Run, keys: Keys) -> pa.Table:
    """Return all users ever enrolled, in their state on the last day.

    Codes become words, and each element of a vector gets a column of its own. The columns of a rule of another package
    come last, as `rule.column`.
    """
    fields = [*key_fields(keys), field("name", pa.string(), "1", "Name", _NAME)]
    columns = first_columns(keys, [run.centres[number] for number in run.users["centre"].tolist()])
    columns.append(_called(run, run.users["uid"]))
    for column in USER:
        if column.name not in _SEATING:
            for name, meaning, values in _spread(column, run.users[column.name]):
                array = pa.array(values)
                fields.append(field(name, array.type, column.unit, name.replace("_", " ").capitalize(), meaning))
                columns.append(array)
    if run.scenario.rules.model_extra:
        from sim.own.rules import user_columns

        for name, own in user_columns(run.scenario).items():
            fields.append(field(name, pa.float64(), own.unit, name, own.meaning))
            columns.append(pa.array(np.ascontiguousarray(run.users[name])))
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
    """Write the tables of outcomes, users, policies and any surveys, run by run, as Parquet and optionally as CSV.

    Parameters
    ----------
    csv : bool
        Whether to write CSV as well, under the same names.
    """

    def __init__(self, folder: Path, csv: bool = False) -> None:
        names = ("daily", "users", "reviews", "nominations", "answers")
        self._files = {name: _File(folder / name, csv) for name in names}

    def add(self, run: Run, keys: Keys) -> None:
        """Add a run."""
        self._files["daily"].add(daily_table(run, keys))
        self._files["users"].add(users_table(run, keys))
        if run.policies:
            self._files["reviews"].add(reviews_table(run, keys))
        if run.surveys:
            self._files["nominations"].add(nominations_table(run, keys))
            self._files["answers"].add(answers_table(run, keys))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        with ExitStack() as every:  # one that cannot be closed leaves no other open
            for file in self._files.values():
                every.callback(file.close, complete=failure[0] is None)


class _Writer(pq.ParquetWriter):  # type: ignore[misc]  # pyarrow has no types
    """A writer that is closed once, even if that fails: pyarrow's tries again where no error can be caught."""

    def close(self) -> None:
        """Close the file.

        Raises
        ------
        OSError
            When the rest cannot be written.
        """
        try:
            super().close()
        finally:
            self.is_open = False


class _File:
    """A table written to disk run by run."""

    def __init__(self, path: Path, csv: bool) -> None:
        self._path, self._csv = path, csv
        self._gathered: list[pa.Table] = []
        self._writers: list[pq.ParquetWriter | pa_csv.CSVWriter] = []

    def add(self, table: pa.Table) -> None:
        if not self._writers:
            self._writers.append(_Writer(self._path.with_suffix(".parquet"), table.schema, compression="zstd"))
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
            with ExitStack() as every:
                for writer in self._writers:
                    every.callback(writer.close)


def read_table(
    folder: Path, name: str, columns: Sequence[str] | None = None, days: Sequence[int] | None = None
) -> "pd.DataFrame":
    """Read the table of the file NAME.parquet, as `read_daily` does."""
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise ResultError(say("{path}: there is no such table", path=path))
    try:
        chosen = None if columns is None else list(columns)
        rows = None if days is None else [("day", "in", list(days))]
        return to_frame(pq.read_table(path, columns=chosen, filters=rows))
    except (OSError, pa.ArrowException) as error:
        why = reason(error) if isinstance(error, OSError) else say("it is damaged")
        raise ResultError(say("{path}: the table cannot be read ({why})", path=path, why=why)) from error


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
    return read_table(folder, "daily", columns, days)


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


def _date(run: Run, survey: "Survey") -> pa.Scalar:
    """Return the date of a survey, in a run that has dates."""
    begin = run.scenario.first_date
    return pa.scalar(None if begin is None else begin + timedelta(survey.day), pa.date32())


def nominations_table(run: Run, keys: Keys) -> pa.Table:
    """Return who named whom in the surveys of a run, with a row for each nomination."""
    return pa.concat_tables([_nominations(run, survey, keys) for survey in run.surveys])


def _called(run: Run, uids: Any) -> pa.Array:
    """Return what users are called: by the names of a file, and sampled users by a number."""
    return pa.array([label(uid, run.names) for uid in uids.tolist()], pa.string())


def _nominations(run: Run, survey: "Survey", keys: Keys) -> pa.Table:
    dates = [date_field()] if run.scenario.first_date is not None else []
    ends = {"from": survey.namer, "to": survey.named} if run.names else {}
    fields = [
        *key_fields(keys),
        _DAY,
        *dates,
        field("from", pa.int64(), "1", "From", "Who names: `uid` of the user"),
        field("to", pa.int64(), "1", "To", "Who is named: `uid` of the user"),
        *(field(f"{end}_name", pa.string(), "1", f"{end.capitalize()} (name)", _NAME) for end in ends),
        field("level", pa.string(), "1", "Level", "What the user who names calls the tie"),
    ]
    centres = [run.centres[number] for number in survey.centre[survey.namer].tolist()]
    columns = [
        *first_columns(keys, centres),
        pa.repeat(pa.scalar(survey.day, _DAY.type), len(centres)),
        *(pa.repeat(_date(run, survey), len(centres)) for _ in dates),
        pa.array(survey.users[survey.namer], pa.int64()),
        pa.array(survey.users[survey.named], pa.int64()),
        *(_called(run, survey.users[people]) for people in ends.values()),
        pa.array([LEVELS[code] for code in survey.level.tolist()], pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def answers_table(run: Run, keys: Keys) -> pa.Table:
    """Return the answers in the surveys of a run: a row for each enrolled user and wave, null without an answer."""
    return pa.concat_tables([_answers(run, survey, keys) for survey in run.surveys])


def _answers(run: Run, survey: "Survey", keys: Keys) -> pa.Table:
    from sim.outcomes.observation import QUESTIONNAIRES  # only surveys need it

    dates = [date_field()] if run.scenario.first_date is not None else []
    fields = [
        *key_fields(keys),
        _DAY,
        *dates,
        field("user", pa.int64(), "1", "User", "`uid` of the user"),
        *([field("name", pa.string(), "1", "Name", _NAME)] if run.names else []),
        field("answered", pa.bool_(), "1", "Answered", "Whether the user answered this wave"),
    ]
    columns = [
        *first_columns(keys, [run.centres[number] for number in survey.centre.tolist()]),
        pa.repeat(pa.scalar(survey.day, _DAY.type), len(survey.users)),
        *(pa.repeat(_date(run, survey), len(survey.users)) for _ in dates),
        pa.array(survey.users, pa.int64()),
        *([_called(run, survey.users)] if run.names else []),
        pa.array(survey.answered),
    ]
    for scale in QUESTIONNAIRES:
        column = field(
            scale.name, pa.float64(), scale.unit, scale.meaning, f"{scale.meaning}, as the questionnaire says"
        )
        fields.append(column.with_nullable(True))
        values = survey.answers[scale.name]
        columns.append(pa.array(values, pa.float64(), mask=np.isnan(values)))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


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
