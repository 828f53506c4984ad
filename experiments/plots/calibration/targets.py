"""Calibration targets beside runs at parameters drawn from the posterior."""

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import effects, style
from experiments.plots.frames import records, require
from experiments.statistics.numbers import beside
from experiments.statistics.target_words import target_words
from sim.language import say

COLUMNS: Final = ("key", "low", "high", "q05", "median", "q95", "share_inside", "overlaps")
BAND: Final = "#DDEBF5"
FARTHEST: Final = 4.0
"""Longest reach of the axis, in half widths of a target's range."""


def posterior_targets(check: pd.DataFrame, runs: pd.DataFrame) -> Figure:
    """Draw each target's range, and where runs at draws from the posterior lie.

    Parameters
    ----------
    check : DataFrame
        `experiments.calibration.posterior.model.beside_targets`.
    runs : DataFrame
        `experiments.calibration.posterior.result.Calibrated.runs`: a row for each draw, a column for each target.
    """
    require(check, COLUMNS, "target")
    require(runs, check["key"])
    middle, half = (check["low"] + check["high"]) / 2.0, (check["high"] - check["low"]) / 2.0
    figure = style.figure(9.6, 2.7 + 0.36 * len(check))
    axes = figure.subplots()
    every = ((runs[check["key"]].to_numpy(float) - middle.to_numpy()) / half.to_numpy()).ravel()
    every = every[np.isfinite(every)]
    far = min(FARTHEST, max(1.5, 1.05 * float(np.abs(every).max(initial=0.0))))
    axes.set_xlim(-far, far)
    effects.rows(axes, [""] * len(check))
    axes.axvspan(-1.0, 1.0, color=BAND, linewidth=0, zorder=0.5)
    for y, row in enumerate(records(check)):
        scaled = (runs[row.key].to_numpy(float) - middle[y]) / half[y]
        _row(axes, y, row, scaled, (middle[y], half[y]))
    names = [
        say("{words}\n{low:g} to {high:g}", words=target_words(row.key), low=row.low, high=row.high)
        for row in records(check)
    ]
    axes.set_yticks(range(len(check)), labels=names)
    style.dress_rows(
        axes, say("distance from the middle of the target's range, in half widths of it"), labelsize=style.SMALL
    )
    style.heading(
        axes, say("Do the runs of the posterior meet the targets?"), say("right: share of runs inside the range")
    )
    note = beside(_note(len(runs)), effects.arrow_words(figure))
    style.legend(figure, _handles(check), note, columns=None)
    return style.finish(figure)


def _row(axes: Axes, y: int, row: Any, scaled: np.ndarray, scale: tuple[float, float]) -> None:
    left, right = axes.get_xlim()
    known = scaled[np.isfinite(scaled)]
    shown = known[(known >= left) & (known <= right)]
    axes.plot(shown, np.full(len(shown), y), marker="|", markersize=7, linestyle="none", color=style.SKY, alpha=0.45)
    colour = style.BLUE if row.overlaps else style.VERMILION
    low, median, high = ((getattr(row, name) - scale[0]) / scale[1] for name in ("q05", "median", "q95"))
    effects.bar(axes, y, low, high, colour, 2.4, zorder=3)
    mark = "o" if row.overlaps else "^"
    if np.isfinite(median):
        if left <= median <= right:  # else the arrow head of the interval stands there
            axes.plot(median, y, marker=mark, markersize=6.5, color=colour, zorder=4, linestyle="none")
        share = say("{share_inside:.0f} %", share_inside=100 * row.share_inside)
    else:
        share = say("no run")
    note = axes.annotate(share, (1.0, y), (6, 0), ("axes fraction", "data"), "offset points", va="center")
    note.set(fontsize=style.SMALL, color=style.INK)


def _handles(check: pd.DataFrame) -> list[Artist]:
    made: list[Artist] = [
        Patch(color=BAND, label=say("range of the target")),
        Line2D([], [], marker="|", linestyle="none", color=style.SKY, label=say("a draw from the posterior")),
    ]
    looks = ((True, "o", style.BLUE, say("median and middle 90 % of the draws")),
             (False, "^", style.VERMILION, say("the same, where they miss the range")))  # fmt: skip
    for meets, marker, colour, words in looks:
        if (check["overlaps"].astype(bool) == meets).any():
            made.append(Line2D([], [], marker=marker, color=colour, linewidth=2.4, label=words))
    return made


def _note(draws: int) -> str:
    return say(
        "{draws} draws from the posterior, run under fresh seeds; 0 is the middle of a target's range, -1 and 1 "
        "its ends. Where the draws miss a range, the search knows no parameters that meet it and fit the other "
        "targets.",
        draws=draws,
    )
