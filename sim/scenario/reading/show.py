"""Write a complete scenario as YAML that loads to the same scenario."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.scenario.schema.budget import Budget
from sim.scenario.schema.quantity import Quantity, fields_of, known
from sim.scenario.text.nodes import resolved

_WORDS = re.compile(r"[A-Za-z_][A-Za-z0-9_ -]*[A-Za-z0-9_]|[A-Za-z_]")


def show(scenario: BaseModel, folder: Path | None = None) -> str:
    """Write a scenario as YAML, with units in comments.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    folder : Path, optional
        Paths of files below this folder are relative to it; all other paths are absolute.
    """
    return "\n".join(_lines(scenario, "", folder)) + "\n"


def _lines(section: BaseModel, indent: str, folder: Path | None) -> Iterator[str]:
    for name, field in fields_of(section).items():
        value = getattr(section, name)
        quantity = known(field)
        if isinstance(section, Budget) and quantity is not None and value is not None:
            # `check` warns of a budget without a unit
            yield f"{indent}{word(name)}: {_value(value, folder)} {quantity.unit}"
        elif value is not None:
            yield from _entry(name, value, indent, folder, quantity)


def _entry(name: str, value: Any, indent: str, folder: Path | None, quantity: Quantity | None = None) -> Iterator[str]:
    """Write a key and its contents."""
    below = indent + "  "
    if isinstance(value, BaseModel):
        yield f"{indent}{word(name)}:"
        yield from _lines(value, below, folder)
    elif isinstance(value, dict) and value:
        yield f"{indent}{word(name)}:"
        for key, item in value.items():
            yield from _entry(key, item, below, folder)
    elif isinstance(value, tuple | list) and value and isinstance(value[0], BaseModel):
        yield f"{indent}{word(name)}:"
        for item in value:
            first, *rest = _lines(item, below + "  ", folder)
            yield f"{below}- {first.strip()}"
            yield from rest
    else:
        unit = f"  # {quantity.unit}" if quantity is not None and quantity.unit != "1" else ""
        yield f"{indent}{word(name)}: {_value(value, folder)}{unit}"


def _value(value: Any, folder: Path | None) -> str:
    """Write a single value or a list of values on one line."""
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(_value(item, folder) for item in value)}]"
    if isinstance(value, Path):
        inside = folder is not None and value.is_relative_to(folder)
        return word((value.relative_to(folder) if inside and folder is not None else value).as_posix())
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, int | float) else word(str(value))  # a condition is its text


def word(text: str) -> str:
    """Write a text without quotes if YAML then reads it as the same text; otherwise with quotes."""
    if _WORDS.fullmatch(text) and resolved(text) == text:
        return text
    return f'"{"".join(_letter(letter) for letter in text)}"'


def _letter(letter: str) -> str:
    """Escape a character for double quotes; JSON would split a rare character in two, and YAML does not join them."""
    if letter in '"\\':
        return f"\\{letter}"
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
