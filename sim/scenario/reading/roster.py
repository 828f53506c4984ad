"""Read users from a CSV file with the columns of `participants.csv`, and check every line."""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.scenario.text.errors import DayroomError, Problem
from sim.scenario.text.files import displayed
from sim.scenario.text.nodes import quoted, visible
from sim.scenario.text.suggestions import misspelt

SEX: Final = {"m": 0, "man": 0, "male": 0, "f": 1, "woman": 1, "female": 1}
DIAGNOSIS: Final = {
    "schizophrenia": 0,
    "bipolar disorder": 1,
    "bipolar disorder with physical disorders": 1,
    "obsessive-compulsive disorder": 2,
    "epileptic mental disorder": 3,
}
OCCUPATION: Final = {"unemployed": 0, "part-time/volunteer": 1, "retired": 2}
MARITAL: Final = {"unmarried": 0, "divorced": 1}
LIVES_WITH: Final = {"parents": 0, "alone": 1, "child": 2}
REQUIRED: Final = (
    "participant",
    "sex",
    "diagnosis",
    "age_low",
    "age_high",
    "marital_status",
    "occupation",
    "years_in_centre",
    "years_ill",
)
OPTIONAL: Final = ("lives_with", "only_child")
YOUNGEST_ENTRY: Final = 18
YOUNGEST_ONSET: Final = 10
"""Youngest ages, in years, at enrolment and at onset of the illness; sampled users have the same limits."""
_MOST: Final = 1000


class RosterError(DayroomError, ValueError):
    """The file of users is not usable.

    Parameters
    ----------
    path : Path
        The file.
    problems : list of (int, str, str)
        Line (from 1), name of the column, and the mistake.
    header : sequence of str
        Names of the columns in the order of the file, if they could be read.
    """

    def __init__(self, path: Path, problems: list[tuple[int, str, str]], header: Sequence[str] = ()) -> None:
        self.path, self.problems, self.header = path, problems, tuple(header)
        file = displayed(path)
        super().__init__("\n".join(visible(f"{file}:{line}: {column}: {what}") for line, column, what in problems))

    def __reduce__(self) -> tuple[type["RosterError"], tuple[Path, list[tuple[int, str, str]], tuple[str, ...]]]:
        # Python pickles an exception by its message; worker processes must return this one with its problems.
        return type(self), (self.path, self.problems, self.header)

    def placed(self) -> list[Problem]:
        """Return the problems with their places; the column is the number of the cell, as in network files."""
        cells = {name: number for number, name in reversed(list(enumerate(self.header, 1)))}
        return [
            Problem(displayed(self.path), line, cells.get(column, 1), column, what=f"{column}: {what}")
            for line, column, what in self.problems
        ]


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the file, as codes; None marks a value to be sampled."""

    name: str
    sex: int
    diagnosis: int
    age_low: float
    age_high: float
    divorced: int
    occupation: int
    years_in_centre: float
    years_ill: float
    lives_with: int | None
    only_child: int | None
    line: int = 0
    """Line of the file."""

    def key(self, taken: set[int]) -> int:
        """Return the lower half of the user's uid: a hash of the name, or the next free number if `taken` has it.

        So adding a line leaves all other users unchanged.
        """
        number = int.from_bytes(hashlib.blake2b(self.name.encode(), digest_size=4).digest()) % 24576 + 8192
        while number in taken:
            number = 8192 + (number - 8191) % 24576
        return number


def read_roster(path: Path) -> list[Person]:
    """Read users from a CSV file.

    Raises
    ------
    RosterError
        With every wrong line and column, what was found and what is allowed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RosterError(path, [(1, "file", f"cannot be read: {error}")]) from None
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        raise RosterError(path, [(1, "file", f"this is no CSV: {error}")]) from None
    header = rows[0][1] if rows else []
    wrong = _header_problems(header, rows[0][0] if rows else 1)
    if wrong:
        raise RosterError(path, wrong, header)
    problems: list[tuple[int, str, str]] = []
    people: list[Person] = []
    seen: dict[str, int] = {}
    for count, (number, cells) in enumerate(rows[1:]):
        if count == _MOST:
            problems.append((number, "participant", f"found {len(rows) - 1} users, allowed are {_MOST}"))
        if len(cells) != len(header):
            what = f"found {len(cells)} fields, another number of fields than the header, which has {len(header)}"
            problems.append((number, "line", what))
            continue
        line = dict(zip(header, cells, strict=True))
        name = line["participant"].strip()
        if name in seen:
            what = f"found {quoted(name)} a second time, first in line {seen[name]}, allowed is every name once"
            problems.append((number, "participant", what))
        elif name:
            seen[name] = number
        person = _person(line, number, problems)
        if person is not None:
            people.append(person)
    if not people and not problems:
        problems.append((1, "participant", "the file names nobody"))
    if problems:
        raise RosterError(path, problems, header)
    return people


def lines_of_users(path: Path) -> list[int]:
    """Return the line number of each row after the header, including rows with mistakes.

    Raises
    ------
    OSError, UnicodeDecodeError, csv.Error
        When the file cannot be read as CSV.
    """
    return [line for line, _ in _rows(path.read_text(encoding="utf-8-sig"))][1:]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with its first line; a quoted cell may span several lines."""
    reader = csv.reader(io.StringIO(text, newline=""))
    line = 1
    for row in reader:
        if row:
            yield line, row
        line = reader.line_num + 1


def _header_problems(header: list[str], line: int) -> list[tuple[int, str, str]]:
    """Return the missing, unknown and repeated columns."""
    known = REQUIRED + OPTIONAL
    problems = [(line, name, "column is missing") for name in REQUIRED if name not in header]
    for cell, name in enumerate(header):
        if name not in known:
            problems.append((line, name, misspelt("unknown column", name, known)))
        elif name in header[:cell]:
            problems.append((line, name, "found this column twice, allowed is every column once"))
    return problems


def _person(line: dict[str, str], number: int, problems: list[tuple[int, str, str]]) -> Person | None:
    """Turn a line into a Person, or record its problems and return None."""
    before = len(problems)

    def code(column: str, codes: dict[str, int]) -> int:
        found = line[column].strip().lower()
        if found not in codes:
            problems.append((number, column, misspelt(f"found {quoted(line[column])}", found, codes)))
        return codes.get(found, 0)

    def number_in(column: str, low: float, high: float) -> float:
        try:
            value = float(line[column])
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            problems.append(
                (number, column, f"found {quoted(line[column])}, allowed is a number from {low:g} to {high:g}")
            )
        return value

    def optional(column: str, codes: dict[str, int]) -> int | None:
        return code(column, codes) if line.get(column, "").strip() else None

    name = line["participant"].strip()
    if not name:
        problems.append((number, "participant", "is empty"))
    person = Person(
        name=name,
        sex=code("sex", SEX),
        diagnosis=code("diagnosis", DIAGNOSIS),
        age_low=number_in("age_low", 18, 65),
        age_high=number_in("age_high", 18, 65),
        divorced=code("marital_status", MARITAL),
        occupation=code("occupation", OCCUPATION),
        years_in_centre=number_in("years_in_centre", 0, 48),
        years_ill=number_in("years_ill", 0, 50),
        lives_with=optional("lives_with", LIVES_WITH),
        only_child=optional("only_child", {"no": 0, "yes": 1}),
        line=number,
    )
    if person.age_high < person.age_low:
        problems.append((number, "age_high", f"found {person.age_high:g}, below age_low {person.age_low:g}"))
    wrong = {column for _, column, _ in problems[before:]}
    problems += [
        (number, column, f"found {quoted(line[column])}, allowed is {allowed}")
        for column, needed, allowed in _impossible(person)
        if wrong.isdisjoint((column, *needed))
    ]
    return person if len(problems) == before else None


def _impossible(person: Person) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield contradictions between columns: the column, the columns it contradicts, and the allowed values.

    Ages are completed years: somebody in the range 30 to 35 is younger than 36, so the limits use 36.
    """
    age = person.age_high + 1
    given = f"with an age_high of {person.age_high:g}"
    if person.years_in_centre > person.years_ill:
        yield "years_in_centre", ("years_ill",), f"at most years_ill, {person.years_ill:g}"
    if person.years_in_centre > age - YOUNGEST_ENTRY:
        most = f"at most {age - YOUNGEST_ENTRY:g} {given}: nobody enrols before the age of {YOUNGEST_ENTRY}"
        yield "years_in_centre", ("age_high",), most
    if person.years_ill > age - YOUNGEST_ONSET:
        most = f"at most {age - YOUNGEST_ONSET:g} {given}: the illness begins at the age of {YOUNGEST_ONSET} or later"
        yield "years_ill", ("age_high",), most
