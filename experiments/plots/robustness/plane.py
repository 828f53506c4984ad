"""Where a policy fails: the points of a study over the two parameters that restrict a box most."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from experiments.plots import style
from experiments.plots.frames import require
from experiments.plots.robustness.differences import legend_marks, mark
from experiments.plots.robustness.restrictions import axis_label
from experiments.statistics.numbers import beside, commas
from sim.errors import InputError
from sim.language import say


def failure_plane(judged: pd.DataFrame, boxes: pd.DataFrame, factors: pd.DataFrame) -> Figure:
    """Draw points over the two parameters that restrict the first box most, and the box.

    If the box restricts a single parameter, the other axis is the parameter whose mean differs most between failures
    and the rest.

    Parameters
    ----------
    judged : DataFrame
        A row for each point: the parameters by path, `fails`, `clear`.
    boxes : DataFrame
        A row for each restriction, the strongest of a box first: `box`, `parameter`, `low`, `high`.
    factors : DataFrame
        A row for each parameter: `parameter`, `label`, `unit`, `from`, `to`.
    """
    require(judged, ["fails", "clear"])
    require(factors, ["parameter", "label", "unit", "from", "to"])
    first = boxes[boxes["box"] == 1].drop_duplicates("parameter").set_index("parameter") if len(boxes) else boxes
    if not len(first):
        raise InputError("there is no box to draw")
    known = factors.set_index("parameter")
    names = [*first.index[:2]]
    if len(names) < 2:
        names += _next(judged, [name for name in known.index if name != names[0]])
    figure = style.figure(8.2, 6.4)
    axes = figure.subplots()
    columns = [judged[name].to_numpy(float) if name else np.zeros(len(judged)) for name in (*names, "")[:2]]
    for fails, clear in ((False, True), (False, False), (True, True), (True, False)):
        here = (judged["fails"].to_numpy() == fails) & (judged["clear"].to_numpy() == clear)
        axes.plot(columns[0][here], columns[1][here], **mark(fails, clear, 6.0), zorder=3)
    _limits(axes, names, known)
    _box(axes, names, first)
    labels = [axis_label(known.loc[name]) for name in names] + [""]
    style.dress(axes, labels[0], labels[1])
    further = list(first.index[2:])
    style.heading(axes, say("Where it fails"), style.wrapped(_note(len(first), further), 7.4))
    patch = Patch(facecolor="#F7E3D5", edgecolor=style.VERMILION, label=say("the box"))
    words = say("Each mark is a point of the study, which draws all parameters anew; the figure shows two of them.")
    if further:
        words = beside(words, say("A point within the frame lies in the box only if its other parameters do."))
    style.legend(figure, [patch, *legend_marks(judged)], words, columns=None)
    return style.finish(figure)


def _note(restricted: int, further: list[str]) -> str:
    if restricted == 1:
        return say(
            "the box restricts one parameter; upward: the parameter that differs most between failures and the rest"
        )
    if not further:
        return say("the box restricts these two parameters")
    return say(
        "the box restricts these two parameters, and {number} more: {names}",
        number=len(further),
        names=commas(further),
    )


def _next(judged: pd.DataFrame, others: list[str]) -> list[str]:
    """Return the parameter whose mean differs most, in SD, between failures and the rest; a list of at most one."""
    fails = judged["fails"].to_numpy()
    gaps: dict[str, float] = {}
    for name in others:
        column = judged[name].to_numpy(float)
        spread = column.std()
        gaps[name] = abs(column[fails].mean() - column[~fails].mean()) / spread if spread else 0.0
    return [max(gaps, key=gaps.__getitem__)] if gaps else []


def _limits(axes: Axes, names: list[str], known: pd.DataFrame) -> None:
    for name, letter in zip(names, "xy", strict=False):
        low, high = known.loc[name, ["from", "to"]].to_numpy(float)
        pad = 0.03 * (high - low) or 0.5
        axes.set(**{f"{letter}lim": (low - pad, high + pad)})
    if len(names) < 2:
        axes.set_ylim(-1, 1)
        axes.set_yticks([])


def _box(axes: Axes, names: list[str], first: pd.DataFrame) -> None:
    """Frame the box; where the box has no limit, it reaches to the edge of the panel."""
    sides: list[tuple[float, float]] = []
    for name, limits in zip((*names, "")[:2], (axes.get_xlim(), axes.get_ylim()), strict=True):
        low, high = -np.inf, np.inf
        if name in first.index:
            low, high = (float(first[end][name]) for end in ("low", "high"))
        sides.append((max(low, limits[0]), min(high, limits[1])))
    (left, right), (bottom, top) = sides
    look: style.Keywords = {"facecolor": "#F7E3D5", "edgecolor": style.VERMILION, "linewidth": 1.6, "zorder": 1}
    axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, **look))
