"""Primary outcomes over two factors: a heat map for each outcome, with the place of the base scenario marked."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import style
from experiments.plots.frames import require
from sim.language import say, term
from sim.outcomes.catalogue import OUTCOMES

IDENTITY_COLOURS: Final = LinearSegmentedColormap.from_list(
    "identity", ["#EAF5F0", "#8CCDB3", "#2C9C76", "#0A6349", "#043325"]
)
COLOURS: Final[dict[str, Colormap]] = {
    "loneliness_ucla20": style.LONELINESS_COLOURS,
    "burden": style.BURDEN_COLOURS,
    "group_identity": IDENTITY_COLOURS,
}
MOST_WRITTEN: Final = 100
"""Numbers are written into the cells of a map with at most this number of cells."""


def outcome_surfaces(
    cells: pd.DataFrame, factors: tuple[str, str], labels: tuple[str, str], marked: tuple[float, float] | None = None
) -> Figure:
    """Draw each outcome of a frame over two factors.

    Parameters
    ----------
    cells : DataFrame
        From `experiments.statistics.levels.by_level`: the two factors, `outcome`, `mean`.
    factors : (str, str)
        Columns of the factors across and upwards.
    labels : (str, str)
        Labels of the factors.
    marked : (float, float), optional
        Values of both factors in the base scenario.
    """
    require(cells, [*factors, "outcome", "mean"])
    names = list(dict.fromkeys(cells["outcome"]))
    figure = style.figure(3.75 * len(names), 4.6)
    panels = np.atleast_1d(figure.subplots(1, len(names), sharey=True))
    for number, (axes, name) in enumerate(zip(panels, names, strict=True)):
        wide = cells[cells["outcome"] == name].pivot(index=factors[1], columns=factors[0], values="mean")
        _panel(figure, axes, wide, name)
        style.dress(axes, "", labels[1] if number == 0 else "")
        if marked is not None:
            axes.plot(
                *marked, "o", markersize=13, markerfacecolor="none", markeredgecolor=style.INK, markeredgewidth=1.6
            )
    # One label for all panels, under the middle panel.
    panels[len(names) // 2].set_xlabel(labels[0], fontsize=style.TEXT, color=style.INK)
    ring = Line2D([], [], linestyle="none", marker="o", markersize=9, markerfacecolor="none", color=style.INK)
    ring.set_label(say("the base scenario"))
    style.legend(figure, [ring] if marked is not None else [], say("Each number is the mean over replicates."))
    return style.finish(figure)


def _panel(figure: Figure, axes: Axes, wide: pd.DataFrame, name: str) -> None:
    outcome, colours = OUTCOMES[name], COLOURS.get(name, style.LONELINESS_COLOURS)
    values = wide.to_numpy(float)
    mesh = axes.pcolormesh(
        wide.columns.to_numpy(float), wide.index.to_numpy(float), values, cmap=colours, shading="nearest"
    )
    bar = figure.colorbar(mesh, ax=axes, orientation="horizontal", location="top", fraction=0.05, pad=0.02)
    bar.ax.locator_params(axis="x", nbins=5)
    style.dress_bar(bar, style.unit_words(outcome.unit))
    style.heading(axes, term(outcome.label), str(style.BETTER[outcome.better]))
    if values.size <= MOST_WRITTEN:
        _write(axes, wide, np.asarray(mesh.norm(values), float))


def _write(axes: Axes, wide: pd.DataFrame, shades: np.ndarray) -> None:
    """Write the number of each cell into it, in white on dark cells."""
    values = wide.to_numpy(float)
    spread = float(np.nanmax(values) - np.nanmin(values))
    decimals = 0 if spread >= 5.0 else 1 if spread >= 0.5 else 2
    for y, row, row_shades in zip(wide.index.to_numpy(float), values, shades, strict=True):
        for x, value, shade in zip(wide.columns.to_numpy(float), row, row_shades, strict=True):
            if np.isfinite(value):
                colour = style.PAPER if shade > 0.5 else style.INK
                axes.text(x, y, f"{value:.{decimals}f}", ha="center", va="center", color=colour, fontsize=6.5)
