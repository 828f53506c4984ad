"""Changes of users who were lonely before any policy acted, and of the others, run by run.

Loneliness on day 0 or on arrival says who is lonely: no policy has changed it yet. Loneliness at the end would not do,
because the policy is part of it, and in one of the two runs chance is too (regression to the mean).
"""

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from experiments.statistics.intervals import Array

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["lonely", "other"]
KINDS: Final[tuple[Kind, Kind]] = ("lonely", "other")


def changes_by_kind(users: "pd.DataFrame", cut: float) -> dict[tuple[str, Kind], Array]:
    """Return the mean change of loneliness of each kind of user in each replicate, by scenario and kind.

    Parameters
    ----------
    users : DataFrame
        A row for each user: `scenario`, `replicate`, `change` (other minus base at the end) and `start` (on day 0 or on
        arrival), both on one scale.
    cut : float
        Lowest loneliness of a lonely user, on the same scale.

    Returns
    -------
    dict of (str, "lonely" or "other") to (replicates,) float array
        NaN for a replicate without users of the kind.
    """
    kinds = np.where(users["start"] >= cut, *KINDS)
    rows = users.assign(kind=kinds, scenario=users["scenario"].astype(str))
    wide = rows.pivot_table("change", index="replicate", columns=["kind", "scenario"], aggfunc="mean")
    return {
        (scenario, kind): wide[kind, scenario].to_numpy(float)
        for scenario in dict.fromkeys(rows["scenario"])
        for kind in KINDS
        if (kind, scenario) in wide.columns
    }
