"""Code that figures of outcomes over time share: series by replicate, curves with bands, axes and words."""

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator, PercentFormatter

from experiments.plots import style
from experiments.plots.frames import CUTOFFS, require
from experiments.statistics.numbers import clauses
from experiments.statistics.summary import SCALES
from sim.language import Language, language, later, say
from sim.outcomes.catalogue import OUTCOMES, Outcome
from sim.scenario.text.errors import InputError
from sim.scenario.text.suggestions import misspelt

Band = tuple[float, float, float]
"""Lower and upper quantile over replicates, and the opacity of the band."""
BANDS: Final[tuple[Band, ...]] = ((0.025, 0.975, 0.16), (0.25, 0.75, 0.30))
"""Bands of the middle 95 % and, darker, of the middle 50 % of replicates."""
WINDOW: Final = 7
"""Days in the trailing mean of outcomes counted by the day: a week, so that closed days do not show as spikes."""
FEW: Final = 40
"""With fewer replicates than this, the outer band covers about all of them."""
_FEW_MONTHS: Final = 3
"""With fewer first days of months than this in sight, the ticks are days."""
ONE_ONLY: Final = later("One replicate only: no band can show how much of this is chance.")
FEW_ONLY: Final = later("With so few, the 95 % band runs about from the lowest to the highest.")


def require_outcomes(names: Sequence[str]) -> None:
    """Check that outcomes are named, and that all are in the catalogue.

    Raises
    ------
    InputError
        When no outcome is named, or some are unknown; the message names them.
    """
    if not names:
        raise InputError("no outcome is named; allowed: " + ", ".join(OUTCOMES))
    if unknown := [name for name in names if name not in OUTCOMES]:
        raise InputError(misspelt(f"no outcome is named {', '.join(unknown)}", unknown[0], OUTCOMES))


def is_smoothed(outcome: Outcome) -> bool:
    """Return whether an outcome is counted by the day, and so is drawn as a trailing mean."""
    return outcome.unit.endswith("/day")


def replicate_series(frame: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """Return the mean of an outcome over centres, with a row for each day and a column for each replicate.

    Outcomes counted by the day are smoothed. Days on which nobody is enrolled are gaps.
    """
    keys = [frame["day"], frame["replicate"]]
    if outcome.group == "count" or ("users" not in frame and frame["centre"].nunique() == 1):
        means = frame[outcome.name].groupby(keys).mean()
    else:
        require(frame, ["users"])
        weights = frame["users"].groupby(keys).sum()
        means = (frame[outcome.name] * frame["users"]).groupby(keys).sum() / weights.where(weights > 0)
    wide = pd.DataFrame(means.unstack("replicate")).sort_index()
    return trailing_mean(wide) if is_smoothed(outcome) else wide


def trailing_mean(series: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over the last `WINDOW` days (rows are days), from the first full window on."""
    first, last = series.index[0], series.index[-1]
    clock = series.set_axis(pd.to_timedelta(series.index.to_numpy(), unit="D"))
    smooth = clock.rolling(f"{WINDOW}D").mean().set_axis(series.index)
    return smooth.loc[min(first + WINDOW - 1, last) :]


def limits(low: float, high: float, outcome: Outcome) -> tuple[float, float]:
    """Return the range of the axis: `style.zoomed` on an instrument's scale; from 0 for counts and spreads."""
    if outcome.unit not in SCALES or outcome.name.endswith("_sd"):
        return 0.0, 1.08 * high if high > 0 else 1.0
    return style.zoomed(low, high, *SCALES[outcome.unit])


def value_axis(axes: Axes, outcome: Outcome, ticks: int) -> None:
    """Lay out the axis of an outcome, with at most `ticks` intervals between ticks; shares are in percent."""
    axes.yaxis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 5, 10]))
    if outcome.unit == "share":
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))


def first_date(frame: pd.DataFrame) -> pd.Timestamp | None:
    """Return the date of day 0 of a frame with the columns `day` and `date`; None for one without dates."""
    if "date" not in frame or frame.empty or pd.isna(frame["date"].iloc[0]):
        return None
    return pd.Timestamp(frame["date"].iloc[0]) - pd.Timedelta(days=int(frame["day"].iloc[0]))


def day_axis(axes: Axes, first: int, last: int, begin: pd.Timestamp | None = None, most: int = 6) -> None:
    """Lay out the axis of days, with about `most` ticks: days from 0, or with the date of day 0, the calendar.

    A single day gets a single tick. The year stands below the first tick, and below the first of each later year.
    """
    pad = max(0.5, 0.01 * (last - first))
    axes.set_xlim(first - pad, last + pad)
    if begin is not None:
        dates = _ticks(begin + pd.Timedelta(days=first), begin + pd.Timedelta(days=last), most)
        axes.xaxis.set_major_locator(FixedLocator([(date - begin).days for date in dates]))
        axes.xaxis.set_major_formatter(FixedFormatter(_calendar(dates)))
        return
    axes.xaxis.set_major_locator(
        MaxNLocator(most, integer=True, steps=[1, 2, 5, 10]) if last > first else FixedLocator([first])
    )


def _ticks(first: pd.Timestamp, last: pd.Timestamp, most: int) -> list[pd.Timestamp]:
    """Return the first days of months between two dates, evenly thinned, or with few months, days a week apart."""
    months = list(pd.date_range(first, last, freq="MS"))
    if len(months) >= _FEW_MONTHS:
        steps = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
        return next(kept for step in steps if len(kept := _thinned(months, step)) <= most)
    days = (last - first).days
    step = next(step for step in (1, 2, 7, 14, 28) if days < step * most)
    return list(pd.date_range(first, last, freq=f"{step}D"))


def _thinned(months: list[pd.Timestamp], step: int) -> list[pd.Timestamp]:
    """Return every step-th month, counted from a January."""
    return [month for month in months if (12 * month.year + month.month - 1) % step == 0]


def _calendar(dates: Sequence[pd.Timestamp]) -> list[str]:
    """Return the words for dates: months, days too when some are no first of a month, and each year once."""
    whole = all(date.day == 1 for date in dates) and len(dates) > 1
    years = [None, *(date.year for date in dates)]
    words = [month_of(date) if whole else day_of(date) for date in dates]
    return [
        word if date.year == before else f"{word}\n{say('{year}', year=date.year)}"
        for word, date, before in zip(words, dates, years, strict=False)
    ]


def month_of(date: pd.Timestamp) -> str:
    """Return the month of a date, as on an axis: "Mar" or "3月"."""
    return f"{date.month}月" if language() is Language.zh else date.strftime("%b")


def day_of(date: pd.Timestamp) -> str:
    """Return day and month of a date, as on an axis: "1 Mar" or "3月1日"."""
    return f"{date.month}月{date.day}日" if language() is Language.zh else f"{date.day} {date.strftime('%b')}"


def moment(day: int, begin: pd.Timestamp | None) -> str:
    """Return a day of a run as a title: its date where day 0 has a date, else its number."""
    if begin is None:
        return say("Day {day}", day=day)
    date = begin + pd.Timedelta(days=day)
    return say("{day} {year}", day=day_of(date), year=say("{year}", year=date.year))


def curve(
    axes: Axes, series: pd.DataFrame, colour: str, bands: Sequence[Band], dashes: style.Dashes = "solid"
) -> tuple[float, float]:
    """Draw the mean and the bands around it; return the lowest and the highest value drawn."""
    mean = series.mean(axis=1)
    low, high = mean, mean
    if series.shape[1] > 1:
        for lower, upper, opacity in bands:
            edges = series.quantile([lower, upper], axis=1)
            axes.fill_between(series.index, edges.iloc[0], edges.iloc[1], color=colour, alpha=opacity, linewidth=0)
            low, high = low.clip(upper=edges.iloc[0]), high.clip(lower=edges.iloc[1])
    axes.plot(mean.index, mean, color=colour, linewidth=1.8, linestyle=dashes, marker="o" if len(mean) == 1 else None)
    return (0.0, 0.0) if mean.isna().all() else (float(low.min()), float(high.max()))


def mark_cutoff(axes: Axes, outcome: Outcome) -> bool:
    """Mark the cut-off at which a user counts as lonely, burdened or belonging; return whether it is in sight."""
    cut, _ = CUTOFFS.get(outcome.name, (math.nan, ""))
    low, high = axes.get_ylim()
    if not low <= cut <= high:
        return False
    axes.axhline(cut, color=style.MUTED, linewidth=1.0, linestyle=style.DOTS)
    return True


def axis_unit(outcome: Outcome) -> str:
    """Return words for the axis of an outcome: its unit, or "standard deviation (points)" for a spread."""
    if outcome.name.endswith("_sd"):
        return say("standard deviation (points)")
    if outcome.group == "network" and outcome.unit == "users":
        return say("number per user")
    return style.unit_words(outcome.unit)


def reading(outcome: Outcome) -> str:
    """Return words on how to read an outcome: the better direction, any cut-off, and any smoothing."""
    parts = [str(style.BETTER[outcome.better])]
    if outcome.name in CUTOFFS:
        cut, word = CUTOFFS[outcome.name]
        parts.append(say("a user counts as {word} from {cut:g}", word=word, cut=cut))
    if is_smoothed(outcome):
        parts.append(say("mean of the last {window} days", window=WINDOW))
    return clauses(parts)


def handles(replicates: int, has_cutoff: bool, bands: Sequence[Band] = BANDS) -> list[Artist]:
    """Return the legend entries of the bands and, if it is in sight, of the cut-off."""
    entries: list[Artist] = []
    for low, high, opacity in bands if replicates > 1 else ():
        label = say("middle {low:g} % of replicates", low=100 * (high - low))
        entries.append(Patch(color=style.MUTED, alpha=opacity, linewidth=0, label=label))
    if has_cutoff:
        label = say("cut-off for a single user")
        entries.append(Line2D([], [], color=style.MUTED, linewidth=1.0, linestyle=style.DOTS, label=label))
    return entries
