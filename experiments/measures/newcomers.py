"""Newcomers of a run (users who enrol during it): a row for each, and groups by length of stay.

The median wait of those who found a friend ignores newcomers still without a friend. With a row for each newcomer, an
analysis can count them too, for as long as they stayed (`experiments.statistics.waits`).
"""

from typing import Any, Final

import numpy as np

from sim.run import Run
from sim.state.columns import PRESENT

BEFORE: Final = "here before the run"
"""Name of the group of users who were enrolled when the run began."""
STAYS: Final = (
    ("here 0-3 months", 0.0, 91.0),
    ("here 3-6 months", 91.0, 182.0),
    ("here 6-12 months", 182.0, 365.0),
    ("here a year or more", 365.0, float("inf")),
)
"""Groups of newcomers: name, fewest days since arrival (included), most days (excluded)."""
FIELDS: Final = (
    ("uid", "i8", "1", "User, the same under every lever and seed as far as the same person came"),
    ("arrived", "f8", "day", "Day of enrolment, from 0"),
    ("left", "f8", "day", "Day of leaving; NaN for who is still enrolled at the end"),
    ("first_friend", "f8", "day", "Day of the first tie at friend; NaN if none yet"),
    ("first_confidant", "f8", "day", "Day of the first tie at confidant; NaN if none yet"),
    ("loneliness_at_entry", "f8", "20-80", "Loneliness on arrival (UCLA-20)"),
    ("loneliness", "f8", "20-80", "Loneliness at the end, or on leaving (UCLA-20)"),
    ("identity_at_entry", "f8", "1-7", "Group identity on arrival"),
    ("identity", "f8", "1-7", "Group identity at the end, or on leaving"),
)
"""Columns of a newcomer's row: name, dtype, unit, meaning."""

ROW: Final = np.dtype([(name, kind) for name, kind, _, _ in FIELDS])
_DAYS: Final = ("left", "first_friend", "first_confidant")
_SCALES: Final = {"loneliness": (20.0, 60.0), "identity": (1.0, 6.0)}

Groups = dict[str, np.ndarray[Any, np.dtype[np.bool_]]]


def newcomers_of(run: Run) -> Any:
    """Return the newcomers of a run, in order of arrival.

    Returns
    -------
    record array
        A row for each newcomer, also for those who left again, with the columns `FIELDS`.
    """
    came = run.users[run.users["arrived"] >= 0.0]
    came = came[np.lexsort((came["uid"], came["arrived"]))]
    rows = np.zeros(len(came), ROW)
    rows["uid"], rows["arrived"] = came["uid"], came["arrived"]
    for name in _DAYS:
        rows[name] = np.where(came[name] >= 0.0, came[name], np.nan)
    for state, (lowest, width) in _SCALES.items():
        for name in (state, f"{state}_at_entry"):
            rows[name] = lowest + width * came[name]
    rows["left"][came["status"] == PRESENT] = np.nan
    return rows


def by_stay(users: Any, days: int) -> Groups:
    """Group the users enrolled at the end of a run by how long they have been enrolled.

    Parameters
    ----------
    users : record array
        Users enrolled at the end.
    days : int
        Length of the run.

    Returns
    -------
    dict of str to bool array, shape (users,)
        Who is in each group: newcomers in one of `STAYS`, all others in `BEFORE`.
    """
    here, came = days - 1 - users["arrived"], users["arrived"] >= 0.0
    groups = {name: came & (here >= least) & (here < most) for name, least, most in STAYS}
    return {**groups, BEFORE: ~came}
