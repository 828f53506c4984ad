"""Users' places in the order of the day, for the rules that form groups."""

from typing import Any

from sim.kernel import kernel
from sim.state.state import State


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
