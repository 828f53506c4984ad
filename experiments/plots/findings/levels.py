"""Outcomes against the levels of a factor, with a line for each level of a second factor and bands for chance."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import style, text
from experiments.plots.frames import require
from experiments.statistics.numbers import beside
from sim.errors import InputError
from sim.language import say, term
from sim.outcomes.catalogue import OUTCOMES
from sim.outcomes.measures import MEASURES

SPREAD: Final = 0.7
"""Width of the lines that hold the middle 90 % of replicates, in points."""
DODGE: Final = 0.12
"""Distance between lines at a level, as a share of the least distance between levels."""
MOST_LINES: Final = len(style.CYCLE)
Level = float | str | None
"""Level of the factor of the lines; None in a figure without such a factor."""
_KNOWN: Final = OUTCOMES | {measure.name: measure for measure in MEASURES}


def outcome_lines(
    cells: pd.DataFrame,
    across: tuple[str, str],
    lines: tuple[str, str] | None = None,
    marked: float | None = None,
    band: bool = True,
) -> Figure:
    """Draw each outcome of a frame against a factor.

    Parameters
    ----------
    cells : DataFrame
        From `experiments.statistics.levels.by_level`: the factors, `outcome`, `mean`, `low`, `high`, `p05`, `p95`.
    across : (str, str)
        Column of the factor along the axis, and its label.
    lines : (str, str), optional
        Column of the factor with a line for each level (at most `MOST_LINES`), and its label.
    marked : float, optional
        Level of the base scenario, marked on the axis.
    band : bool
        Whether to show the middle 90 % of replicates at each point.

    Raises
    ------
    InputError
        When a column is missing, or there are more lines than colours.
    """
    require(cells, [across[0], "outcome", "mean", "low", "high", "p05", "p95", *([lines[0]] if lines else [])])
    levels: list[Level] = _in_order(cells[lines[0]]) if lines else [None]
    if len(levels) > MOST_LINES:
        raise InputError(f"found {len(levels)} lines, allowed are at most {MOST_LINES}")
    names = list(dict.fromkeys(cells["outcome"]))
    figure, panels = style.panels(len(names), 2 if len(names) == 4 else 3, (3.6, 2.9), (0.4, 0.9))
    for axes, name in zip(panels, names, strict=True):
        _panel(axes, cells[cells["outcome"] == name], name, across, lines[0] if lines else None, levels, band)
        if marked is not None:
            axes.axvline(marked, color=style.RULE, linewidth=1.0, linestyle=style.DOTS, zorder=1)
    _legend(figure, lines, levels, marked is not None, band)
    return style.finish(figure)


def _in_order(levels: pd.Series) -> list[Level]:
    """Return the distinct levels: numbers in rising order, words in order of first appearance."""
    distinct = list(dict.fromkeys(levels))
    return distinct if any(isinstance(level, str) for level in distinct) else sorted(distinct)


def _panel(
    axes: Axes,
    cells: pd.DataFrame,
    name: str,
    across: tuple[str, str],
    lines: str | None,
    levels: list[Level],
    band: bool,
) -> None:
    outcome = _KNOWN[name]
    times = 100.0 if outcome.unit == "share" else 1.0
    values = np.unique(cells[across[0]].to_numpy(float))
    gap = DODGE * float(np.diff(values).min()) if len(values) > 1 and len(levels) > 1 else 0.0
    for number, level in enumerate(levels):
        line = (cells if lines is None else cells[cells[lines] == level]).sort_values(across[0])
        x, mean = line[across[0]].to_numpy(float), times * line["mean"].to_numpy(float)
        x = x + gap * (number - 0.5 * (len(levels) - 1))  # side by side, so that no line hides another
        look = style.mark_look(number)
        if band:
            axes.vlines(x, times * line["p05"], times * line["p95"], color=look["color"], linewidth=SPREAD)
        bars = np.abs(times * line[["low", "high"]].to_numpy(float).T - mean)
        axes.errorbar(x, mean, yerr=bars, linewidth=1.3, markersize=4.0, elinewidth=2.2, **look)
    style.dress(axes, across[1], style.unit_words(outcome.unit))
    style.heading(axes, term(outcome.label), str(style.BETTER[outcome.better]))


def _named(factor: str, level: Level) -> str:
    """Return the name of a line: the factor and a number, or a word alone."""
    return level if isinstance(level, str) else text.labelled(factor, f"{level:g}")


def _legend(figure: Figure, lines: tuple[str, str] | None, levels: list[Level], marked: bool, band: bool) -> None:
    handles: list[Artist] = []
    if lines:
        handles += [
            Line2D([], [], linewidth=1.3, markersize=4.0, label=_named(lines[1], level), **style.mark_look(number))
            for number, level in enumerate(levels)
        ]
    if band:
        handles.append(Line2D([], [], color=style.CYCLE[0], linewidth=SPREAD, label=say("middle 90 % of replicates")))
    if marked:
        handles.append(Line2D([], [], color=style.RULE, linestyle=style.DOTS, label=say("the base scenario")))
    note = say("Points are means; thick lines are their 95 % intervals.")
    if band:
        note = beside(note, say("Thin lines hold the middle 90 % of replicates: what chance alone does."))
    style.legend(figure, handles, note, columns=None)
