"""All rules of the day: the sections of Dayroom's own, and those of other packages under their names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import ConfigDict, GetJsonSchemaHandler, PlainValidator, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sim.scenario.schema.parameters import (
    Attendance,
    Contact,
    Conversation,
    Encounters,
    Episodes,
    Forgetting,
    Identity,
    Proximity,
    Support,
    Turnover,
    Wellbeing,
)
from sim.scenario.schema.quantity import Parameter, Section, parameters


@dataclass(frozen=True, slots=True)
class _Named:
    """A section of another package as a scenario gives it, and the name under which it stands."""

    name: str
    value: Any


def _of_another_package(given: Any) -> Any:
    """Return the typed section of an own rule; `Rules` has set its name beside it."""
    chosen = Rules.others().get(given.name)
    if chosen is None:
        raise ValueError(Rules.absent(given.name))
    return chosen.model_validate(given.value)


class Rules(Section):
    """The twelve phases of the day, by rule; rules of other packages stand beside them under their names."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Annotated[Any, PlainValidator(_of_another_package)]]

    turnover: Turnover = Turnover()
    episodes: Episodes = Episodes()
    attendance: Attendance = Attendance()
    encounters: Encounters = Encounters()
    conversation: Conversation = Conversation()
    support: Support = Support()
    proximity: Proximity = Proximity()
    contact: Contact = Contact()
    wellbeing: Wellbeing = Wellbeing()
    identity: Identity = Identity()
    forgetting: Forgetting = Forgetting()

    @model_validator(mode="before")
    @classmethod
    def _with_names(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        own = {name: _Named(name, value) for name, value in given.items() if name not in cls.model_fields}
        return {**{name: given[name] for name in given if name not in own}, **dict(sorted(own.items()))}

    @classmethod
    def others(cls) -> Mapping[str, type[Section]]:
        """Return the rules of other packages by name."""
        from sim.scenario.schema.own_rule import RULES  # a scenario with Dayroom's rules alone needs no others

        return RULES.usable()

    @classmethod
    def absent(cls, name: str) -> str:
        """Return why there is no rule of another package with this name."""
        from sim.scenario.schema.own_rule import absent

        return absent(name)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Name the rules of the installed packages, and allow no other keys."""
        of_rules = handler.resolve_ref_schema(handler(schema))
        of_rules["additionalProperties"] = False
        for name, chosen in cls.others().items():
            of_rules["properties"][name] = handler(chosen.__pydantic_core_schema__)
        return of_rules


NO_OTHERS: Final = Rules.model_validate({})
"""Dayroom's rules with their defaults."""

RULE_PARAMETERS: Final[tuple[Parameter, ...]] = tuple(parameters(Rules))
"""Every parameter of the rules; paths have the form `section.name`."""
