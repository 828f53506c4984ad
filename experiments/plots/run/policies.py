"""When each policy acted: a raster with a row for each centre and replicate, and how many took part."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import series, style, text, times, widths
from experiments.plots.frames import require, require_one_scenario
from experiments.statistics.numbers import beside
from sim.language import say

COLUMNS: Final = ("replicate", "centre", "day", "policy", "level", "taking_part")
MOST_ROWS: Final = 60
"""Most rows of a raster, a row for each centre of each replicate."""
ROW: Final = 0.055
"""Height of a row of a raster, in inches."""


def policy_raster(
    reviews: pd.DataFrame, *, timeline: pd.DataFrame | None = None, begin: pd.Timestamp | None = None
) -> Figure:
    """Draw, for each policy, when it acted in each centre of each replicate, and how many users took part.

    Parameters
    ----------
    reviews : DataFrame
        A row for each review of a policy in a centre: `replicate`, `centre`, `day`, `policy`, `level` (0 to 1; 0 when
        it did not act) and `taking_part` (users).
    timeline : DataFrame, optional
        When policies begin and end and the centre is closed (`experiments.plots.times.mark`).
    begin : Timestamp, optional
        Date of day 0.
    """
    require(reviews, COLUMNS, "review of a policy")
    require_one_scenario(reviews)
    names = list(dict.fromkeys(reviews["policy"].astype(str)))
    lanes = reviews[["replicate", "centre"]].drop_duplicates()
    shown = min(len(lanes), MOST_ROWS)
    height = max(0.55, ROW * shown + 0.25)
    figure = style.figure(9.4, 1.5 + len(names) * (height + 0.55))
    grid = figure.subplots(len(names), 2, squeeze=False, sharex=True, width_ratios=[3.0, 2.0])
    days = (int(reviews["day"].min()), int(reviews["day"].max()))
    for (left, right), name in zip(grid, names, strict=True):
        mine = reviews[reviews["policy"].astype(str) == name]
        own = None if timeline is None else timeline[(timeline["kind"] == "closure") | (timeline["name"] == name)]
        _raster(left, mine, shown)
        _taking_part(right, mine)
        for axes in (left, right):
            series.day_axis(axes, *days, begin, 3 if widths.is_narrow() else 5)
            times.mark(axes, own, named=False)
        style.heading(left, text.in_words(name))
    clock = say("time since the start (days)") if begin is None else ""
    for number, (left, right) in enumerate(grid):
        lowest = number == len(names) - 1
        style.dress(left, clock if lowest else "", "")
        style.dress(right, clock if lowest else "", "")
        style.heading(right, "", say("users who take part, of all centres"))
    handles = [
        Patch(facecolor=_shade(1.0), label=say("the policy acts in full")),
        Patch(facecolor=_shade(0.4), label=say("in part")),
        Line2D([], [], color=style.INK, linewidth=1.6, label=say("users who take part, mean of replicates")),
    ]
    note = beside(
        say("Each row of a raster is a centre of a replicate; {shown} of {lanes} are drawn.", shown=shown,
            lanes=len(lanes)),
        say("White: the policy does not act: it has not begun or has ended, or its condition is not met."),
    )  # fmt: skip
    style.legend(figure, [*handles, *times.handles(timeline)], note, columns=None)
    return style.finish(figure)


def _raster(axes: Axes, mine: pd.DataFrame, shown: int) -> None:
    """Draw a cell for each review, dark where the policy acts."""
    lane = mine[["replicate", "centre"]].apply(tuple, axis=1)
    wide = mine.assign(lane=lane).pivot_table(index="lane", columns="day", values="level", aggfunc="max").iloc[:shown]
    days = wide.columns.to_numpy(float)
    step = float(np.diff(days).min()) if len(days) > 1 else 7.0
    edges = np.append(days, days[-1] + step)
    acting = wide.where(wide > 0.0)  # what does not act stays white
    axes.pcolormesh(edges, np.arange(len(wide) + 1), acting, cmap=style.BURDEN_COLOURS, vmin=-0.35, vmax=1.1)
    axes.set_ylim(len(wide), 0)
    axes.set_yticks([])


def _taking_part(axes: Axes, mine: pd.DataFrame) -> None:
    by_day = mine.groupby(["replicate", "day"])["taking_part"].sum().groupby("day").mean()
    axes.step(by_day.index, by_day, where="post", color=style.INK, linewidth=1.6)
    axes.set_ylim(0.0, max(1.0, 1.15 * float(by_day.max())))
    axes.locator_params(axis="y", nbins=3, integer=True)


def _shade(level: float) -> tuple[float, float, float, float]:
    return style.BURDEN_COLOURS((level + 0.35) / 1.45)
