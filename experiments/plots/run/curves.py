"""Outcomes over time: the mean over replicates, and how far replicates spread around it."""

import itertools
import math
from collections.abc import Sequence
from typing import Final

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, MaxNLocator, PercentFormatter

from experiments.plots import style
from experiments.plots.frames import CUTOFFS, require
from experiments.statistics.summary import SCALES
from sim.outcomes.catalogue import OUTCOMES, PRIMARY, Outcome

BANDS: Final = ((0.025, 0.975, 0.16), (0.25, 0.75, 0.30))
"""Lower and upper quantile over replicates, and opacity: the middle 95 % and, darker, the middle 50 %."""
WINDOW: Final = 7
"""Days of the trailing mean of whatever is counted by the day: a week, so that closed days do not show as teeth."""
FEW: Final = 40
"""Below so many replicates the outer band runs about from the lowest to the highest."""


def outcome_curves(
    daily: pd.DataFrame, outcomes: Sequence[str] = PRIMARY, *, centre: object = None, by: str | None = None
) -> Figure:
    """Draw outcomes against time, one panel each.

    Parameters
    ----------
    daily : DataFrame
        Columns `replicate`, `centre`, `day` and one an outcome; `users` too when there are several centres.
    outcomes : sequence of str
        Names in `sim.outcomes.catalogue.OUTCOMES`.
    centre : optional
        The one centre to draw. Otherwise the mean over centres: weighted by users, and for counts plain.
    by : str, optional
        A column whose values are drawn as lines of different colours, such as the scenario.

    Raises
    ------
    ValueError
        When a column, a row or an outcome is missing.
    """
    require(daily, ["replicate", "centre", "day", *outcomes, *([by] if by else [])])
    if not outcomes:
        raise ValueError("no outcome was named")
    if unknown := [name for name in outcomes if name not in OUTCOMES]:
        raise ValueError(f"no outcome is named {', '.join(unknown)}")
    frame = daily if centre is None else daily[daily["centre"] == centre]
    if frame.empty:
        raise ValueError(
            "there is no day to draw" if centre is None else f"there is no day of centre {centre!r} to draw"
        )
    columns = min(3, len(outcomes))
    rows = math.ceil(len(outcomes) / columns)
    figure = style.figure(max(4.8, 3.7 * columns), 3.0 * rows + 0.9)
    cells = figure.subplots(rows, columns, squeeze=False).ravel()
    cuts = [_panel(axes, frame, OUTCOMES[name], by) for axes, name in zip(cells, outcomes, strict=False)]
    for axes in cells[len(outcomes) :]:
        axes.set_axis_off()
    counted = any(OUTCOMES[name].group == "count" for name in outcomes)
    style.legend(
        figure,
        _handles(frame, by, any(cuts)),
        _explanation(frame, by, counted),
        columns=4 if figure.get_figwidth() > 9 else 2,
    )
    return style.finish(figure)


def is_smoothed(outcome: Outcome) -> bool:
    """Whether an outcome is counted by the day and so drawn as a trailing mean."""
    return outcome.unit.endswith("/day")


def replicate_series(frame: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """Give one column a replicate and one row a day: the mean over centres, smoothed if counted by the day.

    Days on which nobody is enrolled are gaps: an outcome of nobody has no value.
    """
    keys = [frame["day"], frame["replicate"]]
    if outcome.group == "count" or ("users" not in frame and frame["centre"].nunique() == 1):
        series = frame[outcome.name].groupby(keys).mean()
    else:
        require(frame, ["users"])
        weights = frame["users"].groupby(keys).sum()
        series = (frame[outcome.name] * frame["users"]).groupby(keys).sum() / weights.where(weights > 0)
    series = series.unstack("replicate").sort_index()
    return trailing_mean(series) if is_smoothed(outcome) else series


def trailing_mean(series: pd.DataFrame) -> pd.DataFrame:
    """Mean over the last `WINDOW` days (rows are days); days before the first full window are left out."""
    first, last = series.index[0], series.index[-1]
    clock = series.set_axis(pd.to_timedelta(series.index.to_numpy(), unit="D"))
    smooth = clock.rolling(f"{WINDOW}D").mean().set_axis(series.index)
    return smooth.loc[min(first + WINDOW - 1, last) :]


def limits(low: float, high: float, outcome: Outcome) -> tuple[float, float]:
    """Range of the axis: as `style.zoomed` on the instrument's scale; counts and spreads begin at 0."""
    if outcome.unit not in SCALES or outcome.name.endswith("_sd"):
        return 0.0, 1.08 * high if high > 0 else 1.0
    return style.zoomed(low, high, *SCALES[outcome.unit])


def _panel(axes: Axes, frame: pd.DataFrame, outcome: Outcome, by: str | None) -> bool:
    """Draw one outcome: a line and bands for each value of `by`. Tells whether a cut-off is in sight."""
    colours = [style.OUTCOME_COLOURS.get(outcome.name, style.INK)] if by is None else style.CYCLE
    spans = []
    for number, rows in enumerate(_groups(frame, by).values()):
        colour = colours[number % len(colours)]
        spans.append(curve(axes, replicate_series(rows, outcome), colour, BANDS if by is None else BANDS[:1]))
    lows, highs = zip(*spans, strict=True)
    axes.set_ylim(*limits(min(lows), max(highs), outcome))
    axes.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    if outcome.unit == "share":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))
    day_axis(axes, frame["day"].min(), frame["day"].max())
    style.dress(axes, "time since the start (days)", axis_unit(outcome))
    style.heading(axes, outcome.label, reading(outcome))
    return mark_cutoff(axes, outcome)


def _groups(frame: pd.DataFrame, by: str | None) -> dict[str, pd.DataFrame]:
    """Split a frame by the values of a column, in the order in which they first occur; or not at all."""
    return {"": frame} if by is None else {str(value): rows for value, rows in frame.groupby(by, sort=False)}


def day_axis(axes: Axes, first: int, last: int) -> None:
    """Lay out the axis of days; a single day is one tick."""
    pad = max(0.5, 0.01 * (last - first))
    axes.set_xlim(first - pad, last + pad)
    axes.xaxis.set_major_locator(
        MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]) if last > first else FixedLocator([first])
    )


def curve(
    axes: Axes, series: pd.DataFrame, colour: str, bands: Sequence[tuple[float, float, float]]
) -> tuple[float, float]:
    """Draw the mean and the bands around it; give the lowest and the highest value drawn."""
    mean = series.mean(axis=1)
    low, high = mean, mean
    if series.shape[1] > 1:
        for lower, upper, opacity in bands:
            edges = series.quantile([lower, upper], axis=1)
            axes.fill_between(series.index, edges.iloc[0], edges.iloc[1], color=colour, alpha=opacity, linewidth=0)
            low, high = low.clip(upper=edges.iloc[0]), high.clip(lower=edges.iloc[1])
    axes.plot(mean.index, mean, color=colour, linewidth=1.8, marker="o" if len(mean) == 1 else None)
    return (0.0, 0.0) if mean.isna().all() else (float(low.min()), float(high.max()))


def mark_cutoff(axes: Axes, outcome: Outcome) -> bool:
    """Mark where a single user begins to count as lonely, burdened or belonging, and tell whether that is in sight."""
    cut, _ = CUTOFFS.get(outcome.name, (math.nan, ""))
    low, high = axes.get_ylim()
    if not low <= cut <= high:
        return False
    axes.axhline(cut, color=style.MUTED, linewidth=1.0, linestyle=style.DOTS)
    return True


def axis_unit(outcome: Outcome) -> str:
    """Words for the axis of an outcome: its unit, and for a spread that it is in points of the scale."""
    if outcome.name.endswith("_sd"):
        return "standard deviation (points)"
    if outcome.group == "network" and outcome.unit == "users":
        return "number per user"
    return style.UNITS.get(outcome.unit, outcome.unit)


def reading(outcome: Outcome) -> str:
    """Say which direction is better, from where a user counts as what, and whether the curve is smoothed."""
    parts = [style.BETTER[outcome.better]]
    if outcome.name in CUTOFFS:
        cut, word = CUTOFFS[outcome.name]
        parts.append(f"a user counts as {word} from {cut:g}")
    if is_smoothed(outcome):
        parts.append(f"mean of the last {WINDOW} days")
    return "; ".join(parts)


def _handles(frame: pd.DataFrame, by: str | None, cut: bool) -> list[Artist]:
    """Name lines, bands and the cut-off, where there is one in sight."""
    number = frame["replicate"].nunique()
    if by is None:
        lines = {"one replicate" if number == 1 else f"mean of {number} replicates": style.MUTED}
    else:
        lines = dict(zip(_groups(frame, by), itertools.cycle(style.CYCLE), strict=False))
    handles: list[Artist] = [Line2D([], [], color=colour, linewidth=1.8, label=name) for name, colour in lines.items()]
    for low, high, opacity in (BANDS if by is None else BANDS[:1]) if number > 1 else ():
        label = f"middle {100 * (high - low):g} % of replicates"
        handles.append(Patch(color=style.MUTED, alpha=opacity, linewidth=0, label=label))
    if cut:
        handles.append(
            Line2D([], [], color=style.MUTED, linewidth=1.0, linestyle=style.DOTS, label="cut-off for a single user")
        )
    return handles


def _explanation(frame: pd.DataFrame, by: str | None, counted: bool) -> str:
    """Say what a replicate is, what few of them mean for the bands, and what was done with several centres."""
    groups = _groups(frame, by).values()
    fewest = min(rows["replicate"].nunique() for rows in groups)
    centres = max(rows["centre"].nunique() for rows in groups)
    if fewest == 1:
        parts = ["One replicate only: no band can show how much of this is chance."]
    else:
        parts = ["Replicates are the same scenario under different chance."]
    if 1 < fewest < FEW:
        parts.append("With so few, the 95 % band runs about from the lowest to the highest.")
    if centres > 1:
        plain = "; of what is counted by the day, the plain mean per centre" if counted else ""
        parts.append(f"Mean over {centres} centres, weighted by users{plain}.")
    return " ".join(parts)
