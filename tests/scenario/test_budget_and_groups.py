"""A budget and groups of one's own in a scenario: read, refused, warned of."""

from pathlib import Path

import pytest

from sim.scenario.reading.explain import explain
from sim.scenario.reading.load import read as read_file
from sim.scenario.reading.load import read_as
from sim.scenario.reading.show import show
from sim.scenario.reading.warnings import warnings_in, warnings_of
from sim.scenario.schema.expected_cost import expected
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError
from sim.scenario.text.units import UnitError, convert

BASE = "extends: baseline\n"


def read(text: str) -> Scenario:
    return read_as(BASE + text, Path("mine.yaml")).scenario


@pytest.mark.parametrize(
    "text",
    [
        "7 CNY/day",
        "7元/day",
        "7 人民币/day",
        "￥7/day",
        "¥ 7/day",
        "7 yuan/day",
        "7 RMB/day",
        "7rmb / day",
        "7 cny/day",
    ],
)
def test_yuan_are_yuan_however_written(text):
    assert convert(text, "CNY/week") == pytest.approx(49.0)


@pytest.mark.parametrize("text", ["7 元", "元", "7 元/week/week", "7 usd/week", "7 yuans/week"])
def test_what_is_no_money_over_time_is_refused(text):
    with pytest.raises(UnitError, match="400 CNY/month"):
        convert(text, "CNY/week")


def test_a_budget_is_read_with_units_inherited_and_shown():
    budget = read("budget: {hours: 90 min/week, money: 365.25 元/year}\n").budget
    assert (budget.hours, budget.money) == (pytest.approx(1.5), pytest.approx(7.0))
    whole = read("budget: {hours: 3}\n")
    assert read_as(show(whole), Path("again.yaml")).scenario == whole
    assert read("days: 30\n").budget is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("budget: {}\n", "a budget needs hours, money or both"),
        ("budget: {hours: -1}\n", "0 to 1000000"),
        ("budget: {hours: 4000 CNY/month}\n", "h/week"),
        ("budget: {mony: 3}\n", "did you mean 'money'"),
        ("groups: {young: agee < 30}\n", "did you mean 'age'"),
        ("groups: {young: mean(age) < 30}\n", "sums up the users of a centre"),
        ("groups: {women: age < 30}\n", "every comparison has a group named women"),
        ("groups: {a.b: age < 30}\n", "a name of letters in any script"),
    ],
)
def test_what_is_wrong_is_said(text, problem):
    with pytest.raises(ScenarioError, match=problem.replace("(", r"\(").replace(")", r"\)")):
        read(text)


@pytest.mark.parametrize("name", ["young", "老学员", "under 30", "Ältere", "группа-2"])
def test_a_group_has_a_name_in_any_script(name):
    scenario = read(f'groups: {{"{name}": age < 30}}\n')
    assert list(scenario.groups) == [name]
    assert read_as(show(scenario), Path("again.yaml")).scenario.groups == scenario.groups


def test_values_of_a_budget_and_of_groups_are_explained():
    loaded = read_as(f"{BASE}budget: {{hours: 2 h/day}}\ngroups: {{young: age < 30}}\n", Path("mine.yaml"))
    (hours,) = explain(loaded, "budget.hours")
    assert "2 h/day = 14 h/week" in str(hours)
    assert "Nobody has measured" not in str(hours)
    (money,) = explain(loaded, "budget.money")
    assert "not set" in str(money)
    (groups,) = explain(loaded, "groups")
    assert "mine.yaml:3" in str(groups)


def test_what_policies_take_is_estimated_before_any_run():
    """By hand: 2 h for the start of half of the run, and 25 users x 0.5 who take part at 1 h and 10 yuan."""
    scenario = read("days: 100\n").with_changes(
        policies={
            "fixed": {"policy": "supervision", "eligible": "burden > 50", "staff_hours": 2.0, "staff_hours_each": 0.0,
                      "start": 50},
            "each": {"policy": "respite", "eligible": "everybody", "uptake": 0.5, "staff_hours": 0.0,
                     "staff_hours_each": 1.0, "money": 0.0, "money_each": 10.0},
            "perhaps": {"policy": "help_cap", "staff_hours": 99.0, "when": "mean(burden) > 50"},
        }
    )  # fmt: skip
    number = round(0.5 * sum(centre.users for centre in scenario.centres.values()))
    assert expected(scenario) == (pytest.approx(1.0 + number), pytest.approx(10.0 * number))
    assert expected(scenario, least=True) == (0.0, 0.0)


def test_a_base_beyond_its_budget_is_warned_of_and_one_within_is_not():
    text = "policies: {circle: {policy: codesign, staff_hours: 3, money: 100}}\nbudget: "
    over = [str(one) for one in warnings_of(read(f"{text}{{hours: 2, money: 1 CNY/month}}\n"))]
    assert ["budget.hours" in over[0], "budget.money" in over[1]] == [True, True]
    assert "about 3 h of staff a week or more, and the budget is 2" in over[0]
    assert warnings_of(read(f"{text}{{hours: 3, money: 100 CNY/week}}\n")) == ()


def test_a_group_without_anybody_is_warned_of():
    assert "nobody belongs to it" in str(warnings_of(read("groups: {ancient: age > 100}\n"))[0])


def test_a_limit_without_a_unit_is_read_as_stated_and_said(tmp_path):
    """An office that pays by the month would otherwise have four times its money, unsaid."""
    path = tmp_path / "ours.yaml"
    path.write_text("extends: baseline\nbudget: {hours: 10 h/week, money: 4000}\n", encoding="utf-8")
    loaded = read_file(path)
    (warning,) = warnings_in(loaded)
    assert (warning.path, warning.line, warning.column) == ("budget.money", 2, 35)
    assert "counts as 4000 CNY/week; write 4000 CNY/week, or 4000 CNY/month" in str(warning)
    path.write_text(show(loaded.scenario), encoding="utf-8")
    again = read_file(path)
    assert again.scenario == loaded.scenario, "what is shown says its units, and is read to the same bits"
    assert warnings_in(again) == ()
