"""The values of a YAML text, each with its place in the file.

These plain trees replace the parser's own, so that merging, checking and explaining need not know YAML.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sim.language import say

KeyPath = tuple[str | int, ...]
"""The path from the top to a value: keys, and positions in lists counted from 0."""

UNSUITABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""Characters that escapes can put into a text although no file name and no output can hold them."""

_ORDERS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Characters that a terminal obeys: controls (C0 but tab and line end, C1), those that turn the direction of text, and
halves of characters."""

_MOST_DIGITS: Final = 100

_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NO_NUMBER = re.compile(r"\.(nan|NaN|NAN)")


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file, counted from 1; line 0 is the file as a whole. In a workbook it is a cell of a sheet."""

    file: str
    line: int = 0
    column: int = 0
    sheet: str = ""

    def __str__(self) -> str:
        if self.sheet:
            cell = say(", cell {letters}{line}", letters=letters(self.column), line=self.line) if self.line else ""
            return say("{file}, sheet {sheet}{cell}", file=self.file, sheet=self.sheet, cell=cell)
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: text, number, true or false, or null. `text` holds the value as the file writes it."""

    value: str | int | float | bool | None
    text: str
    place: Place
    over: "Node | None" = None
    size: int = 1
    lead: int | None = None
    """Columns before the text: 0 for a plain word, 1 in quotes; None if the file does not hold the text literally."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list. `size` counts all its nodes; an alias counts again at each use."""

    items: tuple["Node", ...]
    place: Place
    over: "Node | None" = None
    size: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A value under a key, with the place of the key."""

    key: Place
    node: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Values under text keys; `over` is the value that this mapping replaced when one file extended another."""

    entries: dict[str, Entry]
    place: Place
    over: "Node | None" = None
    size: int = 1


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was set, and the values it replaced, most recent first.

    `text` is a single value as the file writes it.
    """

    file: str
    line: int
    column: int
    value: Any
    overrides: tuple["Origin", ...] = field(default=())
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


def letters(column: int) -> str:
    """Name a column as spreadsheets do: 1 is A, 27 is AA."""
    name = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def plain(node: Node) -> Any:
    """Return the plain values of a node, as dict, list or scalar."""
    if isinstance(node, Mapping):
        return {key: plain(entry.node) for key, entry in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value


def shortened(text: str, most: int = 60) -> str:
    """Shorten a text for a message."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


def harmless(text: str) -> str:
    """Escape the characters that a terminal would obey instead of showing; keep tabs and the ends of lines."""
    return _ORDERS.sub(lambda order: _escape(order[0]), text)


def visible(text: str) -> str:
    """Write a text on one line, with every character escaped that cannot be printed."""
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in text)


def _escape(letter: str) -> str:
    return f"\\x{ord(letter):02x}" if ord(letter) < 256 else f"\\u{ord(letter):04x}"


def quoted(text: str) -> str:
    """Quote a text for a message, with control characters escaped."""
    return repr(shortened(text))


def described(node: Node) -> str:
    """Describe a node for an error message."""
    if isinstance(node, Mapping):
        keys = ", ".join(shown((key,)) for key in list(node.entries)[:5])
        return say("a mapping with the keys {keys}", keys=keys) if node.entries else say("an empty mapping")
    if isinstance(node, Sequence):
        return say("an empty list") if not node.items else say("a list of {count}", count=len(node.items))
    if node.value is None:
        return say("null (no value)")
    return quoted(node.value) if isinstance(node.value, str) else shortened(node.text)


def shown(path: KeyPath) -> str:
    """Write a path with dots; positions in lists are counted from 1."""
    parts = [str(part + 1) if isinstance(part, int) else part for part in path]
    return ".".join(part if re.fullmatch(r"[\w.*-]{1,60}", part) else quoted(part) for part in parts)


def deepest(root: Node, path: KeyPath) -> tuple[Node, Place]:
    """Follow a path as far as it exists; return the last node reached and the place of its key."""
    node, key = root, root.place
    for part in path:
        if isinstance(node, Mapping) and part in node.entries:
            entry = node.entries[str(part)]
            node, key = entry.node, entry.key
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            key = node.place
        else:
            break
    return node, key


def origin(node: Node) -> Origin:
    """Return where a node was set, with the values it replaced."""
    overrides: list[Origin] = []
    below = node.over
    while below is not None:
        overrides.append(Origin(below.place.file, below.place.line, below.place.column, plain(below)))
        below = below.over
    text = node.text if isinstance(node, Scalar) else ""
    return Origin(node.place.file, node.place.line, node.place.column, plain(node), tuple(overrides), text)


def origins(node: Node, path: KeyPath = ()) -> Iterator[tuple[str, Origin]]:
    """Yield the path and the origin of every single value and every list."""
    if isinstance(node, Mapping):
        for key, entry in node.entries.items():
            yield from origins(entry.node, (*path, key))
        if node.entries:
            return
    yield shown(path), origin(node)
    if isinstance(node, Sequence):
        for position, item in enumerate(node.items):
            yield from origins(item, (*path, position))


def resolved(text: str) -> str | int | float | bool | None:
    """Return the value of an unquoted word.

    Unlike in YAML 1.1, `yes`, `no`, `on` and `off` are text, and `1_000` and `12:30` are text too.
    """
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    return _number(text)


def _number(text: str) -> str | int | float:
    if len(text) > _MOST_DIGITS:  # nobody means such a number; Python refuses to read the longest
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(text[2:], 16)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return float("nan") if _NO_NUMBER.fullmatch(text) else text
