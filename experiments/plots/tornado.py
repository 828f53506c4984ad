"""The tornado: each outcome at the low and at the high end of its leading factors."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.plots import drivers, style
from experiments.plots.frames import require

LOW, HIGH = style.ORANGE, style.BLUE
PALE: Final = {LOW: "#F5DFB5", HIGH: "#B9D3E6"}
COLUMNS: Final = ("outcome", "factor", "base", "at_low", "at_high", "difference", "low", "high")


def tornado(
    ends: pd.DataFrame, factors: pd.DataFrame, *, outcome: str = "", most: int = 15, difference: str = ""
) -> Figure:
    """Draw where an outcome lies at both ends of the factors that move it most.

    Parameters
    ----------
    ends : DataFrame
        As of `experiments.analysis.sensitivity_ends.ends`.
    factors, outcome, most, difference
        As of `experiments.plots.influence.influence`.

    Raises
    ------
    ValueError
        When a column is missing or there is nothing to draw.
    """
    require(ends, COLUMNS)
    require(factors, drivers.FACTOR_COLUMNS)
    names = drivers.outcomes_of(ends, outcome)
    tables = {name: _leading(ends, factors, name, most) for name in names}
    rows = [len(table) for table in tables.values()]
    figure = style.figure(10.4, 1.5 + sum(drivers.ROW * each + 0.85 for each in rows))
    grid = figure.subplots(len(names), 1, squeeze=False, gridspec_kw={"height_ratios": rows})
    for axes, (name, table) in zip(grid[:, 0], tables.items(), strict=True):
        _panel(axes, name, table)
        style.heading(axes, drivers.label(name), difference)
    handles = [
        Patch(facecolor=LOW, label="at the low end of the parameter"),
        Patch(facecolor=HIGH, label="at its high end"),
        Patch(facecolor=PALE[HIGH], label="pale: 95 % interval of the difference holds 0"),
    ]
    note = (
        "The vertical line is the mean over all runs of the design. On the right: outcome at the high end less that at "
        "the low end, with its 95 % interval. A parameter whose effect turns with the others may be missing here."
    )
    style.legend(figure, handles, note, columns=None)
    return style.finish(figure)


def _leading(ends: pd.DataFrame, factors: pd.DataFrame, outcome: str, most: int) -> pd.DataFrame:
    """Give the factors with the largest difference, in the unit of the axis."""
    mine = ends[ends["outcome"] == outcome]
    mine = mine.assign(size=mine["difference"].abs()).sort_values("size", ascending=False, kind="stable").head(most)
    mine = mine.merge(factors[["factor", "meaning"]], on="factor", how="left").fillna({"meaning": ""})
    numbers = ["base", "at_low", "at_high", "difference", "low", "high"]
    return mine.assign(**{name: drivers.scale(outcome) * mine[name].to_numpy(float) for name in numbers})


def _panel(axes: Axes, outcome: str, table: pd.DataFrame) -> None:
    """Draw one outcome."""
    base = float(table["base"].iloc[0])
    tips = table[["at_low", "at_high"]].to_numpy(float)
    tips = tips[np.isfinite(tips)]
    reach = 1.08 * max(float(np.abs(tips - base).max(initial=0.0)), 1e-9)
    axes.set_xlim(base - reach, base + reach)
    drivers.name_rows(
        axes, table["factor"].tolist(), table["meaning"].tolist(), [_idle(row) for row in table.itertuples()]
    )
    axes.axvline(base, color=style.INK, linewidth=0.9, zorder=3)
    d = int(np.clip(1 - np.floor(np.log10(reach)), 0, 6))  # decimals
    for y, row in enumerate(table.itertuples()):
        for end, colour in ((row.at_low, LOW), (row.at_high, HIGH)):
            axes.barh(
                y, end - base, 0.62, left=base, color=PALE[colour] if _idle(row) else colour, linewidth=0, zorder=2
            )
        known = np.isfinite(row.difference)
        said = f"{row.difference:+.{d}f} ({row.low:+.{d}f} to {row.high:+.{d}f})" if known else "not known"
        note = axes.annotate(said.replace("-", "−"), (1.0, y), (7, 0), ("axes fraction", "data"), "offset points",
                             va="center", annotation_clip=False)  # fmt: skip
        note.set(fontsize=style.SMALL, color=style.MUTED if _idle(row) else style.INK)
    style.dress(axes, f"{drivers.label(outcome)}, in {drivers.unit(outcome)}", "")
    axes.spines["left"].set_visible(False)


def _idle(row: object) -> bool:
    """Tell whether chance alone may be what moves the outcome."""
    return not (row.low > 0.0 or row.high < 0.0)  # type: ignore[attr-defined]
