"""The starting ties of users: the constants of every tie, and closeness from shared years or a survey."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sim.elementary import Floats, expm1s, log
from sim.kernel import kernel
from sim.state.columns import FRIEND
from sim.state.scales import introduce
from sim.state.state import State
from sim.streams import TOLD, uniform

CLOSEST_START: Final = 0.99
"""Largest closeness for which hours are computed; at closeness 1 they would be infinite."""


@kernel
def introduce_all(s: State, c: int, seed: Any) -> None:
    """Make all users enrolled in centre c strangers to each other, with the constants of each tie."""
    centre, p = s.centres[c], s.p[0]
    n = centre.capacity
    for i in range(n):
        row = s.seats[centre.first_seat + i]
        if row < 0:
            continue
        for j in range(n):
            other = s.seats[centre.first_seat + j]
            if other >= 0 and i != j:
                introduce(s.users[row], s.users[other], s.ties[centre.first_tie + i * n + j], p, seed)


@kernel
def hours_behind(closeness: float, p: Any) -> float:
    """Effective hours that produce this closeness, in h: -hours_scale log(1 - c), with c at most `CLOSEST_START`.

    The inverse of the growth of closeness from 0 (see rules/forgetting.py; Hall 2019).
    """
    return -p.forgetting_hours_scale * log(1.0 - min(closeness, CLOSEST_START))


@kernel
def told_chance(told_share: float, threshold: float) -> float:
    """Chance that a user told a friend before day 0: told_share (1 - threshold) / 0.5, at most 1.

    told_share is the share at the middle threshold, 0.5; nobody with threshold 1 has told. The straight line is
    assumed.
    """
    return min(1.0, told_share * (1.0 - threshold) / 0.5)


@kernel
def set_ties(s: State, c: int, closeness: Any, told_share: float, seed: Any) -> None:
    """Set closeness between the users enrolled in centre c, with the trust, hours and disclosures that follow.

    trust = trust_start + (1 - trust_start) c; hours are those behind the mean of the two closenesses (`hours_behind`):
    both share the clock time, however each feels about it. At or above friend, i has told j of the illness with
    `told_chance`; then j knows i as after one such talk well received. Run `introduce_all` first: everything else about
    a tie keeps its value.

    Parameters
    ----------
    s : State
    c : int
        Number of the centre.
    closeness : float array, shape (capacity, capacity)
        From the user in each seat (row) towards the user in each seat (column), in [0, 1]; NaN leaves a tie as it is;
        the diagonal is ignored.
    told_share : float
        Share of ties at or above friend in which the user has told of the illness, at a threshold of 0.5.
    seed : uint64
    """
    centre, p = s.centres[c], s.p[0]
    n = centre.capacity
    for i in range(n):
        row = s.seats[centre.first_seat + i]
        if row < 0:
            continue
        u = s.users[row]
        chance = told_chance(told_share, u.disclosure_threshold)
        for j in range(n):
            other = s.seats[centre.first_seat + j]
            if other < 0 or i == j or math.isnan(closeness[i, j]):
                continue
            t = s.ties[centre.first_tie + i * n + j]
            t.closeness = closeness[i, j]
            returned = closeness[j, i]
            if math.isnan(returned):
                returned = s.ties[centre.first_tie + j * n + i].closeness
            t.trust = p.conversation_trust_start + (1.0 - p.conversation_trust_start) * t.closeness
            t.hours = hours_behind(0.5 * (t.closeness + returned), p)
            t.told = 0
            t.known = 0.0
            if t.closeness >= FRIEND and uniform(seed, TOLD, 0, 0, u.uid, s.users[other].uid) < chance:
                t.told = 1
                t.known = p.conversation_known_illness


def start_closeness(
    pairs: Sequence[tuple[int, int]],
    liking: Floats,
    years: Floats,
    hours_per_year: float,
    lasting_years: float,
    hours_scale: float,
) -> Floats:
    """Return the closeness from shared years between users who know each other; it is asymmetric, as liking is.

    h_ij = hours_per_year min(years_i, years_j, lasting_years); c_ij = 1 - exp(-h_ij liking_ij / hours_scale)
    liking_ij = exp(l_ij), l_ij the first liking.

    Parameters
    ----------
    pairs : sequence of (int, int)
        Seats of two users who know each other, each pair once, in either order.
    liking : float array, shape (n, n)
        How much an hour with j counts for i.
    years : float array, shape (n,)
        Years in the centre.
    hours_per_year : float
        Effective hours per year that two users of a pair spend together, h.
    lasting_years : float
        Joint years beyond which a tie grows no further.
    hours_scale : float
        Effective hours over which closeness grows by 1 - 1/e, h.

    Returns
    -------
    float array, shape (n, n)
        From i towards j in [0, 1); 0 where two do not know each other.
    """
    closeness = np.zeros(np.shape(liking))
    if len(pairs) == 0:
        return closeness
    both_ways = np.concatenate((np.asarray(pairs, np.int64), np.asarray(pairs, np.int64)[:, ::-1]))
    i, j = both_ways.T
    hours = hours_per_year * np.minimum(np.minimum(years[i], years[j]), lasting_years)
    closeness[i, j] = -expm1s(-hours * liking[i, j] / hours_scale)
    return closeness
