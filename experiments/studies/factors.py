"""Read the factors of a study: each has a range or values within its parameter's bounds. Report mistakes by place."""

from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, Final

from pydantic.fields import FieldInfo

from experiments.designs.factor import Factor, Value
from experiments.studies.parameter_paths import Lost, find_values, is_varied, words_of
from experiments.studies.schema import Spelled
from experiments.studies.study import NOT_SIMULATED
from experiments.studies.wildcards import PLAUSIBLE, Wildcard, is_wildcard
from sim.scenario.reading.shape import Shape, allowed, number
from sim.scenario.schema.quantity import known
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import Problem
from sim.scenario.text.nodes import Entry, KeyPath, Mapping, Node, Scalar, Sequence, described, quoted
from sim.scenario.text.suggestions import nearest
from sim.scenario.text.units import UnitError, convert, examples

KEYS: Final = ("from", "to", "values", "levels")
ALIKE: Final = ("users", "rules", "mechanisms")
"""Sections that have the same parameters in every scenario."""
MOST_LEVELS: Final = 1000

_FORMS: Final = "plausible, a list of values, or a mapping with keys of: from, to, values, levels"


@dataclass
class Reader:
    """Reads factors against the scenarios of all levers.

    Parameters
    ----------
    levers : dict of str to Scenario
    problems : list of Problem
        Problems so far; reading adds more.
    """

    levers: dict[str, Scenario]
    problems: list[Problem] = field(default_factory=list)

    def factors(self, node: Node) -> tuple[Factor, ...]:
        """Return the valid factors; add a problem for each mistake in the others."""
        if not isinstance(node, Mapping):
            allowed_here = "a mapping of paths of parameters, such as users.empathy.mean: plausible"
            self._note(node, "factors", found=described(node), allowed=allowed_here)
            return ()
        named = [
            one
            for path, entry in node.entries.items()
            if not is_wildcard(path) and (one := self._factor(path, entry)) is not None
        ]
        own = {(lever, place) for factor in named for lever, places in factor.places.items() for place in places}
        by_key = {factor.path: [factor] for factor in named}
        for key, entry in node.entries.items():
            if is_wildcard(key):
                by_key[key] = [one for one in self._of_wildcard(key, entry) if not _all_in(one, own)]
        read = {factor.path: factor for key in node.entries for factor in by_key.get(key, [])}  # drops duplicates
        taken: dict[tuple[str, Any], str] = {}
        for factor in read.values():
            for lever, places in factor.places.items():
                for place in places:
                    other = taken.setdefault((lever, place), factor.path)
                    if other != factor.path:
                        what = f"factors.{factor.path} sets what {other} sets already"
                        self.problems.append(Problem.at(node.entries[factor.written].key, what=what))
        return tuple(read.values())

    def _of_wildcard(self, key: str, entry: Entry) -> list[Factor]:
        """Return the factors that a wildcard matches, each read as if the study listed it by path."""
        wildcard = Wildcard(key, entry, self.levers, self.problems)
        read = [self._factor(path, one) for path, one in wildcard.factors().items()]
        return [replace(factor, wildcard=key) for factor in read if factor is not None]

    def _factor(self, path: str, entry: Entry) -> Factor | None:
        if path.partition(".")[0] in NOT_SIMULATED:
            instead = f"; write `{path}: ...` beside factors instead" if path in Spelled.model_fields else ""
            what = f"factors.{path} changes nothing in a run, so every value would give the same runs again{instead}"
            self.problems.append(Problem.at(entry.key, what=what))
            return None
        found = {lever: find_values(scenario, path) for lever, scenario in self.levers.items()}
        places = {lever: one if isinstance(one, list) else [] for lever, one in found.items()}
        first = next((one[0] for one in places.values() if one), None)
        if first is None:
            lost = [one for one in found.values() if isinstance(one, Lost)]
            self.problems.append(_unknown(path, max(lost, key=lambda one: len(one.way)), entry))
            return None
        if not is_varied(first.field):
            what = f"factors.{path} is no number, switch or choice of words, so it cannot be varied"
            self.problems.append(Problem.at(entry.key, what=what))
            return None
        before = len(self.problems)
        factor = self._varied(path, first.field, entry.node)
        if factor is None or len(self.problems) > before:
            return None
        quantity = known(first.field)
        meaning = quantity.meaning if quantity else (first.field.description or "")
        at = {lever: tuple(one.place for one in ones) for lever, ones in places.items()}
        return replace(factor, unit=_unit(first.field), meaning=meaning, places=at)

    def _varied(self, path: str, of: FieldInfo, node: Node) -> Factor | None:
        """Read a range or values; an end that the study leaves out comes from the parameter's plausible range."""
        if isinstance(node, Sequence):
            return self._listed(path, of, node)
        written = node
        if isinstance(node, Scalar) and node.value == PLAUSIBLE:
            node = Mapping({}, node.place)
        if not isinstance(node, Mapping):
            self._note(node, f"factors.{path}", found=described(node), allowed=_FORMS)
            return None
        for key, entry in node.entries.items():
            if key not in KEYS:
                what, near = f"unknown key {quoted(key)} in factors.{path}", nearest(key, KEYS)
                self.problems.append(Problem.at(entry.key, what=what, suggestion=near, allowed=", ".join(KEYS)))
        if "values" in node.entries:
            if stray := [key for key in node.entries if key in ("from", "to", "levels")]:
                what = f"factors.{path}: `values` says all; leave out {' and '.join(stray)}"
                self.problems.append(Problem.at(node.entries[stray[0]].key, what=what))
            return self._listed(path, of, node.entries["values"].node)
        if words_of(of):
            listed = ", ".join(str(word).lower() for word in words_of(of))
            fields = {"found": described(written), "allowed": f"a list of values among: {listed}"}
            self._note(node, f"factors.{path}", **fields)
            return None
        return self._ranged(path, of, node)

    def _listed(self, path: str, of: FieldInfo, node: Node) -> Factor | None:
        if not isinstance(node, Sequence) or not node.items:
            self._note(node, f"factors.{path}.values", found=described(node), allowed="a list of one or more values")
            return None
        values: list[Value] = []
        for item in node.items:
            value = self._value(path, of, item)
            if value is None:
                continue
            if value in values:
                self._note(item, f"factors.{path}", found=f"{described(item)} twice", allowed="each value once")
            values.append(value)
        return Factor(path, whole=of.annotation is int, values=tuple(values))

    def _ranged(self, path: str, of: FieldInfo, node: Mapping) -> Factor | None:
        quantity = known(of)
        low, high = quantity.plausible if quantity else (None, None)
        ends: list[Any] = [low, high]
        for place, key in enumerate(("from", "to")):
            if key in node.entries:
                ends[place] = self._value(path, of, node.entries[key].node)
        if None in ends:
            if not quantity and not {"from", "to"} <= set(node.entries):
                what = f"factors.{path} has no plausible range; give from and to, or values"
                self.problems.append(Problem.at(node.place, what=what))
            return None
        if ends[0] >= ends[1]:
            at = next((node.entries[key].node for key in ("to", "from") if key in node.entries), node)
            what = f"factors.{path}: the range ends ({number(ends[1])}) where it begins or before ({number(ends[0])})"
            self.problems.append(Problem.at(at.place, what=what))
            return None
        return Factor(path, float(ends[0]), float(ends[1]), of.annotation is int, levels=self._levels(path, node))

    def _levels(self, path: str, node: Mapping) -> int:
        entry = node.entries.get("levels")
        if entry is None:
            return 0
        given = entry.node.value if isinstance(entry.node, Scalar) else None
        if not isinstance(given, int) or isinstance(given, bool) or not 2 <= given <= MOST_LEVELS:
            fields = {"found": described(entry.node), "allowed": f"a whole number, 2 to {MOST_LEVELS}"}
            self._note(entry.node, f"factors.{path}.levels", **fields)
            return 0
        return given

    def _value(self, path: str, of: FieldInfo, node: Node) -> Value | None:
        """Return a value in the parameter's own unit; if it is not allowed, add a problem and return None."""
        written = node.value if isinstance(node, Scalar) else None
        fields = {"found": described(node), "allowed": allowed(Shape(of.annotation, of))}
        if words := words_of(of):
            if written is not None and written in words and isinstance(written, bool) == (of.annotation is bool):
                return written
            fields["suggestion"] = nearest(written, map(str, words)) if isinstance(written, str) else ""
        else:
            try:
                amount = _amount(of, written)
            except UnitError:
                amount, fields["allowed"] = None, examples(_unit(of))
            if amount is not None and _inside(of, amount):
                return amount
        self._note(node, f"factors.{path}", **fields)
        return None

    def _note(self, node: Node, path: str, **fields: str) -> None:
        self.problems.append(Problem.at(node.place, path=path, **fields))


def _all_in(factor: Factor, taken: set[tuple[str, KeyPath]]) -> bool:
    """Return whether `taken` already holds every place that the factor sets."""
    return all((lever, place) in taken for lever, places in factor.places.items() for place in places)


def _unit(of: FieldInfo) -> str:
    quantity = known(of)
    return quantity.unit if quantity else "1"


def _amount(of: FieldInfo, written: str | float | None) -> int | float | None:
    """Return a number, or a text such as "40 %", as a number in the parameter's own unit; None for anything else.

    Raises
    ------
    UnitError
        When a text has another unit.
    """
    if isinstance(written, str) and known(of) is not None:
        written = convert(written, _unit(of))
        if of.annotation is int and written >= 28:
            written = float(round(written))  # months and years are not whole numbers of days
    if isinstance(written, bool) or not isinstance(written, int | float):
        return None
    if of.annotation is int:
        return int(written) if isfinite(written) and written == int(written) else None
    return float(written)


def _inside(of: FieldInfo, value: float) -> bool:
    """Return whether a number lies within the bounds of a field."""
    quantity = known(of)
    if quantity is not None:
        return quantity.bounds[0] <= value <= quantity.bounds[1]
    low = next((item.ge for item in of.metadata if hasattr(item, "ge")), value)
    high = next((item.le for item in of.metadata if hasattr(item, "le")), value)
    return bool(low <= value <= high)


def _unknown(path: str, lost: Lost, entry: Entry) -> Problem:
    """Return the problem of a path that no scenario has: the part that is wrong, and the names allowed there."""
    here = f" in {'.'.join(lost.way)}" if lost.way else ""
    below = list(lost.known)
    if not lost.word:
        what = f"factors.{path} is a section, not a number"
        listed = ", ".join(f"{path}.{name}" for name in below)
        return Problem.at(entry.key, what=what, allowed=f"one of {listed}" if below else "")
    near = nearest(lost.word, below)
    parts = path.split(".")
    corrected = ".".join([*parts[: len(lost.way)], near, *parts[len(lost.way) + 1 :]]) if near else ""
    what = f"factors: there is no parameter {quoted(path)}: {quoted(lost.word)} does not exist{here}"
    return Problem.at(entry.key, what=what, suggestion=corrected, allowed=", ".join(below))


def stands_alone(path: str, base: Mapping | None) -> bool:
    """Return whether a factor can be checked even if a lever, or the base itself, has mistakes."""
    first = path.partition(".")[0]
    if first in ("**", "policies"):
        return False
    return base is not None or first in ALIKE or first not in Scenario.model_fields or path == "centres.*.users"
