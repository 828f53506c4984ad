"""Write a starter file for a new scenario: it lists, as comments, the values that analysts change most."""

from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from sim.language import later, say, term
from sim.scenario.reading.explain import Explanation, explain
from sim.scenario.reading.load import Loaded
from sim.scenario.reading.show import word

FIRST_TO_CHANGE: Final = (
    "days",
    "replicates",
    "users.women",
    "users.disclosure_threshold.mean",
    "users.desired_closeness.mean",
    "users.sociability.mean",
    "centres.{centre}.users",
    "centres.{centre}.staff",
    "centres.{centre}.norm",
    "network.kind",
    "society.public_stigma",
    "mechanisms",
    "rules.attendance.base_share",
)
"""Paths in a starter file; `{centre}` is the first centre of the base scenario."""

_HEAD: Final = (
    later("# A scenario says what is simulated. It takes everything from `extends` and changes what is written below."),
    later("# To change a value, take the `# ` away from its line and from the headings above it. Then:"),
    later("#   dayroom scenario check {file}              is anything wrong with it?"),
    later("#   dayroom scenario show {file}               all values, written out"),
    later("#   dayroom scenario explain {file} users      where each value comes from"),
    later('# A number may carry a unit: "3 weeks", "20 %", "20 %/month".'),
    later("# Lists are replaced as a whole; `replace: [centres]` forgets what a section inherits."),
)
_KEYS: Final = """
extends: {extends}
title: ""
question: ""
"""


def starter(file: str, extends: str, base: Loaded, schema: str) -> str:
    """Return the text of a starter file.

    Parameters
    ----------
    file : str
        Name of the file to write.
    extends : str
        Base scenario, as the file writes it.
    base : Loaded
        The base scenario, loaded.
    schema : str
        Location of the JSON Schema for editors.
    """
    centre = next(iter(base.scenario.centres))
    found = [one for path in FIRST_TO_CHANGE for one in explain(base, path.format(centre=centre))]
    head = [f"# yaml-language-server: $schema={schema}", *(str(line).format(file=file) for line in _HEAD)]
    return "\n".join([*head, _KEYS.format(extends=word(extends)) + "\n".join(_commented(found))]) + "\n"


def _commented(found: list[Explanation]) -> Iterator[str]:
    """Yield values as commented YAML, with a heading for each of their sections."""
    headings: list[str] = []
    for one in found:
        *sections, key = one.path.split(".")
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(sections, headings, strict=False)))
        if shared == 0:
            yield ""
        for depth in range(shared, len(sections)):
            yield f"# {'  ' * depth}{sections[depth]}:"
        about = say("{meaning}; {allowed}", meaning=term(one.meaning), allowed=one.allowed)
        yield f"# {'  ' * len(sections)}{key}: {_value(one)}  # {about}"
        headings = sections


def _value(one: Explanation) -> str:
    if isinstance(one.value, bool):
        return str(one.value).lower()
    return word(one.value) if isinstance(one.value, str) else repr(one.value)
