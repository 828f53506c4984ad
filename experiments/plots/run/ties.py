"""Ties by level over time, from acquaintance to kin-like, and who knows of whom."""

from typing import Final

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.plots import series, style, times
from experiments.plots.frames import LEVEL_NAMES, require, require_one_scenario
from experiments.plots.labels import HALO
from experiments.plots.run.curves import outcome_curves
from experiments.statistics.numbers import many
from experiments.store.protocol import with_replicates
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES

LEVELS: Final = {
    "acquaintance": "acquaintances",
    "friend": "ties_at_or_above_friend_out",
    "confidant": "confidants",
    "kin-like": "kin_like",
}
"""Outcome that counts a user's ties at a level or closer, by level."""
LOOKS: Final[dict[str, style.Keywords]] = {
    "acquaintance": {"facecolor": "#EFEFEF", "edgecolor": "#BDBDBD", "hatch": "..."},
    "friend": {"facecolor": "#BFE0F5", "edgecolor": "#7FB4D6", "hatch": None},
    "confidant": {"facecolor": "#4C97C8", "edgecolor": "#BFE0F5", "hatch": "///"},
    "kin-like": {"facecolor": "#06283D", "edgecolor": "#06283D", "hatch": None},
}
OF_DISCLOSURE: Final = (
    "threshold",
    "users_who_told_a_peer",
    "friend_ties_with_illness_talk",
    "known_by",
    "distress_talks",
    "illness_talks",
)
"""Outcomes that show how much users disclose and to how many: the threshold, who knows, and talk of each depth."""
COLUMNS: Final = ("replicate", "centre", "day", "users", *LEVELS.values())


def tie_levels(daily: pd.DataFrame, *, timeline: pd.DataFrame | None = None) -> Figure:
    """Draw how many ties of each level a user has, as areas on top of each other, the closest at the bottom.

    Left: all levels. Right: friends and closer alone, since acquaintances are many.

    Parameters
    ----------
    daily : DataFrame
        Columns `replicate`, `centre`, `day`, `users` and the outcomes in `LEVELS`; means over replicates are drawn.
    timeline : DataFrame, optional
        When policies begin and end and the centre is closed (`experiments.plots.times.mark`).
    """
    daily = with_replicates(daily)
    require(daily, COLUMNS, "day")
    require_one_scenario(daily)
    means = {
        level: series.replicate_series(daily, OUTCOMES[name]).mean(axis=1).fillna(0.0) for level, name in LEVELS.items()
    }
    figure = style.figure(10.4, 4.4)
    left, right = figure.subplots(1, 2)
    begin = series.first_date(daily)
    for axes, levels in ((left, tuple(LEVELS)), (right, tuple(LEVELS)[1:])):
        _areas(axes, {level: means[level] for level in levels})
        series.day_axis(axes, int(daily["day"].min()), int(daily["day"].max()), begin)
        clock = say("time since the start (days)") if begin is None else ""
        style.dress(axes, clock, say("ties of a user (number)"))
        times.mark(axes, timeline)
    style.heading(left, say("Ties by level"), say("strangers are not counted"))
    style.heading(right, say("Friends and closer"), say("the same on a larger scale"))
    handles: list[Artist] = [Patch(linewidth=0.4, label=str(LEVEL_NAMES[level]), **LOOKS[level]) for level in LOOKS]
    replicates = many(daily["replicate"].nunique(), "replicate")
    note = say("Mean over users and {replicates}; a tie counts as close as its owner feels it.", replicates=replicates)
    style.legend(figure, [*reversed(handles), *times.handles(timeline)], note, columns=None)
    return style.finish(figure)


def _areas(axes: Axes, at_least: dict[str, pd.Series]) -> None:
    """Draw areas for ties at exactly each level, with the level's name where there is room."""
    order = list(at_least)
    top = max(float(at_least[order[0]].max()), 0.1)
    axes.set_ylim(0.0, 1.06 * top)
    for place, level in enumerate(order):
        upper = at_least[level]
        lower = at_least[order[place + 1]] if place + 1 < len(order) else 0.0 * upper
        axes.fill_between(upper.index, lower, upper, linewidth=0.4, **LOOKS[level])
        high, low = float(upper.iloc[-1]), float(lower.iloc[-1])
        if high - low > 0.07 * top:
            note = axes.annotate(str(LEVEL_NAMES[level]), (upper.index[-1], 0.5 * (high + low)), (-4, 0))
            note.set(ha="right", va="center", fontsize=style.SMALL, color=style.INK, path_effects=HALO)
            note.set_anncoords("offset points")


def disclosure(daily: pd.DataFrame, *, timeline: pd.DataFrame | None = None) -> Figure:
    """Draw how much users disclose and who knows: a panel for each outcome in `OF_DISCLOSURE`.

    Parameters
    ----------
    daily, timeline : DataFrame
        As in `experiments.plots.run.curves.outcome_curves`, with the outcomes in `OF_DISCLOSURE`.
    """
    return outcome_curves(daily, OF_DISCLOSURE, timeline=timeline)
