"""A control for any value of a scenario, from its declaration: range, unit, default, meaning, source and grade."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from experiments.app.draft import Draft
from experiments.app.words import unit, word
from sim.language import say, term
from sim.scenario.conditions.condition import Condition
from sim.scenario.reading.explain import walked
from sim.scenario.reading.shape import ROOT, Shape, choices, number, shape
from sim.scenario.schema.effects import FOREVER
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.session import WEEKDAYS, Weekday
from sim.scenario.text.nodes import KeyPath, shown
from sim.sources import SOURCES

STEPS: Final = 100
"""Steps of a slider from end to end."""
MOST_FOUND: Final = 24
"""Most controls that a search shows."""


def control(path: KeyPath, at: Shape, draft: Draft, mistakes: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what the page needs to draw a control; None for a value that only a file can hold, such as a network.

    Parameters
    ----------
    path : tuple
        Path of the value.
    at : Shape
        What is allowed there.
    draft : Draft
        Holds the value.
    mistakes : mapping of str to str
        Complaints by path.
    """
    kind = kind_of(at)
    if not kind:
        return None
    field = at.field
    default = None if field is None or field.default is PydanticUndefined else field.default
    meaning = term(field.description or "") if field is not None else ""
    name, given = shown(path), draft.at(path)
    made: dict[str, Any] = {
        "id": "-".join(str(part) for part in path),
        "path": list(path),
        "key": name,
        "kind": kind,
        "label": _short(meaning) or word(str(path[-1])),
        "value": _plain(default if given is None else given, kind),
        "unit": unit(at.quantity.unit) if at.quantity is not None else "",
        "error": mistakes.get(name, ""),
        "help": _help(at, meaning, default),
    }
    if kind == "choice":
        made["options"] = [{"value": one, "label": word(one)} for one in choices(at)]
        made["optional"] = default is None
    if kind == "days":
        made["options"] = [{"value": one, "label": word(one)} for one in WEEKDAYS]
    if kind == "number":
        made["slider"] = _slider(at, made["value"])
    return made


def of_section(
    section: type[BaseModel],
    path: KeyPath,
    names: Iterable[str],
    draft: Draft,
    mistakes: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return the controls of some fields of a section, named with dots ("empathy.mean"), in this order."""
    made = []
    for name in names:
        inner, *rest = name.split(".")
        at, place = shape(section.model_fields[inner].annotation, section.model_fields[inner]), [*path, inner]
        for part in rest:
            below = at.child(part)
            assert below is not None, name  # noqa: S101 - the names are this room's own
            at, place = below, [*place, part]
        made.append(control(tuple(place), at, draft, mistakes))
    return [one for one in made if one is not None]


def kind_of(at: Shape) -> str:
    """Return the kind of control for a value: number, choice, switch, days or text; empty if none fits."""
    if at.kind == "list":
        return "days" if get_args(at.annotation)[:1] == (Weekday,) else ""
    if at.kind != "value" or get_origin(at.annotation) is dict:
        return ""
    if choices(at):
        return "choice" if len(choices(at)) > 1 else ""
    if at.annotation is bool:
        return "switch"
    if at.annotation in (int, float):
        return "number"
    is_text = at.annotation in (str, date) or (isinstance(at.annotation, type) and issubclass(at.annotation, Condition))
    return "text" if is_text else ""


def every(scenario: Scenario) -> dict[KeyPath, Shape]:
    """Return what each path that has a control allows, in the order of declaration."""
    return {path: at for path, at, _ in walked(scenario, ROOT, ()) if kind_of(at) and path != ("name",)}


def found(text: str, shapes: Mapping[KeyPath, Shape]) -> list[KeyPath]:
    """Return the paths whose name or meaning holds every word of a search, the most telling first.

    Parameters
    ----------
    text : str
        Words; in Chinese, letters of the meaning.
    shapes : mapping
        From `every`.
    """
    words = text.lower().replace(".", " ").replace("_", " ").split()
    if not words:
        return []
    hits = []
    for path, at in shapes.items():
        name = shown(path).lower().replace(".", " ").replace("_", " ")
        meaning = at.field.description or "" if at.field is not None else ""
        text_of = f"{name} {meaning.lower()} {term(meaning)}"
        if all(one in text_of for one in words):
            hits.append((not all(one in name for one in words), len(path), path))
    return [path for _, _, path in sorted(hits, key=lambda hit: hit[:2])]


def _short(meaning: str) -> str:
    """Return a meaning without its explanation in brackets or after a semicolon."""
    for end in (" (", "（", "; ", "；", ", such as", "，如", ": ", "："):
        meaning = meaning.partition(end)[0]
    return meaning


def _plain(value: Any, kind: str) -> Any:
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return "" if value == FOREVER else number(round(value, 4) if abs(value) >= 0.001 else value)
    if isinstance(value, Condition):
        return value.text
    return value if value is not None or kind == "days" else ""


def _slider(at: Shape, value: Any) -> dict[str, float] | None:
    """Return the ends and the step of a slider over the plausible range; None where there is none."""
    if at.quantity is None or not at.quantity.source or at.quantity.plausible[1] >= FOREVER:
        return None
    low, high = at.quantity.plausible
    if high <= low:
        return None
    try:
        low, high = min(low, float(value)), max(high, float(value))
    except (TypeError, ValueError):
        return None
    step = 1.0 if at.annotation is int else (high - low) / STEPS
    return {"low": low, "high": high, "step": step}


def _help(at: Shape, meaning: str, default: Any) -> list[list[str]]:
    """Return the lines of a control's help, each with its heading."""
    lines = [[say("meaning"), meaning]]
    known = at.quantity
    if known is not None:
        lines.append([say("allowed"), _range(known.bounds, known.unit)])
        if known.source:
            lines.append([say("plausible"), _range(known.plausible, known.unit)])
    else:
        lines.append([say("allowed"), _between(at)])
    if isinstance(default, int | float) and not isinstance(default, bool):
        lines.append([say("default"), f"{number(default)} {unit(known.unit) if known is not None else ''}".strip()])
    if known is not None and known.source:
        source = SOURCES[known.source]
        doi = f", doi.org/{source.doi}" if source.doi else ""
        if source.year:
            lines.append([say("source"), f"{source.authors} ({source.year}){doi}"])
        lines.append([say("grade"), word(known.grade)])
    return [line for line in lines if line[1]]


def _range(ends: tuple[float, float], of: str) -> str:
    return say("{low} to {high}", low=number(ends[0]), high=number(ends[1])) + (f" {unit(of)}" if unit(of) else "")


def _between(at: Shape) -> str:
    metadata = at.field.metadata if at.field is not None else []
    low = next((one.ge for one in metadata if isinstance(one, Ge)), None)
    high = next((one.le for one in metadata if isinstance(one, Le)), None)
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return ""
    return say("{low} to {high}", low=number(low), high=number(high))
