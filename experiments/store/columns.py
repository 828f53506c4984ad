"""The layout of data frames of runs: which columns identify a row, in which order, before the outcomes.

Every frame has those of the columns that tell its rows apart, in the order of `KEYS`, so each function that draws or
compares frames takes the frames of all others.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

KEYS: Final[Mapping[str, str]] = {
    "scenario": "Name of the scenario",
    "point": "Number of the study's point, from 0",
    "lever": "Alternative of the study",
    "replicate": "Number of the replicate, from 0; replicates of one number share their seed",
    "seed": "Seed of the run",
    "centre": "Name of the centre as in the scenario, copies numbered; `EVERY_CENTRE` for a mean over several",
    "day": "Day of the run; 0 is the first",
    "date": "Date of the day, when the scenario has `first_date`",
}
"""The columns that identify a row, in order, with their meaning. A study's factors stand before `seed`."""
EVERY_CENTRE: Final = "all"
"""Value of `centre` in rows that hold means over several centres."""


def keys_of(frame: "pd.DataFrame") -> list[str]:
    """Return the columns that identify a row.

    Raises
    ------
    InputError
        When they are not in the order of `KEYS`.
    """
    there = [str(name) for name in frame.columns if name in KEYS]
    if there != (ordered := [name for name in KEYS if name in there]):
        raise InputError(f"the columns {', '.join(there)} are out of order, allowed is {', '.join(ordered)}")
    return there


def with_replicates(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a frame with the column `replicate`: without it, each seed is a replicate, and without seeds there is one.

    The numbers follow the order in which the seeds first occur.
    """
    if "replicate" in frame:
        return frame
    if "seed" not in frame:
        return frame.assign(replicate=0)
    return frame.assign(replicate=frame["seed"].factorize()[0])
