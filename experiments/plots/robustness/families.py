"""Which figures there are of what holds across the points of a study: names, titles, captions."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class AcrossFamily:
    """One kind of figure of what holds across the points of a study (`experiments.robustness.figures` draws it).

    Parameters
    ----------
    title : str
    caption : str
        What is seen and how to read it, in plain words.
    """

    title: str
    caption: str


DISCOVERY_FIGURES: Final[dict[str, AcrossFamily]] = {
    "differences": AcrossFamily(
        "The policy at every point",
        "Each mark is a point of the study (a draw of everything that is varied), from the least to the largest. "
        "Triangles fail, circles do not; hollow ones may be on the wrong side by chance, because their 95 % "
        "interval (the thin line) holds the limit.",
    ),
    "plane": AcrossFamily(
        "Where it fails",
        "The points of the study over the two parameters that restrict the box most: triangles fail, circles do "
        "not. In the box failures are dense. It was fitted to these very points, so new ones will fit it somewhat "
        "less well.",
    ),
    "ranges": AcrossFamily(
        "What the boxes restrict",
        "Each row is a parameter: in grey the range it was drawn from, in colour the part of it that belongs to "
        "the box. A point lies in a box when all of its rows hold at once.",
    ),
    "trajectory": AcrossFamily(
        "How the box was found",
        "Slice by slice is peeled off the space of all parameters. Each dot is a box on the way: further up more "
        "of what is in it fails, further right more of all failures are in it. The diamond is what the chosen box "
        "is worth on points it was not fitted to.",
    ),
}
"""Figures of a discovery by name, in the order of a report."""

RANKING_FIGURES: Final[dict[str, AcrossFamily]] = {
    "ranks": AcrossFamily(
        "How often each policy has each place",
        "Each row is a policy, each column a place; the number is the percentage of the points of the study at "
        "which the policy has that place. A ranking that survives has one dark cell a row; a row of equal cells "
        "says that the place depends on the centre, or is chance.",
    ),
    "regret": AcrossFamily(
        "What one may lose by each policy",
        "Regret at a point is how much worse a policy does there than the best one. The box holds the middle half "
        "of the points, the diamond is the worst of them. The policy on top has the least largest regret: the "
        "choice of those who want to be safe.",
    ),
}
"""Figures of a ranking by name, in the order of a report."""
