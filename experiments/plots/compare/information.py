"""Value of information: what it is worth to know a group of parameters, and what each scenario may lose."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import StrMethodFormatter

from experiments.plots import effects, style
from experiments.plots.frames import require
from sim.language import later, say

TOLD: Final = "told from 0"
"""The verdict on a value that is more than chance."""
PALE: Final = "#B5B5B5"
GROUPS: Final = {"all parameters": later("all parameters")}


def information(values: pd.DataFrame, losses: pd.DataFrame) -> Figure:
    """Draw the values of knowing groups of parameters, and the expected loss of each scenario.

    Parameters
    ----------
    values : DataFrame
        From `experiments.worth.result.Worth.table`: columns `kind`, `basis`, `group`, `value`, `low`, `high`,
        `verdict`.
    losses : DataFrame
        `Worth.losses`: columns `willingness` (infinite when the gain alone decides), `scenario`, `expected_loss`.
    """
    require(values, ["kind", "basis", "group", "value", "low", "high", "verdict"])
    require(losses, ["willingness", "scenario", "expected_loss"])
    exact = values[(values["basis"] == "the gain alone") & (values["kind"] != "EVSI")]
    rows = exact.sort_values(["kind", "value"], ascending=[True, False]).reset_index(drop=True)
    figure = style.figure(11.0, 2.6 + 0.3 * len(rows))
    left, right = figure.subplots(1, 2)
    _values(left, rows)
    money = losses[np.isfinite(losses["willingness"])]
    names = effects.scenarios_of(money)
    for number, name in enumerate(names):
        here = money[money["scenario"] == name]
        style_of = {"linewidth": 1.8, **style.series_look(number)}
        right.plot(here["willingness"], here["expected_loss"], marker="o" if len(here) == 1 else None, **style_of)
    right.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    right.yaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    right.set_ylim(bottom=0.0)
    style.dress(
        right,
        say("what a point of loneliness less is worth (yuan)"),
        say("yuan a user and year"),
    )
    style.heading(left, say("Value of knowing exactly"), say("if loneliness alone decides"))
    style.heading(right, say("Expected loss of each choice"), say("to the best scenario of each draw"))
    _legend(figure, names)
    return style.finish(figure)


def _values(axes: Axes, rows: pd.DataFrame) -> None:
    effects.rows(axes, [effects.short(str(GROUPS.get(str(name), name)), 44) for name in rows["group"]])
    for y, (value, low, high, verdict) in enumerate(
        rows[["value", "low", "high", "verdict"]].itertuples(index=False, name=None)
    ):
        colour = style.BLUE if verdict == TOLD else PALE
        axes.plot([low, high], [y, y], color=colour, linewidth=2.4, zorder=2)
        axes.plot([value], [y], marker="o", markersize=6.0, linestyle="none", color=colour, zorder=3,
                  markerfacecolor=colour if verdict == TOLD else style.PAPER)  # fmt: skip
    axes.set_xlim(left=0.0)
    style.dress_rows(axes, say("points of loneliness for each user"))


def _legend(figure: Figure, names: list[str]) -> None:
    handles = [
        Line2D([], [], color=style.BLUE, marker="o", linewidth=2.4, label=say("more than chance")),
        Line2D(
            [],
            [],
            color=PALE,
            marker="o",
            markerfacecolor=style.PAPER,
            linewidth=2.4,
            label=say("not distinguishable from 0"),
        ),
        *(
            Line2D([], [], linewidth=1.8, label=effects.short(name, 40, 1), **style.series_look(k))
            for k, name in enumerate(names)
        ),
    ]
    note = say("A value holds for the ranges that the parameters are drawn from, and only if the model is right.")
    style.legend(figure, handles, note, columns=None)
