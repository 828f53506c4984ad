"""The content of a report: sections, paragraphs, tables, figures and numbers; no renderer adds a word of its own.

A text is a string that may hold numbers of the result. Each stands between marks, with the key under which the result
has it, so that every renderer shows the same number and a test can look it up (`parts`).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from unicodedata import east_asian_width

from sim.scenario.text.nodes import harmless

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_OPEN, _MID, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARKED: Final = re.compile(f"{_OPEN}([^{_MID}]*){_MID}([^{_MID}]*){_MID}([^{_CLOSE}]*){_CLOSE}")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that the analyst's text loses: private ones, which mark numbers, and those that turn the direction."""
DOI: Final = re.compile(r"https://doi\.org/10\.[0-9]+/[^\s\"'<>()（），。；,;]+")
"""A DOI in a text, which renderers make a link."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the result.

    Parameters
    ----------
    key : str
        Where it stands: table, row and column, such as "contrasts/respite/burden/difference".
    value : float
        In the unit shown, such as percentage points; NaN if unknown.
    text : str
        As written in the reader's language, without a unit.
    """

    key: str
    value: float
    text: str

    def __str__(self) -> str:
        return f"{_OPEN}{self.key}{_MID}{self.value!r}{_MID}{self.text}{_CLOSE}"


def parts(text: str) -> Iterator[str | Number]:
    """Yield the pieces of a text: words, and the numbers between them."""
    place = 0
    for mark in _MARKED.finditer(text):
        if mark.start() > place:
            yield text[place : mark.start()]
        yield Number(mark[1], float(mark[2]), mark[3])
        place = mark.end()
    if place < len(text):
        yield text[place:]


def plain(text: str) -> str:
    """Return a text without the marks of its numbers."""
    return "".join(one.text if isinstance(one, Number) else one for one in parts(text))


def _columns(text: str) -> float:
    """Return how wide a text is, in Latin letters; a Chinese one counts as two."""
    return float(sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text))


def as_written(text: object) -> str:
    """Return a text of the analyst's on one line, without characters that would change the page around it."""
    return harmless(_PRIVATE.sub("", " ".join(str(text).split())))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `strong` stands out."""

    text: str
    strong: bool = False
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Quote:
    """What the analyst wrote, shown as written."""

    text: str
    kind: str = "quote"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    kind: str = "bullets"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Code:
    """A command or file names, in the letters of a terminal."""

    text: str
    kind: str = "code"


@dataclass(frozen=True, slots=True)
class Box:
    """A few sentences that must not be missed; a box `of_limits` says what the report may not be used for."""

    items: tuple[str, ...]
    of_limits: bool = False
    kind: str = "box"


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Parameters
    ----------
    key : str
        A name for the sheet of a workbook.
    title : str
    head : tuple of str
    rows : tuple of tuple of str
        As many cells as the head; the first cell of a row names it.
    note : str
        A sentence below it.
    folded : bool
        Whether a page shows the table only when asked.
    """

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    folded: bool = False
    kind: str = "table"

    @property
    def widths(self) -> tuple[float, ...]:
        """Widths of the columns in relation to each other, by the letters that they hold."""
        columns = [(head, *(row[place] for row in self.rows)) for place, head in enumerate(self.head)]
        return tuple(max(5.0, *(min(60.0, _columns(plain(cell))) for cell in cells)) ** 0.7 for cells in columns)

    @property
    def numeric(self) -> tuple[bool, ...]:
        """For each column, whether all its cells begin with a number, or say that there is none."""
        columns = [[row[place] for row in self.rows] for place in range(len(self.head))]
        return tuple(
            any(cell.startswith(_OPEN) for cell in cells) and all(cell[:1] in (_OPEN, "", "–") for cell in cells)
            for cells in columns
        )


@dataclass(frozen=True)
class Picture:
    """A figure, drawn on first use in the language of that moment, with the table behind it.

    Parameters
    ----------
    key : str
        Name of the figure.
    title, about : str
        What it shows, and how to read it.
    draw : callable
        Returns the Matplotlib figure.
    behind : Table, optional
        The numbers that it draws.
    """

    key: str
    title: str
    about: str
    draw: "Callable[[], Figure]"
    behind: Table | None = None
    kind: str = "picture"

    @cached_property
    def _figure(self) -> "Figure":
        return self.draw()

    @property
    def width(self) -> float:
        """Width in inches."""
        return float(self._figure.get_figwidth())

    @property
    def height(self) -> float:
        """Height in inches."""
        return float(self._figure.get_figheight())

    @cached_property
    def svg(self) -> bytes:
        """The figure as SVG, its letters as outlines: it looks the same wherever it is opened."""
        return self._saved("svg", 100)

    @cached_property
    def png(self) -> bytes:
        """The figure as PNG for print."""
        return self._saved("png", 220)

    def _saved(self, kind: str, dpi: int) -> bytes:
        from experiments.plots.style import rendered

        return rendered(self._figure, kind, dpi)


Block = Paragraph | Quote | Bullets | Heading | Code | Box | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report under a heading; `key` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """A report: its first page, which is the brief, and all that follows.

    Parameters
    ----------
    title, subtitle : str
    language : str
        "en" or "zh".
    brief : tuple of Section
    sections : tuple of Section
        Empty when the brief was asked for alone.
    frames : mapping of str to DataFrame
        Tables of the result, for the workbook.
    """

    title: str
    subtitle: str
    language: str
    brief: tuple[Section, ...]
    sections: tuple[Section, ...] = ()
    frames: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Section, ...]:
        """All sections, the brief first."""
        return (*self.brief, *self.sections)

    def tables(self) -> Iterator[Table]:
        """Yield every table, those behind figures too."""
        for section in self.parts:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield block
                elif isinstance(block, Picture) and block.behind is not None:
                    yield block.behind


def kept(*blocks: Block | None) -> tuple[Block, ...]:
    """Return the blocks that there are."""
    return tuple(block for block in blocks if block is not None)


def sentences(*texts: str) -> tuple[Paragraph, ...]:
    """Return a paragraph for each text that is not empty."""
    return tuple(Paragraph(text) for text in texts if text)


__all__: Sequence[str] = [
    "Block", "Box", "Bullets", "Code", "Heading", "Number", "Paragraph", "Picture", "Quote", "Report", "Section",
    "Table", "as_written", "kept", "parts", "plain", "sentences",
]  # fmt: skip
