"""A graph as node-link JSON, the form in which a scenario carries it."""

import json
from typing import Any

from sim.scenario.text.errors import InputError


def node_link(graph: Any) -> str:
    """Return a graph as node-link JSON, as `networkx.node_link_data` gives it; ids become text.

    Parameters
    ----------
    graph : networkx.Graph or networkx.DiGraph
        Attributes are kept where they are None, bool, number or text; numpy's numbers become plain ones.

    Raises
    ------
    InputError
        When it is no graph, has parallel edges, or two nodes have the same id as text.
    """
    if not callable(getattr(graph, "is_directed", None)) or not callable(getattr(graph, "is_multigraph", None)):
        raise InputError(f"found a {type(graph).__name__}, allowed is a networkx Graph or DiGraph")
    if graph.is_multigraph():
        raise InputError("found a multigraph, allowed is a graph with at most one edge in each direction")
    ids = {node: str(node) for node in graph}
    if len(set(ids.values())) < len(ids):
        raise InputError("found two nodes with the same id as text, such as 1 and '1'; allowed is each id once")
    nodes = [{**_plain(attributes), "id": ids[node]} for node, attributes in graph.nodes(data=True)]
    edges = [{**_plain(tie), "source": ids[a], "target": ids[b]} for a, b, tie in graph.edges(data=True)]
    text = {"directed": graph.is_directed(), "multigraph": False, "graph": {}, "nodes": nodes, "edges": edges}
    return json.dumps(text, ensure_ascii=False, separators=(",", ":"))


def _plain(attributes: dict[Any, Any]) -> dict[str, Any]:
    """Return the attributes that JSON can hold."""
    plain = {str(name): value.item() if hasattr(value, "item") else value for name, value in attributes.items()}
    return {
        name: value for name, value in plain.items() if value is None or isinstance(value, bool | int | float | str)
    }
