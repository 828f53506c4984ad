"""Outcomes over time: means, bands, smoothing, several centres, and the words around them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from experiments.plots.run.curves import outcome_curves
from experiments.plots.run.loneliness import loneliness_distribution
from experiments.plots.run.roles import role_balance
from experiments.plots.series import limits, replicate_series, trailing_mean
from sim.outcomes.catalogue import DAILY, OUTCOMES

Faults = Callable[[Figure], list[str]]
Words = Callable[[Figure], str]


def test_one_panel_an_outcome_with_scale_direction_and_cutoff(daily: Any, words: Words) -> None:
    figure = outcome_curves(daily())
    assert [axes.get_ylabel() for axes in figure.axes] == ["score (20–80)", "score (0–100)", "score (1–7)"]
    said = words(figure)
    assert "lower is better; a user counts as lonely from 50" in said
    assert "higher is better; a user counts as belonging from 4" in said


@pytest.mark.parametrize("outcome", DAILY, ids=lambda outcome: outcome.name)
def test_every_outcome_can_be_drawn(outcome: Any, daily: Any, faults: Faults) -> None:
    figure = outcome_curves(daily(replicates=2), (outcome.name,))
    assert faults(figure) == []
    assert figure.axes[0].get_ylabel() != outcome.unit


def test_bands_are_quantiles_over_replicates_around_the_mean(daily: Any) -> None:
    frame = daily(replicates=5)
    figure = outcome_curves(frame, ("mood",))
    axes = figure.axes[0]
    by_day = frame.pivot_table(index="day", columns="replicate", values="mood")
    np.testing.assert_allclose(axes.lines[0].get_ydata(), by_day.mean(axis=1))
    outer, inner = (band.get_paths()[0].vertices[:, 1] for band in axes.collections)
    assert outer.max() == pytest.approx(by_day.quantile(0.975, axis=1).max())
    assert inner.min() == pytest.approx(by_day.quantile(0.25, axis=1).min())


def test_one_replicate_has_no_band_and_says_so(daily: Any, words: Words, faults: Faults) -> None:
    figure = outcome_curves(daily(replicates=1))
    assert not any(axes.collections for axes in figure.axes)
    assert "One replicate only: no band" in words(figure)
    assert faults(figure) == []


def test_attendance_is_a_trailing_week_and_says_so(daily: Any, words: Words) -> None:
    figure = outcome_curves(daily(), ("attended",))
    line = figure.axes[0].lines[0]
    np.testing.assert_allclose(line.get_ydata(), 5.0)  # 7 users on 5 of 7 days
    assert line.get_xdata()[0] == 6
    assert "mean of the last 7 days" in words(figure)
    assert figure.axes[0].get_ylabel() == "users a day"


def test_trailing_mean_by_hand() -> None:
    series = pd.DataFrame({0: np.arange(10.0)}, index=range(10))
    np.testing.assert_allclose(trailing_mean(series)[0], [3.0, 4.0, 5.0, 6.0])
    np.testing.assert_allclose(trailing_mean(series.iloc[:3])[0], [1.0])


def test_centres_are_weighted_by_users_and_counts_are_not(daily: Any, words: Words) -> None:
    frame = daily(replicates=1, centres=2, days=10)
    large = frame["centre"] == "centre 1"
    frame["users"] = np.where(large, 30.0, 10.0)
    frame["burden"] = np.where(large, 40.0, 20.0)
    frame["leaks"] = np.where(large, 4.0, 2.0)
    assert replicate_series(frame, OUTCOMES["burden"])[0].unique() == pytest.approx(35.0)
    assert replicate_series(frame, OUTCOMES["leaks"])[0].unique() == pytest.approx(3.0)
    assert "Mean over 2 centres, weighted by users. " in words(outcome_curves(frame))
    counted = words(outcome_curves(frame, ("burden", "leaks")))
    assert (
        "Mean over 2 centres, weighted by users; of what is counted by the day, the plain mean per centre." in counted
    )
    assert outcome_curves(frame, ("burden",), centre="centre 0").axes[0].lines[0].get_ydata() == pytest.approx(20.0)


def test_days_without_users_are_gaps(daily: Any) -> None:
    frame = daily(replicates=1, days=10)
    frame.loc[frame["day"] == 4, "users"] = 0.0
    series = replicate_series(frame, OUTCOMES["burden"])[0]
    assert list(series.index[series.isna()]) == [4]
    outcome_curves(frame.assign(users=0.0))


def test_scenarios_are_lines_of_their_own(daily: Any, words: Words, faults: Faults) -> None:
    frame = pd.concat([daily().assign(arm=arm) for arm in ("usual care", "costs $5 and $6")])
    figure = outcome_curves(frame, by="arm")
    assert len({line.get_color() for line in figure.axes[1].lines}) == 2
    assert "costs $5 and $6" in words(figure)
    assert faults(figure) == []


@pytest.mark.parametrize("days", [1, 3, 8])
def test_short_runs(days: int, daily: Any, faults: Faults) -> None:
    assert faults(outcome_curves(daily(days=days), ("attended", "burden"))) == []


@pytest.mark.parametrize("number", [1, 2, 4, 7])
def test_any_number_of_panels(number: int, daily: Any, faults: Faults) -> None:
    assert faults(outcome_curves(daily(), [outcome.name for outcome in DAILY[:number]])) == []


def test_axis_shows_a_quarter_of_the_scale_at_least_and_stays_on_it() -> None:
    assert limits(40, 42, OUTCOMES["loneliness_ucla20"]) == pytest.approx((33.5, 48.5))
    assert limits(0, 1, OUTCOMES["burden"]) == pytest.approx((0.0, 25.0))
    assert limits(0.99, 1, OUTCOMES["lonely_share"]) == pytest.approx((0.75, 1.0))
    assert limits(9, 10, OUTCOMES["loneliness_ucla20_sd"])[0] == 0.0
    assert limits(0, 0, OUTCOMES["leaks"]) == (0.0, 1.0)


def study_days(daily: Any, points: int, levers: tuple[str, ...] = ("usual-care",)) -> pd.DataFrame:
    """Return the daily outcomes of a study: burden is 10 times the number of the point."""
    return pd.concat(
        [
            daily(replicates=2).drop(columns=["centre", "users"]).assign(point=point, lever=lever, burden=10.0 * point)
            for point in range(points)
            for lever in levers
        ]
    )


def test_a_few_points_of_a_study_get_panels_of_their_own_with_the_same_scale(
    daily: Any, words: Words, faults: Faults
) -> None:
    figure = outcome_curves(study_days(daily, 3), ("burden", "mood"))
    assert [axes.lines[0].get_ydata().mean() for axes in figure.axes[::2]] == pytest.approx([0.0, 10.0, 20.0])
    assert [axes.texts[0].get_text().splitlines()[0] for axes in figure.axes[::2]] == ["point 0", "point 1", "point 2"]
    for column in (figure.axes[::2], figure.axes[1::2]):
        assert len({axes.get_ylim() for axes in column}) == 1
    assert faults(figure) == []
    both = outcome_curves(study_days(daily, 2, ("usual-care", "pairs")), ("burden",))
    assert "point 1, lever pairs" in words(both)
    lines = outcome_curves(study_days(daily, 2, ("usual-care", "pairs")), ("burden",), by="lever")
    assert [len(axes.lines) for axes in lines.axes] == [2, 2]


def test_many_points_of_a_study_are_refused_with_the_way_out(daily: Any) -> None:
    with pytest.raises(ValueError, match=r"holds 18 points, .* daily\[daily\['point'\].isin\(\[0, 1\]\)\]"):
        outcome_curves(study_days(daily, 18), ("burden",))
    with pytest.raises(ValueError, match=r"18 points and 2 levers, .* or make lever lines with by='lever'"):
        outcome_curves(study_days(daily, 18, ("usual-care", "pairs")), ("burden",))
    one = study_days(daily, 18)
    assert outcome_curves(one[one["point"] == 7], ("burden",)).axes[0].lines[0].get_ydata() == pytest.approx(70.0)


def test_rows_that_no_column_tells_apart_are_not_averaged(daily: Any) -> None:
    with pytest.raises(ValueError, match="90 rows of the frame have the replicate, centre, day of another row"):
        outcome_curves(pd.concat([daily(), daily()]), ("burden",))


@pytest.mark.parametrize("draw", [loneliness_distribution, role_balance])
def test_figures_of_users_do_not_mix_scenarios(users: Any, draw: Callable[[pd.DataFrame], Figure]) -> None:
    frame = pd.concat([users().assign(scenario=name) for name in ("a", "b")])
    with pytest.raises(ValueError, match=r"holds 2 scenarios, .* frame\[frame\['scenario'\] == 'a'\]"):
        draw(frame)
    draw(frame[frame["scenario"] == "a"])


def test_what_cannot_be_drawn_is_named(daily: Any) -> None:
    with pytest.raises(ValueError, match="the frame has no column happiness"):
        outcome_curves(daily(), ("happiness",))
    with pytest.raises(ValueError, match="no outcome is named happiness"):
        outcome_curves(daily().assign(happiness=1.0), ("happiness",))
    with pytest.raises(ValueError, match="no outcome is named; allowed: "):
        outcome_curves(daily(), ())
    with pytest.raises(ValueError, match="no day of centre 'north'"):
        outcome_curves(daily(), centre="north")
    with pytest.raises(ValueError, match="no column users"):
        outcome_curves(daily(centres=2).drop(columns="users"), ("burden",))


def test_days_without_replicates_or_centres_are_drawn_by_seed(daily: Any, faults: Faults, words: Words) -> None:
    frame = daily(replicates=3)
    joined = frame.drop(columns=["replicate", "centre"]).assign(seed=frame["replicate"] + 40)
    figure = outcome_curves(joined, ["burden"])
    assert faults(figure) == []
    assert "mean of 3 replicates" in words(figure)


def test_by_default_the_primary_outcomes_of_the_frame_are_drawn(daily: Any) -> None:
    assert len(outcome_curves(daily()[["replicate", "centre", "day", "burden"]]).axes) == 1
    assert len(outcome_curves(daily()[["replicate", "centre", "day", "mood"]]).axes) == 1


def test_what_holds_no_days_is_refused_in_words(daily: Any) -> None:
    with pytest.raises(ValueError, match=r"found a list, allowed is a data frame of days: daily_frame\(run\)"):
        outcome_curves([1, 2])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a row for each run and no days"):
        outcome_curves(pd.DataFrame({"point": [0], "replicate": [0], "status": ["done"], "burden": [1.0]}))
