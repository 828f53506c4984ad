"""Conditions: who is eligible for a policy, and when a centre starts or ends a policy.

A condition is a text in a small language of its own, never Python: ``burden > 50 and not newcomer`` for a user,
``mean(burden) > 50 for 3 weeks`` for a centre. `grammar` parses it, `meaning` checks it against the quantities in
`names`, and `values` computes it on arrays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from sim.language import later, say
from sim.scenario.conditions.grammar import ConditionError, parsed
from sim.scenario.conditions.meaning import Meaning, meaning
from sim.scenario.conditions.names import EVERYBODY, Scope
from sim.scenario.conditions.numbers import Step
from sim.scenario.text.nodes import quoted

if TYPE_CHECKING:  # numpy is needed to compute a condition, not to check a scenario
    import numpy as np
    from numpy.typing import NDArray

    from sim.scenario.conditions.values import Test

__all__ = ["CentreCondition", "Condition", "ConditionError", "UserCondition"]

_KINDS: Final = {"user": later("a condition on a user"), "centre": later("a condition on a centre")}
_EXAMPLES: Final[dict[Scope, tuple[str, ...]]] = {
    "user": ("all", "loneliness_ucla20 > 50 and years_in_centre < 1", 'newcomer or diagnosis == "bipolar disorder"'),
    "centre": ("mean(burden) > 50 for 3 weeks", "share(loneliness_ucla20 >= 65) > 20 %", "day >= 90"),
}
_DESCRIPTIONS: Final[dict[Scope, str]] = {
    "user": "A condition on a user; all is everybody, none is nobody",
    "centre": "A condition on a centre, with mean, sd, median, min, max, share or count over its users",
}


@lru_cache(maxsize=1024)
def _read(text: str, scope: Scope) -> Meaning:
    if scope == "user" and text.strip() in EVERYBODY:  # the usual default needs no parser, which loads slowly
        return Meaning(Step("everybody", numbers=(float(EVERYBODY[text.strip()]),)), 0, frozenset())
    return meaning(parsed(text), text, scope)


@dataclass(frozen=True)
class Condition:
    """A checked condition; equal to any condition with the same text and scope.

    Parameters
    ----------
    text : str
        The text of the condition.
    scope : str
        "user" or "centre".

    Attributes
    ----------
    lasting : int
        Days in a row that the condition must hold before it counts; 0 without `for`. `holds` ignores this number.
    names : frozenset of str
        The quantities in the condition, including those inside aggregates.

    Raises
    ------
    ConditionError
        When the text is not a condition of this scope.
    """

    WRITTEN: ClassVar = later("a condition as text, such as: burden > 50")
    """What a message calls the contents of a field that holds a condition."""

    text: str
    scope: Scope
    lasting: int = field(init=False, compare=False)
    names: frozenset[str] = field(init=False, compare=False)
    step: Step = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        read = _read(self.text, self.scope)
        for name, value in (("lasting", read.lasting), ("names", read.names), ("step", read.step)):
            object.__setattr__(self, name, value)

    @cached_property
    def _test(self) -> "Test":
        from sim.scenario.conditions.values import compiled

        return compiled(self.step)

    def __getstate__(self) -> dict[str, Any]:
        # Closures cannot be pickled; each worker compiles its own.
        return {name: value for name, value in self.__dict__.items() if name != "_test"}

    def __str__(self) -> str:
        return self.text

    def holds(
        self, values: "Mapping[str, NDArray[Any]]", centre: "NDArray[np.integer[Any]] | None" = None, centres: int = 0
    ) -> "NDArray[np.bool_]":
        """Return whether the condition holds today, for each user or each centre.

        Parameters
        ----------
        values : mapping of str to array
            At least the quantities in `names`, in the units of `names`; labels as codes in the order of their table,
            truths as numbers or booleans. Shape (users,) for quantities of users, (centres,) for those of centres.
        centre : array of int, shape (users,), optional
            Index of each user's centre, from 0; needed for scope "centre" if the condition has aggregates.
        centres : int
            Number of centres; needed for scope "centre".

        Returns
        -------
        array of bool, shape (users,) or (centres,)
            False for a comparison with a missing value (a mean over no users, a division by zero).

        Raises
        ------
        KeyError
            When a quantity is missing.
        ValueError
            When the arrays do not show the number of users or the centre of each user.
        """
        from sim.scenario.conditions.values import evaluated

        return evaluated(self._test, self.scope, values, centre, centres)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.is_instance_schema(cls, serialization=core_schema.to_string_ser_schema(when_used="always"))

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class _Written:
    """Pydantic annotation of a field that holds a condition, given as text."""

    scope: Scope

    def validated(self, given: Any) -> Condition:
        """Return the condition that a text states."""
        if isinstance(given, Condition):
            if given.scope != self.scope:
                what = say("{text} is {kind}", text=quoted(given.text), kind=_KINDS[given.scope])
                raise ConditionError(0, what, quoted(given.text), str(_KINDS[self.scope]))
            return given
        if not isinstance(given, str):
            found = str(given).lower() if isinstance(given, bool) else quoted(str(given))[1:-1]
            allowed = say(
                "{kind} as text, such as {example}",
                kind=_KINDS[self.scope],
                example=_EXAMPLES[self.scope][-1],
            )
            raise ConditionError(0, say("found {found}", found=found), found, allowed)
        return Condition(given, self.scope)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.validated, serialization=core_schema.to_string_ser_schema(when_used="always")
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "description": _DESCRIPTIONS[self.scope], "examples": list(_EXAMPLES[self.scope])}


UserCondition = Annotated[Condition, _Written("user")]
"""Type of a field that selects users; its default is text, as in a scenario file."""

CentreCondition = Annotated[Condition, _Written("centre")]
"""Type of a field that states when something applies to a centre; its default is text, as in a scenario file."""
