"""Sobol' indices of second order: which pairs of factors act together."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.plots import style
from experiments.plots.frames import records
from experiments.plots.sensitivity import factors as drivers
from sim.errors import InputError
from sim.language import say

MOST = 10
SHADES = LinearSegmentedColormap.from_list("pairs", ["#F2F6FA", "#8FBBDD", "#0B4A80"])
LEAST_TOP = 0.05
"""Least share that the darkest shade stands for, so that chance does not look dark."""


def pair_shares(
    indices: pd.DataFrame, factors: pd.DataFrame, *, outcome: str = "", most: int = MOST, about: str = ""
) -> Figure:
    """Draw S2 of each pair among the factors with the largest ST, as a table of shades.

    Parameters
    ----------
    indices, factors, outcome, most, about
        As in `experiments.plots.sensitivity.influence.influence`.
    """
    names = drivers.outcomes_of(indices, outcome)
    tables = {name: drivers.leading(indices, factors, name, "ST", most) for name in names}
    side = max(len(table) for table in tables.values())
    figure = style.figure(9.4, 1.9 + (0.46 * side + 1.7) * len(names))
    grid = figure.subplots(len(names), 1, squeeze=False)
    for axes, (name, table) in zip(grid[:, 0], tables.items(), strict=True):
        pairs = indices[(indices["outcome"] == name) & (indices["index"] == "S2")]
        if pairs.empty:
            raise InputError(f"there is no index S2 of {name}")
        _panel(axes, table, pairs)
        style.heading(axes, drivers.label(name), about)
    handles = [
        Patch(facecolor=SHADES(0.8), label=say("share of the variance (%), bold: clear of chance")),
        Patch(facecolor=SHADES(0.0), label=say("none, or not clear (in grey)")),
    ]
    note = say(
        "Share of the variance that two parameters have together, beyond what each has alone. A small share below 0 is "
        "chance: a share cannot be negative."
    )
    style.legend(figure, handles, note, columns=None)
    return style.finish(figure)


def _panel(axes: Axes, table: pd.DataFrame, pairs: pd.DataFrame) -> None:
    """Draw the lower half of the table, which holds each pair once."""
    order = table["factor"].tolist()
    place = {factor: number for number, factor in enumerate(order)}
    top = max(LEAST_TOP, drivers.top_of(pairs.loc[pairs["clear"], "value"]) if pairs["clear"].any() else 0.0)
    axes.set_xlim(-0.5, len(order) - 1.5)
    drivers.name_rows(axes, table.assign(clear=True))
    for row in records(pairs):
        if row.factor not in place or row.other not in place:
            continue
        x, y = sorted((place[row.factor], place[row.other]))
        shade = float(np.clip(row.value / top, 0.0, 1.0)) if row.clear else 0.0
        axes.fill([x - 0.47, x + 0.47, x + 0.47, x - 0.47], [y - 0.45, y - 0.45, y + 0.45, y + 0.45],
                  color=SHADES(shade), linewidth=0, zorder=2)  # fmt: skip
        percent = f"{round(100.0 * row.value)}".replace("-", "−") if np.isfinite(row.value) else "?"
        colour = (style.PAPER if shade > 0.55 else style.INK) if row.clear else "#8C8C8C"
        axes.text(x, y, percent, ha="center", va="center", fontsize=style.SMALL, color=colour, zorder=3,
                  fontweight="bold" if row.clear else "normal")  # fmt: skip
    style.dress(axes, "", "")
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xticks(
        range(len(order) - 1), labels=[drivers.short(factor) for factor in order[:-1]], rotation=40, ha="right"
    )
    axes.tick_params(axis="x", length=0)
