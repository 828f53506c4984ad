"""Portfolios of policies: how much each relieves loneliness, its hours of staff, and its effect on burden."""

from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import effects, labels, style
from experiments.plots.frames import records, require
from experiments.statistics.numbers import beside
from sim.language import later, say

COLUMNS: Final = (
    *("loneliness", "loneliness_low", "loneliness_high", "burden", "burden_low", "burden_high"),
    *("hours", "hours_low", "hours_high", "pairs", "burden_verdict", "within_budget", "kept", "name"),
)
LOOKS: Final = {
    "does not rise": effects.Look(style.BLUE, "o", False, later("not kept; burden does not rise")),
    "not clear": effects.Look(style.MUTED, "s", False, later("not kept; not clear among all whether burden rises")),
    "rises": effects.Look(style.VERMILION, "^", False, later("not kept; burden rises")),
    "beyond": effects.Look(style.INK, "x", False, later("not kept; beyond the budget")),
}
"""Looks by verdict, and of what does not fit; other verdicts, such as those by itself, look like "not clear"."""
MOST_NAMES: Final = 8
"""With more kept portfolios, only so many carry their letter."""
BEYOND: Final = 2.5
"""A budget above this multiple of the largest hours is not drawn, since it would push all marks to one side."""


def portfolio_front(solutions: pd.DataFrame, budget: float | None, base_hours: float = 0.0) -> Figure:
    """Draw the change of loneliness of each portfolio against its hours of staff, with 95 % intervals.

    Parameters
    ----------
    solutions : DataFrame
        `experiments.portfolio.front.Front.solutions`.
    budget : float or None
        Budget, in hours of staff a week.
    base_hours : float
        Hours of staff a week that the base's own policies take.
    """
    require(solutions, COLUMNS, "portfolio")
    figure = style.figure(9.6, 6.6)
    axes = figure.subplots()
    _limits(axes, solutions, budget)
    axes.axhline(0.0, color=style.INK, linewidth=0.8, zorder=1)
    if budget is not None and _is_near(solutions, budget):
        axes.axvline(budget, color=style.MUTED, linewidth=1.2, linestyle=style.DOTS, zorder=1)
    axes.plot(base_hours, 0, marker="s", markersize=7, color=style.INK, zorder=5, clip_on=False)
    shades = _shades(solutions)
    for row in records(solutions):
        _cross(axes, row, shades.to_rgba(row.burden))
    style.dress(axes, say("hours of staff a week, all centres together"),
                say(
                    "change in loneliness, {unit}: further down is better",
                    unit=effects.unit_words('20-80'),
                ))  # fmt: skip
    style.heading(axes, say("What portfolios of policies relieve, and what they take"),
                  say("difference from the base, the square; letters: the portfolios kept"))  # fmt: skip
    bar = figure.colorbar(shades, ax=axes, shrink=0.7, pad=0.02)
    style.dress_bar(bar, say("change in burden (scale 0–100)\npaler is better"))
    style.legend(figure, _handles(solutions, budget), _note(solutions, budget), columns=2)
    style.finish(figure)
    kept = _named(solutions[solutions["kept"].astype(bool)])
    spots = [(float(x), float(y)) for x, y in kept[["hours", "loneliness"]].to_numpy(float)]
    tall = kept[["hours", "loneliness_low", "hours", "loneliness_high"]].to_numpy(float)
    flat = kept[["hours_low", "loneliness", "hours_high", "loneliness"]].to_numpy(float)
    bars = np.nan_to_num(np.vstack([tall, flat, labels.cross(axes)]))
    labels.place(axes, spots, list(kept["name"]), [style.INK] * len(spots), bars)
    return style.finish(figure)


def _shades(rows: pd.DataFrame) -> ScalarMappable:
    """Return the colour scale of burden, from the most relief to no change, or to the largest rise."""
    known = rows.loc[rows["kept"], "burden"].to_numpy(float)
    low, high = float(min(known, default=0.0)), float(max([*known, 0.0]))
    return ScalarMappable(Normalize(low if low < high else high - 1.0, high), style.BURDEN_COLOURS)


def _is_near(rows: pd.DataFrame, budget: float | None) -> bool:
    return budget is not None and budget <= BEYOND * float(np.nanmax([*rows["hours"], *rows["hours_high"], 0.4]))


def _limits(axes: Axes, rows: pd.DataFrame, budget: float | None) -> None:
    low, high = effects.reach(rows["loneliness"], rows[["loneliness_low", "loneliness_high"]], 60.0)
    axes.set_ylim(low, high)
    most = max(
        float(np.nanmax([*rows["hours"], *rows["hours_high"], 0.4])),
        budget if budget is not None and _is_near(rows, budget) else 0.0,
    )
    axes.set_xlim(-0.03 * most, 1.06 * most)


def _cross(axes: Axes, row: Any, shade: object) -> None:
    look = LOOKS[_look_of(row.burden_verdict, row.within_budget)]
    is_kept, x, y = row.kept, row.hours, row.loneliness
    colour = style.INK if is_kept else look.colour
    for ends_x, ends_y in (
        ([x, x], [row.loneliness_low, row.loneliness_high]),
        ([row.hours_low, row.hours_high], [y, y]),
    ):
        axes.plot(ends_x, ends_y, color=colour, linewidth=1.2 if is_kept else 0.7, zorder=3 if is_kept else 2)
    axes.plot(x, y, marker="o" if is_kept else look.marker, markersize=8.5 if is_kept else 5, markeredgecolor=colour,
              markerfacecolor=shade if is_kept else style.PAPER, zorder=4 if is_kept else 2.5)  # fmt: skip


def _look_of(verdict: str, fits: bool) -> str:
    return "beyond" if not fits else verdict if verdict in LOOKS else "not clear"


def _handles(rows: pd.DataFrame, budget: float | None) -> list[Artist]:
    others = rows[~rows["kept"].astype(bool)]
    present = {_look_of(row.burden_verdict, row.within_budget) for row in records(others)}
    plain: style.Keywords = {"linestyle": "none", "color": style.INK}
    made: list[Artist] = [Line2D([], [], marker="s", markersize=7, label=say("base"), **plain)]
    if rows["kept"].any():
        kept = say("kept, with 95 % intervals")
        made.append(Line2D([], [], marker="o", markersize=8, markerfacecolor="#8FBBDD", label=kept, **plain))
    made += effects.marks([look for verdict, look in LOOKS.items() if verdict in present], 5.0)
    if _is_near(rows, budget):
        label = say("the budget, {budget:g} hours a week", budget=budget)
        made.append(Line2D([], [], linestyle=style.DOTS, color=style.MUTED, label=label))
    return made


def _note(rows: pd.DataFrame, budget: float | None) -> str:
    pairs = int(rows["pairs"].max())
    further = budget is not None and not _is_near(rows, budget)
    return beside(
        say("Means of pairs of fresh runs, with seeds that the search did not use: {pairs} a portfolio.", pairs=pairs),
        say(
            "Kept are portfolios within the budget that no other beats on loneliness, burden and hours at once, "
            "and whose burden does not rise (95 % interval not above 0)."
        ),
        say("The budget, {budget:g} hours a week, lies further right.", budget=budget) if further else "",
        _unnamed(rows),
    )


def _named(kept: pd.DataFrame) -> pd.DataFrame:
    """Return the portfolios to name: with many, the ends of the front and some spread evenly between, by hours."""
    if len(kept) <= MOST_NAMES:
        return kept
    ordered = kept.sort_values(["hours", "loneliness"], kind="stable")
    places = np.unique(np.linspace(0, len(ordered) - 1, MOST_NAMES).round().astype(int))
    return ordered.iloc[places]


def _unnamed(rows: pd.DataFrame) -> str:
    """Return a sentence on kept portfolios without a letter; empty when all have one."""
    kept = rows[rows["kept"].astype(bool)]
    if len(kept) <= MOST_NAMES:
        return ""
    return say("{named} of {kept} kept portfolios carry their letter; the next figure has all.",
               named=len(_named(kept)), kept=len(kept))  # fmt: skip
