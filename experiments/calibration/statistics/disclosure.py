"""Statistics of secrecy and of being known: what the disclosure threshold does to loneliness, and through what."""

from typing import Final

from experiments.calibration.runs import BASELINE, Estimate, Runs, single
from experiments.calibration.statistics.moments import cross_products
from experiments.calibration.statistics.snapshots import Array
from experiments.calibration.statistics.traits import SETTLED
from sim.state.state import Records

EVERYBODY: Final = ("loneliness", "known_by", "self_stigma")


def disclosure_kept(users: Records) -> dict[str, Array]:
    """Return the cross products of all users enrolled at the end."""
    return {"everybody": cross_products({name: users[name] for name in EVERYBODY})}


def stigma_loneliness(runs: Runs) -> Estimate:
    """Correlation of self-stigma with loneliness within runs, all users enrolled at the end."""
    return single(runs.moments(BASELINE, "everybody", EVERYBODY).correlation("self_stigma", "loneliness"))


def threshold_loneliness(runs: Runs) -> Estimate:
    """Correlation of the trait disclosure threshold with loneliness within runs, settled users."""
    return single(runs.moments(BASELINE, "settled", SETTLED).correlation("disclosure_threshold", "loneliness"))


def known_loneliness(runs: Runs) -> Estimate:
    """Correlation of the number of present peers by whom one is known with loneliness within runs, all users."""
    return single(runs.moments(BASELINE, "everybody", EVERYBODY).correlation("known_by", "loneliness"))


def mediated(runs: Runs) -> Estimate:
    """Share of the effect of the trait threshold on loneliness that goes through ties and being known, settled users.

    b: coefficient of the trait threshold on loneliness within runs. d: the same given the closeness of the closest
    three ties and the number of peers by whom one is known. Indirect a = b - d. The share is a / (|a| + |d|); below 0
    when a is, so a target above 0 asks for a > 0.
    """
    moments = runs.moments(BASELINE, "settled", SETTLED)
    whole = moments.coefficients("loneliness", ["disclosure_threshold"])["disclosure_threshold"]
    given = ["disclosure_threshold", "closest", "known_by"]
    direct = moments.coefficients("loneliness", given)["disclosure_threshold"]
    indirect = whole - direct
    return single(indirect / max(abs(indirect) + abs(direct), 1e-12))
