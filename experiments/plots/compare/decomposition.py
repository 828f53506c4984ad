"""Parts of each policy's effect, side by side, and their sum."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import effects, style
from experiments.plots.frames import require
from sim.errors import InputError
from sim.language import later, say, term
from sim.outcomes.catalogue import OUTCOMES

COLOURS: Final = (style.BLUE, style.ORANGE, style.GREEN, style.PURPLE, style.SKY)
NUMBERS: Final = ("difference", "low", "high", "order_low", "order_high")
THROUGH: Final = {
    "new ties": later("through new ties"),
    "what flows along ties": later("through what flows along ties"),
    "direct help": later("through direct help"),
}
COLUMNS: Final = ("scenario", "outcome", "part", *NUMBERS, "always_0")


def decomposition_bars(frame: pd.DataFrame) -> Figure:
    """Draw the parts of each policy's effect as bars from 0 with 95 % intervals, and their sum.

    Parameters
    ----------
    frame : DataFrame
        A row for each scenario, outcome and part: columns `scenario`, `outcome` (a key of
        `sim.outcomes.catalogue.OUTCOMES`), `part`, `difference`, `low`, `high`, `order_low`, `order_high` in the
        outcome's unit, and `always_0`, as in `experiments.compare.decomposition.Part`. Parts are drawn in the
        order in which they first appear.

    Raises
    ------
    InputError
        When a column or a row is missing, an outcome is not in the catalogue, a part appears twice, or there are more
        parts than colours.
    """
    require(frame, COLUMNS)
    effects.scenarios_of(frame)
    outcomes = list(frame["outcome"].unique())
    if unknown := [name for name in outcomes if name not in OUTCOMES]:
        raise InputError(f"no outcome is named {', '.join(map(str, unknown))}")
    if len(twice := frame[frame.duplicated(["scenario", "outcome", "part"])]):
        first = twice.iloc[0]
        raise InputError(f"the part {first['part']} of {first['scenario']}, {first['outcome']} is there twice")
    parts = list(frame["part"].unique())
    if len(parts) > len(COLOURS):
        raise InputError(f"{len(parts)} parts, and colours for {len(COLOURS)}")
    rows = effects.scaled(frame.assign(unit=[OUTCOMES[name].unit for name in frame["outcome"]]), NUMBERS)
    sums = rows.groupby(["scenario", "outcome"], sort=False)["difference"].sum(min_count=len(parts)).reset_index()
    order = effects.scenarios_of(rows)
    tall = 1.1 + (0.13 * len(parts) + 0.16) * max(len(order), 2)
    figure, row = style.side_by_side(
        max(7.4, 2.2 + 3.0 * len(outcomes)), [tall] * len(outcomes), [1.0] * len(outcomes), 1.1
    )
    for axes, outcome in zip(row, outcomes, strict=True):
        total = sums[sums["outcome"] == outcome].set_index("scenario")["difference"].reindex(order)
        _panel(axes, rows[rows["outcome"] == outcome], total, parts)
    row[0].set_yticks(range(len(order)), labels=[effects.short(name) for name in order])
    _legend(figure, parts, rows)
    return style.finish(figure)


def _panel(axes: Axes, rows: pd.DataFrame, total: pd.Series, parts: list[str]) -> None:
    """Draw an outcome: for each scenario a group of bars, one for each part, and a mark at their sum."""
    about = OUTCOMES[rows["outcome"].iloc[0]]
    points = [*rows["difference"], *total]
    axes.set_xlim(*effects.reach(points, rows[["low", "high", "order_low", "order_high"]], effects.span(about.unit)))
    effects.rows(axes, [""] * len(total))
    thick = 0.8 / len(parts)
    for number, (part, colour) in enumerate(zip(parts, COLOURS, strict=False)):
        here = rows[rows["part"] == part].set_index("scenario").reindex(total.index)
        places = np.arange(len(total)) - 0.4 + thick * (number + 0.5)
        axes.barh(places, here["difference"].fillna(0.0), 0.88 * thick, color=colour, linewidth=0, zorder=2,
                  **_hatched(number))  # fmt: skip
        for y, low, high in zip(places, here["low"], here["high"], strict=True):
            effects.bar(axes, y, low, high, style.INK, 0.9, 3.0)
        for y, *ends in zip(places, here["order_low"], here["order_high"], strict=True):
            if ends[0] < ends[1]:
                axes.plot(ends, [y, y], marker="D", markersize=3.2, linestyle="none", color=style.INK, zorder=5)
        for y, is_so in zip(places, here["always_0"].eq(True), strict=True):
            if is_so:
                axes.annotate(say("0 in all runs"), (0.0, y), (3, 0), textcoords="offset points", va="center",
                              fontsize=style.SMALL, color=style.MUTED, fontstyle="italic", zorder=5)  # fmt: skip
    for y, value in enumerate(total):
        if np.isfinite(value):
            axes.plot([value, value], [y - 0.44, y + 0.44], color=style.INK, linewidth=2.4, zorder=4)
    axes.locator_params(axis="x", nbins=6, steps=[1, 2, 5, 10])
    style.dress_rows(axes, say("difference in\n{unit}", unit=effects.unit_words(about.unit)))
    style.heading(axes, term(about.label), " ")
    effects.directions(axes, about.better)


def _hatched(number: int) -> style.Keywords:
    """Return the hatch of a part's bars, which tells the parts apart in grey."""
    return {"hatch": style.HATCHES[number], "edgecolor": style.PAPER}


def _legend(figure: Figure, parts: list[str], rows: pd.DataFrame) -> None:
    handles: list[Artist] = [
        Patch(facecolor=colour, linewidth=0, label=str(THROUGH.get(part, part)), **_hatched(number))
        for number, (part, colour) in enumerate(zip(parts, COLOURS, strict=False))
    ]
    handles.append(Line2D([], [], color=style.INK, linewidth=2.4, marker="|", linestyle="none", markersize=11,
                          markeredgewidth=2.4, label=say("sum of the parts")))  # fmt: skip
    if rows["low"].notna().any():
        handles.append(Line2D([], [], color=style.INK, linewidth=0.9, label=say("95 % interval of a part")))
    if (rows["order_low"] < rows["order_high"]).any():
        handles.append(Line2D([], [], color=style.INK, marker="D", markersize=3.2, linestyle="none",
                              label=say("part by order of freezing")))  # fmt: skip
    note: object = say("Difference from the base (the vertical line) at the end of the run, by what it comes through.")
    style.legend(figure, handles, note, columns=None)
