"""The protocol of every result: tables, a summary, sentences, figures and the runs that failed; the layout of frames.

Every frame has those of the columns `KEYS` that tell its rows apart, in their order, before the outcomes, so each
function that draws or compares frames takes the frames of all others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from sim.scenario.text.errors import InputError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

WIDTH: Final = 100
"""Default width of a line of text, in characters, where no terminal decides."""

KEYS: Final[Mapping[str, str]] = {
    "scenario": "Name of the scenario",
    "point": "Number of the study's point, from 0",
    "lever": "Alternative of the study",
    "replicate": "Number of the replicate, from 0; replicates of one number share their seed",
    "seed": "Seed of the run",
    "centre": "Name of the centre as in the scenario, copies numbered; `EVERY_CENTRE` for a mean over several",
    "day": "Day of the run; 0 is the first",
    "date": "Date of the day, when the scenario has `first_date`",
}
"""The columns that identify a row, in order, with their meaning. A study's factors stand before `seed`."""
EVERY_CENTRE: Final = "all"
"""Value of `centre` in rows that hold means over several centres."""


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
        """Return a row for each run that failed."""
        ...


class Plotted(Result, Protocol):
    """A result whose figures a notebook draws by name; the classes of such results derive from this class."""

    def plot(self, name: str = "") -> "Figure":
        """Draw the named figure, by default the first; `figures` lists the names.

        Raises
        ------
        InputError
            When there is no such figure.
        """
        there = self.figures()
        name = name or next(iter(there), "")
        if name not in there:
            raise InputError(misspelt(f"there is no figure {quoted(name)}", name, there))
        return there[name].draw()


__all__ = ["WIDTH", "Drawing", "Plotted", "Result"]


def keys_of(frame: "pd.DataFrame") -> list[str]:
    """Return the columns that identify a row.

    Raises
    ------
    InputError
        When they are not in the order of `KEYS`.
    """
    there = [str(name) for name in frame.columns if name in KEYS]
    if there != (ordered := [name for name in KEYS if name in there]):
        raise InputError(f"the columns {', '.join(there)} are out of order, allowed is {', '.join(ordered)}")
    return there


def with_replicates(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a frame with the column `replicate`: without it, each seed is a replicate, and without seeds there is one.

    The numbers follow the order in which the seeds first occur.
    """
    if "replicate" in frame:
        return frame
    if "seed" not in frame:
        return frame.assign(replicate=0)
    return frame.assign(replicate=frame["seed"].factorize()[0])
