"""Figures in a journal: at most two columns wide, with letters that can be read in print, and nothing cut off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from every_figure import of_comparisons, of_runs, sources
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from experiments.plots.compare.figures import COMPARISON_FIGURES
from experiments.plots.findings.variance import variance_by_source
from experiments.plots.run.figures import FIGURES
from experiments.plots.sizes import PRINTED, room, save_as, scale_of
from experiments.plots.style import DOUBLE_COLUMN
from tests.plots.conftest import Daily, Network, Users

INSIDE_MARKS = {"network", "friendships"}
"""Figures with numbers or names of users in or beside their marks, in a smaller type."""


def problems(figure: Figure, misdrawn: Callable[[Figure], list[str]], name: str) -> list[str]:
    """Return what is wrong with a figure on paper."""
    scale = scale_of(figure, "journal")
    small = [
        f"{text.get_fontsize() * scale:.1f} points: {text.get_text()}"
        for text in figure.findobj(Text)
        if text.get_text() and text.get_visible() and text.get_fontsize() * scale < PRINTED - 0.01
    ]
    wide = float(scale * figure.get_figwidth())
    beyond = [f"{wide:.2f} inches wide"] if wide > DOUBLE_COLUMN + 0.01 else []
    return [*misdrawn(figure), *([] if name in INSIDE_MARKS else small), *beyond]


@pytest.mark.parametrize("name", COMPARISON_FIGURES)
def test_a_figure_of_a_comparison_is_readable_in_print(name: str, misdrawn: Callable[[Figure], list[str]]) -> None:
    with room("journal"):
        drawn = of_comparisons()[name]()
    assert problems(drawn, misdrawn, name) == []


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_of_a_run_is_readable_in_print(
    name: str, daily: Daily, users: Users, network: Network, misdrawn: Callable[[Figure], list[str]]
) -> None:
    with room("journal"):
        drawn = of_runs(daily(), users(), {0: network(), 30: network(14), 60: network(16)})[name]()
    assert problems(drawn, misdrawn, name) == []


def test_panels_take_further_rows_in_print_only(tmp_path: Path) -> None:
    with room("journal"):
        drawn = variance_by_source(sources())
    beside = variance_by_source(sources())
    columns = [axes.get_subplotspec().colspan.start for axes in beside.axes]  # type: ignore[union-attr]
    assert columns == [0, 1]
    assert drawn.get_figwidth() <= beside.get_figwidth()
    with Image.open(save_as(drawn, tmp_path / "j.png", "journal")) as picture:
        assert picture.width <= DOUBLE_COLUMN * 300 + 6
