"""Which figures a comparison has, and what each is drawn from."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from experiments import plots
from experiments.compare import cost

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

WILLINGNESS: Final = tuple(range(0, 400_001, 10_000))
"""Yuan one might be willing to pay for a user lifted below the severe cut-off: the axis of the acceptability curve."""


def possible(result: Any) -> "list[tuple[str, plots.Family]]":
    """List the figures there is something to draw for, by name."""
    there = _sources(result)
    return [(name, one) for name, one in plots.COMPARISON_FIGURES.items() if there.keys() >= set(one.reads)]


def draw(result: Any, name: str) -> "Figure":
    """Draw one figure of a comparison.

    Raises
    ------
    KeyError
        When it has no such figure.
    """
    families = dict(possible(result))
    if name not in families:
        raise KeyError(f"no figure {name!r}; this comparison has {', '.join(families)}")
    there = _sources(result)
    named = {"base": result.base, "other": _other(result)} if name == "friendships" else {}
    return families[name].draw(*(there[source]() for source in families[name].reads), **named)


def _other(result: Any) -> str:
    """Name the scenario whose network is set beside the base's: the first one there is."""
    return next((name for name in result.others if name in result.graphs), "")


def drawn(result: Any) -> "Iterator[tuple[str, plots.Family, Callable[[], Figure]]]":
    """Give every figure there is something to draw for, with what draws it."""
    for name, family in possible(result):
        yield name, family, partial(draw, result, name)


def priced(result: Any) -> Any:
    """Give the costs and effects of all runs as `experiments.compare.cost` reads them."""
    columns = {"staff_hours_total": "staff_hours", "severely_lonely_share": "severe_share"}
    values = result.values.drop(columns=["staff_hours"]).rename(columns=columns)
    return values[["scenario", "replicate", "cost", "staff_hours", "user_years", "severe_share"]]


def years(result: Any) -> float:
    """Give the length of the runs in years."""
    return result.scenarios[result.base].days / 365.25


def _sources(result: Any) -> dict[str, Any]:
    """Say what there is to draw from: for each kind a function that gives the arguments of the figure."""
    there: dict[str, Any] = {
        "contrasts": result.table,
        "groups": result.group_table,
        "daily": lambda: result.daily,
        "costs": lambda: cost.table(result.costs),
    }
    if len(result.changes):
        there["changes"] = lambda: _on_own_scale(result.changes)
    if result.replicates >= 2:
        points = cost.plane(priced(result), years(result))
        there["plane"] = lambda: points
        there["acceptability"] = lambda: cost.acceptability(points, WILLINGNESS, result.base)
    if result.base in result.graphs and _other(result):
        there["base graph"] = lambda: result.graphs[result.base]
        there["other graph"] = lambda: result.graphs[_other(result)]
    if result.uncertain is not None:
        there["splits"] = lambda: result.uncertain.splits["loneliness_ucla20"]
        there["ranking"] = lambda: result.uncertain.rankings["loneliness_ucla20"]
    if result.parts:
        there["decomposition"] = lambda: _parts(result)
    return there


def _on_own_scale(changes: "pd.DataFrame") -> "pd.DataFrame":
    """Give changes of users with loneliness from 0 to 1, as the state has it."""
    return changes.assign(
        loneliness=changes["loneliness"] / 60.0, base_loneliness=(changes["base_loneliness"] - 20.0) / 60.0
    )


def _parts(result: Any) -> "pd.DataFrame":
    import pandas as pd

    frame = pd.DataFrame([asdict(part) for part in result.parts])
    return frame[frame["part"] != "whole"]


__all__ = ["draw", "drawn", "possible", "priced", "years"]
