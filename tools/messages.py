"""List messages without a translation, and translations without a message. Run as `python -m tools.messages`."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

import typer
from babel.messages.pofile import read_po
from pydantic import BaseModel
from typer.main import get_command

from experiments.cli.app import application
from experiments.cli.help import paragraphs
from experiments.compare.decomposition import PARTS
from experiments.compare.trace import NAMES, TIE_ORDER, USER_ORDER
from experiments.measures.runs import EVERYBODY
from experiments.statistics.budget import LIMITS
from experiments.statistics.undefined_outcomes import why_undefined
from experiments.statistics.verdict import BY_ITSELF, CLEAR, FEW, RARE, SAME, UNCLEAR, UNKNOWN
from experiments.validation.measured import DISTRIBUTIONS, LABELS
from experiments.validation.result import Validation
from experiments.worth.result import EVERYTHING, Worth
from experiments.worth.surveys import SURVEYS
from sim.language import CATALOGUES
from sim.outcomes.catalogue import DAILY
from sim.outcomes.measures import MEASURES
from sim.policies import POLICIES
from sim.scenario.conditions.names import (
    AGGREGATES,
    CENTRE_ATTRIBUTES,
    OPERATORS,
    SHIPPED_GROUPS,
    USER_ATTRIBUTES,
)
from sim.scenario.reading.load import load_scenario
from sim.scenario.reading.policies import meaning_of
from sim.scenario.schema.parameters import PHASES
from sim.scenario.schema.policy import policies
from sim.scenario.schema.quantity import Grade, parameters
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS, WEEKDAYS, Centre, Scenario
from sim.scenario.text.files import shipped_files
from sim.sources import SOURCES
from sim.state.columns import DIAGNOSES, SEXES, TIE, USER

ROOT: Final = Path(__file__).resolve().parents[1]
ROOMS: Final = ("dayroom", "sim", "experiments")
"""Folders whose sources hold messages."""


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call of `say` and `later`, with its place: "sim/state/files/xml.py:86".

    Babel's own extraction misses a call inside another, and takes methods of these names for them.
    """
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "later"):
                yield f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", node


def messages() -> dict[str, str]:
    """Return every message of the sources, with the first place where it stands."""
    places: dict[str, str] = {}
    for place, call in calls():
        if call.args and isinstance(call.args[0], ast.Constant):
            places.setdefault(str(call.args[0].value), place)
    return places


def catalogues() -> dict[str, dict[str, str]]:
    """Return the Chinese messages by the English ones, for each catalogue."""
    every: dict[str, dict[str, str]] = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            every[path.name] = {str(one.id): str(one.string) for one in read_po(file, locale="zh_CN") if one.id}
    return every


def translations() -> dict[str, str]:
    """Return the Chinese messages by the English ones, of all catalogues."""
    return {english: chinese for catalogue in catalogues().values() for english, chinese in catalogue.items()}


def terms() -> list[str]:
    """Return every text in data that `sim.language.term` translates: labels, units, policies, titles, meanings."""
    outcomes = [text for one in (*DAILY, *MEASURES) for text in (one.label, one.unit)]
    shipped = [load_scenario(name) for name in shipped_files()]
    stated = [text for one in shipped for text in (one.title, " ".join(one.question.split()))]
    shown = [*reported(), *printed(), *explained(), *traced(), *helps(get_command(application()))]
    return list(dict.fromkeys([*outcomes, *POLICIES, *get_args(Grade), *stated, *shown, *meanings()]))


def reported() -> list[str]:
    """Return the texts in data that reports show: groups, labels of waves, surveys, units."""
    groups = [EVERYBODY, *SHIPPED_GROUPS]
    quantities = [number.quantity for one in policies().values() for number in parameters(one)]
    units = [*(one.unit for one in quantities), *(unit for unit, _ in LIMITS.values()), *LIMITS]
    surveys = [*PARTS, "whole", EVERYTHING, *(one.name for one in SURVEYS)]
    waves = [*LABELS.values(), *DISTRIBUTIONS.values(), Validation.title]
    return [text for text in (*groups, *waves, *surveys, *units) if text not in ("", "1")]


def printed() -> list[str]:
    """Return the words in results that commands print: verdicts, groups, parts of effects, surveys, units."""
    verdicts = [*CLEAR, *BY_ITSELF, *UNCLEAR.values(), *SAME.values(), RARE, FEW, UNKNOWN]
    reasons = [reason for one in DAILY if (reason := why_undefined(one))]
    return [*verdicts, *reasons, Worth.unit, Worth.currency]


def explained() -> list[str]:
    """Return the texts in data that `dayroom explain` prints: of words, policies, parameters and sources."""
    attributes = [*USER_ATTRIBUTES.values(), *CENTRE_ATTRIBUTES.values()]
    words = [text for one in attributes for text in (one.meaning, one.definition, one.unit, *one.labels)]
    meant = [*AGGREGATES.values(), *OPERATORS.values(), *map(meaning_of, policies().values())]
    units = [one.quantity.unit for one in SCENARIO_PARAMETERS]
    notes = [
        text for one in SOURCES.values() for text in (one.note, *([one.authors] if "others" in one.authors else []))
    ]
    return [text for text in (*words, *meant, *units, *notes) if text not in ("", "1")]


def traced() -> list[str]:
    """Return the texts in data that `dayroom trace` prints: phases, weekdays, and what may differ."""
    columns = [column for column in USER if column.name in USER_ORDER]
    columns += [column for column in TIE if column.name in TIE_ORDER]
    differing = [text for one in columns for text in (one.meaning, *(one.labels if one.name != "status" else ()))]
    phases = [NAMES.get(name, name) for name in PHASES[:-1]]
    return ["before the day", *phases, *WEEKDAYS, *SEXES, *DIAGNOSES, *differing]


def helps(command: Any) -> Iterator[str]:
    """Yield the texts of `--help`, of a command, its arguments and options, and of the commands below it."""
    yield from paragraphs(command.help)
    for one in command.get_params(typer.Context(command)):
        yield from paragraphs(one.help)
    for one in getattr(command, "commands", {}).values():
        yield from helps(one)


def meanings() -> list[str]:
    """Return the meaning of every setting of a scenario, of its policies too."""
    found: dict[str, None] = {}
    classes: list[Any] = [Scenario, Centre, *policies().values()]
    known = set(classes)
    while classes:
        for field in classes.pop(0).model_fields.values():
            found.setdefault(field.description or "", None)
            fresh = [one for one in _sections(field.annotation) if one not in known]
            known.update(fresh)
            classes += fresh
    return [text for text in found if text]


def _sections(annotation: Any) -> Iterator[Any]:
    """Yield the sections in the type of a field."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _sections(part)


def lacks() -> list[str]:
    """Return a line for each message without a translation, and for each translation without a message."""
    here, there, known = messages(), translations(), terms()
    missing = [f"{place}: not translated: {message!r}" for message, place in here.items() if not there.get(message)]
    missing += [f"terms.po: not translated: {text!r}" for text in known if not there.get(text)]
    return missing + [
        f"{name}: no such message: {message!r}"
        for name, catalogue in catalogues().items()
        for message in catalogue
        if message not in here and message not in known
    ]


if __name__ == "__main__":
    lines = lacks()
    print("\n".join(lines) or "every message is translated")
    sys.exit(1 if lines else 0)
