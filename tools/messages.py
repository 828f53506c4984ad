"""List messages without a translation, and translations without a message. Run as `python -m tools.messages`."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

from babel.messages.pofile import read_po

from experiments.compare.decomposition import PARTS
from experiments.measures.runs import EVERYBODY
from experiments.statistics.verdict import BY_ITSELF, CLEAR, FEW, RARE, SAME, UNCLEAR, UNKNOWN
from experiments.worth.result import EVERYTHING, Worth
from experiments.worth.surveys import SURVEYS
from sim.language import CATALOGUES
from sim.outcomes.catalogue import DAILY
from sim.outcomes.measures import MEASURES
from sim.policies import POLICIES
from sim.scenario.conditions.names import SHIPPED_GROUPS
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.quantity import Grade
from sim.scenario.text.files import shipped_files

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
    """Return every text in data that `sim.language.term` translates: labels, units, policies, grades, titles."""
    outcomes = [text for one in (*DAILY, *MEASURES) for text in (one.label, one.unit)]
    titles = [load_scenario(name).title for name in shipped_files()]
    return list(dict.fromkeys([*outcomes, *POLICIES, *get_args(Grade), *titles, *printed()]))


def printed() -> list[str]:
    """Return the words in results that commands print: verdicts, groups, parts of effects, surveys, units."""
    verdicts = [*CLEAR, *BY_ITSELF, *UNCLEAR.values(), *SAME.values(), RARE, FEW, UNKNOWN]
    surveys = [EVERYTHING, *(survey.name for survey in SURVEYS), Worth.unit, Worth.currency]
    return [*verdicts, EVERYBODY, *SHIPPED_GROUPS, "whole", *PARTS, *surveys]


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
