"""Progress of a search over portfolios, and how much of its success was luck."""

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from experiments.plots import effects, style
from experiments.plots.frames import require
from experiments.statistics.numbers import hundredths
from sim.language import say

HISTORY: Final = ("generation", "evaluated", "feasible", "best_loneliness")
SOLUTIONS: Final = ("loneliness", "loneliness_low", "loneliness_high", "searched_loneliness", "kept", "pairs")


def portfolio_search(history: pd.DataFrame, solutions: pd.DataFrame) -> Figure:
    """Draw the best relief of loneliness by generation, and fresh runs of each portfolio against the search's runs.

    Parameters
    ----------
    history, solutions : DataFrame
        From `experiments.portfolio.front.Front`.
    """
    require(history, HISTORY, "generation")
    require(solutions, SOLUTIONS, "portfolio")
    figure = style.figure(9.6, 5.2)
    left, right = figure.subplots(1, 2)
    _progress(left, history)
    _optimism(right, solutions)
    handles = [
        Line2D(
            [],
            [],
            color=style.BLUE,
            linewidth=1.8,
            label=say("best portfolio of each generation, by the search's runs"),
        ),
        Line2D(
            [],
            [],
            color=style.INK,
            linewidth=1.0,
            linestyle=(0, (4, 3)),
            label=say("fresh runs show what the search saw"),
        ),
        Line2D([], [], marker="o", linestyle="none", color=style.BLUE, label=say("portfolio kept, 95 % interval")),
        Line2D(
            [], [], marker="o", linestyle="none", color=style.MUTED, markerfacecolor=style.PAPER, label=say("not kept")
        ),
    ]
    style.legend(figure, handles, _note(solutions), columns=2)
    return style.finish(figure)


def _progress(axes: Axes, history: pd.DataFrame) -> None:
    x, y = history["generation"].to_numpy(float), history["best_loneliness"].to_numpy(float)
    axes.set_ylim(*effects.reach(y, [], 60.0))
    axes.axhline(0.0, color=style.INK, linewidth=0.8, zorder=1)
    axes.step(x, y, where="post", color=style.BLUE, linewidth=1.8, zorder=3)
    axes.plot(x, y, marker="o", markersize=4, linestyle="none", color=style.BLUE, zorder=4)
    axes.set_xlim(x[0] - 0.5, x[-1] + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    style.dress(axes, say("generation"), say("change in loneliness, {unit}", unit=effects.unit_words("20-80")))
    count = int(history["evaluated"].iloc[-1])
    style.heading(axes, say("The search"), say("{count} portfolios run; lower is better", count=count))


def _optimism(axes: Axes, rows: pd.DataFrame) -> None:
    seen, fresh = (rows[name].to_numpy(float) for name in ("searched_loneliness", "loneliness"))
    ends = rows[["loneliness_low", "loneliness_high"]].to_numpy(float)
    low, high = effects.reach([*seen, *fresh], ends, 60.0)
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    axes.plot([low, high], [low, high], color=style.INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    for x, y, (bottom, top), is_kept in zip(seen, fresh, ends, rows["kept"], strict=True):
        colour = style.BLUE if is_kept else style.MUTED
        axes.plot([x, x], [bottom, top], color=colour, linewidth=1.0, zorder=2)
        axes.plot(x, y, marker="o", markersize=5.5, color=colour, zorder=4 if is_kept else 3,
                  markerfacecolor=colour if is_kept else style.PAPER)  # fmt: skip
    style.dress(axes, say("change in loneliness: what the search saw"), say("change in loneliness: fresh runs"))
    style.heading(axes, say("What luck added"), say("above the dashed line: less relief than promised"))


def _note(rows: pd.DataFrame) -> str:
    gaps = (rows["loneliness"] - rows["searched_loneliness"]).to_numpy(float)
    gaps = gaps[np.isfinite(gaps)]
    mean = hundredths(float(gaps.mean())) if len(gaps) else say("not known")
    return say(
        "The search chose portfolios that did well in its own runs, partly by luck. It ran each again under "
        "{pairs} fresh seeds: loneliness is then {mean} points from what the search saw, on average over {len} "
        "portfolios.",
        pairs=int(rows["pairs"].max()),
        mean=mean,
        len=len(gaps),
    )
