"""Dates as values of a factor: they become days of the run, as in a scenario."""

from dataclasses import replace
from datetime import date

from sim.scenario.schema.calendar import is_dated, with_days
from sim.scenario.text.errors import Problem
from sim.scenario.text.nodes import Entry, KeyPath, Mapping, Node, Sequence, deepest


def factor_in_days(path: str, node: Node, first: date | None) -> tuple[Node, list[Problem]]:
    """Return what a study writes of a factor with its dates as days, and the problems with them.

    Parameters
    ----------
    path : str
        Path of the parameter; only a start or an end has dates.
    node : Node
        A list of values, or a mapping with a range or values.
    first : date or None
        The date of day 0.
    """
    place = tuple(path.split("."))
    if not is_dated(place):
        return node, []
    problems: list[Problem] = []
    return _in_days(node, place, first, problems), problems


def _in_days(node: Node, place: KeyPath, first: date | None, problems: list[Problem]) -> Node:
    if isinstance(node, Mapping):
        entries = {
            key: replace(entry, node=_in_days(entry.node, place, first, problems))
            for key, entry in node.entries.items()
        }
        return replace(node, entries=entries)
    if isinstance(node, Sequence):
        return replace(node, items=tuple(_in_days(item, place, first, problems) for item in node.items))
    whole: Node = node
    for part in reversed(place):
        whole = Mapping({str(part): Entry(node.place, whole)}, node.place)
    assert isinstance(whole, Mapping)  # noqa: S101 - a path has parts
    done, refused = with_days(whole, first)
    problems += refused.values()
    return deepest(done, place)[0]
