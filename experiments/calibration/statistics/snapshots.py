"""Snapshots of a day: the enrolled users and their ties. All statistics of networks read snapshots."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine import Engine
from sim.state.columns import ACQUAINTANCE, FRIEND
from sim.state.state import Records, State

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Snapshot:
    """The users enrolled on a day, and the ties between them.

    Parameters
    ----------
    users : record array, shape (n,)
        Users, with the columns `USER`.
    closeness : float array, shape (n, n)
        Closeness that the row's user feels to the column's user; 0 on the diagonal and between centres.
    together : bool array, shape (n, n)
        Whether the two users are different people in the same centre.
    told : bool array, shape (n, n)
        Whether the row's user has told the column's user of the illness.
    """

    day: int
    users: Records
    closeness: Array
    together: Array
    told: Array

    @property
    def friends(self) -> Array:
        """Ties at or above friend, shape (n, n), bool."""
        return self.closeness >= FRIEND

    @property
    def friendly(self) -> Array:
        """Whether the user of a row feels at least as close as an acquaintance to that of a column, shape (n, n)."""
        return self.closeness >= ACQUAINTANCE


def snapshot(engine: Engine) -> Snapshot:
    """Return a snapshot of a run at its present day."""
    users = engine.state.users[engine.enrolled].copy()
    same = users["centre"][:, None] == users["centre"][None, :]
    together = same & ~np.eye(len(users), dtype=bool)
    return Snapshot(
        engine.day,
        users,
        _between(engine.state, users, together, "closeness"),
        together,
        _between(engine.state, users, together, "told") == 1,
    )


def _between(state: State, users: Records, together: Array, name: str) -> Array:
    """Return a column of the ties between users, shape (n, n); 0 where no tie is possible."""
    centres = state.centres[users["centre"]]
    first = centres["first_tie"] + users["seat"] * centres["capacity"]
    cells = np.where(together, first[:, None] + users["seat"][None, :], 0)
    return np.where(together, state.ties[name][cells], 0)


def shared(one: Snapshot, other: Snapshot) -> tuple[Array, Array]:
    """Return the positions, in each of two snapshots, of the users in both, in the same order."""
    _, first, second = np.intersect1d(one.users["uid"], other.users["uid"], return_indices=True)
    return first, second
