"""The JSON Schema of scenario files, with which editors offer completion, help and error marks.

The loader decides what is valid. The schema accepts more: it cannot compare values, follow `extends` or find files.
"""

import json
from typing import Any, Final

from sim.scenario.reading.shape import number
from sim.scenario.schema import users
from sim.scenario.schema.network import ARGUMENTS_OF
from sim.scenario.schema.scenario import Scenario

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_AMOUNT: Final = (
    r"^\s*[¥￥]?\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*%?\s*([a-z]*|CNY|RMB|元|人民币)\s*(/\s*[a-z]+)?\s*$"
)
"""Pattern of a text with a number and a unit; the loader decides which units fit."""

_FILE_KEYS: Final[dict[str, Any]] = {
    "extends": {
        "type": "string",
        "description": "Scenario to start from: a shipped name such as baseline, or a path from this file's folder",
    },
    "replace": {
        "type": "array",
        "items": {"enum": list(Scenario.model_fields)},
        "description": "Keys not to inherit: what this file says stands alone instead of being merged",
    },
}


def json_schema() -> dict[str, Any]:
    """Build the schema: pydantic's schema, extended by the short forms that the loader accepts."""
    found = _amended(Scenario.model_json_schema())
    spreads = [name for name in found["$defs"] if issubclass(getattr(users, name, object), users.Spread)]
    for name in spreads:
        section = found["$defs"][name]
        forms = [section, section["properties"]["mean"]]
        found["$defs"][name] = {"description": section["description"], "anyOf": forms}
    found["$defs"]["Network"]["allOf"] = [
        _when("generator", generator, "arguments", section.__name__) for generator, section in ARGUMENTS_OF.items()
    ]
    found["$defs"]["Amount"] = {"type": "string", "pattern": _AMOUNT}
    found["properties"] = {**_FILE_KEYS, **found["properties"]}
    found.pop("required")  # a scenario without a name is named after its file
    return {"$schema": DIALECT, "title": "Dayroom scenario", **{key: found[key] for key in found if key != "title"}}


def _when(key: str, value: str, other: str, section: str) -> dict[str, Any]:
    """Return a conditional rule: if `key` has this value, then `other` holds this section."""
    condition = {"properties": {key: {"const": value}}, "required": [key]}
    return {"if": condition, "then": {"properties": {other: {"$ref": f"#/$defs/{section}"}}}}


def json_schema_text() -> str:
    """Return the schema as the text that is shipped."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def _amended(part: Any) -> Any:
    """Amend every part of a schema."""
    if isinstance(part, list):
        return [_amended(item) for item in part]
    if not isinstance(part, dict):
        return part
    done = {key: _amended(value) for key, value in part.items() if key != "title" or not isinstance(value, str)}
    if "$ref" in done or "patternProperties" in done or done.get("default", 0) is None:
        done.pop("default", None)  # a default that is a whole section or null
    if "patternProperties" in done:
        done["additionalProperties"] = False
    done = _without_null(done)
    return _parameter(done) if "plausible" in done else done


def _without_null(part: dict[str, Any]) -> dict[str, Any]:
    """Remove null from the choices: a file omits a value instead of writing null."""
    choices = [choice for choice in part.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) != 1:
        return part
    return {**choices[0], **{key: value for key, value in part.items() if key != "anyOf"}}


def _parameter(part: dict[str, Any]) -> dict[str, Any]:
    """Accept text with a unit in place of a number, and describe default, limits, grade and source."""
    low, high = (number(bound) for bound in part["plausible"])
    unit = "" if part["unit"] == "1" else f" {part['unit']}"
    default = f"Default {number(part['default'])}{unit}; " if "default" in part else ""
    description = (
        f"{part['description']}. {default}allowed {number(part['minimum'])} to "
        f"{number(part['maximum'])}{unit}; plausible {low} to {high}. Grade: {part['grade']}; source: {part['source']}."
    )
    amount = {key: part[key] for key in ("type", "minimum", "maximum")}
    stated = {"default": part["default"]} if "default" in part else {}
    return {"description": description, **stated, "anyOf": [amount, {"$ref": "#/$defs/Amount"}]}
