"""Read a survey's answers about ties from a CSV list of edges or matrix; a missing answer is not the same as no tie."""

import csv
import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.files import decoded, displayed
from sim.scenario.text.nodes import Place, quoted
from sim.scenario.text.suggestions import nearest
from sim.state.columns import CENTRE, CONFIDANT, FRIEND
from sim.state.files.values import number
from sim.state.files.xml import NetworkFileError, read_bytes, refused

Floats = np.ndarray[Any, np.dtype[np.float64]]

MOST_BYTES: Final = 50_000_000
FEWEST_USERS: Final = 2
MOST_USERS: Final = int(next(column.range[1] for column in CENTRE if column.name == "capacity"))
UNWEIGHTED: Final = (FRIEND + CONFIDANT) / 2
"""Closeness of a person who is named without a value: the middle of the range of friends."""

MOST_PROBLEMS: Final = 200
"""Most mistakes to report; a file with more is probably of another kind."""

_GEPHI: Final = ("type", "id", "label", "timeset")
"""Columns that Gephi adds to a list of edges."""
_UNKNOWN: Final = ("", "na", "n/a", "nan")
_YES_NO: Final = {
    **dict.fromkeys(("yes", "true", "1", "1.0"), True),
    **dict.fromkeys(("no", "false", "0", "0.0", ""), False),
}


@dataclass(slots=True)
class Answers:
    """The answers in a survey, before missing answers are filled in.

    Parameters
    ----------
    ids : list of str
    closeness : float array, shape (n, n)
        Closeness of the row's user towards the column's user, in [0, 1]; NaN where unknown; 0 on the diagonal.
    respondents : bool array, shape (n,)
        Whether each user answered at all.
    places : list of Place
        Place of the first mention of each id.
    problems : list of Problem
        Mistakes in the file; if there are any, do not use closeness.
    listed : bool
        Whether the file is a list of ties, in which people have no order of their own.
    stated : bool
        Whether the file states of each tie whether it goes one way.
    """

    ids: list[str]
    closeness: Floats
    respondents: np.ndarray[Any, np.dtype[np.bool_]]
    places: list[Place]
    problems: list[Problem]
    listed: bool = False
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Scale:
    """How a file writes ties.

    Parameters
    ----------
    attribute : str
        The column or attribute that holds closeness.
    top : float
        The value that means closeness 1.
    unweighted : float
        Closeness of a tie without a value, and of each tie where all values are 0 or 1.
    directed : bool or None
        Whether a tie goes one way; None leaves it to the file.
    """

    attribute: str
    top: float
    unweighted: float = UNWEIGHTED
    directed: bool | None = None

    def named(self, names: Iterable[str]) -> str | None:
        """Return which of these names holds closeness: the attribute itself, or else the usual `weight`."""
        usual = [self.attribute, "weight"] if self.attribute == "closeness" else [self.attribute]
        return next((name for name in usual if name in names), None)

    def read(self, value: Any, place: Place) -> float:
        """Return closeness in [0, 1], or NaN if unknown.

        Raises
        ------
        NetworkFileError
            When the value is not a number on the scale.
        """
        if value is None or (isinstance(value, str) and value.strip().lower() in _UNKNOWN):
            return math.nan
        try:
            level = number(value) if isinstance(value, str) else float(value)
        except (TypeError, ValueError):
            level = math.inf
        if isinstance(value, bool) or level < 0 or level > self.top:
            allowed = f"a number from 0 to {self.top:g}, or NA for unknown"
            raise refused(place, path=self.attribute, found=quoted(str(value)), allowed=allowed)
        return level / self.top


@dataclass(slots=True)
class Mistakes:
    """Mistakes in a file, collected while reading continues."""

    problems: list[Problem] = field(default_factory=list)

    def note(self, error: NetworkFileError) -> None:
        """Record a mistake, so that reading can continue.

        Raises
        ------
        NetworkFileError
            When there are too many mistakes to continue.
        """
        self.problems += error.problems
        if len(self.problems) >= MOST_PROBLEMS:
            place = Place(error.file, error.line, error.column)
            raise refused(place, found=f"{len(self.problems)} mistakes up to here; the rest has not been read")

    def closeness(self, scale: Scale, value: Any, place: Place) -> float:
        """Read a closeness with `Scale.read`; record a wrong value as a mistake and return NaN."""
        try:
            return scale.read(value, place)
        except NetworkFileError as error:
            self.note(error)
            return math.nan

    def marked(self, value: Any, place: Place) -> bool:
        """Read a mark with `is_marked`; record a wrong mark as a mistake and return False."""
        try:
            return is_marked(value, place)
        except NetworkFileError as error:
            self.note(error)
            return False


@dataclass(slots=True)
class Nominations:
    """Users' nominations, collected one at a time; listed users count as respondents unless marked as missing."""

    file: str
    seats: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    named: dict[tuple[int, int], float] = field(default_factory=dict)
    lines: dict[tuple[int, int], int] = field(default_factory=dict)
    answered: dict[int, Place] = field(default_factory=dict)
    absent: dict[int, Place] = field(default_factory=dict)
    mistakes: Mistakes = field(default_factory=Mistakes)

    def seat(self, name: str, place: Place) -> int:
        """Return the number of a user; a new user gets the next number.

        Raises
        ------
        NetworkFileError
            When there are too many users.
        """
        if name not in self.seats:
            if len(self.seats) == MOST_USERS:
                raise _wrong_size(place, f"more than {MOST_USERS}")
            self.seats[name] = len(self.seats)
            self.places.append(place)
        return self.seats[name]

    def answer(self, source: str, place: Place) -> int:
        """Record that a user answered, and return the user's number."""
        seat = self.seat(source, place)
        self.answered.setdefault(seat, place)
        return seat

    def add(self, source: str, target: str, closeness: float, place: Place) -> None:
        """Add a user's answer about another user."""
        pair = self.answer(source, place), self.seat(target, place)
        if pair in self.named:
            finding = f"{quoted(source)} towards {quoted(target)} again, first in line {self.lines[pair]}"
            self.mistakes.note(refused(place, found=finding, allowed="each direction once"))
            return
        self.named[pair], self.lines[pair] = closeness, place.line

    def answers(self) -> Answers:
        """Return all answers as a matrix, with all mistakes."""
        n = len(self.seats)
        problems = list(self.mistakes.problems)
        ids = list(self.seats)
        for seat, place in self.absent.items():
            if seat in self.answered:
                finding = f"{quoted(ids[seat])} as missing, with an answer in line {self.answered[seat].line}"
                problems += refused(place, found=finding, allowed="missing only for those who did not answer").problems
        if n < FEWEST_USERS and not problems:  # with problems, the unreadable rows may hold more users
            problems += _wrong_size(Place(self.file), str(n)).problems
        closeness = np.zeros((n, n))
        closeness[list(self.absent)] = np.nan
        for pair, value in self.named.items():
            closeness[pair] = value
        np.fill_diagonal(closeness, 0.0)
        respondents = np.ones(n, np.bool_)
        respondents[list(self.absent)] = False
        return Answers(ids, closeness, respondents, self.places, problems)


def _wrong_size(place: Place, n: str) -> NetworkFileError:
    return refused(place, found=f"{n} users", allowed=f"{FEWEST_USERS} to {MOST_USERS} users")


def is_marked(value: Any, place: Place) -> bool:
    """Return whether a user is marked as missing.

    Raises
    ------
    NetworkFileError
        When the mark is neither yes nor no.
    """
    missing = _YES_NO.get("" if value is None else str(value).strip().lower())
    if missing is None:
        raise refused(place, path="missing", found=quoted(str(value)), allowed="yes or no")
    return missing


def read_csv(path: Path, scale: Scale) -> Answers:
    """Read a list of edges (header source,target,...) or a matrix (header: an empty cell or id, then the ids).

    The answers include the mistakes in single rows.

    Raises
    ------
    NetworkFileError
        When the file cannot be read or has a wrong header.
    """
    file = displayed(path)
    try:
        text = decoded(read_bytes(path, MOST_BYTES), file)
    except ScenarioError as error:
        raise NetworkFileError(*error.problems) from None
    rows = _rows(text, file)
    header_place, header = next(rows, (Place(file), [""]))
    names = [cell.lower() for cell in header]
    if "source" in names and "target" in names:
        return _edge_list(rows, names, header_place, scale)
    if names[0] in ("", "id") and len(names) > 1:
        return _matrix(rows, header, header_place, scale)
    allowed = "source,target,... for a list of edges, or an empty cell (or id) and the ids for a matrix"
    raise refused(header_place, found=f"the header {quoted(','.join(header))}", allowed=allowed)


def _rows(text: str, file: str) -> Iterator[tuple[Place, list[str]]]:
    """Yield the rows that are not empty, with stripped cells and the place of the first cell."""
    first_line = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first_line.count), strict=True)
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield Place(file, line, 1), cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise refused(Place(file, line, 1), found=f"broken CSV ({error})", allowed="a CSV") from None


def _at(place: Place, cell: int) -> Place:
    """Return the place of a cell of a row; cells count from 0."""
    return Place(place.file, place.line, cell + 1)


def _edge_list(rows: Iterable[tuple[Place, list[str]]], names: list[str], header_place: Place, scale: Scale) -> Answers:
    weight = _weight_column(names, header_place, scale)
    nominations = Nominations(header_place.file)
    try:
        for place, row in rows:
            if len(row) > len(names):
                wrong = refused(place, found=f"{len(row)} cells", allowed=f"{len(names)}, as in the header")
                nominations.mistakes.note(wrong)
            else:
                _add_row(nominations, names, row + [""] * (len(names) - len(row)), place, weight, scale)
    except NetworkFileError as error:  # reading cannot continue: broken CSV, too many users or mistakes
        nominations.mistakes.problems += error.problems
    answers = nominations.answers()
    answers.listed, answers.stated = True, "type" in names
    return answers


def _add_row(
    nominations: Nominations, names: list[str], cells: list[str], place: Place, weight: int | None, scale: Scale
) -> None:
    """Add the answer in a row of a list of edges; record its mistakes."""
    at_source, at_target = names.index("source"), names.index("target")
    source, target = cells[at_source], cells[at_target]
    if source:
        nominations.seat(source, _at(place, at_source))
    else:
        wrong = refused(_at(place, at_source), path="source", found="an empty cell", allowed="an id")
        nominations.mistakes.note(wrong)
    if "missing" in names and nominations.mistakes.marked(cells[names.index("missing")], place):
        if target:
            finding = f"{quoted(source)} as missing, naming {quoted(target)}"
            nominations.mistakes.note(refused(place, found=finding, allowed="no target"))
        elif source:
            nominations.absent[nominations.seat(source, place)] = place
    elif target in ("", source):  # named nobody, or only oneself
        if source:
            nominations.answer(source, place)
    else:
        nominations.seat(target, _at(place, at_target))
        value = (
            scale.unweighted
            if weight is None
            else nominations.mistakes.closeness(scale, cells[weight], _at(place, weight))
        )
        if source:
            nominations.add(source, target, value, place)
        if source and "type" in names and cells[names.index("type")].lower() == "undirected":  # as Gephi writes
            nominations.add(target, source, value, place)


def _weight_column(names: list[str], place: Place, scale: Scale) -> int | None:
    """Return the index of the closeness column, or None if the list only states who named whom."""
    for cell, name in enumerate(names):
        if name in names[:cell] and name:
            raise refused(_at(place, cell), found=f"column {quoted(name)} twice", allowed="every column once")
    own = Scale(scale.attribute.lower(), scale.top).named(names)
    if own is not None:
        return names.index(own)
    others = [name for name in names if name not in ("source", "target", "missing", "", *_GEPHI)]
    if not others:
        return None
    raise no_attribute(place, "column", others, scale)


def no_attribute(place: Place, what: str, others: list[str], scale: Scale) -> NetworkFileError:
    """Return the error for a file whose ties have attributes, but not the expected one."""
    return refused(
        place,
        found=f"no {what} {quoted(scale.attribute)}",
        allowed=f"the name of one that is there ({', '.join(others)}), or a file with none",
        suggestion=nearest(scale.attribute, others),
    )


def _matrix(rows: Iterable[tuple[Place, list[str]]], header: list[str], place: Place, scale: Scale) -> Answers:
    ids = header[1:]
    if not FEWEST_USERS <= len(ids) <= MOST_USERS:
        raise _wrong_size(place, str(len(ids)))
    for cell, name in enumerate(ids, 1):
        if not name or name in ids[: cell - 1]:
            finding = f"id {quoted(name)} twice" if name else "an empty cell"
            raise refused(_at(place, cell), found=finding, allowed="every id once")
    closeness = np.full((len(ids), len(ids)), np.nan)
    lines: dict[str, int] = {}
    mistakes = Mistakes()
    try:
        for where, row in rows:
            i = _row_number(row, ids, lines, where, mistakes)
            for j, value in enumerate(row[1 : len(ids) + 1]):
                if i not in (None, j):  # what users say about themselves does not count
                    closeness[i, j] = mistakes.closeness(scale, value, _at(where, j + 1))
    except NetworkFileError as error:  # reading cannot continue: broken CSV, or too many mistakes
        mistakes.problems += error.problems
    np.fill_diagonal(closeness, np.nan)
    respondents = ~np.isnan(closeness).all(axis=1)
    np.fill_diagonal(closeness, 0.0)
    places = [_at(place, cell) for cell in range(1, len(header))]
    return Answers(ids, closeness, respondents, places, mistakes.problems)


def _row_number(row: list[str], ids: list[str], lines: dict[str, int], place: Place, mistakes: Mistakes) -> int | None:
    """Return the number of the user who answers in a row of the matrix, or None if unknown; record mistakes."""
    name = row[0]
    if name not in ids:
        allowed = "one of the ids in the header; the matrix must be square"
        wrong = refused(place, found=f"row {quoted(name)}", allowed=allowed, suggestion=nearest(name, ids))
        mistakes.note(wrong)
        return None
    if name in lines:
        finding = f"row {quoted(name)} again, first in line {lines[name]}"
        mistakes.note(refused(place, found=finding, allowed="every id once"))
    if len(row) != len(ids) + 1:
        finding = f"{len(row) - 1} cells after {quoted(name)}"
        mistakes.note(refused(place, found=finding, allowed=f"{len(ids)}; the matrix must be square"))
    lines.setdefault(name, place.line)
    return ids.index(name)
