"""How guardedness and the wish for closeness affect loneliness, burden and group identity."""

from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.findings.fragments import (
    Difference,
    Numbers,
    base_value,
    difference,
    judged_together,
    levels_of,
    small_effect,
)
from experiments.statistics.levels import between, by_level, interaction, of_pairs
from sim.outcomes.catalogue import PRIMARY

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.findings.tables import Tables
    from experiments.studies.study import Study

STUDY: Final = "threshold-by-closeness"
THRESHOLD, CLOSENESS = "users.disclosure_threshold.mean", "users.desired_closeness.mean"


def numbers(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> Numbers:
    """Return, by outcome, the effect of each trait, that of the threshold at both ends of closeness, and extremes."""
    cells = by_level(runs, [THRESHOLD, CLOSENESS], PRIMARY)
    ends = {path: (levels_of(runs, path)[0], levels_of(runs, path)[-1]) for path in (THRESHOLD, CLOSENESS)}
    made: Numbers = {"base": {path: base_value(study, path) for path in ends}, "ends": ends}
    sizes: dict[tuple[str, str], float] = {}
    for outcome in PRIMARY:
        margin = small_effect(runs, outcome)
        effects = {
            "threshold": between(runs, THRESHOLD, *ends[THRESHOLD], outcome),
            "closeness": between(runs, CLOSENESS, *ends[CLOSENESS], outcome),
        }
        for name, level in zip(("distant", "close"), ends[CLOSENESS], strict=True):
            effects[f"threshold_{name}"] = between(runs[runs[CLOSENESS] == level], THRESHOLD, *ends[THRESHOLD], outcome)
        distant, close = (runs[runs[CLOSENESS] == level] for level in ends[CLOSENESS])
        effects["threshold_more"] = interaction(distant, close, THRESHOLD, *ends[THRESHOLD], outcome)
        mine = cells[cells["outcome"] == outcome]
        extremes = {"lowest": mine.iloc[mine["mean"].argmin()], "highest": mine.iloc[mine["mean"].argmax()]}
        records = {name: difference(effect, margin) for name, effect in effects.items()}
        sizes |= {(trait, outcome): abs(records[trait]["value"]) / margin for trait in ("threshold", "closeness")}
        made[outcome] = (
            {"small": margin}
            | records
            | {
                name: {
                    "mean": float(row["mean"]),
                    "threshold": float(row[THRESHOLD]),
                    "closeness": float(row[CLOSENESS]),
                }
                for name, row in extremes.items()
            }
        )
    trait, outcome = max(sizes, key=sizes.__getitem__)
    made["lonely_more"] = _more(runs, ends, small_effect(runs, "loneliness_ucla20"))
    return judged_together(made) | {
        "largest": {"trait": trait, "outcome": outcome, "small_effects": sizes[trait, outcome]}
    }


def _more(runs: "pd.DataFrame", ends: dict[str, tuple[float, float]], margin: float) -> Difference:
    """Return by how much the wish for closeness changes loneliness more than guardedness does, both taken as sizes."""
    changes = []
    for path in (CLOSENESS, THRESHOLD):
        by_replicate = _by_replicate(runs, path, ends[path])
        changes.append(by_replicate * (-1.0 if by_replicate.mean() < 0.0 else 1.0))
    return difference(of_pairs(np.asarray(changes[0] - changes[1], np.float64)), margin)


def _by_replicate(runs: "pd.DataFrame", path: str, ends: tuple[float, float]) -> "pd.Series[float]":
    """Return the change of loneliness from one end of a trait to the other in each replicate; NaN if a run failed."""
    sides = [runs[runs[path] == end].groupby("replicate")["loneliness_ucla20"] for end in ends]
    means = [side.mean().where(side.count() == side.size()) for side in sides]
    return means[1] - means[0]


def figure(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> "Figure":
    """Draw each primary outcome as a surface over both traits."""
    from experiments.plots.findings.surface import outcome_surfaces

    marked = (base_value(study, THRESHOLD), base_value(study, CLOSENESS))
    cells = by_level(runs, [THRESHOLD, CLOSENESS], PRIMARY)
    labels = ("how guarded users are (mean disclosure threshold)", "how close a tie they want (mean)")
    return outcome_surfaces(cells, (THRESHOLD, CLOSENESS), labels, marked)
