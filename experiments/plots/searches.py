"""Figures of searches, listed with their captions: portfolios of policies, and posteriors of parameters."""

from typing import Final

from experiments.plots.calibration.marginals import posterior_marginals
from experiments.plots.calibration.pairs import posterior_pairs
from experiments.plots.calibration.targets import posterior_targets
from experiments.plots.family import FrameFamily
from experiments.plots.portfolio.front import portfolio_front
from experiments.plots.portfolio.members import portfolio_members
from experiments.plots.portfolio.search import portfolio_search

PORTFOLIO_FIGURES: Final[dict[str, FrameFamily]] = {
    "front": FrameFamily(
        "What portfolios relieve, and what they take",
        portfolio_front,
        ("solutions", "budget"),
        "Each mark is a portfolio of policies: further down it lowers loneliness more, further right it takes more "
        "hours of staff. The lines are 95 % intervals. Large marks with a letter are kept: burden does not rise, and "
        "no other such portfolio is better on loneliness, burden and hours at once; the paler, the more burden falls.",
    ),
    "members": FrameFamily(
        "What is in each portfolio kept",
        portfolio_members,
        ("solutions", "policies"),
        "Each row is a portfolio, with the letter it has in the other figure; each column a policy, the darker the "
        "more of it is done (in %). A policy that is dark in all rows is worth its hours in whatever company; one that "
        "is in none was tried and found not to be.",
    ),
    "search": FrameFamily(
        "How the search went, and what luck had added",
        portfolio_search,
        ("history", "solutions"),
        "Left: the best portfolio of each generation; where the line is flat, the search had found what there is. "
        "Right: each portfolio found, by what the search saw and by fresh runs; marks above the dashed line did less "
        "well in fresh runs than promised. Only the fresh runs are reported.",
    ),
}
"""The families of a search over portfolios by name, in the order of a report.

Read are "solutions", "history" (frames of `experiments.portfolio.search.Front`), "policies" and "budget".
"""

POSTERIOR_FIGURES: Final[dict[str, FrameFamily]] = {
    "targets": FrameFamily(
        "Do the runs of the posterior meet the targets?",
        posterior_targets,
        ("check", "runs"),
        "Each row is a calibration target. The pale band is its range; the marks are runs of parameter sets drawn from "
        "the posterior, the line holds their middle 90 %. Where the line lies beside the band, no parameters that fit "
        "the other targets meet this one.",
    ),
    "marginals": FrameFamily(
        "What the targets say about each parameter",
        posterior_marginals,
        ("summary", "particles"),
        "Each panel is a parameter over its plausible range: dashed what was held likely before (everything alike), "
        "bars what is after setting the runs beside the targets. Grey panels: the targets say nothing about that "
        "parameter, and what depends on it is as uncertain as before.",
    ),
    "pairs": FrameFamily(
        "Parameters that are known together only",
        posterior_pairs,
        ("correlations", "summary", "particles"),
        "Each panel is a pair of parameters, each mark a set of parameters that fits. Where the marks lie along a "
        "slanting line, one parameter makes good for the other: the targets know the two together, neither by itself.",
    ),
}
"""The families of a posterior by name, in the order of a report.

Read are "check", "runs" (`experiments.calibration.posterior.model`), "summary", "particles" and "correlations" (of
`experiments.calibration.posterior.particles.Posterior`).
"""
