"""How large tables should be, and who should sit with whom."""

from math import comb
from typing import TYPE_CHECKING, Final

from experiments.findings.fragments import Difference, Numbers, difference, judged_together, levels_of, small_effect
from experiments.statistics.levels import between, by_level
from sim.outcomes.catalogue import PRIMARY

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.findings.tables import Tables
    from experiments.studies.study import Study

STUDY: Final = "group-size-and-grouping"
SIZE, GROUPING = "centres.*.timetable.*.group_size", "centres.*.timetable.*.grouping"
FREE: Final = "free"
USUAL: Final = 6.0
"""The size of most activities in the baseline; other sizes are compared with it."""
_TIES: Final = ("ties_at_or_above_friend_out", "no_friend_share", "transitivity", "tie_survival")
_NAMES: Final = {"free": "free choice", "interest": "by interest", "assigned": "assigned", "rotating": "mixed anew"}


class Widest(Difference):
    """The widest difference between ways of grouping at a size of tables."""

    size: float


def numbers(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> Numbers:
    """Return, by outcome, the effects of size under each grouping and of grouping at each size, and the extremes.

    Sizes below the usual size are called small. With one table for everybody all groupings are the same.
    """
    sizes = levels_of(runs, SIZE)
    ways = [way for way in dict.fromkeys(runs[GROUPING]) if way != FREE]
    free, small = runs[runs[GROUPING] == FREE], runs[runs[SIZE] < USUAL]
    cells = by_level(runs, [SIZE, GROUPING], (*PRIMARY, *_TIES))
    made: Numbers = {"sizes": sizes, "usual": USUAL, "small_sizes": levels_of(small, SIZE), "ways": ways}
    for outcome in (*PRIMARY, *_TIES):
        margin = small_effect(runs, outcome) if outcome in PRIMARY else 0.0
        mine = cells[cells["outcome"] == outcome]
        by_way: list[Widest] = [
            {"size": size, **_widest(runs[runs[SIZE] == size], GROUPING, outcome, margin)} for size in sizes[:-1]
        ]
        made[outcome] = {
            "margin": margin,
            "pairs": difference(between(free, SIZE, USUAL, sizes[0], outcome), margin),
            "everybody": difference(between(free, SIZE, USUAL, sizes[-1], outcome), margin),
            "ways": {way: difference(between(small, GROUPING, FREE, way, outcome), margin) for way in ways},
            "ways_in_pairs": {
                way: difference(between(runs[runs[SIZE] == sizes[0]], GROUPING, FREE, way, outcome), margin)
                for way in ways
            },
            "by_size": {way: _widest(runs[runs[GROUPING] == way], SIZE, outcome, margin) for way in (FREE, *ways)},
            "by_way": by_way,
            "least": min(ways, key=lambda way: between(small, GROUPING, FREE, way, outcome).difference),
            "lowest": _cell(mine.iloc[mine["mean"].argmin()], sizes[-1]),
            "highest": _cell(mine.iloc[mine["mean"].argmax()], sizes[-1]),
            "alike_from": _alike_from(by_way),
        }
    return judged_together(made)


def _widest(runs: "pd.DataFrame", factor: str, outcome: str, margin: float) -> Difference:
    """Return the difference between the levels of a factor with the lowest and with the highest mean."""
    means = runs.groupby(factor)[outcome].mean()
    ends = means.index[int(means.argmin())], means.index[int(means.argmax())]
    return difference(between(runs, factor, *ends, outcome), margin, picked=comb(len(means), 2))


def _alike_from(by_way: "list[Widest]") -> float | None:
    """Return the size from which on all groupings differ by less than a small effect; None if there is no such size."""
    least = None
    for row in reversed(by_way):
        if not row["small"]:
            break
        least = row["size"]
    return least


def _cell(row: "pd.Series", everybody: float) -> Numbers:
    """Describe a cell by mean, size and grouping; with one table for everybody there is no grouping."""
    way = "everybody together" if row[SIZE] == everybody else _NAMES.get(str(row[GROUPING]), str(row[GROUPING]))
    return {"mean": float(row["mean"]), "size": float(row[SIZE]), "way": way}


def figure(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> "Figure":
    """Draw outcomes against the size of tables, with a line for each way of grouping."""
    from experiments.plots.findings.levels import outcome_lines

    shown = (*PRIMARY, "ties_at_or_above_friend_out", "no_friend_share", "transitivity")
    cells = by_level(runs, [SIZE, GROUPING], shown)
    order = {name: place for place, name in enumerate(_NAMES.values())}
    cells = cells.assign(**{GROUPING: cells[GROUPING].map(lambda way: _NAMES.get(way, way))})
    cells = cells.sort_values(GROUPING, key=lambda names: names.map(order), kind="stable")
    return outcome_lines(cells, (SIZE, "users at a table"), (GROUPING, "grouping"), band=False)
