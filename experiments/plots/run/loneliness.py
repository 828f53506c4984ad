"""Loneliness: its distribution over users at entry and at the end, and differences between replicates."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from experiments.plots import style
from experiments.plots.frames import CUTOFFS, enrolled, require, require_one_scenario, ucla20, whose

BINS: Final = np.arange(20.0, 81.0, 5.0)
CUT: Final = CUTOFFS["loneliness_ucla20"][0]
COLOURS: Final = {"start": style.START_COLOUR, "end": style.END_COLOUR}


def loneliness_distribution(users: pd.DataFrame) -> Figure:
    """Draw the loneliness of users enrolled at the end, at their entry and at the end.

    Left: the distribution over users, all replicates together. Right: the mean and the share of lonely users in each
    replicate, with a line from entry to end.

    Parameters
    ----------
    users : DataFrame
        A row for each user: columns `replicate`, `loneliness_at_entry` and `loneliness` (0 to 1). With a column
        `status`, users who have left are not counted.
    """
    require(users, ["replicate", "loneliness_at_entry", "loneliness"])
    require_one_scenario(users)
    scores = entry_and_end(users)
    figure = style.figure(11.0, 4.6)
    left, middle, right = figure.subplots(1, 3, width_ratios=[3.2, 1, 1])
    _histogram(left, scores)
    by_replicate = scores.groupby("replicate")
    _slopes(middle, by_replicate[["start", "end"]].mean(), "Mean", "mean of users, score (20–80)", (20.0, 80.0))
    lonely = (scores[["start", "end"]] >= CUT).groupby(scores["replicate"]).mean() * 100.0
    _slopes(right, lonely, "Lonely users", f"users at {CUT:g} or above (%)", (0.0, 100.0))
    _legend(figure, scores["replicate"].nunique())
    return style.finish(figure)


def entry_and_end(users: pd.DataFrame) -> pd.DataFrame:
    """Return UCLA-20 scores of users still enrolled, at entry (`start`) and at the end (`end`), and their replicate."""
    present = enrolled(users)
    return pd.DataFrame(
        {
            "replicate": present["replicate"],
            "start": ucla20(present["loneliness_at_entry"]),
            "end": ucla20(present["loneliness"]),
        }
    )


def _histogram(axes: Axes, scores: pd.DataFrame) -> None:
    """Draw the shares of users in bins of five points: entry filled, end outlined, with the cut-off."""
    top = 5.0
    for when, opacity, width in (("start", 0.45, 0.0), ("end", 0.0, 2.0)):
        heights = 100.0 * np.histogram(scores[when], BINS)[0] / max(len(scores), 1)
        top = max(top, heights.max())
        axes.stairs(heights, BINS, fill=width == 0, color=COLOURS[when], alpha=opacity or 1.0, linewidth=width)
    axes.set_xlim(20, 80)
    axes.set_ylim(0, 1.3 * top)
    axes.set_xticks(np.arange(20, 81, 10))
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))
    _cutoff(axes, scores)
    style.dress(axes, "loneliness, UCLA-20 score (20–80), lower is better", "share of users (%)")
    style.heading(axes, "Loneliness of users", f"{whose(scores)}, in steps of five points")


def _cutoff(axes: Axes, scores: pd.DataFrame) -> None:
    """Mark the cut-off, and write at the top the shares of users at or above it."""
    axes.axvline(CUT, color=style.MUTED, linewidth=1.0, linestyle=style.DOTS)
    if scores.empty:
        return
    lines = [(f"lonely, {CUT:g} or above:", style.MUTED, "normal")]
    for when, words in (("start", "at entry"), ("end", "at the end")):
        share = 100.0 * (scores[when] >= CUT).mean()
        lines.append((f"{share:.0f} % {words}", style.READ_AS[COLOURS[when]], "bold"))
    for number, (words, colour, weight) in enumerate(lines):
        below = (6, -4 - 1.45 * style.TEXT * number)
        note = axes.annotate(words, (CUT, 1), below, ("data", "axes fraction"), "offset points", va="top")
        note.set(fontsize=style.TEXT, fontweight=weight, color=colour)


def _slopes(axes: Axes, pairs: pd.DataFrame, title: str, y: str, scale: tuple[float, float]) -> None:
    """Draw a thin line for each replicate from entry to end, and a thick line for their mean."""
    for start, end in pairs.itertuples(index=False):
        axes.plot([0, 1], [start, end], color=style.MUTED, linewidth=0.7, alpha=0.5)
    for place, when in enumerate(COLOURS):
        axes.scatter(
            np.full(len(pairs), place), pairs[when], s=16, color=COLOURS[when], alpha=0.7, linewidths=0, zorder=3
        )
    if len(pairs) > 1:
        axes.plot([0, 1], pairs.mean(), color=style.INK, linewidth=2.2, zorder=4)
    axes.set_xlim(-0.3, 1.3)
    axes.set_xticks([0, 1], labels=["entry", "end"])
    axes.set_ylim(*(style.zoomed(pairs.min().min(), pairs.max().max(), *scale) if len(pairs) else scale))
    axes.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    style.dress(axes, "moment", y)
    style.heading(axes, title, style.BETTER["lower"])


def _legend(figure: Figure, replicates: int) -> None:
    handles: list[Line2D | Patch] = [
        Patch(color=COLOURS["start"], alpha=0.45, linewidth=0, label="at entry (day 0 or arrival)"),
        Patch(facecolor="none", edgecolor=COLOURS["end"], linewidth=2.0, label="at the end of the run"),
        Line2D([], [], color=style.MUTED, linewidth=1.0, linestyle=style.DOTS, label=f"cut-off for lonely ({CUT:g})"),
    ]
    note = (
        "Only users still enrolled at the end: the same people at entry and on the last day. Tables differ: they start "
        "with all users of the first week and end with the mean of the last days."
    )
    if replicates > 1:
        handles += [
            Line2D([], [], color=style.MUTED, linewidth=0.7, label="one replicate"),
            Line2D([], [], color=style.INK, linewidth=2.2, label="mean of replicates"),
        ]
        note += " Replicates are the same scenario under different chance."
    elif replicates == 1:
        note += " One replicate only: how much chance alone would change this is not known."
    style.legend(figure, handles, note, columns=5)
