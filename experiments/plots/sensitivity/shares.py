"""Sobol' indices: the share of the variance that each factor has alone, and with all its interactions."""

from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import style
from experiments.plots.frames import records
from experiments.plots.sensitivity import factors as drivers
from sim.language import later, say

LOOKS: Final = {
    "S1": (style.ORANGE, "o", -0.16, later("share that it has alone")),
    "ST": (style.BLUE, "D", 0.16, later("share that it has with all it interacts with")),
}


def variance_shares(
    indices: pd.DataFrame, factors: pd.DataFrame, *, outcome: str = "", most: int = 15, about: str = ""
) -> Figure:
    """Draw S1 and ST of the factors with the largest ST, side by side.

    Parameters
    ----------
    indices, factors, outcome, most, about
        As in `experiments.plots.sensitivity.influence.influence`.
    """
    names = drivers.outcomes_of(indices, outcome)
    tables = {name: drivers.leading(indices, factors, name, "ST", most) for name in names}
    rows = [len(table) for table in tables.values()]
    figure = style.figure(9.8, 1.7 + sum(1.1 * drivers.ROW * each + 0.85 for each in rows))
    grid = figure.subplots(len(names), 1, squeeze=False, gridspec_kw={"height_ratios": rows})
    for axes, (name, table) in zip(grid[:, 0], tables.items(), strict=True):
        _panel(axes, table, drivers.leading(indices, factors, name, "S1", len(indices)))
        style.heading(axes, drivers.label(name), about)
    handles = [
        Line2D(
            [],
            [],
            color=colour,
            marker=marker,
            markersize=5.5,
            linewidth=2.0,
            label=str(words),
        )
        for colour, marker, _, words in LOOKS.values()
    ]
    if any(table["noise"].notna().any() for table in tables.values()):
        handles.append(Line2D([], [], color=drivers.NOISE, marker="|", markersize=13, linestyle="none",
                              markeredgewidth=1.4, label=say("what chance alone adds to the blue mark")))  # fmt: skip
    note = say(
        "Lines are 95 % intervals. What chance makes of a parameter's effect from run to run is counted in its blue "
        "mark: only what lies right of the red mark is the parameter's doing. Hollow: not clear of chance."
    )
    style.legend(figure, handles, note, columns=None)
    return style.finish(figure)


def _panel(axes: Axes, table: pd.DataFrame, alone: pd.DataFrame) -> None:
    """Draw an outcome."""
    first = alone.set_index("factor").reindex(table["factor"]).reset_index()
    low = min(0.0, float(first["low"].min(skipna=True)) if first["low"].notna().any() else 0.0)
    axes.set_xlim(max(low, -0.25) - 0.01, 1.05 * drivers.top_of(table["high"], table["value"], first["high"]))
    drivers.name_rows(axes, table)
    axes.axvline(0.0, color=style.INK, linewidth=0.9, zorder=1)
    axes.plot(table["noise"], range(len(table)), color=drivers.NOISE, marker="|", markersize=13, linestyle="none",
              markeredgewidth=1.4, zorder=2)  # fmt: skip
    for index, drawn in (("S1", first), ("ST", table)):
        colour, marker, shift, _ = LOOKS[index]
        for y, row in enumerate(records(drawn)):
            axes.plot(
                [row.low, row.high], [y + shift] * 2, color=colour, linewidth=2.0, solid_capstyle="butt", zorder=2
            )
            axes.plot([row.value], [y + shift], marker=marker, markersize=5.5, color=colour, zorder=3,
                      markerfacecolor=colour if row.clear else style.PAPER)  # fmt: skip
    style.dress(axes, say("share of the variance of the outcome"), "")
