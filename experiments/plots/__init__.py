"""Figures: a frame or networks in, a matplotlib Figure out; one family a file.

Nothing here runs the model or reads a store. `save` writes a figure. Each name is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from experiments.plots.compare.acceptability import acceptability
    from experiments.plots.compare.changes import user_changes
    from experiments.plots.compare.decomposition import decomposition_bars
    from experiments.plots.compare.families import COMPARISON_FIGURES
    from experiments.plots.compare.fans import outcome_fans
    from experiments.plots.compare.forest import effect_forest
    from experiments.plots.compare.friendships import network_difference
    from experiments.plots.compare.front import burden_front
    from experiments.plots.compare.gains import who_gains
    from experiments.plots.compare.plane import cost_plane
    from experiments.plots.compare.uncertainty import ranking_plot, split_bars
    from experiments.plots.family import FrameFamily
    from experiments.plots.findings.response import effect_curves
    from experiments.plots.frames import least_help
    from experiments.plots.robustness.differences import point_differences
    from experiments.plots.robustness.families import DISCOVERY_FIGURES, RANKING_FIGURES, AcrossFamily
    from experiments.plots.robustness.plane import failure_plane
    from experiments.plots.robustness.ranks import Ranks, rank_heat
    from experiments.plots.robustness.regrets import regret_boxes
    from experiments.plots.robustness.restrictions import box_ranges
    from experiments.plots.robustness.trajectory import peeling_trajectory
    from experiments.plots.run.curves import outcome_curves
    from experiments.plots.run.families import FIGURES, Family
    from experiments.plots.run.loneliness import loneliness_distribution
    from experiments.plots.run.network import network_panels
    from experiments.plots.run.roles import role_balance
    from experiments.plots.sensitivity.families import SENSITIVITY_FIGURES
    from experiments.plots.sensitivity.influence import influence
    from experiments.plots.style import save

_NAMES: Final = {
    "compare.acceptability": "acceptability",
    "compare.changes": "user_changes",
    "compare.decomposition": "decomposition_bars",
    "compare.families": "COMPARISON_FIGURES",
    "compare.fans": "outcome_fans",
    "compare.forest": "effect_forest",
    "compare.friendships": "network_difference",
    "compare.front": "burden_front",
    "compare.gains": "who_gains",
    "compare.plane": "cost_plane",
    "compare.uncertainty": "ranking_plot split_bars",
    "family": "FrameFamily",
    "findings.response": "effect_curves",
    "frames": "least_help",
    "robustness.differences": "point_differences",
    "robustness.families": "DISCOVERY_FIGURES RANKING_FIGURES AcrossFamily",
    "robustness.plane": "failure_plane",
    "robustness.ranks": "Ranks rank_heat",
    "robustness.regrets": "regret_boxes",
    "robustness.restrictions": "box_ranges",
    "robustness.trajectory": "peeling_trajectory",
    "run.curves": "outcome_curves",
    "run.families": "FIGURES Family",
    "run.loneliness": "loneliness_distribution",
    "run.network": "network_panels",
    "run.roles": "role_balance",
    "sensitivity.families": "SENSITIVITY_FIGURES",
    "sensitivity.influence": "influence",
    "style": "save",
}
"""The names of each module."""


def __getattr__(name: str) -> Any:
    for module, names in _NAMES.items():
        if name in names.split():
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "COMPARISON_FIGURES",
    "DISCOVERY_FIGURES",
    "FIGURES",
    "RANKING_FIGURES",
    "SENSITIVITY_FIGURES",
    "AcrossFamily",
    "Family",
    "FrameFamily",
    "Ranks",
    "acceptability",
    "box_ranges",
    "burden_front",
    "cost_plane",
    "decomposition_bars",
    "effect_curves",
    "effect_forest",
    "failure_plane",
    "influence",
    "least_help",
    "loneliness_distribution",
    "network_difference",
    "network_panels",
    "outcome_curves",
    "outcome_fans",
    "peeling_trajectory",
    "point_differences",
    "rank_heat",
    "ranking_plot",
    "regret_boxes",
    "role_balance",
    "save",
    "split_bars",
    "user_changes",
    "who_gains",
]
