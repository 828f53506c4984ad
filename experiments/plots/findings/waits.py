"""Newcomers: the share with a first friend or confidant by days since arrival, and loneliness by length of stay."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import style
from experiments.plots.frames import require
from sim.errors import InputError
from sim.language import later, say

SHARES: Final = ("event", "lever", "day", "share", "low", "high")
STAYS: Final = ("group", "lever", "mean", "low", "high")
MOST_SHOWN: Final = len(style.CYCLE) - 1
_TITLES: Final = {"friend": later("A first friend"), "confidant": later("A first confidant")}


def newcomer_waits(shares: pd.DataFrame, stays: pd.DataFrame, usual: str, shown: Sequence[str]) -> Figure:
    """Draw how soon newcomers find a first friend and confidant, and loneliness by length of stay.

    Parameters
    ----------
    shares : DataFrame
        A row for each event ("friend", "confidant"), lever and day since arrival: `share` who have met the event by
        then, with `low` and `high` (95 % interval) where known.
    stays : DataFrame
        A row for each group by length of stay, in order, and lever: `mean` loneliness (UCLA-20), `low`, `high`.
    usual : str
        Lever with which the others are compared, drawn in black.
    shown : sequence of str
        Levers in colour, at most `MOST_SHOWN`; all others are pale.

    Raises
    ------
    InputError
        When a column is missing, or `shown` has more levers than there are colours.
    """
    require(shares, SHARES)
    require(stays, STAYS)
    if len(shown) > MOST_SHOWN:
        raise InputError(f"found {len(shown)} levers in colour, allowed are at most {MOST_SHOWN}")
    colours = {usual: style.BLACK, **dict(zip(shown, style.CYCLE, strict=False))}
    figure = style.figure(11.0, 4.4)
    left, middle, right = figure.subplots(1, 3)
    for axes, event in ((left, "friend"), (middle, "confidant")):
        _shares(axes, shares[shares["event"] == event], colours)
        style.heading(axes, _TITLES[event], say("share of newcomers who have found one"))
    top = 100.0 * float(np.nanmax(shares[["share", "high"]].to_numpy(float)))
    for axes in (left, middle):
        axes.set_ylim(0.0, min(100.0, 1.08 * top))
    _stays(right, stays, colours)
    style.heading(right, say("Loneliness by length of stay"), say("lower is better"))
    _legend(figure, colours, usual, has_others=len(colours) < shares["lever"].nunique())
    return style.finish(figure)


def _levers(frame: pd.DataFrame, colours: dict[str, str]) -> list[str]:
    """Sort levers in drawing order: pale levers below, the usual lever on top."""
    names = dict.fromkeys(frame["lever"])
    return [*(name for name in names if name not in colours), *(name for name in reversed(colours) if name in names)]


def _dashes(lever: str, colours: dict[str, str]) -> style.Dashes:
    """Return the dashes of a lever, which tell the levers apart in grey; the usual lever, the first, is solid."""
    return style.DASHES[list(colours).index(lever)] if lever in colours else "solid"


def _shares(axes: Axes, shares: pd.DataFrame, colours: dict[str, str]) -> None:
    for lever in _levers(shares, colours):
        line = shares[shares["lever"] == lever].sort_values("day")
        colour = colours.get(lever, style.RULE)
        if line["low"].notna().any():
            ends = (100.0 * line["low"], 100.0 * line["high"])
            axes.fill_between(line["day"], *ends, color=colour, alpha=0.12, linewidth=0, step="post")
        axes.step(
            line["day"], 100.0 * line["share"], where="post", color=colour, linewidth=1.6 if lever in colours else 1.0,
            linestyle=_dashes(lever, colours),
        )  # fmt: skip
    axes.set_xticks([0, 90, 180, 270, 365])
    style.dress(axes, say("days since arrival"), say("share (%)"))


def _stays(axes: Axes, stays: pd.DataFrame, colours: dict[str, str]) -> None:
    names = list(dict.fromkeys(stays["group"]))
    for lever in _levers(stays, colours):
        line = stays[stays["lever"] == lever].set_index("group").reindex(names)
        colour = colours.get(lever, style.RULE)
        axes.plot(range(len(names)), line["mean"], color=colour, linewidth=1.6 if lever in colours else 1.0,
                  marker="o", markersize=3.5, linestyle=_dashes(lever, colours))  # fmt: skip
        if colour == style.BLACK:
            bars = np.abs(line[["low", "high"]].to_numpy(float).T - line["mean"].to_numpy(float))
            axes.errorbar(range(len(names)), line["mean"], yerr=bars, color=colour, linewidth=0, elinewidth=1.0)
    axes.set_xticks(range(len(names)), labels=[_short(name) for name in names])
    reached = [
        stays["mean"],
        *(stays.loc[stays["lever"] == lever, ends] for lever in list(colours)[:1] for ends in ("low", "high")),
    ]
    low, high = float(min(numbers.min() for numbers in reached)), float(max(numbers.max() for numbers in reached))
    axes.set_ylim(*style.zoomed(low, high, 20.0, 80.0))
    style.dress(axes, say("how long they have been there"), style.unit_words("20-80"))


def _short(group: str) -> str:
    """Break the name of a group into two lines, so that it fits under its mark."""
    words = group.removeprefix("here ").split()
    half = len(words) // 2
    return f"{' '.join(words[:half])}\n{' '.join(words[half:])}"


def _legend(figure: Figure, colours: dict[str, str], usual: str, has_others: bool) -> None:
    handles: list[Artist] = [
        Line2D([], [], color=colour, linewidth=1.6, linestyle=_dashes(lever, colours), label=lever)
        for lever, colour in colours.items()
    ]
    if has_others:
        handles.append(Line2D([], [], color=style.RULE, linewidth=1.0, label=say("other policies")))
    handles.append(Patch(color=style.BLACK, alpha=0.12, linewidth=0, label=say("95 % interval ({usual})", usual=usual)))
    note = say(
        "Shares count everybody for as long as he or she was followed (Kaplan-Meier); loneliness is that at the end of "
        "the runs, of different people in each group."
    )
    style.legend(figure, handles, note, columns=None)
