"""List the figures of a sensitivity analysis, with their captions; each figure has a file of its own."""

from typing import Final

from experiments.plots.family import Family
from experiments.plots.sensitivity.influence import influence
from experiments.plots.sensitivity.pairs import pair_shares
from experiments.plots.sensitivity.screening import screening
from experiments.plots.sensitivity.settling import index_settling
from experiments.plots.sensitivity.shares import variance_shares
from experiments.plots.sensitivity.tornado import tornado
from sim.language import later

SENSITIVITY_FIGURES: Final[dict[str, Family]] = {
    "influence": Family(
        later("Which parameters matter"),
        influence,
        ("indices", "factors"),
        later(
            "Each row is a parameter, the most influential on top; further right it matters more, over its whole "
            "range. The line is the 95 % interval, the red mark what chance alone would give a parameter that "
            "does nothing. Pale rows may be chance alone."
        ),
    ),
    "tornado": Family(
        later("From the low to the high end"),
        tornado,
        ("ends", "factors"),
        later(
            "Mean outcome of the runs made at the low end (orange) and at the high end (blue) of each parameter, "
            "from the mean of all runs on; thin lines are 95 % intervals. All other parameters vary there. The "
            "figure says what the ends are: the outermost levels, or the outermost fifths of the range."
        ),
    ),
    "screening": Family(
        later("How much, and how evenly"),
        screening,
        ("indices", "factors"),
        later(
            "Each point is a parameter: further right it changes the outcome more, further up its effect depends "
            "more on its own value or on those of others. Hollow points may be nothing but chance."
        ),
        index="mu_star",
    ),
    "shares": Family(
        later("Shares of the variance"),
        variance_shares,
        ("indices", "factors"),
        later(
            "Orange: the part of the differences between points that a parameter explains alone; blue: with all it "
            "interacts with. Where blue lies far right of orange, it acts together with others. The red mark is chance."
        ),
        index="ST",
    ),
    "pairs": Family(
        later("Which pairs act together"),
        pair_shares,
        ("indices", "factors"),
        later(
            "Each square is a pair of parameters: the darker, the larger the share of the variance that the two have "
            "together, beyond what each explains alone. Grey numbers may be chance."
        ),
        index="S2",
    ),
    "settling": Family(
        later("Have the indices settled?"),
        index_settling,
        ("convergence", "indices", "factors"),
        later(
            "Each line is a leading parameter: its index from the first quarter, the first half and all of the "
            "design. Lines that run level at the end show no sign of moving; lines that still rise, fall or cross need "
            "more runs, and their names say (moved) where they moved too far."
        ),
    ),
}
"""Figures of a sensitivity analysis by name, in the order of a report.

They read frames from `experiments.sensitivity.result.StudySensitivity`; `draw` also takes the keyword arguments
`outcome` and `about`.
"""
