"""Find a parameter of a scenario by its path: its places and its type, or the part of the path that is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.schema.policy import PolicyUse, policies
from sim.scenario.schema.quantity import fields_of
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.nodes import KeyPath


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a scenario to which a path leads."""

    place: KeyPath
    field: FieldInfo


@dataclass(frozen=True, slots=True)
class Lost:
    """Where a path goes wrong before it reaches a value.

    Parameters
    ----------
    way : tuple of str
        The leading parts of the path that exist.
    word : str
        The first part that does not exist; empty when the path ends too early.
    known : tuple of str
        Names that exist at this place.
    """

    way: tuple[str, ...]
    word: str
    known: tuple[str, ...]


def find_values(scenario: Scenario, path: str) -> list[Value] | Lost:
    """Find the values at a path such as "users.empathy.mean", "centres.*.users" or "policies.*.buddy_scheme.uptake".

    A star matches every name, or every item of a list; items count from 1. The kind of a policy may follow
    `policies.*`: then only policies of that kind match.

    Returns
    -------
    list of Value or Lost
        All values that match; if there are none, where the path goes wrong.
    """
    ends = list(_follow(scenario, None, path.split("."), (), ()))
    values = [end for end in ends if isinstance(end, Value)]
    lost = [end for end in ends if isinstance(end, Lost)]
    return values or max(lost, key=lambda end: len(end.way), default=Lost((), path, tuple(Scenario.model_fields)))


def _follow(
    value: object, field: FieldInfo | None, parts: list[str], place: KeyPath, way: tuple[str, ...]
) -> Iterable[Value | Lost]:
    choices = _choices(value)
    if not parts:
        yield Value(place, field) if not choices and field is not None else Lost(way, "", tuple(choices))
        return
    first, rest = parts[0], parts[1:]
    if first == "*" and choices and not isinstance(value, BaseModel):
        names = list(choices)
        if way == ("policies",) and isinstance(value, dict) and rest and rest[0] in policies():
            names = [name for name in names if value[name].policy == rest[0]]
            rest = rest[1:]
            if not names:
                yield Lost((*way, first), parts[1], tuple(dict.fromkeys(use.policy for use in value.values())))
    elif first in choices:
        names = [first]
    else:
        yield Lost(way, first, tuple(choices))
        return
    for name in names:
        step, below, below_field = _step(value, name)
        yield from _follow(below, below_field, rest, (*place, step), (*way, first))


def _choices(value: object) -> list[str]:
    """Return the names of the parts of a value: fields, keys, or numbers of items; none for a plain value."""
    if isinstance(value, PolicyUse):
        return [name for name in type(value).model_fields if name not in ("policy", "centres")]
    if isinstance(value, BaseModel):
        return list(fields_of(value))
    if isinstance(value, dict):
        return list(value)
    if isinstance(value, tuple | list) and value and isinstance(value[0], BaseModel):
        return [str(number) for number in range(1, len(value) + 1)]
    return []


def _step(value: object, name: str) -> tuple[str | int, object, FieldInfo | None]:
    if isinstance(value, BaseModel):
        return name, getattr(value, name), fields_of(value)[name]
    if isinstance(value, dict):
        return name, value[name], None
    assert isinstance(value, tuple | list)  # noqa: S101 - nothing else has parts
    return int(name) - 1, value[int(name) - 1], None


def is_varied(field: FieldInfo) -> bool:
    """Return whether a factor can vary a value: a number, a switch, or one of several words."""
    return field.annotation in (int, float, bool) or get_origin(field.annotation) is Literal


def words_of(field: FieldInfo) -> tuple[str | bool, ...]:
    """Return the allowed values of a choice of words or a switch; empty for a number."""
    if field.annotation is bool:
        return (False, True)
    return get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
