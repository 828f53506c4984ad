"""List the figures of a run, with their captions; each figure has a file of its own."""

from typing import Final

from experiments.plots.family import Family
from experiments.plots.run.arrivals import COLUMNS as ARRIVALS
from experiments.plots.run.arrivals import first_ties
from experiments.plots.run.careers import COLUMNS as ROLE_COLUMNS
from experiments.plots.run.careers import role_shares_over_time, who_becomes
from experiments.plots.run.curves import outcome_curves
from experiments.plots.run.loneliness import loneliness_distribution
from experiments.plots.run.network import network_panels
from experiments.plots.run.policies import policy_raster
from experiments.plots.run.roles import role_balance
from experiments.plots.run.ties import COLUMNS as TIE_COLUMNS
from experiments.plots.run.ties import OF_DISCLOSURE, disclosure, tie_levels
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
        keywords=("timeline",),
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
        keywords=("least", "begin"),
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
        keywords=("least",),
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
    "ties": Family(
        later("Ties over time, from acquaintance to kin-like"),
        tie_levels,
        ("daily",),
        later(
            "How many ties a user has, on average, day by day: the areas are levels of closeness, the closest at the "
            "bottom. Right: the same without acquaintances, who are many. A tie counts as close as the user who has it "
            "feels it, so two users may count it differently."
        ),
        columns=TIE_COLUMNS,
        keywords=("timeline",),
    ),
    "disclosure": Family(
        later("What users disclose, and who knows"),
        disclosure,
        ("daily",),
        later(
            "Above: how guarded users are, how many have told a peer of the illness, and how many of their "
            "friends know. Below: by how many peers a user is known, and how often users talk of distress and of "
            "the illness. Lines are means over replicates, bands the middle 95 % and the middle half of them."
        ),
        columns=("replicate", "centre", "day", "users", *OF_DISCLOSURE),
        keywords=("timeline",),
    ),
    "newcomers": Family(
        later("How soon newcomers find a friend and a confidant"),
        first_ties,
        ("newcomers",),
        later(
            "The share of newcomers who have found a first friend (solid) and a first confidant (dashed), by "
            "days since they came. Everybody counts for as long as he or she was followed, so people who left or "
            "came late do not lower the share; the bands are 95 % intervals over runs."
        ),
        columns=ARRIVALS,
        keywords=("days",),
    ),
    "role-shares": Family(
        later("Roles over time"),
        role_shares_over_time,
        ("daily",),
        later(
            "The share of users in each role day by day, adding up to 100 %: helpers give more help than they "
            "receive, the helped receive more, mutual users do both alike, and the uninvolved hardly either. A "
            "role follows from the help of the last months; nobody assigns it."
        ),
        columns=ROLE_COLUMNS,
        keywords=("timeline",),
    ),
    "helpers": Family(
        later("Who becomes a helper"),
        who_becomes,
        ("users",),
        later(
            "Each row holds the users who had a role on the first day or on arrival, each column the role they "
            "have at the end; the numbers are percent of the row. The diagonal holds those who kept their role."
        ),
        columns=("replicate", "status", "role_at_entry", "given", "received"),
        keywords=("least",),
    ),
    "policies": Family(
        later("When each policy acted"),
        policy_raster,
        ("reviews",),
        later(
            "Left: a row for each centre of each replicate, dark where the policy acted, white where its "
            "condition was not met or its time had not come. Right: how many users took part. Lines mark the "
            "days on which the scenario begins or ends a policy; grey stripes are closed days."
        ),
        keywords=("timeline", "begin"),
    ),
}
"""Figures of a run by name, in the order of a report.

They read "daily" (daily outcomes), "graphs" (networks by day), "users" (users at the end of the run), "newcomers" (the
same, where users came during the runs) or "reviews" (what each policy did at each review).
"""
