"""Replace the dates in the text of a scenario by days, and report dates that cannot be days."""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from sim.scenario.schema.calendar import EXAMPLE, as_date, is_dated, public_holidays
from sim.scenario.text.errors import InputError, Problem
from sim.scenario.text.nodes import Entry, KeyPath, Mapping, Node, Scalar, Sequence, quoted, shown
from sim.scenario.text.slips import month_meant

_HOLIDAYS: Final = re.compile(r"centres\.[^.]+\.closures\.\d+\.holidays")
_LIKE: Final = re.compile(r"\s*(\d{4}\s*[-/.年]|\d{1,2}[-/.月]\d{1,2}[-/.日])")
"""The beginning of a date, in any order."""


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
    done = _in_days(root, (), first, below, problems)
    assert isinstance(done, Mapping)  # noqa: S101 - a mapping stays one
    return done, problems


def _in_days(node: Node, path: KeyPath, first: date | None, below: int, problems: dict[KeyPath, Problem]) -> Node:
    if isinstance(node, Mapping):
        entries = {
            key: Entry(entry.key, _in_days(entry.node, (*path, key), first, below, problems))
            for key, entry in node.entries.items()
        }
        return replace(node, entries=entries)
    if isinstance(node, Sequence):
        items = (_in_days(item, (*path, place), first, below, problems) for place, item in enumerate(node.items))
        return replace(node, items=tuple(items))
    if not isinstance(node.value, str):
        return node
    if complaint := _refused(node.value, path, first, below):
        problems[path] = Problem.at(node.place, path=shown(path), **complaint)
        return node
    day = as_date(node.value) if is_dated(path[below:]) else None
    return node if day is None or first is None else replace(node, value=(day - first).days)


def _refused(written: str, path: KeyPath, first: date | None, below: int) -> dict[str, str]:
    """Return why a text cannot stand where it does, if it is a date or a list of holidays; else nothing."""
    if written and _HOLIDAYS.fullmatch(".".join(map(str, path[below:]))):
        return _unknown_list(written, path, first)
    day, where, found = as_date(written), shown(path), quoted(written)
    if is_dated(path[below:]):
        month = month_meant(written, first)
        if day is None and (month or _LIKE.match(written)):
            needs = (
                "" if first else f", in a scenario with first_date, the date of day 0, such as first_date: {EXAMPLE}"
            )
            what = f"{where}: found {found}, which is no whole date"
            return {
                "what": what,
                "allowed": f"a date with the year first, such as 2027-03-01{needs}",
                "suggestion": month,
            }
        if day is not None and first is None:
            what = f"{where}: found the date {found}, but the scenario does not say which date its day 0 is"
            return {
                "what": what,
                "allowed": f"a date with first_date, such as first_date: {EXAMPLE}; or days and weeks from day 0",
            }
        if day is not None and first is not None and day < first:
            return {
                "what": f"{where}: found {found}, which is before day 0 (first_date is {first})",
                "allowed": f"{first} or later",
            }
    return {}


def _unknown_list(written: str, path: KeyPath, first: date | None) -> dict[str, str]:
    if first is None:
        what = f"{shown(path)}: holidays are dates, but the scenario does not say which date its day 0 is"
        return {"what": what, "allowed": f"holidays together with first_date, such as first_date: {EXAMPLE}"}
    try:
        public_holidays(written, first.year)
    except InputError as error:
        return {"what": f"{shown(path)}: {error}"}
    return {}
