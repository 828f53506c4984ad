"""Statistics of group identity: identity compared with attendance, and co-design compared with more free time."""

from typing import Final

import numpy as np

from experiments.calibration.statistics.effects import effect
from experiments.calibration.statistics.moments import cross_products
from experiments.calibration.statistics.runs import BASELINE, Estimate, Runs, conditional
from experiments.calibration.statistics.snapshots import Array
from sim.state.state import Records

ALL_YEAR: Final = ("loneliness", "identity", "attendance", "loneliness_at_entry")
_MOVED: Final = 0.3
"""Effect on identity, in SD, above which a policy counts as a policy of belonging."""
_SMALL: Final = (-0.05, 0.02)
_LARGE: Final = -0.10
"""If free time has an effect in `_SMALL` and co-design one below `_LARGE`, the target is met too."""


def belonging_kept(users: Records) -> dict[str, Array]:
    """Return the cross products of users present all year: those enrolled at the end who were there at the start."""
    stayed = users[(users["arrived"] < 0) & (users["open_days"] > 0)]
    columns = {name: stayed[name] for name in ALL_YEAR if name != "attendance"}
    columns["attendance"] = stayed["days_attended"] / stayed["open_days"]
    return {"all_year": cross_products({name: columns[name] for name in ALL_YEAR})}


def identity_over_coming(runs: Runs) -> Estimate:
    """Partial correlation of identity with loneliness, sign reversed; its size must exceed that of attendance.

    Both are at the end of the year, within runs, for users present all year. The correlation of identity controls for
    the share of open days attended and loneliness at the start; the correlation of attendance controls for identity
    and loneliness at the start.
    """
    moments = runs.moments(BASELINE, "all_year", ALL_YEAR)
    identity = moments.correlation("loneliness", "identity", ["attendance", "loneliness_at_entry"])
    coming = moments.correlation("loneliness", "attendance", ["identity", "loneliness_at_entry"])
    return conditional(-identity, abs(identity), abs(coming))


def belonging_beats_opportunity(runs: Runs) -> Estimate:
    """Ratio of two effects on loneliness, co-design over an extra hour of free time; co-design must raise identity.

    Co-design must raise identity by more than .3 SD. The ratio is negative when co-design does not lower loneliness.
    When the effect of free time is small (-.05 to .02 SD) and that of co-design large (below -.10), the ratio says
    little: the target is then met, and the ratio is limited to 1 to 10.
    """
    deciding, occasions = (effect(runs, name, "loneliness_ucla20") for name in ("codesign", "more_free_time"))
    ratio = deciding / occasions if occasions else float("nan")
    ratio = ratio if deciding < 0.0 else -abs(ratio)
    if _SMALL[0] <= occasions <= _SMALL[1] and deciding < _LARGE:
        ratio = float(np.clip(ratio, 1.0, 10.0)) if occasions < 0.0 else 10.0
    return conditional(ratio, effect(runs, "codesign", "group_identity"), _MOVED)
