"""The posterior of each parameter beside its plausible range."""

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import style, text
from experiments.plots.frames import records, require
from sim.language import Language, language, say, term

SUMMARY: Final = ("parameter", "low", "high", "q05", "median", "q95", "narrowed", "silent", "unit", "meaning")
BINS: Final = 16
SILENT: Final = "#C9C9C9"


def posterior_marginals(summary: pd.DataFrame, particles: pd.DataFrame) -> Figure:
    """Draw the posterior of each parameter over its plausible range, one panel each, the most narrowed first.

    Parameters
    ----------
    summary : DataFrame
        `calibration.posterior.particles.Posterior.summary` with columns `silent` (whether the targets say nothing about
        the parameter), `unit` and `meaning` (which may be empty).
    particles : DataFrame
        `Posterior.particles`: a column for each parameter, and `weight`.
    """
    require(summary, SUMMARY, "parameter")
    require(particles, ["weight", *summary["parameter"]])
    ordered = summary.sort_values("narrowed", ascending=False, kind="stable")
    figure, grid = style.panels(len(ordered), 4, (2.5, 1.72), (0.0, 1.5), least=7.0)
    for axes, row in zip(grid, records(ordered), strict=True):
        _panel(axes, row, particles)
    handles = [
        Patch(color=style.BLUE, label=say("posterior")),
        Line2D(
            [],
            [],
            color=style.INK,
            linestyle=(0, (4, 3)),
            linewidth=1.0,
            label=say("before: all values equally likely"),
        ),
        Line2D([], [], color=style.ORANGE, linewidth=2.6, label=say("middle 90 % of the posterior")),
    ]
    if ordered["silent"].any():
        handles.insert(
            1, Patch(facecolor=SILENT, hatch="....", edgecolor=style.PAPER, label=say("no narrower than by chance"))
        )
    style.legend(figure, handles, _note(), columns=None)
    return style.finish(figure)


def _panel(axes: Axes, row: Any, particles: pd.DataFrame) -> None:
    low, high = row.low, row.high
    is_silent = bool(row.silent)
    edges = np.linspace(low, high, BINS + 1)
    heights, _ = np.histogram(particles[row.parameter], bins=edges, weights=particles["weight"])
    heights = heights * BINS
    top = max(1.6, 1.18 * float(heights.max()))
    colour = SILENT if is_silent else style.BLUE
    axes.bar(edges[:-1], heights, np.diff(edges), align="edge", facecolor=colour, linewidth=0, zorder=2,
             hatch="...." if is_silent else None, edgecolor=style.PAPER)  # fmt: skip
    axes.plot([low, high], [1.0, 1.0], color=style.INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=3)
    axes.plot([row.q05, row.q95], [-0.06 * top] * 2, color=style.ORANGE, linewidth=2.6, solid_capstyle="butt", zorder=4)
    axes.set_xlim(low, high)
    axes.set_ylim(-0.12 * top, top)
    style.dress(axes, _unit(row.unit), "")
    axes.tick_params(labelsize=style.SMALL - 1.0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=4)
    group, _, name = str(row.parameter).rpartition(".")
    gone = say("no narrower") if is_silent else say("{narrowed:.0f} % narrower", narrowed=100 * row.narrowed)
    title = text.labelled(f"{group}.\n{name}", gone)
    if language() is not Language.en and row.meaning:
        short = ".".join(row.parameter.split(".")[-2:])
        title = text.labelled(text.parameter(short, row.meaning, 38), gone)
    axes.set_title(title, fontsize=style.SMALL - 1.0, color=style.INK, loc="left", pad=3)


def _unit(unit: str) -> str:
    """Return a unit in words, such as "per day"; empty for a plain number."""
    if unit.startswith("/"):
        return say("per {unit}", unit=term(unit[1:]))
    return "" if unit == "1" else term(unit)


def _note() -> str:
    return say(
        "Each panel spans a parameter's plausible range; the higher a bar, the more of the parameter sets that fit "
        "have such a value. Narrower: the share by which the variance falls. `dayroom scenario explain "
        "baseline PARAMETER` explains a parameter."
    )
