"""Paired effects: how a change affects an outcome with the same seeds, in standard deviations between users.

Like `dayroom compare`, take the mean of an outcome over the last 28 days of the year. The unit, also as in `dayroom
compare`, is the standard deviation between the users of a run, averaged over the runs of the baseline.
"""

from typing import Final

import numpy as np

from experiments.calibration.statistics.runs import BASELINE, PAIRED, Estimate, Runs, single
from experiments.calibration.statistics.snapshots import Array
from experiments.measures.runs import END_DAYS, over_centres
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.state.state import Records

SPREADS: Final = tuple(f"{name}_sd" for name in PRIMARY)
ENDS: Final = (*PRIMARY, *SPREADS, "self_worth", "ties_at_or_above_friend_out")
"""Outcomes that every run keeps."""
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
"""Outcomes that a sub-theme moves by its own equation: such an effect does not count as a path."""


def ends_kept(daily: Records) -> dict[str, Array]:
    """Return the outcomes `ENDS` of a run, shape (outcomes,)."""
    last = daily[-min(END_DAYS, len(daily)) :]
    return {"ends": np.array([over_centres(last, OUTCOMES[name]) for name in ENDS])}


def level(runs: Runs, setup: str, outcome: str) -> float:
    """Return the mean of an outcome over the runs of a set-up."""
    return float(runs.of(setup, "ends")[:, ENDS.index(outcome)].mean())


def gain(runs: Runs, setup: str, outcome: str, against: str = PAIRED) -> float:
    """Return the mean paired difference of an outcome, `setup` minus `against`, in the outcome's own unit."""
    return level(runs, setup, outcome) - level(runs, against, outcome)


def effect(runs: Runs, setup: str, outcome: str, against: str = PAIRED) -> float:
    """Return the mean paired difference of a primary outcome, in standard deviations between the baseline's users."""
    spread = level(runs, BASELINE, f"{outcome}_sd")
    return gain(runs, setup, outcome, against) / spread if spread > 0.0 else float("nan")


def strongest(runs: Runs, setup: str) -> float:
    """Return a set-up's largest absolute effect on any primary outcome, except those in `OWN`."""
    own = OWN.get(setup, ())
    return max(abs(effect(runs, setup, outcome)) for outcome in PRIMARY if outcome not in own)


def path(runs: Runs, switch: str) -> Estimate:
    """Effect of switching off a sub-theme on each primary outcome, in SD."""
    return Estimate(tuple(effect(runs, without(switch), outcome) for outcome in PRIMARY))


def paths_alive(runs: Runs) -> Estimate:
    """Smallest of the sub-themes' effects, each taken on the primary outcome that it moves most, in absolute SD.

    The effect of a sub-theme is that of switching it off; outcomes that it moves by its own equation (`OWN`) do not
    count.
    """
    return single(min(strongest(runs, without(name)) for name in SWITCHES))


def without(switch: str) -> str:
    """Return the name of the set-up in which a sub-theme is switched off."""
    return f"without {switch}"
