"""Survey waves of the data beside the same waves in the model: numbers week by week, and distributions."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from experiments.plots import style
from experiments.plots.frames import require
from experiments.statistics.goodness import rank
from sim.errors import InputError
from sim.language import later, say, term

WAVES: Final = ("number", "label", "week", "last", "data", "mean", "low", "high", "inside")
CLASSES: Final = ("distribution", "week", "class", "data", "mean", "low", "high", "inside")
FITS: Final = ("distribution", "week", "distance", "p", "runs")
ACROSS: Final = 4
FARTHEST: Final = 6.0
"""End of the axis of distributions, in half widths of the model's middle 95 %; points beyond are drawn at the end."""
BAND: Final = "#DDEBF5"
TITLES: Final = {
    "in_degree": later("Named by at most"),
    "geodesic": later("Steps, at most"),
    "triads": later("Ties among three"),
}


def wave_panels(waves: pd.DataFrame) -> Figure:
    """Draw a panel for each number: the data week by week, with the mean and the middle 95 % of the runs.

    Parameters
    ----------
    waves : DataFrame
        `experiments.validation.result.Validation.waves`.
    """
    require(waves, WAVES, "number")
    numbers = list(dict.fromkeys(waves["number"]))
    figure, grid = style.panels(len(numbers), ACROSS, (2.7, 1.95), (0.0, 1.2))
    last = float(waves["last"].max())
    for place, (axes, number) in enumerate(zip(grid, numbers, strict=True)):
        _panel(axes, waves[waves["number"] == number], place + ACROSS >= len(numbers), (0.0, 1.04 * last or 1.0))
    note = say(
        "Where a dot lies outside the band, fewer than one run in twenty has a number so far from the middle. A change "
        "stands at the later of its two weeks."
    )
    style.legend(figure, _handles(waves), note, columns=None)
    return style.finish(figure)


def _panel(axes: Axes, rows: pd.DataFrame, is_lowest: bool, span: tuple[float, float]) -> None:
    weeks = rows["last"].to_numpy(float)
    axes.fill_between(weeks, rows["low"], rows["high"], color=BAND, linewidth=0)
    axes.plot(weeks, rows["mean"], color=style.BLUE, linewidth=1.6, marker="o", markersize=2.5)
    axes.plot(weeks, rows["data"], color=style.INK, linewidth=0.8, linestyle=style.DOTS)
    for inside, colour, marker in ((True, style.INK, "o"), (False, style.VERMILION, "D")):
        here = rows[(rows["inside"].astype(bool) == inside) & rows["data"].notna()]
        if here.empty:  # an empty line that is not clipped would still take room
            continue
        axes.plot(here["last"], here["data"], color=colour, marker=marker, markersize=4.2, linestyle="none", zorder=3,
                  clip_on=False)  # fmt: skip
    axes.set_ylim(bottom=0.0)
    axes.set_xlim(*span)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    style.dress(axes, say("week") if is_lowest else "", "")
    axes.set_title(term(str(rows["label"].iloc[0])), fontsize=style.SMALL, color=style.INK, loc="left")


def _handles(rows: pd.DataFrame) -> list[Artist]:
    lines: list[Artist] = [
        Line2D([], [], color=style.BLUE, marker="o", markersize=3, linewidth=1.6, label=say("model: mean of the runs")),
        Patch(color=BAND, label=say("model: middle 95 % of the runs")),
    ]
    looks = ((True, "o", style.INK, say("data")), (False, "D", style.VERMILION, say("data, outside the band")))
    return lines + [
        Line2D([], [], color=colour, marker=marker, linestyle="none", markersize=4.5, label=words)
        for inside, marker, colour, words in looks
        if (rows["inside"].astype(bool) == inside).any()
    ]


def distribution_panels(distributions: pd.DataFrame, fits: pd.DataFrame) -> Figure:
    """Draw, for each distribution summed over waves, how far each class of the data is from the model's mean.

    Parameters
    ----------
    distributions, fits : DataFrame
        From `experiments.validation.result.Validation`.
    """
    require(distributions, CLASSES)
    require(fits, FITS)
    whole, fitted = (frame[frame["week"] == "all"] for frame in (distributions, fits))
    names = list(dict.fromkeys(whole["distribution"]))
    if not names:
        raise InputError("there is no distribution to draw")
    widths = [max(6, int((whole["distribution"] == name).sum())) for name in names]
    figure = style.figure(10.5, 3.7)
    grid = figure.subplots(1, len(names), sharey=True, width_ratios=widths, squeeze=False).ravel()
    for axes, name in zip(grid, names, strict=True):
        _classes(axes, whole[whole["distribution"] == name])
        (fit,) = fitted[fitted["distribution"] == name].itertuples()
        style.heading(
            axes,
            str(TITLES.get(name, name)),
            say("distance {distance:.1f}, p {p}", distance=fit.distance, p=rank(fit.p, fit.runs)),
        )
    style.dress(grid[0], "", say("distance from the model's mean\n(half widths of its middle 95 %)"))
    note = say(
        "Sums over all waves. A point more than {farthest:g} half widths away is drawn at the edge. p: share of "
        "runs that lie at least as far from the mean as the data, all classes together (Mahalanobis distance).",
        farthest=FARTHEST,
    )
    handles = _handles(whole)[1:]
    style.legend(figure, handles, note, columns=None)
    return style.finish(figure)


def _classes(axes: Axes, rows: pd.DataFrame) -> None:
    half = ((rows["high"] - rows["low"]) / 2.0).to_numpy(float)
    away = (rows["data"] - rows["mean"]).to_numpy(float)
    scaled = np.where(half > 0.0, away / np.where(half > 0.0, half, 1.0), np.sign(away) * FARTHEST)
    shown = np.clip(scaled, -FARTHEST, FARTHEST)
    low, high = (
        np.where(half > 0.0, (rows[end] - rows["mean"]) / np.where(half > 0.0, half, 1.0), 0.0)
        for end in ("low", "high")
    )
    places = np.arange(len(rows))
    axes.bar(places, high - low, bottom=low, width=0.7, color=BAND, linewidth=0)
    axes.axhline(0.0, color=style.BLUE, linewidth=1.0)
    inside = rows["inside"].to_numpy(bool)
    axes.plot(places[inside], shown[inside], color=style.INK, marker="o", markersize=4.5, linestyle="none")
    axes.plot(places[~inside], shown[~inside], color=style.VERMILION, marker="D", markersize=4.5, linestyle="none")
    names = [str(name).removeprefix("at most ") for name in rows["class"]]
    axes.set_xticks(places, labels=names, rotation=90 if max(map(len, names)) > 2 else 0)
    axes.set_ylim(-FARTHEST * 1.06, FARTHEST * 1.06)
    style.dress(axes, "", "")
