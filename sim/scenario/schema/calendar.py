"""Dates in a scenario: written dates, the days they stand for, closed days, and public holidays.

Inside, a run counts days from 0. A scenario with `first_date`, the date of day 0, may write dates instead; they become
days before its values are checked: in the text of a file (`with_days`), or among typed values (`in_days`).
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby, pairwise
from typing import Any, Final

from pydantic import Field, model_validator

from sim.language import say
from sim.scenario.schema.quantity import Section
from sim.scenario.schema.session import WEEKDAYS, Weekday
from sim.scenario.text.errors import InputError, Problem
from sim.scenario.text.nodes import Entry, KeyPath, Mapping, Node, Scalar, Sequence, quoted, shown
from sim.scenario.text.suggestions import misspelt
from sim.scenario.text.units import UnitError, convert

DATED: Final = (
    ("observe", "waves", "*"),
    ("policies", "*", "start"),
    ("policies", "*", "end"),
    ("centres", "*", "closures", "*", "first"),
    ("centres", "*", "closures", "*", "last"),
)
"""The values that may be dates; a star stands for any name and any position in a list."""

EXAMPLE: Final = "2027-01-04"

_DATE: Final = re.compile(
    r"\s*(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|\s*年\s*(\d{1,2})\s*月\s*)(\d{1,2})\s*(?:日|号)?(?:[T ]00:00(?::00)?)?\s*",
    re.ASCII,
)
_HOLIDAYS: Final = re.compile(r"centres\.[^.]+\.closures\.\d+\.holidays")
_LIKE: Final = re.compile(r"\s*(\d{4}\s*[-/.年]|\d{1,2}[-/.月]\d{1,2}[-/.日])")
"""The beginning of a date, in any order."""
_LONGEST: Final = 36525
"""Days of the longest run."""
_MOST_NAMES: Final = 3
"""Most names of holidays in the reason for a closure."""


class Closure(Section):
    """Days on which a centre is closed: from a first to a last day, or a country's public holidays."""

    first: int | None = Field(
        default=None, ge=0, description="First closed day (day 0 is the first of the run), or its date"
    )
    last: int | None = Field(default=None, ge=0, description="Last closed day, or its date")
    why: str = Field(default="", description="Such as a public holiday")
    holidays: str = Field(
        default="",
        max_length=60,
        description="Instead of days: a country whose public holidays are closed days, as a name or code, such as china or CN; "
        "needs first_date",
    )

    @model_validator(mode="after")
    def _in_order(self) -> "Closure":
        if self.first is None or self.last is None:
            if not self.holidays or self.first != self.last:
                raise ValueError(say("a closure needs first and last, or holidays"))
        elif self.last < self.first:
            raise ValueError(say("last ({last}) comes before first ({first})", last=self.last, first=self.first))
        return self

    @property
    def days(self) -> range:
        """The closed days, counted from the start of the run; none for holidays that nobody has looked up."""
        return range(0) if self.first is None or self.last is None else range(self.first, self.last + 1)


def as_date(written: object) -> date | None:
    """Return the date that a text or an object stands for, year first (2027-03-01, 2027/3/1, 2027年3月1日), or None."""
    if isinstance(written, date):
        return written.date() if isinstance(written, datetime) else written
    match = _DATE.fullmatch(written) if isinstance(written, str) and len(written) < 40 else None
    if match is None:
        return None
    year, *months, day = match.groups()
    try:
        return date(int(year), int(next(filter(None, months))), int(day))
    except ValueError:  # such as 30 February
        return None


def is_dated(path: tuple[str | int, ...]) -> bool:
    """Return whether a value of a scenario, by its path, may be a date."""
    return any(
        len(path) == len(place) and all(want in ("*", part) for want, part in zip(place, path, strict=True))
        for place in DATED
    )


def weekday(day: date) -> Weekday:
    """Return the weekday of a date."""
    return WEEKDAYS[day.weekday()]


def in_days(values: AnyMapping[str, Any], usual_length: int) -> dict[str, Any]:
    """Return the values of a scenario with dates as days, lists of holidays as days, and the weekday of day 0.

    Typed sections hold days already. Without `first_date` the values stay as they are.

    Parameters
    ----------
    values : mapping
        Plain values and typed sections.
    usual_length : int
        Days of a run when the values do not say.

    Raises
    ------
    InputError
        When a list of holidays is unknown.
    """
    first = as_date(values.get("first_date"))
    if first is None:
        return dict(values)
    whole = {"first_day": weekday(first), **_with_days(values, (), first)}
    whole["first_date"] = first
    if isinstance(centres := whole.get("centres"), AnyMapping):
        length = _length(whole.get("days", usual_length))
        whole["centres"] = {name: _with_holidays(name, centre, first, length) for name, centre in centres.items()}
    return whole


def _length(days: Any) -> int:
    """Return the days of a run from a number or a text such as "1 year"; 0 for what the check of values refuses."""
    try:
        return min(int(convert(str(days), "day")), _LONGEST)
    except UnitError:
        return 0


def _with_days(value: Any, path: tuple[str | int, ...], first: date) -> Any:
    """Return nested values with the dates among them as days."""
    if isinstance(value, AnyMapping):
        return {key: _with_days(item, (*path, key), first) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_days(item, (*path, place), first) for place, item in enumerate(value)]
    there = as_date(value) if is_dated(path) else None
    return value if there is None else (there - first).days


def _with_holidays(called: str, centre: Any, first: date, length: int) -> Any:
    """Return a centre, plain or typed, with the closed days of its lists of holidays."""
    closures = centre.get("closures", ()) if isinstance(centre, AnyMapping) else centre.closures
    if not isinstance(closures, list | tuple):
        return centre
    if not any(map(_listed, closures)):
        return centre
    closed: list[Any] = []
    for name, alike in groupby(closures, _listed):  # a list that is looked up already stands in a row
        try:
            closed += _closed(name, first, length) if name else alike
        except InputError as error:
            raise InputError(f"centres.{called}.closures: {error}") from None
    if isinstance(centre, AnyMapping):
        return {**centre, "closures": closed}
    return centre.model_copy(update={"closures": tuple(closed)})


def _listed(closure: Any) -> str:
    """Return the name of a closure's list of holidays; empty when it has none."""
    name = closure.get("holidays", "") if isinstance(closure, AnyMapping) else getattr(closure, "holidays", "")
    return name if isinstance(name, str) else ""


def _closed(name: str, first: date, length: int) -> Iterator[Closure]:
    """Yield a list of holidays as closures of days in a row; an empty list keeps its name, so that it is not lost."""
    named: dict[int, str] = {}
    for year in range(first.year, (first + timedelta(days=max(length - 1, 0))).year + 1):
        named |= {(day - first).days: why for day, why in public_holidays(name, year).items()}
    days = sorted(day for day in named if 0 <= day < length)
    if not days:
        yield Closure(holidays=name)
    begins = [day for before, day in pairwise([-2, *days]) if day > before + 1]
    for begin, following in pairwise([*begins, length + 1]):
        span = [day for day in days if begin <= day < following]
        why = list(dict.fromkeys(named[day] for day in span))[:_MOST_NAMES]
        yield Closure(first=span[0], last=span[-1], why=", ".join(why), holidays=name)


@cache
def public_holidays(name: str, year: int) -> dict[date, str]:
    """Return the public holidays of a country in a year, with their names, from the package holidays.

    Parameters
    ----------
    name : str
        A country's name or code: "china", "CN", "CHN".
    year : int

    Raises
    ------
    InputError
        When the package knows no such country.
    """
    return dict(_country(name, year))


@cache
def announced(name: str, year: int) -> bool:
    """Return whether the package knows the days that a country announced for a year, and not just the law.

    A country that moves holidays by an announcement each year (China does) is known as far as it has announced; another
    is known in all years that the package covers.
    """
    known = _country(name, year)
    special = getattr(known, "special_public_holidays", None) or {}
    moves_each_year = len(special) >= 10 and max(special) - min(special) < len(
        special
    )  # a year without is an exception
    return known.start_year <= year <= known.end_year and (not moves_each_year or year in special)


def _country(name: str, year: int) -> Any:
    from holidays import country_holidays
    from holidays.registry import COUNTRIES

    codes = {word.lower(): codes[1] for key, codes in COUNTRIES.items() for word in (key, *codes)} | {"中国": "CN"}
    wanted = name.strip().lower().replace(" ", "_")
    if wanted not in codes:
        complaint = say("no list of holidays is named {name!r}", name=name)
        raise InputError(misspelt(complaint, wanted, codes, say("a country's name or code, such as china or CN")))
    found = country_holidays(codes[wanted], years=year)
    english = next((code for code in found.supported_languages if code.startswith("en")), None)
    return country_holidays(codes[wanted], years=year, language=english) if english else found


def first_date(root: Mapping) -> date | None:
    """Return the date of day 0 that a text gives, or None."""
    entry = root.entries.get("first_date")
    return as_date(entry.node.value) if entry is not None and isinstance(entry.node, Scalar) else None


def with_days(root: Mapping, first: date | None, below: int = 0) -> tuple[Mapping, dict[KeyPath, Problem]]:
    """Return a text with the dates in it as days, and the problems with dates by path.

    A value that becomes a day keeps the text that the file has.

    Parameters
    ----------
    root : Mapping
        The text of a scenario, or of a file that holds parts of one.
    first : date or None
        The date of day 0.
    below : int
        Keys above the parts of a scenario: 2 for `levers.NAME` in a study.
    """
    problems: dict[KeyPath, Problem] = {}
    done = _node_in_days(root, (), first, below, problems)
    assert isinstance(done, Mapping)  # noqa: S101 - a mapping stays one
    return done, problems


def _node_in_days(node: Node, path: KeyPath, first: date | None, below: int, problems: dict[KeyPath, Problem]) -> Node:
    if isinstance(node, Mapping):
        entries = {
            key: Entry(entry.key, _node_in_days(entry.node, (*path, key), first, below, problems))
            for key, entry in node.entries.items()
        }
        return replace(node, entries=entries)
    if isinstance(node, Sequence):
        items = (_node_in_days(item, (*path, place), first, below, problems) for place, item in enumerate(node.items))
        return replace(node, items=tuple(items))
    if not isinstance(node.value, str):
        return node
    if complaint := _refused_date(node.value, path, first, below):
        problems[path] = Problem.at(node.place, path=shown(path), **complaint)
        return node
    day = as_date(node.value) if is_dated(path[below:]) else None
    return node if day is None or first is None else replace(node, value=(day - first).days)


def _refused_date(written: str, path: KeyPath, first: date | None, below: int) -> dict[str, str]:
    """Return why a text cannot stand where it does, if it is a date or a list of holidays; else nothing."""
    if written and _HOLIDAYS.fullmatch(".".join(map(str, path[below:]))):
        return _unknown_list(written, path, first)
    day, where, found = as_date(written), shown(path), quoted(written)
    if is_dated(path[below:]):
        from sim.scenario.text.slips import month_meant  # only mistakes and dates need it

        month = month_meant(written, first)
        if day is None and (month or _LIKE.match(written)):
            needs = (
                ""
                if first
                else say(
                    ", in a scenario with first_date, the date of day 0, such as first_date: {example}", example=EXAMPLE
                )
            )
            what = say("{where}: found {found}, which is no whole date", where=where, found=found)
            return {
                "what": what,
                "allowed": say("a date with the year first, such as 2027-03-01{needs}", needs=needs),
                "suggestion": month,
            }
        if day is not None and first is None:
            what = say(
                "{where}: found the date {found}, but the scenario does not say which date its day 0 is",
                where=where,
                found=found,
            )
            return {
                "what": what,
                "allowed": say(
                    "a date with first_date, such as first_date: {example}; or days and weeks from day 0",
                    example=EXAMPLE,
                ),
            }
        if day is not None and first is not None and day < first:
            return {
                "what": say(
                    "{where}: found {found}, which is before day 0 (first_date is {first})",
                    where=where,
                    found=found,
                    first=first,
                ),
                "allowed": say("{first} or later", first=first),
            }
    return {}


def _unknown_list(written: str, path: KeyPath, first: date | None) -> dict[str, str]:
    if first is None:
        what = say(
            "{path}: holidays are dates, but the scenario does not say which date its day 0 is", path=shown(path)
        )
        return {
            "what": what,
            "allowed": say("holidays together with first_date, such as first_date: {example}", example=EXAMPLE),
        }
    try:
        public_holidays(written, first.year)
    except InputError as error:
        return {"what": f"{shown(path)}: {error}"}
    return {}
