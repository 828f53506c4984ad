"""A policy at every point of a study: its difference or value with interval, and the limit at which it fails."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import effects, style, text
from experiments.plots.frames import require
from experiments.statistics.numbers import beside, clauses
from sim.language import later, say, term
from sim.outcomes.catalogue import OUTCOMES

FAILS, HOLDS = style.VERMILION, style.BLUE
KINDS: Final = {"difference": later("difference"), "value": later("value")}


def point_differences(judged: pd.DataFrame, outcome: str, limit: float, words: tuple[str, str, str]) -> Figure:
    """Draw the number that a rule judges at each point of the study, in rising order.

    Parameters
    ----------
    judged : DataFrame
        A row for each point: `judged`, `low`, `high`, `fails`, `clear` (`experiments.robustness.failure_rule`).
    limit : float
        Limit at which the lever fails, in the outcome's unit.
    words : (str, str, str)
        Name of the lever, condition under which it fails, and what is judged ("difference" or "value").
    """
    require(judged, ["judged", "low", "high", "fails", "clear"], "point")
    lever, rule, kind = words
    about = OUTCOMES[outcome]
    by = effects.factor(about.unit)
    rows = judged.sort_values("judged", kind="stable")
    x = np.arange(1, len(rows) + 1)
    figure = style.figure(9.6, 5.0)
    axes = figure.subplots()
    for fails, clear in ((False, True), (False, False), (True, True), (True, False)):
        here = (rows["fails"].to_numpy() == fails) & (rows["clear"].to_numpy() == clear)
        colour = FAILS if fails else HOLDS
        some = by * rows.loc[here, ["judged", "low", "high"]].to_numpy(float)
        axes.vlines(x[here], some[:, 1], some[:, 2], color=colour, linewidth=0.9, alpha=0.45, zorder=2)
        axes.plot(x[here], some[:, 0], **mark(fails, clear), zorder=3)
    axes.axhline(by * limit, color=style.INK, linewidth=1.1, linestyle=(0, (4, 2)), zorder=1)
    axes.set_ylim(*_limits(by * rows[["judged", "low", "high"]].to_numpy(float), by * limit))
    axes.set_xlim(0, len(rows) + 1)
    unit = effects.unit_words(about.unit) if kind == "difference" else style.unit_words(about.unit)
    style.dress(axes, say("points of the study, in rising order"), clauses([KINDS.get(kind, kind), unit]))
    style.heading(
        axes,
        text.labelled(effects.short(lever, 60, 1), term(about.label)),
        style.wrapped(
            say(
                "fails where {rule}",
                rule=rule,
            ),
            8.4,
        ),
    )
    handles = legend_marks(rows)
    handles.append(Line2D([], [], color=style.INK, linewidth=1.1, linestyle=(0, (4, 2)), label=say("limit")))
    note = say("Each mark is a point of the study: the mean over its replicates with the 95 % interval (a line).")
    bottom, top = axes.get_ylim()
    if (by * rows["low"] < bottom).any() or (by * rows["high"] > top).any():
        note = beside(note, say("Lines that reach the edge go on beyond it."))
    style.legend(figure, handles, note, columns=None)
    return style.finish(figure)


def mark(fails: bool, clear: bool, size: float = 5.0) -> style.Keywords:
    """Return the look of a point: colour and shape show whether it fails; it is filled when that is clear."""
    colour = FAILS if fails else HOLDS
    return {
        "linestyle": "none", "marker": "^" if fails else "o", "markersize": size, "color": colour,
        "markerfacecolor": colour if clear else style.PAPER, "markeredgecolor": colour, "markeredgewidth": 1.1,
    }  # fmt: skip


def legend_marks(judged: pd.DataFrame) -> list[Line2D]:
    """Return the legend entries of the kinds of points that occur."""
    kinds = set(zip(judged["fails"].tolist(), judged["clear"].tolist(), strict=True))
    words = {
        (True, True): say("fails, clear among all points"), (True, False): say("fails, maybe by chance"),
        (False, True): say("does not fail, clear among all points"), (False, False): say(
            "does not fail, maybe by chance"
        ),
    }  # fmt: skip
    return [Line2D([], [], label=text, **mark(*key)) for key, text in words.items() if key in kinds]


def _limits(values: np.ndarray, limit: float) -> tuple[float, float]:
    """Return a range that holds all means and the limit; very wide intervals are cut, so as not to flatten the rest."""
    means = np.append(values[:, 0], limit)
    low, high = float(means.min()), float(means.max())
    room = 0.75 * (high - low) or 1.0
    ends = values[np.isfinite(values)]
    return max(low - room, min(float(ends.min()), low) - 0.05 * room), min(
        high + room, max(float(ends.max()), high) + 0.05 * room
    )
