"""Outcomes over time: the mean over replicates, and how far replicates spread around it."""

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from experiments.plots import style
from experiments.plots.frames import CUTOFFS, require
from sim.outcomes.catalogue import OUTCOMES, PRIMARY, Outcome

BANDS: Final = ((0.025, 0.975, 0.16), (0.25, 0.75, 0.30))
"""Lower and upper quantile over replicates, and opacity: the middle 95 % and, darker, the middle 50 %."""
WINDOW: Final = 7
"""Days of the trailing mean of whatever is counted by the day: a week, so that closed days do not show as teeth."""
FEW: Final = 40
"""Below so many replicates the outer band runs about from the lowest to the highest."""
SCALES: Final = {
    "20-80": (20.0, 80.0),
    "0-100": (0.0, 100.0),
    "1-7": (1.0, 7.0),
    "0-1": (0.0, 1.0),
    "share": (0.0, 1.0),
}


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
    for axes, name in zip(cells, outcomes, strict=False):
        _panel(axes, frame, OUTCOMES[name], by)
    for axes in cells[len(outcomes) :]:
        axes.set_axis_off()
    _legend(figure, frame, [OUTCOMES[name] for name in outcomes], by)
    return style.finish(figure)


def is_smoothed(outcome: Outcome) -> bool:
    """Whether an outcome is counted by the day and so drawn as a trailing mean."""
    return outcome.unit.endswith("/day")


def replicate_series(frame: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """Give one column a replicate and one row a day: the mean over centres, smoothed where the outcome is counted by the day.

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


def _panel(axes: Axes, frame: pd.DataFrame, outcome: Outcome, by: str | None) -> None:
    """Draw one outcome: a line and bands for each value of `by`, and the cut-off where it is in sight."""
    groups = [(None, frame)] if by is None else list(frame.groupby(by, sort=False))
    spans = []
    for number, (_, rows) in enumerate(groups):
        colour = (
            style.OUTCOME_COLOURS.get(outcome.name, style.INK) if by is None else style.CYCLE[number % len(style.CYCLE)]
        )
        spans.append(_curve(axes, replicate_series(rows, outcome), colour, BANDS if by is None else BANDS[:1]))
    lows, highs = zip(*spans, strict=True)
    axes.set_ylim(*limits(min(lows), max(highs), outcome))
    first, last = frame["day"].min(), frame["day"].max()
    pad = max(0.5, 0.01 * (last - first))
    axes.set_xlim(first - pad, last + pad)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    if outcome.unit == "share":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))
    _cutoff(axes, outcome)
    style.dress(axes, "time since the start (days)", axis_unit(outcome))
    style.heading(axes, outcome.label, _reading(outcome))


def _curve(
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


def _cutoff(axes: Axes, outcome: Outcome) -> None:
    """Mark where a single user begins to count as lonely, burdened or belonging, if that is in sight."""
    cut, _ = CUTOFFS.get(outcome.name, (math.nan, ""))
    low, high = axes.get_ylim()
    if low <= cut <= high:
        axes.axhline(cut, color=style.MUTED, linewidth=1.0, linestyle=(0, (1, 2)))


def axis_unit(outcome: Outcome) -> str:
    """Words for the axis of an outcome: its unit, and for a spread that it is in points of the scale."""
    if outcome.name.endswith("_sd"):
        return "standard deviation (points)"
    if outcome.group == "network" and outcome.unit == "users":
        return "number per user"
    return style.UNITS.get(outcome.unit, outcome.unit)


def _reading(outcome: Outcome) -> str:
    """Say which direction is better, from where a user counts as what, and whether the curve is smoothed."""
    parts = [style.BETTER[outcome.better]]
    if outcome.name in CUTOFFS:
        cut, word = CUTOFFS[outcome.name]
        parts.append(f"a user counts as {word} from {cut:g}")
    if is_smoothed(outcome):
        parts.append(f"mean of the last {WINDOW} days")
    return "; ".join(parts)


def _legend(figure: Figure, frame: pd.DataFrame, outcomes: Sequence[Outcome], by: str | None) -> None:
    """Explain lines and bands, and say over what they are means."""
    number = frame["replicate"].nunique()
    colour = style.MUTED
    handles: list[Line2D | Patch] = [
        Line2D(
            [],
            [],
            color=colour,
            linewidth=1.8,
            label="one replicate" if number == 1 else f"mean of {number} replicates",
        )
    ]
    if by is not None:
        names = frame[by].drop_duplicates()
        handles = [
            Line2D([], [], color=style.CYCLE[k % len(style.CYCLE)], linewidth=1.8, label=str(v))
            for k, v in enumerate(names)
        ]
    if number > 1:
        shown = BANDS if by is None else BANDS[:1]
        handles += [
            Patch(color=colour, alpha=a, linewidth=0, label=f"middle {100 * (h - l):g} % of replicates")
            for l, h, a in shown
        ]
    if any(outcome.name in CUTOFFS for outcome in outcomes):
        handles.append(
            Line2D([], [], color=colour, linewidth=1.0, linestyle=(0, (1, 2)), label="cut-off for a single user")
        )
    style.legend(figure, handles, _explanation(frame, number), columns=4 if figure.get_figwidth() > 9 else 2)


def _explanation(frame: pd.DataFrame, number: int) -> str:
    """Say what a replicate is, what few of them mean for the bands, and what was done with several centres."""
    if number == 1:
        parts = ["One replicate only: no band can show how much of this is chance."]
    else:
        parts = ["Replicates are the same scenario under different chance."]
    if 1 < number < FEW:
        parts.append("With so few, the 95 % band runs about from the lowest to the highest.")
    if (centres := frame["centre"].nunique()) > 1:
        parts.append(f"Mean over {centres} centres weighted by users; what is counted is the plain mean per centre.")
    return " ".join(parts)
