"""Which figures a comparison has, and what each is drawn from."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments import plots
from experiments.analysis import cost

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WILLINGNESS: Final = tuple(range(0, 400_001, 10_000))
"""Yuan one might be willing to pay for a user lifted below the severe cut-off: the axis of the acceptability curve."""


def possible(result: Any) -> "list[tuple[str, plots.Family]]":
    """List the figures there is something to draw for, by name."""
    there = _sources(result)
    return [(name, family) for name, family in plots.COMPARISON_FIGURES.items() if family.reads in there]


def draw(result: Any, name: str) -> "Figure":
    """Draw one figure of a comparison.

    Raises
    ------
    KeyError
        When it has no such figure.
    """
    there = _sources(result)
    names = [one for one, family in plots.COMPARISON_FIGURES.items() if family.reads in there]
    if name not in names:
        raise KeyError(f"no figure {name!r}; this comparison has {', '.join(names)}")
    family = plots.COMPARISON_FIGURES[name]
    return family.draw(*there[family.reads]())


def save(result: Any, name: str, path: Path) -> Path:
    """Draw a figure and write it."""
    return plots.save(draw(result, name), path)


def priced(result: Any) -> Any:
    """Give the costs and effects of all runs as `experiments.analysis.cost` reads them."""
    columns = {"staff_hours_total": "staff_hours", "severely_lonely_share": "severe_share"}
    values = result.values.drop(columns=["staff_hours"]).rename(columns=columns)
    return values[["scenario", "replicate", "cost", "staff_hours", "user_years", "severe_share"]]


def years(result: Any) -> float:
    """Give the length of the runs in years."""
    return result.scenarios[result.base].days / 365.25


def _sources(result: Any) -> dict[str, Any]:
    """Say what there is to draw from: for each kind a function that gives the arguments of the figure."""
    there: dict[str, Any] = {
        "contrasts": lambda: (result.table(),),
        "groups": lambda: (result.group_table(),),
        "daily": lambda: (result.daily,),
        "changes": lambda: (result.changes,),
    }
    if result.replicates >= 2 and result.costs:
        points = cost.plane(priced(result), years(result))
        there["plane"] = lambda: (points, cost.table(result.costs))
        there["acceptability"] = lambda: (cost.acceptability(points, WILLINGNESS, result.base),)
    if len(result.graphs) >= 2 and result.base in result.graphs:
        other = next(name for name in result.others if name in result.graphs)
        there["graphs"] = lambda: (result.graphs[result.base], result.graphs[other])
    if result.uncertain is not None:
        there["splits"] = lambda: (result.uncertain.splits["loneliness_ucla20"],)
        there["ranking"] = lambda: (result.uncertain.rankings["loneliness_ucla20"],)
    if result.parts:
        from dataclasses import asdict

        import pandas as pd

        frame = pd.DataFrame([asdict(part) for part in result.parts])
        there["decomposition"] = lambda: (frame[frame["part"] != "whole"],)
    return there


__all__ = ["draw", "possible", "priced", "save", "years"]
