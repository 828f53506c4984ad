"""One kind of figure: what it is called, what draws it from what, and how to read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.figure import Figure

from experiments.store.protocol import Drawing


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of figure.

    Parameters
    ----------
    draw : callable
        Takes what `reads` names as positional arguments, in that order.
    reads : tuple of str
        What the result must hold; each list of families says what the names stand for.
    caption : str
        What the figure shows and how to read it, in plain words.
    index : str
        The sensitivity index this figure needs; empty when any will do.
    columns : tuple of str
        Columns of the table that are enough to draw it, for a table that is read from a file.
    has_roles : bool
        Whether `draw` takes `least`, the acts of help from which a user has a role (`frames.least_help`).
    """

    title: str
    draw: Callable[..., Figure]
    reads: tuple[str, ...]
    caption: str
    index: str = ""
    columns: tuple[str, ...] = ()
    has_roles: bool = False


def drawings(families: Mapping[str, Family], there: Mapping[str, Any]) -> dict[str, Drawing]:
    """Return the figures of a result, by name: those whose frames and numbers it has.

    Parameters
    ----------
    families : mapping of str to Family
    there : mapping
        What the result has, by the names that families read.
    """
    return {
        name: Drawing(one.title, one.caption, partial(one.draw, *(there[source] for source in one.reads)))
        for name, one in families.items()
        if there.keys() >= set(one.reads)
    }
