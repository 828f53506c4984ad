"""Read nodes and edges, with their places, from GraphML and GEXF files; accept only simple graphs without nesting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sim.language import later, say
from sim.scenario.text.nodes import Place, quoted
from sim.state.files.values import OURS, SCOPES, Field, from_json, joined, kind_of, value_of
from sim.state.files.xml import Element, parse_xml, refused

_ALLOWED: Final = {
    "bool": later("true or false"),
    "int": later("a whole number"),
    "float": later("a number"),
}


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of a file; its two ends are node ids as text."""

    source: str
    target: str
    directed: bool
    attributes: dict[str, Any]
    place: Place

    def directions(self) -> list[tuple[str, str]]:
        """Return the ordered pairs of nodes that the edge connects."""
        forth, back = (self.source, self.target), (self.target, self.source)
        return [forth] if self.directed or forth == back else [forth, back]


@dataclass(slots=True)
class Drawn:
    """A graph as read from a file, with nodes and edges in the file's order; only a simple graph is accepted."""

    directed: bool
    ids: str
    attributes: dict[str, Any] = field(default_factory=dict)
    nodes: dict[str, tuple[dict[str, Any], Place]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    _lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def add_node(self, node: str, attributes: dict[str, Any], place: Place) -> None:
        """Add a node; refuse an id that occurs a second time."""
        if node in self.nodes:
            first = self.nodes[node][1].line
            raise refused(
                place,
                found=say("node {node}, named in line {first} already", node=quoted(node), first=first),
                allowed=say("every id once"),
            )
        try:
            self.node_id(node)
        except ValueError:
            raise refused(
                place, found=say("node {node}", node=quoted(node)), allowed=say("an id of kind {kind}", kind=self.ids)
            ) from None
        self.nodes[node] = (attributes, place)

    def add_edge(self, edge: Edge) -> None:
        """Add an edge between known nodes; refuse a second edge in the same direction."""
        for end in (edge.source, edge.target):
            if end not in self.nodes:
                raise refused(
                    edge.place, found=say("an edge of {end}", end=quoted(end)), allowed=say("ids of nodes of this file")
                )
        for pair in edge.directions():
            if pair in self._lines:
                ends = say("{source} and {target}", source=quoted(edge.source), target=quoted(edge.target))
                finding = say(
                    "an edge between {ends} that repeats the one in line {line}", ends=ends, line=self._lines[pair]
                )
                raise refused(edge.place, found=finding, allowed=say("one edge in each direction"))
            self._lines[pair] = edge.place.line
        self.edges.append(edge)

    def node_id(self, text: str) -> Any:
        """Return a node's original id, as int or text.

        Raises
        ------
        ValueError
            When the text is not an id of the declared kind.
        """
        if self.ids == "int":
            return int(text)
        node_id = from_json(text) if self.ids == "json" else text
        if not isinstance(node_id, int | str):
            raise ValueError(say("{text!r} is no id", text=text))
        return node_id


class _Columns:
    """The columns that a file declares, by scope and key; reads their values."""

    def __init__(self) -> None:
        self.fields: dict[str, dict[str, Field]] = {scope: {} for scope in SCOPES}
        self.defaults: dict[str, dict[str, str]] = {scope: {} for scope in SCOPES}
        self.skipped: set[str] = set()

    def declare(self, element: Element, scopes: Iterable[str], title: str, file_type: str) -> None:
        """Declare a column for one or more scopes."""
        key = element.required("id")
        at = element.attributes.get(f"{{{OURS}}}at")
        kind = element.attributes.get(f"{{{OURS}}}kind", kind_of(file_type))
        of = element.attributes.get(f"{{{OURS}}}of", title)
        declared = Field(key, title, of, _index(element, at), kind)
        for scope in scopes:
            if scope not in self.fields:  # ports and other scopes that a simple graph lacks
                self.skipped.add(key)
                continue
            if key in self.fields[scope]:
                raise refused(
                    element.place, found=say("attribute id {key} twice", key=quoted(key)), allowed=say("every id once")
                )
            self.fields[scope][key] = declared
            for default in element.all("default"):
                self.defaults[scope][key] = default.text

    def read(self, scope: str, cells: Iterable[tuple[str, str, Place]], place: Place) -> dict[str, Any]:
        """Convert the values of a node or edge, given as key, text and place, to attributes."""
        known = self.fields[scope]
        texts: dict[str, tuple[str, Place]] = {}
        for key, text, where in cells:
            if key in self.skipped:
                continue
            if key not in known:
                raise refused(
                    where, found=say("a value of {key}, which is not declared", key=quoted(key)), allowed=_listed(known)
                )
            if key in texts:
                finding = say("a second value of {title}", title=quoted(known[key].title))
                raise refused(where, found=finding, allowed=say("one value that lasts"))
            texts[key] = (text, where)
        defaults = {key: (text, place) for key, text in self.defaults[scope].items()}
        return joined((known[key], _value(known[key], *told)) for key, told in (defaults | texts).items())


def _index(element: Element, at: str | None) -> int | None:
    if at is None or at.isdecimal():
        return None if at is None else int(at)
    raise refused(element.place, found=say("place {at} in a list", at=quoted(at)), allowed=say("a whole number from 0"))


def _listed(known: Iterable[str]) -> str:
    return say("one of {known}", known=", ".join(known)) if known else say("none, for no attribute is declared")


def _value(each: Field, text: str, place: Place) -> Any:
    try:
        return value_of(each.kind, text)
    except ValueError:
        allowed = str(_ALLOWED[each.kind]) if each.kind in _ALLOWED else say("a value of kind {kind}", kind=each.kind)
        raise refused(place, path=each.title, found=quoted(text), allowed=allowed) from None


def _only(parent: Element, tag: str) -> Element:
    """Return the only child with this tag; refuse none or several."""
    elements = parent.all(tag)
    if len(elements) != 1:
        raise refused(
            parent.place,
            found=say("{count} elements <{tag}> in <{parent}>", count=len(elements), tag=tag, parent=parent.tag),
            allowed=say("one"),
        )
    return elements[0]


def _node_kind(body: Element) -> str:
    return body.attributes.get(f"{{{OURS}}}ids", "text")


def drawn_graphml(path: Path, most: int | None = None) -> Drawn:
    """Read a GraphML file of at most `most` bytes, without building a networkx graph.

    Raises
    ------
    NetworkFileError
        As `read_graphml`.
    """
    root = parse_xml(path, most, ("graphml",))
    columns = _graphml_columns(root)
    body = _only(root, "graph")
    drawn = Drawn(body.required("edgedefault") == "directed", _node_kind(body))
    drawn.attributes = columns.read("graph", _graphml_cells(body), body.place)
    for node in _flat(body, "node"):
        drawn.add_node(node.required("id"), columns.read("node", _graphml_cells(node), node.place), node.place)
    for edge in _flat(body, "edge"):
        directed = edge.attributes.get("directed", str(drawn.directed)).lower() in ("true", "1")
        attributes = columns.read("edge", _graphml_cells(edge), edge.place)
        drawn.add_edge(Edge(edge.required("source"), edge.required("target"), directed, attributes, edge.place))
    return drawn


def _graphml_columns(root: Element) -> _Columns:
    columns = _Columns()
    for key in root.all("key"):
        scope = key.attributes.get("for", "all")
        if "attr.name" not in key.attributes:  # graphics of yEd
            columns.skipped.add(key.required("id"))
        else:
            scopes = SCOPES if scope == "all" else (scope,)
            columns.declare(key, scopes, key.attributes["attr.name"], key.attributes.get("attr.type", "string"))
    return columns


def _graphml_cells(element: Element) -> Iterator[tuple[str, str, Place]]:
    for each in element.all("data"):
        yield each.required("key"), each.text, each.place


def _flat(body: Element, tag: str) -> Iterator[Element]:
    """Yield the nodes or the edges; refuse nested graphs and hyperedges."""
    for each in body.children:
        inner = [child.tag for child in each.children if child.tag in ("graph", "nodes", "edges")]
        if each.tag == "hyperedge" or inner:
            finding = (
                say("a hyperedge")
                if each.tag == "hyperedge"
                else say("<{inner}> inside <{tag}>", inner=inner[0], tag=each.tag)
            )
            raise refused(each.place, found=finding, allowed=say("nodes and edges only, none inside another"))
        if each.tag == tag:
            yield each


def drawn_gexf(path: Path, most: int | None = None) -> Drawn:
    """Read a GEXF file of at most `most` bytes, without building a networkx graph.

    Raises
    ------
    NetworkFileError
        As `read_gexf`.
    """
    root = parse_xml(path, most, ("gexf",))
    body = _only(root, "graph")
    if body.attributes.get("mode") == "dynamic":
        raise refused(body.place, found=say("a network that changes over time"), allowed='mode="static"')
    columns = _gexf_columns(body)
    drawn = Drawn(body.attributes.get("defaultedgetype", "undirected") == "directed", _node_kind(body))
    ours = f"{{{OURS}}}ids" in body.attributes
    drawn.attributes = _described(root, ours)
    for node in (each for nodes in body.all("nodes") for each in _flat(nodes, "node")):
        attributes = columns.read("node", _gexf_cells(node), node.place)
        if not ours and "label" in node.attributes:
            attributes.setdefault("label", node.attributes["label"])
        drawn.add_node(node.required("id"), attributes, node.place)
    for edge in (each for edges in body.all("edges") for each in _flat(edges, "edge")):
        attributes = columns.read("edge", _gexf_cells(edge), edge.place)
        if not ours and "weight" in edge.attributes:
            weight = _value(Field("weight", "weight", "weight", None, "float"), edge.attributes["weight"], edge.place)
            attributes.setdefault("weight", weight)
        directed = edge.attributes.get("type", "directed" if drawn.directed else "undirected") == "directed"
        drawn.add_edge(Edge(edge.required("source"), edge.required("target"), directed, attributes, edge.place))
    return drawn


def _described(root: Element, ours: bool) -> dict[str, Any]:
    """Return the graph's attributes, which GEXF can hold only in its description."""
    for description in (each for meta in root.all("meta") for each in meta.all("description")):
        if not ours:
            return {"description": description.text}
        try:
            return dict(from_json(description.text))
        except (TypeError, ValueError):
            raise refused(
                description.place, found=quoted(description.text), allowed=say("attributes as JSON")
            ) from None
    return {}


def _gexf_columns(body: Element) -> _Columns:
    columns = _Columns()
    for declared in body.all("attributes"):
        for each in declared.all("attribute"):
            file_type = each.attributes.get("type", "string")
            columns.declare(each, (declared.required("class"),), each.required("title"), file_type)
    return columns


def _gexf_cells(element: Element) -> Iterator[tuple[str, str, Place]]:
    for each in (value for values in element.all("attvalues") for value in values.all("attvalue")):
        yield each.required("for"), each.required("value"), each.place
