"""What scenarios, groups, policies and outcomes are called in a report: as the analyst wrote them."""

from collections.abc import Iterable, Mapping
from typing import Final
from unicodedata import east_asian_width

from experiments.report.content import as_written
from sim.language import Language, language, say, term
from sim.outcomes.catalogue import OUTCOMES
from sim.scenario.schema.scenario import Scenario

SHORT: Final = 44
"""Most columns of a title on page one; a Chinese letter takes two."""


def titles(scenarios: Mapping[str, Scenario]) -> dict[str, str]:
    """Return the title of each scenario, by name; scenarios with the same title get their names beside it."""
    plain = {name: as_written(term(one.title)) or as_written(name) for name, one in scenarios.items()}
    return {
        name: say("{title} ({name})", title=title, name=as_written(name))
        if sum(title == other for other in plain.values()) > 1
        else title
        for name, title in plain.items()
    }


def short(names: Mapping[str, str]) -> dict[str, str]:
    """Return titles for page one, cut to `SHORT` columns and still unlike each other."""
    made: dict[str, str] = {}
    for key, name in names.items():
        brief = cut(name, SHORT)
        made[key] = brief if brief not in made.values() else f"{cut(brief, SHORT - 3)} {len(made) + 1}"
    return made


def cut(text: str, columns: int) -> str:
    """Cut a text to a number of columns, and mark the cut."""
    width, kept = 0, ""
    for letter in text:
        width += 2 if east_asian_width(letter) in "WF" else 1
        if width > columns:
            return f"{kept.rstrip()}…"
        kept += letter
    return text


def outcome(name: str) -> str:
    """Return the label of an outcome without its scale."""
    label = term(OUTCOMES[name].label)
    return label.split("（")[0] if language() is Language.zh else label.split(" (")[0]


def outcome_within(name: str) -> str:
    """Return the label of an outcome for the middle of a sentence."""
    label = outcome(name)
    return f"{label[:1].lower()}{label[1:]}"


def group(name: str) -> str:
    """Return the name of a group of users: a shipped one in the reader's language, the analyst's own as written."""
    return as_written(term(name))


def policies_of(scenario: Scenario) -> list[str]:
    """Return the policies of a scenario by their kind, each once."""
    return list(dict.fromkeys(as_written(term(use.policy)) for use in scenario.policies.values()))


def question(scenario: Scenario) -> str:
    """Return the question of a scenario, as written; of a shipped one in the reader's language."""
    return as_written(term(" ".join(scenario.question.split())))


def distinct(texts: Iterable[str]) -> list[str]:
    """Return the texts that are not empty, each once."""
    return [text for text in dict.fromkeys(texts) if text]
