"""Chance and ignorance: which scenario is best over draws of parameters, and what an effect's variance comes from."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import effects, style, text, widths
from experiments.plots.frames import require
from experiments.statistics.numbers import beside, clauses
from experiments.statistics.orders import Flip, Ranking
from experiments.statistics.uncertainty import Split
from experiments.statistics.verdict import FEWEST
from sim.errors import InputError
from sim.language import say, term
from sim.outcomes.catalogue import OUTCOMES

IGNORANCE: Final[style.Keywords] = {"facecolor": style.ORANGE, "edgecolor": "#8F5F00", "hatch": "///", "linewidth": 0.0}
CHANCE: Final[style.Keywords] = {"facecolor": "#DADADA", "linewidth": 0.0}
FLIPS: Final = 3
"""Largest number of scenarios to name that change places with the best scenario in some draws."""


def ranking_plot(rankings: Mapping[str, Ranking]) -> Figure:
    """Draw how often each scenario is best and its mean place, over draws of the uncertain parameters.

    Parameters
    ----------
    rankings : mapping of str to Ranking
        By outcome, from `experiments.statistics.orders.ranking`; each outcome gets a row of panels. The `places` of a
        ranking have columns `scenario`, `share_best`, `mean_place`.

    Raises
    ------
    InputError
        When there is no ranking, an outcome is unknown, or `places` lacks a column.
    """
    _known(rankings)
    flips = {name: _flips_of_the_best(ranking) for name, ranking in rankings.items()}
    rows = [len(ranking.places) for ranking in rankings.values()]
    words = sum(map(len, flips.values())) + len(rankings)
    room, line = (1.8, 0.26) if widths.is_narrow() else (1.3, 0.18)  # for headings, and for a sentence of the note
    heights = [room + 0.3 * each for each in rows]
    figure = style.figure(9.6, 1.2 + sum(heights) + line * words)
    grid = figure.subplots(len(rankings), 2, sharey="row", squeeze=False, height_ratios=heights)
    for (left, right), (name, ranking) in zip(grid, rankings.items(), strict=True):
        _places(left, right, ranking, name)
    handles = [
        Line2D([], [], marker="o", markersize=6.5, linestyle="none", color=style.BLUE, label=say(
            "mean place over draws"
        )),
        Line2D([], [], marker="|", markersize=11, linestyle="none", color=style.MUTED, markeredgewidth=1.6,
               label=say("place at the default parameters")),
    ]  # fmt: skip
    made = style.legend(figure, handles, _ranking_note(rankings), columns=None)
    wide = figure.get_figwidth()
    lines = [style.wrapped(_flip_words(flip, name), wide) for name, mine in flips.items() for flip in mine]
    made.set_title("\n".join([made.get_title().get_text(), *lines]))
    return style.finish(figure)


def _known(by_outcome: Mapping[str, object]) -> None:
    if not by_outcome:
        raise InputError("there is no outcome to draw")
    for name in by_outcome:
        if name not in OUTCOMES:
            raise InputError(f"no outcome is named {name}")


def _flips_of_the_best(ranking: Ranking) -> list[Flip]:
    if ranking.draws < FEWEST:
        return []
    return [flip for flip in ranking.flips if ranking.default_order[0] in (flip.first, flip.second)][:FLIPS]


def _places(left: Axes, right: Axes, ranking: Ranking, outcome: str) -> None:
    """Draw how often each scenario is best, and its mean place, for one outcome."""
    places = ranking.places
    require(places, ["scenario", "share_best", "mean_place"])
    names = effects.scenarios_of(places)
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
    style.dress_rows(left, say("share of {draws} draws in which it is best (%)", draws=ranking.draws))
    style.dress_rows(right, say("place (1 is best)"))
    style.heading(left, say("How often best"), say("by {label}", label=style.lowered(OUTCOMES[outcome].label)))
    style.heading(right, say("Mean place over draws"), say("rows: the order at the default parameters"))


def split_bars(splits: Mapping[str, Sequence[Split]], *, small: Mapping[str, float] | None = None) -> Figure:
    """Draw each policy's effects with their uncertainty, and how much of it is chance and how much ignorance.

    Parameters
    ----------
    splits : mapping of str to sequence of Split
        By outcome, from `experiments.statistics.uncertainty.split`; each outcome gets a row of panels.
    small : mapping of str to float, optional
        By outcome, the size below which an effect is small (`experiments.plots.effects.small_of_each`).

    Raises
    ------
    InputError
        When there is no split, or an outcome is unknown.
    """
    _known(splits)
    if not all(splits.values()):
        raise InputError("there is no scenario to draw")
    first = next(iter(splits))
    names = [each.scenario for each in splits[first]]
    figure = style.figure(10.6, 1.4 + (1.2 + 0.32 * len(names)) * len(splits))
    seen = []
    for (left, right), (name, rows) in zip(
        figure.subplots(len(splits), 2, sharey="row", squeeze=False), splits.items(), strict=True
    ):
        about, order = OUTCOMES[name], sorted(rows, key=lambda each: names.index(each.scenario))
        _effects(left, order, about.unit)
        seen.append(effects.mark_small(left, effects.factor(about.unit) * (small or {}).get(name, np.nan)))
        for y, each in enumerate(order):
            _bar(right, y, each)
        right.set_xlim(0, 100)
        effects.rows(right, [effects.short(each.scenario) for each in order])
        style.dress_rows(left, say("difference in {unit}", unit=effects.unit_words(about.unit)))
        style.dress_rows(right, say("share of the variance between pairs of runs (%)"))
        style.heading(left, say("Effect: {label}", label=term(about.label)), " ")
        effects.directions(left, about.better)
        style.heading(right, say("Chance and unmeasured numbers"), say("why pairs of runs differ"))
    _split_legend(figure, splits[first], any(seen))
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
    if np.isnan(share) or each.draws < FEWEST:
        axes.text(2, y, _why(each), va="center", fontsize=style.SMALL, color=style.MUTED, fontstyle="italic", zorder=3)
        return
    axes.barh(y, share, 0.62, zorder=2, **IGNORANCE)
    axes.barh(y, 100.0 - share, 0.62, left=share, zorder=2, **CHANCE)
    words = say(
        "{share} ({share_low:.0f} to {share_high:.0f} %) unmeasured",
        share=_percent(share),
        share_low=100.0 * each.share_low,
        share_high=100.0 * each.share_high,
    )
    if widths.is_narrow():  # the colours, which the legend explains, say the rest
        words = say(
            "{share} ({share_low:.0f} to {share_high:.0f} %)",
            share=_percent(share), share_low=100.0 * each.share_low, share_high=100.0 * each.share_high,
        )  # fmt: skip
    note = axes.text(min(share + 1.5, 50.0), y, words, va="center", fontsize=style.SMALL, color=style.INK, zorder=3)
    note.set_bbox({"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.2, "alpha": 0.85})


def _why(each: Split) -> str:
    """Return why the shares of a variance are unknown."""
    if not each.differ and each.draws >= FEWEST:
        return say("no difference seen")
    if np.isnan(each.chance):
        return say("one replicate per draw: not known")
    if each.draws < FEWEST:
        return say("too few draws to say")
    if each.differ < FEWEST:
        return say("too few draws differ to say")
    return say("no more than chance between draws") if each.truncated else say("every pair differs by the same")


def _split_legend(figure: Figure, order: Sequence[Split], has_small: bool) -> None:
    handles: list[Artist] = [
        Line2D([], [], color=style.INK, linewidth=3.0, marker="o", label=say("mean effect, 95 % interval")),
        Line2D([], [], color=style.ORANGE, linewidth=1.2, label=say("95 % of effects at parameters drawn anew")),
        Patch(**IGNORANCE, label=say("unmeasured numbers: more replicates do not help")),
        Patch(**CHANCE, label=say("chance: more replicates average it out")),
    ]
    handles += [effects.small_handle()] if has_small else []
    draws = max(each.draws for each in order)
    note = say(
        "Difference: scenario minus {base} (the vertical line). {draws} draws of the parameters that nobody has "
        "measured, each under its own seeds. Effects differ between draws because of these numbers, and between "
        "runs of one draw by chance.",
        base=order[0].base,
        draws=draws,
    )
    style.legend(figure, handles, note, columns=None)


def _percent(share: float) -> str:
    return say("under 1 %") if 0.0 < share < 1.0 else say("{share:.0f} %", share=share)


def _ranking_note(rankings: Mapping[str, Ranking]) -> str:
    differ = clauses(
        text.labelled(style.lowered(OUTCOMES[name].label), _of_draws(ranking.share_differs, ranking.share_by_chance))
        for name, ranking in rankings.items()
    )
    a_draw = say("A draw is one choice of the parameters that nobody knows exactly, with runs under its own seeds.")
    if any(ranking.draws < FEWEST for ranking in rankings.values()):
        few = say("Fewer than {fewest} draws are too few to say how often a ranking changes.", fewest=FEWEST)
        return beside(a_draw, few)
    return beside(
        a_draw,
        say("Draws with another order than at the default parameters: {differ}.", differ=differ),
        say("A share of draws is not a probability unless the ranges drawn from are."),
    )


def _of_draws(share: float, by_chance: float) -> str:
    """Return a share of draws in words, with the share that chance alone would give where it is known."""
    if np.isnan(by_chance):
        return _percent(100.0 * share)
    return say(
        "{share} of the draws (by chance alone {by_chance})",
        share=_percent(100.0 * share),
        by_chance=_percent(100.0 * by_chance),
    )


def _flip_words(flip: Flip, outcome: str) -> str:
    """Return sentences: which scenario overtakes the other, how often, and which parameter decides."""
    often = say(
        "By {label}, {second} does better than {first} in {share}.",
        label=style.lowered(OUTCOMES[outcome].label),
        second=flip.second,
        first=flip.first,
        share=_of_draws(flip.share_reversed, flip.share_by_chance),
    )
    if not flip.parameter:
        return beside(often, say("No single parameter explains when, beyond chance."))
    if flip.correlation > 0.0:
        where = say("This is mostly where {parameter} is high.", parameter=flip.parameter)
    else:
        where = say("This is mostly where {parameter} is low.", parameter=flip.parameter)
    return beside(often, where)
