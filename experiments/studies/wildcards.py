"""Select factors by grade of evidence: `rules.**: assumed` selects every assumed number below `rules`."""

from collections.abc import Mapping as ByName
from dataclasses import dataclass, field
from typing import Final

from experiments.studies.evidence import numbers
from experiments.studies.factor_sections import SELECTION, checked_factor
from experiments.studies.parameter_paths import Lost, find_values
from sim.language import say, term
from sim.scenario.schema.quantity import GRADES, Grade
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import Problem
from sim.scenario.text.nodes import Entry, Mapping, Node, Scalar, Sequence, deepest, quoted
from sim.scenario.text.suggestions import nearest

STARS: Final = "**"
PLAUSIBLE: Final = "plausible"


def is_wildcard(key: str) -> bool:
    """Return whether a key among the factors matches all numbers below a section."""
    return key == STARS or key.endswith(f".{STARS}")


@dataclass
class Wildcard:
    """A key such as `rules.**`, with its entry in the study.

    Parameters
    ----------
    key : str
    entry : Entry
    levers : mapping of str to Scenario
    problems : list of Problem
        Problems so far; reading adds more.
    """

    key: str
    entry: Entry
    levers: ByName[str, Scenario]
    problems: list[Problem] = field(default_factory=list)

    def factors(self) -> tuple[list[str], int]:
        """Return the paths that the wildcard matches, in the scenario's order, and the levels of each in a grid."""
        section = self.key.split(".")[:-1]
        if not self._is_section(section):
            return [], 0
        written = _in_full(self.entry.node)
        selection, problems = checked_factor(self.key, self.entry.key, written, SELECTION)
        self.problems += problems
        if selection is None:
            return [], 0
        paths = list(self._paths(section, selection.grade))
        if not paths:
            self._note(self.entry.node, self._nothing(section, selection.grade))
        return self._without(paths, deepest(written, ("except",))[0]), selection.levels or 0

    def _is_section(self, section: list[str]) -> bool:
        """Return whether any lever has the section; if none has, add a problem that says what is wrong."""
        matches = [find_values(scenario, ".".join(section)) for scenario in self.levers.values()] if section else []
        lost = [match for match in matches if isinstance(match, Lost)]
        if not section or any(not match.word for match in lost):
            return True
        if len(lost) < len(matches):
            what = say("factors: {key} is below a number; name the number itself", key=quoted(self.key))
            self.problems.append(Problem.at(self.entry.key, what=what, suggestion=".".join(section)))
            return False
        far = max(lost, key=lambda match: len(match.way))
        near = nearest(far.word, far.known)
        parts = self.key.split(".")
        corrected = ".".join([*far.way, near, *parts[len(far.way) + 1 :]]) if near else ""
        here = say(" in {place}", place=".".join(far.way)) if far.way else ""
        what = say(
            "factors: there is no section {section}: {word} does not exist{here}",
            section=quoted(".".join(section)),
            word=quoted(far.word),
            here=here,
        )
        self.problems.append(Problem.at(self.entry.key, what=what, suggestion=corrected, allowed=", ".join(far.known)))
        return False

    def _paths(self, section: list[str], grades: tuple[Grade, ...]) -> dict[str, str]:
        """Return the path of each number below the section that has one of these grades, with its grade."""
        paths: dict[str, str] = {}
        for scenario in self.levers.values():
            for number in numbers(scenario, grades):
                if path := number.below(section):
                    paths.setdefault(path, number.parameter.quantity.grade)
        return paths

    def _nothing(self, section: list[str], grades: tuple[Grade, ...]) -> str:
        """Return the message that the section has no number of these grades, with its counts of other grades."""
        every = list(self._paths(section, GRADES).values())
        counts = [
            say("{number} {grade}", number=every.count(grade), grade=term(grade)) for grade in GRADES if grade in every
        ]
        values = {"key": self.key, "grades": say(" or ").join(map(term, grades)), "counts": say(", ").join(counts)}
        if counts:
            return say("factors.{key} takes no parameter: below it none is {grades}; there are {counts}", **values)
        return say(
            "factors.{key} takes no parameter: below it none is {grades}; there is none with a plausible range",
            **values,
        )

    def _without(self, paths: list[str], written: Node) -> list[str]:
        """Return the paths except those under the key `except`; add a problem for a name that matches no path."""
        if not isinstance(written, Sequence) or not paths:
            return paths
        gone: set[str] = set()
        for item in written.items:
            word = item.value if isinstance(item, Scalar) and isinstance(item.value, str) else ""
            named = {path for path in paths if path == word or (is_wildcard(word) and path.startswith(word[:-2]))}
            if not named:
                sections = {
                    f"{path.rsplit('.', cut)[0]}.{STARS}" for path in paths for cut in range(1, path.count("."))
                }
                what = say(
                    "factors.{key}.except: {word} names nothing that {key} takes", key=self.key, word=quoted(word)
                )
                self._note(item, what, suggestion=nearest(word, [*paths, *sorted(sections)]))
            gone |= named
        if gone == set(paths):
            self._note(written, say("factors.{key}.except leaves no parameter", key=self.key))
        return [path for path in paths if path not in gone]

    def _note(self, node: Node, what: str, **fields: str) -> None:
        self.problems.append(Problem.at(node.place, what=what, **fields))


def _in_full(node: Node) -> Node:
    """Return what a study writes under a wildcard as a mapping with lists: `assumed` becomes `{grade: [assumed]}`."""
    if not isinstance(node, Mapping):
        node = Mapping({"grade": Entry(node.place, node)}, node.place)
    entries = {
        key: Entry(entry.key, Sequence((entry.node,), entry.node.place))
        if key in ("grade", "except") and isinstance(entry.node, Scalar)
        else entry
        for key, entry in node.entries.items()
    }
    return Mapping(entries, node.place)
