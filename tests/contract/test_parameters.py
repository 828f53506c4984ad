"""Every parameter by itself: its declaration is consistent, the model reads it, and it makes a difference."""

import ast
import hashlib
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from reading import attributes, chains, files, tree

from sim.run import run
from sim.scenario.schema.policy import policies
from sim.scenario.schema.quantity import GRADES, Parameter, parameters
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS, Mechanisms, Scenario
from sim.scenario.schema.users import USER_PARAMETERS
from sim.scenario.text.units import convert
from sim.sources import ASSUMED, CALIBRATED, SOURCES
from sim.state.build import parameters as parameter_record
from sim.state.people import TRAITS

POLICIES = [p for key, chosen in policies().items() for p in parameters(chosen, f"policies.*.{key}.")]
PARAMETERS = [*SCENARIO_PARAMETERS, *POLICIES]
RULES = [parameter for parameter in PARAMETERS if parameter.path.startswith("rules.")]
USERS = list(USER_PARAMETERS)
SURVEYS = [parameter for parameter in SCENARIO_PARAMETERS if parameter.path.startswith("observe.")]
SWITCHES = list(Mechanisms.model_fields)
READERS = (
    "rules",
    "outcomes",
    "day.py",
    *(f"state/{name}.py" for name in ("scales", "starting", "disclosure", "helping")),
)

every_rule_parameter = pytest.mark.parametrize("parameter", RULES, ids=lambda parameter: parameter.path)
every_user_parameter = pytest.mark.parametrize("parameter", USERS, ids=lambda parameter: parameter.path)


def in_record(parameter: Parameter) -> str:
    """Return the name of a parameter of the rules in the kernels."""
    return parameter.path.removeprefix("rules.").replace(".", "_")


def test_there_are_parameters_of_every_kind():
    assert len(RULES) > 100
    assert len(USERS) > 30
    assert len(POLICIES) > 150
    assert len(SURVEYS) > 5
    assert len(PARAMETERS) > len(RULES) + len(USERS) + len(POLICIES)
    assert len({parameter.path for parameter in PARAMETERS}) == len(PARAMETERS)


def all_but(allowed: Callable[[Parameter], bool]) -> list[str]:
    """Return the paths of the parameters for which something does not hold."""
    return [parameter.path for parameter in PARAMETERS if not allowed(parameter)]


def test_defaults_are_plausible_and_what_is_plausible_is_allowed():
    def ordered(parameter: Parameter) -> bool:
        (low, high), (least, most) = parameter.quantity.bounds, parameter.quantity.plausible
        return -math.inf < low <= least <= parameter.default <= most <= high < math.inf and least < most

    assert all_but(ordered) == []


def test_units_can_be_written_in_a_scenario():
    def readable(parameter: Parameter) -> bool:
        unit = parameter.quantity.unit
        return convert("7" if unit == "1" else f"7 {unit}", unit) == 7.0

    assert all_but(readable) == []


def test_sources_exist_and_agree_with_the_grade():
    assert all_but(lambda parameter: parameter.quantity.source in SOURCES) == []
    assert all_but(lambda parameter: parameter.quantity.grade in GRADES) == []
    measured = [parameter for parameter in PARAMETERS if parameter.quantity.grade == "measured"]
    assert measured
    assert not [p.path for p in measured if p.quantity.source in (ASSUMED.key, CALIBRATED.key)]
    # What is calibrated may name what its form and direction come from; what names nothing else is calibrated.
    assert all_but(lambda p: p.quantity.source != CALIBRATED.key or p.quantity.grade == "calibrated") == []


def test_meanings_are_phrases():
    def phrased(parameter: Parameter) -> bool:
        meaning = parameter.quantity.meaning
        return len(meaning.split()) >= 2 and meaning[0].isupper() and not meaning.endswith(".")

    assert all_but(phrased) == []


def test_whole_numbers_have_whole_limits():
    def whole(parameter: Parameter) -> bool:
        numbers = (parameter.default, *parameter.quantity.bounds, *parameter.quantity.plausible)
        return not parameter.whole or all(float(number).is_integer() for number in numbers)

    assert all_but(whole) == []


def test_the_model_reads_every_parameter_of_the_rules():
    in_kernels, while_building = attributes(*READERS), chains("state/build.py")
    unread = [
        parameter.path
        for parameter in RULES
        if in_record(parameter) not in in_kernels and not any(read.endswith(parameter.path) for read in while_building)
    ]
    assert unread == []


@pytest.mark.parametrize("switch", SWITCHES)
def test_the_model_reads_the_switch(switch):
    assert switch in attributes("rules", "state/scales.py", "state/disclosure.py")


def test_the_kernels_read_no_parameter_that_does_not_exist():
    known = set(parameter_record(Scenario(name="x")).dtype.names)
    read = set()
    for path in files(*READERS):
        for node in ast.walk(tree(path)):
            match node:
                case ast.Attribute(value=ast.Name(id="p"), attr=name):
                    read.add(name)
                case ast.Attribute(value=ast.Subscript(value=ast.Attribute(attr="p")), attr=name):
                    read.add(name)
    assert len(read) > 100
    assert read <= known


def test_the_sampling_of_users_reads_every_parameter():
    read = chains("state/people.py")
    unread = [
        parameter.path
        for parameter in USERS
        if parameter.path.partition(".")[0] not in TRAITS and f"users.{parameter.path.partition('.')[0]}" not in read
    ]
    assert unread == []


# A parameter that can be changed from end to end of what is plausible without changing anything is no parameter.


def eventful(**sections) -> Scenario:
    """Return a year in which everything in the model happens to somebody."""
    rules = {
        "conversation": {"occasion": 1.0, "leak_rate": 1.0, "questioning": 0.5, "cost_distress": 0.05},
        "turnover": {"leaving_rate": 2.0, "vacancy_days": 3.0},
        "episodes": {f"relapse_{name}": 4.0 for name in ("schizophrenia", "bipolar", "ocd", "epileptic")},
        "support": {"remind_rate": 0.4, "teach_rate": 0.6},
        "contact": {"closeness_from": 0.35, "daily_rate": 0.6},
        "identity": {"advocacy_from": 0.3, "advocacy_rate": 0.2, "advocacy_public": 0.01, "contagion": 0.01},
        "proximity": {"romance_share": 0.15},
        "attendance": {"base_share": 0.5},
    }
    for section, values in sections.items():
        rules[section] = rules.get(section, {}) | values
    timetable = [{"activity": activity, "minutes": 120} for activity in ("crafts", "free time")]
    timetable.append({"activity": "singing", "minutes": 60, "grouping": "interest"})
    timetable.append({"activity": "occupation therapy", "minutes": 60})
    users = {"desired_closeness": {"mean": 0.5, "sd": 0.25}, "disclosure_threshold": 0.3, "confidentiality": 0.4}
    users |= {"ocd": 0.14, "bipolar": 0.1}
    given = {"name": "eventful", "days": 365, "centres": {"c": {"users": 25, "timetable": timetable}}, "users": users}
    surroundings = {"society": {"public_stigma": 0.7}, "network": {"hours_per_year": 40}}
    halves = {"eligible": "all", "uptake": 0.4}
    arranged = {
        "buddies": {"policy": "buddy_scheme"} | halves,
        "workers": {"policy": "peer_support_workers"} | halves,
        "circle": {"policy": "disclosure_circle"} | halves,
        "rotating": {"policy": "activity_timetable", "grouping": "rotating", "uptake": 0.5, "staff_hours": 20},
    }
    return Scenario.model_validate(given | surroundings | {"rules": rules, "policies": arranged})


def left_behind(scenario: Scenario) -> str:
    """Return a digest of all results of a run."""
    done = run(scenario, 8, graph_days=[scenario.days], at_least=0)
    ties = repr(sorted(done.graphs[scenario.days].edges(data=True))).encode()
    return hashlib.sha256(done.daily.tobytes() + done.users.tobytes() + ties).hexdigest()


@cache
def usual() -> str:
    return left_behind(eventful())


@every_rule_parameter
def test_the_parameter_makes_a_difference(parameter):
    _, section, name = parameter.path.split(".")
    low, high = parameter.quantity.plausible
    assert left_behind(eventful(**{section: {name: low}})) != left_behind(eventful(**{section: {name: high}}))


@pytest.mark.parametrize("switch", SWITCHES)
def test_the_switch_makes_a_difference(switch):
    assert left_behind(eventful().with_changes(mechanisms=Mechanisms.model_validate({switch: False}))) != usual()


def test_a_run_of_these_is_the_same_each_time():
    assert left_behind(eventful()) == usual()


SHARES = {"schizophrenia": 0.5, "bipolar": 0.05, "ocd": 0.05}
"""Diagnoses that leave room for each to be changed."""


@every_user_parameter
def test_the_parameter_of_users_makes_a_difference(parameter):
    name, _, part = parameter.path.partition(".")
    runs = []
    for value in parameter.quantity.plausible:
        users = (SHARES if name in SHARES else {}) | {name: {part: value} if part else value}
        given = {"name": "x", "days": 2, "centres": {"c": {"users": 60}}, "users": users}
        runs.append(left_behind(Scenario.model_validate(given)))
    assert runs[0] != runs[1]


def accepted(parameter: Parameter, value: float) -> bool:
    """Return whether a scenario that sets only this parameter is valid."""
    given: dict[str, Any] = {"name": "x"}
    place: Any = given
    *sections, name = parameter.path.split(".")
    if sections and sections[0] == "policies":
        policy = sections.pop()
        whole = {"grouping": "free"} if policy == "activity_timetable" else {}  # it has to change something
        trigger = {"when": "mean(burden) > 50"} if name == "cooldown" else {}
        given["policies"] = {"c": {"policy": policy} | whole | trigger}
    for section in sections:
        key = {"*": "c"}.get(section, section)
        if section == "timetable":
            place["timetable"] = [{"activity": "crafts"}]
            place = place["timetable"]
        elif isinstance(place, list):
            place = place[0]
        else:
            place = place.setdefault(key, {})
    place[name] = int(value) if parameter.whole else value
    try:
        return bool(Scenario.model_validate(given))
    except ValidationError:
        return False


@pytest.mark.parametrize("end", [0, 1], ids=["lowest", "highest"])
def test_each_end_of_what_is_plausible_can_be_set_by_itself(end):
    assert all_but(lambda parameter: accepted(parameter, parameter.quantity.plausible[end])) == []


CENTRE = [
    parameter
    for parameter in PARAMETERS
    if parameter.path.startswith("centres.*.")
    and "timetable" not in parameter.path
    and "hour_cost" not in parameter.path
]


@pytest.mark.parametrize("parameter", CENTRE, ids=lambda parameter: parameter.path)
def test_the_parameter_of_centres_makes_a_difference(parameter):
    name = parameter.path.rpartition(".")[2]
    session = {"activity": "crafts", "minutes": 120, "grouping": "assigned", "group_size": 4}
    base = {"users": 16, "users_per_staff": 3.0, "timetable": [session]}
    runs = []
    for value in parameter.quantity.plausible:
        value = int(value) if parameter.whole else value
        talk = {"rules": {"conversation": {"occasion": 1.0}}, "users": {"disclosure_threshold": 0.35}}
        short = {"policy": "supervision", "eligible": "all", "staff_hours": 200}  # more hours than there are
        talk |= {"policies": {"short": short}}
        talk["rules"] |= {"turnover": {"leaving_rate": 2.0, "vacancy_days": 3.0}}  # so that there are newcomers
        given = {"name": "x", "days": 120, "centres": {"c": base | {name: value}}}
        runs.append(left_behind(Scenario.model_validate(given | talk)))
    assert runs[0] != runs[1]


@pytest.mark.parametrize(("name", "values"), [("minutes", (30, 120)), ("group_size", (4, 12))])
def test_the_parameter_of_sessions_makes_a_difference(name, values):
    runs = []
    for value in values:
        centre = {"users": 16, "timetable": [{"activity": "crafts", name: value}]}
        runs.append(left_behind(Scenario.model_validate({"name": "x", "days": 5, "centres": {"c": centre}})))
    assert runs[0] != runs[1]


@pytest.mark.parametrize(
    ("section", "name", "values"),
    [
        ("network", "hours_per_year", (4.0, 60.0)),
        ("network", "lasting_years", (1.0, 8.0)),
        ("network", "told_share", (0.0, 0.4)),
        ("society", "public_stigma", (0.4, 0.8)),
        ("society", "public_stigma_reference", (0.4, 0.8)),
    ],
)
def test_the_parameter_of_the_surroundings_makes_a_difference(section, name, values):
    base = {"hours_per_year": 40.0} if section == "network" else {}
    runs = [
        left_behind(Scenario.model_validate({"name": "x", "days": 5, section: base | {name: value}}))
        for value in values
    ]
    assert runs[0] != runs[1]


@pytest.mark.parametrize("parameter", SURVEYS, ids=lambda parameter: parameter.path)
def test_the_parameter_of_surveys_makes_a_difference_to_what_is_seen_and_none_to_what_is(parameter):
    name = parameter.path.rpartition(".")[2]
    runs = []
    for value in parameter.quantity.plausible:
        asked = {"waves": [0], "level": "acquaintance", name: int(value) if parameter.whole else value}
        given = {"name": "x", "days": 2, "observe": asked, "centres": {"c": {"users": 40}}}
        given |= {"network": {"arguments": {"k": 30}, "hours_per_year": 60}}  # some name more than the limit
        runs.append(run(Scenario.model_validate(given), 8))
    one, other = (done.surveys[0] for done in runs)
    assert any(
        not np.array_equal(getattr(one, part), getattr(other, part)) for part in ("answered", "namer", "closeness")
    ) or any(not np.array_equal(one.answers[of], other.answers[of], equal_nan=True) for of in one.answers)
    assert runs[0].daily.tobytes() == runs[1].daily.tobytes()


def test_settling_makes_a_difference_and_days_are_lived():
    runs = [run(Scenario(name="x", days=3, settling=settling), 1) for settling in (0, 30)]
    assert runs[0].daily.tobytes() != runs[1].daily.tobytes()
    assert len(run(Scenario(name="x", days=7), 1).daily) == 7
