"""Statistics of secrecy and being known: how the disclosure threshold affects loneliness, and by which way."""

from typing import Final

from experiments.calibration.statistics.moments import cross_products
from experiments.calibration.statistics.runs import BASELINE, Estimate, Runs, single
from experiments.calibration.statistics.snapshots import Array
from experiments.calibration.statistics.traits import SETTLED
from sim.state.state import Records

EVERYBODY: Final = ("loneliness", "known_by", "self_stigma")


def disclosure_kept(users: Records) -> dict[str, Array]:
    """Return the cross products of `EVERYBODY`, over all users enrolled at the end."""
    return {"everybody": cross_products({name: users[name] for name in EVERYBODY})}


def stigma_loneliness(runs: Runs) -> Estimate:
    """Correlation of self-stigma with loneliness within runs, for all users enrolled at the end."""
    return single(runs.moments(BASELINE, "everybody", EVERYBODY).correlation("self_stigma", "loneliness"))


def threshold_loneliness(runs: Runs) -> Estimate:
    """Correlation of the trait disclosure threshold with loneliness within runs, for settled users."""
    return single(runs.moments(BASELINE, "settled", SETTLED).correlation("disclosure_threshold", "loneliness"))


def known_loneliness(runs: Runs) -> Estimate:
    """Correlation of the number of enrolled peers who know a user with loneliness within runs, for all users."""
    return single(runs.moments(BASELINE, "everybody", EVERYBODY).correlation("known_by", "loneliness"))


def mediated(runs: Runs) -> Estimate:
    """Share of the trait threshold's effect on loneliness that goes through ties and being known, for settled users.

    b is the coefficient of the trait threshold on loneliness within runs; d is the same coefficient when the closeness
    of the closest three ties and the number of peers who know the user are controlled for. The indirect effect is
    a = b - d, and the share a / (|a| + |d|). It has the sign of a, so a target above 0 requires a > 0.
    """
    moments = runs.moments(BASELINE, "settled", SETTLED)
    whole = moments.coefficients("loneliness", ["disclosure_threshold"])["disclosure_threshold"]
    given = ["disclosure_threshold", "closest", "known_by"]
    direct = moments.coefficients("loneliness", given)["disclosure_threshold"]
    indirect = whole - direct
    return single(indirect / max(abs(indirect) + abs(direct), 1e-12))
