"""Loneliness: its distribution over all users at the start and at the end, and differences between replicates."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from experiments.plots import style, widths
from experiments.plots.frames import LONELY_SCORE, enrolled, require, require_one_scenario, ucla20
from experiments.statistics.numbers import beside, many
from sim.language import later, say

BINS: Final = np.arange(20.0, 81.0, 5.0)
COLOURS: Final = {"start": style.START_COLOUR, "end": style.END_COLOUR}
WORDS: Final = {"start": later("first day: {share:.0f} %"), "end": later("last day: {share:.0f} %")}


def loneliness_distribution(users: pd.DataFrame) -> Figure:
    """Draw the loneliness of all users enrolled on the first day, and of all users enrolled on the last.

    Left: the distribution over users, all replicates together. Right: the mean and the share of lonely users in each
    replicate, with a line from the first day to the last.

    Parameters
    ----------
    users : DataFrame
        A row for each user ever enrolled: columns `replicate`, `loneliness_at_entry` and `loneliness` (0 to 1). With
        `arrived`, users who came later are not counted on the first day; with `status`, users who have left are not
        counted on the last.
    """
    require(users, ["replicate", "loneliness_at_entry", "loneliness"])
    require_one_scenario(users)
    scores = first_and_last(users)
    if widths.is_narrow():
        figure = style.figure(11.0, 7.4)
        parts = figure.subplot_mosaic([["all", "all"], ["mean", "share"]])
        left, middle, right = parts["all"], parts["mean"], parts["share"]
    else:
        figure = style.figure(11.0, 4.6)
        left, middle, right = figure.subplots(1, 3, width_ratios=[3.2, 1, 1])
    _histogram(left, scores)
    _slopes(middle, _by_replicate(scores), say("Mean"), say("mean of users, score (20–80)"), (20.0, 80.0))
    lonely = scores.assign(score=100.0 * (scores["score"] >= LONELY_SCORE))
    _slopes(
        right,
        _by_replicate(lonely),
        say("Lonely users"),
        say("users at {cut:g} or above (%)", cut=LONELY_SCORE),
        (0.0, 100.0),
    )
    _legend(figure, scores["replicate"].nunique())
    return style.finish(figure)


def first_and_last(users: pd.DataFrame) -> pd.DataFrame:
    """Return UCLA-20 scores (`score`) of the users of the first and of the last day (`when`), and their replicate."""
    here = users[users["arrived"] <= 0.0] if "arrived" in users else users
    present = enrolled(users)
    return pd.concat(
        [
            pd.DataFrame({"replicate": rows["replicate"], "when": when, "score": ucla20(rows[column])})
            for when, rows, column in (("start", here, "loneliness_at_entry"), ("end", present, "loneliness"))
        ],
        ignore_index=True,
    )


def _by_replicate(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the mean score of each replicate, with the columns `start` and `end`."""
    means = scores.groupby(["replicate", "when"])["score"].mean().unstack("when")
    return means.reindex(columns=["start", "end"])


def _histogram(axes: Axes, scores: pd.DataFrame) -> None:
    """Draw the shares of users in bins of five points: first day filled, last day outlined, with the cut-off."""
    top = 5.0
    for when, opacity, width in (("start", 0.45, 0.0), ("end", 0.0, 2.0)):
        mine = scores.loc[scores["when"] == when, "score"]
        heights = 100.0 * np.histogram(mine, BINS)[0] / max(len(mine), 1)
        top = max(top, heights.max())
        axes.stairs(heights, BINS, fill=width == 0, color=COLOURS[when], alpha=opacity or 1.0, linewidth=width)
    axes.set_xlim(20, 80)
    axes.set_ylim(0, 1.3 * top)
    axes.set_xticks(np.arange(20, 81, 10))
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))
    _cutoff(axes, scores)
    style.dress(axes, say("loneliness, UCLA-20 score (20–80), lower is better"), say("share of users (%)"))
    counts = scores.groupby("when")["score"].size().reindex(["start", "end"], fill_value=0)
    replicates = many(scores["replicate"].nunique(), "replicate")
    note = say(
        "{first} users on the first day, {last} on the last, of {replicates}",
        first=f"{counts['start']:,}",
        last=f"{counts['end']:,}",
        replicates=replicates,
    )
    style.heading(axes, say("Loneliness of users"), note if counts["end"] else say("nobody enrolled"))


def _cutoff(axes: Axes, scores: pd.DataFrame) -> None:
    """Mark the cut-off, and write at the top the shares of users at or above it."""
    axes.axvline(LONELY_SCORE, color=style.MUTED, linewidth=1.0, linestyle=style.DOTS)
    if scores.empty:
        return
    lines = [(say("lonely, {cut:g} or above:", cut=LONELY_SCORE), style.MUTED, "normal")]
    for when, template in WORDS.items():
        mine = scores.loc[scores["when"] == when, "score"]
        if len(mine):
            share = 100.0 * float((mine >= LONELY_SCORE).mean())
            lines.append((str(template).format(share=share), style.READ_AS[COLOURS[when]], "bold"))
    for number, (words, colour, weight) in enumerate(lines):
        below = (6, -4 - 1.45 * style.TEXT * number)
        note = axes.annotate(words, (LONELY_SCORE, 1), below, ("data", "axes fraction"), "offset points", va="top")
        note.set(fontsize=style.TEXT, fontweight=weight, color=colour)


def _slopes(axes: Axes, pairs: pd.DataFrame, title: str, y: str, scale: tuple[float, float]) -> None:
    """Draw a thin line for each replicate from first to last day, and a thick line for their mean."""
    for start, end in pairs.itertuples(index=False):
        axes.plot([0, 1], [start, end], color=style.MUTED, linewidth=0.7, alpha=0.5)
    for place, when in enumerate(COLOURS):
        axes.scatter(
            np.full(len(pairs), place), pairs[when], s=16, color=COLOURS[when], alpha=0.7, linewidths=0, zorder=3
        )
    if len(pairs) > 1:
        axes.plot([0, 1], pairs.mean(), color=style.INK, linewidth=2.2, zorder=4)
    axes.set_xlim(-0.4, 1.4)
    axes.set_xticks([0, 1], labels=[say("first"), say("last")])
    axes.set_ylim(*(style.zoomed(pairs.min().min(), pairs.max().max(), *scale) if len(pairs) else scale))
    axes.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    style.dress(axes, say("day of the run"), y)
    style.heading(axes, title, str(style.BETTER["lower"]))


def _legend(figure: Figure, replicates: int) -> None:
    handles: list[Artist] = [
        Patch(color=COLOURS["start"], alpha=0.45, linewidth=0, label=say("on the first day")),
        Patch(facecolor="none", edgecolor=COLOURS["end"], linewidth=2.0, label=say("on the last day")),
        Line2D(
            [], [], color=style.MUTED, linestyle=style.DOTS, label=say("cut-off for lonely ({cut:g})", cut=LONELY_SCORE)
        ),
    ]
    note = say(
        "All users enrolled on that day: not all on the last day were there on the first. The table of results "
        "is close but not equal, as it has means over the first and over the last days."
    )
    if replicates > 1:
        handles += [
            Line2D([], [], color=style.MUTED, linewidth=0.7, label=say("one replicate")),
            Line2D([], [], color=style.INK, linewidth=2.2, label=say("mean of replicates")),
        ]
        note = beside(note, say("Replicates are the same scenario under different chance."))
    elif replicates == 1:
        alone = say("One replicate only: how much chance alone would change this is not known.")
        note = beside(note, alone)
    style.legend(figure, handles, note, columns=None)
