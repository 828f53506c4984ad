"""Figures of effects: what they mark, in what order, and what they say about unknown values."""

from collections.abc import Callable

import comparison_frames as made
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.plots import effects
from experiments.plots.compare.changes import change_shares, user_changes
from experiments.plots.compare.decomposition import decomposition_bars
from experiments.plots.compare.forest import effect_forest
from experiments.plots.compare.front import burden_front
from experiments.plots.compare.gains import most_harmed_first, who_gains
from experiments.plots.compare.outcomes import outcome_fans
from sim.outcomes.catalogue import PRIMARY

Words = Callable[[Figure], str]


def marks(axes: Axes) -> list[tuple[float, float]]:
    """Return the marks of differences, in the order of the rows: x and row."""
    found = [line for line in axes.lines if line.get_marker() in ("o", "^", "D", "x", "s", "|")]
    return [(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in found]


def test_forest_has_a_mark_and_two_intervals_a_row_in_scale_units() -> None:
    table = made.contrast_table(3)
    figure = effect_forest(table)
    assert len(figure.axes) == 5
    first = table[table["outcome"] == "loneliness_ucla20"].set_index("scenario")
    order = first["difference"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(order.index)
    assert marks(figure.axes[0]) == [(pytest.approx(value), row) for row, value in enumerate(order)]
    thick = [line for line in figure.axes[0].lines if line.get_linewidth() == 3.2 and line.get_marker() == "None"]
    np.testing.assert_allclose([line.get_xdata() for line in thick], first.loc[order.index, ["low", "high"]])
    shares = table[table["outcome"] == "lonely_share"].set_index("scenario")["difference"]
    assert marks(figure.axes[3])[0][0] == pytest.approx(100.0 * shares[order.index[0]])
    assert figure.axes[3].get_xlabel() == "difference in\npercentage points"


def test_forest_says_on_which_side_is_better() -> None:
    figure = effect_forest(made.contrast_table(1))
    sides = [[text.get_text() for text in axes.texts if "better" in text.get_text()] for axes in figure.axes]
    assert sides == [["← better"], ["← better"], ["better →"], ["← better"], ["← better"]]


def test_forest_tells_what_is_not_known_apart_from_no_difference(words: Words) -> None:
    table = made.contrast_table(3)
    lost = table["scenario"] == "buddy-scheme"
    numbers = ["difference", "low", "high", "low_simultaneous", "high_simultaneous"]
    table.loc[lost, numbers] = np.nan
    table.loc[lost, ["n", "verdict"]] = [0, "not known"]
    figure = effect_forest(table)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert [names[round(row)] for _, row in marks(figure.axes[0])] == [name for name in names if name != "buddy-scheme"]
    assert "not known" in [text.get_text() for text in figure.axes[0].texts]
    assert "pairs of runs: 0 to 20" in words(figure)


def test_an_endless_interval_is_cut_off_and_the_arrow_explained(words: Words) -> None:
    table = made.contrast_table(3)
    assert "arrow head" not in words(effect_forest(table))
    table.loc[table["scenario"] == "buddy-scheme", ["low", "high"]] = [-900.0, 900.0]
    figure = effect_forest(table)
    low, high = figure.axes[0].get_xlim()
    assert -25 < low < high < 25
    assert {"<", ">"} <= {line.get_marker() for line in figure.axes[0].lines}
    assert "An interval that ends in an arrow head goes on beyond the panel." in words(figure)


def test_an_axis_of_differences_holds_zero_and_is_not_blown_up() -> None:
    low, high = effects.reach([-0.01], [-0.02, 0.0], 60.0)
    assert high - low >= 3.0
    low, high = effects.reach([5.0], [4.0, 6.0], 60.0)
    assert low < 0.0 < 6.0 < high
    assert effects.reach([np.nan], [np.nan], 0.0)[0] < 0.0


def test_scenarios_keep_the_order_of_the_table_whatever_they_do() -> None:
    table = made.contrast_table(3)
    for given in (table, table.iloc[::-1]):
        names = [label.get_text() for label in effect_forest(given).axes[0].get_yticklabels()]
        assert names == list(given["scenario"].unique())


@pytest.mark.slow
@pytest.mark.parametrize(("number", "rows", "columns"), [(1, 1, 2), (3, 1, 4), (6, 2, 4), (17, 4, 5)])
def test_fans_wrap_and_show_the_base_in_every_panel(number: int, rows: int, columns: int) -> None:
    frame = made.daily(number, 3, 20)
    figure = outcome_fans(frame)
    panels = [axes for axes in figure.axes if axes.axison]
    assert len(panels) == 3 * (number + 1)
    assert len(figure.axes) == 3 * rows * columns
    level, *differences = panels[: number + 1]
    by_day = {name: rows.groupby("day")["loneliness_ucla20"].mean() for name, rows in frame.groupby("scenario")}
    np.testing.assert_allclose(level.lines[number].get_ydata(), by_day["baseline"])  # on top of the others
    for axes, name in zip(differences, made.NAMES, strict=False):
        np.testing.assert_allclose(axes.lines[1].get_ydata(), by_day[name] - by_day["baseline"])
        assert axes.get_ylim() == differences[0].get_ylim()


def test_fans_of_named_scenarios_only(words: Words) -> None:
    frame = made.daily(5, 3, 20)
    figure = outcome_fans(frame, ("burden",), scenarios=("respite", "help-cap")[1:])
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["Level under every scenario", "help-cap"]
    with pytest.raises(ValueError, match="no scenario beside baseline is named nowhere"):
        outcome_fans(frame, scenarios=("nowhere",))
    with pytest.raises(ValueError, match="no outcome is named joy"):
        outcome_fans(frame.assign(joy=1.0), ("joy",))
    assert "Mean over 2 centres" in words(outcome_fans(made.daily(1, 2, 9, centres=2)))


def test_groups_worse_off_come_first_and_flagged_ones_last_with_the_reason(words: Words) -> None:
    table = made.group_table(3)
    here = table[table["outcome"] == "burden"]
    order = most_harmed_first(here)
    everybody = here[here["group"] == "helpers"].assign(group="everybody", verdict="no clear difference")
    assert most_harmed_first(pd.concat([here, everybody])) == ["everybody", *order]
    worse = here[(here["verdict"] == "worse") & (here["flag"] == "")].groupby("group").size()
    assert [worse.get(group, 0) for group in order] == sorted((worse.get(g, 0) for g in order), reverse=True)
    assert set(order[-2:]) == {"lives alone", "newcomers"}
    figure = who_gains(table)
    labels = {label.get_text(): label for label in figure.axes[3].get_yticklabels()}
    assert "lives alone (0.4): too few users" in labels
    assert "newcomers (2.5): too few pairs" in labels
    top = next(iter(labels.values()))
    assert top.get_fontweight() == "bold"
    assert "Groups worse off, clear among all groups, outcomes and scenarios, are on top and bold." in words(figure)


def test_groups_all_too_small_are_still_drawn(words: Words) -> None:
    table = made.group_table(1).assign(flag="too few pairs", verdict="too few to say")
    figure = who_gains(table)
    assert len(marks(figure.axes[0])) == len(made.GROUPS)
    assert "Every group is too few to say anything." in words(figure)


def test_shares_of_users_who_gain_by_hand() -> None:
    frame = pd.DataFrame({"scenario": ["a"] * 4 + ["b"] * 2, "points": [-4.0, -3.0, 0.0, 3.1, 9.0, -9.0]})
    shares = change_shares(frame, 3.0)
    assert list(shares.index) == ["a", "b"]
    assert shares.loc["a"].tolist() == [0.25, 0.5, 0.25]
    assert shares.loc["b"].tolist() == [0.5, 0.0, 0.5]


def test_user_changes_names_its_points_and_wants_loneliness_from_0_to_1(words: Words) -> None:
    frame = made.changes(2)
    said = words(user_changes(frame, points=6.0))
    assert "less lonely by more than 6 points" in said
    assert "not an effect on that user" in said
    with pytest.raises(ValueError, match="must run from 0 to 1"):
        user_changes(frame.assign(base_loneliness=52.0))
    user_changes(frame.assign(loneliness=frame["loneliness"].where(frame["uid"] > 2)))
    with pytest.raises(ValueError, match="there is no scenario to draw"):
        user_changes(frame.assign(loneliness=np.nan))


def test_bars_of_users_add_up() -> None:
    bars = user_changes(made.changes(3)).axes[1].patches
    assert len([bar for bar in bars if np.isclose(bar.get_height(), 0.66)]) == 9
    assert sum(bar.get_width() for bar in bars if np.isclose(bar.get_height(), 0.66)) == pytest.approx(300.0)


def test_names_on_the_front_do_not_meet() -> None:
    figure = burden_front(made.contrast_table(17))
    figure.draw_without_rendering()
    names = {*made.NAMES, "baseline (base)"}
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text().replace("\n", "") in names]
    assert len(boxes) == len(names)
    assert not [(a, b) for number, a in enumerate(boxes) for b in boxes[:number] if a.overlaps(b)]


def test_a_name_with_dollars_keeps_off_its_point() -> None:
    table = made.contrast_table(1).assign(scenario="support with $5 and $6 a day, 25 % more")
    figure = burden_front(table)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    name = next(text for text in axes.texts if "$5" in text.get_text())
    dot = next(line for line in axes.lines if line.get_marker() == "o")
    x, y = axes.transData.transform((dot.get_xdata()[0], dot.get_ydata()[0]))
    box = name.get_window_extent()
    assert not (box.x0 - 2 < x < box.x1 + 2 and box.y0 - 2 < y < box.y1 + 2)


def test_no_change_stands_in_the_middle_of_the_histogram() -> None:
    bars = user_changes(made.changes(1).assign(loneliness=0.0)).axes[0].patches
    tall = [bar for bar in bars if abs(bar.get_height()) > 0.5 and bar.get_width() < 2]
    assert [bar.get_x() + bar.get_width() / 2 for bar in tall] == [pytest.approx(0.0, abs=1e-9)]


def test_front_needs_both_outcomes() -> None:
    table = made.contrast_table(2)
    with pytest.raises(ValueError, match="no scenario has a difference of both"):
        burden_front(table[table["outcome"] == "burden"])


def test_parts_are_bars_and_their_sum_a_line() -> None:
    frame = made.decomposition(3)
    axes = decomposition_bars(frame).axes[0]
    here = frame[frame["outcome"] == PRIMARY[0]]
    bars = [bar.get_width() for bar in axes.patches if bar.get_height() < 0.3]
    assert sum(bars) == pytest.approx(here["difference"].sum())
    sums = [line.get_xdata()[0] for line in axes.lines if line.get_linewidth() == 2.4]
    assert sums == pytest.approx(sorted(here.groupby("scenario")["difference"].sum()))


def test_a_part_has_its_range_over_orders_and_a_0_in_all_runs_is_named(words: Words) -> None:
    frame = made.decomposition(1)
    figure = decomposition_bars(frame)
    ends = [line.get_xdata() for line in figure.axes[0].lines if line.get_marker() == "D"]
    here = frame[(frame["outcome"] == PRIMARY[0]) & (frame["order_low"] < frame["order_high"])]
    assert np.sort(ends, axis=None) == pytest.approx(np.sort(here[["order_low", "order_high"]].to_numpy(), axis=None))
    assert "0 in all runs" not in words(figure)
    frame.loc[frame["part"] == "direct help", "always_0"] = True
    assert "0 in all runs" in words(decomposition_bars(frame))


def test_a_part_that_is_not_known_has_no_sum_and_wrong_frames_are_refused() -> None:
    frame = made.decomposition(1)
    frame.loc[0, ["difference", "low", "high"]] = np.nan
    axes = decomposition_bars(frame).axes[0]
    assert not [line for line in axes.lines if line.get_linewidth() == 2.4]
    with pytest.raises(ValueError, match="the part new ties of confidentiality-training, burden is there twice"):
        decomposition_bars(pd.concat([frame, frame.iloc[3:4]]))
    with pytest.raises(ValueError, match="no outcome is named joy"):
        decomposition_bars(frame.assign(outcome="joy"))
    with pytest.raises(ValueError, match="6 parts, and colours for 5"):
        decomposition_bars(frame.iloc[[0] * 6].assign(part=list("abcdef")))
