"""Policies in each kept portfolio, their intensities, and the portfolio's effects and hours."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from experiments.plots import style, text
from experiments.plots.frames import require
from experiments.plots.portfolio.front import COLUMNS
from experiments.statistics.numbers import beside, commas, fixed, hundredths
from sim.language import later, say

MOST_ROWS: Final = 26
"""Largest number of portfolios to draw; the table has all."""
SHADES: Final = LinearSegmentedColormap.from_list("intensity", ["#FFFFFF", "#9CC7E6", style.BLUE])
NUMBERS: Final = (
    ("loneliness", later("loneliness\n(20–80)"), hundredths),
    ("burden", later("burden\n(0–100)"), hundredths),
    ("hours", later("hours\na week"), fixed),
)


def portfolio_members(solutions: pd.DataFrame, policies: Sequence[str]) -> Figure:
    """Draw a row for each kept portfolio and a column for each policy, darker with higher intensity.

    Parameters
    ----------
    solutions : DataFrame
        `experiments.portfolio.front.Front.solutions`.
    policies : sequence of str
        Columns of the levers. Policies in no kept portfolio are named in the note below.
    """
    require(solutions, (*COLUMNS, *policies), "portfolio")
    kept = solutions[solutions["kept"]].reset_index(drop=True)
    shown = kept.head(MOST_ROWS)
    used = [name for name in policies if (kept[name] > 0.0).any()]
    rows, wide = max(len(shown), 1), len(used) + len(NUMBERS)
    figure = style.figure(max(7.4, 2.2 + 0.62 * wide), 3.2 + 0.27 * rows)
    axes = figure.subplots()
    axes.set_xlim(-0.5, wide - 0.3)
    axes.set_ylim(rows - 0.5, -0.5)
    for y, (_, row) in enumerate(shown.iterrows()):
        _row(axes, y, row, used)
    ticks = [*range(len(used)), *(len(used) + 0.2 + k for k in range(len(NUMBERS)))]
    style.dress(axes, "", say("portfolio, most relief of loneliness first") if rows > 9 else say("portfolio"))
    axes.set_xticks(ticks, labels=[*(text.in_words(name) for name in used), *(str(label) for _, label, _ in NUMBERS)])
    for label, is_policy in zip(axes.get_xticklabels(), [True] * len(used) + [False] * len(NUMBERS), strict=True):
        if is_policy:
            label.set(rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(shown)), labels=list(shown["name"]))
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    if kept.empty:
        words = axes.annotate(
            say("no portfolio is kept"), (0.5, 0.5), xycoords="axes fraction", ha="center", va="center"
        )
        words.set(fontsize=style.TEXT, color=style.MUTED)
    style.heading(axes, say("What is in each portfolio kept"), say("right: change from the base, and hours of staff"))
    style.legend(figure, _handles(), _note(len(kept), [name for name in policies if name not in used]), columns=None)
    return style.finish(figure)


def _row(axes: Axes, y: int, row: pd.Series, used: Sequence[str]) -> None:
    for x, name in enumerate(used):
        share = float(row[name])
        axes.add_patch(_cell(x, y, SHADES(share)))
        if share > 0.0:
            _write(axes, x, y, f"{100 * share:.0f}", style.PAPER if share > 0.6 else style.INK)
    for k, (column, _, write) in enumerate(NUMBERS):
        _write(axes, len(used) + 0.2 + k, y, write(float(row[column])), style.INK)


def _cell(x: float, y: float, colour: tuple[float, float, float, float]) -> Patch:
    return Rectangle((x - 0.5, y - 0.5), 1.0, 1.0, facecolor=colour, edgecolor=style.RULE, linewidth=0.6)


def _write(axes: Axes, x: float, y: float, text: str, colour: str) -> None:
    axes.annotate(text, (x, y), ha="center", va="center").set(fontsize=style.SMALL - 0.5, color=colour)


def _handles() -> list[Patch]:
    return [
        Patch(facecolor=SHADES(share), edgecolor=style.RULE, label=words)
        for share, words in (
            (0.0, say("without it")),
            (0.5, say("at half intensity (50)")),
            (1.0, say("in full (100)")),
        )
    ]


def _note(kept: int, unused: Sequence[str]) -> str:
    parts = [say("Numbers in cells: intensity in %.")]
    if kept > MOST_ROWS:
        most = say("The first {most} of {kept} portfolios; solutions.parquet has all.", most=MOST_ROWS, kept=kept)
        parts.append(most)
    if unused:
        parts.append(say("In none of them: {names}.", names=commas(text.in_words(name) for name in unused)))
    return beside(*parts)
