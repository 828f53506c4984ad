"""Effects of policies on loneliness and burden, and the policies that no other policy beats on both."""

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from experiments.plots import effects, labels, style, text
from experiments.plots.frames import records, require
from experiments.statistics.pareto import undominated
from sim.errors import InputError
from sim.language import later, say

ACROSS, UPWARD = "loneliness_ucla20", "burden"
COLUMNS: Final = ("scenario", "base", "outcome", "label", "unit", "n", "difference", "low", "high")
SMALL: Final[style.Keywords] = {
    "facecolor": "#F6F6F6", "edgecolor": style.MUTED, "linestyle": effects.SMALL_DASHES, "linewidth": 0.9,
    "zorder": 0.1,
}  # fmt: skip
STAIR: Final[style.Keywords] = {"color": "#CFE6F4", "linewidth": 4.5}
"""Look of the front: broad and pale, unlike the intervals, which may run along it."""
PALE: Final = "#B0B0B0"
PALE_NAME: Final = "#6B6B6B"
CORNERS: Final = {
    (0, 0): later("less lonely, less burdened"), (1, 0): later("lonelier, less burdened"),
    (0, 1): later("less lonely, more burdened"), (1, 1): later("lonelier, more burdened"),
}  # fmt: skip


def burden_front(contrasts_table: pd.DataFrame) -> Figure:
    """Draw the effect on burden against that on loneliness, with 95 % intervals, and the Pareto front.

    A scenario is on the front unless another scenario, or the base, is as good on both outcomes and better on one (by
    the point estimates). The front is drawn as a stair, since nothing was simulated between two policies.

    Parameters
    ----------
    contrasts_table : DataFrame
        `experiments.compare.contrasts.table(contrasts(...))` with rows of `loneliness_ucla20` and `burden`: columns
        `scenario`, `base`, `outcome`, `label`, `unit`, `n`, `difference`, `low`, `high`.

    Raises
    ------
    InputError
        When a column is missing, or no scenario has both differences.
    """
    require(contrasts_table, COLUMNS)
    wide = both_effects(contrasts_table)
    if wide.empty:
        raise InputError(f"no scenario has a difference of both {ACROSS} and {UPWARD}")
    base = str(contrasts_table["base"].iloc[0])
    spots = np.vstack([wide[["x", "y"]].to_numpy(float), [0.0, 0.0]])
    front = undominated(spots)
    figure = style.figure(9.6, 6.6)
    axes = figure.subplots()
    axes.set_xlim(*_limits(wide, "x"))
    axes.set_ylim(*_limits(wide, "y"))
    has_small = _small(axes, contrasts_table)
    axes.axhline(0.0, color=style.INK, linewidth=0.8, zorder=1)
    axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
    _stair(axes, spots[front])
    for row, is_front in zip(records(wide), front, strict=False):
        _cross(axes, row, style.BLUE if is_front else PALE, 3 if is_front else 2, "o" if is_front else "D")
    axes.plot(0, 0, marker="s", markersize=7, color=style.INK, zorder=5)
    style.dress(axes, say("difference in loneliness, {unit}: further left is better", unit=effects.unit_words('20-80')),
                say(
                    "difference in burden, {unit}: further down is better",
                    unit=effects.unit_words('0-100'),
                ))  # fmt: skip
    style.heading(
        axes,
        say("Loneliness against burden"),
        say("difference from {base}: the square where the lines cross", base=base),
    )
    labels.corners(axes, CORNERS)
    _legend(figure, front, base, int(contrasts_table["n"].max()), has_small)
    style.finish(figure)
    names = [*(effects.short(str(name)) for name in wide.index), text.base_of(effects.short(base))]
    colours = [style.BLUE if is_front else PALE_NAME for is_front in front[:-1]]
    labels.place(axes, [tuple(spot) for spot in spots], names, [*colours, style.INK], _bars(axes, wide))
    return style.finish(figure)


def both_effects(table: pd.DataFrame) -> pd.DataFrame:
    """Return both effects of each scenario: columns `x`, `x_low`, `x_high` for loneliness, and `y`, ... for burden."""
    sides = []
    for letter, outcome in (("x", ACROSS), ("y", UPWARD)):
        here = table[table["outcome"] == outcome].set_index("scenario")[["difference", "low", "high"]].astype(float)
        sides.append(here.set_axis([letter, f"{letter}_low", f"{letter}_high"], axis=1))
    return sides[0].join(sides[1], how="inner").dropna(subset=["x", "y"])


def _limits(wide: pd.DataFrame, letter: str) -> tuple[float, float]:
    """Return a range that all intervals of usual length fit; the panel shows what is there, however small."""
    low, high = effects.reach(wide[letter], wide[[f"{letter}_low", f"{letter}_high"]], 0.0)
    # Room for names and for the words in the corners.
    return low - 0.08 * (high - low), high + 0.08 * (high - low)


def _small(axes: Axes, table: pd.DataFrame) -> bool:
    """Shade the field in which both effects are small; return whether its edge is in sight."""
    across, upward = (effects.small(table[table["outcome"] == name]) for name in (ACROSS, UPWARD))
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    if not (
        np.isfinite([across, upward]).all() and (-across > left or across < right or -upward > bottom or upward < top)
    ):
        return False
    field = Rectangle((-across, -upward), 2.0 * across, 2.0 * upward, **SMALL)
    axes.add_patch(field)
    return True


def _stair(axes: Axes, spots: np.ndarray) -> None:
    """Join the points of the front from left to right by a stair: across, then down."""
    ordered = spots[np.lexsort((spots[:, 1], spots[:, 0]))]
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    stair = np.vstack([[ordered[0, 0], top], ordered, [right, ordered[-1, 1]]])
    axes.step(stair[:, 0], stair[:, 1], where="post", zorder=1.5, **STAIR)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)


def _cross(axes: Axes, row: Any, colour: str, zorder: int, marker: str) -> None:
    """Draw a point and, where known, its two intervals."""
    x, y = row.x, row.y
    axes.plot([row.x_low, row.x_high], [y, y], color=colour, linewidth=1.0, zorder=zorder)
    axes.plot([x, x], [row.y_low, row.y_high], color=colour, linewidth=1.0, zorder=zorder)
    axes.plot(x, y, marker=marker, markersize=6, color=colour, markeredgecolor=style.PAPER, zorder=zorder + 1)


def _bars(axes: Axes, wide: pd.DataFrame) -> np.ndarray:
    """Return the intervals and the lines through 0 as boxes without width; names must not overlap them."""
    known = wide.fillna({end: wide[end[0]] for end in ("x_low", "x_high", "y_low", "y_high")})
    flat = known[["x_low", "y", "x_high", "y"]].to_numpy(float)
    tall = known[["x", "y_low", "x", "y_high"]].to_numpy(float)
    return np.vstack([flat, tall, labels.cross(axes)])


def _legend(figure: Figure, front: np.ndarray, base: str, pairs: int, has_small: bool) -> None:
    mark: style.Keywords = {"marker": "o", "markersize": 6, "linewidth": 1.0}
    square: style.Keywords = {"color": style.INK, "marker": "s", "linestyle": "none", "markersize": 7}
    handles: list[Artist] = [
        Line2D([], [], label=say("front: no other has better means of both"), **STAIR),
        Line2D([], [], label=text.base_of(effects.short(base, 40, 1)), **square),
    ]
    if front[:-1].any():
        handles.insert(0, Line2D([], [], color=style.BLUE, label=say("on the front, with 95 % intervals"), **mark))
    if not front[:-1].all():
        words = say("another, or the base, is as good on both and better on one")
        handles.append(Line2D([], [], color=PALE, label=words, **mark | {"marker": "D"}))
    if has_small:
        words = say("both effects are small: under a fifth of the standard deviation between users")
        handles.append(Patch(label=words, **SMALL))
    note = say(
        "Differences at the end of the run; pairs of runs under the same chance: {pairs}. The points decide which "
        "policies are on the front; where crosses overlap, chance may change it.",
        pairs=pairs,
    )
    style.legend(figure, handles, note, columns=None)
