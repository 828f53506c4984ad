"""Pairs of parameters that the calibration targets only determine together."""

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import style, text, widths
from experiments.plots.frames import records, require
from experiments.statistics.numbers import beside, hundredths
from sim.language import Language, language, say

MOST: Final = 6
"""Largest number of pairs to draw, the strongest first."""


def posterior_pairs(correlations: pd.DataFrame, summary: pd.DataFrame, particles: pd.DataFrame) -> Figure:
    """Draw the particles of the most correlated pairs.

    Parameters
    ----------
    correlations : DataFrame
        `experiments.calibration.posterior.particles.Posterior.correlations`.
    summary, particles : DataFrame
        `summary` and `particles` of the same posterior.
    """
    require(correlations, ("first", "second", "correlation"), "pair of parameters")
    require(summary, ("parameter", "low", "high", "meaning"))
    require(particles, ("weight",))
    shown = correlations.head(MOST)
    figure, grid = style.panels(len(shown), 3, (3.15, 2.55 if widths.is_bounded() else 2.9), (0.0, 1.3), least=6.0)
    ranges = summary.set_index("parameter")[["low", "high", "meaning"]]
    for axes, row in zip(grid, records(shown), strict=True):
        _panel(axes, row, ranges, particles)
    label = say("a parameter set that fits; the larger, the more weight")
    handles = [Line2D([], [], marker="o", linestyle="none", color=style.BLUE, alpha=0.6, label=label)]
    style.legend(figure, handles, _note(len(correlations)), columns=None)
    return style.finish(figure)


def _panel(axes: Axes, row: Any, ranges: pd.DataFrame, particles: pd.DataFrame) -> None:
    first, second = row.first, row.second
    weight = particles["weight"].to_numpy(float)
    sizes = 60.0 * weight / weight.max()
    axes.scatter(
        particles[first], particles[second], s=np.maximum(sizes, 2.0), color=style.BLUE, alpha=0.55, linewidth=0
    )
    axes.set_xlim(*ranges.loc[first, ["low", "high"]].to_numpy(float))
    axes.set_ylim(*ranges.loc[second, ["low", "high"]].to_numpy(float))
    style.dress(axes, *(_name(path, str(ranges.loc[path, "meaning"])) for path in (first, second)))
    axes.xaxis.label.set_fontsize(style.SMALL - 1.0)
    axes.yaxis.label.set_fontsize(style.SMALL - 1.0)
    axes.locator_params(nbins=4)
    axes.set_title(
        say("correlation {correlation}", correlation=hundredths(row.correlation)),
        fontsize=style.SMALL,
        color=style.INK,
        loc="left",
    )


def _name(path: str, meaning: str) -> str:
    if language() is not Language.en:
        return text.parameter(path, meaning, 38)
    group, _, name = path.rpartition(".")
    return f"{group}.\n{name}"


def _note(pairs: int) -> str:
    return beside(
        say(
            "Each panel spans the plausible ranges of two parameters. A slanting cloud: the targets leave the "
            "pair open along it, so that neither can be set without the other; an ensemble keeps such pairs "
            "together."
        ),
        say("The {most} strongest of {pairs} pairs.", most=MOST, pairs=pairs) if pairs > MOST else "",
    )
