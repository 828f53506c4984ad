"""Typed sections for the factors of a study, made from the parameter that each factor varies."""

from typing import Annotated, Final, Optional, Self

from pydantic import Field, model_validator
from pydantic.fields import FieldInfo

from experiments.studies.parameter_paths import words_of
from experiments.studies.schema import MOST_LEVELS, section_with
from sim.language import later, say
from sim.scenario.reading.check import checked_as
from sim.scenario.reading.shape import Form, number
from sim.scenario.schema.quantity import Grade, Section, known
from sim.scenario.text.errors import Problem
from sim.scenario.text.nodes import Entry, Mapping, Node, Place, Sequence


class Levels(Section):
    """Settings of a factor in a grid."""

    levels: int | None = Field(default=None, ge=2, le=MOST_LEVELS, description="Levels of the factor in a grid")


class Range(Levels):
    """A factor that a study writes as a mapping: a range, or a list of values. `range_of` adds the typed keys."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        extra = self.model_fields_set - {"values"}
        if "values" in self.model_fields_set:
            if extra:
                keys = say(" and ").join(sorted(extra))
                raise ValueError(say("`values` replaces the range; leave out {keys}", keys=keys))
            return self
        low, high = getattr(self, "from"), getattr(self, "to")  # noqa: B009 - `from` is a keyword
        if low is None or high is None:
            raise ValueError(say("there is no plausible range; give from and to, or values"))
        if low >= high:
            ends = {"low": number(low), "high": number(high)}
            raise ValueError(say("the range ends (to: {high}) where it begins (from: {low}) or before", **ends))
        return self


class Selection(Levels):
    """The parameters that a wildcard selects. `SELECTION` adds the key `except`, which is a keyword of Python."""

    grade: Annotated[tuple[Grade, ...], Field(min_length=1)] = Field(description="Grades of evidence")


SELECTION: Final = section_with(
    Selection, {"except": (tuple[str, ...], Field(default=(), description="Paths and sections to leave out"))}
)


def values_of(of: FieldInfo, listed: Sequence) -> tuple[Mapping, type[Section]]:
    """Return a list of values as a mapping from "1", "2", ..., and the section in which each value has its bounds."""
    entries = {str(place): Entry(item.place, item) for place, item in enumerate(listed.items, 1)}
    return Mapping(entries, listed.place), section_with(Section, dict.fromkeys(entries, (_bounded(of), ...)))


def range_of(of: FieldInfo, node: Mapping) -> tuple[Mapping, type[Section]]:
    """Return a factor's mapping with its values numbered, and the section that allows what the parameter allows."""
    entry = node.entries.get("values")
    values: object = Annotated[tuple[of.annotation, ...], Field(min_length=1)]  # type: ignore[name-defined]
    if entry is not None and isinstance(entry.node, Sequence) and entry.node.items:
        numbered, values = values_of(of, entry.node)
        node = Mapping({**node.entries, "values": Entry(entry.key, numbered)}, node.place)
    if words_of(of):
        return node, section_with(Section, {"values": (values, ...)})
    quantity = known(of)
    low, high = quantity.plausible if quantity else (None, None)
    end = _bounded(of, optional=quantity is None)
    return node, section_with(Range, {"from": (end, low), "to": (end, high), "values": (Optional[values], None)})  # noqa: UP045


def _bounded(of: FieldInfo, optional: bool = False) -> object:
    """Return the parameter's type with its bounds and unit."""
    kind = Optional[of.annotation] if optional else of.annotation  # noqa: UP045
    return Annotated[kind, *of.metadata, Field()]


def checked_factor[Contents: Section](
    path: str, key: Place, node: Node, section: type[Contents]
) -> tuple[Contents | None, list[Problem]]:
    """Check what a study writes under a path among its factors.

    Parameters
    ----------
    path : str
    key : Place
        Place of the path in the study.
    node : Node
        The contents under the path, in full.
    section : type of Section
        The allowed contents.

    Returns
    -------
    tuple of Section or None and list of Problem
        The contents, or None and the mistakes.
    """
    name = f"factors.{path}"
    form = Form(section_with(Section, {name: (section, ...)}), later("study"), name)
    factors, problems = checked_as(form, Mapping({name: Entry(key, node)}, key))
    return (None if factors is None else getattr(factors, name)), problems
