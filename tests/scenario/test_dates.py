"""Dates in scenarios: what they become, what refuses them, closed days, and public holidays."""

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from sim.scenario.reading.explain import explain
from sim.scenario.reading.load import read_as
from sim.scenario.reading.show import show
from sim.scenario.reading.warnings import warnings_in
from sim.scenario.schema.calendar import announced, as_date, public_holidays
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError, ScenarioError
from sim.state.build import calendar

FIRST = "extends: baseline\nfirst_date: 2027-01-04\n"
BUDDY = "policies: {p: {policy: buddy_scheme, start: %s}}\n"


def read(text):
    return read_as(text, Path("a.yaml"))


def refused(text):
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return str(caught.value)


@pytest.mark.parametrize(
    "written",
    ["2027-03-01", "2027-3-1", "2027/03/01", "2027.3.1", "2027年3月1日", "2027 年 3 月 1 日", "2027-03-01 00:00:00"],
)
def test_a_date_is_the_days_since_the_first_date(written):
    loaded = read(FIRST + BUDDY % written)
    assert loaded.scenario.policies["p"].start == (date(2027, 3, 1) - date(2027, 1, 4)).days == 56
    (told,) = explain(loaded, "policies.p.start")
    assert told.written == f"{written} = 56 day"


def test_days_and_weeks_still_work_beside_dates():
    loaded = read(FIRST + "policies: {p: {policy: buddy_scheme, start: 3 weeks, end: 2027-03-01}}\n")
    assert (loaded.scenario.policies["p"].start, loaded.scenario.policies["p"].end) == (21, 56)


def test_the_first_date_gives_the_weekday_of_day_0():
    assert read("extends: baseline\nfirst_date: 2027-01-08\n").scenario.first_day == "friday"


def test_a_first_date_replaces_an_inherited_weekday(tmp_path):
    (tmp_path / "base.yaml").write_text("extends: baseline\nfirst_day: sunday\n")
    text = "extends: base.yaml\nfirst_date: 2027-01-05\n"
    assert read_as(text, tmp_path / "ours.yaml").scenario.first_day == "tuesday"


def test_a_weekday_that_contradicts_the_date_is_refused():
    message = refused(FIRST + "first_day: friday\n")
    assert "first_day is friday, but first_date, 2027-01-04, is a monday; leave first_day out" in message


def test_closures_and_waves_may_be_dates():
    text = "centres: {park: {closures: [{first: 2027-02-05, last: 2027-02-11}]}}\nobserve: {waves: [2027-01-04, 30]}\n"
    scenario = read(FIRST + text).scenario
    assert scenario.centres["park"].closures[0].days == range(32, 39)
    assert scenario.observe.waves == (0, 30)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2027-03-01", "found the date '2027-03-01', but the scenario does not say which date its day 0 is"),
        ("2027-03-01", "such as first_date: 2027-01-04; or days and weeks from day 0"),
        ("March", "found 'March', which is no whole date; did you mean '2027-03-01'?"),
        ("2027-03", "did you mean '2027-03-01'?"),
        ("3月", "did you mean '2027-03-01'?"),
        ("01/03/2027", "which is no whole date"),
    ],
)
def test_a_date_without_a_first_date_gets_the_way_out(value, expected):
    message = refused("extends: baseline\n" + BUDDY % value)
    assert message.startswith("a.yaml:2:45: policies.p.start: ")
    assert expected in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            "2026-12-31",
            "found '2026-12-31', which is before day 0 (first_date is 2027-01-04), allowed is 2027-01-04 or later",
        ),
        ("January", "did you mean '2027-01-01'?"),
        ("feb 2028", "did you mean '2028-02-01'?"),
        ("2027-02-30", "'2027-02-30', which is no whole date"),
        ("week 3", "did you mean '2 weeks'?"),
        ("第3周", "did you mean '2 weeks'?"),
    ],
)
def test_a_date_that_is_no_day_of_the_run_is_refused(value, expected):
    message = refused(FIRST + BUDDY % value)
    assert expected in message
    assert "\n" not in message


@pytest.mark.parametrize("value", ["3 weeks", "5", "monday", "2027", "2027-02-30", "04/01/2027"])
def test_a_first_date_has_to_be_a_date(value):
    message = refused(f"extends: baseline\nfirst_date: {value}\n")
    assert message.startswith("a.yaml:2:13: first_date: found ")
    assert message.endswith("allowed is a date with the year first, such as 2027-01-04")


def test_a_length_of_time_is_no_date():
    assert refused(FIRST + "days: 2027-03-01\n").endswith("a length of time is no date")


@pytest.mark.parametrize("moment", [date(2027, 3, 1), datetime(2027, 3, 1), "2027-03-01"])
def test_python_takes_dates_too(moment):
    base = read("extends: baseline\n").scenario
    policies = {"p": {"policy": "respite", "start": moment}}
    changed = base.with_changes(first_date=date(2027, 1, 5), policies=policies)
    assert (changed.first_day, changed.policies["p"].start) == ("tuesday", 56 - 1)
    with pytest.raises(ScenarioError, match="does not say which date its day 0 is"):
        base.with_changes(policies=policies)


def test_public_holidays_are_closed_days():
    loaded = read(FIRST + "centres: {park: {closures: [{holidays: china}, {first: 2027-08-02, last: 2027-08-06}]}}\n")
    scenario = loaded.scenario
    table = calendar(scenario, list(scenario.centres.values()))[scenario.settling :, 0]
    begin = np.datetime64("2027-01-04")
    for closed in ("2027-02-08", "2027-04-05", "2027-06-09", "2027-10-01", "2027-08-04"):
        assert table[(np.datetime64(closed) - begin).astype(int)] == 0
    assert table[(np.datetime64("2027-02-22") - begin).astype(int)] == 1
    assert read(show(scenario)).scenario == scenario
    (warning,) = warnings_in(loaded)
    assert "the public holidays of china in 2027, 2028 are those of the law alone" in str(warning)


def test_holidays_follow_the_length_of_the_run():
    scenario = read(FIRST + "centres: {park: {closures: [{holidays: CN}]}}\n").scenario
    longer, shorter = scenario.with_changes(days=800), scenario.with_changes(days=20)
    last = (date(2029, 1, 1) - date(2027, 1, 4)).days
    assert any(last in closure.days for closure in longer.centres["park"].closures)
    assert [closure.days for closure in shorter.centres["park"].closures] == [range(0)]
    assert shorter.with_changes(days=365).centres == scenario.centres
    assert Scenario.model_validate(scenario.model_dump(mode="json")) == scenario


@pytest.mark.parametrize("name", ["china", "CN", "CHN", "China", "中国"])
def test_a_country_has_its_name_and_its_codes(name):
    assert date(2027, 10, 1) in public_holidays(name, 2027)


def test_an_unknown_list_of_holidays_gets_a_suggestion():
    with pytest.raises(InputError, match="did you mean 'china'"):
        public_holidays("chna", 2027)
    message = refused(FIRST + "centres: {park: {closures: [{holidays: chna}]}}\n")
    assert message.startswith("a.yaml:3:40: centres.park.closures.1.holidays: no list of holidays is named 'chna'")
    assert "\n" not in message


def test_holidays_need_a_first_date():
    message = refused("extends: baseline\ncentres: {park: {closures: [{holidays: china}]}}\n")
    assert "holidays are dates, but the scenario does not say which date its day 0 is" in message


def test_a_closure_needs_days_or_holidays():
    assert "needs first and last, or holidays" in refused(FIRST + "centres: {park: {closures: [{first: 3}]}}\n")


def test_known_are_the_years_that_a_country_has_announced():
    assert announced("china", 2026)
    assert not announced("china", 2090)
    assert announced("germany", 2090)


@pytest.mark.parametrize("word", ["", "2027", "27-01-04", "2027-13-01", "1.2.2027", "2027-01/04", 5, None])
def test_what_is_no_date_is_none(word):
    assert as_date(word) is None
