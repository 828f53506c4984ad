"""How burden rises with the load of helping, whether the rise tips anywhere, and what flattens it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.findings.fragments import Difference, Numbers, difference, judged_together, small_effect
from experiments.statistics.intervals import Array
from experiments.statistics.levels import of_pairs
from experiments.statistics.tipping import TIPS, TIPS_FROM, steepness
from experiments.statistics.verdict import sound_interval
from sim.outcomes.measures import mean_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.findings.tables import Tables
    from experiments.studies.study import Study

STUDY: Final = "helper-load-and-burden"
HELPERS: Final = "helpers at the start"
NEED, LOAD = "rules.episodes.need_emotional", "rules.support.load_emotional"
CAPACITY, WILL = "users.support_capacity.mean", "users.helping_inclination.mean"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to load helpers more.

    Parameters
    ----------
    factors : tuple of str
        The only factors that differ from the first point of the study.
    is_relative : bool
        Whether levels are given as multiples of the level at the first point.
    """

    factors: tuple[str, ...]
    label: str
    is_relative: bool = True


WAYS: Final = {
    "needs": Way((NEED,), "how often needs arise (baseline = 1)"),
    "weight": Way((LOAD,), "how heavy helping and listening are (baseline = 1)"),
    "both": Way((NEED, LOAD), "needs and weight together (baseline = 1)"),
    "capacity": Way((CAPACITY,), "acts of help a day that cost nothing", is_relative=False),
    "willingness": Way((WILL,), "users' wish to help and empathy (mean)", is_relative=False),
}
_STANDING: Final = (NEED, LOAD, CAPACITY, WILL)


def points_of(study: "Study", way: str) -> tuple[list[int], Array]:
    """Return the points at which one measure and the base were run, sorted by level, and their levels."""
    paths = [factor.path for factor in study.factors]
    values = np.array([[point[paths.index(path)] for path in _STANDING] for point in study.points], float)
    moved = ~np.isclose(values, values[0])
    wanted = np.array([path in WAYS[way].factors for path in _STANDING])
    mine = np.flatnonzero((moved == wanted).all(axis=1) | ~moved.any(axis=1))
    place = _STANDING.index(WAYS[way].factors[0])
    levels = values[mine, place] / (values[0, place] if WAYS[way].is_relative else 1.0)
    order = np.argsort(levels, kind="stable")
    return mine[order].tolist(), levels[order]


def table(frame: "pd.DataFrame", column: str, lever: str, points: list[int]) -> Array:
    """Return the values of a column, shape (replicates, points); NaN where a run failed or a group was empty."""
    mine = frame[frame["lever"] == lever]
    wide = mine.pivot(index="replicate", columns="point", values=column)
    return np.asarray(wide.reindex(columns=points).to_numpy(float))


def of_helpers(groups: "pd.DataFrame") -> "pd.DataFrame":
    """Return the burden of users who were helpers at the start, with a row for each run."""
    mine = groups[(groups["group"] == HELPERS) & (groups["outcome"] == "burden")]
    return mine.rename(columns={"value": "burden"})


def numbers(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> Numbers:
    """Return the shape of each rise, and the effect of each lever at the baseline and under the heaviest load.

    The load is heaviest where needs and weight are both at their highest.
    """
    usual, margin, helpers = study.usual_care, small_effect(runs, "burden"), of_helpers(tables.groups)
    ways = {name: _way(study, name, runs, helpers, margin) for name in WAYS}
    few = helpers[(helpers["lever"] == usual) & (helpers["point"] == 0)]
    points, levels = points_of(study, "both")
    base, heaviest = points.index(0), len(points) - 1
    policies: dict[str, dict[str, Difference]] = {}
    for lever in (name for name in study.levers if name != usual):
        more = {
            name: table(frame, column, lever, points) - table(frame, column, usual, points)
            for name, frame, column in (
                ("burden", runs, "burden"),
                ("helped", runs, "helped"),
                ("loneliness", runs, "loneliness_ucla20"),
                ("helpers", helpers, "burden"),
            )
        }
        policies[lever] = {
            "base": _described(more["burden"][:, base], margin),
            "heavy": _described(more["burden"][:, heaviest], margin),
            "rise": _described(more["burden"][:, heaviest] - more["burden"][:, base], margin),
            "helped_heavy": _described(more["helped"][:, heaviest], 0.0),
            "lonely_heavy": _described(more["loneliness"][:, heaviest], small_effect(runs, "loneliness_ucla20")),
            "helpers_base": _described(more["helpers"][:, base], margin),
            "helpers_heavy": _described(more["helpers"][:, heaviest], margin),
        }
    rises = [_rise(study, way, runs) for way in ("weight", "needs")]
    made: Numbers = {
        "margin": margin,
        "tips_from": TIPS_FROM,
        "ways": ways,
        "weight_more": _described(rises[0] - rises[1], margin),
        "heaviest": float(levels[-1]),
        "helpers_each": float(few["users"].mean()),
        "tipping": [way for way in ways.values() if way["shape"] == TIPS],
        "policies": policies,
        "flattest": min(policies, key=lambda lever: policies[lever]["rise"]["value"]),
    }
    return judged_together(made)


def _rise(study: "Study", way: str, runs: "pd.DataFrame") -> Array:
    """Return, for each replicate, the change of burden over the whole range of a way, under usual care."""
    burden = table(runs, "burden", study.usual_care, points_of(study, way)[0])
    return np.asarray(burden[:, -1] - burden[:, 0])


def _way(study: "Study", name: str, runs: "pd.DataFrame", helpers: "pd.DataFrame", margin: float) -> Numbers:
    """Describe the rise of burden along a way, under usual care."""
    points, levels = points_of(study, name)
    burden = table(runs, "burden", study.usual_care, points)
    burdened = table(runs, "burdened_share", study.usual_care, points)
    mine = table(helpers, "burden", study.usual_care, points)
    shape = steepness(levels, burden, curves_looked_at=len(WAYS))
    base = points.index(0)
    return {
        "label": WAYS[name].label,
        "from": float(levels[0]),
        "base": float(levels[base]),
        "to": float(levels[-1]),
        "burden": {name: float(np.nanmean(burden[:, place])) for name, place in _places(base)},
        "burdened": {name: float(np.nanmean(burdened[:, place])) for name, place in _places(base)},
        "helpers": {name: float(np.nanmean(mine[:, place])) for name, place in _places(base)},
        "change": _described(burden[:, -1] - burden[:, 0], margin),
        "helpers_less": _described(mine[:, base] - burden[:, base], margin),
        "helpers_change": _described(mine[:, -1] - mine[:, 0], margin),
        "shape": shape.verdict,
        "most": shape.most if np.isfinite(shape.most) else None,
        "bend": shape.bend if np.isfinite(shape.bend) else None,
        "steepest": {"start": shape.start, "end": shape.end, "low": shape.low, "high": shape.high},
        "slopes": {
            side: value if np.isfinite(value) else None
            for side, value in (
                ("in", shape.slope),
                ("before", shape.before),
                ("after", shape.after),
                ("overall", shape.overall),
            )
        },
    }


def _places(base: int) -> tuple[tuple[str, int], ...]:
    return ("from", 0), ("base", base), ("to", -1)


def _described(values: Array, margin: float) -> Difference:
    """Describe the mean difference over all replicates in which it is known."""
    return difference(of_pairs(values), margin)


def figure(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> "Figure":
    """Draw burden along each way, with a line for each lever and a line for helpers alone."""
    import pandas as pd

    from experiments.plots.findings.load import load_curves

    helpers = of_helpers(tables.groups)
    rows: list[Numbers] = []
    steep: dict[str, tuple[float, float]] = {}
    for name, way in WAYS.items():
        points, levels = points_of(study, name)
        shape = steepness(levels, table(runs, "burden", study.usual_care, points))
        steep[way.label] = (shape.start, shape.end)
        series = [(lever, runs, lever) for lever in study.levers]
        for line, frame, lever in (*series, (HELPERS, helpers, study.usual_care)):
            for level, values in zip(levels, table(frame, "burden", lever, points).T, strict=True):
                known = values[np.isfinite(values)]
                mean, (low, high) = mean_of(known), sound_interval(known)
                rows.append({"panel": way.label, "line": line, "level": level, "mean": mean, "low": low, "high": high})
    marked = {
        way.label: float(points_of(study, name)[1][points_of(study, name)[0].index(0)]) for name, way in WAYS.items()
    }
    return load_curves(pd.DataFrame(rows), HELPERS, marked, steep)
