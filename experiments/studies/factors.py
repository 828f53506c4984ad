"""Read the factors of a study: each has a range or values within its parameter's bounds. Report mistakes by place."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from pydantic.fields import FieldInfo

from experiments.designs.factor import Factor
from experiments.studies.dates import factor_in_days
from experiments.studies.factor_sections import checked_factor, range_of, values_of
from experiments.studies.networks import NETWORK, network_factor
from experiments.studies.parameter_paths import Lost, Value, find_values, is_varied, words_of
from experiments.studies.schema import Spelled
from experiments.studies.study import NOT_SIMULATED
from experiments.studies.wildcards import PLAUSIBLE, Wildcard, is_wildcard
from sim.language import later, say
from sim.scenario.schema.quantity import known
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import Problem
from sim.scenario.text.nodes import Entry, KeyPath, Mapping, Node, Scalar, Sequence, deepest, described, quoted
from sim.scenario.text.suggestions import nearest

ALIKE: Final = ("users", "rules", "mechanisms")
"""Sections that have the same parameters in every scenario."""

_FORMS: Final = later("plausible, a list of values, or a mapping with keys of: from, to, values, levels")


@dataclass
class Reader:
    """Reads factors against the scenarios of all levers.

    Parameters
    ----------
    levers : dict of str to Scenario
    problems : list of Problem
        Problems so far; reading adds more.
    folder : Path
        Folder of the study, where names of files start.
    anywhere : bool
        Whether files may lie outside this folder.
    first : date, optional
        The date of day 0, with which values may be dates.
    """

    levers: dict[str, Scenario]
    problems: list[Problem] = field(default_factory=list)
    folder: Path = Path()
    anywhere: bool = False
    first: date | None = None

    def factors(self, node: Node) -> tuple[Factor, ...]:
        """Return the valid factors; add a problem for each mistake in the others."""
        if not isinstance(node, Mapping) or not node.entries:
            allowed = say("a mapping of paths of parameters, such as users.empathy.mean: plausible")
            self._note(node, "factors", found=described(node), allowed=allowed)
            return ()
        named = [
            factor
            for path, entry in node.entries.items()
            if not is_wildcard(path) and (factor := self._named(path, entry)) is not None
        ]
        own = {(lever, place) for factor in named for lever, places in factor.places.items() for place in places}
        by_key = {factor.path: [factor] for factor in named}
        for key, entry in node.entries.items():
            if is_wildcard(key):
                by_key[key] = [factor for factor in self._of_wildcard(key, entry) if not _all_in(factor, own)]
        read = {factor.path: factor for key in node.entries for factor in by_key.get(key, [])}  # drops duplicates
        taken: dict[tuple[str, KeyPath], str] = {}
        for factor in read.values():
            for lever, places in factor.places.items():
                for place in places:
                    other = taken.setdefault((lever, place), factor.path)
                    if other != factor.path:
                        what = say("factors.{path} sets what {other} sets already", path=factor.path, other=other)
                        self.problems.append(Problem.at(node.entries[factor.written].key, what=what))
        return tuple(read.values())

    def _named(self, path: str, entry: Entry) -> Factor | None:
        """Return the factor that the study lists by its path, or None when it has mistakes."""
        if path == NETWORK:
            return network_factor(entry, self.levers, self.folder, self.problems, self.anywhere)
        places = self._places(path, entry)
        if places is None:
            return None
        of = _field(places)
        before = len(self.problems)
        factor = self._varied(path, of, entry)
        return None if factor is None or len(self.problems) > before else _placed(factor, of, places)

    def _of_wildcard(self, key: str, entry: Entry) -> list[Factor]:
        """Return the factors that a wildcard matches, each over its plausible range."""
        paths, levels = Wildcard(key, entry, self.levers, self.problems).factors()
        factors = []
        for path in paths:
            places = self._places(path, entry)
            quantity = None if places is None else known(_field(places))
            if places is not None and quantity is not None:
                of = _field(places)
                low, high = quantity.plausible
                factor = Factor(path, float(low), float(high), of.annotation is int, levels=levels, wildcard=key)
                factors.append(_placed(factor, of, places))
        return factors

    def _places(self, path: str, entry: Entry) -> dict[str, list[Value]] | None:
        """Return the parameter's places in the scenario of each lever; add a problem if it cannot be varied."""
        if path.partition(".")[0] in NOT_SIMULATED:
            what = say(
                "factors.{path} changes nothing in a run, so every value would give the same runs again", path=path
            )
            if path in Spelled.model_fields:
                what = say("{problem}; write `{path}: ...` beside factors instead", problem=what, path=path)
            self.problems.append(Problem.at(entry.key, what=what))
            return None
        matches = {lever: find_values(scenario, path) for lever, scenario in self.levers.items()}
        places = {lever: match if isinstance(match, list) else [] for lever, match in matches.items()}
        if not any(places.values()):
            lost = [match for match in matches.values() if isinstance(match, Lost)]
            self.problems.append(_unknown(path, max(lost, key=lambda match: len(match.way)), entry))
            return None
        if not is_varied(_field(places)):
            what = say("factors.{path} is no number, switch or choice of words, so it cannot be varied", path=path)
            self.problems.append(Problem.at(entry.key, what=what))
            return None
        return places

    def _varied(self, path: str, of: FieldInfo, entry: Entry) -> Factor | None:
        """Read a range or values; an end that the study leaves out comes from the parameter's plausible range."""
        words = ", ".join(str(word).lower() for word in words_of(of))
        node, refused = factor_in_days(path, entry.node, self.first)
        if refused:
            self.problems += refused
            return None
        if isinstance(node, Scalar) and node.value == PLAUSIBLE and not words:
            node = Mapping({}, node.place)
        if isinstance(node, Scalar) or (isinstance(node, Sequence) and not node.items):
            near = nearest(node.text, [PLAUSIBLE]) if isinstance(node, Scalar) and not words else ""
            forms = say("a list of values among: {words}", words=words) if words else str(_FORMS)
            self._note(node, f"factors.{path}", found=described(entry.node), allowed=forms, suggestion=near)
            return None
        full, section = range_of(of, node) if isinstance(node, Mapping) else values_of(of, node)
        checked, problems = checked_factor(path, entry.key, full, section)
        self.problems += problems
        if checked is None:
            return None
        listed = checked if isinstance(entry.node, Sequence) else getattr(checked, "values", None)
        if listed is not None:
            values = tuple(getattr(listed, key) for key in type(listed).model_fields)
            written = deepest(entry.node, ("values",))[0]
            items = written.items if isinstance(written, Sequence) else ()
            for place, item in enumerate(items):
                if values[place] in values[:place]:
                    self._note(
                        item,
                        f"factors.{path}",
                        found=say("{found} twice", found=described(item)),
                        allowed=say("each value once"),
                    )
            return Factor(path, whole=of.annotation is int, values=values)
        low, high = float(getattr(checked, "from")), float(getattr(checked, "to"))  # noqa: B009 - `from` is a keyword
        return Factor(path, low, high, of.annotation is int, levels=getattr(checked, "levels", None) or 0)

    def _note(self, node: Node, path: str, **fields: str) -> None:
        self.problems.append(Problem.at(node.place, path=path, **fields))


def _all_in(factor: Factor, taken: set[tuple[str, KeyPath]]) -> bool:
    """Return whether `taken` already holds every place that the factor sets."""
    return all((lever, place) in taken for lever, places in factor.places.items() for place in places)


def _field(places: dict[str, list[Value]]) -> FieldInfo:
    """Return the declaration of a parameter, from its first place."""
    return next(value.field for values in places.values() for value in values)


def _placed(factor: Factor, of: FieldInfo, places: dict[str, list[Value]]) -> Factor:
    """Return a factor with its unit, its meaning, and the paths that it sets under each lever."""
    quantity = known(of)
    unit, meaning = (quantity.unit, quantity.meaning) if quantity else ("1", of.description or "")
    at = {lever: tuple(value.place for value in values) for lever, values in places.items()}
    return replace(factor, unit=unit, meaning=meaning, places=at)


def _unknown(path: str, lost: Lost, entry: Entry) -> Problem:
    """Return the problem of a path that no scenario has: the part that is wrong, and the names allowed there."""
    here = say(" in {place}", place=".".join(lost.way)) if lost.way else ""
    below = list(lost.known)
    if not lost.word:
        what = say("factors.{path} is a section, not a number", path=path)
        listed = ", ".join(f"{path}.{name}" for name in below)
        return Problem.at(entry.key, what=what, allowed=say("one of {words}", words=listed) if below else "")
    near = nearest(lost.word, below)
    parts = path.split(".")
    corrected = ".".join([*parts[: len(lost.way)], near, *parts[len(lost.way) + 1 :]]) if near else ""
    what = say(
        "factors: there is no parameter {path}: {word} does not exist{here}",
        path=quoted(path),
        word=quoted(lost.word),
        here=here,
    )
    return Problem.at(entry.key, what=what, suggestion=corrected, allowed=", ".join(below))


def stands_alone(path: str, base: Mapping | None) -> bool:
    """Return whether a factor can be checked even if a lever, or the base itself, has mistakes."""
    first = path.partition(".")[0]
    if first in ("**", "policies"):
        return False
    return base is not None or first in ALIKE or first not in Scenario.model_fields or path == "centres.*.users"
