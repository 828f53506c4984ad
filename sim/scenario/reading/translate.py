"""Turn pydantic's errors into plain words, with the place in the text."""

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, Final

from sim.language import say
from sim.scenario.conditions.condition import ConditionError
from sim.scenario.reading.shape import Form, Shape, allowed, name_rule, number, tags
from sim.scenario.schema.policy import unusable_policies
from sim.scenario.schema.quantity import Tagged
from sim.scenario.text.errors import Problem
from sim.scenario.text.nodes import (
    KeyPath,
    Mapping,
    Node,
    Scalar,
    Sequence,
    deepest,
    described,
    plain,
    quoted,
    resolved,
    shown,
)
from sim.scenario.text.suggestions import nearest, short_name
from sim.scenario.text.units import UnitError, convert

_LEAST_PERCENT: Final = 5
"""Smallest number, in place of a share, that is taken for a percentage without its sign."""
_LEADING_PATH = re.compile(r"(?P<path>[\w.-]+): (?P<message>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One of pydantic's errors, in plain words.

    Parameters
    ----------
    problem : Problem
        The problem for the reader.
    paths : tuple
        The paths of the values concerned.
    compares : bool
        Whether the error compares values that are each valid.
    missing : bool
        Whether a key is missing.
    """

    problem: Problem
    paths: tuple[KeyPath, ...]
    compares: bool = False
    missing: bool = False


def translated(error: AnyMapping[str, Any], root: Mapping, form: Form[Any]) -> Complaint | None:
    """Return a pydantic error in plain words, or None if it only follows from another error.

    Parameters
    ----------
    error : mapping
        From `ValidationError.errors()`.
    root : Mapping
        The checked text.
    form : Form
        The kind of file.
    """
    path, node, at = _followed(root, error["loc"], form.root)
    kind, message = error["type"], error["msg"]
    if kind == "default_factory_not_called":
        return None
    if kind == "value_error" and isinstance(error["ctx"]["error"], ConditionError):
        return _condition(path, node, error["ctx"]["error"])
    if kind == "value_error":
        return _comparison(path, str(error["ctx"]["error"]), root, form.root)
    if kind == "missing":
        return _missing(path, str(error["loc"][-1]), root, at)
    if error["loc"][-1:] == ("[key]",):
        what = say("key {key} in {section}", key=quoted(str(path[-1])), section=shown(path[:-1]))
        rule = name_rule(error.get("ctx", {}).get("pattern", message))
        return _at_key(path, root, what=what, allowed=rule, suggestion=short_name(str(path[-1])))
    if kind.startswith("union_tag"):
        return _unknown_kind(path, node, at, root)
    if kind in ("too_short", "too_long"):
        return _length(path, node, error["ctx"])
    if kind == "string_pattern_mismatch":
        near = short_name(node.text) if isinstance(node, Scalar) else ""
        return _at_value(path, node, found=described(node), allowed=name_rule(error["ctx"]["pattern"]), suggestion=near)
    if at is not None and at.kind == "value":
        return _at_value(
            path, node, found=_with_unit(node, at), allowed=allowed(at, node), suggestion=_as_share(node, at)
        )
    return _at_value(
        path, node, what=f"{shown(path) or say('the {form}', form=form.name)}: {message[:1].lower()}{message[1:]}"
    )


def _followed(root: Node, loc: tuple[str | int, ...], top: Shape) -> tuple[KeyPath, Node, Shape | None]:
    """Follow pydantic's path through the text, skipping parts that no text has: kinds of policies and "[key]"."""
    path: list[str | int] = []
    node: Node = root
    at: Shape | None = top
    enters = False
    for part in loc:
        if enters and at is not None and any(part in tags(option).values() for option in at.options):
            enters = False
            continue
        below = at.child(part, node) if at is not None else None
        if isinstance(node, Mapping) and part in node.entries:
            node = node.entries[str(part)].node
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        else:
            break
        path.append(part)
        at = below
        enters = at is not None and not isinstance(at.annotation, Tagged) and len(at.options) > 1
    return tuple(path), node, at


def _at_value(path: KeyPath, node: Node, **fields: str) -> Complaint:
    return Complaint(Problem.at(node.place, path=shown(path), **fields), (path,))


def _at_key(path: KeyPath, root: Mapping, **fields: str) -> Complaint:
    return Complaint(Problem.at(deepest(root, path)[1], path=shown(path), **fields), (path,))


def _condition(path: KeyPath, node: Node, error: ConditionError) -> Complaint:
    """Place an error about a condition at the word concerned."""
    lead = node.lead if isinstance(node, Scalar) else None
    place = node.place if lead is None else replace(node.place, column=node.place.column + lead + error.position)
    fields = {"allowed": error.allowed, "suggestion": error.suggestion}
    return Complaint(Problem.at(place, path=shown(path), what=f"{shown(path)}: {error.what}", **fields), (path,))


def _missing(path: KeyPath, key: str, root: Mapping, at: Shape | None) -> Complaint:
    absent = at.child(key, deepest(root, path)[0]) if at is not None else None
    what = say("{key}: this key is missing", key=shown((*path, key)))
    complaint = _at_key(path, root, what=what, allowed=allowed(absent) if absent else "")
    return Complaint(complaint.problem, ((*path, key), path), missing=True)


def _length(path: KeyPath, node: Node, ctx: dict[str, Any]) -> Complaint | None:
    """Report a list or mapping of the wrong length; None if pydantic only left out invalid items."""
    least, most = ctx.get("min_length"), ctx.get("max_length")
    length = len(node.items) if isinstance(node, Sequence) else len(node.entries) if isinstance(node, Mapping) else 0
    if least is not None and length >= least:
        return None
    number_allowed = say("{least} or more", least=least) if least is not None else say("at most {most}", most=most)
    if isinstance(node, Mapping):
        what = say("a mapping of {number}", number=number_allowed)
    else:
        what = say("a list of {number}", number=number_allowed)
    return _at_value(path, node, found=described(node), allowed=what)


def _unknown_kind(path: KeyPath, node: Node, at: Shape | None, root: Mapping) -> Complaint:
    """Report a section without a kind, or with an unknown kind: `policy: buddyy`."""
    keys = [key for option in (at.options if at else ()) for key in tags(option)]
    words = [str(value) for option in (at.options if at else ()) for value in tags(option).values()]
    key = keys[0] if keys else ""
    fields = {"allowed": say("one of {words}", words=", ".join(words))}
    entry = node.entries.get(key) if isinstance(node, Mapping) else None
    if entry is None:
        near = nearest(str(path[-1]).replace("-", "_"), words) if path else ""
        what = say("{key}: this key is missing", key=shown((*path, key)))
        complaint = _at_key(path, root, what=what, suggestion=f"{key}: {near}" if near else "", **fields)
        return Complaint(complaint.problem, ((*path, key), path), missing=True)
    named = str(plain(entry.node))
    if key == "policy" and named in unusable_policies():
        what = say(
            "{key}: {policy} is offered by a package, but cannot be used: {why}",
            key=shown((*path, key)),
            policy=described(entry.node),
            why=unusable_policies()[named],
        )
        return _at_value((*path, key), entry.node, what=what, **fields)
    near = nearest(named, words)
    return _at_value((*path, key), entry.node, found=described(entry.node), suggestion=near, **fields)


def _as_share(node: Node, at: Shape) -> str:
    """Return a plain number as a percentage if only that is allowed: 60 for 60 %; otherwise an empty text."""
    if at.quantity is None or at.quantity.unit != "1" or not isinstance(node, Scalar):
        return ""
    low, high = at.quantity.bounds
    value = resolved(node.text) if isinstance(node.value, str) else node.value
    value = 0.0 if isinstance(value, bool | str | None) else value
    return f"{node.text} %" if high <= 1 and value >= _LEAST_PERCENT and low <= value / 100 <= high else ""


def _with_unit(node: Node, at: Shape) -> str:
    """Describe a value as written and in the parameter's own unit."""
    found = described(node)
    if at.quantity is None or not isinstance(node, Scalar) or not isinstance(node.value, str):
        return found
    try:
        unit = "" if at.quantity.unit == "1" else f" {at.quantity.unit}"
        meant = f"{number(convert(node.value, at.quantity.unit))}{unit}"
    except UnitError:
        return found
    return found if meant == node.value else f"{found} = {meant}"


def _comparison(path: KeyPath, message: str, root: Mapping, top: Shape) -> Complaint:
    """Place an error about several values.

    The validator's message names the fields it compares; it may begin with the path of their section.
    """
    leading = _LEADING_PATH.fullmatch(message)
    if leading and not path:
        path, message = _read(leading["path"], root), leading["message"]
    node, key = deepest(root, path)
    _, _, at = _followed(root, path, top)
    section = at.section(node) if at is not None else None
    fields = [name for name in section.model_fields if re.search(rf"\b{name}\b", message, re.ASCII)] if section else []
    stated = [name for name in fields if isinstance(node, Mapping) and name in node.entries]
    if section is None:
        key = node.place
    place = deepest(root, (*path, stated[0]))[0].place if stated else key
    what = f"{shown(path)}: {message}" if path else message
    about = tuple((*path, name) for name in fields) or (path,)
    return Complaint(Problem.at(place, path=shown(path), what=what), about, compares=True)


def _read(dotted: str, root: Mapping) -> KeyPath:
    """Turn a path from a message, which counts list positions from 1, into keys."""
    path: KeyPath = ()
    for part in dotted.split("."):
        is_position = part.isdigit() and isinstance(deepest(root, path)[0], Sequence)
        path = (*path, int(part) - 1 if is_position else part)
    return path


def above_lists(path: KeyPath) -> KeyPath:
    """Cut a path at its first list: lists are removed only as a whole, so that positions stay valid."""
    return tuple(takewhile(lambda part: isinstance(part, str), path))


def overlap(paths: tuple[KeyPath, ...], blocked: list[KeyPath]) -> bool:
    """Return whether any path equals, contains or lies inside a blocked path."""
    return any(one[: len(other)] == other[: len(one)] for one in paths for other in blocked)


def without(values: Any, path: KeyPath) -> Any:
    """Return nested mappings without the value at a path."""
    if not path or not isinstance(values, dict) or path[0] not in values:
        return values
    if len(path) == 1:
        return {key: value for key, value in values.items() if key != path[0]}
    return {**values, path[0]: without(values[path[0]], path[1:])}
