"""Explain the origin of a value: the file that sets it, the values it replaced, its source and its grade."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from sim.errors import InputError
from sim.language import Later, later, padded, say, term
from sim.scenario.reading.load import Loaded, read
from sim.scenario.reading.shape import ROOT, Shape, allowed, number, shape
from sim.scenario.schema.quantity import Grade, Quantity, fields_of
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.files import displayed
from sim.scenario.text.nodes import KeyPath, Origin, quoted, shortened, shown
from sim.scenario.text.suggestions import nearest
from sim.sources import SOURCES

_GRADES: Final[dict[Grade, Later]] = {
    "measured": later("measured"),
    "calibrated": later("calibrated"),
    "elicited": later("elicited"),
    "assumed": later("assumed"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything known about one value of a scenario.

    Parameters
    ----------
    path : str
        Its key, with dots.
    value : object
        The value used in the run; None if not set.
    origin : Origin or None
        Where the value was set; None for a default.
    overrides : tuple of Origin
        The values it replaced, most recent first.
    default : object
        The model's default; None if there is none.
    allowed : str
        The allowed values.
    quantity : Quantity or None
        Unit, bounds, plausible range, source and grade of a parameter.
    meaning : str
        One sentence.
    """

    path: str
    value: Any
    origin: Origin | None
    overrides: tuple[Origin, ...]
    default: Any
    allowed: str
    quantity: Quantity | None
    meaning: str

    def __str__(self) -> str:
        lines = [
            (say("value"), _text(self.value)),
            (say("set in"), str(self.origin) if self.origin else say("default")),
        ]
        lines.append((say("written"), self.written))
        lines += [(say("overrides"), f"{_text(one.value)} ({one})") for one in self.overrides]
        if self.origin is not None and self.default is not None:
            lines.append((say("overrides"), say("{default} (default)", default=_text(self.default))))
        lines.append((say("allowed"), self.allowed))
        if self.quantity is not None:
            low, high = self.quantity.plausible
            outside = "" if self.is_plausible else say("; {value} lies outside", value=_text(self.value))
            sourced = self.quantity.source  # a budget has none
            lines.append(
                (
                    say("plausible"),
                    say("{low} to {high}{outside}", low=number(low), high=number(high), outside=outside)
                    if sourced
                    else "",
                )
            )
            lines.append(
                (say("unit"), say("1 (a plain number)") if self.quantity.unit == "1" else term(self.quantity.unit))
            )
            lines.append((say("source"), reference(sourced) if sourced else ""))
            lines.append((say("grade"), str(_GRADES[self.quantity.grade]) if sourced else ""))
        lines.append((say("meaning"), term(self.meaning)))
        return "\n".join([self.path, *(f"  {padded(name, 10)} {text}" for name, text in lines if text)])

    @property
    def written(self) -> str:
        """A parameter as the file writes it, and the resulting value; empty if both are the same."""
        if self.quantity is None or self.origin is None or self.origin.text in ("", number(self.value)):
            return ""
        unit = "" if self.quantity.unit == "1" else say(" {unit}", unit=term(self.quantity.unit))
        return f"{quoted(self.origin.text)[1:-1]} = {number(self.value)}{unit}"

    @property
    def is_plausible(self) -> bool:
        """Whether the value lies in its plausible range; true for values without such a range."""
        if self.quantity is None or self.value is None:
            return True
        low, high = self.quantity.plausible
        return bool(low <= self.value <= high)


def reference(key: str) -> str:
    """Write out a source: authors, year, DOI, and what the model takes from it."""
    source = SOURCES[key]
    year = f" ({source.year})" if source.year else ""
    doi = f", https://doi.org/{source.doi}" if source.doi else ""
    return say("{reference}. {note}", reference=f"{term(source.authors)}{year}{doi}", note=term(source.note))


def explain(loaded: "Loaded | str | os.PathLike[str]", path: str) -> list[Explanation]:
    """Return an explanation of the value at a path, or of every value below that path.

    Parameters
    ----------
    loaded : Loaded, str or path
        From `dayroom.read_scenario`, or what that reads: the name of a shipped scenario, or a file.
    path : str
        "users.women", "rules.attendance", "centres.park.timetable.1.minutes" (the first session) and so on;
        `*` stands for any name.

    Raises
    ------
    ScenarioError
        When the scenario does not have this path.

    Examples
    --------
    >>> from dayroom import explain, read_scenario
    >>> explain(read_scenario("baseline"), "users.empathy.mean")[0].value
    0.5
    """
    if isinstance(loaded, str | os.PathLike):
        loaded = read(loaded)
    if not hasattr(loaded, "origins"):
        what = f"found a {type(loaded).__name__}, which does not hold where its values come from"
        raise InputError(f"{what}, allowed are a name, a path, and what dayroom.read_scenario returns")
    wanted = path.strip().split(".")
    leaves = list(walked(loaded.scenario, ROOT, ()))
    found = [leaf for leaf in leaves if _within(shown(leaf[0]).split("."), wanted)]
    if not found:
        raise ScenarioError([_unknown(path, [shown(leaf[0]) for leaf in leaves])])
    return [_explained(loaded, *leaf) for leaf in found]


def explains(loaded: Loaded, path: str) -> bool:
    """Return whether a scenario has this path."""
    wanted = path.strip().split(".")
    return any(_within(shown(leaf).split("."), wanted) for leaf, _, _ in walked(loaded.scenario, ROOT, ()))


def walked(value: Any, at: Shape, path: KeyPath) -> Iterator[tuple[KeyPath, Shape, Any]]:
    """Yield path, shape and value of every single value of a scenario; a list of plain values counts as one."""
    if isinstance(value, BaseModel):
        for name, field in fields_of(value).items():
            yield from walked(getattr(value, name), shape(field.annotation, field), (*path, name))
    elif at.kind == "sections":
        for name, item in value.items():
            yield from walked(item, at.item, (*path, name))
    elif at.kind == "list" and at.item.options and value:
        for position, item in enumerate(value):
            yield from walked(item, at.item, (*path, position))
    else:
        yield path, at, value


def _within(path: list[str], wanted: list[str]) -> bool:
    """Return whether a path equals the wanted path or lies below it."""
    return len(path) >= len(wanted) and all(want in ("*", part) for part, want in zip(path, wanted, strict=False))


def _explained(loaded: Loaded, path: KeyPath, at: Shape, value: Any) -> Explanation:
    field = at.field
    default = None if field is None or field.default is PydanticUndefined else field.default
    own = loaded.origins.get(shown(path))
    if own is None and isinstance(value, dict):  # a mapping of values is set where its first value is
        own = next((one for key, one in loaded.origins.items() if key.startswith(f"{shown(path)}.")), None)
    above = [loaded.origins[shown(path[:end])] for end in range(1, len(path)) if shown(path[:end]) in loaded.origins]
    overrides = next((one.overrides for one in [*above, *([own] if own else [])] if one.overrides), ())
    meaning = (field.description or "") if field is not None else ""
    return Explanation(shown(path), value, own, overrides, default, allowed(at), at.quantity, meaning)


def _unknown(path: str, leaves: list[str]) -> Problem:
    """Return the problem of an unknown path, with the nearest known path."""
    groups = {leaf.rsplit(".", depth)[0] for leaf in leaves for depth in range(1, leaf.count(".") + 1)}
    known = [*leaves, *sorted(groups)]
    ends = [one for one in known if one.endswith(f".{path}")]
    # Short paths in the same section share most letters, so the part after the last dot must also be similar.
    last = path.rpartition(".")[2]
    near = ends[0] if ends else nearest(path, [one for one in known if nearest(last, [one.rpartition(".")[2]])])
    return Problem("explain", what=say("unknown path {path}", path=quoted(path)), suggestion=near)


def _text(value: Any) -> str:
    """Write a value on one line."""
    if value is None:
        return say("not set")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, tuple | list) and value and isinstance(value[0], BaseModel | dict):
        return say("a list of {count}", count=len(value))
    if isinstance(value, tuple | list):
        return ", ".join(str(item) for item in value) or say("an empty list")
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) or say("nothing")
    if isinstance(value, Path):
        return displayed(value)
    return shortened(str(value), 200) or say("empty text")
