"""Statistics of fixed traits and dispositions: how far they decide how users fare after a year."""

from typing import Final

from experiments.calibration.statistics.moments import cross_products
from experiments.calibration.statistics.people import FIXED, fixed_columns, settled
from experiments.calibration.statistics.runs import BASELINE, Estimate, Runs, single
from experiments.calibration.statistics.snapshots import Array, Snapshot

FATED: Final = ("loneliness", "burden", "identity", "self_stigma")
"""States that fixed traits and dispositions may decide."""
SETTLED: Final = (*FIXED, *FATED, "closest", "known_by")


def traits_kept(end: Snapshot) -> dict[str, Array]:
    """Return the cross products of `SETTLED` over settled users."""
    users = settled(end.users, end.day)
    columns = fixed_columns(users) | {name: users[name] for name in (*FATED, "closest", "known_by")}
    return {"settled": cross_products(columns)}


def _share(runs: Runs, outcome: str) -> Estimate:
    """Adjusted R2 within runs of settled users' outcome on all fixed traits, dispositions, sex, age and diagnosis."""
    return single(runs.moments(BASELINE, "settled", SETTLED).adjusted(outcome, FIXED))


def share_loneliness(runs: Runs) -> Estimate:
    """Adjusted R2 within runs of settled users' loneliness at the end of the year on everything fixed."""
    return _share(runs, "loneliness")


def share_burden(runs: Runs) -> Estimate:
    """Adjusted R2 within runs of settled users' burden on everything fixed."""
    return _share(runs, "burden")


def share_identity(runs: Runs) -> Estimate:
    """Adjusted R2 within runs of settled users' group identity on everything fixed."""
    return _share(runs, "identity")


def share_stigma(runs: Runs) -> Estimate:
    """Adjusted R2 within runs of settled users' self-stigma on everything fixed."""
    return _share(runs, "self_stigma")
