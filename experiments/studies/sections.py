"""What is wrong with a text against typed sections: unknown keys, values of the wrong kind or range, each in place."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, get_origin

from pydantic import BaseModel, ValidationError

from sim.scenario.reading.shape import Shape, allowed, choices, kinds, name_rule, shape, tags
from sim.scenario.reading.translate import overlap
from sim.scenario.text.errors import Problem, nearest
from sim.scenario.text.nodes import (
    Entry,
    KeyPath,
    Mapping,
    Node,
    Scalar,
    Sequence,
    deepest,
    described,
    plain,
    quoted,
    shown,
)

MOST_LISTED: Final = 20
"""Words that are listed although one of them is near to what was found."""


def checked[Section: BaseModel](root: Mapping, section: type[Section]) -> tuple[Section | None, list[Problem]]:
    """Build a section from a text.

    Parameters
    ----------
    root : Mapping
    section : type of Section

    Returns
    -------
    tuple of section or None and list of Problem
        The section, or what is wrong.
    """
    found = dict(_visited(root, shape(section), ()))
    problems = list(found.values())
    try:
        made = section.model_validate(plain(root))
    except ValidationError as error:
        for one in error.errors(include_url=False):
            path = _path(root, one["loc"])
            if not overlap((path,), [known for known in found if known]):
                problems.append(_told(root, shape(section), path, one))
        return None, list(dict.fromkeys(problems))
    return (None if problems else made), problems


def in_full(root: Mapping, key: str, name: str) -> Mapping:
    """Write a bare word as the mapping it is short for: `design: replicates` as `design: {kind: replicates}`."""
    entry = root.entries.get(key)
    if entry is None or not isinstance(entry.node, Scalar) or not isinstance(entry.node.value, str):
        return root
    node = Mapping({name: Entry(entry.key, entry.node)}, entry.node.place)
    return replace(root, entries={**root.entries, key: Entry(entry.key, node)})


def _visited(node: Node, at: Shape, path: KeyPath) -> Iterator[tuple[KeyPath, Problem]]:
    """Check keys and kinds of values."""
    if at.annotation is Any:
        return
    if isinstance(node, Scalar) and node.value is None:
        has_default = at.field is None or not at.field.is_required()
        instead = allowed(at, node) + ("; leave the key out to take the default" if has_default else "")
        yield path, Problem.at(node.place, path=shown(path), found=described(node), allowed=instead)
    elif at.kind == "section":
        yield from _section(node, at, path)
    elif at.kind == "list":
        if not isinstance(node, Sequence):
            yield path, Problem.at(node.place, path=shown(path), found=described(node), allowed=allowed(at, node))
            return
        for number, item in enumerate(node.items):
            yield from _visited(item, at.item, (*path, number))
    elif refusal := _refusal(node, at):
        word = node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""
        near = nearest(word, choices(at)) if word else ""
        refusal = "" if near and len(choices(at)) > MOST_LISTED else refusal
        fields = {"found": described(node), "allowed": refusal, "suggestion": near}
        yield path, Problem.at(node.place, path=shown(path), **fields)


def _section(node: Node, at: Shape, path: KeyPath) -> Iterator[tuple[KeyPath, Problem]]:
    if not isinstance(node, Mapping):
        yield path, Problem.at(node.place, path=shown(path), found=described(node), allowed=allowed(at, node))
        return
    section = at.section(node)
    if section is None:
        yield path, _unknown_kind(node, at, path)
        return
    for key, entry in node.entries.items():
        below = at.child(key, node)
        if below is not None:
            yield from _visited(entry.node, below, (*path, key))
            continue
        what = f"unknown key {quoted(key)}{f' in {shown(path)}' if path else ''}"
        known = list(section.model_fields)
        fields = {"what": what, "suggestion": nearest(key, known), "allowed": ", ".join(known)}
        yield (*path, key), Problem.at(entry.key, path=shown((*path, key)), **fields)


def _unknown_kind(node: Mapping, at: Shape, path: KeyPath) -> Problem:
    """Report a section of several kinds that names none of them."""
    known = [tag for option in at.options for tag in tags(option).items()]
    key, words = known[0][0], [str(word) for _, word in known]
    entry = node.entries.get(key)
    if entry is None:
        what = f"{shown((*path, key))}: this key is missing"
        return Problem.at(node.place, path=shown(path), what=what, allowed=kinds(at).removeprefix(f"{key}: "))
    fields = {"found": described(entry.node), "suggestion": nearest(str(plain(entry.node)), words)}
    return Problem.at(entry.node.place, path=shown((*path, key)), allowed=f"one of {', '.join(words)}", **fields)


def _refusal(node: Node, at: Shape) -> str:
    """Say what is allowed instead of a value, or nothing when its kind is right."""
    if not isinstance(node, Scalar) or get_origin(at.annotation) is dict:
        return allowed(at, node)
    value = node.value
    if choices(at):
        return "" if isinstance(value, str) and value in choices(at) else allowed(at, node)
    if isinstance(value, float) and not math.isfinite(value):
        return f"a finite number; {allowed(at, node)}"
    expected = {bool: bool, int: int, float: int | float, str: str}.get(at.annotation)
    right = expected is None or (isinstance(value, expected) and isinstance(value, bool) == (at.annotation is bool))
    return "" if right else allowed(at, node)


def _path(root: Mapping, loc: tuple[str | int, ...]) -> KeyPath:
    """Follow pydantic's path; it also names the kinds of sections, which no text does."""
    path: list[str | int] = []
    node: Node = root
    for place, part in enumerate(loc):
        if isinstance(node, Mapping) and part in node.entries:
            node = node.entries[str(part)].node
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        elif place < len(loc) - 1:
            continue
        path.append(part)
    return tuple(path)


def _told(root: Mapping, top: Shape, path: KeyPath, error: Any) -> Problem:
    node, key = deepest(root, path)
    at: Shape | None = top
    inside: Node = root
    for part in path:
        at = at.child(part, inside) if at is not None else None
        inside = deepest(inside, (part,))[0]
    if error["type"] == "missing":
        what = f"{shown(path)}: this key is missing"
        place = key if len(path) > 1 else root.place
        return Problem.at(place, path=shown(path), what=what, allowed=allowed(at) if at else "")
    if error["type"] in ("too_short", "string_too_short"):
        few = "a list of one or more" if isinstance(node, Sequence) else "text that says something"
        return Problem.at(node.place, path=shown(path), found=described(node), allowed=few)
    if error["type"] == "string_pattern_mismatch":
        rule = name_rule(error["ctx"]["pattern"])
        return Problem.at(node.place, path=shown(path), found=described(node), allowed=rule)
    if error["type"] == "multiple_of":
        return Problem.at(node.place, path=shown(path), found=described(node), allowed="an even number")
    if at is not None and at.kind == "value":
        return Problem.at(node.place, path=shown(path), found=described(node), allowed=allowed(at, node))
    return Problem.at(node.place, path=shown(path), what=f"{shown(path)}: {error['msg']}")
