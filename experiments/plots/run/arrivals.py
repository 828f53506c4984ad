"""Newcomers of a run: the share who have found a first friend and a first confidant, by days since arrival."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import style
from experiments.plots.frames import require, require_one_scenario
from experiments.statistics.numbers import beside
from experiments.statistics.verdict import FEWEST
from experiments.statistics.waits import Waits, share_found, share_interval
from sim.errors import InputError
from sim.language import later, say

COLUMNS: Final = ("replicate", "arrived", "left", "first_friend", "first_confidant")
EVENTS: Final = {"first_friend": later("A first friend"), "first_confidant": later("A first confidant")}
LOOKS: Final = {"first_friend": style.series_look(0), "first_confidant": style.series_look(1)}
SEED, RESAMPLES = 0, 300
POINTS: Final = 120
"""Most points of a curve."""


def first_ties(users: pd.DataFrame, *, days: int | None = None) -> Figure:
    """Draw the share of newcomers with a first friend and a first confidant by days since arrival (Kaplan-Meier).

    Parameters
    ----------
    users : DataFrame
        A row for each user ever enrolled: `replicate`, `arrived` and `left` (day; `left` below 0 or missing for those
        who stay), `first_friend` and `first_confidant` (day; below 0 or missing if none yet).
    days : int, optional
        Length of the runs; by default the day of the last event in the frame.

    Raises
    ------
    InputError
        When a column is missing, or nobody came during the runs.
    """
    require(users, COLUMNS)
    require_one_scenario(users)
    new = users[users["arrived"] > 0.0]
    if new.empty:
        raise InputError("there is no newcomer to draw")
    number = users["replicate"].nunique()
    last = float(days - 1 if days else np.nanmax(users[["arrived", "left", "first_friend", "first_confidant"]]))
    figure = style.figure(7.4, 4.8)
    axes = figure.subplots()
    longest = 1.0
    for event, look in LOOKS.items():
        waits = _waits(new, event, last, number)
        end = _end(waits)
        longest = max(longest, end)
        at = np.unique(np.linspace(0.0, end, POINTS).round())
        share = 100.0 * share_found(waits, at)
        if number >= FEWEST:
            low, high = (100.0 * end for end in share_interval(waits, at, SEED, RESAMPLES))
            axes.fill_between(at, low, high, color=look["color"], alpha=0.14, linewidth=0, step="post")
        axes.step(at, share, where="post", linewidth=1.8, **look)
    axes.set_xlim(0.0, longest)
    axes.set_ylim(0.0, 100.0)
    style.dress(axes, say("days since arrival"), say("share (%)"))
    style.heading(axes, say("Newcomers who have found one"), say("newcomers: {number}", number=len(new)))
    _legend(figure, number, len(new) >= FEWEST)
    return style.finish(figure)


def _end(waits: Waits) -> float:
    """Return the last day on which `FEWEST` people are still followed; of fewer people, the last day of all."""
    longest_first = np.sort(waits.days)[::-1]
    return float(longest_first[FEWEST - 1 if len(longest_first) >= FEWEST else 0])


def _waits(new: pd.DataFrame, event: str, last: float, replicates: int) -> Waits:
    """Return newcomers' waits for an event, until it, their leaving or the last day."""
    arrived = new["arrived"].to_numpy(float)
    met = new[event].to_numpy(float)
    happened = np.isfinite(met) & (met >= 0.0)
    left = new["left"].to_numpy(float)
    until = np.where(np.isfinite(left) & (left >= 0.0), np.minimum(left, last), last)
    waited = np.maximum(np.where(happened, met, until) - arrived, 0.0)
    return Waits(waited, happened, new["replicate"].factorize()[0].astype(np.int64), replicates)


def _legend(figure: Figure, replicates: int, is_cut: bool) -> None:
    handles: list[Artist] = [
        Line2D([], [], linewidth=1.8, label=str(words), **LOOKS[event]) for event, words in EVENTS.items()
    ]
    if replicates >= FEWEST:
        handles.append(Patch(color=style.MUTED, alpha=0.2, linewidth=0, label=say("95 % interval over runs")))
    few = say("Fewer than {fewest} replicates are too few for an interval.", fewest=FEWEST)
    note = beside(
        say("Everybody counts for as long as he or she was followed (Kaplan-Meier)."),
        say("The share holds for those who stay: leavers count until they leave."),
        say("A line ends where fewer than {fewest} are still followed.", fewest=FEWEST) if is_cut else "",
        few if replicates < FEWEST else "",
    )
    style.legend(figure, handles, note, columns=None)
