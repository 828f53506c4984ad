"""Outcomes over time: the level under every scenario, and beside it the paired difference of each from the base."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from experiments.plots import effects, series, style, text, times, widths
from experiments.plots.blocks import Block, blocks
from experiments.plots.effects import scenarios_of, short
from experiments.plots.frames import require
from experiments.statistics.intervals import TAILS
from experiments.statistics.numbers import beside
from experiments.statistics.verdict import FEWEST, sound_intervals
from sim.errors import InputError
from sim.language import say, term
from sim.outcomes.catalogue import OUTCOMES, PRIMARY, Outcome

SMALL_PANEL: Final = (1.9, 1.6)
"""Size of a panel on a slide or in a journal, in inches: in one column, two stand side by side."""
WIDEST: Final = 5
"""Largest number of panels in a row; more scenarios take further rows of the same outcome."""
FEW_LINES: Final = 5
"""With more scenarios than this beside the base, the panel of levels draws them alike, in a pale colour."""
PALE: Final[style.Keywords] = {"color": "#B5B5B5", "linestyle": "solid"}
BASE: Final[style.Keywords] = {"color": style.INK, "linewidth": 2.0, "linestyle": (0, (4, 1.6))}
PAIRS, MEAN = 0.14, 0.34
"""Opacity of the band of pairs and of the band of the mean."""
Timelines = Mapping[str, pd.DataFrame]


def outcome_fans(
    daily: pd.DataFrame,
    outcomes: Sequence[str] = PRIMARY,
    *,
    scenarios: Sequence[str] | None = None,
    timelines: Timelines | None = None,
    small: Mapping[str, float] | None = None,
) -> Figure:
    """Draw outcomes against time: on the left the means of all scenarios, then a panel for each difference.

    A difference is that of a pair of runs under the same seed, so chance that both share is not in it.

    Parameters
    ----------
    daily : DataFrame
        Columns `scenario`, `replicate`, `centre`, `day` and a column for each outcome; with several centres also
        `users`. The first scenario is the base.
    outcomes : sequence of str
        Names in `sim.outcomes.catalogue.OUTCOMES`.
    scenarios : sequence of str, optional
        Scenarios to draw beside the base, in this order; all when not given.
    timelines : mapping of str to DataFrame, optional
        By scenario, when its policies begin and end (`experiments.plots.times.mark`).
    small : mapping of str to float, optional
        By outcome, the size below which a difference is small (`experiments.plots.effects.small_of_each`).

    Raises
    ------
    InputError
        When a column, a row, an outcome or a scenario is missing.
    """
    require(daily, ["scenario", "replicate", "centre", "day", *outcomes])
    series.require_outcomes(outcomes)
    base, *others = scenarios_of(daily)
    if scenarios is not None:
        if absent := [name for name in scenarios if name not in others]:
            raise InputError(f"no scenario beside {base} is named {', '.join(absent)}; there are {', '.join(others)}")
        others = list(scenarios)
    frames = {name: daily[daily["scenario"] == name] for name in (base, *others)}
    titles = [text.labelled(term(OUTCOMES[name].label), series.reading(OUTCOMES[name])) for name in outcomes]
    figure, parts = blocks(titles, len(frames), WIDEST, SMALL_PANEL if widths.is_bounded() else (2.6, 2.3))
    seen = [
        _block(part, frames, OUTCOMES[name], timelines or {}, (small or {}).get(name, np.nan))
        for part, name in zip(parts, outcomes, strict=True)
    ]
    marked = next((timelines[name] for name in others if timelines and len(timelines.get(name, ()))), None)
    style.legend(
        figure,
        [*_handles(frames), *([effects.small_handle()] if any(seen) else []), *times.handles(marked)],
        _note(base, frames),
        columns=None,
    )
    return style.finish(figure)


def _block(
    part: Block, frames: Mapping[str, pd.DataFrame], outcome: Outcome, timelines: Timelines, small: float
) -> bool:
    """Draw an outcome: its levels in the first panel, and differences from the base, on one scale, in the others.

    Returns whether the edge of small differences is in sight.
    """
    curves = {name: series.replicate_series(frame, outcome) for name, frame in frames.items()}
    base, *others = curves
    days = (min(f["day"].min() for f in frames.values()), max(f["day"].max() for f in frames.values()))
    begin = series.first_date(frames[base])
    level, *panels = part.panels
    _levels(level, curves, outcome)
    reached = [
        _difference(axes, curves[name], curves[base], outcome) for axes, name in zip(panels, others, strict=True)
    ]
    reached = [(low, high) for low, high in reached if np.isfinite([low, high]).all()]
    scale = effects.LEAST * effects.span(outcome.unit)
    low, high = (
        min([-0.5 * scale, *(each[0] for each in reached)]),
        max([0.5 * scale, *(each[1] for each in reached)]),
    )
    for number, (axes, name) in enumerate(zip(part.panels, curves, strict=True)):
        if number:
            axes.set_ylim(low - 0.06 * (high - low), high + 0.06 * (high - low))
        series.day_axis(axes, *days, begin, 4)
        _dress(axes, number, name, part, outcome, say("day") if begin is None else "")
        times.mark(axes, timelines.get(name), named=False)
    size = effects.factor(outcome.unit) * small
    seen = [effects.mark_small(axes, size, is_upward=True) for axes in panels]
    return any(seen)


def _levels(axes: Axes, curves: Mapping[str, pd.DataFrame], outcome: Outcome) -> None:
    """Draw the mean of every scenario."""
    base, *others = curves.values()
    means = [each.mean(axis=1) for each in (base, *others)]
    for number, mean in enumerate(means[1:]):
        look = style.series_look(number) if len(others) <= FEW_LINES else PALE
        axes.plot(mean.index, mean, linewidth=1.3, marker="o" if len(mean) == 1 else None, **look)
    axes.plot(means[0].index, means[0], zorder=3, marker="o" if len(means[0]) == 1 else None, **BASE)
    known = pd.concat(means).dropna()
    if len(known):
        axes.set_ylim(*series.limits(float(known.min()), float(known.max()), outcome))
    series.mark_cutoff(axes, outcome)


def _difference(axes: Axes, other: pd.DataFrame, base: pd.DataFrame, outcome: Outcome) -> tuple[float, float]:
    """Draw the mean difference of pairs over time with its bands; return the lowest and highest value to show."""
    pairs = effects.factor(outcome.unit) * (other - base[base.columns.intersection(other.columns)]).dropna(
        axis=1, how="all"
    )
    mean = pairs.mean(axis=1)
    colour = style.OUTCOME_COLOURS.get(outcome.name, style.INK)
    axes.axhline(0.0, color=style.INK, linewidth=effects.BASE_LINE, zorder=1)
    axes.plot(mean.index, mean, color=colour, linewidth=1.8, zorder=3, marker="o" if len(mean) == 1 else None)
    ends = [mean]
    if pairs.shape[1] > 1:
        spread = pairs.quantile(list(TAILS), axis=1)
        axes.fill_between(mean.index, spread.iloc[0], spread.iloc[1], color=colour, alpha=PAIRS, linewidth=0)
        ends += [spread.iloc[0], spread.iloc[1]]
    if pairs.shape[1] >= FEWEST:
        low, high = sound_intervals(pairs.to_numpy(float))
        axes.fill_between(mean.index, low, high, color=colour, alpha=MEAN, linewidth=0)
        ends += [pd.Series(low), pd.Series(high)]
    values = pd.concat(ends).dropna()
    return (float(values.min()), float(values.max())) if len(values) else (np.nan, np.nan)


def _dress(axes: Axes, number: int, name: str, part: Block, outcome: Outcome, clock: str) -> None:
    """Label a panel: the scenario above, the unit at the left, `clock` below the lowest panels."""
    left, lowest = number < 2 or part.is_left(number), part.is_lowest(number)
    unit = series.axis_unit(outcome)
    if number:
        unit = say("difference in {unit}", unit=effects.unit_words(outcome.unit))
        axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    else:
        series.value_axis(axes, outcome, 5)
    style.dress(axes, clock if lowest else "", style.wrapped(unit, 1.7, style.TEXT) if left else "")
    axes.tick_params(labelleft=left, labelbottom=lowest)
    title = short(name, 17) if widths.is_narrow() else short(name)
    if number == 0:
        title = say("Level under every scenario") if len(part.panels) > 1 else text.base_of(title)
    axes.set_title(title, fontsize=style.SMALL, color=style.INK, loc="left", fontweight="bold" if number == 0 else None)


def _handles(frames: Mapping[str, pd.DataFrame]) -> list[Artist]:
    """Return the legend entries of lines and bands."""
    base, *others = frames
    made: list[Artist] = [Line2D([], [], label=text.base_of(short(base, 40, 1)), **BASE)]
    if len(others) <= FEW_LINES:
        made += [
            Line2D([], [], linewidth=1.3, label=short(name, 40, 1), **style.series_look(number))
            for number, name in enumerate(others)
        ]
    else:
        made.append(Line2D([], [], linewidth=1.3, label=say("each other scenario"), **PALE))
    if others:
        made.append(Line2D([], [], color=style.MUTED, linewidth=1.8, label=say("difference: mean of the pairs")))
    pairs = max((frame["replicate"].nunique() for name, frame in frames.items() if name != base), default=0)
    if pairs > 1:
        made.append(Patch(color=style.MUTED, alpha=PAIRS, linewidth=0, label=say("middle 95 % of the pairs")))
    if pairs >= FEWEST:
        made.append(Patch(color=style.MUTED, alpha=MEAN, linewidth=0, label=say("95 % interval of their mean")))
    return made


def _note(base: str, frames: Mapping[str, pd.DataFrame]) -> str:
    """Return the note on differences, replicates, and the mean over centres."""
    counts = [frame["replicate"].nunique() for frame in frames.values()]
    parts = [
        say(
            "Differences are those of pairs of runs under the same chance, scenario less {base} (the line at 0).",
            base=base,
        )
    ]
    if max(counts) == 1:
        parts.append(str(series.ONE_ONLY))
    else:
        parts.append(say("Replicates of each scenario: {number}.", number=text.from_to(min(counts), max(counts))))
        parts.append(say("At a single day an interval holds for that day alone."))
        if max(counts) < FEWEST:
            parts.append(say("Fewer than {fewest} pairs are too few for an interval.", fewest=FEWEST))
    if (centres := max(frame["centre"].nunique() for frame in frames.values())) > 1:
        parts.append(
            say(
                "Mean over {centres} centres, weighted by users; of what is counted by the day, the plain mean "
                "per centre.",
                centres=centres,
            )
        )
    return beside(*parts)
