"""Statistics of helping: what giving and receiving do to self-worth, and which helpers carry a burden."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from experiments.calibration.runs import BASELINE, Estimate, Runs, conditional, single
from experiments.calibration.statistics.effects import effect, gain
from experiments.calibration.statistics.moments import cross_products
from experiments.calibration.statistics.people import highest_third, lowest_third
from experiments.calibration.statistics.snapshots import Array, Snapshot
from sim.state.state import Records

GIVERS: Final = ("burden", "unwell")
LOW_GIVERS: Final = ("self_worth", "above", "worth_disposition", "stigma_disposition")


def helping_kept(shots: Sequence[Snapshot]) -> dict[str, Array]:
    """Return what a run leaves behind for these statistics.

    Parameters
    ----------
    shots : sequence of Snapshot
        Through the year, the end last: few helpers are unwell on any one day.
    """
    found = [_helpers(shot.users) for shot in shots]
    users = shots[-1].users
    low = users[lowest_third(users["given"])]
    above = low["received"] > np.median(low["received"]) if len(low) else np.zeros(0, bool)
    columns = {name: low[name] for name in LOW_GIVERS if name != "above"} | {"above": above}
    return {
        "helpers": np.sum([one for one, _ in found], axis=0),
        "thirds": np.sum([two for _, two in found], axis=0),
        "low_givers": cross_products({name: columns[name] for name in LOW_GIVERS}),
        "worth": cross_products({"self_worth": users["self_worth"]}),
    }


def _helpers(users: Records) -> tuple[Array, Array]:
    """Return cross products among helpers; and burden and number of helpers, of the lowest third, and the spread."""
    high, low = highest_third(users["given"]), lowest_third(users["given"])
    burden = users["burden"] - users["burden"].mean()
    thirds = [burden[high].sum(), high.sum(), burden[low].sum(), low.sum(), (burden**2).sum(), len(burden) - 1]
    return cross_products({name: users[name][high] for name in GIVERS}), np.array(thirds, float)


def _spread(runs: Runs) -> float:
    """Return the standard deviation of burden between users within runs, over the snapshots of the year."""
    squares, freedom = runs.total(BASELINE, "thirds")[4:]
    return float((squares / freedom) ** 0.5)


def ill_helpers_strained(runs: Runs) -> Estimate:
    """Burden of helpers who are unwell less that of other helpers, in SD between users.

    Helpers are the highest third of givers of a run on a day. The difference is within runs and days, over snapshots of
    the year.
    """
    among = runs.moments(BASELINE, "helpers", GIVERS)
    difference = among.coefficients("burden", ["unwell"])["unwell"] if among.of("unwell", "unwell") else float("nan")
    return single(difference / _spread(runs))


def helpers_not_strained(runs: Runs) -> Estimate:
    """Burden of the highest third of givers of a run less that of the lowest, in SD between users, over the year."""
    high, helpers, low, others = runs.total(BASELINE, "thirds")[:4]
    return single((high / helpers - low / others) / _spread(runs) if helpers and others else float("nan"))


def receiving_alone(runs: Runs) -> Estimate:
    """Self-worth of those above less those at or below the median of help received, in SD between users.

    Among the lowest third of givers of each run, whose median it is; within runs, net of the dispositions of
    self-worth and self-stigma (least squares); SD of all users within runs.
    """
    low = runs.moments(BASELINE, "low_givers", LOW_GIVERS)
    difference = low.coefficients("self_worth", ["above", "worth_disposition", "stigma_disposition"])["above"]
    return single(difference / runs.moments(BASELINE, "worth", ("self_worth",)).deviation("self_worth"))


def giving_over_receiving(runs: Runs) -> Estimate:
    """Mean self-worth lost when giving adds none, over what is lost when receiving adds none, paired.

    Giving must add some.
    """
    giving, receiving = (-gain(runs, setup, "self_worth") for setup in ("giving_off", "receiving_off"))
    return conditional(giving / receiving if receiving else float("nan"), giving, 0.0)


def no_help_no_cure(runs: Runs) -> Estimate:
    """Loneliness when nobody helps less that of the baseline, paired, in SD."""
    return single(effect(runs, "nobody_helps", "loneliness_ucla20"))
