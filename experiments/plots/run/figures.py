"""List the figures of a run, with their captions; each figure has a file of its own."""

from typing import Final

from experiments.plots import Family
from experiments.plots.run.curves import outcome_curves
from experiments.plots.run.loneliness import loneliness_distribution
from experiments.plots.run.network import network_panels
from experiments.plots.run.roles import role_balance
from sim.language import later
from sim.outcomes.catalogue import PRIMARY

FIGURES: Final[dict[str, Family]] = {
    "curves": Family(
        later("Outcomes over time"),
        outcome_curves,
        ("daily",),
        later(
            "Mean of all users on each day. The line is the mean over replicates (the same scenario under different "
            "chance); the pale band holds the middle 95 % of them and the darker one the middle half: the wider the "
            "bands, the more of the picture may be chance."
        ),
        columns=("replicate", "centre", "day", "users", *PRIMARY),
    ),
    "network": Family(
        later("Who is close to whom"),
        network_panels,
        ("graphs",),
        later(
            "Each mark is a user, the darker the lonelier, and stands in the same place on every day; each line "
            "is a tie, the thicker and darker the closer (friend: about 50 hours together, confidant: about 105, "
            "kin-like: about 220). Two users may feel differently close: a dashed line with an arrow is a "
            "friendship that only the user at its start feels."
        ),
        has_roles=True,
    ),
    "roles": Family(
        later("Who gives and who receives help"),
        role_balance,
        ("users",),
        later(
            "Each point is a user at the end of the run: further up the more help they gave, further right the more "
            "they received, darker the more burdened. Help is counted in acts, and older acts count less; the shaded "
            "regions are the roles that follow; the legend gives the share of users in each."
        ),
        columns=("replicate", "uid", "name", "status", "given", "received", "burden"),
        has_roles=True,
    ),
    "loneliness": Family(
        later("Loneliness, on the first day and on the last"),
        loneliness_distribution,
        ("users",),
        later(
            "Left: how users are spread over the UCLA-20 loneliness scale (20 to 80, higher is lonelier) on the first "
            "day and on the last, with the share at 50 or above. Right: the same for each replicate (the same scenario "
            "under different chance), a thin line each; where the lines disagree, chance matters."
        ),
        columns=("replicate", "status", "arrived", "loneliness_at_entry", "loneliness"),
    ),
}
"""Figures of a run by name, in the order of a report.

They read "daily" (daily outcomes), "graphs" (networks by day) or "users" (users at the end of the run).
"""
