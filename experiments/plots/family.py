"""A kind of figure: what it reads and how it is drawn; and the drawings that a result allows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from experiments.store.protocol import Drawing
from sim.language import Later

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of figure.

    Parameters
    ----------
    draw : callable
        Takes the values named in `reads` as positional arguments, in that order.
    reads : tuple of str
        Names of the values that the result must have; each list of families explains them.
    title, caption : Later
        What the figure shows and how to read it, in plain words.
    index : str
        The sensitivity index that the figure needs; empty when any index will do.
    columns : tuple of str
        The only columns needed, so that a table read from a file can leave out the others.
    keywords : tuple of str
        Keyword arguments of `draw` that the result gives: `least` (`frames.least_help`), `timeline` (when policies
        begin and end, and when centres are closed), `begin` (date of day 0), `days` (length of the run); of a
        comparison `timelines` (by scenario), `base` (its name), `small` (by outcome, the size of a small effect).
    """

    title: Later
    draw: "Callable[..., Figure]"
    reads: tuple[str, ...]
    caption: Later
    index: str = ""
    columns: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


def drawings(families: Mapping[str, Family], there: Mapping[str, object]) -> dict[str, Drawing]:
    """Return, by name, the figures for which the result has every value they read.

    Parameters
    ----------
    families : mapping of str to Family
    there : mapping
        Values of the result, by the names in `Family.reads`.
    """
    return {
        name: Drawing(
            str(family.title), str(family.caption), partial(family.draw, *(there[source] for source in family.reads))
        )
        for name, family in families.items()
        if there.keys() >= set(family.reads)
    }
