"""Figures of results across the points of a study: marks, ranges and words in the right places."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from experiments.plots.robustness.differences import point_differences
from experiments.plots.robustness.plane import failure_plane
from experiments.plots.robustness.ranks import Ranks, rank_heat
from experiments.plots.robustness.regrets import regret_boxes
from experiments.plots.robustness.restrictions import box_ranges
from experiments.plots.robustness.trajectory import peeling_trajectory

Words = Callable[[Figure], str]
Faults = Callable[[Figure], list[str]]
SAID = ("a-policy", "burden at the end is not lower than under usual-care", "difference")
LONG = "probability that somebody who has heard of the illness of another passes it on to others in a week"


def judged(n: int = 60) -> pd.DataFrame:
    draws = np.random.default_rng(1)
    frame = pd.DataFrame(
        draws.random((n, 3)) * [1.0, 25.0, 0.4], columns=["rules.a", "centres.*.users", "users.b.mean"]
    )
    mean = draws.normal(size=n)
    reach = draws.uniform(0.1, 2.0, n)
    return frame.assign(judged=mean, low=mean - reach, high=mean + reach, fails=mean >= 0.0, clear=np.abs(mean) > reach)


def factors() -> pd.DataFrame:
    rows = [
        ("rules.a", f"{LONG} (rules.a)", "", 0.0, 1.0),
        ("centres.*.users", "users enrolled (centres.*.users)", "users", 0.0, 25.0),
        ("users.b.mean", "mean empathy (users.b.mean)", "", 0.0, 0.4),
    ]
    return pd.DataFrame(rows, columns=["parameter", "label", "unit", "from", "to"])


def boxes(number: int = 3) -> pd.DataFrame:
    limits = [(1, "rules.a", 0.4, np.inf), (1, "centres.*.users", -np.inf, 12.0), (2, "users.b.mean", 0.1, 0.2)]
    table = pd.DataFrame(limits[:number], columns=["box", "parameter", "low", "high"])
    return table.merge(factors(), on="parameter").assign(coverage=0.71, density=0.83)


def places(n: int = 3) -> pd.DataFrame:
    names = ["usual-care", "peer-support-workers", "activity-timetable-with-rotating-tables", *map(str, range(20))][:n]
    draws = np.random.default_rng(2).dirichlet(np.ones(n), n)
    rows = [(name, k + 1, draws[i, k]) for i, name in enumerate(names) for k in range(n)]
    return pd.DataFrame(rows, columns=["lever", "place", "share"])


def regrets(n: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    names = list(dict.fromkeys(places(n)["lever"]))
    draws = np.random.default_rng(3)
    lost = pd.DataFrame({"policy": np.repeat(names, 40), "regret": draws.exponential(0.1, 40 * n)})
    by = lost.groupby("policy")["regret"]
    summary = pd.DataFrame({"max_regret": by.max(), "mean_regret": by.mean()}).sort_values("max_regret")
    ends = {"low": 0.8 * summary["max_regret"], "high": 1.2 * summary["max_regret"]}
    return lost, summary.assign(**ends).rename_axis("policy").reset_index()


def trajectory() -> pd.DataFrame:
    rows = [(0, 1.0, 0.3), (1, 0.95, 0.5), (2, 0.8, 0.75), (3, 0.5, 0.95)]
    return pd.DataFrame(rows, columns=["parameters", "coverage", "density"])


@pytest.mark.parametrize(
    "draw",
    [
        lambda: point_differences(judged(), "burden", 0.0, SAID),
        lambda: point_differences(judged(200), "lonely_share", -0.5, ("a" * 70, "x " * 200, "value")),
        lambda: peeling_trajectory(trajectory(), (0.8, 0.75), (0.6, 0.55), 0.3),
        lambda: peeling_trajectory(trajectory().head(1), (0.8, 0.75), (np.nan, np.nan), 0.3),
        lambda: failure_plane(judged(), boxes(), factors()),
        lambda: failure_plane(judged(), boxes(1), factors()),
        lambda: failure_plane(judged(), boxes(1), factors().head(1)),
        lambda: box_ranges(boxes()),
        lambda: box_ranges(boxes(1)),
        lambda: rank_heat([Ranks("burden", places())], 160),
        lambda: rank_heat([Ranks("burden", places(17)), Ranks("lonely_share", places(17), ["usual-care"])], 160),
        lambda: regret_boxes(*regrets(), "burden"),
        lambda: regret_boxes(*regrets(12), "lonely_share"),
    ],
)
def test_nothing_is_cut_off_or_covered(draw: Callable[[], Figure], faults: Faults) -> None:
    assert faults(draw()) == []


def test_every_point_is_marked_once_in_order_and_shares_in_percent() -> None:
    frame = judged()
    axes = point_differences(frame, "lonely_share", 0.0, SAID).axes[0]
    marks = [line for line in axes.lines if line.get_marker() in ("^", "o")]
    spots = np.concatenate([np.column_stack([line.get_xdata(), line.get_ydata()]) for line in marks])
    spots = spots[np.argsort(spots[:, 0])]
    np.testing.assert_allclose(spots[:, 1], 100.0 * np.sort(frame["judged"]))
    assert axes.get_ylabel() == "difference; percentage points"


def test_hollow_marks_are_explained_only_where_they_occur(words: Words) -> None:
    frame = judged()
    assert "maybe by chance" in words(point_differences(frame, "burden", 0.0, SAID))
    assert "maybe by chance" not in words(point_differences(frame.assign(clear=True), "burden", 0.0, SAID))


def test_intervals_that_go_on_are_told(words: Words) -> None:
    wide = judged()
    assert "go on beyond it" not in words(point_differences(wide, "burden", 0.0, SAID))
    wide.loc[0, "high"] = 500.0
    assert "go on beyond it" in words(point_differences(wide, "burden", 0.0, SAID))


def test_the_box_stands_where_its_limits_are() -> None:
    axes = failure_plane(judged(), boxes(), factors()).axes[0]
    frame = next(patch for patch in axes.patches if isinstance(patch, Rectangle))
    assert frame.get_x() == pytest.approx(0.4)
    assert frame.get_x() + frame.get_width() == pytest.approx(axes.get_xlim()[1])
    assert frame.get_y() + frame.get_height() == pytest.approx(12.0)


def test_with_one_restriction_the_other_axis_is_what_differs_most(words: Words) -> None:
    frame = judged().assign(**{"users.b.mean": lambda at: 0.1 + 0.2 * at["fails"]})
    figure = failure_plane(frame, boxes(1), factors())
    assert "users.b.mean" in figure.axes[0].get_ylabel()
    assert "restricts one parameter" in words(figure)


def test_further_restrictions_are_named(words: Words) -> None:
    three = boxes().assign(box=1)
    assert "and 1 more: users.b.mean" in words(failure_plane(judged(), three, factors()))


def test_ranges_are_parts_of_what_was_drawn_from(words: Words) -> None:
    figure = box_ranges(boxes())
    assert len(figure.axes) == 2
    bars = [(bar.get_x(), bar.get_width()) for bar in figure.axes[0].patches]
    assert bars == [(0.0, 1.0), pytest.approx((0.4, 0.6)), (0.0, 1.0), pytest.approx((0.0, 0.48))]
    said = words(figure)
    assert "71 % of the failures lie in it, 83 % of its points fail" in said
    assert "centres.*.users [users]" in said


def test_the_chosen_box_and_fresh_points_are_marked(words: Words) -> None:
    figure = peeling_trajectory(trajectory(), (0.8, 0.75), (0.6, 0.55), 0.3)
    spots = {line.get_marker(): (line.get_xdata()[0], line.get_ydata()[0]) for line in figure.axes[0].lines}
    assert spots["o"] == pytest.approx((80.0, 75.0))
    assert spots["D"] == pytest.approx((60.0, 55.0))
    assert "points held out" in words(figure)
    assert "points held out" not in words(peeling_trajectory(trajectory(), (0.8, 0.75), (np.nan, np.nan), 0.3))


def test_cells_hold_shares_and_small_ones_stay_empty() -> None:
    shares = places()
    shares["share"] = [0.996, 0.004, 0.0, 0.0, 0.5, 0.5, 0.004, 0.496, 0.5]
    axes = rank_heat([Ranks("burden", shares, ["peer-support-workers", "usual-care"])], 160).axes[0]
    assert [text.get_text() for text in axes.texts if text.get_text().isdigit()] == ["100", "50", "50", "50", "50"]
    marks = next(line for line in axes.lines if line.get_marker() == "s")
    assert sorted(zip(marks.get_xdata(), marks.get_ydata(), strict=True)) == [(0, 1), (1, 0)]


def test_the_minimax_choice_is_on_top_and_the_largest_regret_marked() -> None:
    lost, summary = regrets()
    axes = regret_boxes(lost, summary, "burden").axes[0]
    diamonds = next(line for line in axes.lines if line.get_marker() == "D")
    np.testing.assert_allclose(diamonds.get_xdata(), summary["max_regret"])
    whisker = axes.collections[-1].get_segments()[0]
    np.testing.assert_allclose(whisker[:, 0], summary.loc[0, ["low", "high"]].astype(float))
    assert axes.get_yticklabels()[0].get_text() == summary["policy"][0]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: point_differences(judged().head(0), "burden", 0.0, SAID),
        lambda: peeling_trajectory(trajectory().head(0), (0.8, 0.75), (0.6, 0.55), 0.3),
        lambda: failure_plane(judged(), boxes().head(0), factors()),
        lambda: box_ranges(boxes().head(0)),
        lambda: rank_heat([], 3),
        lambda: rank_heat([Ranks("burden", places().head(0))], 3),
        lambda: regret_boxes(regrets()[0], regrets()[1].head(0), "burden"),
    ],
)
def test_there_has_to_be_something_to_draw(draw: Callable[[], Figure]) -> None:
    with pytest.raises(ValueError, match=r"there is no (point|box|lever) to draw"):
        draw()


def test_columns_that_lack_are_named() -> None:
    with pytest.raises(ValueError, match="the frame has no column clear"):
        point_differences(judged().drop(columns="clear"), "burden", 0.0, SAID)
