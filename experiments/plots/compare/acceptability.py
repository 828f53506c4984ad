"""How likely each policy is worth its cost, depending on what a unit of effect is worth to those who pay."""

from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import StrMethodFormatter

from experiments.plots import effects, style
from experiments.plots.frames import require
from experiments.statistics.verdict import FEWEST

CURRENCY: Final = "yuan"
WORTH: Final = "what a user-year below the severe cut-off is worth"
PALE: Final = "#C4C4C4"
COLOURS: Final = tuple(colour for colour in style.CYCLE if colour != style.BLACK)
EVER: Final = 5.0
"""With more scenarios than colours, a scenario is coloured if it is best in this percentage of resamples anywhere."""
BASE_DASHES: Final = (0, (4, 1.6))


def acceptability(frame: pd.DataFrame, *, worth: str = WORTH) -> Figure:
    """Draw how likely each scenario is best, and how likely it beats the base, against what the effect is worth.

    Parameters
    ----------
    frame : DataFrame
        From `experiments.compare.cost.acceptability`: columns `willingness`, `scenario`, `positive` (NaN for the base),
        `best` and `pairs`.
    worth : str
        Label of the axis: what is paid for.
    """
    require(frame, ["willingness", "scenario", "positive", "best", "pairs"])
    names = effects.scenarios_of(frame)
    wide = {name: _wide(frame, name)[names] for name in ("best", "positive")}
    base = next((name for name in names if wide["positive"][name].isna().all()), None)
    looks = _looks(wide["best"], base)
    figure = style.figure(10.6, 5.0)
    left, right = figure.subplots(1, 2, sharey=True)
    _lines(left, wide["best"], looks, worth)
    _lines(right, wide["positive"].drop(columns=[base] if base else []), looks, worth)
    axis = "share of resamples (%)"
    left.set_ylabel(axis, fontsize=style.TEXT, color=style.INK)
    style.heading(left, "Best of all scenarios", "how often no other is worth more after its cost")
    style.heading(right, "Better than the base", "how often it is worth more after its cost than the base")
    _legend(figure, looks, base, int(frame["pairs"].iloc[0]))
    return style.finish(figure)


def _wide(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a column in percent, with a row for each willingness and a column for each scenario."""
    return 100.0 * frame.assign(scenario=frame["scenario"].astype(str)).pivot(
        index="willingness", columns="scenario", values=column
    )


def _looks(best: pd.DataFrame, base: str | None) -> dict[str, style.Keywords]:
    """Return the line style of each scenario, the most likely best first; the base is black and dashed."""
    peak = best.drop(columns=[base] if base else []).max().fillna(0.0)
    order = list(peak.sort_values(ascending=False, kind="stable").index)
    least = EVER if len(order) > len(COLOURS) else 0.0
    looks: dict[str, style.Keywords] = {}
    # Each line is narrower than the line below it, so that all of them show where they overlap.
    for number, name in enumerate(order):
        if number < len(COLOURS) and peak[name] >= least:
            looks[name] = {
                "color": COLOURS[number],
                "linewidth": 3.4 - 0.4 * number,
                "zorder": 3 + 0.1 * number,
                "linestyle": "solid",
            }
        else:
            looks[name] = {"color": PALE, "linewidth": 1.0, "zorder": 2, "linestyle": "solid"}
    if base:
        looks[base] = {"color": style.INK, "linewidth": 1.6, "zorder": 4, "linestyle": BASE_DASHES}
    return looks


def _lines(axes: Axes, wide: pd.DataFrame, looks: dict[str, style.Keywords], worth: str) -> None:
    """Draw a line for each scenario, or a point if there is a single willingness."""
    for name in wide.columns:
        axes.plot(wide.index, wide[name], marker="o" if len(wide) == 1 else None, **looks[name])
    axes.set_ylim(-3, 103)
    axes.set_yticks(range(0, 101, 20))
    first, last = float(wide.index.min()), float(wide.index.max())
    pad = 0.02 * (last - first) or 0.5
    axes.set_xlim(first - pad, last + pad)
    axes.locator_params(axis="x", nbins=6, steps=[1, 2, 5, 10])
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    style.dress(axes, f"{worth} ({CURRENCY})", "")


def _legend(figure: Figure, looks: dict[str, style.Keywords], base: str | None, pairs: int) -> None:
    handles = []
    for name, look in looks.items():
        if look["color"] != PALE:
            words = f"{effects.short(name, 40, 1)} (base)" if name == base else effects.short(name, 40, 1)
            handles.append(Line2D([], [], label=words, **look))
    pale = [name for name, look in looks.items() if look["color"] == PALE]
    few = f", and fewer than {FEWEST} are too few for these shares to hold" if pairs < FEWEST else ""
    note = (
        f"A resample is the same study with its {pairs} pairs of runs drawn anew{few}: the shares tell chance, not "
        "whether the model is right. After its cost: the effect at what it is worth, less what it costs."
    )
    if pale:
        handles.append(Line2D([], [], color=PALE, linewidth=1.0, label="all others"))
        note += f" Pale, as they are the least likely to be best: {', '.join(sorted(pale))}."
    style.legend(figure, handles, note, columns=None)
