"""Figures: a frame or networks in, a matplotlib Figure out; one family a file, listed here with its caption.

Nothing here runs the model or reads a store. `style.save` writes a figure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from matplotlib.figure import Figure

from experiments.plots.acceptability import acceptability
from experiments.plots.changes import user_changes
from experiments.plots.curves import outcome_curves
from experiments.plots.decomposition import decomposition_bars
from experiments.plots.difference import network_difference
from experiments.plots.fans import outcome_fans
from experiments.plots.forest import effect_forest
from experiments.plots.frames import least_help
from experiments.plots.front import burden_front
from experiments.plots.gains import who_gains
from experiments.plots.loneliness import loneliness_distribution
from experiments.plots.network import network_panels
from experiments.plots.plane import cost_plane
from experiments.plots.portfolio_front import portfolio_front
from experiments.plots.portfolio_members import portfolio_members
from experiments.plots.portfolio_search import portfolio_search
from experiments.plots.posterior_marginals import posterior_marginals
from experiments.plots.posterior_pairs import posterior_pairs
from experiments.plots.posterior_targets import posterior_targets
from experiments.plots.roles import role_balance
from experiments.plots.style import save
from experiments.plots.uncertainty import ranking_plot, split_bars
from sim.outcomes.catalogue import PRIMARY

__all__ = [
    "COMPARISON_FIGURES",
    "FIGURES",
    "PORTFOLIO_FIGURES",
    "POSTERIOR_FIGURES",
    "ComparisonFamily",
    "Family",
    "acceptability",
    "burden_front",
    "cost_plane",
    "decomposition_bars",
    "effect_forest",
    "least_help",
    "loneliness_distribution",
    "network_difference",
    "network_panels",
    "outcome_curves",
    "outcome_fans",
    "portfolio_front",
    "portfolio_members",
    "portfolio_search",
    "posterior_marginals",
    "posterior_pairs",
    "posterior_targets",
    "ranking_plot",
    "role_balance",
    "save",
    "split_bars",
    "user_changes",
    "who_gains",
]


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of figure.

    Parameters
    ----------
    title : str
    draw : callable
        Its first argument is what `reads` names, and is enough.
    reads : "daily", "graphs" or "users"
        Daily outcomes, networks by day, or users at the end of the run.
    caption : str
        What is seen and how to read it, in plain words.
    columns : tuple of str
        Those of the table that are enough to draw it.
    has_roles : bool
        Whether `draw` takes `least`, from how much help on a user has a role (`least_help`).
    """

    title: str
    draw: Callable[..., Figure]
    reads: Literal["daily", "graphs", "users"]
    caption: str
    columns: tuple[str, ...] = ()
    has_roles: bool = False


@dataclass(frozen=True, slots=True)
class ComparisonFamily:
    """One kind of figure of a comparison of scenarios with a base, or of a search.

    Parameters
    ----------
    title : str
    draw : callable
        Its positional arguments are what `reads` names, in that order, and are enough.
    reads : tuple of str
        Of "contrasts", "groups" (tables of `experiments.analysis.contrasts`), "daily" (daily outcomes with a column
        `scenario`, the base first), "changes" (users' differences between scenario and base), "plane", "costs",
        "acceptability" (frames of `experiments.analysis.cost`), "base graph", "other graph", "ranking", "splits" (of
        `experiments.analysis.uncertainty`) and "decomposition"; of a search over portfolios "solutions", "history"
        (frames of `experiments.analysis.portfolio.Front`), "policies" and "budget";
        of a posterior "check", "runs" (`experiments.analysis.abc_model`), "summary", "particles" and "correlations"
        (of `experiments.analysis.abc_particles.Posterior`).
    caption : str
        What is seen and how to read it, in plain words.
    """

    title: str
    draw: Callable[..., Figure]
    reads: tuple[str, ...]
    caption: str


FIGURES: Final[dict[str, Family]] = {
    "curves": Family(
        "Outcomes over time",
        outcome_curves,
        "daily",
        "Mean of all users on each day. The line is the mean over replicates (the same scenario under different "
        "chance); the pale band holds the middle 95 % of them and the darker one the middle half: the wider the "
        "bands, the more of what is seen may be chance.",
        columns=("replicate", "centre", "day", "users", *PRIMARY),
    ),
    "network": Family(
        "Who is close to whom",
        network_panels,
        "graphs",
        "Each mark is a user, the darker the lonelier, and stands in the same place on every day; each line is a "
        "tie, the thicker and darker the closer (friend: about 50 hours together, confidant: about 105, kin-like: "
        "about 220). Closeness is felt, not shared: a dashed line with an arrow is a friendship that only the one "
        "it comes from feels.",
        has_roles=True,
    ),
    "roles": Family(
        "Who gives and who receives help",
        role_balance,
        "users",
        "Each point is a user at the end of the run: further up the more help they gave, further right the more "
        "they received, darker the more burdened. Help is counted in acts, and older acts count less; the shaded "
        "regions are the roles that follow; the legend gives the share of users in each.",
        columns=("replicate", "status", "given", "received", "burden"),
        has_roles=True,
    ),
    "loneliness": Family(
        "Loneliness, from entry to end",
        loneliness_distribution,
        "users",
        "Left: how users are spread over the UCLA-20 loneliness scale (20 to 80, higher is lonelier) when they "
        "entered the run and at its end, with the share at 50 or above. Right: the same for each replicate (the "
        "same scenario under different chance), a thin line each; where the lines disagree, chance matters.",
        columns=("replicate", "status", "loneliness_at_entry", "loneliness"),
    ),
}
"""The families by name, in the order of a report."""

COMPARISON_FIGURES: Final[dict[str, ComparisonFamily]] = {
    "effects": ComparisonFamily(
        "What each policy changes",
        effect_forest,
        ("contrasts",),
        "Each row is a policy, each panel an outcome; the mark is how far the policy moves it from the base (the "
        "vertical line). The thick line is the 95 % interval: about where very many runs would put the difference; the "
        "thin one is wider, so that all comparisons hold at once. Where it crosses the base, all may be chance.",
    ),
    "outcomes": ComparisonFamily(
        "Outcomes over time, side by side",
        outcome_fans,
        ("daily",),
        "Each panel is a scenario, all on the same axes. The coloured line is the mean over replicates (the same "
        "scenario under different chance), the bands hold the middle 95 % and the middle half of them; the dashed line "
        "is the mean of the base, to compare with.",
    ),
    "groups": ComparisonFamily(
        "Who gains and who loses",
        who_gains,
        ("groups",),
        "Each row is a group of users: the mark is how far the policy moves its mean from the base, the line the 95 % "
        "interval. Groups that are clearly worse off stand on top in bold; pale groups are too small to say anything.",
    ),
    "users": ComparisonFamily(
        "How single users change",
        user_changes,
        ("changes",),
        "Each user's loneliness with the policy, less the same user's without it. A mean of no change may hide that "
        "some gain while others lose: the bars say how many do by more than three points. Part of it is chance, so "
        "read it as a spread, not as what happens to one person.",
    ),
    "front": ComparisonFamily(
        "Loneliness against burden",
        burden_front,
        ("contrasts",),
        "Each cross is a policy, with the 95 % intervals of both effects: further left is less lonely, further down "
        "less burdened. The policies on the stair are those that no other beats on both; which of them to take depends "
        "on what matters more.",
    ),
    "plane": ComparisonFamily(
        "Cost and effect",
        cost_plane,
        ("plane", "costs"),
        "Each mark is a policy: further right is better than the base, further up is dearer. The ring around it holds "
        "95 % of what chance makes of it; a ring that reaches into another quarter leaves open whether the policy is "
        "better, or dearer.",
    ),
    "acceptability": ComparisonFamily(
        "Worth its cost?",
        acceptability,
        ("acceptability",),
        "How likely each scenario is the best choice, depending on how much one wants to pay for a user lifted out of "
        "severe loneliness (in yuan, along the bottom). On the right how likely it is better than the base alone. Only "
        "chance is counted, not what the model may get wrong.",
    ),
    "friendships": ComparisonFamily(
        "Friendships made and unmade",
        network_difference,
        ("base graph", "other graph"),
        "The same users in the same places with and without the policy: grey lines are friendships in both, green ones "
        "exist only with the policy, dashed orange-red ones only without it. One pair of runs, so single lines may be "
        "chance.",
    ),
    "ranking": ComparisonFamily(
        "Which policy is best, if the parameters are other ones",
        ranking_plot,
        ("ranking",),
        "Parameters that nobody knows exactly are drawn again and again. Bars: in how many draws each scenario is "
        "best; marks: its mean place. A policy that is best in nearly all draws is a safe choice as far as these "
        "parameters go.",
    ),
    "uncertainty": ComparisonFamily(
        "Chance and ignorance",
        split_bars,
        ("splits",),
        "Left: each policy's effect, and in orange where it would lie if the parameters that nobody knows exactly were "
        "other ones. Right: how much of the spread is such ignorance, which only data can lessen, and how much chance, "
        "which more replicates average out.",
    ),
    "decomposition": ComparisonFamily(
        "What the effect comes through",
        decomposition_bars,
        ("decomposition",),
        "Each bar is a part of a policy's effect: what comes through new ties, through what flows along ties, and "
        "through direct help. The black mark is their sum. Parts on different sides of the line work against each "
        "other.",
    ),
}
"""The families of a comparison by name, in the order of a report."""

PORTFOLIO_FIGURES: Final[dict[str, ComparisonFamily]] = {
    "front": ComparisonFamily(
        "What portfolios relieve, and what they take",
        portfolio_front,
        ("solutions", "budget"),
        "Each mark is a portfolio of policies: further down it lowers loneliness more, further right it takes more "
        "hours of staff. The lines are 95 % intervals. Large marks with a letter are kept: no other portfolio found is "
        "better on loneliness, burden and hours at once, and burden does not rise; the paler, the more it falls.",
    ),
    "members": ComparisonFamily(
        "What is in each portfolio kept",
        portfolio_members,
        ("solutions", "policies"),
        "Each row is a portfolio, with the letter it has in the other figure; each column a policy, the darker the "
        "more of it is done (in %). A policy that is dark in all rows is worth its hours in whatever company; one that "
        "is in none was tried and found not to be.",
    ),
    "search": ComparisonFamily(
        "How the search went, and what luck had added",
        portfolio_search,
        ("history", "solutions"),
        "Left: the best portfolio of each generation; where the line is flat, the search had found what there is. "
        "Right: each portfolio found, by what the search saw and by fresh runs; marks above the dashed line did less "
        "well in fresh runs than promised. Only the fresh runs are reported.",
    ),
}
"""The families of a search over portfolios by name, in the order of a report."""

POSTERIOR_FIGURES: Final[dict[str, ComparisonFamily]] = {
    "targets": ComparisonFamily(
        "Do the runs of the posterior meet the targets?",
        posterior_targets,
        ("check", "runs"),
        "Each row is a calibration target. The pale band is its range; the marks are runs of parameter sets drawn from "
        "the posterior, the line holds their middle 90 %. Where the line lies beside the band, no parameters that fit "
        "the other targets meet this one.",
    ),
    "marginals": ComparisonFamily(
        "What the targets say about each parameter",
        posterior_marginals,
        ("summary", "particles"),
        "Each panel is a parameter over its plausible range: dashed what was held likely before (everything alike), "
        "bars what is after setting the runs beside the targets. Grey panels: the targets say nothing about that "
        "parameter, and what depends on it is as uncertain as before.",
    ),
    "pairs": ComparisonFamily(
        "Parameters that are known together only",
        posterior_pairs,
        ("correlations", "summary", "particles"),
        "Each panel is a pair of parameters, each mark a set of parameters that fits. Where the marks lie along a "
        "slanting line, one parameter makes good for the other: the targets know the two together, neither by itself.",
    ),
}
"""The families of a posterior by name, in the order of a report."""
