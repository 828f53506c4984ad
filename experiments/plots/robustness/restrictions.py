"""Restrictions of boxes: each range of a box within the parameter's plausible range."""

from collections.abc import Hashable, Mapping
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.plots import effects, style
from experiments.plots.frames import require
from experiments.statistics.numbers import percent
from sim.language import say, term
from sim.language.meanings import label_parts

ALL: Final = "#E3E3E3"
HALF: Final = 0.13
"""Half the thickness of a bar, as a share of the height of a row."""


def box_ranges(boxes: pd.DataFrame) -> Figure:
    """Draw the restrictions of every box, each within the range from which the parameter was drawn.

    Parameters
    ----------
    boxes : DataFrame
        A row for each restriction: `box`, `parameter`, `low`, `high` (infinite without a limit), `label`, `unit`,
        `from`, `to`, `coverage`, `density`.
    """
    require(boxes, ["box", "parameter", "low", "high", "label", "unit", "from", "to", "coverage", "density"], "box")
    numbers = list(dict.fromkeys(boxes["box"]))
    counts = [int((boxes["box"] == number).sum()) for number in numbers]
    heights = [0.55 + 0.62 * count for count in counts]
    figure = style.figure(9.6, 1.0 + sum(heights))
    panels = figure.subplots(len(numbers), 1, squeeze=False, height_ratios=heights)
    for axes, number in zip(panels[:, 0], numbers, strict=True):
        rows = boxes[boxes["box"] == number]
        _panel(axes, rows)
        first = rows.iloc[0]
        shares = say(
            "{coverage} of the failures lie in it, {density} of its points fail",
            coverage=percent(first["coverage"]),
            density=percent(first["density"]),
        )
        style.heading(axes, say("Box {number}", number=number), shares)
    handles = [
        Patch(facecolor=style.VERMILION, label=say("range of the box")),
        Patch(facecolor=ALL, label=say("range of the draws")),
    ]
    note = say(
        "The policy fails mostly at points within all ranges of a box. A later box covers only points outside all "
        "earlier boxes."
    )
    style.legend(figure, handles, note, columns=None)
    return style.finish(figure)


def axis_label(factor: Mapping[Hashable, object] | pd.Series) -> str:
    """Return the label of a parameter on an axis: a line with its meaning, and a line with its path and unit."""
    meaning, path = label_parts(str(factor["label"]))
    after = f" [{term(str(factor['unit']))}]" if factor["unit"] else ""
    what = effects.short(f"{meaning[:1].upper()}{meaning[1:]}", 62, 1)
    return f"{what}\n{path}{after}" if meaning else f"{path}{after}"


def _panel(axes: Axes, rows: pd.DataFrame) -> None:
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-0.02, 1.02)
    for y, row in enumerate(rows.to_dict("records")):
        low, high = float(row["from"]), float(row["to"])
        wide = (high - low) or 1.0
        left, right = (float(np.clip((end - low) / wide, 0.0, 1.0)) for end in (row["low"], row["high"]))
        axes.barh(y, 1.0, 2 * HALF, color=ALL, linewidth=0, zorder=1)
        axes.barh(y, right - left, 2 * HALF, left=left, color=style.VERMILION, linewidth=0, zorder=2)
        for place, end, side in ((0.0, low, "left"), (1.0, high, "right")):
            _word(axes, place, y + HALF, f"{end:.3g}", style.MUTED, side, "top")
        for place, end in ((left, row["low"]), (right, row["high"])):
            if np.isfinite(end):
                _word(axes, place, y - HALF, f"{end:.3g}", style.INK, "center", "bottom")
    axes.set_yticks(range(len(rows)), labels=[axis_label(row) for row in rows.to_dict("records")])
    style.dress(axes, "", "")
    axes.set_xticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _word(axes: Axes, x: float, y: float, text: str, colour: str, across: str, upward: str) -> None:
    axes.text(x, y, text, ha=across, va=upward, fontsize=style.SMALL, color=colour)
