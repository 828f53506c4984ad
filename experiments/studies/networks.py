"""Read the factor `network` of a study: a list of networks, files or graphs, one of which a run starts with."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from experiments.designs.factor import Factor
from sim.language import later, say
from sim.scenario.reading.resolve import reachable
from sim.scenario.schema.network import node_link
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import Problem
from sim.scenario.text.files import ordinary
from sim.scenario.text.nodes import Entry, Node, Place, Scalar, Sequence, described, quoted
from sim.state.files.survey import network_problems

NETWORK: Final = "network"
"""Path of the factor: the section of a scenario that it sets."""
_LISTED: Final = later("a list of network files, such as [ring.graphml, clique.graphml]")


@dataclass(frozen=True, slots=True)
class Graph(Scalar):
    """A graph of networkx among the values of the factor, for a study defined in Python.

    Parameters
    ----------
    graph : str
        Node-link JSON. The text of the value, which results show, is the graph's name.
    """

    graph: str = ""

    def __str__(self) -> str:
        return self.text

    @classmethod
    def of(cls, value: Any, place: Place) -> "Graph | None":
        """Return a graph of networkx by its own name, or by a digest of its ties; None for another value.

        Raises
        ------
        InputError
            When the graph has parallel edges, or two nodes with the same id as text.
        """
        if not callable(getattr(value, "is_multigraph", None)):
            return None
        graph = node_link(value)
        digest = hashlib.blake2b(graph.encode(), digest_size=3).hexdigest()
        name = str(getattr(value, "name", "")) or f"graph-{digest}"
        return cls(name, name, place, graph=graph)


def network_factor(
    entry: Entry, levers: dict[str, Scenario], folder: Path, problems: list[Problem], anywhere: bool = False
) -> Factor | None:
    """Return the factor that starts runs with one network or another; add a problem for each mistake.

    The factor replaces the `kind` of the network section and leaves its other keys (`closeness`, `scale`, ...); a graph
    also sets `directed` itself. A centre with a network of its own keeps that.

    Parameters
    ----------
    entry : Entry
        What the study writes under `factors.network`: names of files, or each a `Graph`.
    levers : dict of str to Scenario
    folder : Path
        Folder of the study; names of files start there.
    problems : list of Problem
    anywhere : bool
        Whether a file may lie outside the folder: for a study defined in Python.
    """
    node = entry.node
    if not isinstance(node, Sequence) or not node.items:
        problems.append(Problem.at(node.place, path="factors.network", found=described(node), allowed=str(_LISTED)))
        return None
    before = len(problems)
    stands: dict[str, dict[str, str | None]] = {}
    for item in node.items:
        problem = _refusal(item, folder, anywhere, stands)
        if problem is not None:
            problems.append(problem)
            continue
        assert isinstance(item, Scalar)  # noqa: S101 - `_refusal` lets nothing else pass
        if isinstance(item, Graph):
            sections = {"kind": "graph", "file": None, "graph": item.graph, "directed": None}
        else:
            sections = {"kind": "file", "file": str((folder / item.text).resolve()), "graph": None}
        stands[item.text] = sections
        known = {one for scenario in levers.values() for one in network_problems(scenario)}
        for scenario in levers.values():
            found = [one for one in network_problems(scenario.with_changes(network=sections)) if one not in known]
            if found:
                problems.extend(found)
                break
    if len(problems) > before:
        return None
    meaning = "The network with which users start"
    places = dict.fromkeys(levers, ((NETWORK,),))
    return Factor(NETWORK, values=tuple(stands), meaning=meaning, places=places, stands=stands)


def _refusal(item: Node, folder: Path, anywhere: bool, named: dict[str, dict[str, str | None]]) -> Problem | None:
    """Return the problem of a name in the list, or None."""
    if not isinstance(item, Scalar) or not isinstance(item.value, str):
        return Problem.at(item.place, path="factors.network", found=described(item), allowed=str(_LISTED))
    found = quoted(item.text)
    if item.text in named:
        twice = say("{found} twice", found=found)
        return Problem.at(item.place, path="factors.network", found=twice, allowed=say("each file once"))
    if isinstance(item, Graph):
        return None
    if not anywhere and not reachable(folder / item.text, folder):
        allowed = say("a file in the folder of this study or below it")
        return Problem.at(item.place, path="factors.network", found=found, allowed=allowed)
    refusal = ordinary(folder / item.text)
    return Problem.at(item.place, path="factors.network", found=f"{found}: {refusal}") if refusal else None
