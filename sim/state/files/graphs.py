"""Write and read graphs as GraphML and GEXF, for Gephi, igraph and Cytoscape; every value keeps its type.

networkx's own writers refuse lists and None, and return node ids as text. This module also reads files from other
programs: node ids are then text, and values have the type that the file declares (bool, whole number or number).
"""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from sim.language import say
from sim.state.files.values import OURS, SCOPES, TYPES, Cells, Field, Fields, printable

if TYPE_CHECKING:
    import networkx as nx

    from sim.state.files.reading import Drawn

StrPath = str | os.PathLike[str]

_GRAPHML: Final = "http://graphml.graphdrawing.org/xmlns"
_GEXF: Final = "http://www.gexf.net/1.2draft"
_GRAPHML_RESERVED: Final = ("id", "source", "target")
_GEXF_RESERVED: Final = ("id", "label", "weight", "source", "target", "type", "start", "end", "pid")
_WEIGHTS: Final = ("weight", "closeness")
"""Edge attributes that can serve as GEXF's own weight; the first present is used."""


def write_graphml(graph: "nx.Graph[Any]", path: StrPath) -> None:
    """Write a graph as GraphML; on failure, leave no partial file.

    Parameters
    ----------
    graph : networkx.Graph or networkx.DiGraph
        Nodes are int or text; attributes have text names and hold None, bool, int, float, str or lists of these.
        numpy scalars become plain values. NaN stays NaN, without its payload.
    path : path

    Raises
    ------
    TypeError, ValueError
        When a node, a name or a value has another type, or the graph has parallel edges.
    """
    names = _Names(graph)
    fields = {scope: Fields(scope[0], _GRAPHML_RESERVED) for scope in SCOPES}
    direction = "directed" if graph.is_directed() else "undirected"
    body = ET.Element("graph", {"edgedefault": direction, "dayroom:ids": names.kind})
    _graphml_data(body, fields["graph"].spread(graph.graph))
    for node, attributes in graph.nodes(data=True):
        element = ET.SubElement(body, "node", id=names[node])
        _graphml_data(element, fields["node"].spread(attributes))
    for u, v, attributes in graph.edges(data=True):
        element = ET.SubElement(body, "edge", source=names[u], target=names[v])
        _graphml_data(element, fields["edge"].spread(attributes))
    root = ET.Element("graphml", {"xmlns": _GRAPHML, "xmlns:dayroom": OURS})
    for scope in SCOPES:
        for each in fields[scope]:
            titled = {"id": each.key, "for": scope, "attr.name": each.title, "attr.type": TYPES[each.kind]}
            ET.SubElement(root, "key", titled | _marks(each))
    root.append(body)
    _save(root, Path(path))


def write_gexf(graph: "nx.Graph[Any]", path: StrPath) -> None:
    """Write a graph as GEXF 1.2; on failure, leave no partial file.

    GEXF has no attributes of a graph, so its description holds them as JSON. A node's `label` and an edge's `weight`
    (or `closeness`), if any, also go into GEXF's own fields.

    Parameters
    ----------
    graph, path
        As `write_graphml`.

    Raises
    ------
    TypeError, ValueError
        As `write_graphml`.
    """
    names = _Names(graph)
    fields = {scope: Fields(scope[0], _GEXF_RESERVED) for scope in SCOPES}
    root = ET.Element("gexf", {"xmlns": _GEXF, "xmlns:dayroom": OURS, "version": "1.2"})
    root.append(_gexf_meta(graph))
    direction = "directed" if graph.is_directed() else "undirected"
    body = ET.SubElement(root, "graph", {"defaultedgetype": direction, "mode": "static", "dayroom:ids": names.kind})
    nodes, edges = ET.Element("nodes"), ET.Element("edges")
    for node, attributes in graph.nodes(data=True):
        label = attributes.get("label")
        text = label if isinstance(label, str) and printable(label) else names[node]
        element = ET.SubElement(nodes, "node", id=names[node], label=text)
        _gexf_data(element, fields["node"].spread(attributes))
    for number, (u, v, attributes) in enumerate(graph.edges(data=True)):
        ends = {"id": str(number), "source": names[u], "target": names[v]}
        element = ET.SubElement(edges, "edge", ends | _weight(attributes))
        _gexf_data(element, fields["edge"].spread(attributes))
    for scope in ("node", "edge"):
        declared = ET.SubElement(body, "attributes", {"class": scope, "mode": "static"})
        for each in fields[scope]:
            titled = {"id": each.key, "title": each.title, "type": TYPES[each.kind]}
            ET.SubElement(declared, "attribute", titled | _marks(each))
    body.extend((nodes, edges))
    _save(root, Path(path))


def _gexf_meta(graph: "nx.Graph[Any]") -> ET.Element:
    """Write the attributes of the graph into the description."""
    Fields("g").spread(graph.graph)  # raises an error for names and values that are not allowed
    meta = ET.Element("meta")
    ET.SubElement(meta, "creator").text = "dayroom"
    ET.SubElement(meta, "description").text = json.dumps(graph.graph, default=lambda value: value.item())
    return meta


class _Names:
    """Node ids as text, with their kind: "int", "text", or "json" if both occur."""

    def __init__(self, graph: "nx.Graph[Any]") -> None:
        if graph.is_multigraph():
            raise TypeError(say("found a multigraph, allowed is a graph with at most one edge in each direction"))
        for node in graph:
            if type(node) not in (int, str):
                raise TypeError(say("found node {node!r}, allowed is int or text", node=node))
        self.kind = "json"
        if all(type(node) is int for node in graph):
            self.kind = "int"
        elif all(type(node) is str and printable(node) for node in graph):
            self.kind = "text"

    def __getitem__(self, node: int | str) -> str:
        return json.dumps(node) if self.kind == "json" else str(node)


def _marks(each: Field) -> dict[str, str]:
    return {f"dayroom:{name}": text for name, text in each.marks().items()}


def _graphml_data(element: ET.Element, cells: Cells) -> None:
    for each, text in cells:
        ET.SubElement(element, "data", key=each.key).text = text


def _gexf_data(element: ET.Element, cells: Cells) -> None:
    if cells:
        values = ET.SubElement(element, "attvalues")
        for each, text in cells:
            ET.SubElement(values, "attvalue", {"for": each.key, "value": text})


def _weight(attributes: dict[str, Any]) -> dict[str, str]:
    """Return an edge's weight for GEXF, which allows only values above 0."""
    for name in _WEIGHTS:
        value = attributes.get(name)
        if isinstance(value, float | int) and 0 < value < float("inf"):
            return {"weight": repr(float(value))}
    return {}


def _save(root: ET.Element, path: Path) -> None:
    """Write XML to a temporary file and move it into place, so that no reader finds a partial file."""
    tree = ET.ElementTree(root)
    ET.indent(tree, " ")
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("xb") as file:
            tree.write(file, encoding="utf-8", xml_declaration=True)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_graphml(path: StrPath) -> "nx.Graph[Any]":
    """Read a graph from a GraphML file, by `write_graphml` or another program.

    Returns
    -------
    networkx.DiGraph or networkx.Graph
        Undirected only if all edges are; otherwise an undirected edge becomes two, one in each direction.

    Raises
    ------
    NetworkFileError
        When the file cannot be read, or does not hold a simple graph without nesting.
    """
    from sim.state.files.reading import drawn_graphml

    return _as_networkx(drawn_graphml(Path(path)))


def read_gexf(path: StrPath) -> "nx.Graph[Any]":
    """Read a graph from a GEXF file, by `write_gexf` or another program.

    In files of other programs, a node's label and an edge's weight in GEXF's own fields become attributes.

    Returns
    -------
    networkx.DiGraph or networkx.Graph
        As `read_graphml`.

    Raises
    ------
    NetworkFileError
        As `read_graphml`; also for a network that changes over time.
    """
    from sim.state.files.reading import drawn_gexf

    return _as_networkx(drawn_gexf(Path(path)))


def _as_networkx(drawn: "Drawn") -> "nx.Graph[Any]":
    import networkx as nx

    directed = any(edge.directed for edge in drawn.edges) or (drawn.directed and not drawn.edges)
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.graph.update(drawn.attributes)
    for node, (attributes, _) in drawn.nodes.items():
        graph.add_node(drawn.node_id(node))
        graph.nodes[drawn.node_id(node)].update(attributes)
    for edge in drawn.edges:
        for u, v in edge.directions() if directed else [(edge.source, edge.target)]:
            graph.add_edge(drawn.node_id(u), drawn.node_id(v))
            graph.edges[drawn.node_id(u), drawn.node_id(v)].update(edge.attributes)
    return graph
