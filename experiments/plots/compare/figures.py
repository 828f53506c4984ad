"""List the figures of a comparison, with their captions; each figure has a file of its own."""

from typing import Final

from experiments.plots.compare.acceptability import acceptability
from experiments.plots.compare.budget import budget_bars
from experiments.plots.compare.changes import user_changes
from experiments.plots.compare.decomposition import decomposition_bars
from experiments.plots.compare.forest import effect_forest
from experiments.plots.compare.friendships import network_difference
from experiments.plots.compare.front import burden_front
from experiments.plots.compare.gains import who_gains
from experiments.plots.compare.information import information
from experiments.plots.compare.outcomes import outcome_fans
from experiments.plots.compare.plane import cost_plane
from experiments.plots.compare.uncertainty import ranking_plot, split_bars
from experiments.plots.family import Family
from sim.language import later

COMPARISON_FIGURES: Final[dict[str, Family]] = {
    "effects": Family(
        later("What each policy changes"),
        effect_forest,
        ("contrasts",),
        later(
            "Each row is a policy, each panel an outcome; the mark is how far the policy moves it from the base "
            "(the vertical line). The thick line is the 95 % interval, about where very many runs would put the "
            "difference; the thin line is the wider interval for all comparisons at once. Between the dashed "
            "lines an effect is below what counts as small."
        ),
    ),
    "outcomes": Family(
        later("Outcomes over time, and what each policy changes"),
        outcome_fans,
        ("daily",),
        later(
            "For each outcome, left: its mean under every scenario, the base dashed. Right of it, for each "
            "policy: the difference from the base over time, mean of pairs of runs under the same chance (0 is "
            "no difference); the pale band holds the middle 95 % of the pairs, the darker one is the 95 % "
            "interval of their mean."
        ),
        keywords=("timelines", "small"),
    ),
    "groups": Family(
        later("Who gains and who loses"),
        who_gains,
        ("groups",),
        later(
            "Each row is a group of users, the first is everybody: the mark is how far the policy moves the mean "
            "of the group on the last day from the base, the line the 95 % interval. Next come groups that are clearly "
            "worse off, if any are (in bold); then those worse off by themselves; then the others, the least helped "
            "in the mean of all policies first. Groups marked as too few cannot be judged."
        ),
        keywords=("small",),
    ),
    "users": Family(
        later("How single users change"),
        user_changes,
        ("changes",),
        later(
            "Each user's loneliness with the policy, minus that of the same user without it. A mean change of 0 "
            "may hide that some users gain while others lose: the bars show how many change by more than three "
            "points. Part of each change is chance, so read the spread, not single users."
        ),
    ),
    "front": Family(
        later("Loneliness against burden"),
        burden_front,
        ("contrasts",),
        later(
            "Each cross is a policy, with the 95 % intervals of both effects: further left is less lonely, "
            "further down less burdened. The policies on the stair are those whose means no other beats on both; "
            "where intervals overlap, chance may have decided that."
        ),
    ),
    "budget": Family(
        later("What fits the budget"),
        budget_bars,
        ("budget",),
        later(
            "Each bar is what the policies of a scenario take, on average over the run; the dotted line is the "
            "budget. Hatched bars do not fit. The small upright mark is the mean of the four weeks that take "
            "most: where it lies beyond the line and the bar does not, the budget holds over the run but not at "
            "every time."
        ),
    ),
    "plane": Family(
        later("Cost and effect"),
        cost_plane,
        ("plane", "costs"),
        later(
            "Each mark is a policy: further right is better than the base, further up is dearer. The ring holds "
            "95 % of the means that chance makes likely; it is flat as a line where the cost hardly varies. Where a "
            "ring reaches into another quarter, it is open whether the policy is better, or dearer."
        ),
    ),
    "acceptability": Family(
        later("Worth its cost?"),
        acceptability,
        ("acceptability",),
        later(
            "Left: how likely each scenario is the best choice, by what a user-year below the severe cut-off is worth "
            "(in yuan, along the bottom). Right: how likely each scenario is better than the base. Only chance counts "
            "here, not errors of the model."
        ),
    ),
    "friendships": Family(
        later("Friendships made and unmade, in one pair of runs"),
        network_difference,
        ("base graph", "other graphs"),
        later(
            "The same users in the same places with and without each policy: pale lines are friendships in both, "
            "thick dark lines only with the policy, dashed lines only without it. Each panel shows one pair of "
            "runs, of the first seed, so single lines may be chance."
        ),
        keywords=("base",),
    ),
    "ranking": Family(
        later("Which policy is best under other parameters"),
        ranking_plot,
        ("rankings",),
        later(
            "Each draw gives new values to the parameters that nobody knows exactly. Bars: in how many draws a "
            "scenario is best; marks: its mean place; a row for each primary outcome. Part of each share is "
            "chance within draws."
        ),
    ),
    "uncertainty": Family(
        later("Chance and unmeasured numbers"),
        split_bars,
        ("splits",),
        later(
            "Left: each policy's effect and, in orange, where it may lie under other values of the parameters "
            "that nobody knows exactly; a row for each primary outcome. Right: how much of the spread comes from "
            "unmeasured numbers, which only data can lessen, and how much from chance, which more replicates "
            "average out."
        ),
        keywords=("small",),
    ),
    "information": Family(
        later("What is it worth to know more?"),
        information,
        ("information", "losses"),
        later(
            "Left: what choosing after an answer gains over choosing now, for all parameters and for groups that "
            "a survey can measure, with 95 % intervals of chance in draws and runs; what is not distinguishable from "
            "0 is grey. A group worth more than all parameters together shows estimation error. Right: what each "
            "scenario loses on average to the best one of each draw; the smallest loss is the value of knowing all."
        ),
    ),
    "decomposition": Family(
        later("What the effect comes through"),
        decomposition_bars,
        ("decomposition",),
        later(
            "Each bar is a part of a policy's effect: what comes through new ties, through what flows along ties, and "
            "through direct help. The black mark is their sum. Parts on different sides of the line work against each "
            "other. Where ties and flows work together, the size of a part depends on which of them is frozen first: "
            "diamonds show both orders, the bar their mean. Direct help that is 0 in all runs is no finding."
        ),
    ),
}
"""Figures of a comparison of scenarios with a base by name, in the order of a report.

They read "contrasts" and "groups" (tables from `experiments.compare.contrasts`), "daily" (daily outcomes with a column
`scenario`, the base first), "changes" (users' differences between scenario and base), "plane", "costs" and
"acceptability" (frames from `experiments.compare.cost`), "budget" (from `experiments.statistics.budget`), "base graph"
and "other graphs" (networks), "rankings" and "splits" (by outcome, from `experiments.statistics.orders` and
`uncertainty`), and "decomposition".
"""
