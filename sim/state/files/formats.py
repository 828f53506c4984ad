"""Read networks in networkx's other formats: Pajek, GML, node-link JSON, adjacency lists and lists of edges.

networkx parses the text, of at most `MOST_BYTES`; none of these formats can name another file or hold code. A pickle
can run any code when it is read, so it is refused.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.language import say
from sim.scenario.tables.reading import MOST_BYTES
from sim.scenario.text.errors import ScenarioError
from sim.scenario.text.files import decoded, displayed, read_bytes
from sim.scenario.text.nodes import Place, quoted
from sim.state.files.reading import Drawn, Edge
from sim.state.files.xml import NetworkFileError, refused

if TYPE_CHECKING:
    import networkx as nx

PICKLES: Final = (".pickle", ".pkl", ".gpickle", ".p")
"""Endings of pickles."""
LISTS: Final = (".adjlist", ".edgelist")
"""Endings of formats that do not state whether ties go one way."""


def drawn_text(path: Path) -> Drawn:
    """Read a network file in one of the formats in `FORMATS`.

    Raises
    ------
    NetworkFileError
        When the file cannot be read, or does not hold a simple graph.
    """
    file = displayed(path)
    try:
        text = decoded(read_bytes(path, MOST_BYTES), file)
    except ScenarioError as error:
        raise NetworkFileError(*error.problems) from None
    return parsed(text, path.suffix.lower(), file)


def parsed(text: str, suffix: str, file: str) -> Drawn:
    """Read a network from the text of a file with this ending; `file` names it in messages.

    Raises
    ------
    NetworkFileError
        As `drawn_text`.
    """
    try:
        graph = FORMATS[suffix](text)
    except (Exception, RecursionError) as error:  # networkx raises whatever a wrong text leads to
        found = say("a text that networkx cannot read ({kind}: {error})", kind=type(error).__name__, error=error)
        allowed = say("a network as networkx writes {suffix}", suffix=suffix)
        if suffix == ".json":
            allowed = say("a network as json.dump(networkx.node_link_data(graph), file) writes it")
        raise refused(Place(file), found=found, allowed=allowed) from None
    drawn = Drawn(graph.is_directed(), "text")
    place = Place(file)
    for node, attributes in graph.nodes(data=True):
        drawn.add_node(str(node), dict(attributes), place)
    for a, b, tie in graph.edges(data=True):
        drawn.add_edge(Edge(str(a), str(b), drawn.directed, dict(tie), place))
    return drawn


def no_pickle(path: Path) -> NetworkFileError:
    """Return the error for a pickle, with the way out."""
    found = say("a pickle ({suffix}), which can run any code when it is read", suffix=quoted(path.suffix))
    way = say("load it where you trust it, then scenario.with_network(graph), or dayroom.write_graphml(graph, file)")
    return refused(Place(displayed(path)), found=found, allowed=way)


def _pajek(text: str) -> "nx.Graph[Any]":
    import networkx as nx

    sections = {line.split()[0].lower() for line in text.splitlines() if line.strip().startswith("*")}
    if {"*arcs", "*edges"} <= sections:
        raise ValueError(say("*Arcs and *Edges in one file; write each edge as two arcs"))
    return nx.parse_pajek(text.splitlines())


def _gml(text: str) -> "nx.Graph[Any]":
    import networkx as nx

    return nx.parse_gml(text, label="label" if "label" in text else "id")


def _json(text: str) -> "nx.Graph[Any]":
    import networkx as nx

    content = json.loads(text)
    return nx.node_link_graph(content, edges="links" if "links" in content else "edges")


def _adjacency(text: str) -> "nx.Graph[Any]":
    import networkx as nx

    return nx.parse_adjlist(text.splitlines(), create_using=nx.DiGraph)


def _edges(text: str) -> "nx.Graph[Any]":
    import networkx as nx

    lines = text.splitlines()
    numbers = [line.partition("#")[0].split() for line in lines]
    weighted = all(len(words) in (0, 3) and "{" not in line for words, line in zip(numbers, lines, strict=True))
    given: Any = (("weight", float),) if weighted else True
    return nx.parse_edgelist(lines, create_using=nx.DiGraph, data=given)


FORMATS: Final[dict[str, Callable[[str], "nx.Graph[Any]"]]] = {
    ".net": _pajek,
    ".gml": _gml,
    ".json": _json,
    ".adjlist": _adjacency,
    ".edgelist": _edges,
}
"""The parser of each format, by the ending of the file."""
