"""Change some parameters of a scenario, each named by its path."""

from typing import Any

from sim.scenario.schema.scenario import Scenario


def changed(scenario: Scenario, values: dict[str, float]) -> Scenario:
    """Return a copy of the scenario with some parameters changed, validated again.

    Parameters
    ----------
    values : dict of str to float
        New value of each parameter by its path, such as "rules.forgetting.fade_weak" or "users.empathy.mean";
        "centres.*.users" changes every centre.

    Raises
    ------
    KeyError
        When a path does not exist.
    pydantic.ValidationError
        When a value is not allowed.
    """
    tree = scenario.model_dump()
    for path, value in values.items():
        _set(tree, path.split("."), value, path)
    return Scenario.model_validate(tree)


def _set(tree: dict[str, Any], names: list[str], value: float, path: str) -> None:
    """Set the value at a path; a star in the path stands for every entry of a mapping or list."""
    first, rest = names[0], names[1:]
    if first == "*":
        for branch in tree.values() if isinstance(tree, dict) else tree:
            _set(branch, rest, value, path)
        return
    if first not in tree:
        raise KeyError(f"no parameter {path!r}: {first!r} does not exist")
    if rest:
        _set(tree[first], rest, value, path)
    else:
        tree[first] = value
