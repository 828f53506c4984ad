"""Whether the leading indices have settled: each estimated from a quarter, a half and all of the design."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import style, text
from experiments.plots.frames import records, require
from experiments.plots.sensitivity import factors as drivers
from sim.language import later, say

MOST = len(style.CYCLE)
"""Default number of factors: as many as there are colours."""
BLOCKS = {"mu_star": later("trajectories"), "ST": later("base points"), "PAWN": later("points")}
INDEX = {
    "mu_star": later("mean size of the change"),
    "ST": later("share of the variance (ST)"),
    "PAWN": later("PAWN index"),
}
GAP = 0.07
"""Least distance between two names of a line, as a share of the height."""


def index_settling(
    convergence: pd.DataFrame,
    indices: pd.DataFrame,
    factors: pd.DataFrame,
    *,
    outcome: str = "",
    most: int = MOST,
    about: str = "",
) -> Figure:
    """Draw the main index of the leading factors against the size of the design.

    Parameters
    ----------
    convergence : DataFrame
        `convergence` of `experiments.sensitivity.indices.Sensitivity`.
    indices, factors, outcome, most, about
        As in `experiments.plots.sensitivity.influence.influence`.
    """
    require(convergence, ["outcome", "index", "factor", "blocks", "value"])
    names = drivers.outcomes_of(indices, outcome)
    require(indices, ["spread"])
    index = drivers.main_index(indices)
    figure = style.figure(8.6, 1.4 + 3.5 * len(names))
    grid = figure.subplots(len(names), 1, squeeze=False)
    for axes, name in zip(grid[:, 0], names, strict=True):
        table = drivers.leading(indices, factors, name, index, most)
        steps = convergence[(convergence["outcome"] == name) & (convergence["index"] == index)]
        _panel(axes, table, steps, 1.0 if index != "mu_star" else drivers.scale(name))
        label = str(INDEX[index])
        if index == "mu_star":
            label = say("{size},\nin {unit}", size=label, unit=drivers.unit(name))
        style.dress(axes, say("{blocks} of the design", blocks=BLOCKS[index]), label)
        style.heading(axes, drivers.label(name), about)
    handles = [
        Line2D(
            [],
            [],
            color=style.CYCLE[0],
            marker="o",
            markersize=4.5,
            label=say("index from the first part of the design"),
        ),
        Line2D([], [], color=style.CYCLE[0], linewidth=4.0, alpha=0.45, label=say("95 % interval, from all of it")),
    ]
    note = say(
        "A line that runs level from the middle on shows no sign of moving; (moved): from half to all of the "
        "design by more than so many {blocks} allow. Where lines still cross, the order of those parameters is "
        "not known yet.",
        blocks=BLOCKS[index],
    )
    style.legend(figure, handles, note, columns=None)
    return style.finish(figure)


def _panel(axes: Axes, table: pd.DataFrame, steps: pd.DataFrame, by: float) -> None:
    """Draw an outcome, with names at the right ends of the lines."""
    sizes = sorted(steps["blocks"].unique())
    right = float(sizes[-1]) if sizes else 1.0
    # A curve that starts far off, from a quarter with few blocks, may flatten the rest.
    shown = [steps[steps["factor"] == factor].sort_values("blocks") for factor in table["factor"]]
    top = 1.08 * drivers.top_of(table["high"], *(by * curve["value"].to_numpy(float) for curve in shown))
    low = min(0.0, 1.08 * float(np.nanmin([0.0, *table["low"]])))
    axes.set(xlim=(0.0, right * (1.03 + 0.016 * len(shown))), ylim=(low, top))
    for number, (row, curve) in enumerate(zip(records(table), shown, strict=True)):
        colour = style.CYCLE[number % len(style.CYCLE)]
        axes.plot(curve["blocks"], by * curve["value"], markersize=4.5, linewidth=1.4, zorder=3,
                  **style.mark_look(number))  # fmt: skip
        axes.plot([right * (1.025 + 0.016 * number)] * 2, [row.low, row.high], color=colour, alpha=0.45, linewidth=4.0,
                  solid_capstyle="butt", zorder=2)  # fmt: skip
    _name_ends(axes, table.assign(moved=_moved(table, steps, sizes, by)), top - low)
    if sizes:
        axes.set_xticks(sizes)


def _moved(table: pd.DataFrame, steps: pd.DataFrame, sizes: list[int], by: float) -> list[bool]:
    """Return whether each index moved, from half to all of the design, by more than a design of this size allows."""
    if len(sizes) < 2:
        return [False] * len(table)
    half = by * steps[steps["blocks"] == sizes[-2]].set_index("factor")["value"].reindex(table["factor"]).to_numpy()
    return list(np.abs(table["value"].to_numpy(float) - half) > by * table["spread"].to_numpy(float))


def _name_ends(axes: Axes, table: pd.DataFrame, height: float) -> None:
    """Write the names beside the ends of the lines, without overlaps."""
    known = table[table["value"].notna()]
    lowest = axes.get_ylim()[0]
    spots = (known["value"].to_numpy(float) - lowest) / height
    places = spots.copy()
    names = [text.parameter(row.factor, row.meaning, 46) for row in records(known)]
    gap = GAP * (1.0 + 0.3 * any("\n" in name for name in names))
    for number in range(1, len(places)):  # the largest first
        places[number] = min(places[number], places[number - 1] - gap)
    if len(places):
        places += max(0.0, 0.0 - places.min())
    for number, (row, spot, place) in enumerate(zip(records(known), spots, places, strict=True)):
        colour = style.CYCLE[number % len(style.CYCLE)]
        line: style.Keywords = {
            "arrowstyle": "-",
            "color": style.RULE,
            "linewidth": 0.7,
            "relpos": (0.0, 0.5),
            "shrinkA": 1,
            "shrinkB": 0,
        }
        name = names[number]
        note = axes.annotate(
            say("{factor} (moved)", factor=name) if row.moved else name, (1.0, spot), (1.06, place), "axes fraction",
            "axes fraction", arrowprops=line, va="center", annotation_clip=False,
        )  # fmt: skip
        note.set(fontsize=drivers.PATH_SIZE, color=style.READ_AS.get(colour, colour))
