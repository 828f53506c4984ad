"""How often each lever has each place in the ranking, over the points of a study."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

from experiments.plots import effects, style
from experiments.plots.frames import require
from sim.errors import InputError
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES

WRITTEN_FROM: Final = 0.005
"""Shares below this are not written into their cell."""
DARK_FROM: Final = 0.45
"""Numbers in cells with a larger share are white."""
BASE: Final[style.Keywords] = {
    "linestyle": "none", "marker": "s", "markerfacecolor": "none", "markeredgecolor": style.VERMILION,
    "markeredgewidth": 1.8,
}  # fmt: skip
"""Look of the frame around a lever's place at the base scenario."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """A ranking of levers over the points of a study.

    Parameters
    ----------
    places : DataFrame
        Columns `lever`, `place` (1 is best), `share`; levers in the order in which to draw them.
    base_order : sequence of str
        Levers as they rank at the base scenario, best first; their places are marked when given.
    """

    outcome: str
    places: pd.DataFrame
    base_order: Sequence[str] = ()


def rank_heat(rankings: Sequence[Ranks], points: int) -> Figure:
    """Draw how often each lever has each place: a row for each lever, a column for each place, a panel per ranking.

    Parameters
    ----------
    rankings : sequence of Ranks
        Rankings of the same levers.
    points : int
        Number of points of the study.
    """
    if not rankings:
        raise InputError("there is no lever to draw")
    for ranking in rankings:
        require(ranking.places, ["lever", "place", "share"], "lever")
    number = max(int(ranking.places["place"].max()) for ranking in rankings)
    figure = style.figure(max(6.4, 3.0 + 0.62 * number), 1.1 + (1.0 + 0.4 * number) * len(rankings))
    panels = figure.subplots(len(rankings), 1, squeeze=False)[:, 0]
    for axes, ranking in zip(panels, rankings, strict=True):
        image = _panel(axes, ranking, number)
    bar = figure.colorbar(image, ax=list(panels), pad=0.02, shrink=0.9 if len(rankings) == 1 else 0.35)
    style.dress_bar(bar, say("share of the points (%)"))
    handles = [
        Line2D([], [], linestyle="none", marker="s", color=style.BURDEN_COLOURS(0.6), label=say("share of points"))
    ]
    if any(ranking.base_order for ranking in rankings):
        handles.append(Line2D([], [], markersize=8, label=say("place at the base scenario"), **BASE))
    note = say(
        "Numbers are percent of {points:,} points of the study. Rows: by mean place, best on top.", points=points
    )
    style.legend(figure, handles, note, columns=None)
    return style.finish(figure)


def _panel(axes: Axes, ranking: Ranks, number: int) -> AxesImage:
    names = list(dict.fromkeys(ranking.places["lever"]))
    shares = ranking.places.pivot(index="lever", columns="place", values="share").loc[names].to_numpy(float)
    image = axes.imshow(100.0 * shares, cmap=style.BURDEN_COLOURS, vmin=0.0, vmax=100.0, aspect="auto")
    for y, row in enumerate(shares):
        for x, share in enumerate(row):
            if share >= WRITTEN_FROM:
                colour = style.PAPER if share > DARK_FROM else style.INK
                axes.text(x, y, f"{100.0 * share:.0f}", ha="center", va="center", fontsize=style.SMALL, color=colour)
    axes.set_xticks(range(number), labels=[str(place) for place in range(1, number + 1)])
    axes.set_yticks(range(len(names)), labels=[effects.short(name) for name in names])
    style.dress(axes, say("place (1 is best)"), "")
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xticks(np.arange(0.5, number - 1), minor=True)
    axes.set_yticks(np.arange(0.5, len(names) - 1), minor=True)
    axes.grid(which="minor", color=style.PAPER, linewidth=1.5)
    axes.tick_params(which="minor", length=0)
    label = OUTCOMES[ranking.outcome].label
    style.heading(axes, say("How often each policy has each place"), say("by {label}", label=style.lowered(label)))
    ordered = [name for name in ranking.base_order if name in names]
    if ordered:
        spots = [(ordered.index(name), y) for y, name in enumerate(names) if name in ordered]
        axes.plot(*zip(*spots, strict=True), markersize=19, **BASE)
    return image
