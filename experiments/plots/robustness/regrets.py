"""Regret of each lever against the best lever at each point: its spread over the points, and its maximum."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import effects, style
from experiments.plots.frames import require
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES

BOX, CHOSEN = "#B9D3E6", style.BLUE
HATCH = "///"


def regret_boxes(by_draw: pd.DataFrame, summary: pd.DataFrame, outcome: str) -> Figure:
    """Draw regret with a row for each lever; the lever with the smallest maximum regret is on top.

    Parameters
    ----------
    by_draw : DataFrame
        A row for each point and lever: `policy`, `regret` (`experiments.statistics.regret`).
    summary : DataFrame
        A row for each lever, in drawing order: `policy`, `max_regret` with its interval `low`, `high`, `mean_regret`.
        The first is the minimax choice.
    """
    require(by_draw, ["policy", "regret"])
    require(summary, ["policy", "max_regret", "low", "high", "mean_regret"], "lever")
    names = [str(name) for name in summary["policy"]]
    about = OUTCOMES[outcome]
    by = effects.factor(about.unit)
    figure = style.figure(9.6, 2.3 + 0.4 * len(names))
    axes = figure.subplots()
    effects.rows(axes, [effects.short(name) for name in names])
    stats = [_box(by * by_draw.loc[by_draw["policy"] == name, "regret"].to_numpy(float)) for name in names]
    line: style.Keywords = {"color": style.MUTED, "linewidth": 1.0}
    drawn = axes.bxp(
        stats, positions=range(len(names)), orientation="horizontal", widths=0.5, showfliers=False, patch_artist=True,
        boxprops={"linewidth": 0}, whiskerprops=line, capprops=line, medianprops={"color": style.INK, "linewidth": 1.6},
    )  # fmt: skip
    least = (summary["max_regret"] == summary["max_regret"].min()).tolist()  # several when they are equal
    for is_least, box, median in zip(least, drawn["boxes"], drawn["medians"], strict=True):
        box.set(
            facecolor=CHOSEN if is_least else BOX, hatch=HATCH if is_least else None, edgecolor=style.PAPER, zorder=2
        )
        median.set(color=style.PAPER if is_least else style.INK, linewidth=2.4 if is_least else 1.6)
    axes.hlines(range(len(names)), by * summary["low"], by * summary["high"], color=style.VERMILION, linewidth=1.4,
                zorder=3)  # fmt: skip
    axes.plot(by * summary["max_regret"], range(len(names)), linestyle="none", marker="D", markersize=6.5,
              color=style.VERMILION, zorder=4)  # fmt: skip
    axes.set_yticks(range(len(names)), labels=[effects.short(name) for name in names])
    axes.set_xlim(0.0, 1.06 * by * float(summary[["max_regret", "high"]].max().max()) or 1.0)
    name = style.lowered(about.label)
    style.dress_rows(axes, say("regret in {name}, {unit}", name=name, unit=effects.unit_words(about.unit)))
    points = by_draw["regret"].size // len(names)
    style.heading(
        axes,
        say("What each policy may lose"),
        say("against the best policy at each of {points:,} points", points=points),
    )
    handles = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="D",
            markersize=6.5,
            color=style.VERMILION,
            label=say("largest regret, with its 95 % interval"),
        ),
        Patch(facecolor=BOX, label=say("middle half of the points, median as a line; whiskers: 90 % of them")),
        Patch(
            facecolor=CHOSEN, hatch=HATCH, edgecolor=style.PAPER, label=say("minimax choice: smallest largest regret")
        ),
    ]
    note = say("Regret at a point: how much worse the policy does there than the best policy, less what chance adds.")
    style.legend(figure, handles, note, columns=None)
    return style.finish(figure)


def _box(values: np.ndarray) -> style.Keywords:
    ends = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95])
    return dict(zip(("whislo", "q1", "med", "q3", "whishi"), ends.tolist(), strict=True), fliers=[])
