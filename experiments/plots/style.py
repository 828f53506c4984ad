"""The look of figures (colours, typefaces, sizes, units), and functions that begin, finish and save a figure.

Figures use the object interface of matplotlib and set their own looks, so they choose no backend and leave matplotlib's
global settings unchanged.
"""

import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
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
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from experiments.plots import text, widths
from sim.language import later, say, term

FONT: Final = "DejaVu Sans"
"""Typeface that comes with matplotlib, so that a figure looks the same everywhere."""
CHINESE: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "SimHei",
)
"""Typefaces with simplified Chinese letters, the preferred one first."""
_FROM_HERE: Final = "\u2e80"
"""The first letter of East Asian scripts in Unicode; `FONT` has none of them."""

_HEAVIER: Final = 0.045
"""Width of the outline of a heavy Chinese letter, as a share of the size of the type."""

ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE, BLACK = "#0072B2", "#D55E00", "#CC79A7", "#000000"
CYCLE: Final = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY, BLACK)
"""The palette of Okabe and Ito (2008), which colour-blind readers can tell apart; yellow is too pale for a line."""

INK, MUTED, RULE, PAPER = "#1A1A1A", "#595959", "#BFBFBF", "#FFFFFF"
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
    axes.set_title(str(title), fontsize=TITLE, fontweight="bold", color=INK, loc="left", pad=6 + note_height(note))
    if note:
        axes.annotate(note, (0, 1), (0, 5), "axes fraction", textcoords="offset points", fontsize=SMALL, color=MUTED)


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
    made: Legend = figure.legend(
        handles=list(handles),
        loc=place,
        ncols=columns or fitting(handles, figure.get_figwidth()),
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
    return "\n".join(text.lines(str(words), max(12, int(72 * inches / (0.55 * size)) - 2)))


def finish(figure: Figure) -> Figure:
    """Set the typeface of all text, and show a dollar sign as it is rather than as a formula."""
    texts: list[Text] = figure.findobj(Text)
    typefaces = families(each.get_text() for each in texts)
    for each in texts:
        is_chinese = any(letter >= _FROM_HERE for letter in each.get_text())
        each.set_fontfamily(typefaces if is_chinese or each.get_fontweight() != "bold" else [FONT])
        each.set_parse_math(False)
        if is_chinese and each.get_fontweight() == "bold":
            # The Chinese typeface has no bold letters, so an outline makes them heavier.
            heavier = withStroke(linewidth=_HEAVIER * float(each.get_fontsize()), foreground=str(each.get_color()))
            each.set(fontweight="normal", path_effects=[heavier])
    return figure


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
    ValueError
        When the path has another ending.
    """
    path = Path(path)
    kind = path.suffix.lower().removeprefix(".")
    if kind not in UNSTAMPED:
        raise ValueError(f"{path.name}: a figure is saved as .png, .svg or .pdf")
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


def families(texts: Iterable[str]) -> list[str]:
    """Return the typefaces for some texts, in the order in which matplotlib looks for each letter."""
    if not any(letter >= _FROM_HERE for each in texts for letter in each):
        return [FONT]
    found = _chinese()
    return [FONT, found] if found else [FONT]


@cache
def _chinese() -> str:
    """Return the first installed typeface with Chinese letters: of the extra `zh`, or of the system; else ''."""
    from matplotlib.font_manager import fontManager

    package = find_spec("mplfonts")
    if package is not None and package.origin is not None:
        file = Path(package.origin).parent / "fonts" / "NotoSansCJKsc-Regular.otf"
        if file.is_file():
            fontManager.addfont(file)
    installed = {font.name for font in fontManager.ttflist}
    return next((name for name in CHINESE if name in installed), "")


@contextmanager
def drawing() -> Iterator[None]:
    """Draw in this context: letters that no typeface has give one warning, with the way out, not one a letter.

    Warns
    -----
    UserWarning
        When letters are missing.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    missing = [one for one in caught if "missing from" in str(one.message) and str(one.message).startswith("Glyph")]
    for one in caught:
        if one not in missing:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    if missing:
        message = say(
            "figures: no installed typeface has all letters; `pip install 'dayroom[zh]'` brings a Chinese one"
        )
        warnings.warn(message, UserWarning, stacklevel=3)
