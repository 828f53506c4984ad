"""List the figures of a search over portfolios of policies, with their captions; each figure has a file of its own."""

from typing import Final

from experiments.plots.family import Family
from experiments.plots.portfolio.front import portfolio_front
from experiments.plots.portfolio.members import portfolio_members
from experiments.plots.portfolio.progress import portfolio_search
from sim.language import later

PORTFOLIO_FIGURES: Final[dict[str, Family]] = {
    "front": Family(
        later("What portfolios relieve, and what they take"),
        portfolio_front,
        ("solutions", "budget", "base hours"),
        later(
            "Each mark is a portfolio of policies: further down it lowers loneliness more, further right it "
            "takes more hours of staff. The lines are 95 % intervals. Large marks with a letter are kept: burden "
            "does not rise, and no other such portfolio is better on loneliness, burden and hours at once; the "
            "paler, the more burden falls."
        ),
    ),
    "members": Family(
        later("What is in each portfolio kept"),
        portfolio_members,
        ("solutions", "policies"),
        later(
            "Each row is a portfolio, with its letter from the other figure; each column is a policy, darker "
            "with higher intensity (in %). The search kept what did best in the mean of the runs: a policy that is "
            "dark in all rows is in every portfolio kept, but whether it is worth its hours, only its effect can tell."
        ),
    ),
    "search": Family(
        later("How the search went, and what luck added"),
        portfolio_search,
        ("history", "solutions"),
        later(
            "Left: the best portfolio of each generation; where the line is flat, further search brought no "
            "gain. Right: each portfolio of the front, in the runs of the search and in fresh runs; portfolios "
            "above the dashed line did less well in fresh runs. The other figures use the fresh runs only."
        ),
    ),
}
"""Figures of a search over portfolios by name, in the order of a report.

They read "solutions" and "history" (frames from `experiments.portfolio.front.Front`), "policies", "budget" and
"base hours".
"""
