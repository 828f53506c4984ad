"""Convert attributes to typed scalar columns, for formats that know four types only, and back.

A list becomes one column for each element (`needs.emotional`). Values that the format cannot express (None, an empty
list, a number beyond 64 bits, text with characters that XML lacks, two types under one name) get their own column. If
the name and type of a column do not determine its meaning, XML attributes in our namespace do.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.language import say
from sim.state.columns import TIE, USER

OURS: Final = "urn:dayroom:graph"
"""Namespace of the XML attributes that only this package reads."""
SCOPES: Final = ("graph", "node", "edge")
"""What an attribute can belong to."""
TYPES: Final = {
    "bool": "boolean",
    "int": "long",
    "float": "double",
    "text": "string",
    "large": "string",
    "json": "string",
    "none": "boolean",
    "empty": "boolean",
}
"""The type that GraphML and GEXF use for each kind of value."""

_KINDS: Final = {
    **dict.fromkeys(("boolean", "bool"), "bool"),
    **dict.fromkeys(("int", "integer", "long", "short", "byte", "biginteger"), "int"),
    **dict.fromkeys(("float", "double", "bigdecimal"), "float"),
}
"""The kind of value for each type of other programs; all unknown types are text."""

_LABELS: Final = {column.name: column.labels for column in (*USER, *TIE) if column.shape}
_UNPRINTABLE: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold, and the carriage return, which a reader turns into a line feed."""
_NUMBER: Final = re.compile(r"\s*[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|infinity|nan)\s*", re.I | re.A)


@dataclass(frozen=True, slots=True)
class Field:
    """A scalar column of a file.

    Parameters
    ----------
    key : str
        Id of the column in the file.
    title : str
        Name of the column for people and other programs.
    of : str
        The attribute that the column belongs to.
    at : int or None
        Index of the list element in the column; None if the attribute is not a list.
    kind : str
        A key of `TYPES`.
    """

    key: str
    title: str
    of: str
    at: int | None
    kind: str

    def marks(self) -> dict[str, str]:
        """Return the XML attributes for whatever title and type do not determine."""
        marks = {} if self.of == self.title else {"of": self.of}
        if self.at is not None:
            marks["at"] = str(self.at)
        if self.kind not in _KINDS.values() and self.kind != "text":
            marks["kind"] = self.kind
        return marks


Cells = list[tuple[Field, str]]


def printable(text: str) -> bool:
    """Return whether XML preserves this text exactly."""
    return _UNPRINTABLE.search(text) is None


class Fields:
    """The columns of the nodes, edges or graph, in order of appearance.

    Parameters
    ----------
    prefix : str
        Beginning of the column ids.
    reserved : iterable of str
        Titles that the format itself uses.
    """

    def __init__(self, prefix: str, reserved: Iterable[str] = ()) -> None:
        self.prefix = prefix
        self._fields: dict[tuple[str, int | None, str], Field] = {}
        self._titles = set(reserved)

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def spread(self, attributes: Mapping[Any, Any]) -> Cells:
        """Turn attributes into columns with the text of each value; a list takes a column for each of its items.

        Raises
        ------
        TypeError
            When a name is not text, or a value is not None, bool, int, float, str or a list of these.
        ValueError
            When a name has a character that XML cannot hold.
        """
        cells: Cells = []
        for name, value in attributes.items():
            if not isinstance(name, str):
                raise TypeError(say("found attribute name {name!r}, allowed is text", name=name))
            if not printable(name):
                raise ValueError(
                    say("found attribute name {name!r}, allowed are characters that XML can hold", name=name)
                )
            cells += [(self._field(name, at, kind), text) for at, kind, text in _pieces(name, value)]
        return cells

    def _field(self, of: str, at: int | None, kind: str) -> Field:
        place = (of, at, kind)
        if place not in self._fields:
            key = f"{self.prefix}{len(self._fields)}"
            self._fields[place] = Field(key, self._title(of, at, kind), of, at, kind)
        return self._fields[place]

    def _title(self, of: str, at: int | None, kind: str) -> str:
        """Return an unused title: the attribute's name, the element's label or number, and a suffix if needed."""
        labels = _LABELS.get(of, ())
        title = of if at is None else f"{of}.{labels[at] if at < len(labels) else at}"
        title += f".{kind}" if kind in ("none", "empty") else ""
        if title in self._titles:
            title = f"{title}.{kind}"
        while title in self._titles:
            title += "_"
        self._titles.add(title)
        return title


def _pieces(name: str, value: Any) -> list[tuple[int | None, str, str]]:
    """Return the index in the list (None for no list), the kind and the text of every scalar in a value."""
    if type(value) is not list:
        return [(None, *_cell(name, value))]
    if not value:
        return [(None, "empty", "true")]
    return [(at, *_cell(name, item)) for at, item in enumerate(value)]


def _cell(name: str, value: Any) -> tuple[str, str]:
    """Return the kind and the text of a scalar; numpy scalars count as plain values."""
    plain = value.item() if isinstance(value, np.generic) else value
    if plain is None:
        return "none", "true"
    if type(plain) is bool:
        return "bool", "true" if plain else "false"
    if type(plain) is int:
        # Hexadecimal, because Python limits the length of decimal numbers.
        return ("int", str(plain)) if -(2**63) <= plain < 2**63 else ("large", hex(plain))
    if type(plain) is float:
        return "float", _number(plain)
    if type(plain) is str:
        return ("text", plain) if printable(plain) else ("json", json.dumps(plain))
    kind = type(plain).__name__
    raise TypeError(
        say(
            "attribute {name!r}: found a {kind}, allowed is None, bool, int, float or str, or a list of these",
            name=name,
            kind=kind,
        )
    )


def _number(value: float) -> str:
    """Write a float so that every program reads the same bits; spell infinities and NaN as Java and C do."""
    if math.isnan(value):
        return "NaN"
    return repr(value) if math.isfinite(value) else "Infinity" if value > 0 else "-Infinity"


def kind_of(file_type: str) -> str:
    """Return the kind of value for a type in a file."""
    return _KINDS.get(file_type.lower(), "text")


def number(text: str) -> float:
    """Convert a number in ASCII digits, with a decimal point, to float.

    Raises
    ------
    ValueError
        When the text is not such a number (Python itself would read 1_0 as ten).
    """
    if not _NUMBER.fullmatch(text):
        raise ValueError(say("{text!r} is no number", text=text))
    return float(text)


def value_of(kind: str, text: str) -> Any:
    """Convert a text to a value of this kind.

    Raises
    ------
    ValueError
        When the text is not a value of this kind.
    """
    if kind == "text":
        return text
    if kind == "float":
        return number(text)
    if kind == "int":
        return int(text) if _NUMBER.fullmatch(text) else _no(kind, text)
    if kind in ("bool", "none", "empty"):
        known = {"true": True, "1": True, "false": False, "0": False}
        value = known[text.strip().lower()] if text.strip().lower() in known else _no(kind, text)
        return value if kind == "bool" else None
    return int(text, 16) if kind == "large" else from_json(text)


def from_json(text: str) -> Any:
    """Parse JSON.

    Raises
    ------
    ValueError
        When the JSON is broken or nested too deeply.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError(say("JSON nested too deeply")) from None


def _no(kind: str, text: str) -> Any:
    raise ValueError(say("{text!r} is no {kind}", text=text, kind=kind))


def joined(values: Iterable[tuple[Field, Any]]) -> dict[str, Any]:
    """Combine columns and their values into attributes."""
    attributes: dict[str, Any] = {}
    lists: dict[str, dict[int, Any]] = {}
    for field, value in values:
        if field.at is not None:
            lists.setdefault(field.of, {})[field.at] = value
            attributes[field.of] = []
        else:
            attributes[field.of] = [] if field.kind == "empty" else value
    for name, items in lists.items():
        attributes[name] = [items[at] for at in sorted(items)]
    return attributes
