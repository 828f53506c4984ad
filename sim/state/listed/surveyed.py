"""What a survey says of two, or of one, that no file gives: how they like each other, and the traits behind their ties.

A surveyed tie without the liking behind it, or with people who want no such tie, would not last. So both follow from
users of the settled centre with ties like the surveyed ones (predictive mean matching, van Buuren 2018, section 3.4.2).
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.elementary import Floats, logs, product
from sim.state.columns import ACQUAINTANCE, FRIEND
from sim.state.listed.donors import COMPARED, TENURE_FROM, TENURE_WEIGHT, TIE_WEIGHT
from sim.state.state import Records
from sim.streams import SURVEY, uniform

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.intp]]

NEAREST: Final = 5
"""Users or pairs of the settled centre, those most like a surveyed one, of which one is drawn (van Buuren 2018)."""
_USER, _PAIR = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A settled centre before listed users took their seats.

    Parameters
    ----------
    users : record array, shape (n,)
    ties : record array, shape (n, n)
    joint : float array, shape (n, n)
        Years that each two have been there together.
    """

    users: Records
    ties: Records
    joint: Floats


def traits_by_ties(rows: Records, closeness: Floats, known: Flags, settled: Settled, seed: int) -> Records:
    """Return users with the traits `COMPARED` of settled users with like ties, where the survey says something of them.

    Alike are, from and towards others, the sum of closeness at or above acquaintance and the number of friends, and the
    logarithm of the years there, weighed as in `matched`.

    Parameters
    ----------
    rows : record array, shape (seats,)
    closeness : float array, shape (seats, seats)
    known : bool array, shape (seats, seats)
        Ties of which the survey says something.
    settled : Settled
    seed : int
    """
    rows = rows.copy()
    asked = np.flatnonzero(known.any(axis=1) | known.any(axis=0))
    mine, theirs = _of_users(rows, closeness), _of_users(settled.users, settled.ties["closeness"])
    draws = [uniform(np.uint64(seed), SURVEY, _USER, 0, uid, uid) for uid in rows["uid"][asked]]
    lenders = settled.users[_drawn(theirs, mine[asked], draws)]
    before = rows["disclosure_threshold"].copy()
    for name in COMPARED:
        rows[name][asked] = lenders[name]
    rows["threshold"] = np.clip(rows["threshold"] + rows["disclosure_threshold"] - before, 0.0, 1.0)
    return rows


def like_as_close(
    block: Records, rows: Records, joint: Floats, known: Flags, settled: Settled, p: Any, seed: int
) -> None:
    """Let each surveyed pair like each other as a settled pair that is as close, both ways, and as long together.

    The pair takes over liking, and in the appeal how alike their interests are: interests of one user cannot fit all of
    the surveyed ties, so they stay what they are.

    Parameters
    ----------
    block : record array, shape (seats, seats)
        Ties of the centre, which are changed.
    rows : record array, shape (seats,)
    joint : float array, shape (seats, seats)
        Years that each two have been there together.
    known : bool array, shape (seats, seats)
        Ties of which the survey says something.
    settled : Settled
    p : record
        Parameters.
    seed : int
    """
    first, second = np.nonzero(~np.eye(len(settled.users), dtype=bool))
    i, j = np.nonzero(np.triu(known | known.T, 1))
    if not len(first) or not len(i):
        return
    uids = rows["uid"]
    draws = [
        uniform(np.uint64(seed), SURVEY, _PAIR, 0, min(uids[one], uids[other]), max(uids[one], uids[other]))
        for one, other in zip(i, j, strict=True)
    ]
    theirs = _of_pairs(settled.ties["closeness"], settled.joint, first, second)
    lender = _drawn(theirs, _of_pairs(block["closeness"], joint, i, j), draws)
    k, m = first[lender], second[lender]
    more_alike = _alike(settled.users)[k, m] - _alike(rows)[i, j]
    for here, there in (((i, j), (k, m)), ((j, i), (m, k))):
        for name in ("liking_base", "liking"):
            block[name][here] = settled.ties[name][there]
        block["appeal"][here] += p.encounters_interest_weight * more_alike


def _drawn(theirs: Floats, mine: Floats, draws: list[float]) -> Numbers:
    """Return, for each row of `mine`, one of the `NEAREST` rows of `theirs`: the draw, in [0, 1), says which."""
    from scipy.spatial import KDTree

    count = min(NEAREST, len(theirs))
    nearest: Numbers = KDTree(theirs).query(mine, k=range(1, count + 1))[1]
    return nearest[np.arange(len(mine)), (np.array(draws) * count).astype(int)]


def _of_users(rows: Records, closeness: Floats) -> Floats:
    """Return what makes ties of users alike, shape (users, 5)."""
    felt = np.where(closeness >= ACQUAINTANCE, closeness, 0.0)
    friends = closeness >= FRIEND
    years = logs(np.maximum(-rows["arrived"], 0.0) / 365.25 + TENURE_FROM)
    columns = [of.sum(axis=axis) for of in (felt, friends) for axis in (0, 1)]
    return np.column_stack((*columns, math.sqrt(TENURE_WEIGHT) * years)).astype(float)


def _of_pairs(closeness: Floats, joint: Floats, one: Numbers, other: Numbers) -> Floats:
    """Return what makes ties of two alike, shape (pairs, 3)."""
    weight = math.sqrt(TIE_WEIGHT)
    together = math.sqrt(TENURE_WEIGHT) * logs(joint[one, other] + TENURE_FROM)
    return np.column_stack((weight * closeness[one, other], weight * closeness[other, one], together))


def _alike(rows: Records) -> Floats:
    """Return how alike the interests of each two are, as `likeness`, shape (users, users)."""
    interests = rows["interest"] - rows["interest"].mean(axis=1, keepdims=True)
    length = np.sqrt((interests**2).sum(axis=1))
    interests = interests / np.where(length > 0, length, 1.0)[:, np.newaxis]
    alike: Floats = product(interests, interests)
    return alike
