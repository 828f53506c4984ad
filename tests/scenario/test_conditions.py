"""Conditions: what they mean, what is refused and where, and that they compute what they say."""

import ast
import json
import math
import pickle
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import Field, ValidationError

import sim.scenario.conditions
from sim.scenario.condition_names import (
    AGGREGATES,
    CENTRE_ATTRIBUTES,
    OF_CONDITIONS,
    UNIT_WORDS,
    USER_ATTRIBUTES,
)
from sim.scenario.conditions import CentreCondition, Condition, ConditionError, UserCondition
from sim.scenario.quantity import Section
from sim.scenario.units import convert
from sim.state.columns import CENTRE, SOCIETY, USER

MODULES = sorted(Path(sim.scenario.conditions.__file__).parent.glob("condition*.py"))


def user(text, **values):
    """Tell of whom a condition holds, given lists of values."""
    return Condition(text, "user").holds({name: np.array(value) for name, value in values.items()}).tolist()


def centre(text, of, centres, **values):
    """Tell in which centres a condition holds; `of` is the centre of each user."""
    arrays = {name: np.array(value) for name, value in values.items()}
    return Condition(text, "centre").holds(arrays, np.array(of, dtype=np.int64), centres).tolist()


# What conditions mean


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
    """Centre 1 has nobody, and no comparison with what it has none of holds."""
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
    assert set(labels) == {"sex", "diagnosis", "occupation", "lives_with"}
    assert labels == {name: columns()[name].labels for name in labels}


def test_ranges_and_units_are_those_of_the_state():
    """Ages go on counting after the day they were written down."""
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
    """Convert, and give the error when that fails."""
    try:
        return convert(text, unit)
    except ValueError as error:
        return error


# What is refused

REFUSED_OF_USERS = [
    # text, position, what, suggestion
    ("", 0, "the condition is empty", ""),
    ("  ", 0, "the condition is empty", ""),
    ("burden", 0, "burden is a number, not a condition", "burden > 50"),
    ("burden + 3", 0, "'burden + 3' is a number, not a condition", "burden + 3 > 53"),
    ("sex", 0, "sex is a label, not a condition", "sex == man"),
    ("newcomer and 'man'", 13, "'man' is a label, not a condition", ""),
    ("burden > 150", 9, "'burden > 150' is always false: burden runs from 0 to 100", ""),
    ("150 > burden", 0, "'150 > burden' is always true: burden runs from 0 to 100", ""),
    ("loneliness_ucla20 < 10", 20, "is always false: loneliness_ucla20 runs from 20 to 80", ""),
    ("mood != 2", 8, "'mood != 2' is always true: mood runs from 0 to 1", ""),
    ("age in (20, 300)", 12, "'age == 300' is always false: age runs from 18 to 120 years", ""),
    ("burden + 100 > 50", 15, "is always true: burden + 100 runs from 100 to 200", ""),
    ("friends * 2 >= 0", 15, "friends * 2 is 0 users or more", ""),
    ("10 / friends < 0", 15, "is always false: 10 / friends is 0 or more", ""),
    ("1 < 2", 4, "'1 < 2' is always true", ""),
    ("sex in (man, woman)", 0, "'sex in (man, woman)' is always true: it names every label of sex", ""),
    ("years_in_centre < 3 users", 18, "'3 users' is in users, 'years_in_centre' is in years", ""),
    ("years_ill + friends > 3", 12, "'friends' is in users, 'years_ill' is in years", ""),
    ("burden > 50 %", 9, "'50 %' is a share or a plain number, 'burden' is on the scale 0-100", ""),
    ("burden > loneliness_ucla20", 9, "'loneliness_ucla20' is on the scale 20-80, 'burden' is on the scale 0-100", ""),
    ("days_absent < 6 wekks", 14, "unknown unit 'wekks'", "weeks"),
    ("days_absent < 6 Weeks", 14, "unknown unit 'Weeks'", "weeks"),
    ("days_absent < 6 AND newcomer", 16, "found 'AND'", "and"),
    ("lonliness > 30", 0, "unknown name 'lonliness'", "loneliness_ucla20"),
    ("newcomer or sexx == man", 12, "unknown name 'sexx'", "sex"),
    ("sex == womn", 7, "'womn' is no label of sex", "woman"),
    ("sex == 'Woman'", 7, "'Woman' is no label of sex", "woman"),
    ("diagnosis in (schizophrenia, bipolar)", 29, "'bipolar' is no label of diagnosis", "bipolar disorder"),
    ("sex in (3)", 8, "sex is compared with '3', which is no label", ""),
    ("sex == 1", 7, "sex is compared with '1', which is no label", ""),
    ("sex < woman", 0, "sex is a label, which is compared once and with == or != only", "sex == man"),
    ("sex == woman == sex", 0, "sex is a label, which is compared once", "sex == man"),
    ("sex + 1 > 2", 0, "sex is a label where a number belongs", "sex == man"),
    ("burden == woman", 10, "woman is a label of sex", "sex == woman"),
    ("burden == 'woman'", 10, "'woman' is a label where a number belongs", ""),
    ("burden == newcomer", 10, "newcomer is true or false by itself", ""),
    ("(burden > 3) + 1 > 2", 1, "'burden > 3' is a condition where a number belongs", ""),
    ("mean(burden) > 3", 0, "mean() sums up the users of a centre, which has no place in a condition on a user", ""),
    ("attendance > 30 %", 0, "attendance is a quantity of a centre, which has no place in a condition on a user", ""),
    ("burden(3) > 4", 0, "burden takes no brackets", "burden"),
    ("burdn(3) > 4", 0, "unknown aggregate 'burdn'", ""),
    ("mean > 4", 0, "mean needs brackets", "mean(burden)"),
    ("burden > 50 for 3 weeks", 16, "`for` belongs to conditions on centres", ""),
    ("all and newcomer", 0, "all is a whole condition on users and stands alone", ""),
    ("not none", 4, "none is a whole condition on users and stands alone", ""),
    ("burden = 3", 7, "found '='", "=="),
    ("newcomer && helper", 9, "found '&'", "and"),
    ("burden ≥ 3", 7, "found '≥'", ">="),
    ("burden > 3; import os", 10, "found ';'", ""),
    ("burden >", 8, "the condition breaks off", ""),
    ("(burden > 3", 11, "the condition breaks off", ""),
    ("burden > 3)", 10, "found ')'", ""),
    ("burden > and", 9, "found 'and'", ""),
    ("newcomer adn helper", 9, "found 'adn'", "and"),
    ("burden . denominator > 3", 7, "found '.'", ""),
    ("sex == 'man", 7, "the quote is never closed", ""),
    ("burden / 0 > 1", 9, "division by zero", ""),
    ("burden / (2 - 2) > 1", 9, "division by zero", ""),
    ("burden > 1e400", 9, "found '1e400'", ""),
    ("burden < 1e17 * 1e17", 9, "'1e17 * 1e17' comes to too large a number", ""),
    ("-" * 40 + "burden > 3", 10, "the condition is nested more than 30 levels deep", ""),
    ("(" * 200 + "burden > 3" + ")" * 200, 171, "the condition is nested more than 30 levels deep", ""),
    ("newcomer or " * 50, 500, "the condition has 600 characters", ""),
]  # fmt: skip

REFUSED_OF_CENTRES = [
    ("burden > 50", 0, "burden is a quantity of each user; write mean(burden)", ""),
    ("mean(burden) > mood", 15, "mood is a quantity of each user; write mean(mood)", ""),
    ("newcomer", 0, "newcomer is a quantity of each user; write share(newcomer)", ""),
    ("sex == woman", 0, "sex is a quantity of each user; write share(sex == man)", ""),
    ("mean(newcomer) > 3", 5, "mean() takes a number, and 'newcomer' is a condition", "share(newcomer)"),
    ("max(burden > 3) > 3", 4, "max() takes a number, and 'burden > 3' is a condition", "share(burden > 3)"),
    ("mean(sex) > 3", 5, "sex is a label where a number belongs", "sex == man"),
    ("mean(3) > 3", 5, "'3' is the same for all users", ""),
    ("share(burden) > 3 %", 6, "burden is a number, not a condition", "burden > 50"),
    ("share(users > 3) > 3 %", 6, "users is a quantity of a centre, which has no place inside share()", ""),
    ("mean(burden - mean(burden)) > 3", 14, "mean() sums up the users of a centre, which has no place inside", ""),
    ("share(newcomer)", 0, "'share(newcomer)' is a number, not a condition", "share(newcomer) > 0.5"),
    ("share(newcomer) > 20", 18, "is always false: share(newcomer) runs from 0 to 1", ""),
    ("sd(burden) > 60", 13, "is always false: sd(burden) runs from 0 to 50", ""),
    ("count(newcomer) > 20 %", 18, "'20 %' is a share or a plain number, 'count(newcomer)' is in users", ""),
    ("means(burden) > 3", 0, "unknown aggregate 'means'", "mean"),
    ("mean burden > 3", 5, "found 'burden'", ""),
    ("attendence < 40 %", 0, "unknown name 'attendence'", "attendance"),
    ("medain > 3", 0, "unknown name 'medain'", "median"),
    ("all", 0, "all is a whole condition on users and stands alone", ""),
    ("users > 3 for 2 users", 14, "found '2 users'", ""),
    ("users > 3 for 0 days", 14, "found '0 days'", ""),
    ("users > 3 for 36 h", 14, "found '36 h'", ""),
    ("users > 3 for 200 years", 14, "found '200 years'", ""),
    ("users > 3 for 3 weeks or day > 3", 22, "found 'or'", ""),
    ("(users > 3 for 3 weeks)", 11, "found 'for'", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "text", "position", "what", "suggestion"),
    [*(("user", *case) for case in REFUSED_OF_USERS), *(("centre", *case) for case in REFUSED_OF_CENTRES)],
)
def test_refused(scope, text, position, what, suggestion):
    with pytest.raises(ConditionError) as caught:
        Condition(text, scope)
    error = caught.value
    assert what in error.what
    assert (error.position, error.suggestion) == (position, suggestion)
    assert str(error).startswith(f"character {position + 1}: {error.what}")
    assert error.found == "" or ast.literal_eval(error.found).removesuffix("...") in text
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (str(again), again.__dict__) == (str(error), error.__dict__)


def test_a_message_says_what_is_allowed():
    with pytest.raises(ConditionError) as caught:
        Condition("sex == womn", "user")
    assert str(caught.value) == "character 8: 'womn' is no label of sex; did you mean 'woman'? allowed: man, woman"
    with pytest.raises(ConditionError) as caught:
        Condition("days_absent < 3 users", "user")
    assert "allowed is a number in days, or a text such as" in str(caught.value)
    with pytest.raises(ConditionError) as caught:
        Condition("(burden > 3", "user")
    assert ")" in caught.value.allowed.split(", ")


# Text at random

WORDS = [
    *USER_ATTRIBUTES, *CENTRE_ATTRIBUTES, *AGGREGATES, "all", "none", "and", "or", "not", "in", "for", "woman",
    "'retired'", '"', "(", ")", ",", "<", "<=", "==", "!=", ">", "+", "-", "*", "/", "%", "3", "0", "0.5", "1e17",
    "weeks", "users", "year",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)), st.booleans())
@example("\x00", True)
@example("²>1", True)
@example("١ < burden", True)
@example("(" * 250 + ")" * 250, True)
@example("not " * 125, False)
@example("-" * 500, False)
@example("1" * 500, False)
@example("mean(" * 100, False)
@example("burden > 3 and " * 33 + "all", True)
@example("burden + " * 50 + "1 > 2", True)
def test_random_text_is_a_condition_or_refused(text, of_users):
    scope = "user" if of_users else "centre"
    try:
        found = Condition(text, scope)
    except ConditionError as error:
        said = error
    else:
        said = None
    if said is not None:
        assert 0 <= said.position <= max(len(text), 500)
        assert said.what
        return
    values = {name: np.full(3, 1.0) for name in USER_ATTRIBUTES} | {name: np.full(2, 1.0) for name in CENTRE_ATTRIBUTES}
    truths = found.holds(values, np.array([0, 1, 1]), 2)
    assert truths.dtype == bool
    assert truths.shape == ((3,) if of_users else (2,))


# Conditions made at random, computed a second time in plain Python

NUMBERS = {"burden": (0, 100), "mood": (0, 1), "friends": (0, 8), "confidants": (0, 8), "age": (18, 66)}
TRUTHS = ("newcomer", "helper", "unwell")
LABELS = {"sex": ("man", "woman"), "lives_with": ("parents", "alone", "child")}
SIGNS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def exact(text, run):
    """Give the text of a tree and what computes it for one row of values."""
    return text, run


@st.composite
def comparisons(draw):
    """One comparison and its plain Python."""
    kind = draw(st.sampled_from(["constant", "chain", "sum", "ratio", "label", "labels", "truth", "numbers"]))
    sign = draw(st.sampled_from(sorted(SIGNS)))
    compare = SIGNS[sign]
    if kind == "constant":
        name = draw(st.sampled_from(sorted(NUMBERS)))
        low, high = NUMBERS[name]
        bound = low + (high - low) * draw(st.integers(1, 7)) / 8
        return exact(f"{name}{sign}{bound}", lambda row: compare(row[name], bound))
    if kind == "chain":
        first, second = draw(st.sampled_from(["<", "<=", "!="])), draw(st.sampled_from(["<", ">", "=="]))
        return exact(
            f"20 {first} burden {second} 70",
            lambda row: SIGNS[first](20, row["burden"]) and SIGNS[second](row["burden"], 70),
        )
    if kind == "sum":
        a, b, c = (draw(st.integers(1, 5)) for _ in range(3))
        return exact(
            f"{a} * friends - confidants / {b} + -{c} {sign} confidants - {a}",
            lambda row: compare(a * row["friends"] - row["confidants"] / b - c, row["confidants"] - a),
        )
    if kind == "ratio":
        return exact(
            f"friends / confidants {sign} 150 %",
            lambda row: row["confidants"] != 0 and compare(row["friends"] / row["confidants"], 1.5),
        )
    if kind == "truth":
        name = draw(st.sampled_from(TRUTHS))
        return exact(name, lambda row: bool(row[name]))
    if kind == "numbers":
        some = draw(st.lists(st.integers(0, 8), min_size=1, max_size=4))
        return exact(f"friends in ({', '.join(map(str, some))})", lambda row: row["friends"] in some)
    name = draw(st.sampled_from(sorted(LABELS)))
    if kind == "label":
        label, same = draw(st.sampled_from(LABELS[name])), draw(st.booleans())
        text = f"{name} {'==' if same else '!='} {label}"
        return exact(text, lambda row: (LABELS[name][int(row[name])] == label) == same)
    some = draw(st.lists(st.sampled_from(LABELS[name]), min_size=1, max_size=len(LABELS[name]) - 1))
    inside = draw(st.booleans())
    text = f"{name} {'in' if inside else 'not in'} ({','.join(some)})"
    return exact(text, lambda row: (LABELS[name][int(row[name])] in some) == inside)


def both_of(one, other):
    return exact(f"({one[0]}) and ({other[0]})", lambda row: one[1](row) and other[1](row))


def either_of(one, other):
    return exact(f"({one[0]}) or ({other[0]})", lambda row: one[1](row) or other[1](row))


def inverse_of(one):
    return exact(f"not ({one[0]})", lambda row: not one[1](row))


def without_brackets(a, b, c, d):
    return exact(
        f"{a[0]} or not {b[0]} and {c[0]} or {d[0]}",
        lambda row: a[1](row) or (not b[1](row) and c[1](row)) or d[1](row),
    )


TREES = st.recursive(
    st.one_of(comparisons(), st.builds(without_brackets, *[comparisons()] * 4)),
    lambda below: st.one_of(
        st.builds(both_of, below, below), st.builds(either_of, below, below), st.builds(inverse_of, below)
    ),
    max_leaves=4,
).filter(lambda tree: len(tree[0]) <= 500)
SHORT_TREES = TREES.filter(lambda tree: len(tree[0]) <= 200)
"""Short enough to be written twice in one condition."""


@st.composite
def users(draw, least=1):
    """Rows of users, as lists by name."""
    number = draw(st.integers(least, 9))
    ranges = {**NUMBERS, **dict.fromkeys(TRUTHS, (0, 1)), "sex": (0, 1), "lives_with": (0, 2)}
    # Eighths can be told apart exactly, and meet the bounds they are compared with.
    return {
        name: [
            draw(st.integers(0, 8)) / 8 * (high - low) + low if name in NUMBERS else draw(st.integers(low, high))
            for _ in range(number)
        ]
        for name, (low, high) in ranges.items()
    }


def rows(values):
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


@settings(max_examples=300, deadline=None)
@given(TREES, users())
def test_conditions_on_users_are_computed_as_plain_python_does(tree, values):
    text, run = tree
    assert user(text, **values) == [bool(run(row)) for row in rows(values)]


OVER = {
    "mean": statistics.fmean,
    "sd": statistics.pstdev,
    "median": statistics.median,
    "min": min,
    "max": max,
}


@settings(max_examples=200, deadline=None)
@given(SHORT_TREES, users(least=0), st.sampled_from(sorted(OVER)), st.data())
def test_conditions_on_centres_are_computed_as_plain_python_does(tree, values, how, data):
    text, run = tree
    size = len(values["burden"])
    of = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    limit, part = data.draw(st.integers(1, 47)) + 0.37, data.draw(st.integers(1, 98)) + 0.41
    expected = []
    for number in range(3):
        mine = [row for row, home in zip(rows(values), of, strict=True) if home == number]
        beyond = bool(mine) and OVER[how]([row["burden"] for row in mine]) > limit
        many = bool(mine) and sum(bool(run(row)) for row in mine) / len(mine) > part / 100
        some = bool(mine) and sum(bool(run(row)) for row in mine) != 1
        expected.append((beyond or many) and not some)
    values = {name: np.array(value, float) for name, value in values.items()}
    text = f"({how}(burden) > {limit} or share({text}) > {part} %) and not count({text}) != 1"
    assert centre(text, of, 3, **values) == expected


# As a value


def test_two_conditions_of_the_same_text_and_scope_are_equal():
    assert Condition("burden > 50", "user") == Condition("burden > 50", "user")
    assert hash(Condition("burden > 50", "user")) == hash(Condition("burden > 50", "user"))
    assert Condition("burden > 50", "user") != Condition("burden > 51", "user")
    assert Condition("users > 3", "centre") != Condition("users > 4", "centre")
    assert str(Condition("burden > 50", "user")) == "burden > 50"


def test_names_are_those_used():
    assert Condition("share(burden > 3 or newcomer) > 3 % and users > 3", "centre").names == {
        "burden",
        "newcomer",
        "users",
    }
    assert Condition("all", "user").names == frozenset()


def test_it_is_compiled_once():
    found = Condition("burden > 50", "user")
    first = found._test
    found.holds({"burden": np.array([60.0])})
    assert found._test is first


@pytest.mark.parametrize(
    ("text", "scope"),
    [("all", "user"), ("burden > 50 or sex == woman", "user"), ("mean(burden) > 50 for 3 weeks", "centre")],
)
@pytest.mark.parametrize("used", [False, True])
def test_it_can_be_pickled(text, scope, used):
    found = Condition(text, scope)
    values = {"burden": np.array([40.0, 60.0]), "sex": np.array([1, 0])}
    where = np.array([0, 1])
    if used:
        found.holds(values, where, 2)
    again = pickle.loads(pickle.dumps(found))  # noqa: S301
    assert (again, again.lasting, again.names) == (found, found.lasting, found.names)
    assert again.holds(values, where, 2).tolist() == found.holds(values, where, 2).tolist()


def test_what_is_missing_is_said():
    with pytest.raises(KeyError, match="burden"):
        Condition("burden > 50", "user").holds({"mood": np.zeros(2)})
    with pytest.raises(ValueError, match="number of centres"):
        Condition("users > 50", "centre").holds({"users": np.zeros(2)})
    with pytest.raises(ValueError, match="centre of each user"):
        Condition("mean(burden) > 50", "centre").holds({"burden": np.zeros(2)}, None, 2)
    with pytest.raises(ValueError, match="at least one array"):
        Condition("all", "user").holds({})


class Made(Section):
    """A section with conditions, as a policy has them."""

    eligible: UserCondition = Field(default="all", description="Who is meant")
    when: CentreCondition | None = None


def test_a_section_takes_and_gives_text():
    made = Made.model_validate({"eligible": "burden > 50", "when": "users > 3 for 2 weeks"})
    assert made.eligible == Condition("burden > 50", "user")
    assert made.when is not None
    assert made.when.lasting == 14
    assert made.model_dump() == {"eligible": "burden > 50", "when": "users > 3 for 2 weeks"}
    assert json.loads(made.model_dump_json()) == made.model_dump(mode="json") == made.model_dump()
    assert Made.model_validate(made.model_dump()) == made == made.model_copy(deep=True)
    assert hash(made) == hash(Made.model_validate_json(made.model_dump_json()))
    assert Made(eligible=Condition("newcomer", "user")).model_dump() == {"eligible": "newcomer", "when": None}
    assert Made().eligible.text == "all"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"eligible": "burdn > 50"}, "unknown name 'burdn'"),
        ({"eligible": 3}, "found 3"),
        ({"eligible": True}, "found true"),
        ({"eligible": ["all"]}, "found"),
        ({"when": "burden > 50"}, "burden is a quantity of each user"),
        ({"eligible": Condition("users > 3", "centre")}, "'users > 3' is a condition on a centre"),
    ],
)
def test_a_section_passes_the_error_on(given, found):
    with pytest.raises(ValidationError) as caught:
        Made.model_validate(given)
    [error] = caught.value.errors()
    assert error["type"] == "value_error"
    assert error["loc"] == tuple(given)
    assert isinstance(error["ctx"]["error"], ConditionError)
    assert found in error["ctx"]["error"].what


def test_the_json_schema_says_what_is_meant():
    found = Made.model_json_schema()["properties"]
    assert found["eligible"] == {
        "type": "string",
        "default": "all",
        "description": "Who is meant",
        "examples": found["eligible"]["examples"],
        "title": "Eligible",
    }
    [when] = [one for one in found["when"]["anyOf"] if one["type"] != "null"]
    assert when["type"] == "string"
    assert "condition on a centre" in when["description"]
    for text in found["eligible"]["examples"]:
        assert Condition(text, "user").text == text
    for text in when["examples"]:
        assert Condition(text, "centre").text == text


# Of the code


def test_nothing_is_given_to_python_to_run():
    """Neither here nor anywhere in the package."""
    package = Path(sim.scenario.conditions.__file__).parents[1]
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
        "import sys\nfrom sim.scenario.conditions import Condition\nCondition('all', 'user')\n"
        "print(sorted({'lark', 'numpy'} & set(sys.modules)))\nCondition('burden > 3', 'user')\n"
        "print(sorted({'lark', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['lark']"]
