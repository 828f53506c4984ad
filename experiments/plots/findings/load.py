"""Burden against the load of helping: a panel for each kind of load, a line for each policy and one for helpers."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import style, text
from experiments.plots.frames import require
from experiments.statistics.numbers import clauses
from sim.errors import InputError
from sim.language import say

COLUMNS: Final = ("panel", "line", "level", "mean", "low", "high")
LETTERS: Final = 34
"""Most letters of a panel's title."""
ACROSS: Final = 3
"""Largest number of panels in a row."""
_STEEP: Final = "#FBE3C0"


def load_curves(
    curves: pd.DataFrame, apart: str, marked: Mapping[str, float], steep: Mapping[str, tuple[float, float]]
) -> Figure:
    """Draw burden in one panel for each kind of load.

    Parameters
    ----------
    curves : DataFrame
        A row for each panel, line and level: `panel` (what is varied, in words), `line`, `level`, `mean`, `low`, `high`
        (95 % interval). The other lines are compared with the first line.
    apart : str
        Name of the line for a group of users only; it is dashed, with its interval as a band.
    marked : mapping of str to float
        Level of the base scenario, by panel.
    steep : mapping of str to (float, float)
        Levels between which the first line is steepest, by panel.

    Raises
    ------
    InputError
        When a column is missing, or there are more lines than colours.
    """
    require(curves, COLUMNS)
    lines = [line for line in dict.fromkeys(curves["line"]) if line != apart]
    if len(lines) >= len(style.CYCLE):
        raise InputError(f"found {len(lines)} lines, allowed are at most {len(style.CYCLE) - 1}")
    panels = list(dict.fromkeys(curves["panel"]))
    figure, grid = style.panels(len(panels), ACROSS, (3.5, 2.8), (0.4, 1.1), same_scale=True)
    ends = style.zoomed(float(curves["low"].min()), float(curves["high"].max()), 0.0, 100.0)
    for place, (axes, panel) in enumerate(zip(grid, panels, strict=True)):
        mine = curves[curves["panel"] == panel]
        if panel in steep:
            axes.axvspan(*steep[panel], color=_STEEP, linewidth=0, zorder=0)
        if panel in marked:
            axes.axvline(marked[panel], color=style.MUTED, linewidth=1.0, linestyle=style.DOTS, zorder=1)
        _panel(axes, mine, lines, apart)
        axes.set_ylim(*ends)
        style.heading(axes, _title(panel), str(style.BETTER["lower"]))
        style.dress(axes, style.wrapped(panel, 3.0, style.TEXT), say("burden (0–100)") if place % ACROSS == 0 else "")
    _legend(figure, lines, apart, bool(marked), bool(steep))
    return style.finish(figure)


def _title(panel: str) -> str:
    """Return what a panel varies in a few words: up to the first bracket or comma."""
    words = panel.split(" (")[0].split(",")[0]
    return text.lines(f"{words[:1].upper()}{words[1:]}", LETTERS, 1)[0]


def _panel(axes: Axes, curves: pd.DataFrame, lines: list[str], apart: str) -> None:
    own = curves[curves["line"] == apart].sort_values("level")
    axes.fill_between(own["level"], own["low"], own["high"], color=style.BLACK, alpha=0.10, linewidth=0)
    axes.plot(own["level"], own["mean"], color=style.BLACK, linewidth=1.3, linestyle="--")
    for number, line in enumerate(lines):
        mine = curves[curves["line"] == line].sort_values("level")
        mean = mine["mean"].to_numpy(float)
        bars = np.abs(mine[["low", "high"]].to_numpy(float).T - mean) if line == lines[0] else None
        axes.errorbar(
            mine["level"], mean, yerr=bars, linewidth=1.6, markersize=3.8, elinewidth=1.0, **style.mark_look(number)
        )


def _legend(figure: Figure, lines: list[str], apart: str, marked: bool, steep: bool) -> None:
    handles: list[Artist] = [
        Line2D(
            [], [], linewidth=1.6, markersize=3.8, label=say("all users, {line}", line=line), **style.mark_look(number)
        )
        for number, line in enumerate(lines)
    ]
    handles.append(Line2D([], [], color=style.BLACK, linewidth=1.3, linestyle="--", label=clauses([apart, lines[0]])))
    if steep:
        handles.append(Patch(color=_STEEP, linewidth=0, label=say("where {lines} is steepest", lines=lines[0])))
    if marked:
        handles.append(Line2D([], [], color=style.MUTED, linestyle=style.DOTS, label=say("the baseline")))
    note = say(
        "Means over replicates; bars ({lines}) and the grey band ({apart}) are 95 % intervals.",
        lines=lines[0],
        apart=apart,
    )
    style.legend(figure, handles, note, columns=None)
