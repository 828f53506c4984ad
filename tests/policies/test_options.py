"""Every number of every policy makes a difference, and errors name the place of the mistake."""

import numpy as np
import pytest
from trials import OPTIONS

from sim.engine import Engine
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.policy import FOREVER, PolicyUse, policies
from sim.scenario.schema.quantity import known, parameters
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError

NUMBERS = [(key, p.path, p) for key, chosen in policies().items() for p in parameters(chosen)]
OWN = [number for number in NUMBERS if number[1] not in PolicyUse.model_fields]
COMMON = [number for number in NUMBERS if number[0] == "supervision" and number[1] in PolicyUse.model_fields]


def left_behind(policy: str, **options) -> bytes:
    """Return all outcomes of half a year of a use of a policy in a busy centre."""
    rules = {
        "turnover": {"leaving_rate": 3.0, "vacancy_days": 2.0},
        "conversation": {"occasion": 1.0, "leak_rate": 1.0, "questioning": 1.0},
    }
    rules |= {"support": {"teach_rate": 0.6, "effect": 0.5}, "identity": {"advocacy_rate": 0.1}}
    rules |= {"contact": {"closeness_from": 0.35, "daily_rate": 0.6}}
    use = {"policy": policy, "eligible": "all", "uptake": 0.5, "ramp": 0} | OPTIONS.get(policy, {}) | options
    given = {"name": "x", "days": 180, "settling": 30, "rules": rules, "policies": {"use": use}}
    given |= {"centres": {"c": {"users": 24, "staff": 1}}, "network": {"hours_per_year": 60}}
    given |= {"users": {"disclosure_threshold": 0.35}}
    engine = Engine(Scenario.model_validate(given), 13)
    engine.advance(180)
    return engine.daily.tobytes()


FAR_APART = {
    ("activity_timetable", "group_size"): (3, 6),
    ("outreach", "after"): (1, 6),
    ("staffing", "closed_places"): (0, 6),
    ("communication_training", "restraint_gain"): (0.0, 1.0),
    ("vocational_training", "work_rate"): (0.0, 10.0),
    ("vocational_training", "teaching"): (0.0, 1.0),
}
"""Values to compare where the plausible ends do not differ visibly in half a year of one centre."""


@pytest.mark.parametrize(("policy", "name", "parameter"), OWN, ids=lambda x: x if isinstance(x, str) else "")
def test_a_number_of_its_own_makes_a_difference(policy, name, parameter):
    low, high = FAR_APART.get((policy, name), parameter.quantity.plausible)
    kind = int if parameter.whole else float
    assert left_behind(policy, **{name: kind(low)}) != left_behind(policy, **{name: kind(high)})


TRIED = {
    "start": (0, 30, {}),
    "end": (30, 90, {}),
    "ramp": (0, 60, {}),
    "fade": (0, 60, {"end": 40}),
    "uptake": (0.2, 0.9, {}),
    "intensity": (0.3, 1.0, {}),
    "staff_hours": (0, 4, {}),
    "staff_hours_each": (0, 0.1, {}),
    "money": (0, 100, {}),
    "money_each": (0, 10, {}),
    "cooldown": (0, 60, {"when": "day >= 1", "until": "day > 30"}),
}
"""Two values of each number every policy takes, and what it needs so that it can matter."""


@pytest.mark.parametrize("name", sorted({number[1] for number in COMMON}))
def test_what_every_policy_takes_makes_a_difference(name):
    low, high, more = TRIED[name]
    assert left_behind("supervision", **more, **{name: low}) != left_behind("supervision", **more, **{name: high})


def written(tmp_path, policy: str, *lines: str):
    """Write a scenario with one use of a policy; its lines begin at line 5."""
    path = tmp_path / "one.yaml"
    needed = ["    grouping: free"] if policy == "activity_timetable" else []
    text = ["name: one", "policies:", "  mine:", f"    policy: {policy}", *(f"    {line}" for line in lines), *needed]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def refused(tmp_path, policy: str, *lines: str) -> ScenarioError:
    """Return the complaint about a scenario."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(written(tmp_path, policy, *lines))
    return caught.value


every_policy = pytest.mark.parametrize("policy", policies())


@every_policy
def test_it_loads_with_nothing_said(tmp_path, policy):
    use = load_scenario(written(tmp_path, policy)).policies["mine"]
    assert type(use) is policies()[policy]
    assert use.end == FOREVER


@every_policy
def test_a_misspelt_key_is_told_with_its_nearest_spelling(tmp_path, policy):
    for name in policies()[policy].model_fields:
        wrong = name + "x"
        problem = refused(tmp_path, policy, f"{wrong}: 1").problems[0]
        assert (problem.line, problem.column) == (5, 5)
        assert wrong in str(problem)
        assert problem.suggestion == name or name in problem.allowed


@every_policy
def test_a_number_out_of_range_is_told_with_what_is_allowed(tmp_path, policy):
    for name, field in policies()[policy].model_fields.items():
        quantity = known(field)
        if quantity is None:
            continue
        for value in (quantity.bounds[0] - 1, quantity.bounds[1] + 1):
            said = refused(tmp_path, policy, f"{name}: {value:.0f}").problems
            at = [problem for problem in said if problem.path == f"policies.mine.{name}"]
            assert at, said
            assert at[0].line == 5
            assert f"{value:.0f}" in str(at[0])
            assert at[0].allowed


@every_policy
@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        (["start: 20", "end: 20"], 5, "end (day 20) does not come after start (day 20)"),
        (["eligible: burdn > 40"], 5, "burden"),
        (["eligible: burden > 400"], 5, "400"),
        (["when: mean(burden >"], 5, "policies.mine.when"),
        (["until: mean(burden) < 20"], 5, "add `when`"),
        (["cooldown: 20"], 5, "add `when`"),
        (["centres: [here]"], 5, "'here', allowed is one of centre"),
        (["stay: forever"], 5, "once begun"),
        (["priority: -1"], 5, "priority"),
    ],
    ids=lambda x: str(x)[:30],
)
def test_what_does_not_fit_is_told_where_it_stands(tmp_path, policy, lines, line, says):
    error = refused(tmp_path, policy, *lines)
    assert says in str(error)
    assert error.problems[0].line == line
    assert error.problems[0].column > 0


def test_a_policy_nobody_knows_is_told_with_the_nearest(tmp_path):
    problem = refused(tmp_path, "help_capp").problems[0]
    assert (problem.line, problem.suggestion) == (4, "help_cap")
    assert all(key in problem.allowed for key in policies())


def test_a_timetable_that_changes_nothing_is_refused(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text("name: one\npolicies:\n  mine:\n    policy: activity_timetable\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="the policy changes nothing"):
        load_scenario(path)


def test_units_may_be_written(tmp_path):
    path = written(tmp_path, "help_cap", "start: 2 weeks", "end: 1 year", "staff_hours: 2 h/week", "ramp: 3 weeks")
    use = load_scenario(path).policies["mine"]
    assert (use.start, use.end, use.ramp, use.staff_hours) == (14, 365, 21.0, 2.0)


def test_numbers_are_many():
    assert len(OWN) > 30
    assert np.unique([number[0] for number in NUMBERS]).tolist() == sorted(policies())


@pytest.mark.parametrize("key", policies())
def test_what_is_unknown_of_a_policy_are_numbers_of_its_own(key):
    chosen = policies()[key]
    own = {name for name in chosen.model_fields if name not in PolicyUse.model_fields}
    assert set(chosen.unknown) <= own
    for name in chosen.unknown:
        assert known(chosen.model_fields[name]).grade in ("assumed", "calibrated"), name


def test_most_policies_do_something_nobody_has_measured():
    assert sum(bool(chosen.unknown) for chosen in policies().values()) >= 14
