"""What the figures of a comparison mark: where an effect matters, no misleading names, words in Chinese."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from every_figure import compared
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from experiments.plots import effects, labels
from experiments.plots.compare.acceptability import acceptability
from experiments.plots.compare.gains import who_gains
from experiments.plots.compare.information import LEAST, information
from experiments.plots.compare.outcomes import outcome_fans
from experiments.plots.compare.uncertainty import split_bars
from experiments.plots.style import figure
from experiments.statistics.verdict import sound_interval
from sim.language import Language, speaking

SMALL = "a small effect: a fifth of the standard deviation between users"
SIZES = {"loneliness_ucla20": 1.0, "burden": 1.0, "group_identity": 0.1}


def entries(drawn: Figure) -> list[str]:
    return [text.get_text() for legend in drawn.legends for text in legend.get_texts()]


def dashed(axes: Axes) -> list[float]:
    """Return where the lines of a small effect stand, along x or y."""
    pattern = figure(1, 1).subplots().axvline(0, linestyle=effects.SMALL_DASHES, linewidth=1.0)._unscaled_dash_pattern
    lines = [line for line in axes.lines if line._unscaled_dash_pattern == pattern and line.get_linewidth() == 1.0]
    ends = [(np.ravel(line.get_xdata()), np.ravel(line.get_ydata())) for line in lines]
    return sorted(float(x[0] if x[0] == x[-1] else y[0]) for x, y in ends)


def test_the_size_of_a_small_effect_is_a_fifth_of_the_spread_between_users() -> None:
    found = effects.small_of_each(compared()["contrasts"])
    assert found["loneliness_ucla20"] == pytest.approx(2.0)
    assert found["burden"] == pytest.approx(3.0)


@pytest.mark.parametrize("draw", ["daily", "groups", "splits"])
def test_figures_mark_where_a_difference_is_no_longer_small(draw: str) -> None:
    read: Mapping[str, Any] = compared()
    functions = {"daily": outcome_fans, "groups": who_gains, "splits": split_bars}
    marked, plain = functions[draw](read[draw], small=SIZES), functions[draw](read[draw])
    assert SMALL in entries(marked)
    assert SMALL not in entries(plain)
    assert any(dashed(axes) in ([-1.0, 1.0], [-0.1, 0.1]) for axes in marked.axes)
    assert not any(dashed(axes) for axes in plain.axes)


def curves(ends: Mapping[str, float]) -> pd.DataFrame:
    """Return an acceptability curve that ends at these shares; the first scenario is the base."""
    base = next(iter(ends))
    rows = [
        (worth, name, np.nan if name == base else share, share, 20)
        for worth in (0, 100_000)
        for name, share in ends.items()
    ]
    return pd.DataFrame(rows, columns=["willingness", "scenario", "positive", "best", "pairs"])


def named(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts if isinstance(text, Annotation) and text.get_ha() == "right"]


def test_bands_of_differences_are_the_intervals_of_the_tables() -> None:
    chance = np.random.default_rng(5)
    pairs, days = 14, 3
    rows = [
        (name, replicate, "home", day, level)
        for replicate in range(pairs)
        for day in range(days)
        for name, level in (("base", 40.0), ("other", 40.0 - chance.lognormal(sigma=1.0) * (day > 0)))
    ]
    daily = pd.DataFrame(rows, columns=["scenario", "replicate", "centre", "day", "loneliness_ucla20"])
    panel = outcome_fans(daily, ["loneliness_ucla20"]).axes[1]
    band = panel.collections[-1].get_paths()
    wide = daily.pivot_table("loneliness_ucla20", ["day", "replicate"], "scenario")
    last = (wide["other"] - wide["base"]).loc[days - 1].to_numpy(float)
    corners = np.concatenate([path.vertices for path in band])
    at_last = corners[corners[:, 0] == days - 1, 1]
    np.testing.assert_allclose([at_last.min(), at_last.max()], sound_interval(last))
    assert not (corners[:, 0] == 0).any()  # on day 0 no pair differs


def test_a_line_has_its_name_at_its_end_only_where_no_other_line_ends() -> None:
    left, _ = acceptability(curves({"base": 0.02, "circle": 0.98, "workers": 0.0, "respite": 0.0})).axes
    assert named(left) == ["circle"]
    left, _ = acceptability(curves({"base": 0.0, "circle": 0.7, "workers": 0.3})).axes
    assert named(left) == ["circle", "workers"]


def test_names_keep_clear_of_the_lines_through_0() -> None:
    axes = figure(4.0, 4.0).subplots()
    axes.set(xlim=(-2, 3), ylim=(-1, 5))
    assert labels.cross(axes).tolist() == [[-2, 0, 3, 0], [0, -1, 0, 5]]


def worth(willingness: list[float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return values of knowing a group of parameters, and losses of two scenarios at each worth of a point."""
    values = pd.DataFrame(
        [("EVPPI", "the gain alone", "what makes lonely", 0.0, 0.0, 0.004, "not told from 0")],
        columns=["kind", "basis", "group", "value", "low", "high", "verdict"],
    )
    losses = [(each, name, loss) for each in willingness for name, loss in (("base", 900.0), ("circle", 20.0))]
    return values, pd.DataFrame(losses, columns=["willingness", "scenario", "expected_loss"])


def test_with_a_single_worth_losses_are_bars_with_their_numbers() -> None:
    drawn = information(*worth([1000.0, np.inf]))
    left, right = drawn.axes
    assert {text.get_text() for text in right.texts} >= {"900", "20"}
    assert "circle" not in entries(drawn)
    assert left.get_xlim()[1] >= LEAST
    assert "circle" in entries(information(*worth([0.0, 1000.0, np.inf])))


def test_groups_of_parameters_stand_in_chinese() -> None:
    with speaking(Language.zh):
        left, _ = information(*worth([1000.0])).axes
    words = "".join(label.get_text() for label in left.get_yticklabels())
    assert words
    assert not words.isascii()
