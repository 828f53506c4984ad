"""Measures of a whole run: the network at its end, the survival of the starting network, and changes in users.

A friendship is a directed tie at or above friend: i feels that j is a friend. `networkx` loads only when a function
measures a network.
"""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.outcomes.catalogue import Outcome
from sim.state.columns import FRIEND, PRESENT
from sim.state.state import Records, State

if TYPE_CHECKING:
    import networkx as nx

_NAN: Final = float("nan")


def _network(name: str, unit: str, label: str, meaning: str, better: Any = "neither") -> Outcome:
    return Outcome(name, unit, better, label, meaning, "network")


def _change(name: str, unit: str, better: Any, label: str, meaning: str) -> Outcome:
    changed = f"Mean change of {meaning} since day 0, or since arrival, over the users enrolled at the end"
    return Outcome(name, unit, better, label, changed, "primary")


_FOUND: Final = "among newcomers of the run, leavers included"
_WAIT: Final = (
    "over those newcomers of the run who found one in it: those still without are left out; NaN when none did"
)

MEASURES: Final[tuple[Outcome, ...]] = (
    _network(
        "transitivity",
        "share",
        "Transitivity",
        "Three times the triangles over the connected triples of the friend graph at the end, taken as undirected "
        "(a friendship felt by either makes a pair); 0 without a triple, NaN without users",
    ),
    _network(
        "in_degree_cv",
        "1",
        "Unevenness of popularity",
        "Standard deviation over mean of the number of users who feel one to be a friend, at the end; NaN without a "
        "friendship",
    ),
    _network(
        "isolates_share",
        "share",
        "Isolates",
        "Share of users at the end who neither feel anybody to be a friend nor are felt to be one",
        "lower",
    ),
    _network(
        "components",
        "1",
        "Components",
        "Weakly connected components of at least two users of the friend graph at the end; no tie joins two centres",
    ),
    _network(
        "largest_component_share",
        "share",
        "Largest component",
        "Share of users at the end who are in the largest of these components; 0 when there is none",
    ),
    _network(
        "tie_survival",
        "share",
        "Friendships that last",
        "Share of the friendships of day 0, between users still enrolled at the end, that are friendships at the end; "
        "NaN when there was none",
    ),
    _network(
        "tie_turnover",
        "share",
        "Friendships that changed",
        "Friendships made or lost since day 0, as a share of all that were there on day 0 or at the end, between users "
        "enrolled at both: 1 minus the Jaccard index; NaN when there was none",
    ),
    _change(
        "loneliness_ucla20_change",
        "points of 20-80",
        "lower",
        "Change of loneliness since entry",
        "loneliness on the UCLA-20 scale",
    ),
    _change("burden_change", "points of 0-100", "lower", "Change of burden since entry", "burden, 100 B,"),
    _change(
        "group_identity_change",
        "points of 1-7",
        "higher",
        "Change of group identity since entry",
        "group identity on a 1-7 scale",
    ),
    Outcome(
        "newcomers_to_first_friend_days",
        "day",
        "lower",
        "Newcomers' time to a first friend",
        f"Median days from arrival to the first tie at friend, {_WAIT}",
        "secondary",
    ),
    Outcome(
        "newcomers_with_friend_share",
        "share",
        "higher",
        "Newcomers who found a friend",
        f"Share who have had a tie at friend {_FOUND}; NaN without newcomers",
        "secondary",
    ),
    Outcome(
        "newcomers_to_first_confidant_days",
        "day",
        "lower",
        "Newcomers' time to a first confidant",
        f"Median days from arrival to the first tie at confidant, {_WAIT}",
        "secondary",
    ),
    Outcome(
        "newcomers_with_confidant_share",
        "share",
        "higher",
        "Newcomers who found a confidant",
        f"Share who have had a tie at confidant {_FOUND}; NaN without newcomers",
        "secondary",
    ),
)
"""Measures of a whole run; each is a single number."""

NETWORK_MEASURES: Final = tuple(measure.name for measure in MEASURES if measure.group == "network")
"""The measures that `network_measures` returns; `user_measures` returns all others."""


def friend_graph(state: State) -> "nx.DiGraph[int]":
    """Return today's friendships as a graph, much smaller than the network with all attributes.

    Parameters
    ----------
    state : State

    Returns
    -------
    networkx.DiGraph
        Nodes are the `uid` of enrolled users; edges are ties at or above friend, with their `closeness`.
    """
    import networkx as nx

    graph: nx.DiGraph[int] = nx.DiGraph()
    for centre in state.centres:
        rows = state.seats[centre.first_seat : centre.first_seat + centre.capacity]
        seats = np.flatnonzero(rows >= 0)
        uids = state.users["uid"][rows[seats]].tolist()
        first, n = int(centre.first_tie), int(centre.capacity)
        closeness = state.ties["closeness"][first : first + n * n].reshape(n, n)[np.ix_(seats, seats)]
        graph.add_nodes_from(uids)
        for i, j in zip(*np.nonzero(closeness >= FRIEND), strict=True):
            if i != j:
                graph.add_edge(uids[i], uids[j], closeness=float(closeness[i, j]))
    return graph


def network_measures(start: "nx.DiGraph[int] | None", end: "nx.DiGraph[int]") -> dict[str, float]:
    """Measure the friendships at the end of a run, and the survival of those at its start.

    Parameters
    ----------
    start, end : networkx.DiGraph
        Nodes are the enrolled users of the day; edges are directed ties with their `closeness`. Edges below friend are
        ignored. Without `start`, survival and turnover are NaN.

    Returns
    -------
    dict of str to float
        The measures of the group "network" in `MEASURES`.
    """
    import networkx as nx

    friends = _friendships(end)
    n = len(end)
    if n == 0:
        return {**dict.fromkeys(NETWORK_MEASURES, _NAN), "components": 0.0}
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(end)
    graph.add_edges_from(friends)
    popular = np.array([degree for _, degree in graph.in_degree()], float)
    sizes = [len(component) for component in nx.weakly_connected_components(graph) if len(component) > 1]
    return {
        "transitivity": float(nx.transitivity(graph.to_undirected())),
        "in_degree_cv": float(popular.std() / popular.mean()) if friends else _NAN,
        "isolates_share": nx.number_of_isolates(graph) / n,
        "components": float(len(sizes)),
        "largest_component_share": max(sizes, default=0) / n,
        **_what_became_of(start, end),
    }


def _friendships(graph: "nx.DiGraph[int]") -> set[tuple[int, int]]:
    """Return the directed ties at or above friend."""
    return {(i, j) for i, j, closeness in graph.edges(data="closeness") if i != j and closeness >= FRIEND}


def _what_became_of(start: "nx.DiGraph[int] | None", end: "nx.DiGraph[int]") -> dict[str, float]:
    """Compare the friendships of two days, among users enrolled on both."""
    if start is None:
        return {"tie_survival": _NAN, "tie_turnover": _NAN}
    both = set(start) & set(end)
    before, after = ({(i, j) for i, j in _friendships(day) if i in both and j in both} for day in (start, end))
    kept, either = before & after, before | after
    return {
        "tie_survival": len(kept) / len(before) if before else _NAN,
        "tie_turnover": 1.0 - len(kept) / len(either) if either else _NAN,
    }


def user_measures(users: Records) -> dict[str, float]:
    """Measure changes in users over a run, and newcomers' first friends.

    Parameters
    ----------
    users : record array
        All users enrolled on day 0 or later, with their values on the last day (columns `sim.state.columns.USER`).

    Returns
    -------
    dict of str to float
        The measures outside the group "network" in `MEASURES`.
    """
    here = users[users["status"] == PRESENT]
    newcomers = users[users["arrived"] >= 0.0]
    to_friend, with_friend = _found(newcomers, "first_friend")
    to_confidant, with_confidant = _found(newcomers, "first_confidant")
    return {
        "loneliness_ucla20_change": 60.0 * mean_of(here["loneliness"] - here["loneliness_at_entry"]),
        "burden_change": 100.0 * mean_of(here["burden"] - here["burden_at_entry"]),
        "group_identity_change": 6.0 * mean_of(here["identity"] - here["identity_at_entry"]),
        "newcomers_to_first_friend_days": to_friend,
        "newcomers_with_friend_share": with_friend,
        "newcomers_to_first_confidant_days": to_confidant,
        "newcomers_with_confidant_share": with_confidant,
    }


def mean_of(values: Any) -> float:
    """Return the mean of an array of numbers or truths; NaN when it is empty."""
    return float(values.mean()) if len(values) else _NAN


def _found(newcomers: Records, column: str) -> tuple[float, float]:
    """Return newcomers' median days from arrival to a tie, among those who found one, and the share who did."""
    did = newcomers[column] >= 0.0
    days = (newcomers[column] - newcomers["arrived"])[did]
    return float(np.median(days)) if len(days) else _NAN, mean_of(did)
