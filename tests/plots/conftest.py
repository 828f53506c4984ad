"""Small frames and networks to draw, and the requirements on every figure."""

from collections.abc import Callable

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from experiments.plots.frames import enrolled
from sim.outcomes.catalogue import DAILY
from sim.state.columns import LEVELS

Daily = Callable[..., pd.DataFrame]
Users = Callable[..., pd.DataFrame]
Network = Callable[..., nx.DiGraph]


@pytest.fixture
def daily() -> Daily:
    """Return a maker of daily outcomes: `daily(replicates=3, centres=1, days=30)`; each outcome has its own unit."""

    def make(replicates: int = 3, centres: int = 1, days: int = 30) -> pd.DataFrame:
        draws = np.random.default_rng(1)
        places = [(r, f"centre {c}", d) for r in range(replicates) for c in range(centres) for d in range(days)]
        frame = pd.DataFrame(places, columns=["replicate", "centre", "day"])
        for outcome in DAILY:
            low, high = {"20-80": (40, 55), "0-100": (20, 40), "1-7": (3, 5)}.get(outcome.unit, (0, 1))
            frame[outcome.name] = draws.uniform(low, high, len(frame))
        frame["users"] = 10.0
        frame["attended"] = np.where(frame["day"] % 7 < 5, 7.0, 0.0)
        return frame

    return make


@pytest.fixture
def users() -> Users:
    """Return a maker of users at the end of a run: `users(replicates=3, n=20)`; a tenth of them have left."""

    def make(replicates: int = 3, n: int = 20) -> pd.DataFrame:
        draws = np.random.default_rng(2)
        size = replicates * n
        shares = {name: draws.uniform(0.1, 0.9, size) for name in ("loneliness", "loneliness_at_entry", "burden")}
        help_ = {name: draws.exponential(6.0, size) for name in ("given", "received")}
        status = np.where(np.arange(size) % 10 == 9, "left", "present")
        return pd.DataFrame(
            {"replicate": np.repeat(np.arange(replicates), n), "uid": np.tile(np.arange(n), replicates), "centre": 0,
             "status": status, **shares, **help_}
        ).assign(name=lambda users: users["uid"].map("user {}".format))  # fmt: skip

    return make


@pytest.fixture
def network() -> Network:
    """Return a maker of networks: `network(n=12, first=0, ties=2.0)`, users numbered from `first`, `ties` each."""

    def make(n: int = 12, first: int = 0, ties: float = 2.0) -> nx.DiGraph:
        draws = np.random.default_rng(3)
        made = nx.DiGraph()
        for node in range(first, first + n):
            made.add_node(node, loneliness=draws.uniform(), given=draws.exponential(3), received=draws.exponential(3))
        for _ in range(int(ties * n)):
            a, b = (int(node) for node in draws.choice(np.arange(first, first + n), 2, replace=False))
            made.add_edge(a, b, level=LEVELS[draws.integers(0, len(LEVELS))])
        return made

    return make


@pytest.fixture
def words() -> Callable[[Figure], str]:
    """Return all text of a figure, with line breaks as spaces."""
    return lambda figure: " | ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")


@pytest.fixture
def faults() -> Callable[[Figure], list[str]]:
    """Return what is wrong with a figure: parts cut off, legends that cover, type too small to read."""

    def found(figure: Figure) -> list[str]:
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        box = figure.get_tightbbox(canvas.get_renderer())
        width, height = figure.get_size_inches()
        said = []
        if min(box.x0, box.y0) < 0 or box.x1 > width or box.y1 > height:
            said.append(f"cut off: {box} in {width} x {height}")
        legends = [legend.get_window_extent() for legend in figure.legends]
        panels = [axes.get_tightbbox(canvas.get_renderer()) for axes in figure.axes]
        if not legends:
            said.append("no legend")
        for number, legend in enumerate(legends):
            if any(legend.overlaps(other) for other in [*legends[number + 1 :], *panels]):
                said.append(f"legend {number} covers something")
        small = [text.get_text() for text in figure.findobj(Text) if text.get_text() and text.get_fontsize() < 5.5]
        return said + [f"too small: {text}" for text in small]

    return found


@pytest.fixture
def misdrawn(faults: Callable[[Figure], list[str]]) -> Callable[[Figure], list[str]]:
    """Return what is wrong with a figure, including words that run out of it at the sides."""

    def found(figure: Figure) -> list[str]:
        said = faults(figure)
        renderer = FigureCanvasAgg(figure).get_renderer()
        # Labels of ticks beyond the axis are kept by matplotlib and not drawn.
        ticks = {id(text) for axes in figure.axes for text in [*axes.get_xticklabels(), *axes.get_yticklabels()]}
        for text in figure.findobj(Text):
            if text.get_text() and text.get_visible() and id(text) not in ticks:
                box = text.get_window_extent(renderer)
                if box.x0 < 0 or box.x1 > figure.bbox.width:
                    said.append(f"runs out of the figure: {text.get_text()}")
        return said

    return found


@pytest.fixture
def present(users: Users) -> pd.DataFrame:
    """Return the enrolled users of the usual frame."""
    return enrolled(users())
