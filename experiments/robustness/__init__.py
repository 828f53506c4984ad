"""What holds across the points of a study: where a policy fails, and whether the ranking of policies survives."""

from experiments.robustness.discover import Discovered, discovered
from experiments.robustness.ranking import Ranked, ranked

__all__ = ["Discovered", "Ranked", "discovered", "ranked"]
