"""Check a YAML text against typed sections, and report all mistakes with their places.

This module checks the structure (known keys, values of the right kind); the typed sections check the values. Scenarios,
studies and files of targets share these checks; `Form` holds the words that differ.
"""

import math
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, get_origin

from pydantic import BaseModel, ValidationError

from sim.language import say
from sim.scenario.reading.shape import SCENARIO, Form, Shape, allowed, choices, others
from sim.scenario.schema.calendar import Closure, as_date, first_date, with_days
from sim.scenario.schema.quantity import Section as PartOfScenario
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import (
    Entry,
    KeyPath,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
    described,
    plain,
    quoted,
    shown,
)
from sim.scenario.text.suggestions import nearest, short_name
from sim.scenario.text.units import UnitError, convert, with_time

MOST_LISTED: Final = 20
"""Most alternatives in a message that already suggests a spelling."""

_NEXT_KEY: Final = re.compile(r"\s+(?=[\w-]+\s*[:=：])")
_TRUTH: Final = ("true", "false")
_MOST_PASSES: Final = 6


def checked(root: Mapping, stem: str, complete: bool = True) -> tuple[Scenario | None, list[Problem]]:
    """Check the merged text of a scenario, and build the scenario.

    Parameters
    ----------
    root : Mapping
        All keys of the scenario.
    stem : str
        Name of the file without its ending; the default name of the scenario.
    complete : bool
        False if a file could not be read; a missing key may then be no mistake.

    Returns
    -------
    tuple of Scenario or None and list of Problem
        The scenario, or None and its problems.
    """
    named, problems = _named(root, stem)
    days, noted = with_days(named, first_date(named))
    scenario, more = checked_as(SCENARIO, days, complete, noted)
    return (None if problems else scenario), problems + more


def checked_as[Section: BaseModel](
    form: Form[Section], root: Mapping, complete: bool = True, noted: dict[KeyPath, Problem] | None = None
) -> tuple[Section | None, list[Problem]]:
    """Check a text, and build the typed section that its form names.

    Parameters
    ----------
    form : Form
        The allowed contents, and the words that messages use for this kind of file.
    root : Mapping
    complete : bool
        As for `checked`.
    noted : dict of key path to Problem, optional
        The problems that are known already; their values are not checked again.

    Returns
    -------
    tuple of Section or None and list of Problem
        The section, or None and its problems.
    """
    walk = _Walk(form, dict(noted or {}))
    walk.visit(root, form.root, ())
    section, problems = _validated(form, root, walk.found, complete)
    problems = [*walk.found.values(), *problems]
    return (None if problems else section), problems


def refusal(values: Any, name: str, error: ValidationError) -> ScenarioError:
    """Return the error for values that pydantic refuses, worded like the errors of a file.

    Parameters
    ----------
    values : mapping
        All values of the scenario: plain ones and typed sections.
    name : str
        Name of the scenario; stands where the name of a file would.
    error : ValidationError
        What pydantic says; its sentences serve if the check of plain values finds nothing.
    """
    place = Place(name)
    root = Mapping(_entries(values, place), place)
    days, noted = with_days(root, first_date(root))
    _, problems = checked_as(replace(SCENARIO, file_keys=()), days, noted=noted)
    return ScenarioError(
        problems
        or [
            Problem.at(
                place, what=f"{shown(one['loc'])}: {one['msg'].removeprefix('Value error, ')}".removeprefix(": ")
            )
            for one in error.errors(include_url=False)
        ]
    )


Scenario.refusal = refusal


def _entries(values: AnyMapping[Any, Any], place: Place) -> dict[str, Entry]:
    return {str(key): Entry(place, _node(value, place)) for key, value in values.items() if value is not None}


def _node(value: Any, place: Place) -> Node:
    """Return a value as the node that a file with it would have."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if isinstance(value, AnyMapping):
        return Mapping(_entries(value, place), place)
    if isinstance(value, list | tuple):
        return Sequence(tuple(_node(item, place) for item in value), place)
    single = value.item() if hasattr(value, "item") else value  # a number of numpy
    single = single if isinstance(single, str | int | float) else str(single)
    return Scalar(single, str(single).lower() if isinstance(single, bool) else str(single), place)


def _named(root: Mapping, stem: str) -> tuple[Mapping, list[Problem]]:
    """Use the file's name as the scenario's name if the text has none."""
    if "name" in root.entries:
        return root, []
    name = short_name(stem)
    what = say("name: the file's name {stem} makes no short name; add one such as `name: park-2`", stem=quoted(stem))
    problems = [] if name else [Problem.at(root.place, path="name", what=what)]
    entry = Entry(root.place, Scalar(name or "unnamed", name, root.place))
    return Mapping({**root.entries, "name": entry}, root.place), problems


def _validated[Section: BaseModel](
    form: Form[Section], root: Mapping, noted: dict[KeyPath, Problem], complete: bool
) -> tuple[Section | None, list[Problem]]:
    """Build the typed section; return it or the problems it finds.

    A section compares its fields with each other only if each field is valid. Therefore each pass removes the invalid
    values and validates the rest again, until no new problem appears.
    """
    problems: list[Problem] = []
    values, blocked = plain(root), list(noted)
    misspelt = {(*path[:-1], problem.suggestion) for path, problem in noted.items()}
    for attempt in range(_MOST_PASSES):
        try:
            return form.section.model_validate(values), problems
        except ValidationError as error:
            from sim.scenario.reading.translate import above_lists, overlap, translated, without

            mistakes = [translated(one, root, form) for one in error.errors(include_url=False)]
        complaints = [one for one in mistakes if one is not None]
        fresh = [
            one
            for one in complaints
            if (attempt == 0 or one.compares)
            and not overlap(one.paths[:1] if one.missing else one.paths, blocked)
            and not (one.missing and one.paths[0] in misspelt)
        ]
        problems += [one.problem for one in fresh if complete or not (one.compares or one.missing)]
        before = _size(values)
        blocked = [above_lists(path) for path in (*blocked, *(path for one in complaints for path in one.paths))]
        for path in blocked:
            values = without(values, path)
        if _size(values) == before:
            break
    return None, problems


def _size(values: Any) -> int:
    """Count the keys of nested mappings."""
    return sum(1 + _size(value) for value in values.values()) if isinstance(values, dict) else 0


class _Walk:
    """Checks the structure of a text: known keys, values of the right kind."""

    def __init__(self, form: Form[Any], found: dict[KeyPath, Problem]) -> None:
        self.form = form
        self.found = found

    def note(self, path: KeyPath, place: Place, **fields: str) -> None:
        """Record a problem at a path, unless the path already has one."""
        self.found.setdefault(path, Problem.at(place, path=shown(path), **fields))

    def visit(self, node: Node, at: Shape, path: KeyPath) -> None:
        """Check a node and everything below it."""
        if at.annotation is Any:
            return
        if isinstance(node, Scalar) and node.value is None:
            has_default = at.field is None or not at.field.is_required()
            instead = allowed(at, node) + (say("; leave the key out to take the default") if has_default else "")
            self.note(path, node.place, found=described(node), allowed=instead)
        elif at.kind == "section":
            self._section(node, at, path)
        elif at.kind == "sections" or (at.kind == "value" and isinstance(node, Mapping)):
            self._names(node, at, path)
        elif at.kind == "list":
            self._list(node, at, path)
        else:
            self._value(node, at, path)

    def _section(self, node: Node, at: Shape, path: KeyPath) -> None:
        if not isinstance(node, Mapping):
            near = _closure(node, at) or _line(node)
            self.note(path, node.place, found=described(node), allowed=allowed(at, node), suggestion=near)
            return
        section = at.section(node)
        if section is None:  # no key selects a kind; the typed section reports that
            return
        for key, entry in node.entries.items():
            below = at.child(key, node)
            if below is None:
                where = say(" in {path}", path=shown(path)) if path else ""
                where += say(" of {of}", of=at.of) if at.of else ""
                known = [*section.model_fields, *others(section), *(() if path else self.form.file_keys)]
                why = section.absent(key) if issubclass(section, PartOfScenario) else ""
                if key[:1].isdigit():
                    why = say("in a number, write 0.6 instead of 0,6 and 1000, not 1,000")
                near = _dash(key) or _line(Scalar(key, key, entry.key)) or nearest(key, known)
                value = f"{say('; ')}{why}" if why and not near else ""
                what = say("unknown key {key}{where}{value}", key=quoted(key), where=where, value=value)
                self.note((*path, key), entry.key, what=what, suggestion=near, allowed=", ".join(known))
            else:
                self.visit(entry.node, below, (*path, key))

    def _names(self, node: Node, at: Shape, path: KeyPath) -> None:
        if not isinstance(node, Mapping) or (at.kind == "value" and get_origin(at.annotation) is not dict):
            self.note(path, node.place, found=described(node), allowed=allowed(at, node), suggestion=_line(node))
            return
        for key, entry in node.entries.items():
            self.visit(entry.node, at.item, (*path, key))

    def _list(self, node: Node, at: Shape, path: KeyPath) -> None:
        if not isinstance(node, Sequence):
            self.note(
                path, node.place, found=described(node), allowed=allowed(at, node), suggestion=_listed(node, at.item)
            )
            return
        if len(node.items) == 1 and (near := _several(node.items[0], at.item)):
            item = node.items[0]
            self.note((*path, 0), item.place, found=described(item), allowed=allowed(at.item), suggestion=near)
        for position, item in enumerate(node.items):
            self.visit(item, at.item, (*path, position))

    def _value(self, node: Node, at: Shape, path: KeyPath) -> None:
        if isinstance(node, Scalar) and isinstance(node.value, str) and at.quantity is not None:
            self._amount(node, at.quantity.unit, path)
            return
        if refusal := _refusal(node, at):
            near = _meant(node, at)
            refusal = "" if near and len(choices(at)) > MOST_LISTED else refusal
            self.note(path, node.place, found=described(node), allowed=refusal, suggestion=near)

    def _amount(self, node: Scalar, unit: str, path: KeyPath) -> None:
        """Check a text that holds a number and a unit."""
        try:
            convert(str(node.value), unit)
        except UnitError as error:
            from sim.scenario.text.slips import amount_meant, month_meant  # only mistakes need it

            is_date = as_date(node.value) is not None or month_meant(node.text, None) != ""
            length = say("; a length of time is no date") if is_date else ""
            near = amount_meant(node.text)
            near = next((text for text in (near, with_time(near, unit)) if _converts(text, unit)), "")
            self.note(path, node.place, what=f"{shown(path)}: {error}{length}", suggestion=near)


def _meant(node: Node, at: Shape) -> str:
    """Return the value that a text with a usual slip stands for, if the place allows it; else an empty text."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return ""
    if words := choices(at) or ([*_TRUTH] if at.annotation in (bool, bool | None) else []):
        return nearest(node.value, words)
    from sim.scenario.text.slips import amount_meant

    if at.annotation in (int, float) and _converts(near := amount_meant(node.value), "1"):
        return near
    return ""


def _converts(text: str, unit: str) -> bool:
    try:
        convert(text, unit)
    except UnitError:
        return False
    return True


def _listed(node: Node, item: Shape) -> str:
    """Return a value as the list that it stands for; an empty text if an item of it is none of the allowed."""
    if isinstance(node, Mapping):
        return _dash(next(iter(node.entries), ""))
    if item.kind != "value" or not isinstance(node, Scalar):
        near = _closure(node, item)
        return f"[{near}]" if near else ""
    from sim.scenario.text.slips import items_meant

    words, items = choices(item), items_meant(node.text)
    meant = [one if not words or one in words else nearest(one, words) for one in items]
    return f"[{', '.join(meant)}]" if items and all(meant) else ""


def _closure(node: Node, at: Shape) -> str:
    """Return a text of dates or holidays as a closure, where one is expected."""
    if at.kind != "section" or at.section(node) is not Closure or not isinstance(node, Scalar):
        return ""
    from sim.scenario.text.slips import closure_meant

    return closure_meant(node.text)


def _several(node: Node, item: Shape) -> str:
    """Return the only item of a list as the several that it stands for; an empty text if it is one, or is text."""
    words = choices(item)
    if not (words or item.annotation is int) or not isinstance(node, Scalar):
        return ""
    if node.text in words or node.text.isdigit():
        return ""
    from sim.scenario.text.slips import items_meant

    return _listed(node, item) if len(items_meant(node.text)) > 1 else ""


def _dash(key: str) -> str:
    """Return a key that begins with the dash of a list as it should begin; else an empty text."""
    from sim.scenario.text.slips import ordinary

    plain = ordinary(key)
    return f"- {plain.lstrip('-')}" if plain.startswith("-") else ""


def _line(node: Node) -> str:
    """Return a key and its value, which a text holds because of a sign, as YAML takes them; else an empty text."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return ""
    from sim.scenario.text.slips import line_meant

    line = line_meant(_NEXT_KEY.split(node.text)[0])
    return line if line != node.text and ": " in line else ""


def _refusal(node: Node, at: Shape) -> str:
    """Return what is allowed instead of a value, or an empty text if the value has the right kind."""
    if not isinstance(node, Scalar):
        return allowed(at, node)
    value = node.value
    if choices(at):
        return "" if value in choices(at) and isinstance(value, str) else allowed(at, node)
    if isinstance(value, float) and not math.isfinite(value):
        return say("a finite number; {allowed}", allowed=allowed(at, node))
    if at.annotation is date:
        return "" if as_date(value) else allowed(at, node)
    kinds = {bool: bool, int: int | float, float: int | float, str: str}
    expected = kinds.get(at.annotation)
    right = expected is None or (isinstance(value, expected) and isinstance(value, bool) == (at.annotation is bool))
    return "" if right else allowed(at, node)
