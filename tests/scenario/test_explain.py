"""Each value can say who set it, what it replaced and what is known about it."""

from pathlib import Path

import pytest

from sim.scenario.reading.explain import explain, reference
from sim.scenario.reading.load import read, read_as
from sim.scenario.schema.network import GENERATOR_PARAMETERS
from sim.scenario.schema.scenario import RULE_PARAMETERS, SCENARIO_PARAMETERS
from sim.scenario.text.errors import ScenarioError
from sim.sources import SOURCES

DEFAULTS = read_as("days: 30\n", Path("x.yaml"))


def test_a_default():
    (found,) = explain(DEFAULTS, "users.women")
    assert found.origin is None
    assert found.overrides == ()
    assert found.value == pytest.approx(4 / 14)
    assert str(found).splitlines() == [
        "users.women",
        "  value      0.2857142857142857",
        "  set in     default",
        "  allowed    0 to 1",
        "  plausible  0.15 to 0.5",
        "  unit       1 (a plain number)",
        f"  source     {reference('fan-2024')}",
        "  grade      measured",
        "  meaning    Share of women (4 of 14)",
    ]


def test_a_value_with_all_it_overrides(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "top.yaml").write_text("extends: base.yaml\n\ndays: 3 weeks\n")
    (tmp_path / "base.yaml").write_text("days: 99\n")
    lines = str(explain(read("top.yaml"), "days")[0]).splitlines()
    assert lines[:7] == [
        "days",
        "  value      21",
        "  set in     top.yaml:3:7",
        "  written    3 weeks = 21 day",
        "  overrides  99 (base.yaml:1:7)",
        "  overrides  365 (default)",
        "  allowed    a whole number, 1 to 36525 [day]",
    ]
    assert "  unit       day" in lines


def test_a_trait_explains_its_members():
    found = explain(read_as("users: {disclosure_threshold: 40 %}\n", Path("x.yaml")), "users.disclosure_threshold")
    assert [one.path for one in found] == ["users.disclosure_threshold.mean", "users.disclosure_threshold.sd"]
    assert [str(one.origin) for one in found] == ["x.yaml:1:31", "None"]
    assert found[0].value == 0.4


def test_groups_and_stars():
    attendance = [f"rules.{one.path}" for one in RULE_PARAMETERS if one.path.startswith("attendance.")]
    assert [one.path for one in explain(DEFAULTS, "rules.attendance")] == attendance
    assert len(attendance) > 5
    assert [one.path for one in explain(DEFAULTS, "rules.*.burden_slope")] == [
        "rules.episodes.burden_slope",
        "rules.attendance.burden_slope",
    ]
    everything = {one.path for one in explain(DEFAULTS, "*")}
    assert {
        "name",
        "days",
        "seed",
        "centres.centre.open",
        "centres.centre.timetable.1.minutes",
        "network.arguments.k",
    } <= everything


@pytest.mark.parametrize("parameter", RULE_PARAMETERS, ids=lambda parameter: parameter.path)
def test_every_parameter_of_the_rules_is_explained_in_full(parameter):
    (found,) = explain(DEFAULTS, f"rules.{parameter.path}")
    assert found.value == parameter.default
    assert found.quantity == parameter.quantity
    assert SOURCES[parameter.quantity.source].authors in str(found)
    assert found.meaning


def test_every_parameter_of_the_scenario_is_explained_under_its_path():
    for parameter in SCENARIO_PARAMETERS:
        found = explain(DEFAULTS, parameter.path)
        assert found
        assert all(one.quantity == parameter.quantity for one in found)


@pytest.mark.parametrize("generator", GENERATOR_PARAMETERS)
def test_every_argument_of_every_generator_is_explained_in_full(generator):
    loaded = read_as(f"network: {{generator: {generator}}}\n", Path("x.yaml"))
    found = explain(loaded, "network.arguments")
    assert [(one.path, one.value, one.quantity) for one in found] == [
        (parameter.path, parameter.default, parameter.quantity) for parameter in GENERATOR_PARAMETERS[generator]
    ]
    assert all(f"  source     {reference(one.quantity.source)}" in str(one) for one in found)


@pytest.mark.parametrize(
    ("text", "path", "written"),
    [
        ("rules: {turnover: {leaving_rate: 1 %/month}}", "rules.turnover.leaving_rate", "1 %/month = 0.12060"),
        ("users: {women: 35 %}", "users.women", "35 % = 0.35"),
        ("users: {empathy: 4.0e-1}", "users.empathy.mean", "4.0e-1 = 0.4"),
        ("network: {lasting_years: 18 months}", "network.lasting_years", "18 months = 1.5 year"),
    ],
)
def test_the_text_of_the_file_is_shown_with_what_it_comes_to(text, path, written):
    (found,) = explain(read_as(f"{text}\n", Path("x.yaml")), path)
    assert found.written.startswith(written)
    assert f"  written    {found.written}" in str(found).splitlines()


@pytest.mark.parametrize("text", ["users: {women: 0.4}\n", "days: 3\n"])
def test_a_file_that_writes_the_value_itself_is_not_shown_twice(text):
    found = [one for one in explain(read_as(text, Path("x.yaml")), "*") if one.origin is not None]
    assert found
    assert not [one for one in found if one.written]


@pytest.mark.parametrize(("women", "line"), [(0.5, "0.15 to 0.5"), (0.51, "0.15 to 0.5; 0.51 lies outside")])
def test_a_value_outside_the_plausible_range_is_flagged(women, line):
    (found,) = explain(read_as(f"users: {{women: {women}}}\n", Path("x.yaml")), "users.women")
    assert f"  plausible  {line}" in str(found).splitlines()
    assert found.is_plausible == (women == 0.5)


def test_a_file_is_shown_from_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "n.csv").write_text("source,target\na,b\n")
    (found,) = explain(read_as("network: {kind: file, file: n.csv}\n", Path("x.yaml")), "network.file")
    assert "  value      n.csv" in str(found).splitlines()


def test_every_value_has_a_meaning():
    assert [one.path for one in explain(DEFAULTS, "*") if not one.meaning] == []


def test_a_replaced_list_says_what_it_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "top.yaml").write_text(
        "extends: baseline\ncentres:\n  park:\n    timetable:\n      - activity: crafts\n"
    )
    found = explain(read("top.yaml"), "centres.park.timetable.1.activity")[0]
    assert str(found.origin) == "top.yaml:5:19"
    assert len(found.overrides[0].value) == 5
    assert "  overrides  a list of 5 (" in str(found)


@pytest.mark.parametrize("path", ["users.nothing", "rules.attendance.qqqqq", "users."])
def test_a_path_whose_end_is_like_no_other_gets_no_suggestion(path):
    with pytest.raises(ScenarioError) as caught:
        explain(DEFAULTS, path)
    assert str(caught.value) == f"explain: unknown path '{path}'"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("users.wmen", "unknown path 'users.wmen'; did you mean 'users.women'?"),
        ("disclosure_threshold", "did you mean 'users.disclosure_threshold'?"),
        ("mood_slope", "did you mean 'rules.attendance.mood_slope'?"),
        ("centres.park.users", "did you mean 'centres.centre.users'?"),
        ("", "unknown path ''"),
        ("q" * 10_000, "unknown path 'qqq"),
    ],
)
def test_an_unknown_path_gets_the_nearest(path, expected):
    with pytest.raises(ScenarioError) as caught:
        explain(DEFAULTS, path)
    assert expected in str(caught.value)
