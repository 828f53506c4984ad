"""Expand the short forms in a file before merging: relative paths become absolute, a bare number becomes a mean."""

from dataclasses import replace
from pathlib import Path

from sim.scenario.reading import shipped
from sim.scenario.reading.shape import Shape
from sim.scenario.schema.users import Spread
from sim.scenario.text.errors import Problem
from sim.scenario.text.files import inside, ordinary
from sim.scenario.text.nodes import Entry, KeyPath, Mapping, Node, Scalar, Sequence, quoted, shown


def settled(node: Node, at: Shape, folder: Path, problems: list[Problem], path: KeyPath = ()) -> Node:
    """Make file names absolute, and turn a bare number for a spread into a mapping with its mean.

    Parameters
    ----------
    node : Node
        A node of the file.
    at : Shape
        The allowed contents at this node.
    folder : Path
        Folder of the file; relative paths start there.
    problems : list of Problem
        The function appends problems with paths to it.
    path : tuple
        Path of the node.
    """
    section = at.section(node)
    if isinstance(node, Scalar):
        if section is not None and issubclass(section, Spread) and _is_amount(node):
            return Mapping({"mean": Entry(node.place, node)}, node.place)
        return _found(node, folder, problems, path) if at.annotation is Path else node
    if isinstance(node, Sequence):
        item = at.child(0)
        if item is None:
            return node
        items = [settled(one, item, folder, problems, (*path, place)) for place, one in enumerate(node.items)]
        return replace(node, items=tuple(items))
    entries = {}
    for key, entry in node.entries.items():
        below = at.child(key, node)
        done = settled(entry.node, below, folder, problems, (*path, key)) if below is not None else entry.node
        entries[key] = Entry(entry.key, done)
    return replace(node, entries=entries)


def _is_amount(node: Scalar) -> bool:
    return isinstance(node.value, int | float | str) and not isinstance(node.value, bool)


def reachable(path: Path, folder: Path) -> bool:
    """Return whether a scenario in a folder may name a file: one in or below this folder, or a shipped file."""
    return inside(path, folder) or inside(path, shipped.folder())


def _found(node: Scalar, folder: Path, problems: list[Problem], path: KeyPath) -> Node:
    """Make a file name absolute; the file must lie in the scenario's folder, so that the folder can be shared whole."""
    if not isinstance(node.value, str):
        return node
    target = folder / node.value
    found = quoted(node.value)
    if not reachable(target, folder):
        allowed = "a file in the folder of this scenario or below it"
        problems.append(Problem.at(node.place, path=shown(path), found=found, allowed=allowed))
        return node
    refusal = ordinary(target)
    if refusal:
        problems.append(Problem.at(node.place, path=shown(path), found=f"{found}: {refusal}"))
        return node
    return replace(node, value=str(target.resolve()))
