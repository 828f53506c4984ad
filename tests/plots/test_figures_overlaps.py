"""No two texts of a figure lie on each other, and none runs out of it: each figure, in each size and language."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import every_figure
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from experiments.plots import COMPARISON_FIGURES, FIGURES, style
from experiments.plots.sizes import COLUMNS, PRINTED, Size, room, scale_of
from sim.language import Language, speaking

pytest.importorskip("mplfonts")

SIZES: tuple[Size, ...] = ("screen", "slide", "journal", "column")
"""On a slide, a figure is that of the screen, scaled."""
INSIDE_MARKS = {"network", "friendships"}
"""Figures with numbers of users in their marks, which may lie close to each other, in a smaller type."""
TALLEST = 240 / 25.4
"""Height of a printed page without its margins, in inches."""
IN_ONE_COLUMN = {*FIGURES, *COMPARISON_FIGURES}
"""Figures that fit into one column; those of searches, calibrations and studies need two."""
BY_CASES = {"distributions", "ranks"}
"""Figures that become as tall as a study has cases: as many pages as it takes."""
SLACK = 2.0
"""Pixels by which the boxes of two texts may overlap: a box is a little larger than its letters."""


def seen(figure: Figure, *, in_marks: bool = True) -> list[tuple[str, Any]]:
    """Return the visible texts of a figure but slanted ones, with their boxes in pixels; or without those in marks."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    hidden: set[int] = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            margin = 1e-6 * (high - low)
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low - margin <= tick.get_loc() <= high + margin or not axes.axison:
                    hidden |= {id(tick.label1), id(tick.label2)}
    renderer = canvas.get_renderer()
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if text.get_text().strip()
        and text.get_visible()
        and id(text) not in hidden
        and (in_marks or text.axes is None or text.get_label() in (style.HEADING, style.REMARK))
        and text.get_rotation() % 90.0 == 0.0  # slanted labels lie apart though their boxes do not
    ]


def overlaps(texts: list[tuple[str, Any]]) -> list[str]:
    """Return the pairs of texts that lie on each other."""
    wrong = []
    for (one, box), (other, beside) in combinations(texts, 2):
        across = min(box.x1, beside.x1) - max(box.x0, beside.x0)
        upward = min(box.y1, beside.y1) - max(box.y0, beside.y0)
        if across > SLACK and upward > SLACK:
            wrong.append(f"{one!r} on {other!r}: {across:.0f} x {upward:.0f}")
    return wrong


def cut(figure: Figure, texts: list[tuple[str, Any]]) -> list[str]:
    """Return the texts that run out of a figure."""
    width, height = figure.bbox.width, figure.bbox.height
    return [
        f"{text!r} runs out"
        for text, box in texts
        if box.x0 < -SLACK or box.y0 < -SLACK or box.x1 > width + SLACK or box.y1 > height + SLACK
    ]


def small(figure: Figure, size: Size) -> list[str]:
    """Return the texts that are too small in print."""
    scale = scale_of(figure, size)
    return [
        f"{text.get_text()!r} has {scale * text.get_fontsize():.1f} points"
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and scale * text.get_fontsize() < PRINTED - 0.01
    ]


@pytest.fixture(params=list(Language))
def drawings(request: pytest.FixtureRequest, daily: Any, users: Any, network: Any) -> Iterator[dict[str, Any]]:
    graphs = {0: network(), 15: network(first=2), 30: network(first=3)}
    with speaking(request.param):
        yield every_figure.of_runs(daily(), users(), graphs) | every_figure.of_comparisons() | every_figure.of_studies()


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_texts_of_a_figure_lie_apart(size: Size, drawings: dict[str, Callable[[], Figure]]) -> None:
    wrong: dict[str, list[str]] = {}
    for name, draw in drawings.items():
        if size == "column" and name not in IN_ONE_COLUMN:
            continue
        with room(size):
            figure = draw()
        texts = seen(figure)
        found = [*cut(figure, texts), *overlaps(seen(figure, in_marks=False) if name in INSIDE_MARKS else texts)]
        if size in COLUMNS:
            found += [] if name in INSIDE_MARKS else small(figure, size)
            height = scale_of(figure, size) * figure.get_figheight()
            if height > TALLEST and name not in BY_CASES:
                found.append(f"{height:.1f} inches tall")
        if found:
            wrong[name] = found
    assert wrong == {}


def test_texts_that_lie_on_each_other_or_run_out_are_noticed() -> None:
    figure = Figure()
    figure.text(0.5, 0.5, "one text")
    figure.text(0.52, 0.5, "another")
    figure.text(0.9, 0.9, "a long text at the edge")
    assert len(overlaps(seen(figure))) == 1
    assert len(cut(figure, seen(figure))) == 1
