"""What differs between scenarios, line by line, with values and units."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from experiments.report import names
from experiments.report.content import Block, Heading, Paragraph, Section, Table, as_written
from experiments.report.values import MISSING
from sim.language import Language, language, say, term
from sim.scenario.reading.explain import walked
from sim.scenario.reading.shape import ROOT, number
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.nodes import shown

_OWN: Final = frozenset({"name", "title", "question", "seed", "replicates"})
"""Keys that change no run."""
_LONGEST: Final = 160
"""Most letters of a value in a table; the scenario's own file has all."""


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A key's value, unit and meaning, and whether the value is the default."""

    value: Any
    unit: str
    meaning: str
    is_default: bool


def differences(scenarios: Mapping[str, Scenario], titles: Mapping[str, str]) -> Section:
    """Return the section on what differs between the base and each alternative."""
    base, *others = scenarios
    before = _leaves(scenarios[base])
    blocks: list[Block] = [
        Paragraph(
            say(
                "Every key of the resolved scenarios that differs from “{base}”; of a policy that it lacks, the "
                "options that are not the policy's own defaults. The folder scenarios/ of the result has all keys in "
                "full.",
                base=titles[base],
            )
        )
    ]
    for place, name in enumerate(others, 1):
        rows = tuple(_lines(before, _leaves(scenarios[name])))
        blocks.append(Heading(titles[name]))
        if not rows:
            blocks.append(Paragraph(say("No key differs.")))
            continue
        head = (say("Key"), say("Base"), say("Alternative"), say("Unit"), say("Meaning"))
        title = say("What differs: {title}", title=titles[name])
        blocks.append(Table(f"differences_{place}", title, head, rows))
    return Section("differences", say("What differs between the scenarios"), tuple(blocks))


def _leaves(scenario: Scenario) -> dict[str, _Leaf]:
    leaves = {}
    for path, at, value in walked(scenario, ROOT, ()):
        if path[0] in _OWN:
            continue
        unit = at.quantity.unit if at.quantity is not None else ""
        meaning = at.quantity.meaning if at.quantity is not None else (at.field.description or "") if at.field else ""
        leaves[shown(path)] = _Leaf(value, unit, meaning, at.field is not None and value == at.field.default)
    return leaves


def _lines(before: Mapping[str, _Leaf], after: Mapping[str, _Leaf]) -> Iterator[tuple[str, ...]]:
    for key in dict.fromkeys([*before, *after]):
        old, new = (_value(side[key].value) if key in side else MISSING for side in (before, after))
        leaf = after.get(key) or before[key]
        if old == new or (leaf.is_default and _is_of_new_policy(key, before, after)):
            continue
        yield as_written(key), old, new, _unit(leaf.unit), translated(leaf.meaning)


def _is_of_new_policy(key: str, before: Mapping[str, _Leaf], after: Mapping[str, _Leaf]) -> bool:
    """Return whether a key is an option of a policy that one of two scenarios lacks."""
    section, _, rest = key.partition(".")
    policy = f"policies.{rest.partition('.')[0]}.policy"
    return section == "policies" and key != policy and (policy in before) != (policy in after)


def _unit(unit: str) -> str:
    return MISSING if unit in ("", "1") else as_written(term(unit))


def translated(meaning: str) -> str:
    """Return a meaning in the reader's language, or a dash where no catalogue translates it: languages do not mix."""
    text = term(meaning)
    return MISSING if not text or (language() is not Language.en and text == meaning) else text


def _value(value: Any) -> str:
    """Write a value on one line; a dash for one that is not set."""
    if value is None or (isinstance(value, tuple | list | dict) and not value):
        return MISSING
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Path):
        return as_written(value.name)
    text = ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    return names.cut(as_written(text), _LONGEST)
