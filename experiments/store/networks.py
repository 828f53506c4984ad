"""Networks of a result: GraphML files of the first replicate at the start, in the middle and at the end."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import networkx as nx

NETWORK_DAYS: Final = ("start", "middle", "end")
"""Names of the files, in the order of `network_days`."""


def network_days(days: int) -> tuple[int, int, int]:
    """Return the days whose network is kept, as it is at the start of the day; the last is the end of the run."""
    return 0, days // 2, days


def write_networks(folder: Path, graphs: Mapping[int, "nx.DiGraph[int]"]) -> None:
    """Write `network/start.graphml`, `middle.graphml` and `end.graphml`.

    Parameters
    ----------
    graphs : mapping of int to DiGraph
        Network on each day of `network_days`. In a run of one day the middle is the start.
    """
    from sim.state.files.graphs import write_graphml

    (folder / "network").mkdir(exist_ok=True)
    for name, day in zip(NETWORK_DAYS, network_days(max(graphs)), strict=True):
        write_graphml(graphs[day], folder / "network" / f"{name}.graphml")


def read_networks(folder: Path) -> "dict[int, nx.DiGraph[int]]":
    """Read the networks of a result, by day.

    Raises
    ------
    NetworkFileError
        When a file is missing or damaged.
    """
    from sim.state.files.graphs import read_graphml

    graphs = [read_graphml(folder / "network" / f"{name}.graphml") for name in NETWORK_DAYS]
    return {graph.graph["day"]: graph for graph in graphs}
