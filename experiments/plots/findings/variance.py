"""Where differences between users come from: for each outcome, the share of the variance that each source explains."""

from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.plots import effects, style, widths
from experiments.plots.frames import records, require
from sim.language import later, say

COLUMNS: Final = ("outcome", "source", "share", "low", "high")
LOOKS: Final[dict[str, style.Keywords]] = {
    "among users": {"facecolor": style.BLUE, "edgecolor": style.BLUE},
    "house": {"facecolor": style.PAPER, "edgecolor": style.VERMILION, "hatch": "////"},
    "not explained": {"facecolor": "#D0D0D0", "edgecolor": style.MUTED, "hatch": "...."},
}
"""Looks of the bars: what differs between users of a centre, the centre, and the rest, which chance is part of."""
SOURCES: Final = {
    "traits": later("traits and diagnosis"),
    "self": later("stigma, self-worth, acceptance"),
    "ties": later("ties"),
    "helping": later("help given and received"),
    "being known": later("being known by peers"),
    "belonging": later("group identity"),
    "coming": later("coming to the centre"),
    "events": later("illness and trouble at home"),
    "house": later("the centre: what its users share"),
    "not explained": later("not explained: chance, and what is not linear"),
}
OUTCOMES: Final = {
    "loneliness": later("Loneliness"),
    "burden": later("Burden"),
    "identity": later("Group identity"),
    "hope": later("Hope"),
    "self_stigma": later("Self-stigma"),
}
ACROSS: Final = 3
"""Largest number of panels in a row."""
SIZE: Final = (2.3, 2.9)
"""Width of a panel, and of the room for names, in inches."""


def variance_by_source(shares: pd.DataFrame) -> Figure:
    """Draw a panel for each outcome, with a bar for each source of variance and its 95 % interval.

    Parameters
    ----------
    shares : DataFrame
        A row for each outcome and source, in drawing order: `outcome`, `source`, `share` of the variance (0 to 1), and
        its interval `low`, `high`. A source that holds the outcome itself has no row.

    Raises
    ------
    InputError
        When a column or every row is missing.
    """
    require(shares, COLUMNS, "share")
    outcomes = [str(name) for name in shares["outcome"].unique()]
    sources = [str(name) for name in shares["source"].unique()]
    figure, panels = style.panels(len(outcomes), ACROSS, (SIZE[0], 0.9 + 0.21 * len(sources)), (SIZE[1], 0.9))
    most = 100.0 * float(shares[["share", "high"]].max().max())
    across = widths.across(min(ACROSS, len(outcomes)), *SIZE)
    for number, (axes, outcome) in enumerate(zip(panels, outcomes, strict=True)):
        axes.set_xlim(0.0, 1.24 * most)
        _panel(axes, shares[shares["outcome"] == outcome].set_index("source").reindex(sources))
        is_left = number % across == 0
        style.dress_rows(axes, say("share of the variance (%)"), labelleft=is_left)
        style.heading(axes, str(OUTCOMES.get(outcome, outcome)))
        if is_left:
            axes.set_yticks(range(len(sources)), labels=[str(SOURCES.get(name, name)) for name in sources])
    _legend(figure, sources)
    return style.finish(figure)


def _look(source: str) -> style.Keywords:
    return LOOKS.get(source, LOOKS["among users"])


def _panel(axes: Axes, rows: pd.DataFrame) -> None:
    effects.rows(axes, [""] * len(rows))
    for y, (source, row) in enumerate(zip(rows.index, records(rows), strict=True)):
        if pd.isna(row.share):
            axes.annotate(say("holds it"), (0.0, y), (4, 0), textcoords="offset points", va="center").set(
                fontsize=style.SMALL, color=style.MUTED, fontstyle="italic"
            )
            continue
        low, share, high = (100.0 * value for value in (row.low, row.share, row.high))
        axes.barh(y, share, 0.62, linewidth=0.8, zorder=2, **_look(str(source)))
        axes.plot([low, high], [y, y], color=style.INK, linewidth=1.4, zorder=3)
        number = axes.annotate(f"{share:.0f}", (max(share, high), y), (4, 0), textcoords="offset points", va="center")
        number.set(fontsize=style.SMALL, color=style.INK)


def _legend(figure: Figure, sources: list[str]) -> None:
    words = {
        "among users": say("differences between the users of a centre"),
        "house": say("differences between centres"),
        "not explained": say("what is left"),
    }
    present = {name if name in LOOKS else "among users" for name in sources}
    handles = [Patch(label=words[name], **look) for name, look in LOOKS.items() if name in present]
    line = Line2D([], [], color=style.INK, linewidth=1.4, label=say("95 % interval"))
    note = say(
        "Each bar is the share of the variance between users that a source adds, averaged over all orders in which the "
        "sources may enter. A share is not an effect: what goes with an outcome need not move it."
    )
    style.legend(figure, [*handles, line], note, columns=None)
