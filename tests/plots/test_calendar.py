"""Axes over time: days from 0, or the calendar when the frame has dates."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from experiments.plots import series
from experiments.plots.compare.outcomes import outcome_fans
from experiments.plots.run.curves import outcome_curves


def days(number, begin=None):
    frame = pd.DataFrame({"scenario": "徐汇", "replicate": 0, "centre": "徐汇", "day": range(number), "burden": 30.0})
    other = frame.assign(scenario="静安")
    whole = pd.concat([frame, other], ignore_index=True)
    if begin is not None:
        whole["date"] = pd.Timestamp(begin) + pd.to_timedelta(whole["day"], unit="D")
    return whole


def ticks(first, last, begin, most=6):
    axes = Figure().add_subplot()
    series.day_axis(axes, first, last, pd.Timestamp(begin), most)
    axes.figure.canvas.draw()
    return list(axes.get_xticks()), [tick.get_text() for tick in axes.get_xticklabels()]


def test_months_stand_where_they_begin_and_the_year_once():
    places, words = ticks(0, 364, "2027-01-04")
    begins = pd.date_range("2027-01-04", "2028-01-03", freq="MS")[1::2]
    assert places == [(month - pd.Timestamp("2027-01-04")).days for month in begins]
    assert words == ["Mar\n2027", "May", "Jul", "Sep", "Nov", "Jan\n2028"]


@pytest.mark.parametrize(
    ("last", "begin", "most", "expected"),
    [
        (29, "2027-12-20", 6, ["20 Dec\n2027", "27 Dec", "3 Jan\n2028", "10 Jan", "17 Jan"]),
        (0, "2027-01-04", 6, ["4 Jan\n2027"]),
        (89, "2027-01-04", 4, ["Feb\n2027", "Mar", "Apr"]),
        (36524, "2027-01-04", 4, ["Jan\n2050", "Jan\n2100"]),
    ],
)
def test_ticks_suit_the_length_of_the_run(last, begin, most, expected):
    assert ticks(0, last, begin, most)[1] == expected


def test_curves_show_the_calendar_when_the_frame_has_dates():
    frame = days(60, "2027-01-04")
    figure = outcome_curves(frame[frame["scenario"] == "徐汇"], ["burden"])
    figure.canvas.draw()
    axes = figure.axes[0]
    assert axes.get_xlabel() == ""
    assert axes.get_xticklabels()[0].get_text() == "4 Jan\n2027"
    plain = outcome_curves(days(60).query("scenario == '徐汇'"), ["burden"])
    assert plain.axes[0].get_xlabel() == "time since the start (days)"


def test_fans_show_the_calendar_when_the_frame_has_dates():
    figure = outcome_fans(days(365, "2027-01-04"), ["burden"])
    figure.canvas.draw()
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()] == ["Apr\n2027", "Jul", "Oct", "Jan\n2028"]
    assert outcome_fans(days(365), ["burden"]).axes[0].get_xlabel() == "day"


def test_a_frame_without_dates_has_no_first_date():
    assert series.first_date(days(3)) is None
    assert series.first_date(days(3).assign(date=pd.NaT)) is None
    assert series.first_date(days(3, "2027-01-04").query("day > 0")) == pd.Timestamp("2027-01-04")
