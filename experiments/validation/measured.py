"""Measure waves: numbers and distributions of each wave, and what becomes of ties from each wave to the next.

Numbers about pairs use only pairs in which both people answered. Numbers about a person's own answers (how many people
a person names, whether any is a friend) use everybody who answered, and count all whom they name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.validation.waves import Flags, Wave, answering, successive

NAN: Final = float("nan")
AIMED: Final = "\N{DAGGER}"
"""Mark of a number that the model was calibrated to."""
ALL_WAVES: Final = "all"
"""Written in place of the week in rows that add up all waves."""
MOST_IN: Final = 12
"""Last class of the distribution of indegrees: it counts people whom at most 0, 1, ... 12 others name."""
FARTHEST: Final = 5
"""Last class of the distribution of distances: it counts pairs at most 1, 2, ... 5 steps apart."""
TRIADS: Final = (
    *("003", "012", "102", "021D", "021U", "021C", "111D", "111U"),
    *("030T", "030C", "201", "120D", "120U", "120C", "210", "300"),
)
"""Classes of three people by their ties (Davis & Leinhardt 1972), as networkx names and orders them."""
CLASSES: Final = {
    "in_degree": tuple(f"at most {k}" for k in range(MOST_IN + 1)),
    "geodesic": tuple(f"at most {k}" for k in range(1, FARTHEST + 1)),
    "triads": TRIADS,
}
"""Classes that each distribution counts."""

DISTRIBUTIONS: Final = {
    "in_degree": "How many name one",
    "geodesic": "Steps between two",
    "triads": "Ties among three",
}
"""Labels of the distributions."""
LABELS: Final = {
    "density": "Density of friendly relations",
    "out_degree": "Friendly relations a person",
    "growth": "Growth (as a share of the last wave)",
    "reciprocity": "Reciprocity (relations returned)",
    "transitivity": "Closure (i to k, given i to j to k)",
    "isolates": "People without a relation",
    "with_friend": "People with a friend",
    "jaccard": "Stability (Jaccard of two waves)",
    "kept_mutual": "Mutual relations kept",
    "kept_one_way": "One-way relations kept",
}
"""Labels of the numbers; the last three describe the change between two successive waves."""
OF_CHANGE: Final = ("jaccard", "kept_mutual", "kept_one_way")


@dataclass(frozen=True, slots=True)
class WaveTable:
    """Measures of a wave.

    Parameters
    ----------
    week, respondents : int
    numbers : dict of str to float
        Numbers by their names in `LABELS`; NaN where undefined.
    distributions : dict of str to tuple of int
        Counts of the classes in `CLASSES`, by distribution.
    """

    week: int
    respondents: int
    numbers: dict[str, float]
    distributions: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class ChangeTable:
    """Measures of two successive waves, among people who answered both.

    Parameters
    ----------
    first, last, respondents : int
        The two weeks, and the number of people who answered both waves.
    numbers : dict of str to float
    mutual, one_way : int
        Number of friendly relations in the first week that were returned, and that were not.
    """

    first: int
    last: int
    respondents: int
    numbers: dict[str, float]
    mutual: int
    one_way: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Measures of all waves.

    Parameters
    ----------
    people : int
        Number of people who could be named.
    waves : tuple of WaveTable
    changes : tuple of ChangeTable
    """

    people: int
    waves: tuple[WaveTable, ...]
    changes: tuple[ChangeTable, ...]


def measured(waves: Sequence[Wave]) -> Measured:
    """Return the measures of waves, which must be in order of time."""
    tables = [_wave_table(wave) for wave in waves]
    whole = tables[-1].numbers["out_degree"]
    for table in tables:
        table.numbers["growth"] = table.numbers["out_degree"] / whole if whole > 0.0 else NAN
    people = max(len(wave.people) for wave in waves)
    return Measured(people, tuple(tables), tuple(_change_table(*pair) for pair in successive(waves)))


def _wave_table(wave: Wave) -> WaveTable:
    among = answering(wave).friendly
    n = len(among)
    named = wave.friendly[wave.answered].sum(axis=1)
    numbers = {
        "density": _share(among.sum(), n * (n - 1)),
        "out_degree": float(named.mean()) if n else NAN,
        "growth": NAN,  # set in `measured`, once the last wave is known
        "reciprocity": _share((among & among.T).sum(), among.sum()),
        "transitivity": transitivity(among),
        "isolates": _share((~(among | among.T).any(axis=1)).sum(), n),
        "with_friend": _share(wave.friend[wave.answered].any(axis=1).sum(), n),
    }
    return WaveTable(wave.week, n, numbers, distributions(among))


def _share(part: float | np.integer, whole: float | np.integer) -> float:
    return float(part) / float(whole) if whole else NAN


def transitivity(ties: Flags) -> float:
    """Return P(i -> k | i -> j -> k) over all different i, j, k; NaN when nobody has a friend of a friend."""
    paths = ties.astype(np.int64) @ ties.astype(np.int64)
    np.fill_diagonal(paths, 0)
    return _share((paths * ties).sum(), paths.sum())


def distributions(ties: Flags) -> dict[str, tuple[int, ...]]:
    """Count people by the number who name them, ordered pairs by their distance, and triples by their ties.

    The first two distributions are cumulative ("at most"), as in RSiena's `sienaGOF`.
    """
    import networkx as nx

    graph = nx.from_numpy_array(ties, create_using=nx.DiGraph)
    lengths = dict(nx.all_pairs_shortest_path_length(graph, cutoff=FARTHEST))
    far = np.array([steps for reached in lengths.values() for steps in reached.values() if steps > 0], np.int64)
    popular = ties.sum(axis=0)
    census = nx.triadic_census(graph) if len(ties) > 2 else dict.fromkeys(TRIADS, 0)
    return {
        "in_degree": tuple(int((popular <= k).sum()) for k in range(MOST_IN + 1)),
        "geodesic": tuple(int((far <= k).sum()) for k in range(1, FARTHEST + 1)),
        "triads": tuple(int(census[name]) for name in TRIADS),
    }


def _change_table(first: Wave, second: Wave) -> ChangeTable:
    before, after = first.friendly, second.friendly
    mutual, one_way = before & before.T, before & ~before.T
    numbers = {
        "jaccard": _share((before & after).sum(), (before | after).sum()),
        "kept_mutual": _share((mutual & after).sum(), mutual.sum()),
        "kept_one_way": _share((one_way & after).sum(), one_way.sum()),
    }
    return ChangeTable(first.week, second.week, len(before), numbers, int(mutual.sum()), int(one_way.sum()))


__all__ = [
    "CLASSES",
    "DISTRIBUTIONS",
    "LABELS",
    "OF_CHANGE",
    "TRIADS",
    "ChangeTable",
    "Measured",
    "WaveTable",
    "distributions",
    "measured",
    "transitivity",
]
