"""Write the reference: commands from their help, keys of scenarios from the schema, Python's names, and outcomes.

`tools/model_document.py` puts what these functions return between the markers of the pages.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from inspect import cleandoc
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML
from typer import Context
from typer.cli import get_docs_for_click
from typer.main import get_command

from experiments.calibration.record import RECORD as FIT
from experiments.cli.app import application
from experiments.store.pages import read_json
from experiments.validation.conclusions import counts
from experiments.validation.page import RECORD as VALIDATION
from sim.language import Language, speaking, term
from sim.outcomes.catalogue import DAILY
from sim.outcomes.measures import MEASURES
from sim.policies import POLICIES
from sim.scenario.reading.json_schema import json_schema
from sim.scenario.schema.network import ARGUMENTS_OF
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import GRADES, Grade, known
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS, Scenario

ROOT: Final = Path(__file__).parents[1]
_GRADES: Final[dict[Grade, str]] = {
    "measured": "a study measured it",
    "calibrated": "fitted inside its plausible range to targets from the literature",
    "elicited": "experts were asked",
    "assumed": "nobody has measured it; the plausible range is wide",
}
KEY_HEAD: Final = ("key", "type", "default", "unit", "allowed", "plausible", "grade and source", "meaning")
PLAIN_HEAD: Final = ("key", "type", "default", "meaning")
"""Head of the table of a section without numbers."""
OUTCOME_HEAD: Final = ("name", "in English", "in Chinese", "unit", "better", "meaning")
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "One scenario": (
        "load_scenario", "read_scenario", "Scenario", "Budget", "Replace", "explain", "show", "warnings_of", "run",
        "Run", "run_replicates", "RunResult", "summarise", "Summary", "daily_frame", "users_frame", "trace",
        "trace_sentences", "set_language", "DayroomError", "ScenarioError", "ScenarioWarning",
    ),
    "The Mesa model": ("DayCentre", "DayCareUser"),
    "Comparing scenarios": (
        "compare", "Comparison", "Contrast", "GroupContrast", "contrasts", "contrasts_table", "by_group", "costs",
        "interval", "worth", "Worth", "Prices", "ranking_of_draws", "regret_of_draws", "split_variance",
    ),
    "Studies of many runs": (
        "load_study", "define_study", "Study", "sweep", "Swept", "planned", "estimate", "status", "results", "daily",
        "groups", "newcomers", "failures", "export", "query", "experiment", "Experiment", "Factor", "design",
        "lever_effects", "waits", "findings", "Finding",
    ),
    "Sensitivity": ("sensitivity", "StudySensitivity", "sensitivity_of_runs", "morris", "sobol", "pawn"),
    "Where a policy fails": (
        "discover", "Discovered", "discover_boxes", "failing", "too_little", "regret", "Ranked", "runs_at_base",
    ),
    "Portfolios": (
        "portfolio", "Portfolios", "Effort", "levers_in", "levers_of", "read_lever", "search_portfolios",
    ),
    "Calibration and validation": (
        "calibrate", "CalibrationSearch", "calibration_parameters", "Sizes", "measure", "read_targets", "verdicts",
        "Fitted", "posterior", "Calibrated", "Schedule", "ENSEMBLE", "validate", "Validation", "measured_waves",
        "read_waves", "groups_of_survey", "likeness_shares", "selection_and_influence", "observed", "Survey",
    ),
    "Executors": ("InProcess", "ProcessPool", "DaskCluster"),
    "Networks as files": ("read_graphml", "write_graphml", "read_gexf", "write_gexf"),
    "Your own policies, rules and outcomes": (
        "register", "PolicyUse", "OwnRule", "OwnColumn", "OwnOutcome", "Evening", "POLICIES", "OUTCOMES",
    ),
    "Shipped policies": tuple(policy.__name__ for policy in POLICIES.values()),
    "Figures, reports, the page": ("plot", "plots", "report", "live", "app"),
}  # fmt: skip
"""Every public name of `dayroom`, by task."""


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(head) + " |"]
    lines.append("|" + "---|" * lines[0].count(" | ") + "---|")
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def number(value: float) -> str:
    """Write a number so that it reads back exactly: in few digits, or else as a fraction of small numbers."""
    short = f"{value:.4g}"
    if float(short) == value:
        return short
    fraction = Fraction(value).limit_denominator(100)
    return str(fraction) if float(fraction) == value and fraction.denominator > 1 else f"{value:.15g}"


def command_text() -> str:
    """Return the help of every command, as Typer writes it for a page."""
    command = get_command(application())
    text = get_docs_for_click(obj=command, ctx=Context(command), name="dayroom")
    text = text.removeprefix("# `dayroom`\n").replace("```console\n$ ", "```text\n")
    listed = [
        f"* [`dayroom {name}`](#dayroom-{name}): {one.get_short_help_str(200)}"
        for name, one in getattr(command, "commands", {}).items()
    ]
    overview = "**Commands**:\n\n" + "\n".join(listed) + "\n\n"
    return re.sub(r"\*\*Commands\*\*:\n\n(?:\* .*\n)+\n", lambda _: overview, text, count=1).strip()


def keys() -> str:
    """Return a table for every section of a scenario, in the order of the schema."""
    return "\n\n".join(_section(*one) for one in _sections(json_schema()))


def _section(heading: str, section: type[BaseModel], properties: Mapping[str, Any]) -> str:
    rows = [_row(name, section.model_fields.get(name), described) for name, described in properties.items()]
    plain = not any(row[3] for row in rows)
    cells = [(*row[:3], row[-1]) if plain else row for row in rows]
    return f"### {heading}\n\n{cleandoc(section.__doc__ or '')}\n\n{table(PLAIN_HEAD if plain else KEY_HEAD, cells)}"


def _sections(schema: Mapping[str, Any]) -> Iterator[tuple[str, type[BaseModel], Mapping[str, Any]]]:
    """Yield the heading, the class and the properties of each section, the scenario itself first."""
    waiting: list[tuple[str, type[BaseModel], Mapping[str, Any]]] = [("", Scenario, schema)]
    done = set()
    generators = {section: name for name, section in ARGUMENTS_OF.items()}
    while waiting:
        path, section, described = waiting.pop(0)
        of = f" of the generator `{generators[section]}`" if section in generators else ""
        yield f"`{path}`{of}" if path else "The file itself", section, described["properties"]
        inner = []
        for name, field in section.model_fields.items():
            for cls, suffix in _classes(field):
                if cls not in done:
                    done.add(cls)
                    inner.append((f"{path}.{name}{suffix}".lstrip("."), cls, _definition(schema, cls)))
        waiting = inner + waiting


def _classes(field: FieldInfo) -> Iterator[tuple[type[BaseModel], str]]:
    """Yield the sections that a field holds, each with what stands after the field's name in their path."""
    annotation, text = field.annotation, str(field.annotation)
    if annotation == Scenario.model_fields["policies"].annotation:
        yield PolicyUse, ".NAME"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, ""
        return
    suffix = ".NAME" if text.startswith("dict") else ".N" if text.startswith("tuple") else ""
    for part in getattr(annotation, "__args__", ()):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part, suffix


def _definition(schema: Mapping[str, Any], section: type[BaseModel]) -> Mapping[str, Any]:
    defined = schema["$defs"].get(section.__name__, {})
    parts = [defined, *defined.get("anyOf", [])]
    return next((part for part in parts if "properties" in part), section.model_json_schema())


def _row(name: str, field: FieldInfo | None, described: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of a key, in the order of `KEY_HEAD`."""
    quantity = known(field) if field is not None else None
    default = "" if field is None or field.is_required() else _default(field.default)
    kind = _kind({key: value for key, value in described.items() if key != "description"})
    if quantity is None:
        meaning = described.get("description") or (field.description if field is not None else "") or ""
        return f"`{name}`", kind, default, "", "", "", "", _escaped(meaning)
    allowed, plausible = (" to ".join(map(number, ends)) for ends in (quantity.bounds, quantity.plausible))
    provenance = f"{quantity.grade}, `{quantity.source}`"
    return f"`{name}`", kind, default, quantity.unit, allowed, plausible, provenance, _escaped(quantity.meaning)


def _escaped(text: str) -> str:
    return re.sub(r"[*<]", r"\\\g<0>", text)


def _default(value: object) -> str:
    """Write a default as it stands in a file; a section or a long list has a table of its own."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | int):
        return number(value)
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else ""  # none, a section, a list of sections, or made from other keys


_KINDS: Final = {"integer": "whole number", "number": "number", "boolean": "true or false", "string": "text"}


def _kind(described: Mapping[str, Any]) -> str:
    """Return the type of a key in words, from its JSON Schema."""
    if "enum" in described:
        return ", ".join(map(str, described["enum"]))
    if "const" in described:
        return str(described["const"])
    if "anyOf" in described or "oneOf" in described:
        kinds = [_kind(one) for one in described.get("anyOf", described.get("oneOf", ()))]
        return " or ".join(dict.fromkeys(kind for kind in kinds if kind))
    if "$ref" in described:
        name = described["$ref"].rpartition("/")[2]
        return "" if name == "Amount" else "section"
    if described.get("type") == "array":
        return f"list of: {_kind(described['items'])}" if described.get("items") else "list"
    if described.get("type") == "object":
        return "entries by name" if {"additionalProperties", "patternProperties"} & described.keys() else "section"
    return _KINDS.get(described.get("type", ""), "")


def outcomes(measures: bool) -> str:
    """Return the table of every daily outcome, or of every measure of a run, with its label in both languages."""
    rows = []
    for one in MEASURES if measures else DAILY:
        with speaking(Language.zh):
            chinese = term(one.label)
        rows.append((f"`{one.name}`", one.label, chinese, one.unit, one.better, _escaped(one.meaning)))
    return table(OUTCOME_HEAD, rows)


def grades() -> str:
    """Return the table of how many parameters have each grade."""
    count = Counter(parameter.quantity.grade for parameter in SCENARIO_PARAMETERS)
    rows = [(grade, count[grade], f"{100 * count[grade] / count.total():.0f} %", _GRADES[grade]) for grade in GRADES]
    return table(("grade", "parameters", "share", "meaning"), rows)


def facts() -> str:
    """Return what the records say of the evidence behind the model, as a list."""
    count = Counter(parameter.quantity.grade for parameter in SCENARIO_PARAMETERS)
    met = [row["met"] for row in read_json(FIT)["targets"]]
    validation = read_json(VALIDATION)
    lines = [
        "**Mechanisms**: the eight sub-themes of one interview study, each with a switch and a test; others from the "
        "literature.",
        f"**Parameters**: {count.total()}, {count['assumed']} of them assumed, {count['calibrated']} calibrated and "
        f"{count['measured']} measured.",
        f"**Calibration**: {sum(met)} of {len(met)} targets fixed before the fit are met.",
        "**Validation** on thirty-two university students, not users of a centre, who began as strangers: "
        + counts(pd.DataFrame(validation["waves"])),
    ]
    return "\n".join(f"- {line}" for line in lines)


def citation() -> str:
    """Return the citation of the program and of the study, from `CITATION.cff`."""
    cited = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    [study] = cited["references"]
    authors = ", ".join(f"{one['family-names']}, {one['given-names'][0]}." for one in study["authors"])
    program = (
        f"{cited['authors'][0]['name']}. *{cited['title']}* (version {cited['version']}). {cited['license']} licence."
    )
    return (
        f"> {program}\n>\n> {authors} ({study['year']}). {study['title']}. *{study['journal']}* "
        f"{study['volume']}:{study['start']}. <https://doi.org/{study['doi']}>"
    )


def public_names() -> dict[str, tuple[str, str]]:
    """Return, for each public name of `dayroom`, its module and its name in that module."""
    stub = ast.parse((ROOT / "dayroom" / "__init__.pyi").read_text(encoding="utf-8"))
    imports = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    return {one.asname or one.name: (str(node.module), one.name) for node in imports for one in node.names}


def python_names() -> str:
    """Return the instructions with which mkdocstrings writes every public name, by task."""
    homes = public_names()
    parts = []
    for task, names in GROUPS.items():
        parts.append(f"## {task}\n")
        for name in names:
            module, inner = homes[name]
            parts.append(
                f"::: {module}.{inner}\n    options: {{heading: {name}, toc_label: {name}, heading_level: 3}}\n"
            )
    return "\n".join(parts)
