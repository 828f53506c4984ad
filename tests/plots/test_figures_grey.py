"""Figures in grey: what a legend tells apart differs by more than colour."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import every_figure
import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.language import Language, speaking

APART = 0.09
"""Least difference of two greys, from 0 (black) to 1 (white), that print keeps apart."""


def grey(colour: Any, alpha: float | None = None) -> float:
    """Return the luminance of a colour on white, from 0 to 1."""
    shade = float(np.dot(to_rgb(colour), (0.299, 0.587, 0.114)))
    return 1.0 - (1.0 - shade) * (1.0 if alpha is None else alpha)


def form(handle: Artist) -> tuple[object, ...]:
    """Return what remains of a legend's entry without its colours: dashes, marks and their filling, width, hatch."""
    if isinstance(handle, Line2D):
        has_line = handle.get_linestyle() != "None"
        dashes = handle._unscaled_dash_pattern if has_line else None
        has_mark = handle.get_marker() not in (None, "None", "")
        face = handle.get_markerfacecolor()
        hollow = has_mark and (face == "none" or grey(face) > 0.97)
        size = (handle.get_markersize(), handle.get_markeredgewidth()) if has_mark else None
        return ("line", str(dashes), handle.get_marker() if has_mark else "", hollow, size,
                handle.get_linewidth() if has_line else 0.0)  # fmt: skip
    assert isinstance(handle, Patch)
    return ("patch", handle.get_hatch(), handle.get_fill())


def shade(handle: Artist) -> float:
    """Return the grey of an entry."""
    if isinstance(handle, Line2D):
        return grey(
            handle.get_color() if handle.get_color() != "none" else handle.get_markeredgecolor(), handle.get_alpha()
        )
    assert isinstance(handle, Patch)
    return grey(handle.get_facecolor()[:3], handle.get_alpha() or handle.get_facecolor()[3])


def alike(figure: Figure) -> list[tuple[str, str]]:
    """Return the pairs of entries of a legend that differ by colour alone, too little in grey."""
    pairs = []
    for legend in figure.legends:
        for one, other in combinations(legend.legend_handles, 2):
            assert one is not None
            assert other is not None
            if form(one) == form(other) and abs(shade(one) - shade(other)) < APART:
                pairs.append((str(one.get_label()), str(other.get_label())))
    return pairs


@pytest.fixture
def drawn(daily: Any, users: Any, network: Any) -> Iterator[dict[str, Callable[[], Figure]]]:
    graphs = {0: network(), 15: network(first=2), 30: network(first=3)}
    with speaking(Language.en):
        yield every_figure.of_runs(daily(), users(), graphs) | every_figure.of_comparisons() | every_figure.of_studies()


@pytest.mark.slow
def test_legends_tell_apart_by_more_than_colour(drawn: Any) -> None:
    assert len(drawn) > 30
    wrong = {name: pairs for name, draw in drawn.items() if (pairs := alike(draw()))}
    assert wrong == {}


def test_two_colours_of_one_grey_would_be_noticed() -> None:
    figure = Figure()
    lines = [Line2D([], [], color=colour, label=colour) for colour in ("#009E73", "#A07A3C")]
    figure.legend(handles=lines)
    assert alike(figure) == [("#009E73", "#A07A3C")]


def test_no_figure_uses_the_global_state_of_pyplot() -> None:
    from pathlib import Path

    root = Path(__file__).parents[2] / "experiments"
    assert not [path for path in root.rglob("*.py") if "pyplot" in path.read_text(encoding="utf-8")]
