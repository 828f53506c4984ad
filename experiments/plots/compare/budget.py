"""What each scenario takes of the budget: a panel for each limit, a bar for each scenario, the budget as a line."""

from typing import Final

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import StrMethodFormatter

from experiments.plots import effects, style, text
from experiments.plots.frames import records, require
from experiments.plots.labels import HALO
from experiments.statistics.numbers import many
from sim.language import later, say

COLUMNS: Final = ("scenario", "limit", "unit", "budget", "mean", "fits", "share_over", "busiest", "runs")
AXES: Final = {"h/week": later("hours of staff a week"), "CNY/month": later("yuan a month, staff hours not included")}
TITLES: Final = {"h/week": later("Hours of staff"), "CNY/month": later("Money")}
HATCH: Final = "///"


def budget_bars(uses: pd.DataFrame) -> Figure:
    """Draw what the policies of each scenario take, beside the budget.

    Parameters
    ----------
    uses : DataFrame
        `experiments.statistics.budget.table(uses(...))`: columns `scenario`, `limit`, `unit`, `budget`, `mean`, `fits`,
        `share_over`, `busiest`, `runs`. The first scenario is the base.

    Raises
    ------
    InputError
        When a column or every row is missing.
    """
    require(uses, COLUMNS, "limit of a budget")
    names = [str(name) for name in uses["scenario"].unique()]
    limits = [str(name) for name in uses["limit"].unique()]
    figure, row = style.side_by_side(
        max(6.4, 2.0 + 3.4 * len(limits)), [1.0 + 0.32 * len(names)] * len(limits), [1.0] * len(limits), 1.2
    )
    for axes, limit in zip(row, limits, strict=True):
        here = uses[uses["limit"] == limit].set_index("scenario").reindex(names)
        for y, one in enumerate(records(here)):
            fits = bool(one.fits)
            axes.barh(
                y, one.mean, 0.62, color=style.BLUE if fits else style.PAPER, hatch=None if fits else HATCH,
                edgecolor=style.BLUE if fits else style.VERMILION,
            )  # fmt: skip
            axes.plot(one.busiest, y, marker="|", markersize=11, color=style.INK, linestyle="none")
            number = axes.annotate(
                _amount(one.mean, str(one.unit)), (max(one.mean, one.busiest), y), (5, 0), textcoords="offset points"
            )
            number.set(va="center", fontsize=style.SMALL, color=style.INK, path_effects=HALO)
        axes.axvline(float(here["budget"].iloc[0]), color=style.INK, linewidth=1.4, linestyle=style.DOTS)
        axes.set_xlim(0.0, 1.22 * float(here[["mean", "budget", "busiest"]].to_numpy(float).max() or 1.0))
        unit = str(here["unit"].iloc[0])
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
        style.dress_rows(axes, str(AXES[unit]))
        most = say("budget: {budget:,.6g}", budget=float(here["budget"].iloc[0]))
        style.heading(axes, TITLES[unit], most)
    labels = [text.base_of(effects.short(name)) if y == 0 else effects.short(name) for y, name in enumerate(names)]
    row[0].set_yticks(range(len(names)), labels=labels)
    row[0].invert_yaxis()
    style.legend(figure, _handles(uses), _note(uses), columns=None)
    return style.finish(figure)


def _amount(value: float, unit: str) -> str:
    """Write hours with one decimal and money without."""
    return f"{value:,.1f}" if unit == "h/week" else f"{value:,.0f}"


def _handles(uses: pd.DataFrame) -> list[Line2D | Patch]:
    made: list[Line2D | Patch] = [Line2D([], [], color=style.INK, linestyle=style.DOTS, label=say("the budget"))]
    if uses["fits"].any():
        made.append(Patch(facecolor=style.BLUE, edgecolor=style.BLUE, label=say("fits")))
    if not uses["fits"].all():
        made.append(Patch(facecolor=style.PAPER, edgecolor=style.VERMILION, hatch=HATCH, label=say("does not fit")))
    tick: style.Keywords = {"marker": "|", "markersize": 11, "linestyle": "none"}
    made.append(Line2D([], [], color=style.INK, label=say("in the busiest four weeks"), **tick))
    return made


def _note(uses: pd.DataFrame) -> str:
    number = int(uses["runs"].max())
    runs = many(number, "run")
    return say(
        "Bars: all policies together, in all centres, mean over the run and over {runs}; hours that policies "
        "asked for and did not get count too.",
        runs=runs,
    )
