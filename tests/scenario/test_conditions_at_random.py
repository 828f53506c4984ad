"""Random text is a condition or refused; random conditions compute what plain Python does."""

import statistics

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.scenario.conditions.condition import Condition, ConditionError
from sim.scenario.conditions.names import AGGREGATES, CENTRE_ATTRIBUTES, USER_ATTRIBUTES
from tests.scenario.holding import centre, user

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
    """Return the text of a tree and the function that computes it for a row of values."""
    return text, run


@st.composite
def comparisons(draw):
    """Draw a comparison and its plain Python."""
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
    """Draw rows of users, as lists by name."""
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


@pytest.mark.slow
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


@pytest.mark.slow
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
