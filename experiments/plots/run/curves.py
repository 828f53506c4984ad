"""Outcomes over time: the mean over replicates, and bands for their spread."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import series, style, times, widths
from experiments.plots.frames import kinds_of, require
from experiments.statistics.numbers import beside, many
from experiments.store.protocol import EVERY_CENTRE, with_replicates
from sim.language import say, term
from sim.outcomes.catalogue import OUTCOMES, PRIMARY, Outcome
from sim.scenario.text.errors import InputError

_ALONE: Final[style.Keywords] = {"color": style.MUTED, "linestyle": "solid"}
"""Look, in the legend, of a line that is alone in its panel."""
MOST_SCENARIOS: Final = 4
"""Most scenarios of a frame that get panels of their own."""


def outcome_curves(
    daily: pd.DataFrame,
    outcomes: Sequence[str] | None = None,
    *,
    centre: object = None,
    by: str | None = None,
    timeline: pd.DataFrame | None = None,
) -> Figure:
    """Draw outcomes against time, with a panel for each.

    A mean or a band never runs over several scenarios: up to `MOST_SCENARIOS` of them (points, levers of a study) get
    a row of panels each, with the same scales.

    Parameters
    ----------
    daily : DataFrame
        Outcomes by day, laid out as in `experiments.store.protocol.KEYS`: `daily_frame(run)`, several of these joined,
        the `daily` of replicates, or `daily(study)`. `day` and a column for each outcome are needed, and with several
        centres `users`. Without `replicate`, each `seed` is a replicate. With `date`, the axis shows the calendar.
    outcomes : sequence of str, optional
        Names in `sim.outcomes.catalogue.OUTCOMES`; by default the primary outcomes that the frame has.
    centre : optional
        The only centre to draw. By default, the mean over centres: weighted by users, and unweighted for counts.
    by : str, optional
        Column whose values become lines of different colours and dashes, such as the scenario.
    timeline : DataFrame, optional
        When policies begin and end and when centres are closed (`experiments.runs.timeline.timeline`), to mark.

    Raises
    ------
    InputError
        When a column, a row or an outcome is missing, or the frame holds more scenarios than can be shown.

    Examples
    --------
    >>> from dayroom import daily_frame, load_scenario, plots, run
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> figure = plots.outcome_curves(daily_frame(run(tiny, seed=1)), ["burden"])
    >>> len(figure.axes)
    1
    """
    daily = _of_days(daily)
    if outcomes is None:
        outcomes = [name for name in PRIMARY if name in daily] or [name for name in OUTCOMES if name in daily][:3]
    require(daily, ["replicate", "centre", "day", *outcomes, *([by] if by else [])])
    series.require_outcomes(outcomes)
    frame = daily if centre is None else daily[daily["centre"] == centre]
    if frame.empty:
        raise InputError(
            "there is no day to draw" if centre is None else f"there is no day of centre {centre!r} to draw"
        )
    scenarios = _scenarios(frame, by)
    across = 3 if len(scenarios) == 1 else min(len(outcomes), 3)
    figure, panels = style.panels(
        len(outcomes) * len(scenarios), across, (3.7, 1.9 if widths.is_narrow() else 3.0), (0.0, 0.9), least=4.8
    )
    cuts = []
    for place, name in enumerate(outcomes):
        mine = dict(zip(scenarios, panels[place :: len(outcomes)], strict=True))
        cuts += [_panel(axes, scenarios[label], OUTCOMES[name], by, label) for label, axes in mine.items()]
        _same_scale(list(mine.values()))
        for axes in mine.values():
            times.mark(axes, timeline)
    counted = any(OUTCOMES[name].group == "count" for name in outcomes)
    style.legend(
        figure,
        [*_handles(frame, by, any(cuts)), *times.handles(timeline)],
        _explanation([rows for one in scenarios.values() for rows in _groups(one, by).values()], counted),
        columns=4 if figure.get_figwidth() > 9 else 2,
    )
    return style.finish(figure)


def _of_days(frame: object) -> pd.DataFrame:
    """Return a frame of days with replicates and centres.

    Raises
    ------
    InputError
        When it is no frame, or holds no days; the message names what can be drawn instead.
    """
    if not isinstance(frame, pd.DataFrame):
        kind = type(frame).__name__
        raise InputError(f"found a {kind}, allowed is a data frame of days: daily_frame(run), or daily(study)")
    if "day" not in frame and "status" in frame:
        raise InputError("the frame has a row for each run and no days; draw daily(study), with `storage: daily`")
    frame = with_replicates(frame)
    return frame if "centre" in frame else frame.assign(centre=EVERY_CENTRE)


def _scenarios(frame: pd.DataFrame, by: str | None) -> dict[str, pd.DataFrame]:
    """Split a frame by scenario, besides `by`; a name for each, empty when there is only one.

    Raises
    ------
    InputError
        When there are too many, or when rows that no column tells apart would be averaged.
    """
    kinds = kinds_of(frame, by)
    groups = dict(iter(frame.groupby(kinds, sort=False))) if kinds else {(): frame}
    if len(groups) > MOST_SCENARIOS:
        counted = " and ".join(many(frame[name].nunique(), name) for name in kinds)
        first = kinds[0]
        raise InputError(
            f"the frame holds {counted}, and their mean is of no scenario; at most {MOST_SCENARIOS} can be shown: "
            f"choose some, such as daily[daily[{first!r}].isin({frame[first].unique()[:2].tolist()})], "
            f"or make {kinds[-1]} lines with by={kinds[-1]!r}"
        )
    keys = [name for name in (*kinds, by, "replicate", "centre", "day") if name]
    if twice := int(frame.duplicated(keys).sum()):
        raise InputError(
            f"{many(twice, 'row')} of the frame have the {', '.join(keys)} of another row, and their mean is of no "
            "scenario; choose the rows of one scenario, or name the column that tells them apart in by"
        )
    names = {key: ", ".join(map("{} {}".format, kinds, key)) for key in groups}
    return {names[key]: rows for key, rows in groups.items()}


def _same_scale(panels: list[Axes]) -> None:
    """Give panels of the same outcome the same scale of values and of days."""
    for limits, put in ((Axes.get_ylim, Axes.set_ylim), (Axes.get_xlim, Axes.set_xlim)):
        lows, highs = zip(*(limits(axes) for axes in panels), strict=True)
        for axes in panels:
            put(axes, min(lows), max(highs))


def _panel(axes: Axes, frame: pd.DataFrame, outcome: Outcome, by: str | None, label: str = "") -> bool:
    """Draw an outcome: a line and bands for each value of `by`. Return whether the cut-off is in sight."""
    own: style.Keywords = {"color": style.OUTCOME_COLOURS.get(outcome.name, style.INK), "linestyle": "solid"}
    spans = []
    for number, rows in enumerate(_groups(frame, by).values()):
        look = own if by is None else style.series_look(number)
        values = series.replicate_series(rows, outcome)
        spans.append(series.curve(axes, values, look["color"], _bands(by), look["linestyle"]))
    lows, highs = zip(*spans, strict=True)
    axes.set_ylim(*series.limits(min(lows), max(highs), outcome))
    series.value_axis(axes, outcome, 7)
    begin = series.first_date(frame)
    series.day_axis(axes, frame["day"].min(), frame["day"].max(), begin)
    style.dress(axes, say("time since the start (days)") if begin is None else "", series.axis_unit(outcome))
    style.heading(axes, term(outcome.label), "\n".join(filter(None, (label, series.reading(outcome)))))
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
        lines = {say("one replicate") if number == 1 else say("mean of {number} replicates", number=number): _ALONE}
    else:
        lines = {name: style.series_look(place) for place, name in enumerate(_groups(frame, by))}
    handles: list[Artist] = [Line2D([], [], linewidth=1.8, label=name, **look) for name, look in lines.items()]
    return handles + series.handles(number, cut, _bands(by))


def _explanation(groups: Sequence[pd.DataFrame], counted: bool) -> str:
    """Return the note on replicates, bands of few replicates, and the mean over centres."""
    fewest = min(rows["replicate"].nunique() for rows in groups)
    centres = max(rows["centre"].nunique() for rows in groups)
    parts = [series.ONE_ONLY if fewest == 1 else say("Replicates are the same scenario under different chance.")]
    if 1 < fewest < series.FEW:
        parts.append(series.FEW_ONLY)
    if centres > 1:
        parts.append(
            say(
                "Mean over {centres} centres, weighted by users; of what is counted by the day, the plain mean "
                "per centre.",
                centres=centres,
            )
            if counted
            else say("Mean over {centres} centres, weighted by users.", centres=centres)
        )
    return beside(*parts)
