"""The figures of a comparison, and the frames and networks that each reads."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from experiments.compare import cost
from experiments.compare.measurements import Compared
from experiments.plots.compare.figures import COMPARISON_FIGURES
from experiments.plots.family import Family
from experiments.statistics import budget
from experiments.statistics.verdict import FEWEST
from experiments.store.protocol import Drawing

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

WILLINGNESS: Final = tuple(range(0, 400_001, 10_000))
"""Yuan that a user-year below the severe cut-off may be worth: the axis of the acceptability curve."""

Sources = Mapping[str, Callable[[], object]]
"""Functions that return what a figure draws, by the words in `Family.reads`."""


def figures(result: Compared) -> dict[str, Drawing]:
    """Return, by name, the figures for which the comparison has all that they read."""
    there, named = _sources(result), _named(result)
    return {
        name: Drawing(
            family.title, family.caption, partial(_draw, family, there, named if name == "friendships" else {})
        )
        for name, family in COMPARISON_FIGURES.items()
        if there.keys() >= set(family.reads)
    }


def _draw(family: Family, there: Sources, named: Mapping[str, str]) -> "Figure":
    return family.draw(*(there[source]() for source in family.reads), **named)


def _named(result: Compared) -> dict[str, str]:
    """Name the two scenarios whose networks are drawn: the base, and the first other scenario that has a network."""
    return {"base": result.base, "other": next((name for name in result.others if name in result.graphs), "")}


def priced(values: "pd.DataFrame") -> "pd.DataFrame":
    """Return costs and effects of all runs under the column names that `experiments.compare.cost` reads."""
    columns = {"cost_per_user_year": "cost", "staff_hours_per_user_year": "staff_hours"}
    kept = values[["scenario", "replicate", "severe_time", *columns]]
    return kept.rename(columns=columns)


def plane_of(result: Compared) -> "pd.DataFrame | None":
    """Return the points of the cost-effectiveness plane; nothing from fewer than `FEWEST` pairs."""
    runs = priced(result.values)
    return cost.plane(runs) if cost.pairs(runs) >= FEWEST else None


def _sources(result: Compared) -> dict[str, Callable[[], object]]:
    """Return what this comparison has for figures to draw."""
    there: dict[str, Callable[[], object]] = {
        "contrasts": result.table,
        "groups": result.group_table,
        "daily": lambda: result.daily,
        "costs": lambda: cost.table(result.costs),
    }
    if len(result.changes):
        there["changes"] = lambda: _on_own_scale(result.changes)
    points = plane_of(result)
    if points is not None:
        there["plane"] = lambda: points
        there["acceptability"] = lambda: cost.acceptability(points, WILLINGNESS, result.base)
    if uses := result.budget_uses():
        there["budget"] = lambda: budget.table(uses)
    other = _named(result)["other"]
    if result.base in result.graphs and other:
        there["base graph"] = lambda: result.graphs[result.base]
        there["other graph"] = lambda: result.graphs[other]
    if (uncertain := result.uncertain) is not None:
        there["splits"] = lambda: uncertain.splits
        there["rankings"] = lambda: uncertain.rankings
        if uncertain.worth.values:
            there["information"] = uncertain.worth.table
            there["losses"] = lambda: uncertain.worth.losses
    if result.parts:
        there["decomposition"] = lambda: _parts(result)
    return there


def _on_own_scale(changes: "pd.DataFrame") -> "pd.DataFrame":
    """Return changes of users with loneliness rescaled from 20-80 to 0-1."""
    return changes.assign(
        loneliness=changes["loneliness"] / 60.0, base_loneliness=(changes["base_loneliness"] - 20.0) / 60.0
    )


def _parts(result: Compared) -> "pd.DataFrame":
    import pandas as pd

    frame = pd.DataFrame(result.parts)
    return frame[frame["part"] != "whole"]


__all__ = ["WILLINGNESS", "figures", "plane_of", "priced"]
