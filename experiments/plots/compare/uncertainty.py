"""Chance and ignorance: which scenario is best over draws of parameters, and what an effect's variance comes from."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import effects, style
from experiments.plots.frames import require
from experiments.statistics.uncertainty import Flip, Ranking, Split
from sim.outcomes.catalogue import OUTCOMES

IGNORANCE, CHANCE = style.ORANGE, "#CFCFCF"
FLIPS: Final = 3
"""Largest number of scenarios to name that change places with the best scenario in some draws."""


def ranking_plot(ranking: Ranking, *, outcome: str = "loneliness_ucla20") -> Figure:
    """Draw how often each scenario is best and its mean place, over draws of the uncertain parameters.

    Parameters
    ----------
    ranking : Ranking
        From `experiments.statistics.uncertainty.ranking`; its `places` has columns `scenario`, `share_best`,
        `mean_place`.
    outcome : str
        Outcome by which the scenarios were ranked, for the title.
    """
    places = ranking.places
    require(places, ["scenario", "share_best", "mean_place"])
    names = effects.scenarios_of(places)
    flips = [flip for flip in ranking.flips if ranking.default_order[0] in (flip.first, flip.second)][:FLIPS]
    figure = style.figure(9.6, 2.5 + 0.3 * len(names) + 0.18 * len(flips))
    left, right = figure.subplots(1, 2, sharey=True)
    best = 100.0 * places["share_best"].to_numpy(float)
    left.set_xlim(0, 112)
    right.set_xlim(0.6, len(names) + 0.4)
    for axes in (left, right):
        effects.rows(axes, [effects.short(name) for name in names])
    left.barh(range(len(names)), best, 0.62, color=style.BLUE, linewidth=0, zorder=2)
    for y, share in enumerate(best):
        number = left.annotate(_percent(share), (share, y), (4, 0), textcoords="offset points", va="center")
        number.set_fontsize(style.SMALL)
    right.plot(np.arange(1, len(names) + 1), range(len(names)), marker="|", markersize=11, linestyle="none",
               color=style.MUTED, markeredgewidth=1.6, zorder=2)  # fmt: skip
    right.plot(places["mean_place"], range(len(names)), marker="o", markersize=6.5, linestyle="none", color=style.BLUE,
               zorder=3)  # fmt: skip
    left.set_xticks(range(0, 101, 20))
    right.locator_params(axis="x", integer=True, nbins=min(10, len(names)))
    style.dress_rows(left, f"share of {ranking.draws} draws in which it is best (%)")
    style.dress_rows(right, "place (1 is best)")
    label = OUTCOMES[outcome].label
    style.heading(left, "How often best", f"by {style.lowered(label)}")
    style.heading(right, "Mean place over draws", "rows: the order at the default parameters")
    handles = [
        Line2D([], [], marker="o", markersize=6.5, linestyle="none", color=style.BLUE, label="mean place over draws"),
        Line2D([], [], marker="|", markersize=11, linestyle="none", color=style.MUTED, markeredgewidth=1.6,
               label="place at the default parameters"),
    ]  # fmt: skip
    made = style.legend(figure, handles, _ranking_note(ranking), columns=None)
    lines = [made.get_title().get_text(), *(style.wrapped(_flip_words(flip), figure.get_figwidth()) for flip in flips)]
    made.set_title("\n".join(lines))
    return style.finish(figure)


def split_bars(splits: Sequence[Split], *, outcome: str = "loneliness_ucla20") -> Figure:
    """Draw each policy's effect with its uncertainty, and how much of the uncertainty is chance and how much ignorance.

    Parameters
    ----------
    splits : sequence of Split
        From `experiments.statistics.uncertainty.split`, all for the same outcome.
    outcome : str
        Name of that outcome; it gives the unit and the better direction.

    Raises
    ------
    ValueError
        When there is no split, or the outcome is unknown.
    """
    if not splits:
        raise ValueError("there is no scenario to draw")
    if outcome not in OUTCOMES:
        raise ValueError(f"no outcome is named {outcome}")
    about = OUTCOMES[outcome]
    sign = 1.0 if about.better == "lower" else -1.0
    order = sorted(splits, key=lambda each: (np.isnan(each.effect), sign * np.nan_to_num(each.effect), each.scenario))
    figure = style.figure(10.6, 2.4 + 0.32 * len(order))
    left, right = figure.subplots(1, 2, sharey=True)
    _effects(left, order, about.unit)
    for y, each in enumerate(order):
        _bar(right, y, each)
    right.set_xlim(0, 100)
    effects.rows(right, [effects.short(each.scenario) for each in order])
    style.dress_rows(left, f"difference in {effects.unit_words(about.unit)}")
    style.dress_rows(right, "share of the variance between pairs of runs (%)")
    style.heading(left, f"Effect: {about.label}", " ")
    effects.directions(left, about.better)
    style.heading(right, "Chance and unmeasured numbers", "why pairs of runs differ")
    _split_legend(figure, order)
    return style.finish(figure)


def _effects(axes: Axes, order: Sequence[Split], unit: str) -> None:
    """Draw effects with their 95 % interval and, thinner, the range of effects at other parameters."""
    by = effects.factor(unit)
    ends = [by * end for each in order for end in (each.low, each.high, each.predicted_low, each.predicted_high)]
    axes.set_xlim(*effects.reach([by * each.effect for each in order], ends, effects.span(unit)))
    effects.rows(axes, [effects.short(each.scenario) for each in order])
    look = effects.Look(style.INK, "o", True, "")
    for y, each in enumerate(order):
        effects.bar(axes, y, by * each.predicted_low, by * each.predicted_high, style.ORANGE, 1.2)
        effects.bar(axes, y, by * each.low, by * each.high, style.INK, 3.0)
        effects.dot(axes, y, by * each.effect, look)


def _bar(axes: Axes, y: int, each: Split) -> None:
    """Draw the shares of a variance as a bar of 100 %, or write why they are unknown."""
    share = 100.0 * each.share_ignorance
    if np.isnan(share):
        alone = np.isnan(each.chance)
        why = "one replicate per draw: not known" if alone else "every pair differs by the same"
        axes.text(2, y, why, va="center", fontsize=style.SMALL, color=style.MUTED, fontstyle="italic", zorder=3)
        return
    axes.barh(y, share, 0.62, color=IGNORANCE, linewidth=0, zorder=2)
    axes.barh(y, 100.0 - share, 0.62, left=share, color=CHANCE, linewidth=0, zorder=2)
    words = "no sign of unmeasured numbers" if each.truncated else f"{_percent(share)} unmeasured"
    axes.text(min(share + 1.5, 74.0), y, words, va="center", fontsize=style.SMALL, color=style.INK, zorder=3)


def _split_legend(figure: Figure, order: Sequence[Split]) -> None:
    handles = [
        Line2D([], [], color=style.INK, linewidth=3.0, marker="o", label="mean effect, 95 % interval"),
        Line2D([], [], color=style.ORANGE, linewidth=1.2, label="95 % of effects at parameters drawn anew"),
        Patch(facecolor=IGNORANCE, linewidth=0, label="unmeasured numbers: more replicates do not help"),
        Patch(facecolor=CHANCE, linewidth=0, label="chance: more replicates average it out"),
    ]
    draws = max(each.draws for each in order)
    note = (
        f"Difference: scenario minus {order[0].base} (the vertical line). {draws} draws of the parameters that nobody "
        "has measured. Effects differ between draws because of these numbers, and between runs of one draw by chance."
    )
    style.legend(figure, handles, note, columns=None)


def _percent(share: float) -> str:
    return "under 1 %" if 0.0 < share < 1.0 else f"{share:.0f} %"


def _ranking_note(ranking: Ranking) -> str:
    chance = "" if np.isnan(ranking.share_by_chance) else (
        f"; by chance alone it would be in {_percent(100.0 * ranking.share_by_chance)}"
    )  # fmt: skip
    return (
        "A draw is one choice of the parameters that nobody knows exactly. In "
        f"{_percent(100.0 * ranking.share_differs)} of the draws the order is another than at the default "
        f"parameters{chance}. A share of draws is not a probability unless the ranges drawn from are."
    )


def _flip_words(flip: Flip) -> str:
    """Return a sentence: which scenario overtakes the other, how often, and which parameter decides."""
    text = f"{flip.second} does better than {flip.first} in {_percent(100.0 * flip.share_reversed)} of the draws"
    if not flip.parameter:
        return f"{text}; no single parameter explains when."
    side = "above" if flip.correlation > 0.0 else "below"
    return f"{text}, mostly with {flip.parameter} {side} {flip.switch:.3g}."
