"""A number's provenance, declared with its default: unit, bounds, plausible range, source, evidence grade; and the rule for seeds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticKnownError, core_schema

from sim.language import say
from sim.scenario.text.errors import InputError
from sim.scenario.text.units import UnitError, convert
from sim.sources import Source

Grade = Literal["measured", "calibrated", "elicited", "assumed"]
GRADES: tuple[Grade, ...] = get_args(Grade)

_KEY = "dayroom"
"""Key of a field's Quantity in pydantic's `json_schema_extra`."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """The provenance of one parameter.

    Parameters
    ----------
    unit : str
        Canonical unit; "1" is dimensionless.
    bounds : tuple of float
        Hard limits, both included; outside them the model is meaningless.
    plausible : tuple of float
        Range that a reasonable expert would not exclude; designs and `--uncertain` draw from it.
    source : str
        Key in `sim.sources.SOURCES`.
    grade : Grade
        "measured", "calibrated", "elicited" or "assumed".
    meaning : str
        One sentence in plain words.
    """

    unit: str
    bounds: tuple[float, float]
    plausible: tuple[float, float]
    source: str
    grade: Grade
    meaning: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model: its path in a scenario, its default and its provenance."""

    path: str
    default: float
    quantity: Quantity
    whole: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """Marks a field whose section class depends on the value of another field.

    Parameters
    ----------
    by : str
        The other field, which has a default.
    among : mapping of str to section class
        The section class for each value of that field.
    """

    by: str
    among: Mapping[str, type[BaseModel]]


@dataclass(frozen=True, slots=True)
class Late:
    """Pydantic annotation of a field whose type is imported with the first value, because few scenarios have one.

    Parameters
    ----------
    load : callable
        Imports the type and returns it, annotated by what validates and describes its values.
    """

    load: Callable[[], Any]

    def _validated(self, given: Any) -> Any:
        return get_args(self.load())[1].validated(given)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._validated, serialization=core_schema.to_string_ser_schema(when_used="always")
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        described: JsonSchemaValue = get_args(self.load())[1].__get_pydantic_json_schema__(schema, handler)
        return described


@dataclass(frozen=True, slots=True)
class Tagged:
    """Pydantic annotation of a section whose own key selects its class.

    Pydantic's unions need every class; this annotation asks for the class that a section names, so that a scenario
    imports no policy but its own.

    Parameters
    ----------
    key : str
        The key: "policy".
    among : mapping of str to section class
        The section class for each value of the key.
    """

    key: str
    among: Mapping[str, type[BaseModel]]

    def _validated(self, given: Any) -> BaseModel:
        tag = given.get(self.key) if isinstance(given, dict) else getattr(given, self.key, None)
        if tag is None:
            raise PydanticKnownError("union_tag_not_found", {"discriminator": repr(self.key)})
        section = self.among.get(tag) if isinstance(tag, str) else None
        if section is None:
            expected = ", ".join(map(repr, self.among))
            tags = {"discriminator": repr(self.key), "tag": str(tag), "expected_tags": expected}
            raise PydanticKnownError("union_tag_invalid", tags)
        return section.model_validate(given)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validated)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        sections = {tag: section.__pydantic_core_schema__ for tag, section in self.among.items()}
        return handler(core_schema.tagged_union_schema(sections, self.key))


def chosen(field: FieldInfo) -> Chosen | None:
    """Return the rule that selects a field's section class, or None if the field has a fixed class."""
    return next((item for item in field.metadata if isinstance(item, Chosen)), None)


def quantity(
    default: float | None,
    unit: str,
    bounds: tuple[float, float],
    plausible: tuple[float, float],
    source: Source,
    grade: Grade,
    meaning: str,
) -> Any:
    """Declare a numeric field of a section, with its provenance; without a default, it may be left out.

    Raises
    ------
    ValueError
        When default, plausible range and bounds contradict each other.
    """
    low, high = bounds
    usual = plausible[0] if default is None else default
    if not (low <= plausible[0] <= usual <= plausible[1] <= high):
        raise ValueError(f"{meaning!r}: default {default} must lie in plausible {plausible} in bounds {bounds}")
    known = Quantity(unit, bounds, plausible, source.key, grade, meaning)
    extra: dict[str, Any] = {"unit": unit, "plausible": list(plausible), "source": source.key, "grade": grade}
    field: Any = Field(default=default, ge=low, le=high, description=meaning, json_schema_extra=extra)
    field.metadata.append(known)
    return field


def known(field: FieldInfo) -> Quantity | None:
    """Return the Quantity of a field, or None if the field is not a parameter (a name, a list, a switch)."""
    return next((item for item in field.metadata if isinstance(item, Quantity)), None)


class Section(BaseModel):
    """A part of a scenario: immutable, typed, without unknown keys; numbers may be texts with units."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    @classmethod
    def others(cls) -> Mapping[str, type["Section"]]:
        """Return the sections of other packages that may stand in this one, by name."""
        return {}

    @classmethod
    def absent(cls, name: str) -> str:
        """Return why there is no section of another package with this name, if such could stand here."""
        return ""

    @model_validator(mode="before")
    @classmethod
    def _units(cls, given: Any) -> Any:
        """Convert texts such as "3 weeks" to each parameter's own unit."""
        if not isinstance(given, dict):
            return given
        converted = dict(given)
        for name, field in cls.model_fields.items():
            quantity_known = known(field)
            if quantity_known is None or not isinstance(converted.get(name), str):
                continue
            try:
                number = convert(converted[name], quantity_known.unit)
            except UnitError:
                continue  # the field's own validator reports the problem, with its place
            whole = field.annotation in (int, int | None)
            if whole and number >= 28:
                number = float(round(number))  # months and years are not whole numbers of days
            converted[name] = int(number) if whole and number.is_integer() else number
        return converted


def fields_of(section: BaseModel) -> dict[str, FieldInfo]:
    """Return the fields of a section, with the sections of other packages that stand in it."""
    others = {name: FieldInfo(annotation=type(value)) for name, value in (section.model_extra or {}).items()}
    return {**type(section).model_fields, **others}


def parameters(section: type[BaseModel], prefix: str = "") -> Iterator[Parameter]:
    """Yield every parameter below a section class, in the order of declaration.

    If a field's class depends on another field, that field's default selects it.
    """
    for name, field in section.model_fields.items():
        path = f"{prefix}{name}"
        quantity_known, choice = known(field), chosen(field)
        if choice is not None:
            yield from parameters(choice.among[section.model_fields[choice.by].default], f"{path}.")
        elif quantity_known is not None:
            yield Parameter(path, float(field.default), quantity_known, field.annotation is int)
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from parameters(field.annotation, f"{path}.")


def _of_numpy(seed: object) -> object:
    return seed if isinstance(seed, bool) or not isinstance(seed, Integral) else int(seed)


WholeSeed = Annotated[int, Field(ge=0, lt=2**64), Strict(), BeforeValidator(_of_numpy)]
"""Type of the seed in a scenario or study: as in `whole_seed`."""


def whole_seed(seed: object, name: str = "seed") -> int:
    """Return a seed as an `int`: a whole number of Python or numpy from 0 to 2**64 - 1.

    Parameters
    ----------
    seed : object
    name : str
        Name of the argument, for the message.

    Raises
    ------
    InputError
        When it is a float (even 1.0), a bool, a text, negative or too large.
    """
    number = _of_numpy(seed)
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**64:
        return number
    found = repr(number)
    raise InputError(
        say("{name}: found {found}, allowed is a whole number from 0 to 2**64 - 1", name=name, found=found)
    )
