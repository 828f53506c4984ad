"""Read waves from a CSV file (week, from, to, rating); report every mistake with its line and column."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from experiments.validation.waves import FEWEST, Wave, rated
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.files import displayed, read_text
from sim.scenario.text.nodes import Place, quoted
from sim.scenario.text.suggestions import nearest

COLUMNS: Final = ("week", "from", "to", "rating")
MOST_PEOPLE: Final = 1000
MOST_WEEKS: Final = 520
MOST_RATING: Final = 99
MOST_PROBLEMS: Final = 200
"""Stop reading after this many mistakes: the file is of another kind."""

Row = tuple[int, str, str, int]
"""Week, person who rates, person rated, rating."""


def read_waves(path: Path, friendly: int = 3, friend: int = 2) -> list[Wave]:
    """Read the waves of a CSV file, in order of their weeks.

    Parameters
    ----------
    path : Path
        File with the columns `week` (a whole number), `from`, `to` (any names) and `rating`: 1 is nearest, larger
        numbers are less near, 0 or a missing row means unknown. People who rate nobody above 0 in a week count as not
        having answered. Other columns are ignored.
    friendly, friend : int
        The largest ratings that still count as a friendly relation, and as a friend.

    Raises
    ------
    ScenarioError
        When the file has mistakes; lists them with their places.
    """
    file = displayed(path)
    ratings, problems = _Ratings(), []
    try:
        for place, cells, at in _records(read_text(path), file):
            problems += ratings.add(place, cells, at)
            if len(problems) >= MOST_PROBLEMS:
                count = f"{len(problems)} mistakes up to here; the rest has not been read"
                raise ScenarioError([Problem.at(place, what=count)])
    except ScenarioError as error:  # the rest of the file cannot be read
        raise ScenarioError([*problems, *error.problems]) from None
    people = _in_order({name for _, source, target, _ in ratings.rows for name in (source, target)})
    if not problems and not FEWEST <= len(people) <= MOST_PEOPLE:
        allowed = f"{FEWEST} to {MOST_PEOPLE} people"
        problems.append(Problem(file, found=f"{len(people)} people", allowed=allowed))
    if problems:
        raise ScenarioError(problems)
    return [_wave(week, people, ratings.rows, friendly, friend) for week in sorted({row[0] for row in ratings.rows})]


def _wave(week: int, people: list[str], rows: list[Row], friendly: int, friend: int) -> Wave:
    seats = {name: seat for seat, name in enumerate(people)}
    ratings = np.zeros((len(people), len(people)), np.int64)
    for _, source, target, rating in (row for row in rows if row[0] == week):
        ratings[seats[source], seats[target]] = rating
    return rated(week, people, ratings, friendly, friend)


def _in_order(names: set[str]) -> list[str]:
    """Sort names, with the numbers in them by size: "2" before "10"."""
    return sorted(names, key=lambda name: [(not part.isdigit(), part.zfill(12)) for part in re.split(r"(\d+)", name)])


def _records(text: str, file: str) -> Iterator[tuple[Place, list[str], dict[str, int]]]:
    """Yield the rows below the header that are not empty, with their place and the position of each column."""
    first_line = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first_line.count), strict=True)
    line = 1
    at: dict[str, int] = {}
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not at:
                at = _header(cells, Place(file, line, 1))
            elif any(cells):
                yield Place(file, line, 1), cells, at
            line = reader.line_num + 1
    except csv.Error as error:
        raise ScenarioError([Problem(file, line, 1, found=f"broken CSV ({error})", allowed="a CSV")]) from None
    if not at:
        what = f"the file is empty; it begins with the header {','.join(COLUMNS)}"
        raise ScenarioError([Problem(file, what=what)])


def _header(cells: list[str], place: Place) -> dict[str, int]:
    """Return the position of each column of `COLUMNS` in the header."""
    names = [cell.lower() for cell in cells]
    problems = []
    for column in COLUMNS:
        if column not in names:
            what, near = f"the column {column} is missing", nearest(column, [n for n in names if n not in COLUMNS])
            problems.append(Problem.at(place, what=f"{what} (found {quoted(near)})" if near else what,
                                       allowed=f"a header with {', '.join(COLUMNS)}"))  # fmt: skip
        elif names.count(column) > 1:
            second = len(names) - names[::-1].index(column)
            problems.append(Problem(place.file, place.line, second, found=f"the column {column} twice", allowed="once"))
    if problems:
        raise ScenarioError(problems)
    return {column: names.index(column) for column in COLUMNS}


class _Ratings:
    """The valid rows so far."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._lines: dict[tuple[int, str, str], int] = {}

    def add(self, place: Place, cells: list[str], at: dict[str, int]) -> list[Problem]:
        """Read a row and keep it if it is valid; return its problems."""
        width = max(at.values()) + 1
        if len(cells) < width:
            return [Problem.at(place, found=f"{len(cells)} cells", allowed=f"at least {width}, as in the header")]
        problems: list[Problem] = []
        week = self._number(place, cells, at, "week", MOST_WEEKS, problems)
        rating = self._number(place, cells, at, "rating", MOST_RATING, problems)
        source, target = (self._name(place, cells, at, column, problems) for column in ("from", "to"))
        if problems:
            return problems
        if source == target:
            allowed = "somebody else than in `from`"
            return [] if rating == 0 else [_wrong(place, at["to"], "to", quoted(target), allowed)]
        if (week, source, target) in self._lines:
            first = self._lines[week, source, target]
            again = f"{quoted(source)} about {quoted(target)} in week {week} again, first in line {first}"
            return [Problem.at(place, found=again, allowed="each once a week")]
        self._lines[week, source, target] = place.line
        self.rows.append((week, source, target, rating))
        return []

    @staticmethod
    def _number(
        place: Place, cells: list[str], at: dict[str, int], column: str, most: int, problems: list[Problem]
    ) -> int:
        text = cells[at[column]]
        if re.fullmatch(r"\d{1,6}", text, re.ASCII) and int(text) <= most:
            return int(text)
        finding = quoted(text) if text else "an empty cell"
        problems.append(_wrong(place, at[column], column, finding, f"a whole number from 0 to {most}"))
        return 0

    @staticmethod
    def _name(place: Place, cells: list[str], at: dict[str, int], column: str, problems: list[Problem]) -> str:
        if not cells[at[column]]:
            problems.append(_wrong(place, at[column], column, "an empty cell", "the name of a person"))
        return cells[at[column]]


def _wrong(place: Place, cell: int, column: str, found: str, allowed: str) -> Problem:
    return Problem(place.file, place.line, cell + 1, path=column, found=found, allowed=allowed)
