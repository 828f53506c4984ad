"""Marks on axes of time: when policies begin and end, and when centres are closed."""

from typing import Final

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import style, text
from experiments.plots.frames import records, require
from experiments.plots.labels import HALO
from sim.language import say

COLUMNS: Final = ("kind", "name", "first", "last")
CLOSED: Final[style.Keywords] = {"facecolor": "#EDEDED", "edgecolor": "#CFCFCF", "hatch": "////", "linewidth": 0.0}
BEGINS: Final[style.Keywords] = {"color": style.INK, "linewidth": 0.9, "linestyle": (0, (1, 1))}
ENDS: Final[style.Keywords] = {"color": style.INK, "linewidth": 0.9, "linestyle": (0, (6, 2))}
LETTERS: Final = 22
"""Most letters of a policy's name beside its line."""


def mark(axes: Axes, timeline: pd.DataFrame | None, named: bool = True) -> None:
    """Shade closed days, and draw a line where a policy begins or ends within the limits of the axis of days.

    Parameters
    ----------
    timeline : DataFrame, optional
        A row for each policy and closure: `kind` ("policy" or "closure"), `name`, `first` and `last` day, the last
        missing for what lasts beyond the run. A policy that acts from day 0 on gets no line.
    named : bool
        Whether to write the name of the policy beside its line.
    """
    if timeline is None:
        return
    require(timeline, COLUMNS)
    low, high = axes.get_xlim()
    for one in records(timeline[timeline["kind"] == "closure"].drop_duplicates(["first", "last"])):
        if one.last >= low and one.first <= high:
            axes.axvspan(one.first - 0.5, one.last + 0.5, zorder=0.2, **CLOSED)
    axes.set_xlim(low, high)
    for place, (day, name, look) in enumerate(_changes(timeline, low, high)):
        axes.axvline(day, zorder=1.2, **look)
        if named:
            offset = (2, -3 - 10.5 * (place % 3))
            note = axes.annotate(name, (day, 1), offset, ("data", "axes fraction"), "offset points", va="top")
            note.set(fontsize=style.SMALL, color=style.MUTED, path_effects=HALO, zorder=5)
            if day > 0.5 * (low + high):
                note.set(ha="right", position=(-2, offset[1]))


def handles(timeline: pd.DataFrame | None) -> list[Artist]:
    """Return the legend entries for the lines and areas that `mark` draws."""
    if timeline is None or timeline.empty:
        return []
    policies = timeline[timeline["kind"] == "policy"]
    made: list[Artist] = []
    if (policies["first"] > 0).any():
        made.append(Line2D([], [], label=say("a policy begins"), **BEGINS))
    if policies["last"].notna().any():
        made.append(Line2D([], [], label=say("a policy ends"), **ENDS))
    if (timeline["kind"] == "closure").any():
        made.append(Patch(label=say("the centre is closed"), **CLOSED))
    return made


def _changes(timeline: pd.DataFrame, low: float, high: float) -> list[tuple[float, str, style.Keywords]]:
    """Return day, policy and look of each beginning and end in sight, by day."""
    rows: list[tuple[float, str, style.Keywords]] = []
    for one in records(timeline[timeline["kind"] == "policy"]):
        name = text.lines(text.in_words(str(one.name)), LETTERS, 1)[0]
        rows += [(one.first, name, BEGINS)] if one.first > 0 else []
        rows += [(one.last, name, ENDS)] if one.last == one.last else []
    return sorted(((day, name, look) for day, name, look in rows if low <= day <= high), key=lambda row: row[:2])
