"""Statistics of group identity: identification against attendance, and deciding together against mere occasions."""

from typing import Final

import numpy as np

from experiments.calibration.runs import BASELINE, Estimate, Runs, conditional
from experiments.calibration.statistics.effects import effect
from experiments.calibration.statistics.moments import cross_products
from experiments.calibration.statistics.snapshots import Array
from sim.state.state import Records

ALL_YEAR: Final = ("loneliness", "identity", "attendance", "loneliness_at_entry")
_MOVED: Final = 0.3
"""SD by which a policy must move identity to count as one that does."""
_SMALL: Final = (-0.05, 0.02)
_LARGE: Final = -0.10
"""An opportunity whose effect is small and a policy of belonging whose effect is large meet the target too."""


def belonging_kept(users: Records) -> dict[str, Array]:
    """Return the cross products of users who were there all year: at the start and, as these all are, at the end."""
    stayed = users[(users["arrived"] < 0) & (users["open_days"] > 0)]
    columns = {name: stayed[name] for name in ALL_YEAR if name != "attendance"}
    columns["attendance"] = stayed["days_attended"] / stayed["open_days"]
    return {"all_year": cross_products({name: columns[name] for name in ALL_YEAR})}


def identity_over_coming(runs: Runs) -> Estimate:
    """Partial correlation of identity with loneliness, sign turned; it must exceed that of attendance in size.

    Both at the end of the year, within runs, users present all year. Identity is given the share of open days
    attended and loneliness at the start; attendance is given identity and loneliness at the start.
    """
    moments = runs.moments(BASELINE, "all_year", ALL_YEAR)
    identity = moments.correlation("loneliness", "identity", ["attendance", "loneliness_at_entry"])
    coming = moments.correlation("loneliness", "attendance", ["identity", "loneliness_at_entry"])
    return conditional(-identity, abs(identity), abs(coming))


def belonging_beats_opportunity(runs: Runs) -> Estimate:
    """Loneliness effect of co-design over that of one more hour of free time; co-design must move identity by .3 SD.

    When the latter is small (-.05 to .02 SD) and the former large (below -.10), the ratio says little: the target is
    met then, and the ratio is taken as no more than 10 and no less than 1. It is negative when co-design lowers no
    loneliness.
    """
    deciding, occasions = (effect(runs, name, "loneliness_ucla20") for name in ("codesign", "more_free_time"))
    ratio = deciding / occasions if occasions else float("nan")
    ratio = ratio if deciding < 0.0 else -abs(ratio)
    if _SMALL[0] <= occasions <= _SMALL[1] and deciding < _LARGE:
        ratio = float(np.clip(ratio, 1.0, 10.0)) if occasions < 0.0 else 10.0
    return conditional(ratio, effect(runs, "codesign", "group_identity"), _MOVED)
