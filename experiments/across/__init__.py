"""What holds across the points of a study: where a policy fails, and whether the ranking of policies survives."""

from experiments.across.discovered import Discovered, discovered
from experiments.across.ranked import Ranked, ranked

__all__ = ["Discovered", "Ranked", "discovered", "ranked"]
