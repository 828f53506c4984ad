"""The state of one run: structured arrays that the compiled rules read and write."""

from typing import Any, Final, NamedTuple

import numpy as np

from sim.kernel import kernel

Records = Any
"""A numpy record array; numba reads and writes its fields by name."""

_ROOM: Final = 8
"""Rows to allocate, as a multiple of the rows in use; unused memory costs nothing until written."""


class State(NamedTuple):
    """All data that a day reads and writes.

    Parameters
    ----------
    users : record array, shape (rows,)
        Columns `USER`: everybody who is, was or may later be in a centre. A row is never reused.
    ties : record array, shape (sum of capacity**2,)
        Columns `TIE`: a block per centre; the tie of seat i towards seat j of a centre lies at first_tie + i *
        capacity + j.
    seats : int64 array, shape (sum of capacity,)
        Row of the user in each seat, or -1.
    centres, sessions, society : record arrays
        Columns `CENTRE`, `SESSION`, `SOCIETY`.
    circles, workers : record arrays
        Columns `CIRCLE`, `WORKER`: disclosure circles and peer support workers of all policies; empty without them.
    aside : record array, shape (1,)
        Scratch: a tie outside the network, columns `TIE`.
    p : record array, shape (1,)
        Every parameter of the rules, named section_parameter, and the switches of the mechanisms.
    open : uint8 array, shape (settling + days, centres)
        Whether each centre is open on each day, the days of settling first.
    ledger : record array, shape (days, centres)
        Daily outcomes: columns `DAILY` of the outcomes catalogue.
    meetings : record array
        Scratch: the encounters of the day of one centre.
    order, group, draws, noise : arrays, shape (largest capacity,)
        Scratch: seats in the order of the day, the group each sits in, the keys of a choice and its noise.
    table, begins : int64 arrays, shape (largest capacity,), (largest capacity + 2,)
        Scratch: places of the order of the day, group by group, and where in `table` each group begins.
    near, common : int16 arrays, shape (largest capacity, largest capacity), (largest capacity,)
        Scratch: whether the user in a seat is friendly with the user in another seat, and sums of rows of it.
    """

    users: Records
    ties: Records
    seats: np.ndarray[Any, np.dtype[np.int64]]
    centres: Records
    sessions: Records
    society: Records
    circles: Records
    workers: Records
    aside: Records
    p: Records
    open: np.ndarray[Any, np.dtype[np.uint8]]
    ledger: Records
    meetings: Records
    order: np.ndarray[Any, np.dtype[np.int64]]
    group: np.ndarray[Any, np.dtype[np.int64]]
    draws: np.ndarray[Any, np.dtype[np.float64]]
    noise: np.ndarray[Any, np.dtype[np.float64]]
    table: np.ndarray[Any, np.dtype[np.int64]]
    begins: np.ndarray[Any, np.dtype[np.int64]]
    near: np.ndarray[Any, np.dtype[np.int16]]
    common: np.ndarray[Any, np.dtype[np.int16]]


def scratch(largest: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return the scratch arrays of a state whose largest centre has this many seats, but for the encounters."""
    return {
        "order": np.zeros(largest, np.int64),
        "group": np.zeros(largest, np.int64),
        "draws": np.zeros(largest, np.float64),
        "noise": np.zeros(largest, np.float64),
        "table": np.zeros(largest, np.int64),
        "begins": np.zeros(largest + 2, np.int64),
        "near": np.zeros((largest, largest), np.int16),
        "common": np.zeros(largest, np.int16),
    }


def lengthened(rows: Records, more: Records) -> Records:
    """Return the rows followed by more rows; in place, with shared memory, while there is room.

    The old rows then still see changes. When the room is used up, all rows move to a larger block; the old rows become
    read-only, and numpy raises ValueError on a write.

    Parameters
    ----------
    rows, more : record arrays
        Records with the same columns. Rows that do not come from this function move at once.
    """
    number, room = len(rows) + len(more), rows.base
    is_room = isinstance(room, np.recarray) and room.ctypes.data == rows.ctypes.data
    if not is_room or len(room) < number:
        room = np.zeros(_ROOM * number, rows.dtype).view(np.recarray)
        room[: len(rows)] = rows
        rows.flags.writeable = False
    room[len(rows) : number] = more
    return room[:number]


def empty_ledger(state: State) -> Records:
    """Return a ledger like the state's, with nothing recorded; it takes no memory until written."""
    return np.zeros(state.ledger.shape, state.ledger.dtype).view(np.recarray)


def copied(state: State) -> State:
    """Return a copy that shares no memory with the state; its ledger is empty, and its users have room to grow."""
    ledger = empty_ledger(state)
    whole = State._make(array.copy() for array in state._replace(ledger=ledger[:0]))
    return whole._replace(users=lengthened(whole.users, whole.users[:0]), ledger=ledger)


@kernel
def sort(keys: Any, items: Any, n: int) -> None:
    """Sort the first n items by their keys, smallest first (insertion sort, because n is small)."""
    for a in range(1, n):
        key, item, b = keys[a], items[a], a - 1
        while b >= 0 and keys[b] > key:
            keys[b + 1], items[b + 1] = keys[b], items[b]
            b -= 1
        keys[b + 1], items[b + 1] = key, item


@kernel
def user_at(s: State, c: int, a: int) -> Any:
    """Return the user at place a in the order of the day."""
    return s.users[s.seats[s.centres[c].first_seat + s.order[a]]]
