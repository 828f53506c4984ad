"""What is wrong with a study by its name, and what the reader of scenarios says, in the words and place of a study."""

import re
from dataclasses import replace

from experiments.places import STORE, VIEWS
from sim.scenario.errors import Problem
from sim.scenario.nodes import Mapping, Node, Place, described, quoted


def worded(problem: Problem) -> Problem:
    """Say of a value of the scenario what its unit is only where it has one."""
    what = re.sub(r"(found '[^']*') in '[^']*',", r"\1,", problem.what)
    return replace(problem, what=what, allowed=problem.allowed.removesuffix(" [1]"))


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
