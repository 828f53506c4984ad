"""Read users from a table with the columns of `participants.csv`, and check every line.

Only the column of names is needed. A column may be absent and a cell empty (`EMPTY`): its value is then sampled.
"""

import datetime as dt
import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.language import Language, language, say
from sim.scenario.tables.durations import as_day, years_until
from sim.scenario.tables.reading import read_table
from sim.scenario.tables.table import Table
from sim.scenario.tables.words import USERS
from sim.scenario.text.errors import DayroomError, Problem, ScenarioError
from sim.scenario.text.files import displayed
from sim.scenario.text.nodes import quoted, visible

SEX: Final = {"male": 0, "female": 1}
DIAGNOSIS: Final = {
    "schizophrenia": 0,
    "bipolar disorder": 1,
    "obsessive-compulsive disorder": 2,
    "epileptic mental disorder": 3,
    "depression": 4,
    "intellectual disability": 5,
    "other": 6,
}
OCCUPATION: Final = {"unemployed": 0, "part-time/volunteer": 1, "retired": 2}
MARITAL: Final = {"unmarried": 0, "divorced": 1, "married": 2, "widowed": 3}
LIVES_WITH: Final = {"parents": 0, "alone": 1, "child": 2, "spouse": 3, "group home": 4}
NAME: Final = "participant"
AGES: Final = ("age", "age_low", "age_high")
"""Completed years, or their range; a cell of the first stands above the range."""
BACKGROUND: Final = (
    "sex",
    "diagnosis",
    "age",
    "marital_status",
    "occupation",
    "years_in_centre",
    "years_ill",
    "lives_with",
    "only_child",
)
"""What a file can tell of a user; what it leaves out is sampled."""
COLUMNS: Final = (NAME, *dict.fromkeys((*AGES, *BACKGROUND)))
EMPTY: Final = ("", "-", "\N{EN DASH}", "\N{EM DASH}", "?", "na", "n/a", "nan", "unknown")
"""Cells, in small letters, that leave a value open."""
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
    sheet : str
        Sheet of a workbook; empty for other files.
    """

    def __init__(
        self, path: Path, problems: list[tuple[int, str, str]], header: Sequence[str] = (), sheet: str = ""
    ) -> None:
        self.path, self.problems, self.header, self.sheet = path, problems, tuple(header), sheet
        file = displayed(path)
        super().__init__(
            "\n".join(visible(f"{file}:{line}: {_called(column)}: {what}") for line, column, what in problems)
        )

    def __reduce__(self) -> tuple[type["RosterError"], tuple[Path, list[tuple[int, str, str]], tuple[str, ...], str]]:
        # Python pickles an exception by its message; worker processes must return this one with its problems.
        return type(self), (self.path, self.problems, self.header, self.sheet)

    def placed(self) -> list[Problem]:
        """Return the problems with their places; the column is the number of the cell, as in network files."""
        cells = {name: number for number, name in reversed(list(enumerate(self.header, 1)))}
        return [
            Problem(
                displayed(self.path),
                line,
                cells.get(column, 1),
                column,
                what=f"{_called(column)}: {what}",
                sheet=self.sheet,
            )
            for line, column, what in self.problems
        ]


def _called(column: str) -> str:
    """Return the header of a column in the reader's language."""
    if language() is Language.en or column not in COLUMNS:
        return column
    return USERS[column].headers[0]


@dataclass(frozen=True, slots=True)
class Person:
    """A listed user: one line of the file, as codes; None marks a value to be sampled."""

    name: str
    sex: int | None = None
    diagnosis: int | None = None
    age_low: float | None = None
    age_high: float | None = None
    marital_status: int | None = None
    occupation: int | None = None
    years_in_centre: float | None = None
    years_ill: float | None = None
    lives_with: int | None = None
    only_child: int | None = None
    line: int = 0
    """Line of the file; 0 for a user whom only a network names."""
    unnamed: bool = False
    """Whether the file gives no name, so that the line stands for it."""

    def gaps(self) -> tuple[str, ...]:
        """Return the columns, of `NAME` and `BACKGROUND`, that the file leaves open."""
        ages = (self.age_low, self.age_high)
        values = {name: getattr(self, name) for name in BACKGROUND if name != "age"}
        known = {name for name, value in values.items() if value is not None}
        known |= {name for name, is_known in ((NAME, not self.unnamed), ("age", None not in ages)) if is_known}
        return tuple(name for name in (NAME, *BACKGROUND) if name not in known)

    def key(self, taken: set[int]) -> int:
        """Return the lower half of the user's uid: a hash of the name, or the next free number if `taken` has it.

        So adding a line leaves all other users unchanged.
        """
        number = int.from_bytes(hashlib.blake2b(self.name.encode(), digest_size=4).digest()) % 24576 + 8192
        while number in taken:
            number = 8192 + (number - 8191) % 24576
        return number


def roster_table(path: Path) -> Table:
    """Read the table of a file of users, with English names of columns and words; its notes say what was guessed.

    Raises
    ------
    ScenarioError
        When no table can be read from the file.
    """
    return USERS.translated(read_table(path, USERS))


def read_roster(path: Path, first_date: dt.date | None = None) -> list[Person]:
    """Read users from a table (xlsx or CSV); words may be Chinese (`sim.scenario.tables.words.USERS`).

    Dates of birth, of joining and of falling ill become years up to `first_date`, the date of day 0.

    Raises
    ------
    RosterError
        With every wrong line and column, what was found and what is allowed.
    """
    try:
        table = roster_table(path)
    except ScenarioError as error:
        raise RosterError(path, [(one.line, "file", one.sentence) for one in error.problems]) from None
    return people_in(table, path, first_date)


def people_in(table: Table, path: Path, first_date: dt.date | None = None) -> list[Person]:
    """Return the users in a table.

    Parameters
    ----------
    table : Table
        As from `roster_table`: a row for each user.
    path : Path
        The file, for messages.
    first_date : date, optional
        Date of day 0; without it, dates are refused.

    Raises
    ------
    RosterError
        As `read_roster`.
    """
    header = table.header.cells
    wrong = _header_problems(header, table.header.line)
    if wrong:
        raise RosterError(path, wrong, header, table.sheet)
    problems: list[tuple[int, str, str]] = []
    people: list[Person] = []
    seen: dict[str, int] = {}
    for count, row in enumerate(table.rows):
        number = row.line
        if count == _MOST:
            problems.append(
                (number, NAME, say("found {count} users, allowed are {most}", count=len(table.rows), most=_MOST))
            )
        if row.given != len(header):
            what = say(
                "found {given} fields, another number of fields than the header, which has {count}",
                given=row.given,
                count=len(header),
            )
            problems.append((number, "line", what))
            continue
        line = dict(zip(header, row.cells, strict=True))
        name = _known(line[NAME]) or f"row {number}"
        if name in seen:
            what = say(
                "found {name} a second time, first in line {seen}, allowed is every name once",
                name=quoted(name),
                seen=seen[name],
            )
            problems.append((number, NAME, what))
        seen.setdefault(name, number)
        people.append(_person(name, line, number, problems, first_date))
    if not people and not problems:
        problems.append((table.header.line, NAME, say("the file names nobody")))
    if problems:
        raise RosterError(path, problems, header, table.sheet)
    return people


def _header_problems(header: list[str], line: int) -> list[tuple[int, str, str]]:
    """Return the missing, unknown and repeated columns."""
    problems = [] if NAME in header else [(line, NAME, say("column is missing"))]
    for cell, name in enumerate(header):
        if name and name not in COLUMNS:
            problems.append((line, name, USERS.unknown(name)))
        elif name and name in header[:cell]:
            problems.append((line, name, say("found this column twice, allowed is every column once")))
    return problems


def _known(cell: str) -> str:
    """Return the contents of a cell, and "" for a gap."""
    contents = cell.strip()
    return "" if contents.lower() in EMPTY else contents


def _person(
    name: str, line: dict[str, str], number: int, problems: list[tuple[int, str, str]], first_date: dt.date | None
) -> Person:
    """Turn a line into a Person, and record its problems; a wrong cell counts as empty."""
    before = len(problems)

    def code(column: str, codes: dict[str, int]) -> int | None:
        value = _known(line.get(column, ""))
        if value and value.lower() not in codes:
            empty = say("; a cell left empty is sampled")
            problems.append((number, column, f"{USERS[column].unknown(line[column])}{empty}"))
        return codes.get(value.lower())

    def number_in(column: str) -> float | None:
        text = _known(line.get(column, ""))
        if not text:
            return None
        low, high = USERS[column].limits or (0.0, math.inf)
        value = _number(column, text, first_date)
        if low <= value <= high:
            return value
        problems.append((number, column, _refused(column, line[column], first_date)))
        return None

    ages = {column: number_in(column) for column in AGES}
    if ages["age"] is not None:
        ages |= dict.fromkeys(("age_low", "age_high"), math.floor(ages["age"]))
    person = Person(
        name=name,
        sex=code("sex", SEX),
        diagnosis=code("diagnosis", DIAGNOSIS),
        age_low=ages["age_low"],
        age_high=ages["age_high"],
        marital_status=code("marital_status", MARITAL),
        occupation=code("occupation", OCCUPATION),
        years_in_centre=number_in("years_in_centre"),
        years_ill=number_in("years_ill"),
        lives_with=code("lives_with", LIVES_WITH),
        only_child=code("only_child", {"no": 0, "yes": 1}),
        line=number,
        unnamed=not _known(line[NAME]),
    )
    wrong = {column for _, column, _ in problems[before:]}
    problems += [
        (number, column, what) for column, needed, what in _impossible(person) if wrong.isdisjoint((column, *needed))
    ]
    return person


def _number(column: str, text: str, first_date: dt.date | None) -> float:
    """Return the number in a cell, or the years since the date in it; NaN for other text."""
    day = as_day(text) if USERS[column].since else None
    if day is not None:
        return math.nan if first_date is None else years_until(day, first_date)
    try:
        return float(text)
    except ValueError:
        return math.nan


def _refused(column: str, cell: str, first_date: dt.date | None) -> str:
    """Return the complaint about a cell that holds no number, or one that is not allowed, with the way out."""
    low, high = USERS[column].limits or (0.0, math.inf)
    what = say("found {line}, allowed is a number from {low:g} to {high:g}", line=quoted(cell), low=low, high=high)
    is_date = USERS[column].since and as_day(_known(cell)) is not None
    if is_date and first_date is None:
        return what + say("; a date needs the key first_date in the scenario, such as first_date: 2027-01-04")
    if is_date:
        return what + say(
            " of years up to first_date, {first_date}; a cell left empty is sampled", first_date=first_date
        )
    if column == "age":
        return what + say("; a range goes into two columns, age_low and age_high, and a cell left empty is sampled")
    return what + say("; a cell left empty is sampled")


def _impossible(person: Person) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield contradictions between columns: the column, the columns it contradicts, and what is wrong.

    Ages are completed years: somebody in the range 30 to 35 is younger than 36, so the limits use 36.
    """
    low, high = person.age_low, person.age_high
    tenure, ill = person.years_in_centre, person.years_ill
    if low is not None and high is not None and high < low:
        yield "age_high", ("age_low",), say("found {high:g}, below age_low {low:g}", high=high, low=low)
    if tenure is not None and ill is not None and tenure > ill:
        yield (
            "years_in_centre",
            ("years_ill",),
            say("found '{tenure:g}', allowed is at most years_ill, {ill:g}", tenure=tenure, ill=ill),
        )
    if high is None:
        return
    given = say("with an age of {high:g}", high=high) if low == high else say("with an age_high of {high:g}", high=high)
    if tenure is not None and tenure > high + 1 - YOUNGEST_ENTRY:
        most = say(
            "at most {high:g} {given}: nobody enrols before the age of {youngest}",
            high=high + 1 - YOUNGEST_ENTRY,
            given=given,
            youngest=YOUNGEST_ENTRY,
        )
        yield "years_in_centre", AGES, say("found '{tenure:g}', allowed is {most}", tenure=tenure, most=most)
    if ill is not None and ill > high + 1 - YOUNGEST_ONSET:
        most = say(
            "at most {high:g} {given}: the illness begins at the age of {youngest} or later",
            high=high + 1 - YOUNGEST_ONSET,
            given=given,
            youngest=YOUNGEST_ONSET,
        )
        yield "years_ill", AGES, say("found '{ill:g}', allowed is {most}", ill=ill, most=most)
