"""Sizes of pictures: for a screen, a slide, or two columns or one of a journal.

The whole picture is scaled, its letters too.
"""

import math
import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Literal

from matplotlib.figure import Figure

from experiments.plots import style, widths

Size = Literal["screen", "slide", "journal", "column"]
SLIDE: Final = (13.33, 7.5)
"""Width and height of a slide in inches (16:9); a figure fits into it."""
PROJECTED: Final = 11.0
"""Largest width of a figure drawn for a slide, in inches: scaled into it, its letters can be read across a room."""
DOTS: Final = {"screen": 150, "slide": 150, "journal": 300, "column": 300}
"""Dots per inch of a PNG."""
PRINTED: Final = 6.0
"""Least size of the type of notes and labels in a journal, in points."""
COLUMNS: Final = {"journal": style.DOUBLE_COLUMN, "column": style.SINGLE_COLUMN}
"""Width of a figure in a journal, in inches, over two columns or in one."""
_ROOT: Final = re.compile(r"<svg [^>]*>")
_SIDE: Final = re.compile(r'(width|height)="([\d.]+)pt"')


def room(size: Size) -> AbstractContextManager[None]:
    """Return the context in which to draw a figure for a size: for a slide or a journal, panels take further rows.

    A figure for a journal is drawn so wide that its letters have size `PRINTED` once it is scaled to its columns.
    """
    if size == "slide":
        return widths.at_most(PROJECTED)
    return widths.at_most(COLUMNS[size] * style.SMALL / PRINTED if size in COLUMNS else math.inf)


def scale_of(figure: Figure, size: Size) -> float:
    """Return the scale of a figure: as drawn on a screen, into a slide, or at most the columns of a journal."""
    width, height = figure.get_size_inches()
    if size == "slide":
        return float(min(SLIDE[0] / width, SLIDE[1] / height))
    return float(min(1.0, COLUMNS[size] / width)) if size in COLUMNS else 1.0


def save_as(figure: Figure, path: Path | str, size: Size = "screen") -> Path:
    """Write a figure, drawn in `room(size)`, as PNG, SVG or PDF; on an installation, it has always the same bytes.

    Raises
    ------
    InputError
        When the path has another ending.
    """
    scale = scale_of(figure, size)
    path = style.save(figure, path, dpi=round(scale * DOTS[size]))
    if path.suffix.lower() == ".svg" and scale != 1.0:
        text = path.read_text(encoding="utf-8")
        path.write_text(_ROOT.sub(lambda found: _scaled(found, scale), text, count=1), encoding="utf-8")
    return path


def _scaled(found: re.Match[str], scale: float) -> str:
    """Return the first element of an SVG with another width and height; its view box stays."""
    return _SIDE.sub(lambda side: f'{side[1]}="{float(side[2]) * scale:.2f}pt"', found.group(0))
