"""Statistics of loneliness, and of talk about the illness, at the end of the year."""

import numpy as np

from experiments.calibration.statistics.runs import BASELINE, Estimate, Runs, single
from experiments.calibration.statistics.snapshots import Array, Snapshot
from sim.outcomes.catalogue import LONELY_FROM


def wellbeing_kept(end: Snapshot) -> dict[str, Array]:
    """Return the arrays that these statistics need of a run."""
    lonely = 20.0 + 60.0 * end.users["loneliness"]
    spread = float(lonely.std(ddof=1)) if len(lonely) > 1 else 0.0
    friends, told = end.friends, end.told
    return {
        "loneliness": np.array([lonely.mean(), spread, (end.users["loneliness"] >= LONELY_FROM).mean()]),
        "told": np.array([(friends & told).sum(), friends.sum(), told.any(axis=1).sum(), len(told)], float),
    }


def loneliness_mean(runs: Runs) -> Estimate:
    """Mean loneliness, UCLA-20."""
    return single(runs.of(BASELINE, "loneliness")[:, 0].mean())


def loneliness_sd(runs: Runs) -> Estimate:
    """Standard deviation of loneliness between the users of a run, averaged over runs, UCLA-20."""
    return single(runs.of(BASELINE, "loneliness")[:, 1].mean())


def lonely_share(runs: Runs) -> Estimate:
    """Share of users with a UCLA-20 score of 50 or above (item mean 2.5)."""
    return single(runs.of(BASELINE, "loneliness")[:, 2].mean())


def tie_illness_talk(runs: Runs) -> Estimate:
    """Share of friend ties in which the user has told the friend of the illness."""
    told, ties, _, _ = runs.total(BASELINE, "told")
    return single(told / ties if ties else float("nan"))


def user_illness_talk(runs: Runs) -> Estimate:
    """Share of users who have told any enrolled peer of the illness."""
    _, _, told, users = runs.total(BASELINE, "told")
    return single(told / users)
