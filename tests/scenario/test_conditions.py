"""Conditions: their meaning, and every name they know."""

import ast
import math
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim.scenario.conditions.condition
from sim.scenario.conditions.condition import Condition, ConditionError
from sim.scenario.conditions.names import AGGREGATES, CENTRE_ATTRIBUTES, OF_CONDITIONS, UNIT_WORDS, USER_ATTRIBUTES
from sim.scenario.text.units import convert
from sim.state.columns import CENTRE, SOCIETY, USER
from tests.scenario.holding import centre, user

MODULES = sorted(Path(sim.scenario.conditions.condition.__file__).parent.glob("*.py"))


def test_everybody_and_nobody():
    assert user("all", burden=[1.0, 2.0]) == [True, True]
    assert user(" none ", burden=[1.0, 2.0]) == [False, False]
    assert Condition("all", "user").holds({}, np.array([0, 0, 1])).tolist() == [True] * 3


def test_or_binds_less_than_and_and_and_less_than_not():
    values = {"newcomer": [1, 1, 0, 0], "helper": [0, 1, 0, 1], "unwell": [1, 1, 1, 0]}
    a, b, c = (np.array(values[name], bool) for name in ("newcomer", "helper", "unwell"))
    assert user("newcomer or helper and unwell", **values) == (a | (b & c)).tolist()
    assert user("(newcomer or helper) and unwell", **values) == ((a | b) & c).tolist()
    assert user("not newcomer and helper", **values) == (~a & b).tolist()
    assert user("not (newcomer and helper)", **values) == (~(a & b)).tolist()
    assert user("not not newcomer", **values) == a.tolist()
    assert user("not newcomer or helper or unwell", **values) == (~a | b | c).tolist()


def test_times_binds_more_than_plus_and_both_go_from_left_to_right():
    friends, confidants = [10, 10, 10], [1, 2, 3]
    assert user("friends - confidants - 1 == 7", friends=friends, confidants=confidants) == [False, True, False]
    assert user("friends - (confidants - 1) == 9", friends=friends, confidants=confidants) == [False, True, False]
    assert user("friends / 2 / 5 == 1", friends=friends) == [True] * 3
    assert user("friends / (2 / 5) == 25", friends=friends) == [True] * 3
    assert user("friends - 2 * confidants == 6", friends=friends, confidants=confidants) == [False, True, False]
    assert user("-confidants + friends > 8", friends=friends, confidants=confidants) == [True, False, False]
    assert user("friends > 1 + 2 * 4", friends=[8, 9, 10]) == [False, False, True]


def test_arithmetic_binds_more_than_comparison():
    assert user("age - years_ill < 20", age=[40.0, 40.0], years_ill=[25.0, 15.0]) == [True, False]


def test_comparisons_chain():
    assert user("20 < burden < 50", burden=[20, 21, 50, 49.0]) == [False, True, False, True]
    assert user("confidants <= friends < 5", friends=[4, 5, 1], confidants=[4, 1, 3]) == [True, False, False]


@pytest.mark.parametrize(
    ("sign", "expected"),
    [
        ("<", [True, False, False]),
        ("<=", [True, True, False]),
        (">", [False, False, True]),
        (">=", [False, True, True]),
        ("==", [False, True, False]),
        ("!=", [True, False, True]),
    ],
)
def test_comparisons(sign, expected):
    assert user(f"burden {sign} 50", burden=[49.0, 50.0, 51.0]) == expected


def test_labels_arrive_as_codes():
    assert user("sex == woman", sex=[0, 1]) == [False, True]
    assert user('"woman" != sex', sex=[0, 1]) == [True, False]
    assert user("(sex) == (woman)", sex=[0, 1]) == [False, True]
    text = "diagnosis in (schizophrenia, 'bipolar disorder')"
    assert user(text, diagnosis=[0, 1, 2, 3]) == [True, True, False, False]
    assert user(text.replace(" in ", " not in "), diagnosis=[0, 1, 2, 3]) == [False, False, True, True]
    assert user('occupation == "part-time/volunteer"', occupation=[0, 1, 2]) == [False, True, False]


def test_one_of_several_numbers():
    assert user("friends in (1, 3, 5 users)", friends=[1, 2, 3]) == [True, False, True]
    assert user("days_since_arrival in (1 week, 14)", days_since_arrival=[7, 14, 15]) == [True, True, False]


@pytest.mark.parametrize(
    ("text", "name", "edge"),
    [
        ("days_since_arrival < 6 weeks", "days_since_arrival", 42.0),
        ("days_since_arrival < 1 year", "days_since_arrival", 365.25),
        ("years_in_centre < 6 months", "years_in_centre", 0.5),
        ("years_in_centre < 3", "years_in_centre", 3.0),
        ("mood < 40 %", "mood", 0.4),
        ("mood < .4", "mood", 0.4),
        ("friends < 3 people", "friends", 3.0),
        ("burden < 5e1", "burden", 50.0),
        ("2 * burden < 60", "burden", 30.0),
        ("burden / 2 < 30", "burden", 60.0),
        ("days_absent < 1 week + 3 days", "days_absent", 10.0),
        ("days_absent < 1 week + 3", "days_absent", 10.0),
    ],
)
def test_units_are_converted(text, name, edge):
    assert user(text, **{name: [edge * (1 - 1e-9), edge]}) == [True, False]


def test_days_and_years_are_converted_to_each_other():
    values = {"years_in_centre": [2.0, 2.0], "days_since_arrival": [730.0, 731.0]}
    assert user("days_since_arrival > years_in_centre", **values) == [False, True]
    assert user("years_in_centre - days_since_arrival < 0 years", **values) == [False, True]
    assert user("years_in_centre / days_since_arrival < 1", **values) == [False, True]
    assert user("years_in_centre / (1 year + 1 day) < 2", **values) == [True, True]


def test_a_ratio_is_a_share():
    assert user("friends / desired_ties < 50 %", friends=[1, 2], desired_ties=[3.0, 3.0]) == [True, False]


def test_what_has_no_value_compares_as_false():
    values = {"help_given": [0.0, 2.0], "help_received": [0.0, 1.0]}
    for sign in ("<", ">", "==", "!="):
        assert user(f"help_given / help_received {sign} 1", **values)[0] is False
    assert user("help_given / help_received in (1, 2)", **values) == [False, True]
    assert user("help_given / help_received not in (1, 3)", **values) == [False, True]
    assert user("burden != 3", burden=[math.nan]) == [False]


OF = [0, 0, 0, 2, 2]
BURDENS = [10.0, 20.0, 60.0, 70.0, 90.0]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("mean(burden)", (30.0, 80.0)),
        ("sd(burden)", (statistics.pstdev(BURDENS[:3]), statistics.pstdev(BURDENS[3:]))),
        ("median(burden)", (20.0, 80.0)),
        ("min(burden)", (10.0, 70.0)),
        ("max(burden)", (60.0, 90.0)),
        ("100 * share(burden >= 20)", (200 / 3, 100.0)),
        ("count(burden >= 20) + 1", (3.0, 3.0)),
    ],
)
def test_aggregates(how, expected):
    """Centre 1 is empty, and no comparison with a missing quantity holds."""
    for place, value in ((0, expected[0]), (2, expected[1])):
        below = centre(f"{how} > {value - 0.01:.10f}", OF, 3, burden=BURDENS)
        above = centre(f"{how} < {value + 0.01:.10f}", OF, 3, burden=BURDENS) if value < 99 else below
        assert below[place]
        assert above[place]
        assert not below[1]
        assert not above[1]
        if value < 99:
            assert not centre(f"{how} > {value + 0.01:.10f}", OF, 3, burden=BURDENS)[place]


@pytest.mark.parametrize("how", [f"{how}(burden)" for how in AGGREGATES if how not in OF_CONDITIONS])
def test_no_comparison_over_no_users_holds(how):
    for sign in ("<", "<=", ">", ">=", "==", "!="):
        assert centre(f"{how} {sign} 40", [], 2, burden=np.zeros(0)) == [False, False]
    assert centre(f"not {how} > 40", [], 2, burden=np.zeros(0)) == [True, True]


@pytest.mark.parametrize("how", OF_CONDITIONS)
def test_no_comparison_of_a_share_or_count_of_no_users_holds(how):
    for sign in ("<", ">", "!="):
        assert centre(f"{how}(newcomer) {sign} 0.5", [], 2, newcomer=np.zeros(0)) == [False, False]


def test_the_order_of_users_means_nothing():
    order = [3, 0, 4, 2, 1]
    for how in ("mean", "sd", "median", "min", "max"):
        text = f"{how}(burden) > 25"
        mixed = centre(text, np.array(OF)[order], 3, burden=np.array(BURDENS)[order])
        assert mixed == centre(text, OF, 3, burden=BURDENS)


def test_quantities_of_centres_and_aggregates_meet():
    values = {
        "burden": BURDENS,
        "attendance": [0.5, 0.3, 0.5],
        "users": [3, 0, 2],
        "vacant": [0, 3, 1],
        "day": [90] * 3,
    }
    assert centre("mean(burden) > 50 or attendance < 40 %", OF, 3, **values) == [False, True, True]
    assert centre("day >= 3 months - 2", OF, 3, **values) == [True] * 3
    assert centre("vacant / (users + vacant) > 20 %", OF, 3, **values) == [False, True, True]
    assert centre("count(burden > 50) >= users / 2", OF, 3, **values) == [False, False, True]
    assert centre("users > 2", [], 3, users=[3, 0, 2]) == [True, False, False]


@pytest.mark.parametrize(
    ("text", "days"),
    [("users > 2", 0), ("users > 2 for 3 weeks", 21), ("users > 2 for 5", 5), ("users > 2 for 1 month", 30),
     ("users > 2 or day > 3 for 1 year", 365), ("mean(burden) > 50 for 24 h", 1)],
)  # fmt: skip
def test_how_long_a_condition_must_last(text, days):
    found = Condition(text, "centre")
    assert (found.lasting, type(found.lasting)) == (days, int)


# Every name


def columns():
    return {column.name: column for table in (USER, CENTRE, SOCIETY) for column in table}


def test_labels_are_those_of_the_state():
    labels = {name: known.labels for name, known in USER_ATTRIBUTES.items() if known.kind == "label"}
    assert set(labels) == {"sex", "marital_status", "diagnosis", "occupation", "lives_with"}
    assert labels == {name: columns()[name].labels for name in labels}


def test_ranges_and_units_are_those_of_the_state():
    """Ages continue to grow after the day on which they were written down."""
    grown = {"age", "years_ill", "years_in_centre"}
    shared = [
        (known, columns()[known.name])
        for known in (*USER_ATTRIBUTES.values(), *CENTRE_ATTRIBUTES.values())
        if known.name in columns() and known.range[1] != 100 and known.kind != "label" and known.name not in grown
    ]
    assert len(shared) >= 20
    assert [known.name for known, column in shared if known.name != "vacant" and known.range != column.range] == []
    assert [known.name for known, column in shared if known.unit != column.unit] == []


def test_no_name_means_two_things():
    labels = [label for known in USER_ATTRIBUTES.values() for label in known.labels]
    alike = {"divorced", "married", "widowed"}  # alone and as a label of marital_status: the same users
    labels = [label for label in labels if label not in alike]
    names = [*USER_ATTRIBUTES, *CENTRE_ATTRIBUTES, *AGGREGATES, "all", "none", "and", "or", "not", "in", "for", *labels]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", USER_ATTRIBUTES)
def test_every_quantity_of_a_user(name):
    known = USER_ATTRIBUTES[name]
    assert known.meaning
    if known.kind == "truth":
        assert user(name, **{name: [0, 1]}) == [False, True]
        assert centre(f"share({name}) > 40 %", [0, 0], 1, **{name: [False, True]}) == [True]
    elif known.kind == "label":
        for code, label in enumerate(known.labels):
            codes = list(range(len(known.labels)))
            assert user(f'{name} == "{label}"', **{name: codes}) == [other == code for other in codes]
    else:
        low, high = known.range
        middle = (low + min(high, low + 200)) / 2
        text = f"{name} > {middle}"
        assert user(text, **{name: [middle, middle + 0.1]}) == [False, True]
        assert Condition(text, "user").names == {name}
        assert centre(f"mean({name}) > {middle}", [0, 0], 1, **{name: [middle, middle + 0.1]}) == [True]
        with pytest.raises(ConditionError, match="is always true"):
            Condition(f"{name} >= {low}", "user")


@pytest.mark.parametrize("name", CENTRE_ATTRIBUTES)
def test_every_quantity_of_a_centre(name):
    middle = 0.5 if CENTRE_ATTRIBUTES[name].range[1] == 1 else 5
    assert CENTRE_ATTRIBUTES[name].meaning
    assert centre(f"{name} > {middle}", [], 2, **{name: [middle, middle + 0.1]}) == [False, True]
    with pytest.raises(ConditionError, match="of a centre"):
        Condition(f"{name} > {middle}", "user")


@pytest.mark.parametrize("word", UNIT_WORDS)
def test_every_unit_that_is_offered_is_one(word):
    assert any(not isinstance(attempt(f"3 {word}", unit), Exception) for unit in ("1", "day", "users"))
    assert isinstance(attempt("3 wekks", "day"), ValueError)


def attempt(text, unit):
    """Convert a value; return the error if that fails."""
    try:
        return convert(text, unit)
    except ValueError as error:
        return error


# Of the code


def test_nothing_is_given_to_python_to_run():
    """The whole package evaluates no text as Python."""
    package = Path(sim.scenario.conditions.condition.__file__).parents[1]
    paths = sorted(package.rglob("*.py"))
    assert set(MODULES) <= set(paths)
    forbidden = {"eval", "exec", "compile", "__import__"}
    found = [
        f"{path.name}:{node.lineno}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in forbidden
    ]
    assert found == []


def test_a_scenario_without_conditions_waits_neither_for_lark_nor_for_numpy():
    code = (
        "import sys\nfrom sim.scenario.conditions.condition import Condition\nCondition('all', 'user')\n"
        "print(sorted({'lark', 'numpy'} & set(sys.modules)))\nCondition('burden > 3', 'user')\n"
        "print(sorted({'lark', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['lark']"]
