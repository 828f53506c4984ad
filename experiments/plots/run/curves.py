"""Outcomes over time: the mean over replicates, and bands for their spread."""

import itertools
from collections.abc import Sequence

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import series, style
from experiments.plots.frames import require
from sim.outcomes.catalogue import OUTCOMES, PRIMARY, Outcome


def outcome_curves(
    daily: pd.DataFrame, outcomes: Sequence[str] = PRIMARY, *, centre: object = None, by: str | None = None
) -> Figure:
    """Draw outcomes against time, with a panel for each.

    Parameters
    ----------
    daily : DataFrame
        Columns `replicate`, `centre`, `day` and a column for each outcome; with several centres also `users`.
    outcomes : sequence of str
        Names in `sim.outcomes.catalogue.OUTCOMES`.
    centre : optional
        The only centre to draw. By default, the mean over centres: weighted by users, and unweighted for counts.
    by : str, optional
        Column whose values become lines of different colours, such as the scenario.

    Raises
    ------
    ValueError
        When a column, a row or an outcome is missing.
    """
    require(daily, ["replicate", "centre", "day", *outcomes, *([by] if by else [])])
    series.require_outcomes(outcomes)
    frame = daily if centre is None else daily[daily["centre"] == centre]
    if frame.empty:
        raise ValueError(
            "there is no day to draw" if centre is None else f"there is no day of centre {centre!r} to draw"
        )
    figure, panels = style.panels(len(outcomes), 3, (3.7, 3.0), (0.0, 0.9), least=4.8)
    cuts = [_panel(axes, frame, OUTCOMES[name], by) for axes, name in zip(panels, outcomes, strict=True)]
    counted = any(OUTCOMES[name].group == "count" for name in outcomes)
    style.legend(
        figure,
        _handles(frame, by, any(cuts)),
        _explanation(frame, by, counted),
        columns=4 if figure.get_figwidth() > 9 else 2,
    )
    return style.finish(figure)


def _panel(axes: Axes, frame: pd.DataFrame, outcome: Outcome, by: str | None) -> bool:
    """Draw an outcome: a line and bands for each value of `by`. Return whether the cut-off is in sight."""
    colours = [style.OUTCOME_COLOURS.get(outcome.name, style.INK)] if by is None else style.CYCLE
    spans = []
    for number, rows in enumerate(_groups(frame, by).values()):
        colour = colours[number % len(colours)]
        spans.append(series.curve(axes, series.replicate_series(rows, outcome), colour, _bands(by)))
    lows, highs = zip(*spans, strict=True)
    axes.set_ylim(*series.limits(min(lows), max(highs), outcome))
    series.value_axis(axes, outcome, 7)
    series.day_axis(axes, frame["day"].min(), frame["day"].max())
    style.dress(axes, "time since the start (days)", series.axis_unit(outcome))
    style.heading(axes, outcome.label, series.reading(outcome))
    return series.mark_cutoff(axes, outcome)


def _bands(by: str | None) -> tuple[series.Band, ...]:
    """Return the bands to draw: only the outer band with several groups in a panel, else both."""
    return series.BANDS if by is None else series.BANDS[:1]


def _groups(frame: pd.DataFrame, by: str | None) -> dict[str, pd.DataFrame]:
    """Split a frame by the values of a column, in order of first appearance; without a column, return it whole."""
    return {"": frame} if by is None else {str(value): rows for value, rows in frame.groupby(by, sort=False)}


def _handles(frame: pd.DataFrame, by: str | None, cut: bool) -> list[Artist]:
    """Return the legend entries of lines, bands and, where it is in sight, the cut-off."""
    number = frame["replicate"].nunique()
    if by is None:
        lines = {"one replicate" if number == 1 else f"mean of {number} replicates": style.MUTED}
    else:
        lines = dict(zip(_groups(frame, by), itertools.cycle(style.CYCLE), strict=False))
    handles: list[Artist] = [Line2D([], [], color=colour, linewidth=1.8, label=name) for name, colour in lines.items()]
    return handles + series.handles(number, cut, _bands(by))


def _explanation(frame: pd.DataFrame, by: str | None, counted: bool) -> str:
    """Return the note on replicates, bands of few replicates, and the mean over centres."""
    groups = _groups(frame, by).values()
    fewest = min(rows["replicate"].nunique() for rows in groups)
    centres = max(rows["centre"].nunique() for rows in groups)
    parts = [series.ONE_ONLY if fewest == 1 else "Replicates are the same scenario under different chance."]
    if 1 < fewest < series.FEW:
        parts.append(series.FEW_ONLY)
    if centres > 1:
        plain = "; of what is counted by the day, the plain mean per centre" if counted else ""
        parts.append(f"Mean over {centres} centres, weighted by users{plain}.")
    return " ".join(parts)
