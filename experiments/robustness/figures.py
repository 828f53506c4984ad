"""Which figures there are of a discovery and of a ranking, and what each is drawn from."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments import plots

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def drawn_discovery(result: Any) -> "Iterator[tuple[str, plots.Family, Callable[[], Figure]]]":
    """Give every figure of a discovery there is something to draw for, with what draws it."""
    there = [name for name in plots.DISCOVERY_FIGURES if result.found.boxes or name == "differences"]
    for name in there:
        yield name, plots.DISCOVERY_FIGURES[name], partial(draw_discovery, result, name)


def drawn_ranking(result: Any) -> "Iterator[tuple[str, plots.Family, Callable[[], Figure]]]":
    """Give every figure of a ranking, with what draws it."""
    for name, family in plots.RANKING_FIGURES.items():
        yield name, family, partial(draw_ranking, result, name)


def draw_discovery(result: Any, name: str) -> "Figure":
    """Draw one figure of a discovery.

    Raises
    ------
    KeyError
        When it has no such figure.
    """
    there = [known for known, _, _ in drawn_discovery(result)]
    if name not in there:
        raise KeyError(f"no figure {name!r}; this discovery has {', '.join(there)}")
    rule = result.rule
    words = (result.lever, rule.words(result.against), rule.judged)
    if name == "differences":
        return plots.point_differences(result.judged, rule.outcome, rule.limit, words)
    box = result.found.boxes[0]
    base = result.failures / len(result.judged)
    both = (box.coverage, box.density), (box.fresh_coverage, box.fresh_density)
    draws: dict[str, Callable[[], Figure]] = {
        "trajectory": lambda: plots.peeling_trajectory(result.found.trajectory, *both, base),
        "plane": lambda: plots.failure_plane(result.judged, result.boxes(), result.factors),
        "ranges": lambda: plots.box_ranges(result.boxes()),
    }
    return draws[name]()


def draw_ranking(result: Any, name: str) -> "Figure":
    """Draw one figure of a ranking.

    Raises
    ------
    KeyError
        When there is no such figure.
    """
    if name not in plots.RANKING_FIGURES:
        raise KeyError(f"no figure {name!r}; a ranking has {', '.join(plots.RANKING_FIGURES)}")
    if name == "ranks":
        ranks = plots.Ranks(result.outcome, result.places, result.base_order)
        return plots.rank_heat([ranks], result.points.number)
    return plots.regret_boxes(result.regret.by_draw, result.regret.summary, result.outcome)
