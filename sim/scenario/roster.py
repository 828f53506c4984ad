"""Users read from a CSV in the form of `participants.csv`, checked line by line."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

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
_MOST: Final = 1000


class RosterError(ValueError):
    """The file of users cannot be used; `problems` holds (line, column name, what is wrong)."""

    def __init__(self, path: Path, problems: list[tuple[int, str, str]]) -> None:
        self.path, self.problems = path, problems
        super().__init__("\n".join(f"{path}:{line}: {column}: {what}" for line, column, what in problems))


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the file, in codes; None where the file leaves it to be sampled."""

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

    def key(self, taken: set[int]) -> int:
        """Lower half of the uid: a digest of the name, so that adding a line disturbs nobody; next free when taken."""
        number = int.from_bytes(hashlib.blake2b(self.name.encode(), digest_size=4).digest()) % 24576 + 8192
        while number in taken:
            number = 8192 + (number - 8191) % 24576
        return number


def read_roster(path: Path) -> list[Person]:
    """Read users from a CSV file.

    Raises
    ------
    RosterError
        Naming every line and column that cannot be used, what was found and what is allowed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RosterError(path, [(1, "file", f"cannot be read: {error}")]) from None
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    unknown = [name for name in (reader.fieldnames or ()) if name not in REQUIRED + OPTIONAL]
    if missing or unknown:
        wrong = [(1, name, "column is missing") for name in missing]
        wrong += [(1, str(name), f"unknown column, allowed are {', '.join(REQUIRED + OPTIONAL)}") for name in unknown]
        raise RosterError(path, wrong)
    problems: list[tuple[int, str, str]] = []
    people: list[Person] = []
    seen: set[str] = set()
    for line in reader:
        person = _person(line, reader.line_num, problems)
        if person is None:
            continue
        if person.name in seen:
            problems.append((reader.line_num, "participant", f"found {person.name!r} a second time"))
        seen.add(person.name)
        people.append(person)
    if not people and not problems:
        problems.append((1, "participant", "the file names nobody"))
    if len(people) > _MOST:
        problems.append((_MOST + 2, "participant", f"found {len(people)} users, allowed are {_MOST}"))
    if problems:
        raise RosterError(path, problems)
    return people


def _person(line: dict[str, str], number: int, problems: list[tuple[int, str, str]]) -> Person | None:
    """Turn one line into a Person, or note what is wrong with it."""
    before = len(problems)
    if None in line or None in line.values():
        problems.append((number, "line", "has another number of fields than the header"))
        return None

    def code(column: str, codes: dict[str, int]) -> int:
        found = line[column].strip().lower()
        if found not in codes:
            problems.append((number, column, f"found {line[column]!r}, allowed are {', '.join(codes)}"))
        return codes.get(found, 0)

    def number_in(column: str, low: float, high: float) -> float:
        try:
            value = float(line[column])
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            problems.append((number, column, f"found {line[column]!r}, allowed is a number from {low:g} to {high:g}"))
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
    )
    if person.age_high < person.age_low:
        problems.append((number, "age_high", f"found {person.age_high:g}, below age_low {person.age_low:g}"))
    return person if len(problems) == before else None
