"""List the figures of robustness over the points of a study, with their captions; each has a file of its own."""

from typing import Final

from experiments.plots.family import Family
from experiments.plots.robustness.differences import point_differences
from experiments.plots.robustness.plane import failure_plane
from experiments.plots.robustness.ranks import rank_heat
from experiments.plots.robustness.regrets import regret_boxes
from experiments.plots.robustness.restrictions import box_ranges
from experiments.plots.robustness.trajectory import peeling_trajectory
from sim.language import later

DISCOVERY_FIGURES: Final[dict[str, Family]] = {
    "differences": Family(
        later("The policy at every point"),
        point_differences,
        ("judged", "outcome", "limit", "words"),
        later(
            "Each mark is a point of the study (a draw of all varied parameters), in rising order. Triangles "
            "fail, circles do not; hollow marks may be on the wrong side by chance, because their 95 % interval "
            "(the thin line) includes the limit."
        ),
    ),
    "plane": Family(
        later("Where it fails"),
        failure_plane,
        ("judged", "boxes", "factors"),
        later(
            "The points of the study over the two parameters that restrict the box most: triangles fail, circles do "
            "not. In the box failures are dense. The box was fitted to these points; new points will fit it less well."
        ),
    ),
    "ranges": Family(
        later("What the boxes restrict"),
        box_ranges,
        ("boxes",),
        later(
            "Each row is a parameter: grey shows the range from which it was drawn, colour the part of the range "
            "in the box. A point lies in a box when it lies in the coloured part of every row."
        ),
    ),
    "trajectory": Family(
        later("How the box was found"),
        peeling_trajectory,
        ("trajectory", "chosen", "fresh", "base"),
        later(
            "The search peels slice after slice off the space of all parameters. Each dot is a box on the way: "
            "further up, a larger share of its points fails; further right, it holds a larger share of all "
            "failures. The diamond shows the chosen box on points held out of the search."
        ),
    ),
}
"""Figures of a discovery by name, in the order of a report."""

RANKING_FIGURES: Final[dict[str, Family]] = {
    "ranks": Family(
        later("How often each policy has each place"),
        rank_heat,
        ("rankings", "points"),
        later(
            "Each row is a policy, each column a place; the number is the percentage of the points of the study "
            "at which the policy has that place. A stable ranking has one dark cell per row; a row of equal "
            "cells means that the place depends on the centre, or on chance."
        ),
    ),
    "regret": Family(
        later("What each policy may lose"),
        regret_boxes,
        ("by_draw", "summary", "outcome"),
        later(
            "Regret at a point is how much worse a policy does there than the best policy. The box holds the "
            "middle half of the points, the diamond is the worst point. The policy on top has the smallest "
            "largest regret: the safest choice."
        ),
    ),
}
"""Figures of a ranking by name, in the order of a report."""
