"""What the reader of scenarios complains of, in the words and at the place of a study."""

import re
from dataclasses import replace

from sim.scenario.errors import Problem
from sim.scenario.nodes import Node, Place, described


def worded(problem: Problem) -> Problem:
    """Say of a value of the scenario what its unit is only where it has one."""
    what = re.sub(r"(found '[^']*') in '[^']*',", r"\1,", problem.what)
    return replace(problem, what=what, allowed=problem.allowed.removesuffix(" [1]"))


def placed(problem: Problem, node: Node) -> Problem:
    """Put a complaint about a name to where the name stands."""
    place: Place = node.place
    what = f"base: found {described(node)}; {problem.what}"
    return replace(problem, file=place.file, line=place.line, column=place.column, path="base", what=what)
