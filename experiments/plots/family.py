"""What is listed of one kind of figure that is drawn from frames."""

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class FrameFamily:
    """One kind of figure, drawn from frames of a result.

    Parameters
    ----------
    title : str
    draw : callable
        Its positional arguments are what `reads` names, in that order, and are enough.
    reads : tuple of str
        What the result has to hold; each list of families says what the names stand for.
    caption : str
        What is seen and how to read it, in plain words.
    index : str
        Of a sensitivity analysis: the index without which there is nothing to draw; empty when any will do.
    """

    title: str
    draw: Callable[..., Figure]
    reads: tuple[str, ...]
    caption: str
    index: str = ""
