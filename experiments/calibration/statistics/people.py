"""Columns of users that statistics read, and the users who count as settled, or as high or low in a value."""

from typing import Final

import numpy as np

from experiments.calibration.statistics.snapshots import Array
from sim.state.columns import SAMPLED_DIAGNOSES, USER
from sim.state.state import Records

SETTLED_DAYS: Final = 183
"""A user counts as settled from this many days of enrolment."""
NOT_DISPOSITIONS: Final = ("interest", "speciality")

TRAITS: Final = tuple(
    column.name
    for column in USER
    if column.kind == "trait" and not column.shape and column.name not in NOT_DISPOSITIONS
)
"""Names of fixed traits and dispositions."""
BACKGROUND: Final = ("sex", "age", *(f"diagnosis_{code}" for code in range(1, len(SAMPLED_DIAGNOSES))))
"""Names of the columns for sex, age, and each diagnosis except the first."""
FIXED: Final = (*TRAITS, *BACKGROUND)
"""Names of all fixed characteristics of a user."""


def fixed_columns(users: Records) -> dict[str, Array]:
    """Return the columns `FIXED` of users, by name."""
    background = {"sex": users["sex"], "age": users["age"]}
    background |= {f"diagnosis_{code}": users["diagnosis"] == code for code in range(1, len(SAMPLED_DIAGNOSES))}
    return {name: users[name].astype(float) for name in TRAITS} | {
        name: np.asarray(values, float) for name, values in background.items()
    }


def settled(users: Records, day: int) -> Records:
    """Return the users enrolled for at least `SETTLED_DAYS`."""
    return users[day - users["arrived"] >= SETTLED_DAYS]


def lowest_third(values: Array) -> Array:
    """Return a mask of the values in the lowest third."""
    return np.asarray(values <= np.quantile(values, 1.0 / 3.0)) if len(values) else np.zeros(0, bool)


def highest_third(values: Array) -> Array:
    """Return a mask of the values in the highest third that are above 0."""
    if not len(values):
        return np.zeros(0, bool)
    return np.asarray((values >= np.quantile(values, 2.0 / 3.0)) & (values > 0.0))
