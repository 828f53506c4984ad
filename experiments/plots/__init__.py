"""Draw figures: each function takes data frames or networks and returns a matplotlib Figure.

Each folder holds the figures of one command, one file for each figure, and lists them with their captions in
`figures.py`. The files beside the folders hold code that figures share. Nothing here runs the model or reads a store.

Every figure raises InputError, a ValueError, when its frame lacks a column, or has no row to draw.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from experiments.plots.family import Family, drawings

if TYPE_CHECKING:
    from experiments.plots.calibration.figures import POSTERIOR_FIGURES
    from experiments.plots.compare.figures import COMPARISON_FIGURES
    from experiments.plots.compare.outcomes import outcome_fans
    from experiments.plots.findings.response import effect_curves
    from experiments.plots.findings.variance import variance_by_source
    from experiments.plots.frames import least_help
    from experiments.plots.portfolio.figures import PORTFOLIO_FIGURES
    from experiments.plots.robustness.differences import point_differences
    from experiments.plots.robustness.figures import DISCOVERY_FIGURES, RANKING_FIGURES
    from experiments.plots.robustness.plane import failure_plane
    from experiments.plots.robustness.ranks import Ranks, rank_heat
    from experiments.plots.robustness.regrets import regret_boxes
    from experiments.plots.robustness.restrictions import box_ranges
    from experiments.plots.robustness.trajectory import peeling_trajectory
    from experiments.plots.run.arrivals import first_ties
    from experiments.plots.run.careers import role_shares_over_time, who_becomes
    from experiments.plots.run.curves import outcome_curves
    from experiments.plots.run.figures import FIGURES
    from experiments.plots.run.film import film
    from experiments.plots.run.policies import policy_raster
    from experiments.plots.run.ties import disclosure, tie_levels
    from experiments.plots.sensitivity.figures import SENSITIVITY_FIGURES
    from experiments.plots.style import save
    from experiments.plots.validation.figures import VALIDATION_FIGURES

_HOMES: Final = {
    "COMPARISON_FIGURES": "compare.figures",
    "DISCOVERY_FIGURES": "robustness.figures",
    "FIGURES": "run.figures",
    "PORTFOLIO_FIGURES": "portfolio.figures",
    "POSTERIOR_FIGURES": "calibration.figures",
    "RANKING_FIGURES": "robustness.figures",
    "Ranks": "robustness.ranks",
    "SENSITIVITY_FIGURES": "sensitivity.figures",
    "VALIDATION_FIGURES": "validation.figures",
    "box_ranges": "robustness.restrictions",
    "disclosure": "run.ties",
    "effect_curves": "findings.response",
    "failure_plane": "robustness.plane",
    "film": "run.film",
    "first_ties": "run.arrivals",
    "least_help": "frames",
    "outcome_curves": "run.curves",
    "outcome_fans": "compare.outcomes",
    "peeling_trajectory": "robustness.trajectory",
    "point_differences": "robustness.differences",
    "policy_raster": "run.policies",
    "rank_heat": "robustness.ranks",
    "regret_boxes": "robustness.regrets",
    "role_shares_over_time": "run.careers",
    "save": "style",
    "tie_levels": "run.ties",
    "variance_by_source": "findings.variance",
    "who_becomes": "run.careers",
}
"""Module of each public name. A name is imported on first use, so that a command loads its own figures only."""

__all__ = [
    "COMPARISON_FIGURES",
    "DISCOVERY_FIGURES",
    "FIGURES",
    "PORTFOLIO_FIGURES",
    "POSTERIOR_FIGURES",
    "RANKING_FIGURES",
    "SENSITIVITY_FIGURES",
    "VALIDATION_FIGURES",
    "Family",
    "Ranks",
    "box_ranges",
    "disclosure",
    "drawings",
    "effect_curves",
    "failure_plane",
    "film",
    "first_ties",
    "least_help",
    "outcome_curves",
    "outcome_fans",
    "peeling_trajectory",
    "point_differences",
    "policy_raster",
    "rank_heat",
    "regret_boxes",
    "role_shares_over_time",
    "save",
    "tie_levels",
    "variance_by_source",
    "who_becomes",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
