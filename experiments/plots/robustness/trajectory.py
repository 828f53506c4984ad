"""How a box was found: density against coverage of the boxes on the way, and of the chosen box."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import style
from experiments.plots.frames import require
from sim.language import say

_DARKEST: Final = 0.18
"""Shade of boxes without a restriction: above 0, since the palest shade is nearly white."""


def peeling_trajectory(
    trajectory: pd.DataFrame, chosen: tuple[float, float], fresh: tuple[float, float], base: float
) -> Figure:
    """Draw the boxes on the way to the first box.

    Parameters
    ----------
    trajectory : DataFrame
        `parameters` (how many are restricted), `coverage`, `density` (`experiments.robustness.boxes.Discovery`).
    chosen, fresh : (float, float)
        Coverage and density of the chosen box, on the points searched and on those held out of the search; NaN where
        unknown.
    base : float
        Share of failures among all points.
    """
    require(trajectory, ["parameters", "coverage", "density"], "box")
    figure = style.figure(8.2, 5.6)
    axes = figure.subplots()
    x, y = (100.0 * trajectory[name].to_numpy(float) for name in ("coverage", "density"))
    number = trajectory["parameters"].to_numpy(int)
    most = max(1, int(number.max()))
    norm = BoundaryNorm(np.arange(-0.5, most + 1.0), style.BURDEN_COLOURS.N)
    colours = style.BURDEN_COLOURS(_DARKEST + (1.0 - _DARKEST) * number / most)
    axes.plot(x, y, color=style.RULE, linewidth=1.0, zorder=1)
    axes.scatter(x, y, c=colours, s=34, linewidths=0.6, edgecolors=style.MUTED, zorder=2)
    axes.axhline(100.0 * base, color=style.INK, linewidth=1.0, linestyle=style.DOTS, zorder=1)
    marks = [
        (say("chosen box"), chosen, "o", style.VERMILION),
        (say("the same on points held out"), fresh, "D", style.GREEN),
    ]
    handles = []
    for words, (coverage, density), shape, colour in marks:
        if np.isfinite(coverage) and np.isfinite(density):
            look: style.Keywords = {
                "marker": shape,
                "markersize": 12,
                "markerfacecolor": "none",
                "markeredgewidth": 2.0,
            }
            axes.plot(100.0 * coverage, 100.0 * density, color=colour, linestyle="none", zorder=4, **look)
            handles.append(Line2D([], [], color=colour, linestyle="none", label=words, **{**look, "markersize": 8}))
    handles.append(
        Line2D([], [], color=style.INK, linewidth=1.0, linestyle=style.DOTS, label=say("failures among all points"))
    )
    axes.set(xlim=(-3, 104), ylim=(-3, 104))
    style.dress(
        axes, say("coverage: share of all failures in the box (%)"), say("density: share of the box that fails (%)")
    )
    style.heading(axes, say("How the box was found"), say("from the right: each step peels a slice off"))
    bar = figure.colorbar(_shades(norm, most), ax=axes, shrink=0.8, pad=0.02)
    bar.set_ticks(sorted({0, most, *range(0, most + 1, max(1, most // 6))}))
    bar.minorticks_off()
    style.dress_bar(bar, say("parameters restricted"))
    note = say(
        "Each dot is a box. The dot at the right is the box of all points, with a coverage of 100 %; a smaller box is "
        "denser in failures and holds fewer of them."
    )
    style.legend(figure, handles, note, columns=None)
    return style.finish(figure)


def _shades(norm: BoundaryNorm, most: int) -> ScalarMappable:
    """Return the colour scale of the dots."""
    from matplotlib.colors import ListedColormap

    colours = style.BURDEN_COLOURS(_DARKEST + (1.0 - _DARKEST) * np.arange(most + 1) / most)
    return ScalarMappable(BoundaryNorm(norm.boundaries, most + 1), ListedColormap(colours))
