"""Outcomes over time side by side: one block an outcome, one panel a scenario, the base in all of them."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from experiments.plots import style
from experiments.plots.blocks import Block, blocks
from experiments.plots.compare.effects import scenarios_of, short
from experiments.plots.frames import require
from experiments.plots.run.curves import (
    BANDS,
    FEW,
    axis_unit,
    curve,
    day_axis,
    limits,
    mark_cutoff,
    reading,
    replicate_series,
)
from sim.outcomes.catalogue import OUTCOMES, PRIMARY, Outcome

WIDEST: Final = 6
"""Panels in a row; more scenarios are wrapped to further rows of the same outcome."""
BASE_DASHES: Final = (0, (4, 1.6))


def outcome_fans(
    daily: pd.DataFrame, outcomes: Sequence[str] = PRIMARY, *, scenarios: Sequence[str] | None = None
) -> Figure:
    """Draw outcomes against time, the scenarios beside each other on the same axes.

    With more than `WIDEST` scenarios each outcome takes several rows of panels.

    Parameters
    ----------
    daily : DataFrame
        Columns `scenario`, `replicate`, `centre`, `day` and one an outcome; `users` too when there are several centres.
        The first scenario is the base.
    outcomes : sequence of str
        Names in `sim.outcomes.catalogue.OUTCOMES`.
    scenarios : sequence of str, optional
        The only ones to draw beside the base, in this order; all when not given.

    Raises
    ------
    ValueError
        When a column, a row, an outcome or a scenario is missing.
    """
    require(daily, ["scenario", "replicate", "centre", "day", *outcomes])
    if not outcomes:
        raise ValueError("no outcome was named")
    if unknown := [name for name in outcomes if name not in OUTCOMES]:
        raise ValueError(f"no outcome is named {', '.join(unknown)}")
    base, *others = scenarios_of(daily)
    if scenarios is not None:
        if absent := [name for name in scenarios if name not in others]:
            raise ValueError(f"no scenario beside {base} is named {', '.join(absent)}; there are {', '.join(others)}")
        others = list(scenarios)
    frames = {name: daily[daily["scenario"] == name] for name in (base, *others)}
    titles = [f"{OUTCOMES[name].label}: {reading(OUTCOMES[name])}" for name in outcomes]
    figure, parts = blocks(titles, len(frames), WIDEST, (2.25, 1.75 if len(frames) > WIDEST else 2.1))
    cuts = [_block(part, frames, OUTCOMES[name]) for part, name in zip(parts, outcomes, strict=True)]
    style.legend(figure, _handles(base, frames, any(cuts)), _note(base, frames), columns=None)
    return style.finish(figure)


def _block(part: Block, frames: dict[str, pd.DataFrame], outcome: Outcome) -> bool:
    """Draw one outcome of all scenarios on one scale. Tells whether a cut-off is in sight."""
    series = {name: replicate_series(frame, outcome) for name, frame in frames.items()}
    mean_of_base = next(iter(series.values())).mean(axis=1)
    colour = style.OUTCOME_COLOURS.get(outcome.name, style.INK)
    spans = []
    for number, (axes, (name, each)) in enumerate(zip(part.panels, series.items(), strict=True)):
        spans.append(curve(axes, each, colour, BANDS))
        axes.plot(mean_of_base.index, mean_of_base, color=style.INK, linewidth=1.0, linestyle=BASE_DASHES, zorder=3)
        _dress(axes, number, name, part, outcome)
        day_axis(axes, min(f["day"].min() for f in frames.values()), max(f["day"].max() for f in frames.values()))
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 5, 10]))
    lows, highs = zip(*spans, strict=True)
    for axes in part.panels:
        axes.set_ylim(*limits(min(lows), max(highs), outcome))
    cuts = [mark_cutoff(axes, outcome) for axes in part.panels]
    return any(cuts)


def _dress(axes: Axes, number: int, name: str, part: Block, outcome: Outcome) -> None:
    """Label a panel: its scenario above, units at the left of a row, days under the lowest."""
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    if outcome.unit == "share":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))
    style.dress(axes, "day" if part.is_lowest(number) else "", axis_unit(outcome) if part.is_left(number) else "")
    axes.tick_params(labelleft=part.is_left(number), labelbottom=part.is_lowest(number))
    title = f"{short(name)} (base)" if number == 0 else short(name)
    axes.set_title(title, fontsize=style.SMALL, color=style.INK, loc="left", fontweight="bold" if number == 0 else None)


def _handles(base: str, frames: dict[str, pd.DataFrame], cut: bool) -> list[Artist]:
    """Name lines, bands and the cut-off, where there is one in sight."""
    grey = style.MUTED
    number = max(frame["replicate"].nunique() for frame in frames.values())
    found: list[Artist] = [
        Line2D([], [], color=grey, linewidth=1.8, label="one replicate" if number == 1 else "mean of replicates"),
        Line2D([], [], color=style.INK, linewidth=1.0, linestyle=BASE_DASHES, label=f"{short(base, 40, 1)} (base)"),
    ]
    for low, high, opacity in BANDS if number > 1 else ():
        label = f"middle {100 * (high - low):g} % of replicates"
        found.append(Patch(color=grey, alpha=opacity, linewidth=0, label=label))
    if cut:
        found.append(Line2D([], [], color=grey, linewidth=1.0, linestyle=style.DOTS, label="cut-off for a single user"))
    return found


def _note(base: str, frames: dict[str, pd.DataFrame]) -> str:
    """Say what is repeated, what a replicate is and how many there are, and what was done with several centres."""
    counts = np.array([frame["replicate"].nunique() for frame in frames.values()])
    parts = [f"The dashed line is the mean of {base}, the same in every panel of an outcome."]
    if counts.max() == 1:
        parts.append("One replicate only: no band can show how much of this is chance.")
    else:
        many = f"{counts.max()}" if counts.min() == counts.max() else f"{counts.min()} to {counts.max()}"
        parts.append(f"{many} replicates: the same scenario under different chance.")
        if counts.min() < FEW:
            parts.append("With so few, the 95 % band runs about from the lowest to the highest.")
    if (centres := max(frame["centre"].nunique() for frame in frames.values())) > 1:
        parts.append(f"Mean over {centres} centres, weighted by users (of what is counted by the day, the plain mean).")
    return " ".join(parts)
