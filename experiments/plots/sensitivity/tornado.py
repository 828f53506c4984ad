"""The tornado: mean outcomes of the runs at the low and at the high end of the leading parameters."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import style
from experiments.plots.frames import records, require
from experiments.plots.sensitivity import factors as drivers
from experiments.statistics.numbers import beside, signed
from sim.language import later, say

LOW, HIGH = style.ORANGE, style.BLUE
PALE: Final = {LOW: "#F5DFB5", HIGH: "#B9D3E6"}
HATCHED: Final[dict[str, style.Keywords]] = {
    LOW: {"hatch": "////", "edgecolor": style.PAPER, "linewidth": 0.0},
    HIGH: {"hatch": None, "linewidth": 0.0},
}
POSITIONS: Final = ("base", "at_low", "at_low_low", "at_low_high", "at_high", "at_high_low", "at_high_high")
CHANGES: Final = ("difference", "low", "high", "move", "move_low", "move_high")
COLUMNS: Final = ("outcome", "factor", "ends", *POSITIONS, *CHANGES, "step", "clear")
ENDS: Final = {
    "level": later("its lowest and its highest level (the whole range apart)"),
    "value": later("its lowest and its highest value"),
    "fifth": later("the lowest and the highest fifth of its range (about four fifths of the range apart)"),
}
"""Words for the ends of a parameter, by the value of the column `ends`."""


def tornado(ends: pd.DataFrame, factors: pd.DataFrame, *, outcome: str = "", most: int = 15, about: str = "") -> Figure:
    """Draw the mean of an outcome at both ends of the parameters that move it most.

    Parameters
    ----------
    ends : DataFrame
        From `experiments.sensitivity.ends.ends`.
    factors, outcome, most, about
        As in `experiments.plots.sensitivity.influence.influence`.
    """
    require(ends, COLUMNS)
    require(factors, drivers.FACTOR_COLUMNS)
    names = drivers.outcomes_of(ends, outcome)
    tables = {name: _leading(ends, factors, name, most) for name in names}
    rows = [len(table) for table in tables.values()]
    figure = style.figure(11.2, 1.9 + sum(drivers.ROW * each + 1.05 for each in rows))
    grid = figure.subplots(len(names), 1, squeeze=False, gridspec_kw={"height_ratios": rows})
    for axes, (name, table) in zip(grid[:, 0], tables.items(), strict=True):
        _panel(axes, name, table)
        style.heading(axes, drivers.label(name), about)
    whole = pd.concat(tables.values())
    style.legend(figure, _handles(whole), _note(whole), columns=None)
    return style.finish(figure)


def _leading(ends: pd.DataFrame, factors: pd.DataFrame, outcome: str, most: int) -> pd.DataFrame:
    """Return the parameters with the largest change (the move where known, else the difference), in the axis' unit."""
    mine = ends[ends["outcome"] == outcome]
    size = mine["move"].fillna(mine["difference"]).abs()
    mine = mine.assign(size=size).sort_values("size", ascending=False, kind="stable").head(most)
    mine = mine.merge(factors[["factor", "meaning"]], on="factor", how="left").fillna({"meaning": ""})
    numbers = [*POSITIONS, *CHANGES]
    return mine.assign(**{name: drivers.scale(outcome) * mine[name].to_numpy(float) for name in numbers})


def _panel(axes: Axes, outcome: str, table: pd.DataFrame) -> None:
    """Draw an outcome."""
    base = float(table["base"].iloc[0])
    tips = table[list(POSITIONS)].to_numpy(float)
    tips = tips[np.isfinite(tips)]
    reach = 1.05 * max(float(np.abs(tips - base).max(initial=0.0)), 1e-9)
    axes.set_xlim(base - reach, base + reach)
    drivers.name_rows(axes, table)
    axes.axvline(base, color=style.INK, linewidth=0.9, zorder=3)
    moves = bool(table["move"].notna().any())
    largest = float(np.nanmax([1e-9, *table["move" if moves else "difference"].abs()]))
    d = int(np.clip(2 - np.floor(np.log10(largest)), 0, 6))  # decimals
    for y, row in enumerate(records(table)):
        _bars(axes, y, row, base)
        numbers = (row.move, row.move_low, row.move_high) if moves else (row.difference, row.low, row.high)
        words = say("not known")
        if np.isfinite(numbers[0]):
            middle, low, high = (signed(number, d, "never").replace("-", "−") for number in numbers)
            words = say("{middle} ({low} to {high})", middle=middle, low=low, high=high)
        if moves and not _alike(table):
            words = say("{change}, by {step:.0f} %", change=words, step=100.0 * row.step)
        _beside(axes, y, words, style.INK if row.clear else style.MUTED)
    _beside(axes, -0.62, _column(table, moves), style.MUTED, "bottom")
    style.dress(axes, say("mean over the runs there, in {unit}", unit=drivers.unit(outcome)), "")


def _bars(axes: Axes, y: int, row: Any, base: float) -> None:
    """Draw a bar for each end of a parameter, from the mean of all runs, with its interval."""
    low_side = (row.at_low, row.at_low_low, row.at_low_high, LOW, -0.17)
    high_side = (row.at_high, row.at_high_low, row.at_high_high, HIGH, 0.17)
    for end, low, high, colour, shift in (low_side, high_side):
        shade = colour if row.clear else PALE[colour]
        axes.barh(y + shift, end - base, 0.31, left=base, facecolor=shade, zorder=2, **HATCHED[colour])
        axes.plot([low, high], [y + shift] * 2, color=style.INK if row.clear else style.MUTED, linewidth=0.8, zorder=4)


def _beside(axes: Axes, y: float, text: str, colour: str, side: str = "center") -> None:
    """Write text at the right of the axes, beside a row."""
    note = axes.annotate(text, (1.0, y), (7, 0), ("axes fraction", "data"), "offset points",
                         va=side, annotation_clip=False)  # fmt: skip
    note.set(fontsize=style.SMALL, color=colour)


def _column(table: pd.DataFrame, moves: bool) -> str:
    """Return the heading of the numbers on the right."""
    if not moves:
        return say("high end less low end")
    return (
        say("moved by {step:.0f} % of the range", step=100.0 * table["step"].mean())
        if _alike(table)
        else say("moved by a share of the range")
    )


def _alike(table: pd.DataFrame) -> bool:
    """Return whether all parameters move by the same share of their range."""
    return bool(np.ptp(table["step"].to_numpy(float)) < 0.005)


def _handles(table: pd.DataFrame) -> Sequence[Artist]:
    handles: list[Artist] = [
        Patch(facecolor=LOW, **HATCHED[LOW], label=say("at the low end of the parameter")),
        Patch(facecolor=HIGH, label=say("at its high end")),
        Line2D([], [], color=style.INK, linewidth=0.8, label=say("95 % interval of that mean")),
    ]
    if not table["clear"].all():
        handles.append(Patch(facecolor=PALE[HIGH], label=say("pale: not clear of chance")))
    return handles


def _note(table: pd.DataFrame) -> str:
    kinds = [ENDS[kind] for kind in ENDS if kind in set(table["ends"])]
    note = beside(
        *(say("Ends of a parameter: {kind}.", kind=kind) for kind in kinds),
        say("All others vary."),
        say("The vertical line is the mean of all runs."),
    )
    if table["move"].notna().any():
        more = say(
            "The two ends are means over other trajectories, so they hold much chance. Surer, and what orders "
            "the rows and decides what is clear, are the numbers on the right: the outcome after a move of this "
            "parameter alone less that before it, counted upwards."
        )
    else:
        more = say("On the right: the outcome at the high end less that at the low end, with its 95 % interval.")
    return beside(note, more)
