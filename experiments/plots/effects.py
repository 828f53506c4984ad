"""Code that figures of differences share: units, the look of a verdict, names, rows and intervals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from experiments.plots import style, text
from experiments.plots.frames import require
from experiments.statistics.summary import SCALES
from experiments.statistics.verdict import FEW, RARE, SAME, UNCLEAR, UNKNOWN
from sim.errors import InputError
from sim.language import later, say
from sim.outcomes.catalogue import Better

UNITS: Final = {
    "20-80": later("points (scale 20–80)"),
    "0-100": later("points (scale 0–100)"),
    "1-7": later("points (scale 1–7)"),
    "0-1": later("points (scale 0–1)"),
    "share": later("percentage points"),
}
"""Words for the unit of a difference, where they are not those for the outcome itself."""
BASE_LINE: Final = 0.9
LEAST: Final = 0.05
"""An axis of differences shows at least this share of an instrument's scale, so that small differences look small."""
SMALL_EFFECT: Final = 0.2
"""A small effect, in standard deviations between users (Cohen 1988): what `dayroom sensitivity` calls small too."""
EDGE: Final = 0.03
"""Least distance of a mark from the end of its axis, as a share of the axis."""
SMALL_DASHES: Final = (0, (2, 2))
FARTHEST: Final = 4.0
"""Intervals are cut off at this multiple of the largest difference, so that a very wide interval flattens no other."""
ROOM: Final = 0.15
"""Intervals are never cut off closer to 0 than this share of the scale."""


@dataclass(frozen=True, slots=True)
class Look:
    """How to draw a difference with a certain verdict, and its words in the legend."""

    colour: str
    marker: str
    filled: bool
    words: object


LOOKS: Final = {
    "better": Look(style.BLUE, "o", True, later("better than the base, clear among all")),
    "worse": Look(style.VERMILION, "^", True, later("worse than the base, clear among all")),
    "higher": Look(style.INK, "D", True, later("higher than the base, clear among all")),
    "lower": Look(style.INK, "D", True, later("lower than the base, clear among all")),
    "better by itself": Look(style.BLUE, "o", False, later("better by itself only (its own interval is without 0)")),
    "worse by itself": Look(style.VERMILION, "^", False, later("worse by itself only (its own interval is without 0)")),
    "higher by itself": Look(style.INK, "D", False, later("higher by itself only")),
    "lower by itself": Look(style.INK, "D", False, later("lower by itself only")),
    UNCLEAR["difference"]: Look(style.MUTED, "|", True, later("no clear difference (95 % interval with 0)")),
    SAME["difference"]: Look(style.INK, "x", True, later("no difference seen in any pair of runs")),
    RARE: Look(style.MUTED, "v", False, later("differs in too few pairs of runs to say")),
    FEW: Look("#A6A6A6", "D", False, later("too few pairs of runs to say")),
    UNKNOWN: Look(style.MUTED, "s", False, later("no pair of runs: not known")),
    "too few users": Look("#A6A6A6", "s", False, later("too few users to say")),
    "too few pairs": Look("#A6A6A6", "D", False, later("too few pairs of runs to say")),
}
"""Look of each verdict of a contrast and each flag of a group; looks differ in shape as well as in colour."""


def factor(unit: str) -> float:
    """Return the factor that converts a difference to the unit of `unit_words`: 100 for shares, else 1."""
    return 100.0 if unit == "share" else 1.0


def unit_words(unit: str) -> str:
    """Return words for the axis of a difference in an outcome's unit."""
    return str(UNITS.get(unit) or style.unit_words(unit))


def scaled(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Return the table with these columns converted to the unit of `unit_words`."""
    columns = list(columns)
    factors = table["unit"].map(factor).to_numpy(float)
    return table.assign(**{name: table[name].to_numpy(float) * factors for name in columns})


def span(unit: str) -> float:
    """Return the length of an instrument's scale in the unit of `unit_words`; 0 without a scale."""
    low, high = SCALES.get(unit, (0.0, 0.0))
    return factor(unit) * (high - low)


def reach(differences: Iterable[float], ends: ArrayLike, scale: float) -> tuple[float, float]:
    """Return the range of an axis of differences. It holds 0, all differences, and intervals up to their cut-off.

    Parameters
    ----------
    differences : iterable of float
        Points; values that are not finite are left out.
    ends : float array or DataFrame
        Ends of the intervals of the points, in any shape; values that are not finite are left out.
    scale : float
        Length of the instrument's scale; 0 without a scale.
    """
    points = np.array([0.0, *differences], float)
    points = points[np.isfinite(points)]
    farthest = max(FARTHEST * float(np.abs(points).max()), ROOM * scale) or np.inf
    tips = np.asarray(ends, float).ravel()
    tips = np.clip(tips[np.isfinite(tips)], -farthest, farthest)
    low, high = float(min(points.min(), *tips, 0.0)), float(max(points.max(), *tips, 0.0))
    missing = max(0.0, LEAST * scale - (high - low)) or (1.0 if high == low else 0.0)
    low, high = low - 0.5 * missing, high + 0.5 * missing
    pad = 0.09 * (high - low)
    return low - pad, high + pad


def bar(axes: Axes, y: float, low: float, high: float, colour: str, width: float, zorder: float = 2.0) -> None:
    """Draw an interval along x, cut off at the limits of the axes, with an arrow head where it goes on beyond them."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return
    left, right = axes.get_xlim()
    inset = 0.012 * (right - left)
    start, end = max(low, left + inset), min(high, right - inset)
    if end <= start and not (low == high and left < low < right):
        start = end = left + inset if high < left else right - inset
    axes.plot([start, end], [y, y], color=colour, linewidth=width, solid_capstyle="butt", zorder=zorder)
    for is_cut, place, head in ((low < left, start, "<"), (high > right, end, ">")):
        if is_cut:
            axes.plot([place], [y], marker=head, markersize=5, color=colour, linestyle="none", zorder=zorder)


def dot(axes: Axes, y: float, x: float, look: Look, size: float = 6.0) -> None:
    """Mark a difference, or write "not known" if it is not finite."""
    if not np.isfinite(x):
        axes.annotate(say("not known"), (0.0, y), (4, 0), textcoords="offset points", va="center").set(
            fontsize=7.0, color=style.MUTED, fontstyle="italic"
        )
        return
    left, right = axes.get_xlim()
    if left <= x <= right:
        axes.plot([x], [y], zorder=4, **_mark(look, size))


def rows(axes: Axes, names: Sequence[str]) -> None:
    """Lay out a row for each name, the first on top, with every other row shaded and a line at 0."""
    axes.set_ylim(len(names) - 0.5, -0.5)
    for number in range(1, len(names), 2):
        axes.axhspan(number - 0.5, number + 0.5, color="#F5F5F5", linewidth=0, zorder=0)
    axes.axvline(0.0, color=style.INK, linewidth=BASE_LINE, zorder=1)
    axes.set_yticks(range(len(names)), labels=list(names))


def directions(axes: Axes, better: Better, above: float = 4.0) -> None:
    """Write above the axes which side is better, with arrows; write nothing when neither side is better."""
    if better == "neither":
        return
    sides = ("better", "worse") if better == "lower" else ("worse", "better")
    words = {"better": say("better"), "worse": say("worse")}
    for word, x, side, pattern in ((sides[0], 0.0, "left", "← {}"), (sides[1], 1.0, "right", "{} →")):
        note = axes.annotate(pattern.format(words[word]), (x, 1), (0, above), "axes fraction", "offset points", ha=side)
        note.set(fontsize=style.SMALL, color=LOOKS[word].colour, fontweight="bold")


def small(table: pd.DataFrame) -> float:
    """Return the size of a small effect, from rows of one outcome with `difference` and `effect_sd`; NaN if unknown."""
    if "effect_sd" not in table:
        return float("nan")
    spreads = (table["difference"] / table["effect_sd"]).to_numpy(float)
    spreads = spreads[np.isfinite(spreads)]
    return SMALL_EFFECT * float(np.median(spreads)) if len(spreads) else float("nan")


def small_of_each(table: pd.DataFrame) -> dict[str, float]:
    """Return the size of a small effect by outcome, from contrasts of several outcomes; unknown sizes are left out."""
    sizes = {str(outcome): small(rows) for outcome, rows in table.groupby("outcome", sort=False)}
    return {outcome: size for outcome, size in sizes.items() if np.isfinite(size)}


def mark_small(axes: Axes, size: float, *, is_upward: bool = False) -> bool:
    """Mark where an effect is no longer small, on both sides of 0, along x or y; return whether a line is in sight."""
    low, high = limits = axes.get_ylim() if is_upward else axes.get_xlim()
    edge = EDGE * (high - low)
    # A line on the frame would look cut off.
    low = -size - edge if abs(size + low) < edge else low
    high = size + edge if abs(size - high) < edge else high
    if (low, high) != limits:
        (axes.set_ylim if is_upward else axes.set_xlim)(low, high)
    seen = [end for end in (-size, size) if low < end < high]
    line = axes.axhline if is_upward else axes.axvline
    for end in seen:
        line(end, color=style.MUTED, linewidth=1.0, linestyle=SMALL_DASHES, zorder=0.9)
    return bool(seen)


def small_handle() -> Artist:
    """Return the legend entry of `mark_small`."""
    words = say("a small effect: a fifth of the standard deviation between users")
    return Line2D([], [], color=style.MUTED, linewidth=1.0, linestyle=SMALL_DASHES, label=words)


def handles(verdicts: Iterable[str], size: float = 6.0) -> list[Artist]:
    """Return the legend entries of the verdicts that occur, in the order of `LOOKS`."""
    present = set(verdicts)
    return marks([look for verdict, look in LOOKS.items() if verdict in present], size)


def marks(looks: Iterable[Look], size: float = 6.0) -> list[Artist]:
    """Return the legend entries of these looks."""
    return [Line2D([], [], label=str(look.words), **_mark(look, size)) for look in looks]


def short(name: str, letters: int = 28, lines: int = 2) -> str:
    """Break a name into lines, and end it with … where it does not fit."""
    return "\n".join(text.lines(name, letters, lines)) or name


def arrow_words(figure: Figure) -> str:
    """Return a sentence that explains arrow heads; empty when no interval is cut off."""
    heads = [line for axes in figure.axes for line in axes.lines if line.get_marker() in ("<", ">")]
    return say("An interval that ends in an arrow head goes on beyond the panel.") if heads else ""


def drawable(table: pd.DataFrame, outcomes: Sequence[str]) -> list[str]:
    """Return the outcomes that the table has, in the given order.

    Raises
    ------
    InputError
        When the table has none of them.
    """
    shown = [name for name in outcomes if (table["outcome"] == name).any()]
    if not shown:
        raise InputError(f"the table has none of the outcomes {', '.join(outcomes)}")
    return shown


def scenarios_of(frame: pd.DataFrame) -> list[str]:
    """Return the scenarios in the order in which they first occur.

    Raises
    ------
    InputError
        When the frame has no row.
    """
    require(frame, ["scenario"], "scenario")
    return [str(name) for name in frame["scenario"].unique()]


def _mark(look: Look, size: float) -> style.Keywords:
    face = look.colour if look.filled else style.PAPER
    return {
        "linestyle": "none", "marker": look.marker, "markersize": size, "color": look.colour,
        "markerfacecolor": face, "markeredgecolor": look.colour, "markeredgewidth": 1.3,
    }  # fmt: skip
