"""Change some parameters of a scenario, each named by its path."""

from typing import Any

from pydantic import ValidationError

from sim.language import say
from sim.scenario.reading.check import refusal
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt


def changed(scenario: Scenario, values: dict[str, float]) -> Scenario:
    """Return a copy of the scenario with some parameters changed, validated again.

    Parameters
    ----------
    values : dict of str to float
        New value of each parameter by its path, such as "rules.forgetting.fade_weak" or "users.empathy.mean";
        "centres.*.users" changes every centre.

    Raises
    ------
    InputError
        When a path does not exist.
    ScenarioError
        When a value is not allowed, or the values contradict each other.
    """
    tree = scenario.model_dump()
    for path, value in values.items():
        _set(tree, path.split("."), value, path)
    return validated(tree, scenario.name)


def validated(values: dict[str, Any], name: str) -> Scenario:
    """Return the scenario that has these values.

    Parameters
    ----------
    values : dict
        All values of a scenario, nested as in a file.
    name : str
        Name of the scenario; messages begin with it, as those about a file begin with the file.

    Raises
    ------
    ScenarioError
        When a value is not allowed, or the values contradict each other.
    """
    try:
        return Scenario.model_validate(values)
    except ValidationError as error:
        raise refusal(values, name, error) from None


def _set(tree: dict[str, Any], names: list[str], value: float, path: str) -> None:
    """Set the value at a path; a star in the path stands for every entry of a mapping or list."""
    first, rest = names[0], names[1:]
    if first == "*":
        for branch in tree.values() if isinstance(tree, dict) else tree:
            _set(branch, rest, value, path)
        return
    if not isinstance(tree, dict) or first not in tree:
        known = tree if isinstance(tree, dict) else ()
        raise InputError(
            f"{path}: "
            + misspelt(say("found {found}", found=quoted(first)), first, known, "" if known else say("a shorter path"))
        )
    if rest:
        _set(tree[first], rest, value, path)
    else:
        tree[first] = value
