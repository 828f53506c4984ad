"""Match listed users with users of the settled centre whose seats, ties and states they take over."""

import math
from typing import Any, Final

import numpy as np

from sim.elementary import Floats, logs, product
from sim.scenario.schema.users import Spread, Users
from sim.state.state import Records

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.intp]]

TENURE_FROM: Final = 0.1
"""Years added to the tenure before its logarithm, so that weeks count among newcomers and years among the others."""
TENURE_WEIGHT: Final = 4.0
TRAIT_WEIGHT: Final = 0.5
TIE_WEIGHT: Final = 4.0
"""Weights of the squared differences in the logarithm of tenure, in traits and sex, and in closeness; assumed."""
FIRST: Final = 1000.0
"""What it is worth to replace a double: all doubles in the centre are replaced before anybody else is."""
COMPARED: Final = (
    "desired_ties",
    "desired_closeness",
    "sociability",
    "disclosure_threshold",
    "empathy",
    "helping_inclination",
)
"""Traits that decide how many ties a user has and how close they are, in standard deviations."""


def matched(
    listed: Records, settled: Records, doubles: Flags, surveyed: Floats, closeness: Floats, users: Users
) -> Numbers:
    """Return the place of the settled user whom each listed user replaces; doubles come first.

    The matching minimises the sum of d(i, k(i)) + TIE_WEIGHT (a_ij - c_k(i)k(j))^2 over listed users i and surveyed
    pairs i, j, with d = TENURE_WEIGHT (ln(y_i + TENURE_FROM) - ln(y_k + TENURE_FROM))^2 + TRAIT_WEIGHT sum of squared
    differences of the traits `COMPARED` in standard deviations, and of sex (0 or 1). Without a survey this is a linear
    assignment (Crouse 2016, as in scipy), whose solution is exact; with one, a quadratic assignment, solved
    approximately (FAQ, Vogelstein et al. 2015, as in scipy, from the barycentre); pairs that were not surveyed then
    count with the mean of the settled user's ties.

    Parameters
    ----------
    listed, settled : record arrays, shapes (n,), (m,) with n <= m
        Columns `USER`, with `arrived` in days before day 0.
    doubles : bool array, shape (m,)
        Which settled users have the traits of listed users, and are there only until these come.
    surveyed : float array, shape (n, n)
        Closeness between listed users as surveyed, NaN where unknown.
    closeness : float array, shape (m, m)
        Closeness between settled users.
    users : Users
        Distributions of the traits.

    Returns
    -------
    int array, shape (n,)
    """
    from scipy.optimize import linear_sum_assignment, quadratic_assignment

    mine, theirs = _features(listed, users), _features(settled, users)
    known = ~np.isnan(surveyed)
    np.fill_diagonal(known, False)
    squares = closeness**2 / max(len(closeness) - 1, 1)
    left = np.column_stack((2 * mine, np.ones(len(mine)), known.sum(axis=1), known.sum(axis=0)))
    right = np.column_stack(
        (
            theirs,
            FIRST * doubles - (theirs**2).sum(axis=1),
            *(-TIE_WEIGHT / 2 * squares.sum(axis=axis) for axis in (1, 0)),
        )
    )
    if not known.any():
        places: Numbers = linear_sum_assignment(np.round(product(left, right), 9), maximize=True)[1]
        return places
    n, m, fixed = len(mine), len(theirs), left.shape[1]
    mine_all, theirs_all = np.zeros((m + fixed, m + fixed)), np.zeros((m + fixed, m + fixed))
    mine_all[:n, :n] = 2 * TIE_WEIGHT * np.where(known, surveyed, 0.0)
    theirs_all[:m, :m] = closeness
    # Terms of single users are ties to fixed places, so that the quadratic problem holds them too.
    mine_all[:n, m:], theirs_all[:m, m:] = left, right
    ends = np.arange(m, m + fixed)
    options = {"maximize": True, "partial_match": np.column_stack((ends, ends))}
    found: Numbers = quadratic_assignment(mine_all, theirs_all, method="faq", options=options).col_ind[:n]
    return found


def _features(rows: Records, users: Users) -> Floats:
    """Return what a distance compares, shape (rows, columns), so that d is the squared Euclidean distance."""
    tenure = logs(np.maximum(-rows["arrived"], 0.0) / 365.25 + TENURE_FROM)
    columns = [math.sqrt(TENURE_WEIGHT) * tenure, math.sqrt(TRAIT_WEIGHT) * rows["sex"]]
    for name in COMPARED:
        spread: Spread = getattr(users, name)
        if spread.sd > 0:
            columns.append(math.sqrt(TRAIT_WEIGHT) * (rows[name] - spread.mean) / spread.sd)
    return np.column_stack(columns).astype(float)
