"""All that is wrong with the text of a scenario, at once and in place.

The structure (known keys, a value for each, of the right kind) is checked here, the values by the typed sections.
"""

import math
import re
from typing import Any, Final, get_origin

from pydantic import ValidationError

from sim.scenario.reading.resolve import OWN_KEYS
from sim.scenario.reading.shape import ROOT, Shape, allowed, choices
from sim.scenario.reading.translate import above_lists, overlap, translated, without
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import Problem, nearest
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
from sim.scenario.text.units import UnitError, convert

_MOST_PASSES: Final = 6


def checked(root: Mapping, stem: str, complete: bool = True) -> tuple[Scenario | None, list[Problem]]:
    """Check a merged text and build the scenario from it.

    Parameters
    ----------
    root : Mapping
        All keys of the scenario.
    stem : str
        Name of the file, which names the scenario when it does not name itself.
    complete : bool
        Whether nothing is missing because a file could not be read.

    Returns
    -------
    tuple of Scenario or None and list of Problem
        The scenario, or what is wrong.
    """
    walk = _Walk()
    walk.visit(root, ROOT, ())
    root = _named(root, stem, walk)
    scenario, problems = _validated(root, list(walk.found), complete)
    problems = [*walk.found.values(), *problems]
    return (None if problems else scenario), problems


def _named(root: Mapping, stem: str, walk: "_Walk") -> Mapping:
    """Name a scenario that does not name itself after its file."""
    if "name" in root.entries:
        return root
    name = re.sub(r"[^a-z0-9_-]+", "-", stem.lower()).strip("-_")[:60]
    if not name:
        what = f"name: the file's name {quoted(stem)} makes no short name; add one such as `name: park-2`"
        walk.note(("name",), root.place, what=what)
    entry = Entry(root.place, Scalar(name or "unnamed", name, root.place))
    return Mapping({**root.entries, "name": entry}, root.place)


def _validated(root: Mapping, blocked: list[KeyPath], complete: bool) -> tuple[Scenario | None, list[Problem]]:
    """Let the typed sections check the values.

    A section compares its fields with each other only when each is right by itself. So what is wrong is noted and set
    aside, and the rest is checked again, until nothing new comes up.
    """
    problems: list[Problem] = []
    values = plain(root)
    for attempt in range(_MOST_PASSES):
        try:
            return Scenario.model_validate(values), problems
        except ValidationError as error:
            told = list(filter(None, (translated(found, root) for found in error.errors(include_url=False))))
        fresh = [one for one in told if (attempt == 0 or one.compares) and not overlap(one.paths, blocked)]
        problems += [one.problem for one in fresh if complete or not (one.compares or one.missing)]
        before = _size(values)
        blocked = [above_lists(path) for path in (*blocked, *(path for one in told for path in one.paths))]
        for path in blocked:
            values = without(values, path)
        if _size(values) == before:
            break
    return None, problems


def _size(values: Any) -> int:
    """Count the keys of nested mappings."""
    return sum(1 + _size(value) for value in values.values()) if isinstance(values, dict) else 0


class _Walk:
    """The structure: known keys, a value for each, of the right kind."""

    def __init__(self) -> None:
        self.found: dict[KeyPath, Problem] = {}

    def note(self, path: KeyPath, place: Place, **fields: str) -> None:
        """Note the first thing wrong at a path."""
        self.found.setdefault(path, Problem.at(place, path=shown(path), **fields))

    def visit(self, node: Node, at: Shape, path: KeyPath) -> None:
        """Check a node and all below it."""
        if isinstance(node, Scalar) and node.value is None:
            instead = f"{allowed(at, node)}; leave the key out to take the default"
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
            self.note(path, node.place, found=described(node), allowed=allowed(at, node))
            return
        section = at.section(node)
        if section is None:  # no key says which kind it is; the typed section reports that
            return
        for key, entry in node.entries.items():
            below = at.child(key, node)
            if below is None:
                where = f" in {shown(path)}" if path else ""
                where += f" of {at.of}" if at.of else ""
                known = [*section.model_fields, *(() if path else OWN_KEYS)]
                what = f"unknown key {quoted(key)}{where}"
                self.note((*path, key), entry.key, what=what, suggestion=nearest(key, known), allowed=", ".join(known))
            else:
                self.visit(entry.node, below, (*path, key))

    def _names(self, node: Node, at: Shape, path: KeyPath) -> None:
        if not isinstance(node, Mapping) or (at.kind == "value" and get_origin(at.annotation) is not dict):
            self.note(path, node.place, found=described(node), allowed=allowed(at, node))
            return
        for key, entry in node.entries.items():
            self.visit(entry.node, at.item, (*path, key))

    def _list(self, node: Node, at: Shape, path: KeyPath) -> None:
        if not isinstance(node, Sequence):
            self.note(path, node.place, found=described(node), allowed=allowed(at, node))
            return
        for position, item in enumerate(node.items):
            self.visit(item, at.item, (*path, position))

    def _value(self, node: Node, at: Shape, path: KeyPath) -> None:
        if isinstance(node, Scalar) and isinstance(node.value, str) and at.quantity is not None:
            self._amount(node, at.quantity.unit, path)
            return
        refusal = _refusal(node, at)
        if refusal:
            near = nearest(node.value, choices(at)) if isinstance(node, Scalar) and isinstance(node.value, str) else ""
            self.note(path, node.place, found=described(node), allowed=refusal, suggestion=near)

    def _amount(self, node: Scalar, unit: str, path: KeyPath) -> None:
        """Check a number with a unit as text."""
        try:
            convert(str(node.value), unit)
        except UnitError as error:
            self.note(path, node.place, what=f"{shown(path)}: {error}")


def _refusal(node: Node, at: Shape) -> str:
    """Say what is allowed instead of a value, or nothing when its kind is right."""
    if not isinstance(node, Scalar):
        return allowed(at, node)
    value = node.value
    if choices(at):
        return "" if value in choices(at) and isinstance(value, str) else allowed(at, node)
    if isinstance(value, float) and not math.isfinite(value):
        return f"a finite number; {allowed(at, node)}"
    kinds = {bool: bool, int: int | float, float: int | float, str: str}
    expected = kinds.get(at.annotation)
    right = expected is None or (isinstance(value, expected) and isinstance(value, bool) == (at.annotation is bool))
    return "" if right else allowed(at, node)
