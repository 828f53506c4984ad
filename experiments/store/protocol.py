"""The protocol of every result: tables, a summary, sentences, figures and the runs that failed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

WIDTH: Final = 100
"""Default width of a line of text, in characters, where no terminal decides."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure of a result.

    Parameters
    ----------
    title : str
    caption : str
        What the figure shows and how to read it, in plain words.
    draw : callable
        Draws and returns the figure.
    """

    title: str
    caption: str
    draw: "Callable[[], Figure]"


class Result(Protocol):
    """A result, as a command writes and prints it and as a notebook uses it."""

    def tables(self) -> "Mapping[str, pd.DataFrame]":
        """Return every table by the name of its file."""
        ...

    def summary(self) -> Mapping[str, object]:
        """Return the summary for programs; NaN stands for an unknown number."""
        ...

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that the command prints.

        Parameters
        ----------
        width : int
            Most characters in a line of prose; a row of a table may be longer.
        styled : bool
            Whether lines may have colours, for a terminal; a result without colours ignores it.
        """
        ...

    def figures(self) -> Mapping[str, Drawing]:
        """Return every figure by the name of its file."""
        ...

    def failures(self) -> list[dict[str, object]]:
        """Return a row for each run that failed; a result that made no runs inherits that there is none."""
        return []


class Plotted(Result, Protocol):
    """A result whose figures a notebook draws by name; the classes of such results derive from this class."""

    def plot(self, name: str = "") -> "Figure":
        """Draw the named figure, by default the first; `figures` lists the names.

        Raises
        ------
        KeyError
            When there is no such figure.
        """
        there = self.figures()
        name = name or next(iter(there))
        if name not in there:
            raise KeyError(f"no figure {name!r}; there are {', '.join(there)}")
        return there[name].draw()


__all__ = ["WIDTH", "Drawing", "Plotted", "Result"]
