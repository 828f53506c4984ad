"""Ties as a networkx graph, and the networkx generators of the starting network.

networkx loads only when a function needs a graph.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.scenario.text.errors import InputError
from sim.scenario.text.suggestions import misspelt
from sim.state.columns import ACQUAINTANCE, LEVEL_FROM, LEVELS, TIE, USER, Column, label
from sim.state.state import Records, State

if TYPE_CHECKING:
    import networkx as nx

_BOOLEAN: Final = (("no", "yes"), ("well", "unwell"))
"""Labels of yes-or-no columns."""


def level(closeness: float) -> str:
    """Return the level of a tie of this closeness, from "stranger" to "kin-like"."""
    return LEVELS[bisect_right(LEVEL_FROM, closeness)]


def least_closeness(at_least: str | float) -> float:
    """Return the closeness from which a graph holds ties: that of a level, or the number itself.

    Raises
    ------
    InputError
        When it is neither a level nor a number from 0 to 1.
    """
    if isinstance(at_least, str):
        if at_least not in LEVELS:
            raise InputError(misspelt(f"at_least: found {at_least!r}", at_least, LEVELS, _LEAST))
        return (0.0, *LEVEL_FROM)[LEVELS.index(at_least)]
    is_number = isinstance(at_least, int | float | np.number) and not isinstance(at_least, bool)
    if not is_number or not 0.0 <= at_least <= 1.0:  # false for NaN too
        raise InputError(f"at_least: found {at_least!r}, allowed is {_LEAST}")
    return float(at_least)


_LEAST: Final = f"one of {', '.join(LEVELS)}, or a closeness from 0 (every tie) to 1"


def graph(
    state: State,
    centre: int | None = None,
    day: int | None = None,
    at_least: str | float = ACQUAINTANCE,
    names: Mapping[int, str] | None = None,
    centres: Sequence[str] = (),
) -> "nx.DiGraph[int]":
    """Return the enrolled users and their ties as a directed networkx graph of plain Python values.

    Parameters
    ----------
    state : State
    centre : int, optional
        Number of the centre; by default all centres.
    day : int, optional
        Stored as the graph attribute `day`; by default not stored.
    at_least : str or float
        Level ("acquaintance", "friend", ...) or closeness from which a tie is an edge. 0 or "stranger" keeps every tie
        that records more than an introduction: closeness above 0, the illness told, or withdrawn from.
    names : mapping of int to str, optional
        Names of listed users by `uid`.
    centres : sequence of str
        Names of the centres; without them, nodes hold the centre's number.

    Returns
    -------
    networkx.DiGraph
        Nodes are the `uid` of users, with `name` (`label`), the name of the `centre`, and every other column of `USER`.
        Edges are ties, with every
        column of `TIE`, the `level` of their closeness, and `weight`, which is their closeness. Coded columns hold
        labels or bools, and vector columns hold lists.

    Raises
    ------
    IndexError
        When the centre does not exist.
    InputError
        As `least_closeness`.
    """
    import networkx as nx

    least = least_closeness(at_least)
    if centre is not None and not 0 <= centre < len(state.centres):
        raise IndexError(f"found centre {centre}, allowed is 0 to {len(state.centres) - 1}")
    graph: nx.DiGraph[int] = nx.DiGraph(model="dayroom")
    if day is not None:
        graph.graph["day"] = int(day)
    for c in range(len(state.centres)) if centre is None else [centre]:
        seats, uids = _enrolled(state, c)
        users = state.users[state.seats[state.centres[c].first_seat + seats]]
        described = _described(users, USER)
        place = {"centre": centres[c]} if centres else {}
        graph.add_nodes_from(
            (uid, {"name": label(uid, names or {}), **user, **place}) for uid, user in zip(uids, described, strict=True)
        )
        graph.add_edges_from(_edges(state, c, seats, uids, least))
    return graph


def _enrolled(state: State, c: int) -> tuple[np.ndarray[Any, np.dtype[np.intp]], list[int]]:
    """Return the taken seats of a centre and the `uid` of the user in each."""
    first, capacity = int(state.centres[c].first_seat), int(state.centres[c].capacity)
    rows = state.seats[first : first + capacity]
    seats = np.flatnonzero(rows >= 0)
    return seats, state.users["uid"][rows[seats]].tolist()


def _edges(
    state: State, c: int, seats: np.ndarray[Any, np.dtype[np.intp]], uids: list[int], least: float
) -> list[tuple[int, int, dict[str, Any]]]:
    """List the ties of a centre from a closeness on; from 0 on, those that record more than an introduction."""
    first, n = int(state.centres[c].first_tie), int(state.centres[c].capacity)
    block = state.ties[first : first + n * n].reshape(n, n)[np.ix_(seats, seats)]
    known = block["closeness"] >= least
    if least == 0.0:
        known = (block["closeness"] > 0) | (block["told"] == 1) | (block["withdrawn"] == 1)
    np.fill_diagonal(known, False)
    i, j = np.nonzero(known)
    ties = _described(block[known], TIE)
    for tie in ties:
        tie["level"] = level(tie["closeness"])
        tie["weight"] = tie["closeness"]
    return [(uids[a], uids[b], tie) for a, b, tie in zip(i.tolist(), j.tolist(), ties, strict=True)]


def _described(rows: Records, columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """Turn records into dictionaries of plain Python values."""
    names = [column.name for column in columns]
    values = [_plain(rows[column.name], column) for column in columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _plain(values: np.ndarray[Any, np.dtype[Any]], column: Column) -> list[Any]:
    """Turn a column into a list of plain Python values, one for each row."""
    plain: list[Any] = values.tolist()
    if column.shape or not column.labels:
        return plain
    if column.labels in _BOOLEAN:
        return [code == 1 for code in plain]
    return [column.labels[code] for code in plain]


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a generator: type, bounds (the upper bound may depend on the number of users) and default."""

    whole: bool
    low: float
    high: float
    below_users: float = math.inf
    default: float | None = None

    def highest(self, n: int) -> float:
        """Return the highest value allowed for n users."""
        return min(self.high, n - self.below_users) if self.below_users < math.inf else self.high


_SHARE: Final = Argument(whole=False, low=0, high=1)
_JOINING: Final = Argument(whole=True, low=1, high=math.inf, below_users=1)

ARGUMENTS: Final[dict[str, dict[str, Argument]]] = {
    "gnp_random_graph": {"p": _SHARE},
    "watts_strogatz_graph": {"k": Argument(True, 0, math.inf, below_users=0), "p": _SHARE},
    "barabasi_albert_graph": {"m": _JOINING},
    "powerlaw_cluster_graph": {"m": _JOINING, "p": _SHARE},
    "random_geometric_graph": {
        "radius": Argument(False, 0, 100),
        "dim": Argument(True, 1, 10, default=2),
        "p": Argument(False, 1, 100, default=2),
    },
    "gaussian_random_partition_graph": {
        "s": Argument(False, 1, math.inf, below_users=0),
        "v": Argument(False, 0.01, 1e6),
        "p_in": _SHARE,
        "p_out": _SHARE,
    },
    "random_regular_graph": {"d": Argument(True, 0, math.inf, below_users=1)},
}
"""Arguments of each generator besides the number of users and the seed, named as in networkx."""


def generated(kind: str, arguments: Mapping[str, float], n: int, seed: int) -> list[tuple[int, int]]:
    """Draw the pairs of users who know each other, with a networkx generator.

    Parameters
    ----------
    kind : str
        Name of the generator, one of `ARGUMENTS`.
    arguments : mapping of str to float
        The generator's arguments, without n and seed.
    n : int
        Number of users.
    seed : int
        Seed of the generator, itself a keyed draw.

    Returns
    -------
    list of (int, int)
        Pairs i < j in ascending order.

    Raises
    ------
    InputError
        When there is no such generator, or an argument is unknown, missing, or not allowed for n users.
    """
    import networkx as nx

    checked = checked_arguments(kind, arguments, n)
    if kind == "random_regular_graph" and 2 * checked["d"] > n - 1:
        # The generator is very slow near a complete graph; the complement of a regular graph is regular too.
        known = nx.complement(nx.random_regular_graph(n - 1 - checked["d"], n, seed=int(seed)))
    else:
        known = getattr(nx, kind)(n=n, seed=int(seed), **checked)
    return sorted((min(pair), max(pair)) for pair in known.edges if pair[0] != pair[1])


def checked_arguments(kind: str, arguments: Mapping[str, float], n: int) -> dict[str, float]:
    """Check a generator's arguments for n users; return them as int or float, completed with defaults.

    Raises
    ------
    InputError
        As `generated`.
    """
    if kind not in ARGUMENTS:
        raise InputError(misspelt(f"found generator {kind!r}", kind, ARGUMENTS))
    known = ARGUMENTS[kind]
    for name in arguments:
        if name not in known:
            raise InputError(misspelt(f"{kind}: found argument {name!r}", name, known))
    checked = {name: _checked(kind, name, argument, arguments, n) for name, argument in known.items()}
    if kind == "random_regular_graph" and n * checked["d"] % 2:
        raise InputError(
            f"{kind}: found d = {checked['d']}, allowed for {n} users is an even number: n times d must be even"
        )
    return checked


def _checked(kind: str, name: str, argument: Argument, given: Mapping[str, float], n: int) -> float:
    """Check an argument, and return it as int or float."""
    value = given.get(name, argument.default)
    low, high = argument.low, argument.highest(n)
    allowed = f"{'a whole number' if argument.whole else 'a number'} from {low:g} to {high:g}"
    if value is None:
        raise InputError(f"{kind}: found no argument {name!r}, allowed for {n} users is {allowed}")
    # The comparison is false for NaN too.
    if isinstance(value, bool) or not low <= value <= high or (argument.whole and value != int(value)):
        raise InputError(f"{kind}: found {name} = {value}, allowed for {n} users is {allowed}")
    return int(value) if argument.whole else float(value)
