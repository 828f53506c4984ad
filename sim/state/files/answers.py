"""Read a survey's answers about ties from a list of edges or a matrix; a missing answer is not the same as no tie."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.language import Later, later, say
from sim.scenario.tables.reading import read_table
from sim.scenario.tables.table import Row, Table, plain_word
from sim.scenario.tables.words import TIES, YES_NO
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import Place, quoted
from sim.scenario.text.suggestions import nearest
from sim.state.columns import CENTRE, CONFIDANT, FRIEND, LEVEL_FROM, LEVELS
from sim.state.files.values import number
from sim.state.files.xml import NetworkFileError, refused

Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

FEWEST_USERS: Final = 2
MOST_USERS: Final = int(next(column.range[1] for column in CENTRE if column.name == "capacity"))
UNWEIGHTED: Final = (FRIEND + CONFIDANT) / 2
"""Closeness of a person who is named without a value: the middle of the range of friends."""

MOST_PROBLEMS: Final = 200
"""Most mistakes to report; a file with more is probably of another kind."""

_GEPHI: Final = ("type", "id", "label", "timeset")
"""Columns that Gephi adds to a list of edges."""
_UNKNOWN: Final = ("", "na", "n/a", "nan")
_CLOSENESS: Final = {
    level: (low + high) / 2 if low else 0.0
    for level, low, high in zip(LEVELS, (0.0, *LEVEL_FROM), (*LEVEL_FROM, 1.0), strict=True)
}
"""Closeness of a tie that is given as a word: the middle of the range of its level; strangers have no tie."""


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
    stated : bool array, shape (n, n)
        Whether the file has an answer of the row's user about the column's user. A respondent who names others has a
        closeness of 0, not stated, to the rest.
    places : list of Place
        Place of the first mention of each id.
    problems : list of Problem
        Mistakes in the file; if there are any, do not use closeness.
    listed : bool
        Whether the file is a list of ties, in which people have no order of their own.
    directions_stated : bool
        Whether the file states of each tie whether it goes one way.
    """

    ids: list[str]
    closeness: Floats
    respondents: Flags
    stated: Flags
    places: list[Place]
    problems: list[Problem]
    listed: bool = False
    directions_stated: bool = True


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
        if isinstance(value, str) and (word := TIES["closeness"].word(value)) in _CLOSENESS:
            return _CLOSENESS[word]
        try:
            level = number(value) if isinstance(value, str) else float(value)
        except (TypeError, ValueError):
            level = math.inf
        if isinstance(value, bool) or level < 0 or level > self.top:
            allowed = say("a number from 0 to {top:g}, or NA for unknown", top=self.top)
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
            raise refused(
                place, found=say("{count} mistakes up to here; the rest has not been read", count=len(self.problems))
            )

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
                raise _wrong_size(place, say("more than {most}", most=MOST_USERS))
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
            finding = say(
                "{source} towards {target} again, first in line {line}",
                source=quoted(source),
                target=quoted(target),
                line=self.lines[pair],
            )
            self.mistakes.note(refused(place, found=finding, allowed=say("each direction once")))
            return
        self.named[pair], self.lines[pair] = closeness, place.line

    def answers(self) -> Answers:
        """Return all answers as a matrix, with all mistakes."""
        n = len(self.seats)
        problems = list(self.mistakes.problems)
        ids = list(self.seats)
        for seat, place in self.absent.items():
            if seat in self.answered:
                finding = say(
                    "{name} as missing, with an answer in line {line}",
                    name=quoted(ids[seat]),
                    line=self.answered[seat].line,
                )
                problems += refused(
                    place, found=finding, allowed=say("missing only for those who did not answer")
                ).problems
        # With problems, the unreadable rows may hold more users; an empty list waits to be filled in.
        if 0 < n < FEWEST_USERS and not problems:
            problems += _wrong_size(Place(self.file), str(n)).problems
        closeness = np.zeros((n, n))
        closeness[list(self.absent)] = np.nan
        stated = np.zeros((n, n), np.bool_)
        for pair, value in self.named.items():
            closeness[pair], stated[pair] = value, True
        np.fill_diagonal(closeness, 0.0)
        respondents = np.ones(n, np.bool_)
        respondents[list(self.absent)] = False
        return Answers(ids, closeness, respondents, stated, self.places, problems)


def _wrong_size(place: Place, n: str) -> NetworkFileError:
    return refused(
        place,
        found=say("{n} users", n=n),
        allowed=say("{fewest} to {most} users", fewest=FEWEST_USERS, most=MOST_USERS),
    )


def is_marked(value: Any, place: Place) -> bool:
    """Return whether a user is marked as missing.

    Raises
    ------
    NetworkFileError
        When the mark is neither yes nor no.
    """
    word = "no" if value in (None, "") else TIES["missing"].word(str(value))
    if word not in YES_NO:
        raise refused(place, path="missing", found=quoted(str(value)), allowed=say("yes or no"))
    return word == "yes"


def read_answers(path: Path, scale: Scale) -> Answers:
    """Read a table: a list of edges (header source,target,...) or a matrix (header: an empty cell or id, then the ids).

    The answers include the mistakes in single rows. Words may be Chinese (`sim.scenario.tables.words.TIES`).

    Raises
    ------
    NetworkFileError
        When the file cannot be read or has a wrong header.
    """
    try:
        table = read_table(path, TIES)
        names = [TIES.name(cell) for cell in table.header.cells]
        if "source" in names and "target" in names:
            return _edge_list(TIES.translated(table), scale)
    except ScenarioError as error:
        raise NetworkFileError(*error.problems) from None
    if len(names) > 1 and (names[0] in ("", "source") or plain_word(names[0]) == "id"):
        return _matrix(table, scale)
    allowed = say("source,target,... for a list of edges, or an empty cell (or id) and the ids for a matrix")
    found = say("the header {cells}", cells=quoted(",".join(table.header.cells)))
    raise refused(table.place(table.header), found=found, allowed=allowed)


def _at(place: Place, cell: int) -> Place:
    """Return the place of a cell of a row; cells count from 0."""
    return replace(place, column=cell + 1)


def _edge_list(table: Table, scale: Scale) -> Answers:
    weight = _weight_column(table, scale)
    names = [plain_word(TIES.name(name)) for name in table.header.cells]
    nominations = Nominations(table.file)
    try:
        for row in table.rows:
            place = table.place(row)
            if len(row.cells) > len(names):
                wrong = refused(
                    place,
                    found=say("{count} cells", count=len(row.cells)),
                    allowed=say("{count}, as in the header", count=len(names)),
                )
                nominations.mistakes.note(wrong)
            else:
                _add_row(nominations, names, row.cells, place, weight, scale)
    except NetworkFileError as error:  # reading cannot continue: too many users or mistakes
        nominations.mistakes.problems += error.problems
    answers = nominations.answers()
    answers.listed, answers.directions_stated = True, "type" in names
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
        wrong = refused(_at(place, at_source), path="source", found=say("an empty cell"), allowed=say("an id"))
        nominations.mistakes.note(wrong)
    if "missing" in names and nominations.mistakes.marked(cells[names.index("missing")], place):
        if target:
            finding = say("{source} as missing, naming {target}", source=quoted(source), target=quoted(target))
            nominations.mistakes.note(refused(place, found=finding, allowed=say("no target")))
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


def _weight_column(table: Table, scale: Scale) -> int | None:
    """Return the index of the closeness column, or None if the list only states who named whom."""
    place, names = table.place(table.header), [plain_word(name) for name in table.header.cells]
    for cell, name in enumerate(names):
        if name in names[:cell] and name:
            raise refused(
                _at(place, cell), found=say("column {name} twice", name=quoted(name)), allowed=say("every column once")
            )
    usual = ("weight",) if scale.attribute == "closeness" else ()
    for wanted in (scale.attribute, TIES.name(scale.attribute), *usual):
        if plain_word(wanted) in names:
            return names.index(plain_word(wanted))
    own = ("source", "target", "missing", "", *_GEPHI)
    others = [name for name, plain in zip(table.header.cells, names, strict=True) if plain not in own]
    if not others:
        return None
    raise no_attribute(place, later("column"), others, scale)


def no_attribute(place: Place, what: Later, others: list[str], scale: Scale) -> NetworkFileError:
    """Return the error for a file whose ties have attributes, but not the expected one."""
    return refused(
        place,
        found=say("no {what} {attribute}", what=what, attribute=quoted(scale.attribute)),
        allowed=say("the name of one that is there ({others}), or a file with none", others=", ".join(others)),
        suggestion=nearest(scale.attribute, others),
    )


def _matrix(table: Table, scale: Scale) -> Answers:
    place, ids = table.place(table.header), table.header.cells[1:]
    if not FEWEST_USERS <= len(ids) <= MOST_USERS:
        raise _wrong_size(place, str(len(ids)))
    for cell, name in enumerate(ids, 1):
        if not name or name in ids[: cell - 1]:
            finding = say("id {name} twice", name=quoted(name)) if name else say("an empty cell")
            raise refused(_at(place, cell), found=finding, allowed=say("every id once"))
    closeness = np.full((len(ids), len(ids)), np.nan)
    lines: dict[str, int] = {}
    mistakes = Mistakes()
    try:
        for row in table.rows:
            where = table.place(row)
            i = _row_number(row, ids, lines, where, mistakes)
            for j, value in enumerate(row.cells[1 : len(ids) + 1]):
                if i not in (None, j):  # what users say about themselves does not count
                    closeness[i, j] = mistakes.closeness(scale, value, _at(where, j + 1))
    except NetworkFileError as error:  # reading cannot continue: too many mistakes
        mistakes.problems += error.problems
    np.fill_diagonal(closeness, np.nan)
    stated = ~np.isnan(closeness)
    respondents = stated.any(axis=1)
    np.fill_diagonal(closeness, 0.0)
    places = [_at(place, cell) for cell in range(1, len(ids) + 1)]
    return Answers(ids, closeness, respondents, stated, places, mistakes.problems)


def _row_number(row: Row, ids: list[str], lines: dict[str, int], place: Place, mistakes: Mistakes) -> int | None:
    """Return the number of the user who answers in a row of the matrix, or None if unknown; record mistakes."""
    name = row.cells[0]
    if name not in ids:
        allowed = say("one of the ids in the header; the matrix must be square")
        wrong = refused(
            place, found=say("row {name}", name=quoted(name)), allowed=allowed, suggestion=nearest(name, ids)
        )
        mistakes.note(wrong)
        return None
    if name in lines:
        finding = say("row {name} again, first in line {line}", name=quoted(name), line=lines[name])
        mistakes.note(refused(place, found=finding, allowed=say("every id once")))
    if row.given != len(ids) + 1:
        finding = say("{given} cells after {name}", given=row.given - 1, name=quoted(name))
        mistakes.note(refused(place, found=finding, allowed=say("{count}; the matrix must be square", count=len(ids))))
    lines.setdefault(name, place.line)
    return ids.index(name)
