"""Find what holds across the points of a study: where a policy fails, and how stable the ranking of policies is."""

from experiments.robustness.discover import Discovered, discovered
from experiments.robustness.ranking import Ranked
from experiments.robustness.regret import ranked

__all__ = ["Discovered", "Ranked", "discovered", "ranked"]
