"""Conditions as values: compared, pickled, compiled once, part of a section of a scenario."""

import json
import pickle

import numpy as np
import pytest
from pydantic import Field, ValidationError

from sim.scenario.conditions.condition import CentreCondition, Condition, ConditionError, UserCondition
from sim.scenario.schema.quantity import Section


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
