"""Lay out many small panels: a block for each outcome, with a panel for each scenario, wrapped into rows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.plots import style, widths


@dataclass(frozen=True, slots=True)
class Block:
    """The panels of one outcome.

    Parameters
    ----------
    panels : tuple of Axes
        In the order of the scenarios, all of the same size.
    columns : int
        Number of panels in a row.
    """

    panels: tuple[Axes, ...]
    columns: int

    def is_left(self, number: int) -> bool:
        """Return whether this panel begins a row."""
        return number % self.columns == 0

    def is_lowest(self, number: int) -> bool:
        """Return whether no panel stands below this one."""
        return number + self.columns >= len(self.panels)


def blocks(
    titles: Sequence[str], panels: int, widest: int, size: tuple[float, float], margin: float = 0.6, least: float = 6.8
) -> tuple[Figure, list[Block]]:
    """Begin a figure with a block for each title.

    Parameters
    ----------
    panels : int
        Number of panels in each block.
    widest : int
        Largest number of panels in a row; more panels are spread evenly over further rows.
    size : (float, float)
        Width and height of a panel with its own labels, in inches.
    margin : float
        Width of the room for labels at the left, in inches.
    least : float
        Least width of the figure, in inches.
    """
    rows = math.ceil(panels / widths.across(widest, size[0], margin))
    columns = math.ceil(panels / rows)
    figure = style.figure(max(least, margin + columns * size[0]), len(titles) * (rows * size[1] + 0.45) + 0.8)
    made = []
    for part, title in zip(figure.subfigures(len(titles), 1, squeeze=False)[:, 0], titles, strict=True):
        part.set_facecolor(style.PAPER)
        lines = style.wrapped(title, figure.get_figwidth(), style.TITLE)
        part.suptitle(lines, x=0.012, ha="left", fontsize=style.TITLE, fontweight="bold", color=style.INK)
        cells = part.subplots(rows, columns, squeeze=False).ravel()
        for axes in cells[panels:]:
            axes.set_axis_off()
        made.append(Block(tuple(cells[:panels]), columns))
    return figure, made
