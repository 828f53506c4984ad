"""The look of figures (colours, typefaces, sizes, units), and functions that begin, finish and save a figure.

Figures use the object interface of matplotlib and set their own looks, so they choose no backend and leave matplotlib's
global settings unchanged.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.text import Text

from experiments.plots import text, widths
from experiments.plots.typeface import FONT, drawing, set_type
from sim.errors import InputError
from sim.language import later, term

ORANGE, SKY, GREEN = "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PURPLE, BLACK = "#0072B2", "#D55E00", "#CC79A7", "#000000"
CYCLE: Final = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY, BLACK)
"""The palette of Okabe and Ito (2008), which colour-blind readers can tell apart; yellow is too pale for a line."""

INK, MUTED, RULE, PAPER = "#1A1A1A", "#595959", "#BFBFBF", "#FFFFFF"
HEADING, REMARK = "_heading", "_remark"
"""Labels of a panel's title and of the note below it."""
WIDE_LETTER: Final = 0.6
"""Width of a Latin letter in a line with many digits, as a share of the size of the type."""
TITLE, TEXT, SMALL = 10.5, 9.0, 8.0
"""Sizes of type, in points."""

SINGLE_COLUMN, DOUBLE_COLUMN = 85 / 25.4, 176 / 25.4
"""Widths of a journal's columns in inches: 85 mm and 176 mm."""

Keywords = dict[str, Any]
"""Keyword arguments of a matplotlib artist, which the stubs type one by one."""

OUTCOME_COLOURS: Final = {"loneliness_ucla20": BLUE, "burden": VERMILION, "group_identity": GREEN}
"""Colours of the primary outcomes; any other is drawn in `INK`."""
NEWCOMER = GREEN
START_COLOUR, END_COLOUR = ORANGE, BLUE
"""Colours for before and after, where both are in the same panel."""

READ_AS: Final = {
    ORANGE: "#8F5F00", BLUE: BLUE, GREEN: "#00704F", PURPLE: "#9A4A77", VERMILION: "#A84A00", SKY: "#1C6E9E",
}  # fmt: skip
"""For each colour, the same hue dark enough for words on white."""

LONELINESS_COLOURS: Final = LinearSegmentedColormap.from_list(
    "loneliness", ["#FFF7DC", "#F6C95F", "#E07B1A", "#A63A00", "#4F1500"]
)
"""Scale from pale (less) to dark (more), which stays readable when printed in grey."""
BURDEN_COLOURS: Final = LinearSegmentedColormap.from_list(
    "burden", ["#E4EEF6", "#8FBBDD", "#3C82B8", "#0B4A80", "#05203D"]
)


@dataclass(frozen=True, slots=True)
class Line:
    """Colour and width (in points) of the lines for ties of a level."""

    colour: str
    width: float


LEVEL_LINES: Final = {
    "acquaintance": Line("#DCDCDC", 0.6),
    "friend": Line(SKY, 1.4),
    "confidant": Line(BLUE, 2.6),
    "kin-like": Line("#06283D", 4.4),
}
ROLE_MARKERS: Final = {"helper": "^", "helped": "v", "mutual": "o", "uninvolved": "s"}
ROLE_HATCHES: Final = {"helper": "///", "helped": "\\\\\\", "mutual": None, "uninvolved": "..."}
ROLE_COLOURS: Final = {"helper": "#CDEBDF", "helped": "#FBE3C0", "mutual": "#DDE5EF", "uninvolved": "#F4F4F4"}
"""Colours of the regions of roles, pale enough for points and words on top."""

DASHES: Final[tuple["Dashes", ...]] = (
    "solid",
    (0, (5, 1.5)),
    (0, (1.2, 1.2)),
    (0, (6, 1.4, 1.2, 1.4)),
    (0, (2.6, 1.2)),
    (0, (9, 2)),
    (0, (5, 1.2, 1.2, 1.2, 1.2, 1.2)),
)
"""Dashes of lines that share a panel, which tell them apart in grey."""
MARKERS: Final = ("o", "^", "s", "D", "v", "P", "X")
HATCHES: Final = (None, "////", "....", "\\\\\\\\", "xxxx", "----", "++++")
"""Hatches of bars that share a panel; the first has none."""

Dashes = Literal["solid"] | tuple[float, tuple[float, ...]]
"""Dashes of a line: "solid", or an offset and the lengths of dashes and gaps."""
DOTS: Final = (0, (1, 2))
"""Dashes of the line at a cut-off."""
LEAST_SHARE: Final = 0.25
"""An axis shows at least this share of an instrument's scale, so that small changes look small."""
UNITS: Final = {
    "20-80": later("score (20–80)"),
    "0-100": later("score (0–100)"),
    "1-7": later("score (1–7)"),
    "0-1": later("score (0–1)"),
    "share": later("share (%)"),
    "users": later("number of users"),
    "users/day": later("users a day"),
    "h/day": later("hours a day"),
    "/day": later("times a day"),
    "CNY/day": later("yuan a day"),
}
"""Words on an axis for the units in the catalogue of outcomes."""
BETTER: Final = {
    "lower": later("lower is better"),
    "higher": later("higher is better"),
    "neither": later("no direction is better"),
}


def figure(width: float, height: float) -> Figure:
    """Begin a figure of this size in inches, whose parts make room for each other, or narrower (`widths.at_most`)."""
    engine = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08, wspace=0.03, hspace=0.04)
    return Figure(figsize=(widths.capped(width), height), layout=engine, facecolor=PAPER)


def panels(
    number: int,
    most: int,
    size: tuple[float, float],
    margin: tuple[float, float],
    *,
    least: float = 0.0,
    same_scale: bool = False,
) -> tuple[Figure, list[Axes]]:
    """Begin a figure with this many panels, in rows of at most `most`; return it and the panels, row by row.

    Parameters
    ----------
    size : (float, float)
        Width and height of a panel with its labels, in inches.
    margin : (float, float)
        Width and height of the rest of the figure, in inches.
    least : float
        Least width of the figure, in inches.
    same_scale : bool
        Whether all panels share the scale of the y axis.
    """
    columns = widths.across(min(most, number), size[0], margin[0])
    down = math.ceil(number / columns)
    made = figure(max(least, size[0] * columns + margin[0]), size[1] * down + margin[1])
    cells = list(made.subplots(down, columns, squeeze=False, sharey=same_scale).flat)
    for axes in cells[number:]:
        axes.remove()
    return made, cells[:number]


def side_by_side(
    width: float, heights: Sequence[float], ratios: Sequence[float], margin: float, *, same_scale: bool = True
) -> tuple[Figure, list[Axes]]:
    """Begin a figure with a row of panels, of as high as the highest; in one column they stand below each other.

    Parameters
    ----------
    width : float
        Width of the figure with the panels in a row, in inches.
    heights : sequence of float
        Height of each panel with its labels, in inches.
    ratios : sequence of float
        Widths of the panels in relation to each other.
    margin : float
        Height of the rest of the figure, in inches.
    same_scale : bool
        Whether all panels share the scale of the y axis.
    """
    if widths.is_narrow():
        made = figure(width, sum(heights) + margin + 0.5)
        return made, list(
            made.subplots(len(heights), 1, height_ratios=list(heights), squeeze=False, sharey=same_scale)[:, 0]
        )
    made = figure(width, max(heights) + margin)
    return made, list(made.subplots(1, len(heights), width_ratios=list(ratios), squeeze=False, sharey=same_scale)[0])


def series_look(number: int) -> Keywords:
    """Return colour and dashes of a line among several; no two of the first 49 share both."""
    return {"color": CYCLE[number % len(CYCLE)], "linestyle": DASHES[(number + number // len(CYCLE)) % len(DASHES)]}


def mark_look(number: int) -> Keywords:
    """Return colour, dashes and mark of a line of points among several."""
    return series_look(number) | {"marker": MARKERS[number % len(MARKERS)]}


def dress(axes: Axes, x: str, y: str) -> None:
    """Set the labels of the axes, and show only the left and lower edge."""
    axes.set_facecolor(PAPER)
    axes.set_xlabel(x, fontsize=TEXT, color=INK)
    axes.set_ylabel(y, fontsize=TEXT, color=INK)
    axes.tick_params(labelsize=SMALL, labelcolor=INK, color=RULE, labelfontfamily=FONT, width=0.8, length=3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(RULE)


def dress_rows(axes: Axes, x: str, **ticks: float) -> None:
    """Dress axes whose rows have names: a label along x, no ticks and no edge on the left.

    `ticks` go to `Axes.tick_params` of the y axis.
    """
    dress(axes, x, "")
    axes.tick_params(axis="y", length=0, **ticks)
    axes.spines["left"].set_visible(False)


def lowered(label: str) -> str:
    """Return a label in the reader's language, with a small first letter, for the middle of a sentence."""
    label = term(label)
    return f"{label[0].lower()}{label[1:]}"


def unit_words(unit: str) -> str:
    """Return words for the axis of an outcome in a unit of the catalogue."""
    return str(UNITS.get(unit) or term(unit))


def zoomed(low: float, high: float, bottom: float, top: float) -> tuple[float, float]:
    """Return the range of an axis that shows low to high, and at least `LEAST_SHARE` of the scale (bottom to top)."""
    pad = max(0.04 * (high - low), 0.5 * (LEAST_SHARE * (top - bottom) - (high - low)))
    low, high = low - pad, high + pad
    shift = max(0.0, bottom - low) - max(0.0, high - top)
    return max(bottom, low + shift), min(top, high + shift)


def dress_bar(bar: Colorbar, label: str, cut: float | None = None) -> None:
    """Label a colour bar, and draw a dotted line across it at the cut-off, if given."""
    bar.set_label(label, fontsize=TEXT, color=INK)
    bar.ax.tick_params(labelsize=SMALL, labelcolor=INK, color=RULE, labelfontfamily=FONT, width=0.8, length=3)
    bar.outline.set_visible(False)
    if cut is not None:
        bar.ax.axhline(cut, color=INK, linewidth=1.2, linestyle=(0, (1, 1.5)))


def heading(axes: Axes, title: object, note: str = "") -> None:
    """Write a title above the axes on the left, and a smaller note under it."""
    pad = 6 + note_height(note)
    axes.set_title(str(title), fontsize=TITLE, fontweight="bold", color=INK, loc="left", pad=pad).set_label(HEADING)
    if note:
        at: Keywords = {"xycoords": "axes fraction", "textcoords": "offset points"}
        axes.annotate(note, (0, 1), (0, 5), fontsize=SMALL, color=MUTED, **at).set_label(REMARK)


def note_height(note: str) -> float:
    """Return the height of a note in points; 0 without a note."""
    return 1.3 * SMALL * (note.count("\n") + 1) if note else 0.0


def on_dark(shade: float) -> str:
    """Return the colour of a word on a shade of `LONELINESS_COLOURS`, from 0 to 1."""
    return PAPER if shade > 0.55 else INK


def legend(
    figure: Figure,
    handles: Sequence[Artist],
    note: object = "",
    place: Literal["outside lower left", "outside lower right"] = "outside lower left",
    columns: int | None = 4,
) -> Legend:
    """Put a legend outside the axes, under a note wrapped to the figure's width.

    With `columns=None`, the legend has as many columns as fit.
    """
    wide = figure.get_figwidth()
    if widths.is_narrow():
        columns = min(columns or len(handles), fitting(handles, wide))
        for handle in handles:
            handle.set_label(_broken(str(handle.get_label()), SMALL, wide - 0.6))
    made: Legend = figure.legend(
        handles=list(handles),
        loc=place,
        ncols=columns or fitting(handles, wide),
        fontsize=SMALL,
        labelcolor=INK,
        frameon=False,
        handlelength=2.2,
        columnspacing=1.8,
        title=wrapped(note, figure.get_figwidth()) if note else None,
        title_fontproperties={"size": SMALL, "family": FONT},
        alignment="left",
    )
    made.get_title().set_color(MUTED)
    return made


def fitting(handles: Sequence[Artist], inches: float) -> int:
    """Return how many columns of a legend fit; a column is as wide as the longest label and a sample line."""
    letters = text.longest([handle.get_label() for handle in handles])
    return max(1, min(len(handles), int(72 * inches / (0.57 * SMALL * letters + 5.0 * SMALL))))


def wrapped(words: object, inches: float, size: float = SMALL) -> str:
    """Break text into lines of a width in inches, in type of `size` points (Latin letters are about 0.55 of that)."""
    letter = WIDE_LETTER if widths.is_narrow() else 0.55
    return "\n".join(text.lines(str(words), max(12, int(72 * inches / (letter * size)) - 2)))


def finish(figure: Figure) -> Figure:
    """Set the typeface of all text.

    For one column of a journal, titles and labels wider than their panels are broken into lines.
    """
    set_type(figure)
    if widths.is_narrow():
        figure.draw_without_rendering()  # it settles how large the panels are
        for axes in figure.axes:
            _break_words(axes)
        set_type(figure)
    return figure


def _break_words(axes: Axes) -> None:
    """Break the title, the note below it and the labels of the axes where they are wider than the panel."""
    figure = axes.get_figure(root=True)
    if figure is None:
        return
    beside = [other.bbox.x0 for other in figure.axes if other.bbox.x0 > axes.bbox.x1 and _is_level(other, axes)]
    room = (min([*beside, figure.bbox.x1]) - axes.bbox.x0) / figure.dpi - 0.1
    words = {each.get_label(): each for each in axes.findobj(Text) if each.get_label() in (HEADING, REMARK)}
    title, note = (words[key].get_text() if key in words else "" for key in (HEADING, REMARK))
    broken = [_broken(each, size, room) for each, size in ((title, 1.1 * TITLE), (note, SMALL))]
    if broken != [title, note]:
        if REMARK in words:
            words[REMARK].remove()
        heading(axes, *broken)
    for label, length in ((axes.xaxis.label, axes.bbox.width), (axes.yaxis.label, axes.bbox.height)):
        label.set_text(_broken(label.get_text(), TEXT, length / figure.dpi + 0.1))


def _is_level(one: Axes, other: Axes) -> bool:
    """Return whether two panels stand beside each other."""
    return bool(one.bbox.y0 < other.bbox.y1 and other.bbox.y0 < one.bbox.y1)


def _broken(words: str, size: float, inches: float) -> str:
    """Return words in lines of a width, as they are where they fit."""
    width = 72.0 * inches / (WIDE_LETTER * size)
    fits = all(text.width(line) <= width for line in words.split("\n"))
    return words if fits else "\n".join(text.lines(words.replace("\n", " "), max(8.0, width)))


UNSTAMPED: Final[dict[str, dict[str, None]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
"""Formats of figures, each with what would make two files of the same figure differ."""


def save(figure: Figure, path: Path | str, dpi: int = 150) -> Path:
    """Write a figure as PNG, SVG or PDF. On the same installation, the same figure gives the same bytes.

    A PDF holds the letters it uses as TrueType, as journals require.

    Parameters
    ----------
    path : path
        Path that ends in .png, .svg or .pdf; missing folders are made.
    dpi : int
        Dots per inch of a PNG; journals require 300.

    Raises
    ------
    InputError
        When the path has another ending.
    """
    path = Path(path)
    kind = path.suffix.lower().removeprefix(".")
    if kind not in UNSTAMPED:
        raise InputError(f"{path.name}: a figure is saved as .png, .svg or .pdf")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(rendered(figure, kind, dpi))
    return path


def rendered(figure: Figure, kind: str, dpi: int = 150) -> bytes:
    """Return a figure as the bytes of a file: "png", "svg" (its letters as outlines) or "pdf"."""
    file = BytesIO()
    # Settings give an SVG the seed of its element names and a PDF its kind of letters; they apply to this file only.
    with drawing(), mpl.rc_context({"svg.hashsalt": "dayroom", "pdf.fonttype": 42}):
        figure.savefig(file, format=kind, dpi=dpi, metadata=UNSTAMPED[kind])
    return file.getvalue()
