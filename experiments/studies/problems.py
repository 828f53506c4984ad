"""What is wrong with a study by its name, and what the reader of scenarios says, in the words and place of a study."""

import re
from dataclasses import replace
from typing import Final

from experiments.store.places import STORE, VIEWS
from sim.scenario.reading.load import parse
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import Mapping, Node, Place, described, quoted

_OF_SCENARIOS: Final = re.compile(r"a scenario needs at least one key|write keys such as `days: 365`")
_OF_STUDIES: Final = "a study needs at least the keys question, base and design"


def worded(problem: Problem) -> Problem:
    """Say of a value of the scenario what its unit is only where it has one."""
    what = re.sub(r"(found '[^']*') in '[^']*',", r"\1,", problem.what)
    return replace(problem, what=what, allowed=problem.allowed.removesuffix(" [1]"))


def parsed(text: str, file: str) -> tuple[Mapping, list[Problem]]:
    """Read the text of a study; of one without any key it is said what a study needs, not what a scenario does."""
    try:
        return parse(text, file)
    except ScenarioError as error:
        ours = [(one, _OF_SCENARIOS.sub(_OF_STUDIES, one.what)) for one in error.problems]
        raise ScenarioError([replace(one, what=what) for one, what in ours]) from None


def placed(problem: Problem, node: Node) -> Problem:
    """Put a complaint about a name to where the name stands."""
    place: Place = node.place
    what = f"base: found {described(node)}; {problem.what}"
    return replace(problem, file=place.file, line=place.line, column=place.column, path="base", what=what)


def of_name(name: str, root: Mapping) -> list[Problem]:
    """Refuse a name of a study under which `dayroom query` would find something else, or exports meet the store."""
    if name not in (*VIEWS, STORE.name):
        return []
    entry = root.entries.get("name")
    what = "a view of every store" if name in VIEWS else f"the folder of the store ({STORE.as_posix()})"
    found = f"{quoted(name)}, {what}" + ("" if entry else " (from the name of the file)")
    allowed = f"a name that is none of {', '.join((*VIEWS, STORE.name))}, such as name: {name}-study"
    return [Problem.at((entry.node if entry else root).place, path="name", found=found, allowed=allowed)]
