"""Columns of users that statistics read: traits, and who counts as settled or helper."""

from typing import Final

import numpy as np

from experiments.calibration.statistics.snapshots import Array
from sim.state.columns import DIAGNOSES, USER
from sim.state.state import Records

SETTLED_DAYS: Final = 183
"""Days of enrolment after which a user counts as settled."""
NOT_DISPOSITIONS: Final = ("interest", "speciality")

TRAITS: Final = tuple(
    column.name
    for column in USER
    if column.kind == "trait" and not column.shape and column.name not in NOT_DISPOSITIONS
)
"""Fixed traits and dispositions."""
BACKGROUND: Final = ("sex", "age", *(f"diagnosis_{code}" for code in range(1, len(DIAGNOSES))))
"""Sex, age, and a column for each diagnosis but the first."""
FIXED: Final = (*TRAITS, *BACKGROUND)
"""All fixed characteristics of a user."""


def fixed_columns(users: Records) -> dict[str, Array]:
    """Return the columns named in `FIXED`."""
    background = {"sex": users["sex"], "age": users["age"]}
    background |= {f"diagnosis_{code}": users["diagnosis"] == code for code in range(1, len(DIAGNOSES))}
    return {name: users[name].astype(float) for name in TRAITS} | {
        name: np.asarray(values, float) for name, values in background.items()
    }


def settled(users: Records, day: int) -> Records:
    """Return the users enrolled for half a year or more."""
    return users[day - users["arrived"] >= SETTLED_DAYS]


def lowest_third(values: Array) -> Array:
    """Return who is at or below the lower third of values."""
    return np.asarray(values <= np.quantile(values, 1.0 / 3.0)) if len(values) else np.zeros(0, bool)


def highest_third(values: Array) -> Array:
    """Return who is above 0 and at or above the upper third of values."""
    if not len(values):
        return np.zeros(0, bool)
    return np.asarray((values >= np.quantile(values, 2.0 / 3.0)) & (values > 0.0))
