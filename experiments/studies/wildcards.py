"""Select factors by grade of evidence: `rules.**: assumed` selects every assumed number below `rules`."""

from collections.abc import Mapping as ByName
from dataclasses import dataclass, field, replace
from typing import Final

from experiments.studies.parameter_paths import Lost, find_values
from experiments.studies.unmeasured import numbers
from sim.scenario.schema.quantity import GRADES
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import Problem
from sim.scenario.text.nodes import Entry, Mapping, Node, Scalar, Sequence, described, quoted
from sim.scenario.text.suggestions import nearest

STARS: Final = "**"
PLAUSIBLE: Final = "plausible"
KEYS: Final = ("grade", "except", "levels")

_FORMS: Final = (
    f"a grade of evidence ({', '.join(GRADES)}), a list of grades, or a mapping with keys of: {', '.join(KEYS)}"
)


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

    def factors(self) -> dict[str, Entry]:
        """Return the paths that the wildcard matches, in the scenario's order, each with an entry for its range."""
        section = self.key.split(".")[:-1]
        if not self._is_section(section):
            return {}
        written = self.entry.node if isinstance(self.entry.node, Mapping) else Mapping({}, self.entry.node.place)
        grades = self._grades(written)
        if not grades:
            return {}
        found = self._paths(section, grades)
        if not found:
            self._note(self.entry.node, self._nothing(section, grades))
        kept = self._without(list(found), written.entries.get("except"))
        node = Scalar(PLAUSIBLE, PLAUSIBLE, self.entry.node.place)
        levels = {key: one for key, one in written.entries.items() if key == "levels"}
        each = Entry(self.entry.key, replace(written, entries=levels) if levels else node)
        return dict.fromkeys(kept, each)

    def _is_section(self, section: list[str]) -> bool:
        """Return whether any lever has the section; if none has, add a problem that says what is wrong."""
        found = [find_values(scenario, ".".join(section)) for scenario in self.levers.values()] if section else []
        lost = [one for one in found if isinstance(one, Lost)]
        if not section or any(not one.word for one in lost):
            return True
        if len(lost) < len(found):
            what = f"factors: {quoted(self.key)} is below a number; name the number itself"
            self.problems.append(Problem.at(self.entry.key, what=what, suggestion=".".join(section)))
            return False
        far = max(lost, key=lambda one: len(one.way))
        near = nearest(far.word, far.known)
        parts = self.key.split(".")
        corrected = ".".join([*far.way, near, *parts[len(far.way) + 1 :]]) if near else ""
        here = f" in {'.'.join(far.way)}" if far.way else ""
        what = f"factors: there is no section {quoted('.'.join(section))}: {quoted(far.word)} does not exist{here}"
        self.problems.append(Problem.at(self.entry.key, what=what, suggestion=corrected, allowed=", ".join(far.known)))
        return False

    def _grades(self, written: Mapping) -> list[str]:
        """Return the grades that the entry lists; if it has mistakes, add problems and return none."""
        node: Node = self.entry.node
        if isinstance(node, Mapping):
            for key, entry in written.entries.items():
                if key not in KEYS:
                    what = f"unknown key {quoted(key)} in factors.{self.key}"
                    fields = {"suggestion": nearest(key, KEYS), "allowed": ", ".join(KEYS)}
                    self.problems.append(Problem.at(entry.key, what=what, **fields))
            if "grade" not in written.entries:
                self._note(node, f"factors.{self.key}.grade: this key is missing", allowed=", ".join(GRADES))
                return []
            node = written.entries["grade"].node
        items = node.items if isinstance(node, Sequence) and node.items else (node,)
        words = [item.value if isinstance(item, Scalar) else None for item in items]
        for item, word in zip(items, words, strict=True):
            if word not in GRADES:
                near = nearest(word, GRADES) if isinstance(word, str) else ""
                self._note(item, f"factors.{self.key}: found {described(item)}", allowed=_FORMS, suggestion=near)
        return [str(word) for word in words] if set(words) <= set(GRADES) else []

    def _paths(self, section: list[str], grades: "list[str] | tuple[str, ...]") -> dict[str, str]:
        """Return the path of each number below the section that has one of these grades, with its grade."""
        found: dict[str, str] = {}
        for scenario in self.levers.values():
            for number in numbers(scenario, grades):
                if path := number.below(section):
                    found.setdefault(path, number.parameter.quantity.grade)
        return found

    def _nothing(self, section: list[str], grades: list[str]) -> str:
        """Return the message that the section has no number of these grades, with its counts of other grades."""
        every = list(self._paths(section, GRADES).values())
        counts = [f"{every.count(grade)} {grade}" for grade in GRADES if grade in every]
        there = f"there are {', '.join(counts)}" if counts else "there is none with a plausible range"
        return f"factors.{self.key} takes no parameter: below it none is {' or '.join(grades)}; {there}"

    def _without(self, paths: list[str], entry: Entry | None) -> list[str]:
        """Return the paths except those under the key `except`; add a problem for a name that matches no path."""
        if entry is None:
            return paths
        items = entry.node.items if isinstance(entry.node, Sequence) and entry.node.items else (entry.node,)
        gone: set[str] = set()
        for item in items:
            word = item.value if isinstance(item, Scalar) and isinstance(item.value, str) else None
            if word is None:
                allowed = "a list of paths and sections, such as [rules.turnover.work_share, users.empathy.**]"
                self._note(item, f"factors.{self.key}.except: found {described(item)}", allowed=allowed)
                continue
            named = {path for path in paths if path == word or (is_wildcard(word) and path.startswith(word[:-2]))}
            if paths and not named:
                sections = {
                    f"{path.rsplit('.', cut)[0]}.{STARS}" for path in paths for cut in range(1, path.count("."))
                }
                what = f"factors.{self.key}.except: {quoted(word)} names nothing that {self.key} takes"
                self._note(item, what, suggestion=nearest(word, [*paths, *sorted(sections)]))
            gone |= named
        if paths and gone == set(paths):
            self._note(entry.node, f"factors.{self.key}.except leaves no parameter")
        return [path for path in paths if path not in gone]

    def _note(self, node: Node, what: str, **fields: str) -> None:
        self.problems.append(Problem.at(node.place, what=what, **fields))
