"""Leading factors of each outcome, ranked, with intervals and the index that chance alone would give."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import style
from experiments.plots.frames import records
from experiments.plots.sensitivity import factors as drivers
from experiments.statistics.numbers import beside
from sim.language import say

WIDTH = 9.8


def influence(
    indices: pd.DataFrame, factors: pd.DataFrame, *, outcome: str = "", most: int = 15, about: str = ""
) -> Figure:
    """Draw the main index of the leading factors.

    Parameters
    ----------
    indices : DataFrame
        `indices` of `experiments.sensitivity.indices.Sensitivity`.
    factors : DataFrame
        Columns `factor`, `meaning`.
    outcome : str
        The only outcome to draw; when not given, all outcomes, one below the other.
    most : int
        Largest number of factors for each outcome.
    about : str
        Study, lever and method, written under the title.
    """
    names = drivers.outcomes_of(indices, outcome)
    index = drivers.main_index(indices)
    tables = {name: drivers.leading(indices, factors, name, index, most) for name in names}
    rows = [len(table) for table in tables.values()]
    figure = style.figure(WIDTH, 1.6 + sum(drivers.ROW * each + 0.85 for each in rows))
    grid = figure.subplots(len(names), 1, squeeze=False, gridspec_kw={"height_ratios": rows})
    for axes, (name, table) in zip(grid[:, 0], tables.items(), strict=True):
        _panel(axes, name, table, index, about)
    everything = indices[(indices["index"] == index) & (indices["outcome"] == names[0])]
    _explain(figure, len(everything), pd.concat(tables.values()), max(rows))
    return style.finish(figure)


def _panel(axes: Axes, outcome: str, table: pd.DataFrame, index: str, about: str) -> None:
    """Draw an outcome."""
    axes.set_xlim(0.0, 1.06 * drivers.top_of(table["value"], table["high"], table["noise"]))
    drivers.name_rows(axes, table)
    for y, row in enumerate(records(table)):
        colour = drivers.CLEAR if row.clear else drivers.UNCLEAR
        axes.plot([max(row.low, 0.0), row.high], [y, y], color=colour, linewidth=2.4, solid_capstyle="butt", zorder=2)
        axes.plot([row.noise], [y], marker="|", markersize=13, color=drivers.NOISE, markeredgewidth=1.4, zorder=3)
        axes.plot([row.value], [y], marker="o", markersize=6.0, color=colour, zorder=4, clip_on=False,
                  markerfacecolor=colour if row.clear else style.PAPER)  # fmt: skip
    if table["value"].isna().all():
        axes.text(0.5, 0.5, say("the outcome does not vary"), transform=axes.transAxes, ha="center", color=style.MUTED)
    style.dress(axes, drivers.index_words(index, outcome), "")
    style.heading(axes, drivers.label(outcome), about)


def _explain(figure: Figure, number: int, drawn: pd.DataFrame, shown: int) -> None:
    """Draw the legend of the marks that occur, with a note."""
    mark: style.Keywords = {"marker": "o", "markersize": 6.0, "linewidth": 2.4}
    handles = []
    if drawn["clear"].any():
        handles.append(Line2D([], [], color=drivers.CLEAR, label=say("index with its 95 % interval"), **mark))
    if not drawn["clear"].all():
        words = say("not clear of chance") if handles else say("index with its 95 % interval, not clear of chance")
        handles.append(Line2D([], [], color=drivers.UNCLEAR, markerfacecolor=style.PAPER, label=words, **mark))
    if drawn["noise"].notna().any():
        handles.append(Line2D([], [], color=drivers.NOISE, marker="|", markersize=13, linestyle="none",
                              markeredgewidth=1.4, label=say("what chance alone would give")))  # fmt: skip
    parts = [say("The leading {shown} of {number} parameters.", shown=shown, number=number)] if shown < number else []
    if not drawn["clear"].any():
        parts.append(say("None is clear of chance: too much differs between replicates, or there is only one."))
    elif number >= 60:
        few = f"{number * 0.025:.0f}"
        parts.append(say("Of all, about {few} would stand clear of chance by chance alone (1 in 40).", few=few))
    else:
        parts.append(say("Of all, at most a few would stand clear of chance by chance alone (1 in 40)."))
    note = beside(*parts)
    style.legend(figure, handles, note, columns=None)
