"""Changes laid over a typed scenario, as a file of a scenario is laid over the file that it extends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from sim.scenario.schema.quantity import chosen, fields_of
from sim.scenario.schema.users import Spread


@dataclass(frozen=True, slots=True)
class Replace:
    """A value for `Scenario.with_changes` that replaces the whole old value instead of being merged with it.

    `policies=Replace({})` is the scenario without policies, as `replace: [policies]` is in a file.

    Parameters
    ----------
    value : anything
        The new value; what it leaves out takes its default.
    """

    value: Any


def laid_over(base: Any, change: Any) -> Any:
    """Return a value with a change laid over it, not yet checked.

    Mappings merge key by key with sections, and name by name with sections by name. Lists, numbers, typed sections and
    `Replace` take the place of the old value. A policy of another kind, and the arguments of another generator, inherit
    nothing; a number for a trait over users is its mean.

    Parameters
    ----------
    base, change : anything
        A value of a typed scenario (a section, a mapping of sections, a number ...), and what to change in it.
    """
    if isinstance(change, Replace):
        return change.value
    if isinstance(base, Spread) and isinstance(change, int | float | str) and not isinstance(change, bool):
        change = {"mean": change}
    if not isinstance(change, Mapping):
        return change
    if isinstance(base, BaseModel):
        return _section(base, change)
    if isinstance(base, Mapping) and all(isinstance(value, BaseModel) for value in base.values()):
        return {**base, **{name: laid_over(base.get(name), value) for name, value in change.items()}}
    return dict(change)


def _section(base: BaseModel, change: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a section with changes laid over them."""
    fields = fields_of(base)
    tags = {
        name: get_args(field.annotation) for name, field in fields.items() if get_origin(field.annotation) is Literal
    }
    if any(len(tag) == 1 and change.get(name, *tag) != tag[0] for name, tag in tags.items()):
        return dict(change)  # another kind
    values = {name: getattr(base, name) for name in fields}
    for name, field in fields.items():
        choice = chosen(field)
        if choice is not None and change.get(choice.by, values[choice.by]) != values[choice.by]:
            del values[name]
    return {**values, **{name: laid_over(values.get(name), value) for name, value in change.items()}}
