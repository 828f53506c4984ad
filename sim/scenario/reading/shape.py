"""The allowed contents at each path of a scenario, from the typed sections; used to check, explain and merge."""

import math
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen, MultipleOf
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.language import Later, later, say, term
from sim.scenario.schema.quantity import Late, Quantity, Section, Tagged, chosen, known
from sim.scenario.schema.scenario import GroupName, Scenario
from sim.scenario.text.nodes import Mapping, Node, Scalar
from sim.scenario.text.suggestions import PATTERN, RULE

Kind = Literal["section", "sections", "list", "value"]
"""The four kinds: a section; sections by name; a list; a value, which is a single value or a mapping of numbers."""

_GROUP_PATTERN = get_args(GroupName)[1].pattern
_BOUNDS = ((Ge, "ge"), (Le, "le"), (Gt, "gt"), (Lt, "lt"), (MultipleOf, "multiple_of"))
_LENGTHS = ((MinLen, "min_length"), (MaxLen, "max_length"))
_PLAIN = {
    bool: later("true or false"),
    int: later("a whole number"),
    float: later("a number"),
    str: later("text"),
    Path: later("the path of a file"),
    date: later("a date with the year first, such as 2027-01-04"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The allowed contents at a place of a scenario; `field` is the declaration in its section, if any.

    `of` is the value of another field if that value selected the section allowed here: "watts_strogatz_graph".
    """

    annotation: Any
    field: FieldInfo | None = None
    of: str = ""

    @property
    def options(self) -> tuple[type[BaseModel], ...]:
        """The section classes allowed here; if several, a key such as `policy` selects between them."""
        if isinstance(self.annotation, Tagged):
            return tuple(self.annotation.among.values())
        is_union = _is_union(self.annotation)
        found = [_bare(one) for one in get_args(self.annotation)] if is_union else [self.annotation]
        classes = tuple(one for one in found if isinstance(one, type) and issubclass(one, BaseModel))
        return classes if len(classes) == len(found) else ()

    @property
    def kind(self) -> Kind:
        """The kind of contents allowed here."""
        if isinstance(self.annotation, Tagged) or self.options:
            return "section"
        origin = get_origin(self.annotation)
        if origin is dict:
            return "sections" if self.item.kind == "section" else "value"
        return "list" if origin in (tuple, list) else "value"

    @property
    def quantity(self) -> Quantity | None:
        """The parameter's unit, bounds, source and grade, if a parameter belongs here."""
        return known(self.field) if self.field is not None else None

    @property
    def item(self) -> "Shape":
        """The shape of a list's items, or of the values under each name."""
        return shape(get_args(self.annotation)[-1 if get_origin(self.annotation) is dict else 0])

    def section(self, node: Node | None = None) -> type[BaseModel] | None:
        """Return the section class for a node; among several, the class whose identifying key has the node's value."""
        if isinstance(self.annotation, Tagged) and isinstance(node, Mapping):
            entry = node.entries.get(self.annotation.key)
            tag = entry.node.value if entry is not None and isinstance(entry.node, Scalar) else None
            return self.annotation.among.get(tag) if isinstance(tag, str) else None
        if len(self.options) <= 1 or not isinstance(node, Mapping):
            return self.options[0] if len(self.options) == 1 else None
        return next((option for option in self.options if _says_so(node, option)), None)

    def child(self, part: str | int, node: Node | None = None) -> "Shape | None":
        """Return the shape one step below: of a field, a name or a position in a list."""
        if self.kind == "section":
            section = self.section(node)
            field = section.model_fields.get(str(part)) if section else None
            if section and field is None:
                other = others(section).get(str(part))
                return shape(other) if other else None
            return _declared(section, field, node) if section and field else None
        return self.item if self.kind in ("sections", "list") else None


def others(section: type[BaseModel]) -> AnyMapping[str, type[BaseModel]]:
    """Return the sections of other packages that may stand in a section, by name."""
    return section.others() if issubclass(section, Section) else {}


def shape(annotation: Any, field: FieldInfo | None = None) -> Shape:
    """Return the shape of a type, stripped of `Annotated` and `| None`."""
    return Shape(_bare(annotation), field)


def _declared(section: type[BaseModel], field: FieldInfo, node: Node | None) -> Shape:
    """Return the shape of a field. If its type depends on another field, that field's value selects the type."""
    choice = chosen(field)
    if choice is None:
        return shape(field.annotation, field)
    entry = node.entries.get(choice.by) if isinstance(node, Mapping) else None
    value = section.model_fields[choice.by].default
    if entry is not None:
        value = entry.node.value if isinstance(entry.node, Scalar) else None
    known_kind = choice.among.get(value) if isinstance(value, str) else None
    return Shape(known_kind, field, value) if known_kind else shape(field.annotation, field)


def tags(section: type[BaseModel]) -> dict[str, Any]:
    """Return the fields of a section that allow one value only and so identify its kind: `policy: buddy`."""
    literals = {name: get_args(field.annotation) for name, field in section.model_fields.items()}
    return {name: values[0] for name, values in literals.items() if len(values) == 1 and isinstance(values[0], str)}


def _says_so(node: Mapping, section: type[BaseModel]) -> bool:
    """Return whether a mapping has a key that identifies this section."""
    known_tags = tags(section)
    return any(
        isinstance(entry.node, Scalar) and entry.node.value == known_tags[key]
        for key, entry in node.entries.items()
        if key in known_tags
    )


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, UnionType)


def _bare(annotation: Any) -> Any:
    """Strip `Annotated` and `| None`: a scenario omits a value that is not set and never writes null."""
    while True:
        if get_origin(annotation) is Annotated:
            inner, *metadata = get_args(annotation)
            late = next((item.load() for item in metadata if isinstance(item, Late)), inner)
            annotation = next((item for item in metadata if isinstance(item, Tagged)), late)
        elif _is_union(annotation):
            some = [one for one in get_args(annotation) if one is not type(None)]
            if len(some) != 1:
                return annotation
            annotation = some[0]
        else:
            return annotation


def number(value: float) -> str:
    """Write a number in its shortest form."""
    return str(int(value)) if math.isfinite(value) and float(value).is_integer() and abs(value) < 1e15 else repr(value)


def allowed(at: Shape, node: Node | None = None) -> str:
    """Describe the allowed contents of a place in one line."""
    if at.kind == "section":
        section = at.section(node)
        return (
            say("a mapping with keys of: {keys}", keys=", ".join(section.model_fields))
            if section
            else say("a mapping with {kinds}", kinds=kinds(at))
        )
    if at.kind == "sections":
        return say("a mapping of names to settings")
    if at.kind == "list":
        return say("a list; each item is {allowed}", allowed=allowed(at.item))
    if get_origin(at.annotation) is dict:
        return say("a mapping of names to values; each value is {allowed}", allowed=allowed(at.item))
    if choices(at):
        return say("one of {words}", words=", ".join(choices(at)))
    bounds = limits(at)
    if not bounds:
        return str(_PLAIN.get(at.annotation) or at.annotation.WRITTEN)
    return say("a whole number, {bounds}", bounds=bounds) if at.annotation is int else bounds


def kinds(at: Shape) -> str:
    """Return the key that selects between sections, with its values: "policy: one of buddy, circle"."""
    known_tags = [tag for option in at.options for tag in tags(option).items()]
    words = dict.fromkeys(str(value) for _, value in known_tags)
    return (
        say("{key}: one of {words}", key=known_tags[0][0], words=", ".join(words))
        if known_tags
        else say("the keys of its kind")
    )


def choices(at: Shape) -> list[str]:
    """List the allowed words if a place allows only some; otherwise return an empty list."""
    return [str(one) for one in get_args(at.annotation)] if get_origin(at.annotation) is Literal else []


def limits(at: Shape) -> str:
    """Describe the allowed numbers or texts: "5 to 1000 [users]"; empty if the field has no limits."""
    if at.quantity is not None:
        low, high = at.quantity.bounds
        unit = "" if at.quantity.unit == "1" else say(" [{unit}]", unit=term(at.quantity.unit))
        return say("{low} to {high}{unit}", low=number(low), high=number(high), unit=unit)
    metadata = at.field.metadata if at.field is not None else []
    if pattern := next((item.pattern for item in metadata if getattr(item, "pattern", None) is not None), ""):
        return name_rule(pattern)
    extra = at.field.json_schema_extra if at.field is not None else None
    any_of = extra.get("anyOf") if isinstance(extra, dict) else None
    if isinstance(any_of, list) and isinstance(first := any_of[0], dict) and isinstance(words := first["enum"], list):
        return say("one of {words}, or one of the scenario's own", words=", ".join(map(str, words)))
    shortest, longest = (_bound(metadata, kind, name) for kind, name in _LENGTHS)
    if longest and at.annotation is str:
        return (
            say("text of {shortest} to {longest} characters", shortest=shortest, longest=longest)
            if shortest
            else say("text of at most {longest} characters", longest=longest)
        )
    return _between(metadata)


def _between(metadata: list[Any]) -> str:
    """Describe a field's pydantic bounds in words."""
    low, high, above, below, factor = (_bound(metadata, kind, name) for kind, name in _BOUNDS)
    if low and high:
        if factor:
            return say("{low} to {high}, a multiple of {factor}", low=low, high=high, factor=factor)
        return say("{low} to {high}", low=low, high=high)
    least = say("{low} or more", low=low) if low else say("above {above}", above=above) if above else ""
    most = say("at most {high}", high=high) if high else say("below {below}", below=below) if below else ""
    return say("{least} and {most}", least=least, most=most) if least and most else least or most


def _bound(metadata: list[Any], kind: type, name: str) -> str:
    return next((number(getattr(item, name)) for item in metadata if isinstance(item, kind)), "")


def name_rule(pattern: str) -> str:
    """Describe in words the texts that match a schema's pattern."""
    if pattern == PATTERN:
        return str(RULE)
    if pattern == _GROUP_PATTERN:
        return say("a name of letters in any script, digits, spaces, - and _, such as young or 老学员")
    return say("text of the form {pattern}", pattern=pattern)


ROOT = shape(Scenario)
"""The shape of a whole scenario."""


@dataclass(frozen=True, slots=True)
class Form[Whole: BaseModel]:
    """A kind of YAML file: its allowed contents, and how messages name it.

    Parameters
    ----------
    section : type of Whole
        The typed section for the whole file.
    name : str or Later
        A noun without an article: "scenario", "study".
    needs : str or Later
        The smallest valid contents: "at least the keys question, base and design".
    file_keys : tuple of str
        Keys about files, allowed at the top in addition to the section's own.
    """

    section: type[Whole]
    name: str | Later
    needs: str | Later
    file_keys: tuple[str, ...] = ()

    @property
    def root(self) -> Shape:
        """The shape of the whole file."""
        return shape(self.section)


OWN_KEYS: Final = ("extends", "replace")
"""Keys in a scenario's file that control how files are merged; the scenario itself lacks them."""

SCENARIO: Final = Form(Scenario, later("scenario"), later("at least one key, such as `days: 365`"), OWN_KEYS)
