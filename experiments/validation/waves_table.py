"""Read waves from a table (week, from, to, rating); report every mistake with its line and column."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from experiments.validation.waves import FEWEST, Wave, rated
from sim.language import say
from sim.scenario.tables.dates import as_date
from sim.scenario.tables.reading import read_table
from sim.scenario.tables.table import Row, Table
from sim.scenario.tables.words import WAVES
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import nearest

COLUMNS: Final = ("week", "from", "to", "rating")
MOST_PEOPLE: Final = 1000
MOST_WEEKS: Final = 520
MOST_RATING: Final = 99
MOST_PROBLEMS: Final = 200
"""Stop reading after this many mistakes: the file is of another kind."""

Rating = tuple[int, str, str, int]
"""Week, person who rates, person rated, rating."""


def read_waves(path: Path | str, friendly: int = 3, friend: int = 2) -> list[Wave]:
    """Read the waves of a table, in order of their weeks.

    Parameters
    ----------
    path : Path or str
        Table (xlsx or CSV) with the columns `week` (a whole number, or `date` instead), `from`, `to` (any names) and
        `rating`: 1 is nearest, larger numbers are less near, 0 or a missing row means unknown. People who rate nobody
        above 0 in a week count as not having answered. Other columns are ignored.
    friendly, friend : int
        The largest ratings that still count as a friendly relation, and as a friend.

    Raises
    ------
    ScenarioError
        When the file has mistakes; lists them with their places.
    """
    return waves_in(read_waves_table(Path(path)), friendly, friend)


def waves_in(table: Table, friendly: int = 3, friend: int = 2) -> list[Wave]:
    """Return the waves in a table of `read_waves_table`.

    Raises
    ------
    ScenarioError
        As `read_waves`.
    """
    ratings, problems = _Ratings(), []
    at = _header(table)
    for row in _in_weeks(table, at):
        problems += ratings.add(table, row, at)
        if len(problems) >= MOST_PROBLEMS:
            count = say("{count} mistakes up to here; the rest has not been read", count=len(problems))
            raise ScenarioError([*problems, Problem.at(table.place(row), what=count)])
    people = _in_order({name for _, source, target, _ in ratings.rows for name in (source, target)})
    if not problems and not FEWEST <= len(people) <= MOST_PEOPLE:
        allowed = say("{low} to {high} people", low=FEWEST, high=MOST_PEOPLE)
        problems.append(Problem(table.file, found=say("{number} people", number=len(people)), allowed=allowed))
    if problems:
        raise ScenarioError(problems)
    return [_wave(week, people, ratings.rows, friendly, friend) for week in sorted({row[0] for row in ratings.rows})]


def _wave(week: int, people: list[str], rows: list[Rating], friendly: int, friend: int) -> Wave:
    seats = {name: seat for seat, name in enumerate(people)}
    ratings = np.zeros((len(people), len(people)), np.int64)
    for _, source, target, rating in (row for row in rows if row[0] == week):
        ratings[seats[source], seats[target]] = rating
    return rated(week, people, ratings, friendly, friend)


def _in_order(names: set[str]) -> list[str]:
    """Sort names, with the numbers in them by size: "2" before "10"."""
    return sorted(names, key=lambda name: [(not part.isdigit(), part.zfill(12)) for part in re.split(r"(\d+)", name)])


def read_waves_table(path: Path) -> Table:
    """Read the table of a file of waves, with English names of its columns; its notes say what was guessed.

    Raises
    ------
    ScenarioError
        When it cannot be read.
    """
    return WAVES.translated(read_table(path, WAVES))


def _header(table: Table) -> dict[str, int]:
    """Return the position of each column of `COLUMNS` in the header; `date` may stand for `week`."""
    names, place, problems = table.header.cells, table.place(table.header), []
    wanted = [column if column in names or column != "week" or "date" not in names else "date" for column in COLUMNS]
    for column in wanted:
        if column not in names:
            near = nearest(column, [n for n in names if n not in COLUMNS])
            if near:
                what = say("the column {column} is missing (found {near})", column=column, near=quoted(near))
            else:
                what = say("the column {column} is missing", column=column)
            allowed = say("a header with {columns}", columns=", ".join(COLUMNS))
            problems.append(Problem.at(place, what=what, allowed=allowed))
        elif names.count(column) > 1:
            second = table.place(table.header, len(names) - 1 - names[::-1].index(column))
            problems.append(
                Problem.at(second, found=say("the column {column} twice", column=column), allowed=say("once"))
            )
    if problems:
        raise ScenarioError(problems)
    return {column: names.index(name) for column, name in zip(COLUMNS, wanted, strict=True)}


def _in_weeks(table: Table, at: dict[str, int]) -> Iterator[Row]:
    """Yield the rows; a date becomes the number of whole weeks since the first date of the table.

    Raises
    ------
    ScenarioError
        With every cell that is no date.
    """
    if table.header.cells[at["week"]] != "date":
        yield from table.rows
        return
    problems, dates = [], []
    for row in table.rows:
        date = as_date(row.cells[at["week"]])
        if date is None:
            problems.append(_wrong(table, row, at["week"], "date", say("a date such as 2027-01-04")))
        dates.append(date or dt.date.max)
    if problems:
        raise ScenarioError(problems)
    for row, date in zip(table.rows, dates, strict=True):
        cells = list(row.cells)
        cells[at["week"]] = str((date - min(dates)).days // 7)
        yield Row(row.line, cells, row.given)


class _Ratings:
    """The valid rows so far."""

    def __init__(self) -> None:
        self.rows: list[Rating] = []
        self._lines: dict[tuple[int, str, str], int] = {}

    def add(self, table: Table, row: Row, at: dict[str, int]) -> list[Problem]:
        """Read a row and keep it if it is valid; return its problems."""
        width = max(at.values()) + 1
        if row.given < width:
            found = say("{number} cells", number=row.given)
            allowed = say("at least {width}, as in the header", width=width)
            return [Problem.at(table.place(row), found=found, allowed=allowed)]
        problems: list[Problem] = []
        week = _number(table, row, at["week"], "week", MOST_WEEKS, problems)
        rating = _number(table, row, at["rating"], "rating", MOST_RATING, problems)
        source, target = row.cells[at["from"]], row.cells[at["to"]]
        unnamed = [column for column in ("from", "to") if not row.cells[at[column]]]
        problems += [_wrong(table, row, at[column], column, say("the name of a person")) for column in unnamed]
        if problems:
            return problems
        if source == target:
            return [] if rating == 0 else [_wrong(table, row, at["to"], "to", say("somebody else than in `from`"))]
        if (week, source, target) in self._lines:
            first = self._lines[week, source, target]
            again = say(
                "{source} about {target} in week {week} again, first in line {line}",
                source=quoted(source),
                target=quoted(target),
                week=week,
                line=first,
            )
            return [Problem.at(table.place(row), found=again, allowed=say("each once a week"))]
        self._lines[week, source, target] = row.line
        self.rows.append((week, source, target, rating))
        return []


def _number(table: Table, row: Row, cell: int, column: str, most: int, problems: list[Problem]) -> int:
    text = row.cells[cell]
    if re.fullmatch(r"\d{1,6}", text, re.ASCII) and int(text) <= most:
        return int(text)
    problems.append(_wrong(table, row, cell, column, say("a whole number from 0 to {most}", most=most)))
    return 0


def _wrong(table: Table, row: Row, cell: int, column: str, allowed: str) -> Problem:
    found = quoted(row.cells[cell]) if row.cells[cell] else say("an empty cell")
    return Problem.at(table.place(row, cell), path=column, found=found, allowed=allowed)
