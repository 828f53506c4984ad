"""How often each lever has each place, over the points of a study."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import effects, style
from experiments.plots.frames import require
from sim.outcomes.catalogue import OUTCOMES

SAID_FROM: Final = 0.005
"""Shares below this are not written into their cell."""


def rank_heat(places: pd.DataFrame, outcome: str, points: int, base_order: Sequence[str] = ()) -> Figure:
    """Draw a row a lever and a column a place; the darker, the more often.

    Parameters
    ----------
    places : DataFrame
        `lever`, `place` (1 is best), `share`; levers in the order of the rows.
    outcome : str
    points : int
        Of the study, for the words.
    base_order : sequence of str
        The levers as they rank at the base scenario, best first; marked when given.

    Raises
    ------
    ValueError
        When a column is missing or there is no lever.
    """
    require(places, ["lever", "place", "share"])
    if places.empty:
        raise ValueError("there is no lever to draw")
    names = list(dict.fromkeys(places["lever"]))
    number = int(places["place"].max())
    shares = places.pivot(index="lever", columns="place", values="share").loc[names].to_numpy(float)
    figure = style.figure(max(6.4, 3.0 + 0.62 * number), 2.2 + 0.42 * len(names))
    axes = figure.subplots()
    seen = axes.imshow(100.0 * shares, cmap=style.BURDEN_COLOURS, vmin=0.0, vmax=100.0, aspect="auto")
    for y, row in enumerate(shares):
        for x, share in enumerate(row):
            if share >= SAID_FROM:
                colour = style.PAPER if share > 0.45 else style.INK
                axes.text(x, y, f"{100.0 * share:.0f}", ha="center", va="center", fontsize=style.SMALL, color=colour)
    axes.set_xticks(range(number), labels=[str(place) for place in range(1, number + 1)])
    axes.set_yticks(range(len(names)), labels=[effects.short(name) for name in names])
    style.dress(axes, "place (1 is best)", "")
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xticks(np.arange(0.5, number - 1), minor=True)
    axes.set_yticks(np.arange(0.5, len(names) - 1), minor=True)
    axes.grid(which="minor", color=style.PAPER, linewidth=1.5)
    axes.tick_params(which="minor", length=0)
    label = OUTCOMES[outcome].label
    style.heading(axes, "How often each policy has each place", f"by {label[0].lower()}{label[1:]}")
    style.dress_bar(figure.colorbar(seen, ax=axes, pad=0.02, shrink=0.9), "share of the points (%)")
    handles = [Line2D([], [], linestyle="none", marker="s", color=style.BURDEN_COLOURS(0.6), label="share of points")]
    ordered = [name for name in base_order if name in names]
    if ordered:
        look = {"linestyle": "none", "marker": "s", "markerfacecolor": "none", "markeredgecolor": style.VERMILION}
        spots = [(ordered.index(name), y) for y, name in enumerate(names) if name in ordered]
        axes.plot(*zip(*spots, strict=True), markersize=19, markeredgewidth=1.8, **look)
        handles.append(Line2D([], [], markersize=8, markeredgewidth=1.8, label="place at the base scenario", **look))
    note = f"Numbers are percent of {points:,} points of the study. Rows: by mean place, best on top."
    style.legend(figure, handles, note, columns=None)
    return style.finish(figure)
