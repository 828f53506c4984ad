"""Statistics of what people bring along: how far fixed traits and dispositions decide how they fare after a year."""

from typing import Final

from experiments.calibration.runs import BASELINE, Estimate, Runs, single
from experiments.calibration.statistics.moments import cross_products
from experiments.calibration.statistics.people import FIXED, fixed_columns, settled
from experiments.calibration.statistics.snapshots import Array, Snapshot

FATED: Final = ("loneliness", "burden", "identity", "self_stigma")
"""States of which it is asked how far they are decided by what is brought along."""
SETTLED: Final = (*FIXED, *FATED, "closest", "known_by")


def traits_kept(end: Snapshot) -> dict[str, Array]:
    """Return the cross products of users enrolled for half a year or more."""
    users = settled(end.users, end.day)
    columns = fixed_columns(users) | {name: users[name] for name in (*FATED, "closest", "known_by")}
    return {"settled": cross_products(columns)}


def _share(runs: Runs, outcome: str) -> Estimate:
    """Adjusted R2 of all fixed traits, dispositions, sex, age and diagnosis within runs, settled users."""
    return single(runs.moments(BASELINE, "settled", SETTLED).adjusted(outcome, FIXED))


def share_loneliness(runs: Runs) -> Estimate:
    """Adjusted R2 within runs of everything fixed on a year's-end loneliness of settled users."""
    return _share(runs, "loneliness")


def share_burden(runs: Runs) -> Estimate:
    """Adjusted R2 within runs of everything fixed on burden of settled users."""
    return _share(runs, "burden")


def share_identity(runs: Runs) -> Estimate:
    """Adjusted R2 within runs of everything fixed on group identity of settled users."""
    return _share(runs, "identity")


def share_stigma(runs: Runs) -> Estimate:
    """Adjusted R2 within runs of everything fixed on self-stigma of settled users."""
    return _share(runs, "self_stigma")
