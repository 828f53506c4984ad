"""A survey's answers about ties, and how a written closeness is read; a missing answer is not the same as no tie."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sim.language import Later, say
from sim.scenario.tables.words import TIES, YES_NO
from sim.scenario.text.errors import Problem
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
            if self.top < level < math.inf:
                allowed = say("{allowed}; scale states the number of closeness 1, as in scale: {most:g}",
                    allowed=allowed, most=level,
                )  # fmt: skip
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
                raise wrong_size(place, say("more than {most}", most=MOST_USERS))
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
            problems += wrong_size(Place(self.file), str(n)).problems
        closeness = np.zeros((n, n))
        closeness[list(self.absent)] = np.nan
        stated = np.zeros((n, n), np.bool_)
        for pair, value in self.named.items():
            closeness[pair], stated[pair] = value, True
        np.fill_diagonal(closeness, 0.0)
        respondents = np.ones(n, np.bool_)
        respondents[list(self.absent)] = False
        return Answers(ids, closeness, respondents, stated, self.places, problems)


def wrong_size(place: Place, n: str) -> NetworkFileError:
    """Return the error of a network with too few or too many users."""
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


def no_attribute(place: Place, what: Later, others: list[str], scale: Scale) -> NetworkFileError:
    """Return the error for a file whose ties have attributes, but not the expected one."""
    return refused(
        place,
        found=say("no {what} {attribute}", what=what, attribute=quoted(scale.attribute)),
        allowed=say("the name of one that is there ({others}), or a file with none", others=", ".join(others)),
        suggestion=nearest(scale.attribute, others),
    )
