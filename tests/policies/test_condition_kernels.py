"""Conditions as compiled steps hold for the same users and centres as on numpy arrays."""

from functools import cache

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.engine import Engine
from sim.kernel import kernel
from sim.policies.review.conditions import compute, holds_in
from sim.policies.review.decisions import look_around
from sim.policies.review.postfix import QUANTITIES, Notation
from sim.policies.review.programme import blank, seen
from sim.policies.review.values import CENTRE_VALUES, USER_VALUES, Values
from sim.scenario.conditions.condition import Condition, ConditionError
from sim.scenario.conditions.names import CENTRE_ATTRIBUTES, USER_ATTRIBUTES
from sim.scenario.schema.scenario import Scenario
from sim.state.columns import PRESENT, USER

DAY = 20
NUMBERS = sorted(name for name, one in USER_ATTRIBUTES.items() if one.kind == "number")
TRUTHS = sorted(name for name, one in USER_ATTRIBUTES.items() if one.kind == "truth")
LABELS = {name: one.labels for name, one in USER_ATTRIBUTES.items() if one.kind == "label"}
OF_CENTRES = sorted(CENTRE_ATTRIBUTES)
MISSING = tuple(c.name for c in USER if c.kind in ("trait", "state") and c.dtype == "f8" and not c.shape)
signs = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
constants = st.sampled_from([0.0, 0.125, 0.5, 1.0, 2.0, 20.0, 41.5, 50.0])


@st.composite
def of_a_user(draw):
    """Draw a comparison of quantities of a user."""
    name, other = draw(st.sampled_from(NUMBERS)), draw(st.sampled_from(NUMBERS))
    label = draw(st.sampled_from(sorted(LABELS)))
    some = ", ".join(f'"{one}"' for one in draw(st.sets(st.sampled_from(LABELS[label]), min_size=1)))
    member = draw(st.sampled_from(["in", "not in"]))
    return draw(
        st.sampled_from(
            [
                f"{name} {draw(signs)} {draw(constants)}",
                f"{draw(constants)} < {name} {draw(signs)} {draw(constants)}",
                f"{name} / {other} {draw(signs)} {draw(constants)}",
                f"{name} * {draw(constants)} - {other} * {other} {draw(signs)} -{draw(constants)}",
                f"{name} {member} ({draw(constants)}, {draw(constants)})",
                f"{label} {member} ({some})",
                draw(st.sampled_from(TRUTHS)),
            ]
        )
    )


def joined(one: str, word: str, other: str) -> str:
    return f"({one}) {word} ({other})"


texts = st.recursive(
    of_a_user(),
    lambda below: st.one_of(
        st.builds(joined, below, st.sampled_from(["and", "or"]), below), below.map(lambda text: f"not ({text})")
    ),
    max_leaves=4,
)


@st.composite
def of_a_centre(draw):
    """Draw a comparison of aggregates and quantities of a centre."""
    name = draw(st.sampled_from(NUMBERS))
    how = draw(st.sampled_from(["mean", "sd", "median", "min", "max"]))
    summed = f"{how}({name})"
    shared = f"{draw(st.sampled_from(['share', 'count']))}({draw(of_a_user())})"
    first = draw(st.sampled_from([summed, f"{summed} * {draw(constants)} - {summed}", shared, *OF_CENTRES]))
    return f"{first} {draw(signs)} {draw(constants)}"


centre_texts = st.recursive(
    of_a_centre(), lambda below: st.builds(joined, below, st.sampled_from(["and", "or"]), below), max_leaves=3
)


@cache
def engine() -> Engine:
    centres = {"here": {"users": 9}, "there": {"users": 6}, "far": {"users": 5}}
    rules = {"turnover": {"leaving_rate": 2.0}}
    lived = Engine(
        Scenario.model_validate({"name": "x", "days": 40, "settling": 30, "centres": centres, "rules": rules}), 3
    )
    lived.advance(DAY)
    return lived


def state_at_random(number: int):
    """Return a state with users' values in eighths, some of them missing, and perhaps a centre without users."""
    chance, state = np.random.default_rng(number), engine().state
    state = state._replace(users=state.users.copy(), centres=state.centres.copy())
    for name in MISSING:
        state.users[name] = chance.integers(0, 9, len(state.users)) / 8
        if chance.random() < 0.1:
            state.users[name][chance.integers(len(state.users))] = np.nan
    state.users["given"] = chance.integers(0, 9, len(state.users)) / 2
    state.users["received"] = chance.integers(0, 9, len(state.users)) / 2
    if chance.random() < 0.3:
        state.users["status"][state.users["centre"] == 2] = 0
        state.centres["vacant"][2] = state.centres["capacity"][2]
    return state


def written(text: str, scope: str, state):
    """Return a condition that is possible, and a programme of it alone."""
    try:
        condition = Condition(text, scope)
    except ConditionError:
        assume(False)
    notation = Notation()
    notation.add(condition)
    rows = len(notation.conditions), len(notation.aggregates), len(notation.steps), notation.depth
    programme = blank(0, state, *rows)._replace(**seen(state))
    notation.write(programme)
    return condition, programme


@kernel
def of_users(s, q, day, holds):
    look_around(s.users, s.centres, q.houses, q.present)
    for c in range(len(s.centres)):
        compute(s, q, q.conditions[0].first, q.conditions[0].last, c, q.houses[c].here, day)
        for place in range(q.houses[c].here):
            holds[q.present[s.centres[c].first_seat + place]] = q.values[place] != 0.0


@kernel
def of_centres(s, q, day, holds):
    look_around(s.users, s.centres, q.houses, q.present)
    for c in range(len(s.centres)):
        holds[c] = holds_in(s, q, q.conditions[0], c, day)


def test_every_quantity_is_written_in_steps():
    assert set(QUANTITIES) == set(USER_VALUES) | set(CENTRE_VALUES)


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(0, 2**32))
def test_a_condition_on_users_holds_for_the_same_users(text, number):
    state = state_at_random(number)
    condition, programme = written(text, "user", state)
    holds = np.zeros(len(state.users), np.bool_)
    of_users(state, programme, DAY, holds)
    expected = condition.holds(Values(state, DAY)) & (state.users["status"] == PRESENT)
    assert holds.tolist() == expected.tolist()


@settings(max_examples=300, deadline=None)
@given(centre_texts, st.integers(0, 2**32))
def test_a_condition_on_centres_holds_in_the_same_centres(text, number):
    state = state_at_random(number)
    condition, programme = written(text, "centre", state)
    rows = np.flatnonzero(state.users["status"] == PRESENT)
    holds = np.zeros(len(state.centres), np.bool_)
    of_centres(state, programme, DAY, holds)
    values = Values(state, DAY, of_centres=True, rows=rows)
    assert holds.tolist() == condition.holds(values, state.users["centre"][rows], len(state.centres)).tolist()
