"""Paired effects: what a change does to an outcome under the same seeds, in standard deviations between users.

An outcome is its mean over the last 28 days of the year, as `dayroom compare` reads it. The unit is the standard
deviation between the users of a run, mean over the runs of the baseline, by which `dayroom compare` states effects
too.
"""

from typing import Final

import numpy as np

from experiments.calibration.runs import BASELINE, PAIRED, Estimate, Runs, single
from experiments.calibration.statistics.snapshots import Array
from experiments.measures.runs import END_DAYS, over_centres
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.state.state import Records

SPREADS: Final = tuple(f"{name}_sd" for name in PRIMARY)
ENDS: Final = (*PRIMARY, *SPREADS, "self_worth", "ties_at_or_above_friend_out")
"""Outcomes kept of every run."""
SWITCHES: Final = (
    "ordinary_connection",
    "becoming_oneself",
    "adaptation_with_peers",
    "selective_exposure",
    "proximity_regulation",
    "helping_empowers",
    "expanding_love",
    "group_advocacy",
)
"""The sub-themes of the study, each of which can be switched off."""
OWN: Final = {"without group_advocacy": ("group_identity",)}
"""Outcomes that a sub-theme moves by its own equation, which is no path."""


def ends_kept(daily: Records) -> dict[str, Array]:
    """Return the outcomes of a run, shape (outcomes,)."""
    last = daily[-min(END_DAYS, len(daily)) :]
    return {"ends": np.array([over_centres(last, OUTCOMES[name]) for name in ENDS])}


def level(runs: Runs, setup: str, outcome: str) -> float:
    """Return the mean of an outcome over the runs of a set-up."""
    return float(runs.of(setup, "ends")[:, ENDS.index(outcome)].mean())


def gain(runs: Runs, setup: str, outcome: str, against: str = PAIRED) -> float:
    """Return the mean paired difference of an outcome, a set-up less another, in the outcome's own unit."""
    return level(runs, setup, outcome) - level(runs, against, outcome)


def effect(runs: Runs, setup: str, outcome: str, against: str = PAIRED) -> float:
    """Return the mean paired difference of a primary outcome in standard deviations between users of the baseline."""
    spread = level(runs, BASELINE, f"{outcome}_sd")
    return gain(runs, setup, outcome, against) / spread if spread > 0.0 else float("nan")


def strongest(runs: Runs, setup: str) -> float:
    """Return the largest absolute effect of a set-up on a primary outcome."""
    own = OWN.get(setup, ())
    return max(abs(effect(runs, setup, outcome)) for outcome in PRIMARY if outcome not in own)


def path(runs: Runs, switch: str) -> Estimate:
    """Effects of switching off a sub-theme on the primary outcomes, in SD."""
    return Estimate(tuple(effect(runs, without(switch), outcome) for outcome in PRIMARY))


def paths_alive(runs: Runs) -> Estimate:
    """Smallest absolute effect of switching off a sub-theme, each on the primary outcome it moves most, in SD.

    An outcome whose own equation is switched off (`OWN`) does not count.
    """
    return single(min(strongest(runs, without(name)) for name in SWITCHES))


def without(switch: str) -> str:
    """Name the set-up in which a sub-theme is switched off."""
    return f"without {switch}"
