"""Outcomes over time side by side: a block for each outcome, a panel for each scenario, the base in every panel."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import series, style
from experiments.plots.blocks import Block, blocks
from experiments.plots.effects import scenarios_of, short
from experiments.plots.frames import require
from sim.outcomes.catalogue import OUTCOMES, PRIMARY, Outcome

WIDEST: Final = 6
"""Largest number of panels in a row; more scenarios take further rows of the same outcome."""
BASE_DASHES: Final = (0, (4, 1.6))


def outcome_fans(
    daily: pd.DataFrame, outcomes: Sequence[str] = PRIMARY, *, scenarios: Sequence[str] | None = None
) -> Figure:
    """Draw outcomes against time, with the scenarios beside each other on the same scale.

    With more than `WIDEST` scenarios each outcome takes several rows of panels.

    Parameters
    ----------
    daily : DataFrame
        Columns `scenario`, `replicate`, `centre`, `day` and a column for each outcome; with several centres also
        `users`. The first scenario is the base.
    outcomes : sequence of str
        Names in `sim.outcomes.catalogue.OUTCOMES`.
    scenarios : sequence of str, optional
        Scenarios to draw beside the base, in this order; all when not given.

    Raises
    ------
    ValueError
        When a column, a row, an outcome or a scenario is missing.
    """
    require(daily, ["scenario", "replicate", "centre", "day", *outcomes])
    series.require_outcomes(outcomes)
    base, *others = scenarios_of(daily)
    if scenarios is not None:
        if absent := [name for name in scenarios if name not in others]:
            raise ValueError(f"no scenario beside {base} is named {', '.join(absent)}; there are {', '.join(others)}")
        others = list(scenarios)
    frames = {name: daily[daily["scenario"] == name] for name in (base, *others)}
    titles = [f"{OUTCOMES[name].label}: {series.reading(OUTCOMES[name])}" for name in outcomes]
    figure, parts = blocks(titles, len(frames), WIDEST, (2.25, 1.75 if len(frames) > WIDEST else 2.1))
    cuts = [_block(part, frames, OUTCOMES[name]) for part, name in zip(parts, outcomes, strict=True)]
    style.legend(figure, _handles(base, frames, any(cuts)), _note(base, frames), columns=None)
    return style.finish(figure)


def _block(part: Block, frames: dict[str, pd.DataFrame], outcome: Outcome) -> bool:
    """Draw an outcome of all scenarios on the same scale; return whether the cut-off is in sight."""
    curves = {name: series.replicate_series(frame, outcome) for name, frame in frames.items()}
    mean_of_base = next(iter(curves.values())).mean(axis=1)
    colour = style.OUTCOME_COLOURS.get(outcome.name, style.INK)
    first, last = (min(f["day"].min() for f in frames.values()), max(f["day"].max() for f in frames.values()))
    begin = series.first_date(next(iter(frames.values())))
    spans = []
    for number, (axes, (name, each)) in enumerate(zip(part.panels, curves.items(), strict=True)):
        spans.append(series.curve(axes, each, colour, series.BANDS))
        axes.plot(mean_of_base.index, mean_of_base, color=style.INK, linewidth=1.0, linestyle=BASE_DASHES, zorder=3)
        _dress(axes, number, name, part, outcome, "day" if begin is None else "")
        series.day_axis(axes, first, last, begin, 4)
    lows, highs = zip(*spans, strict=True)
    for axes in part.panels:
        axes.set_ylim(*series.limits(min(lows), max(highs), outcome))
    cuts = [series.mark_cutoff(axes, outcome) for axes in part.panels]
    return any(cuts)


def _dress(axes: Axes, number: int, name: str, part: Block, outcome: Outcome, clock: str) -> None:
    """Label a panel: the scenario above, the unit at the left of a row, `clock` below the lowest panels."""
    left, lowest = part.is_left(number), part.is_lowest(number)
    series.value_axis(axes, outcome, 5)
    style.dress(axes, clock if lowest else "", series.axis_unit(outcome) if left else "")
    axes.tick_params(labelleft=left, labelbottom=lowest)
    title = f"{short(name)} (base)" if number == 0 else short(name)
    axes.set_title(title, fontsize=style.SMALL, color=style.INK, loc="left", fontweight="bold" if number == 0 else None)


def _handles(base: str, frames: dict[str, pd.DataFrame], cut: bool) -> list[Artist]:
    """Return the legend entries of lines, bands and, where it is in sight, the cut-off."""
    number = max(frame["replicate"].nunique() for frame in frames.values())
    mean = "one replicate" if number == 1 else "mean of replicates"
    lines: list[Artist] = [
        Line2D([], [], color=style.MUTED, linewidth=1.8, label=mean),
        Line2D([], [], color=style.INK, linewidth=1.0, linestyle=BASE_DASHES, label=f"{short(base, 40, 1)} (base)"),
    ]
    return lines + series.handles(number, cut)


def _note(base: str, frames: dict[str, pd.DataFrame]) -> str:
    """Return the note on the dashed line, the replicates, and the mean over centres."""
    counts = np.array([frame["replicate"].nunique() for frame in frames.values()])
    parts = [f"The dashed line is the mean of {base}, the same in every panel of an outcome."]
    if counts.max() == 1:
        parts.append(series.ONE_ONLY)
    else:
        many = f"{counts.max()}" if counts.min() == counts.max() else f"{counts.min()} to {counts.max()}"
        parts.append(f"{many} replicates: the same scenario under different chance.")
        if counts.min() < series.FEW:
            parts.append(series.FEW_ONLY)
    if (centres := max(frame["centre"].nunique() for frame in frames.values())) > 1:
        parts.append(f"Mean over {centres} centres, weighted by users (of what is counted by the day, the plain mean).")
    return " ".join(parts)
