"""Effects of policies side by side: a panel for each outcome, a row for each scenario."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots import effects, style, text, widths
from experiments.plots.frames import records, require
from experiments.statistics.numbers import beside
from sim.language import say, term
from sim.language.meanings import without_remarks
from sim.outcomes.catalogue import PRIMARY

OUTCOMES: Final = (*PRIMARY, "lonely_share", "severely_lonely_share")
NUMBERS: Final = ("difference", "low", "high", "low_simultaneous", "high_simultaneous")
COLUMNS: Final = ("scenario", "base", "outcome", "label", "unit", "better", "n", "dropped", *NUMBERS, "verdict")
THICK, THIN = 3.2, 1.0
PANEL, MARGIN = 2.35, 2.2
"""Width of a panel, and of the room for names, in inches."""


def effect_forest(table: pd.DataFrame, outcomes: Sequence[str] = OUTCOMES, *, compact: bool = False) -> Figure:
    """Draw the paired effects of every policy: point, 95 % interval and, thinner, the simultaneous interval.

    Scenarios stand in the order of the table, as in every figure and table of a comparison.

    Parameters
    ----------
    table : DataFrame
        `experiments.compare.contrasts.table(contrasts(...))`: columns `scenario`, `base`, `outcome`, `label`, `unit`,
        `better`, `n`, `dropped`, `difference`, `low`, `high`, `low_simultaneous`, `high_simultaneous`, `verdict`.
    outcomes : sequence of str
        Outcomes to draw, a panel for each, in this order; outcomes that the table lacks are left out.
    compact : bool
        Whether to draw for the width of a page of A4, without note and legend: the text beside it explains.

    Raises
    ------
    InputError
        When a column is missing, or none of the outcomes is in the table.
    """
    require(table, COLUMNS)
    shown = effects.drawable(table, outcomes)
    frame = effects.scaled(table[table["outcome"].isin(shown)], NUMBERS)
    order = effects.scenarios_of(frame)
    columns = len(shown) if compact else widths.across(len(shown), PANEL, MARGIN)
    size = ((7.0 - MARGIN) / columns, 0.25 * len(order)) if compact else (PANEL, 1.2 + 0.3 * len(order))
    figure, cells = style.panels(len(shown), columns, size, (MARGIN, 1.05 if compact else 1.1), least=7.0)
    marked = [
        _panel(axes, frame[frame["outcome"] == name].set_index("scenario").reindex(order), compact)
        for axes, name in zip(cells, shown, strict=True)
    ]
    for number, axes in enumerate(cells):
        axes.set_yticks(range(len(order)), labels=[effects.short(name) for name in order])
        axes.tick_params(labelleft=number % columns == 0)
    if compact:
        return style.finish(figure)
    style.legend(
        figure,
        _handles(frame, any(marked)),
        beside(_note(frame), effects.arrow_words(figure)),
        columns=None,
    )
    return style.finish(figure)


def _panel(axes: Axes, rows: pd.DataFrame, compact: bool) -> bool:
    """Draw an outcome, if compact without the scale in its title; return whether a small effect is in sight.

    `rows` has a row for each scenario, in order, NaN where there is no contrast.
    """
    first = rows.dropna(subset=["unit"]).iloc[0]
    axes.set_xlim(*effects.reach(rows["difference"], rows[list(NUMBERS[1:])], effects.span(first["unit"])))
    effects.rows(axes, [""] * len(rows))
    for y, row in enumerate(records(rows)):
        look = effects.LOOKS.get(row.verdict, effects.LOOKS["not known"])
        effects.bar(axes, y, row.low_simultaneous, row.high_simultaneous, look.colour, THIN)
        effects.bar(axes, y, row.low, row.high, look.colour, THICK)
        effects.dot(axes, y, row.difference, look)
    axes.locator_params(axis="x", nbins=5, steps=[1, 2, 5, 10])
    style.dress_rows(axes, say("difference in\n{unit}", unit=effects.unit_words(first["unit"])))
    label = term(first["label"])
    style.heading(axes, without_remarks(label) if compact else label, " ")
    effects.directions(axes, first["better"])
    return effects.mark_small(axes, effects.small(rows))


def _handles(frame: pd.DataFrame, has_small: bool) -> list[Artist]:
    """Return the legend entries of the marks and intervals that occur."""
    handles = effects.handles(frame["verdict"])
    if frame["low"].notna().any():
        handles.append(Line2D([], [], color=style.MUTED, linewidth=THICK, label=say("95 % interval")))
    if frame["low_simultaneous"].notna().any():
        words = say("95 % interval allowing for all comparisons at once")
        handles.append(Line2D([], [], color=style.MUTED, linewidth=THIN, label=words))
    return [*handles, effects.small_handle()] if has_small else handles


def _note(frame: pd.DataFrame) -> str:
    """Return the note on the difference and the number of pairs."""
    base = frame["base"].iloc[0]
    low, high = int(frame["n"].min()), int(frame["n"].max())
    parts = [
        say(
            "Difference: scenario minus {base} (the vertical line), at the end of the run; pairs of runs: "
            "{pairs}, each pair under the same chance.",
            base=base,
            pairs=text.from_to(low, high),
        )
    ]
    if int(frame["dropped"].max()):
        parts.append(say("Up to {dropped} pairs lack a run and are left out.", dropped=int(frame["dropped"].max())))
    has_thin = frame.groupby("outcome")["low_simultaneous"].apply(lambda ends: ends.notna().any())
    if has_thin.any() and not has_thin.all():
        parts.append(say("The thinner interval is given for the outcomes the study is about only."))
    return beside(*parts)
