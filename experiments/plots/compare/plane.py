"""The cost-effectiveness plane: cost and effect of each policy against the base."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse
from matplotlib.ticker import StrMethodFormatter

from experiments.plots import effects, labels, style, text
from experiments.plots.frames import require
from experiments.statistics.numbers import beside, commas
from sim.language import later, say

EFFECT: Final = later("user-years below the severe cut-off, of 100")
SHOWN: Final = 300
"""Largest number of points to draw of each cloud; its ellipse covers all points."""
CLOUDS: Final = 7
"""Clouds are drawn for at most this number of scenarios; with more, ellipses only."""
COVERED: Final = 0.95
PLACES: Final = {
    "better": later("better"),
    "worse": later("worse"),
    "better by itself": later("better by itself"),
    "worse by itself": later("worse by itself"),
    "effect unclear": later("effect unclear"),
    "no effect seen": later("no effect seen"),
    "effect too rare to say": later("effect too rare to say"),
    "dearer": later("dearer"),
    "cheaper": later("cheaper"),
    "dearer by itself": later("dearer by itself"),
    "cheaper by itself": later("cheaper by itself"),
    "cost unclear": later("cost unclear"),
    "same cost seen": later("same cost seen"),
    "cost too rare to say": later("cost too rare to say"),
    "no difference seen": later("no difference seen"),
    "too few to say": later("too few to say"),
}
"""Words for the position of a scenario (`experiments.compare.cost.position`)."""
CORNERS: Final = {
    (1, 1): later("better and dearer"),
    (0, 1): later("worse and dearer"),
    (1, 0): later("better and cheaper"),
    (0, 0): later("worse and cheaper"),
}


def cost_plane(
    points: pd.DataFrame, costs_table: pd.DataFrame, *, effect: object = EFFECT, per: float = 100.0
) -> Figure:
    """Draw where each policy lies against the base: further right is better, further up is dearer.

    Parameters
    ----------
    points : DataFrame
        From `experiments.compare.cost.plane`: columns `scenario`, `resample`, `effect`, `cost`, both for a user-year.
    costs_table : DataFrame
        `experiments.compare.cost.table(costs(...))`: columns `scenario`, `base`, `n`, `position`.
    effect : str or Later
        Label of the axis: what the effect counts; more is better.
    per : float
        Factor for the effect: 100 turns a share into user-years of 100.
    """
    require(points, ["scenario", "resample", "effect", "cost"])
    require(costs_table, ["scenario", "base", "n", "position"])
    names = effects.scenarios_of(points)
    clouds = {name: _cloud(points, name, per) for name in names}
    figure = style.figure(9.2, 6.2 + 0.18 * ((len(names) + 1) // 2))
    axes = figure.subplots()
    _scales(axes, np.concatenate([_ends(cloud) for cloud in clouds.values()]))
    for number, cloud in enumerate(clouds.values()):
        _draw_cloud(axes, cloud, number, has_points=len(names) <= CLOUDS)
    style.dress(axes, say("effect: {effect}", effect=effect), say("extra cost of a user-year (yuan)"))
    base = str(costs_table["base"].iloc[0]) if len(costs_table) else say("base")
    style.heading(
        axes, say("Cost and effect"), say("difference from {base}, which is where the lines cross", base=base)
    )
    _legend(figure, names, costs_table)
    middles = [tuple(cloud.mean(axis=0)) for cloud in clouds.values()]
    style.finish(figure)
    rings = [*(_ends(cloud).ravel() for cloud in clouds.values()), *labels.cross(axes)]
    labels.place(axes, middles, [effects.short(name) for name in names], [style.INK] * len(names), np.array(rings))
    return style.finish(figure)


def _cloud(points: pd.DataFrame, name: str, per: float) -> np.ndarray:
    here = points[points["scenario"].astype(str) == name]
    return np.column_stack([per * here["effect"].to_numpy(float), here["cost"].to_numpy(float)])


def _ends(cloud: np.ndarray) -> np.ndarray:
    """Return the corners of the box around a cloud's ellipse."""
    middle, half = cloud.mean(axis=0), _radius() * cloud.std(axis=0)
    return np.array([middle - half, middle + half])


def _radius() -> float:
    """Return the radius, in SD, of an ellipse that holds the share `COVERED` of a bivariate normal distribution."""
    return float((-2.0 * np.log(1.0 - COVERED)) ** 0.5)


def _scales(axes: Axes, ends: np.ndarray) -> None:
    """Set limits with room for all ellipses, the origin and the words in the corners; draw the lines through 0."""
    low, high = np.minimum(ends.min(axis=0), 0.0), np.maximum(ends.max(axis=0), 0.0)
    size = np.where(high > low, high - low, 1.0)
    low, high = np.minimum(low - 0.1 * size, -0.25 * size), np.maximum(high + 0.1 * size, 0.25 * size)
    size = high - low
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1] - 0.07 * size[1], high[1] + 0.07 * size[1])
    axes.axhline(0.0, color=style.INK, linewidth=0.9, zorder=1)
    axes.axvline(0.0, color=style.INK, linewidth=0.9, zorder=1)
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    labels.corners(axes, CORNERS)


def _draw_cloud(axes: Axes, cloud: np.ndarray, number: int, has_points: bool) -> None:
    """Draw the mean of a cloud, the ellipse that holds 95 % of it and, on request, its points."""
    look = style.mark_look(number)
    colour = look["color"]
    if has_points:
        x, y = cloud[:SHOWN].T
        axes.scatter(x, y, s=5, color=colour, alpha=0.25, linewidths=0, zorder=2, rasterized=True)
    middle = cloud.mean(axis=0)
    axes.plot(
        *middle[:, None], marker=look["marker"], markersize=7, color=colour, markeredgecolor=style.PAPER, zorder=4
    )
    spreads, turns = np.linalg.eigh(np.cov(cloud.T)) if len(cloud) > 1 else (np.zeros(2), np.eye(2))
    wide, high = 2.0 * _radius() * np.sqrt(np.maximum(spreads[::-1], 0.0))
    turn = float(np.degrees(np.arctan2(turns[1, 1], turns[0, 1])))
    ring = Ellipse((float(middle[0]), float(middle[1])), wide, high, angle=turn, fill=False, linewidth=1.4)
    ring.set(edgecolor=colour, linestyle=look["linestyle"], zorder=3)
    axes.add_patch(ring)


def _legend(figure: Figure, names: list[str], costs_table: pd.DataFrame) -> None:
    """Draw the legend, which gives each scenario's position in plain words."""
    position = dict(zip(costs_table["scenario"].astype(str), costs_table["position"].astype(str), strict=True))
    handles = []
    for number, name in enumerate(names):
        words = effects.short(name, 40, 1)
        words = text.labelled(words, _words(position[name])) if name in position else words
        handles.append(Line2D([], [], markersize=5.5, label=words, **style.mark_look(number)))
    parts = [
        say("Resampling the pairs of runs shows what chance makes of the mean difference (the larger mark)."),
        say("Pairs of runs: {pairs}.", pairs=int(costs_table["n"].max())) if len(costs_table) else "",
        say("Each point of a cloud is one such mean.") if len(names) <= CLOUDS else "",
        say("95 % of the resampled means lie in the ring."),
    ]
    style.legend(figure, handles, beside(*parts), columns=None)


def _words(position: str) -> str:
    """Return a position in plain words."""
    return {
        "dominant": say("better at no more cost"),
        "dominated": say("worse at no less cost"),
        "not known": say("no pair of runs"),
    }.get(position, commas(str(PLACES.get(part, part)) for part in position.split(", ")))
