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
from experiments.statistics.verdict import ABOVE_CHANCE
from sim.language import later, say, term

PALE: Final = "#B5B5B5"
LEAST: Final = 0.1
"""The axis of values shows at least this many points of loneliness, so that small values look small."""
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
    tall = 1.6 + 0.3 * len(rows)
    figure, (left, right) = style.side_by_side(11.0, (tall, min(tall, 4.0)), (1.0, 1.0), 1.0, same_scale=False)
    _values(left, rows)
    money = losses[np.isfinite(losses["willingness"])]
    is_single = money["willingness"].nunique() == 1
    names = effects.scenarios_of(money)
    (_bars if is_single else _lines)(right, money, names)
    style.heading(left, say("Value of knowing exactly"), say("if loneliness alone decides"))
    style.heading(right, say("Expected loss of each choice"), say("to the best scenario of each draw"))
    _legend(figure, [] if is_single else names)
    return style.finish(figure)


def _lines(axes: Axes, money: pd.DataFrame, names: list[str]) -> None:
    """Draw the expected loss of each scenario against what a point of loneliness is worth."""
    for number, name in enumerate(names):
        here = money[money["scenario"] == name]
        axes.plot(here["willingness"], here["expected_loss"], linewidth=1.8, **style.series_look(number))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    axes.set_ylim(bottom=0.0)
    style.dress(axes, say("what a point of loneliness less is worth (yuan)"), say("yuan a user and year"))


def _bars(axes: Axes, money: pd.DataFrame, names: list[str]) -> None:
    """Draw the expected loss of each scenario where a point of loneliness has a single worth."""
    losses = money.set_index("scenario")["expected_loss"].reindex(names).to_numpy(float)
    effects.rows(axes, [effects.short(name) for name in names])
    axes.barh(range(len(names)), losses, min(0.62, 0.09 * len(names)), color=style.BLUE, linewidth=0, zorder=2)
    for y, loss in enumerate(losses):
        number = axes.annotate(f"{loss:,.0f}", (loss, y), (4, 0), textcoords="offset points", va="center")
        number.set(fontsize=style.SMALL, color=style.INK)
    axes.set_xlim(0.0, 1.2 * float(losses.max()) or 1.0)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    worth = f"{money['willingness'].iloc[0]:,.10g}"
    words = say("yuan a user and year, where a point of loneliness less is worth {worth} yuan", worth=worth)
    style.dress_rows(axes, style.wrapped(words, 4.4, style.TEXT))


def _values(axes: Axes, rows: pd.DataFrame) -> None:
    effects.rows(axes, [effects.short(str(GROUPS.get(str(name)) or term(str(name))), 44) for name in rows["group"]])
    for y, (value, low, high, verdict) in enumerate(
        rows[["value", "low", "high", "verdict"]].itertuples(index=False, name=None)
    ):
        colour = style.BLUE if verdict == ABOVE_CHANCE else PALE
        axes.plot([low, high], [y, y], color=colour, linewidth=2.4, zorder=2)
        axes.plot([value], [y], marker="o", markersize=6.0, linestyle="none", color=colour, zorder=3,
                  markerfacecolor=colour if verdict == ABOVE_CHANCE else style.PAPER)  # fmt: skip
    axes.set_xlim(0.0, max(LEAST, axes.get_xlim()[1]))
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
