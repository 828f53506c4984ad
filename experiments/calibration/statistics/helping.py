"""Statistics of helping: how giving and receiving affect self-worth, and which helpers carry a burden."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from experiments.calibration.statistics.effects import effect, gain
from experiments.calibration.statistics.moments import cross_products
from experiments.calibration.statistics.people import highest_third, lowest_third
from experiments.calibration.statistics.runs import BASELINE, Estimate, Runs, conditional, single
from experiments.calibration.statistics.snapshots import Array, Snapshot
from sim.state.state import Records

GIVERS: Final = ("burden", "unwell")
LOW_GIVERS: Final = ("self_worth", "above", "worth_disposition", "stigma_disposition")


def helping_kept(shots: Sequence[Snapshot]) -> dict[str, Array]:
    """Return the arrays that these statistics need of a run.

    Parameters
    ----------
    shots : sequence of Snapshot
        Snapshots through the year, the end of the year last; several, because few helpers are unwell on a single day.
    """
    counts = [_helpers(shot.users) for shot in shots]
    users = shots[-1].users
    low = users[lowest_third(users["given"])]
    above = low["received"] > np.median(low["received"]) if len(low) else np.zeros(0, bool)
    columns = {name: low[name] for name in LOW_GIVERS if name != "above"} | {"above": above}
    return {
        "helpers": np.sum([helpers for helpers, _ in counts], axis=0),
        "thirds": np.sum([thirds for _, thirds in counts], axis=0),
        "low_givers": cross_products({name: columns[name] for name in LOW_GIVERS}),
        "worth": cross_products({"self_worth": users["self_worth"]}),
    }


def _helpers(users: Records) -> tuple[Array, Array]:
    """Return cross products among helpers, and sums for the thirds.

    The sums: burden (centred) and number of helpers, the same of the lowest third, squares of burden, freedom.
    """
    high, low = highest_third(users["given"]), lowest_third(users["given"])
    burden = users["burden"] - users["burden"].mean()
    thirds = [burden[high].sum(), high.sum(), burden[low].sum(), low.sum(), (burden**2).sum(), len(burden) - 1]
    return cross_products({name: users[name][high] for name in GIVERS}), np.array(thirds, float)


def _spread(runs: Runs) -> float:
    """Return the standard deviation of burden between users, within runs and snapshots."""
    squares, freedom = runs.total(BASELINE, "thirds")[4:]
    return float((squares / freedom) ** 0.5)


def ill_helpers_strained(runs: Runs) -> Estimate:
    """Burden of helpers who are unwell minus that of other helpers, in SD between users.

    Helpers are the highest third of givers of a run on a day. The difference is taken within runs and days, over the
    snapshots of the year.
    """
    among = runs.moments(BASELINE, "helpers", GIVERS)
    difference = among.coefficients("burden", ["unwell"])["unwell"] if among.of("unwell", "unwell") else float("nan")
    return single(difference / _spread(runs))


def helpers_not_strained(runs: Runs) -> Estimate:
    """Burden of a run's highest third of givers minus that of its lowest third, in SD between users, over the year."""
    high, helpers, low, others = runs.total(BASELINE, "thirds")[:4]
    return single((high / helpers - low / others) / _spread(runs) if helpers and others else float("nan"))


def receiving_alone(runs: Runs) -> Estimate:
    """Self-worth of low givers who receive much help minus that of low givers who receive little, in SD between users.

    Low givers are the lowest third of givers of a run; "much" is above their median of help received. The difference is
    taken within runs, net of the dispositions of self-worth and self-stigma (least squares); the SD is that of all
    users within runs.
    """
    low = runs.moments(BASELINE, "low_givers", LOW_GIVERS)
    difference = low.coefficients("self_worth", ["above", "worth_disposition", "stigma_disposition"])["above"]
    return single(difference / runs.moments(BASELINE, "worth", ("self_worth",)).deviation("self_worth"))


def giving_over_receiving(runs: Runs) -> Estimate:
    """Loss of self-worth without gains from giving, divided by the loss without gains from receiving (paired means).

    The first loss must be above 0.
    """
    giving, receiving = (-gain(runs, setup, "self_worth") for setup in ("giving_off", "receiving_off"))
    return conditional(giving / receiving if receiving else float("nan"), giving, 0.0)


def no_help_no_cure(runs: Runs) -> Estimate:
    """Loneliness when nobody helps minus loneliness in the baseline (paired), in SD."""
    return single(effect(runs, "nobody_helps", "loneliness_ucla20"))
