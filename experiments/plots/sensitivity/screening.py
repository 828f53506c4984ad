"""Morris' plane: how much a factor matters, against how much its effect depends on its value and on other factors."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import labels, style, text
from experiments.plots.frames import records
from experiments.plots.sensitivity import factors as drivers
from sim.language import say

NAMED = 8
"""Number of leading factors to name."""


def screening(
    indices: pd.DataFrame, factors: pd.DataFrame, *, outcome: str = "", most: int = NAMED, about: str = ""
) -> Figure:
    """Draw `sigma` against `mu_star` of all factors, with a panel for each outcome.

    Parameters
    ----------
    indices, factors, outcome, most, about
        As in `experiments.plots.sensitivity.influence.influence`, but `most` is the number of factors to name.
    """
    names = drivers.outcomes_of(indices, outcome)
    figure = style.figure(7.6, 1.5 + 4.4 * len(names))
    grid = figure.subplots(len(names), 1, squeeze=False)
    drawn = []
    for axes, name in zip(grid[:, 0], names, strict=True):
        number = len(indices)
        size = drivers.leading(indices, factors, name, "mu_star", number)
        spread = drivers.leading(indices, factors, name, "sigma", number).set_index("factor")
        style.dress(
            axes,
            drivers.index_words("mu_star", name),
            drivers.index_words("sigma", name).replace(", in", ",\nin").replace("，", "，\n"),
        )
        style.heading(axes, drivers.label(name), about)
        drawn.append((axes, size.assign(sigma=spread["value"].reindex(size["factor"]).to_numpy())))
        _limits(axes, drawn[-1][1])
    _explain(figure, min(most, len(drawn[0][1])), pd.concat([table for _, table in drawn]))
    style.finish(figure)
    for axes, table in drawn:
        _points(axes, table, most)
    return style.finish(figure)


def _limits(axes: Axes, table: pd.DataFrame) -> None:
    """Set the range of the axes, and draw the line on which both indices are equal."""
    right, top = 1.12 * drivers.top_of(table["value"]), 1.12 * drivers.top_of(table["sigma"])
    axes.set(xlim=(-0.02 * right, right), ylim=(-0.02 * top, top))
    axes.plot([0.0, right], [0.0, right], color=style.RULE, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)


def _points(axes: Axes, table: pd.DataFrame, most: int) -> None:
    """Mark every factor, and name the leading factors."""
    for clear, colour in ((False, drivers.UNCLEAR), (True, drivers.CLEAR)):
        mine = table[table["clear"] == clear]
        axes.plot(mine["value"], mine["sigma"], marker="o", markersize=5.0, linestyle="none", color=colour, zorder=3,
                  markerfacecolor=colour if clear else style.PAPER)  # fmt: skip
    named = table[table["value"].notna()].head(most)
    if len(named):
        spots = list(zip(named["value"], named["sigma"], strict=True))
        others = table.iloc[len(named) :][["value", "sigma"]].dropna().to_numpy(float)
        bars = np.column_stack([others, others]) if len(others) else np.empty((0, 4))
        colours = [style.INK if clear else style.MUTED for clear in named["clear"]]
        names = [text.parameter(row.factor, row.meaning, 34) for row in records(named)]
        labels.place(axes, spots, names, colours, bars, labels.Look(drivers.PATH_SIZE, 0.0, 0.25))


def _explain(figure: Figure, named: int, drawn: pd.DataFrame) -> None:
    """Draw the legend of the marks that occur, with a note."""
    mark: style.Keywords = {"marker": "o", "markersize": 5.0, "linestyle": "none"}
    handles = []
    if drawn["clear"].any():
        handles.append(Line2D([], [], color=drivers.CLEAR, label=say("clear of chance"), **mark))
    if not drawn["clear"].all():
        handles.append(
            Line2D([], [], color=drivers.UNCLEAR, markerfacecolor=style.PAPER, label=say("not clear of chance"), **mark)
        )
    handles.append(Line2D([], [], color=style.RULE, linestyle=(0, (4, 3)), label=say("as high as wide")))
    note = say(
        "Every point is a parameter; the {named} that matter most are named. On or above the dashed line what a "
        "parameter does depends on its own value or on the others; far below it, it acts alike everywhere.",
        named=named,
    )
    style.legend(figure, handles, note, columns=None)
