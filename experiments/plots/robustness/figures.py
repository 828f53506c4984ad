"""List the figures of robustness over the points of a study, with their captions; each has a file of its own."""

from typing import Final

from experiments.plots.family import Family
from experiments.plots.robustness.differences import point_differences
from experiments.plots.robustness.plane import failure_plane
from experiments.plots.robustness.ranks import rank_heat
from experiments.plots.robustness.regrets import regret_boxes
from experiments.plots.robustness.restrictions import box_ranges
from experiments.plots.robustness.trajectory import peeling_trajectory

DISCOVERY_FIGURES: Final[dict[str, Family]] = {
    "differences": Family(
        "The policy at every point",
        point_differences,
        ("judged", "outcome", "limit", "words"),
        "Each mark is a point of the study (a draw of everything that is varied), from the least to the largest. "
        "Triangles fail, circles do not; hollow ones may be on the wrong side by chance, because their 95 % "
        "interval (the thin line) holds the limit.",
    ),
    "plane": Family(
        "Where it fails",
        failure_plane,
        ("judged", "boxes", "factors"),
        "The points of the study over the two parameters that restrict the box most: triangles fail, circles do "
        "not. In the box failures are dense. It was fitted to these very points, so new ones will fit it somewhat "
        "less well.",
    ),
    "ranges": Family(
        "What the boxes restrict",
        box_ranges,
        ("boxes",),
        "Each row is a parameter: in grey the range it was drawn from, in colour the part of it that belongs to "
        "the box. A point lies in a box when all of its rows hold at once.",
    ),
    "trajectory": Family(
        "How the box was found",
        peeling_trajectory,
        ("trajectory", "chosen", "fresh", "base"),
        "Slice by slice is peeled off the space of all parameters. Each dot is a box on the way: further up more "
        "of what is in it fails, further right more of all failures are in it. The diamond is what the chosen box "
        "is worth on points it was not fitted to.",
    ),
}
"""Figures of a discovery by name, in the order of a report."""

RANKING_FIGURES: Final[dict[str, Family]] = {
    "ranks": Family(
        "How often each policy has each place",
        rank_heat,
        ("rankings", "points"),
        "Each row is a policy, each column a place; the number is the percentage of the points of the study at "
        "which the policy has that place. A ranking that survives has one dark cell a row; a row of equal cells "
        "says that the place depends on the centre, or is chance.",
    ),
    "regret": Family(
        "What one may lose by each policy",
        regret_boxes,
        ("by_draw", "summary", "outcome"),
        "Regret at a point is how much worse a policy does there than the best one. The box holds the middle half "
        "of the points, the diamond is the worst of them. The policy on top has the least largest regret: the "
        "choice of those who want to be safe.",
    ),
}
"""Figures of a ranking by name, in the order of a report."""
