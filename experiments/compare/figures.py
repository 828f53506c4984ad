"""The figures of a comparison, and the frames and networks that each reads."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from experiments.compare import cost
from experiments.compare.measurements import Compared
from experiments.plots import effects
from experiments.plots.compare.figures import COMPARISON_FIGURES
from experiments.plots.family import Family
from experiments.runs.timeline import timeline
from experiments.statistics import budget
from experiments.statistics.orders import Ranking
from experiments.statistics.uncertainty import Split
from experiments.statistics.verdict import FEWEST
from experiments.store.protocol import Drawing
from sim.language import term
from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

WILLINGNESS: Final = tuple(range(0, 400_001, 10_000))
"""Yuan that a user-year below the severe cut-off may be worth: the axis of the acceptability curve."""

Sources = Mapping[str, Callable[[], object]]
"""Functions that return what a figure draws, by the words in `Family.reads`."""


def figures(result: Compared) -> dict[str, Drawing]:
    """Return, by name, the figures for which the comparison has all that they read."""
    return drawings_of(_sources(result), extras(result.scenarios))


def drawings_of(there: Sources, extra: "Extras") -> dict[str, Drawing]:
    """Return, by name, the figures that can be drawn from these sources.

    Parameters
    ----------
    there : mapping of str to callable
        Functions that return what a figure draws, by the words in `Family.reads`. Their scenarios carry names.
    extra : Extras
        Titles and times of the scenarios.
    """
    return {
        name: Drawing(str(family.title), str(family.caption), partial(_draw, family, there, extra))
        for name, family in COMPARISON_FIGURES.items()
        if there.keys() >= set(family.reads)
    }


@dataclass(frozen=True)
class Extras:
    """What figures show of the scenarios themselves.

    Parameters
    ----------
    titles : mapping of str to str
        Title of each scenario as the analyst wrote it, or its name; the base is first.
    timelines : mapping of str to DataFrame
        `experiments.runs.timeline.timeline` of each scenario.
    """

    titles: Mapping[str, str]
    timelines: "Mapping[str, pd.DataFrame]"


def extras(scenarios: Mapping[str, Scenario]) -> Extras:
    """Return titles and times of scenarios, the base first. Titles that two scenarios share also have the name."""
    titles = {name: one.title or name for name, one in scenarios.items()}
    taken = Counter(titles.values())
    named = {name: f"{title} ({name})" if taken[title] > 1 else title for name, title in titles.items()}
    return Extras(named, {name: timeline(one) for name, one in scenarios.items()})


def _draw(family: Family, there: Sources, extra: Extras) -> "Figure":
    """Draw a figure, with titles for names of scenarios."""
    titles = {name: term(title) for name, title in extra.titles.items()}
    shown = [titled(there[source](), titles) for source in family.reads]
    known: dict[str, Callable[[], object]] = {
        "timelines": lambda: titled(extra.timelines, titles),
        "base": lambda: next(iter(titles.values())),
        "small": lambda: effects.small_of_each(there["contrasts"]()),  # type: ignore[arg-type]
    }
    return family.draw(*shown, **{name: known[name]() for name in family.keywords})


def titled(value: object, titles: Mapping[str, str]) -> object:
    """Return a frame, split, ranking, or a collection of these, with titles for the names of scenarios."""
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        return _renamed(value, titles)
    if isinstance(value, Mapping):
        return {titles.get(key, key): titled(each, titles) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [titled(each, titles) for each in value]
    if isinstance(value, Split):
        return replace(
            value, scenario=titles.get(value.scenario, value.scenario), base=titles.get(value.base, value.base)
        )
    if isinstance(value, Ranking):
        order = tuple(titles.get(name, name) for name in value.default_order)
        flips = tuple(
            replace(flip, first=titles.get(flip.first, flip.first), second=titles.get(flip.second, flip.second))
            for flip in value.flips
        )
        return replace(value, places=_renamed(value.places, titles), default_order=order, flips=flips)
    return value


def _renamed(frame: "pd.DataFrame", titles: Mapping[str, str]) -> "pd.DataFrame":
    columns = [name for name in ("scenario", "base") if name in frame]
    return frame.assign(**{name: frame[name].map(lambda each: titles.get(each, each)) for name in columns})


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
        there["changes"] = lambda: on_own_scale(result.changes)
    points = plane_of(result)
    if points is not None:
        there["plane"] = lambda: points
        there["acceptability"] = lambda: cost.acceptability(points, WILLINGNESS, result.base)
    if uses := result.budget_uses():
        there["budget"] = lambda: budget.table(uses)
    others = {name: result.graphs[name] for name in result.others if name in result.graphs}
    if result.base in result.graphs and others:
        there["base graph"] = lambda: result.graphs[result.base]
        there["other graphs"] = lambda: others
    if (uncertain := result.uncertain) is not None:
        there["splits"] = lambda: uncertain.splits
        there["rankings"] = lambda: uncertain.rankings
        if uncertain.worth.values:
            there["information"] = uncertain.worth.table
            there["losses"] = lambda: uncertain.worth.losses
    if result.parts:
        there["decomposition"] = lambda: _parts(result)
    return there


def on_own_scale(changes: "pd.DataFrame") -> "pd.DataFrame":
    """Return changes of users with loneliness rescaled from 20-80 to 0-1."""
    return changes.assign(
        loneliness=changes["loneliness"] / 60.0,
        **{name: (changes[name] - 20.0) / 60.0 for name in ("base_loneliness", "base_loneliness_at_entry")},
    )


def _parts(result: Compared) -> "pd.DataFrame":
    import pandas as pd

    frame = pd.DataFrame(result.parts)
    return frame[frame["part"] != "whole"]


__all__ = ["WILLINGNESS", "Extras", "drawings_of", "extras", "figures", "on_own_scale", "plane_of", "priced", "titled"]
