"""Roles over time, and who becomes a helper: each user's role on arrival and at the end."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.plots import series, style, text, times
from experiments.plots.frames import LEAST, ROLE_NAMES, enrolled, require, require_one_scenario, roles
from experiments.plots.labels import HALO
from experiments.statistics.numbers import many
from experiments.store.protocol import with_replicates
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES

ORDER: Final = ("helper", "mutual", "helped", "uninvolved")
"""Roles from the bottom of the figure to its top."""
SHARES: Final = {role: f"role_{role}" for role in ORDER}
COLUMNS: Final = ("replicate", "centre", "day", "users", *SHARES.values())
LOOKS: Final[dict[str, style.Keywords]] = {
    "helper": {"facecolor": "#3F8F6F", "edgecolor": "#CDEBDF", "hatch": "///"},
    "mutual": {"facecolor": "#B9C7DC", "edgecolor": "#B9C7DC", "hatch": None},
    "helped": {"facecolor": "#FBE3C0", "edgecolor": "#C99A4B", "hatch": "\\\\\\"},
    "uninvolved": {"facecolor": "#F4F4F4", "edgecolor": "#BDBDBD", "hatch": "..."},
}
DARK_FROM: Final = 55.0
"""Numbers in cells with a larger share, in percent, are white."""


def role_shares_over_time(daily: pd.DataFrame, *, timeline: pd.DataFrame | None = None) -> Figure:
    """Draw the shares of users in each role day by day, as areas that add up to 100 %.

    Parameters
    ----------
    daily : DataFrame
        Columns `replicate`, `centre`, `day`, `users` and `role_helper`, ... (shares); means over replicates are drawn.
    timeline : DataFrame, optional
        When policies begin and end and the centre is closed (`experiments.plots.times.mark`).
    """
    daily = with_replicates(daily)
    require(daily, COLUMNS, "day")
    require_one_scenario(daily)
    means = pd.DataFrame(
        {role: 100.0 * series.replicate_series(daily, OUTCOMES[name]).mean(axis=1) for role, name in SHARES.items()}
    ).fillna(0.0)
    figure = style.figure(8.4, 4.8)
    axes = figure.subplots()
    lower = pd.Series(0.0, index=means.index)
    for role in ORDER:
        upper = lower + means[role]
        axes.fill_between(means.index, lower, upper, linewidth=0.4, **LOOKS[role])
        if len(means) > 1 and float(means[role].iloc[-1]) > 7.0:
            middle = 0.5 * float(lower.iloc[-1] + upper.iloc[-1])
            words = text.labelled(str(ROLE_NAMES[role]), say("{share:.0f} %", share=float(means[role].iloc[-1])))
            note = axes.annotate(words, (means.index[-1], middle), (-5, 0), textcoords="offset points")
            note.set(ha="right", va="center", fontsize=style.SMALL, color=style.INK, path_effects=HALO)
        lower = upper
    axes.set_ylim(0.0, 100.0)
    begin = series.first_date(daily)
    series.day_axis(axes, int(daily["day"].min()), int(daily["day"].max()), begin)
    clock = say("time since the start (days)") if begin is None else ""
    style.dress(axes, clock, say("share of users (%)"))
    times.mark(axes, timeline)
    replicates = many(daily["replicate"].nunique(), "replicate")
    style.heading(axes, say("Roles over time"), say("mean of {replicates}", replicates=replicates))
    handles: list[Artist] = [
        Patch(linewidth=0.4, label=str(ROLE_NAMES[role]), **LOOKS[role]) for role in reversed(ORDER)
    ]
    about = say("The balance of help that users gave and received decides the role; nobody assigns it.")
    style.legend(figure, [*handles, *times.handles(timeline)], about, columns=None)
    return style.finish(figure)


def who_becomes(users: pd.DataFrame, *, least: float = LEAST) -> Figure:
    """Draw, for users of each role on arrival, the shares in each role at the end.

    Parameters
    ----------
    users : DataFrame
        A row for each user: `replicate`, `role_at_entry` (a role), `given`, `received`. With `status`, users who have
        left are not counted.
    least : float
        Acts given and received together below which a user is uninvolved: the scenario's memory_days / 30.
    """
    require(users, ["replicate", "role_at_entry", "given", "received"], "user")
    require_one_scenario(users)
    present = enrolled(users)
    then = present["role_at_entry"].astype(str).to_numpy()
    now = roles(present["given"], present["received"], least)
    counts = np.array([[int(((then == a) & (now == b)).sum()) for b in ORDER] for a in ORDER])
    figure = style.figure(6.8, 5.0)
    axes = figure.subplots()
    _cells(axes, counts)
    rows = [say("{role}: {number}", role=ROLE_NAMES[role], number=int(counts[k].sum())) for k, role in enumerate(ORDER)]
    axes.set_yticks(range(len(ORDER)), labels=rows)
    axes.set_xticks(range(len(ORDER)), labels=[str(ROLE_NAMES[role]) for role in ORDER])
    style.dress(axes, say("role at the end"), say("role on the first day or on arrival, and users"))
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    replicates = many(present["replicate"].nunique(), "replicate")
    words = say("{users} enrolled at the end, of {replicates}", users=many(len(present), "user"),
                replicates=replicates)  # fmt: skip
    style.heading(axes, say("Who becomes a helper"), words)
    note = say("Numbers: of the users with the role at the left, percent who have the role below at the end.")
    style.legend(figure, [Patch(facecolor=style.BURDEN_COLOURS(0.6), label=say("the darker, the more users"))], note)
    return style.finish(figure)


def _cells(axes: Axes, counts: np.ndarray) -> None:
    """Shade and number the shares of each row, in percent."""
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shares = 100.0 * counts / totals
    axes.imshow(shares, cmap=style.BURDEN_COLOURS, vmin=0.0, vmax=100.0, aspect="auto")
    for y, row in enumerate(shares):
        for x, share in enumerate(row):
            if counts[y].sum():
                colour = style.PAPER if share > DARK_FROM else style.INK
                axes.text(x, y, f"{share:.0f}", ha="center", va="center", fontsize=style.TEXT, color=colour)
