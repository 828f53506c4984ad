"""Read a study's file and check it; report all mistakes at once, each with its place."""

import math
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from experiments.designs.factor import Factor, Point
from experiments.designs.grid import grid
from experiments.designs.points import DesignError, from_text, whole_text
from experiments.designs.sampled import independent, latin_hypercube, sobol
from experiments.designs.sensitivity import morris, saltelli
from experiments.store.places import STORE, VIEWS
from experiments.studies import shipped
from experiments.studies.factors import Reader, stands_alone
from experiments.studies.schema import DESIGN, STUDY, Design, Spelled, in_full
from experiments.studies.study import USUAL_CARE, Study
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.scenario.reading.check import checked, checked_as
from sim.scenario.reading.load import parse, read
from sim.scenario.reading.resolve import find as find_scenario
from sim.scenario.reading.resolve import find_named, merged_layers, settled
from sim.scenario.reading.shape import ROOT
from sim.scenario.reading.show import show
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.files import displayed, inside, ordinary, read_text
from sim.scenario.text.nodes import Entry, Mapping, Node, Scalar, deepest, described, quoted
from sim.scenario.text.suggestions import nearest
from sim.scenario.text.units import UnitError, convert

MOST_RUNS: Final = 20_000_000
"""Most runs of a study; a larger number is taken for a mistake in its design."""

NUMBERED: Final = ("sobol", "saltelli")
"""Designs whose number of points can be checked without the factors."""

_NAME: Final = re.compile(r"[^a-z0-9_-]+")


def load_study(reference: str | os.PathLike[str]) -> Study:
    """Read and check a study with its base and levers, and make the points of its design.

    Parameters
    ----------
    reference : str or path
        A YAML file, or the name of a shipped study.

    Raises
    ------
    ScenarioError
        When the study has mistakes; lists all of them, each with its place.
    """
    path = find(reference)
    root, problems = parse(read_text(path), displayed(path), STUDY)
    root = in_full(root)
    spelled, more = checked_as(STUDY, root)
    return Reading(path, root, [*problems, *more]).study(spelled, str(reference))


def find(reference: str | os.PathLike[str]) -> Path:
    """Find a study's file by its path, or a shipped study by its name.

    Raises
    ------
    ScenarioError
        When the reference is a bare word that is neither a file nor a shipped study.
    """
    found = find_named(reference, Path(), shipped.files(), "study")
    if isinstance(found, Problem):
        raise ScenarioError([found])
    return found


@dataclass
class Reading:
    """The text of a study, and all problems found in it so far.

    Parameters
    ----------
    path : Path
        The study's file; for a study without a file, its name in messages.
    root : Mapping
        The study's text, parsed.
    problems : list of Problem
        Problems so far; reading adds more.
    given : Scenario, optional
        The base, when it is a `Scenario` and not a file.
    """

    path: Path
    root: Mapping
    problems: list[Problem] = field(default_factory=list)
    given: Scenario | None = None

    def study(self, spelled: Spelled | None, reference: str) -> Study:
        """Return the study, or raise a `ScenarioError` with all its problems."""
        base = self._base()
        levers = self._levers(base if base is not None else self._in_its_place())
        is_sure = base is not None and len(levers) == self._given
        factors, are_read = self._factors(levers, base, is_sure)
        design = self._design()
        points: list[Point] = [()]
        if design is not None and self._goes_with_factors(design.kind, factors):
            seed = spelled.seed if spelled is not None else 0
            if are_read:
                points = self._points(design, seed, factors)
            elif design.kind in NUMBERED:
                self._points(design, seed, [Factor("one"), Factor("another")])
        precision = self._precision(spelled)
        if spelled is not None and not self.problems:
            self._check_size(len(points) * len(levers) * spelled.replicates)
        if spelled is not None:
            self._check_name(spelled.name or self._name())
        if spelled is None or self.problems:
            raise ScenarioError(self.problems)
        outcomes = tuple(dict.fromkeys(spelled.outcomes or ()))
        return Study(
            name=spelled.name or self._name(),
            title=spelled.title,
            question=spelled.question,
            reference=reference,
            file=self.path,
            levers=levers,
            usual_care=self._usual_care,
            factors=factors,
            points=points,
            design=spelled.design.model_dump(),
            replicates=spelled.replicates,
            seed=spelled.seed,
            outcomes=outcomes,
            daily=(outcomes or PRIMARY) if spelled.storage == "daily" else (),
            precision=precision,
            most_replicates=spelled.most_replicates,
        )

    def _name(self) -> str:
        return _NAME.sub("-", self.path.stem.lower()).strip("-_")[:60] or "study"

    def _note(self, node: Node, **fields: str) -> None:
        self.problems.append(Problem.at(node.place, **fields))

    def _design(self) -> Design | None:
        """Return the design, or None when it has mistakes; mistakes elsewhere in the study do not matter."""
        entry = self.root.entries.get("design")
        alone = {} if entry is None else {"design": entry}
        section, _ = checked_as(DESIGN, replace(self.root, entries=alone))
        return None if section is None else section.design

    def _factors(
        self, levers: dict[str, Scenario], base: Mapping | None, is_sure: bool
    ) -> tuple[tuple[Factor, ...], bool]:
        """Return the factors, checked against the levers' scenarios, and whether all of them are valid.

        When a lever or the base has mistakes, read only the factors that do not depend on it.
        """
        entry = self.root.entries.get("factors")
        if entry is None:
            return (), is_sure
        node = entry.node
        if not is_sure:
            if not levers and (bare := self._bare(base)) is not None:
                levers = {USUAL_CARE: bare}
            if not levers:
                return (), False
            if isinstance(node, Mapping):
                node = replace(node, entries={key: one for key, one in node.entries.items() if stands_alone(key, base)})
        reader = Reader(levers)
        factors = reader.factors(node)
        self.problems += reader.problems
        return factors, is_sure and not reader.problems

    def _bare(self, base: Mapping | None) -> Scenario | None:
        """Return the base as a scenario, without the study's lengths and policies; None when it has mistakes."""
        text = settled(base if base is not None else self._in_its_place(), ROOT, self.path.parent, [])
        assert isinstance(text, Mapping)  # noqa: S101 - a mapping stays one
        return checked(text, self._stem)[0]

    def _in_its_place(self) -> Mapping:
        """Return the shipped baseline, to check the rest of a study whose own base is missing or wrong."""
        path = find_scenario("baseline", self.path.parent)
        self._stem = path.stem
        return merged_layers(path, lambda file: parse(read_text(file), displayed(file))).root

    def _base(self) -> Mapping | None:
        """Return the parsed text of the base, the scenario that the study changes; None when it has mistakes."""
        if self.given is not None:
            self._stem = self.given.name
            return parse(show(self.given), str(self.path))[0]
        entry = self.root.entries.get("base")
        if entry is None or not isinstance(entry.node, Scalar) or not isinstance(entry.node.value, str):
            return None
        try:
            path = find_scenario(entry.node.value, self.path.parent, entry.node.place, "base")
            if refusal := ordinary(path):
                what = f"base: found {quoted(entry.node.value)}; {refusal}"
                raise ScenarioError([Problem.at(entry.node.place, path="base", what=what)])
            read(path)
        except ScenarioError as error:
            self.problems += error.problems
            return None
        self._stem = path.stem
        return merged_layers(path, lambda file: parse(read_text(file), displayed(file))).root

    def _levers(self, base: Mapping) -> dict[str, Scenario]:
        """Build the scenario of every lever from the base, the study's length and the lever's policies."""
        given = self._lever_blocks()
        self._given = len(given)
        length: dict[str, Entry] = {
            key: self.root.entries[key] for key in ("days", "settling") if key in self.root.entries
        }
        built: dict[str, Scenario] = {}
        for name, policies in given.items():
            entries = {**base.entries, **length}
            if policies is not None:
                own = base.entries["policies"].node if "policies" in base.entries else None
                before: dict[str, Entry] = own.entries if isinstance(own, Mapping) else {}
                entries["policies"] = Entry(policies.place, replace(policies, entries={**before, **policies.entries}))
            text = settled(replace(base, entries=entries), ROOT, self.path.parent, self.problems)
            assert isinstance(text, Mapping)  # noqa: S101 - a mapping stays one
            scenario, problems = checked(text, self._stem)
            self.problems += problems
            if scenario is not None:
                built[name] = scenario
        return built

    def _lever_blocks(self) -> dict[str, Mapping | None]:
        """Return the text of every lever's policies; None for usual care. Remember the name of usual care."""
        entry = self.root.entries.get("levers")
        self._usual_care = USUAL_CARE
        if entry is None:
            return {USUAL_CARE: None}
        if not isinstance(entry.node, Mapping) or not entry.node.entries:
            self._note(entry.node, path="levers", found=described(entry.node), allowed="a mapping of names to policies")
            return {USUAL_CARE: None}
        before = len(self.problems)
        blocks = {name: self._block(name, one) for name, one in entry.node.entries.items()}
        usual = [name for name, block in blocks.items() if block is None]
        if len(usual) > 1 and before == len(self.problems):
            what = f"levers: {' and '.join(usual)} are without policies; only one may be, to compare the others with"
            self.problems.append(Problem.at(entry.key, what=what))
        elif not usual:
            what = "levers: all have policies; one without is needed to compare the others with: add `usual-care: {}`"
            self.problems.append(Problem.at(entry.key, what=what))
        self._usual_care = usual[0] if usual else USUAL_CARE
        return blocks

    def _block(self, name: str, entry: Entry) -> Mapping | None:
        """Return the policies of a lever, or None when it has none; add a problem for each mistake in the lever."""
        if name != _NAME.sub("-", name).strip("-_") or len(name) > 60:
            allowed = "a short name of a-z, 0-9, - and _, such as more-staff"
            self.problems.append(Problem.at(entry.key, path="levers", found=quoted(name), allowed=allowed))
        node = entry.node
        if not isinstance(node, Mapping):
            allowed = "{} for usual care, or a mapping with the key policies"
            self._note(node, path=f"levers.{name}", found=described(node), allowed=allowed)
            return None
        for key, one in node.entries.items():
            if key != "policies":
                what = f"unknown key {quoted(key)} in levers.{name}"
                fields = {"suggestion": nearest(key, ["policies"]), "allowed": "policies"}
                self.problems.append(Problem.at(one.key, what=what, **fields))
        policies = node.entries.get("policies")
        if policies is None:
            return None
        if not isinstance(policies.node, Mapping):
            fields = {"found": described(policies.node), "allowed": "a mapping of names to policies"}
            self._note(policies.node, path=f"levers.{name}.policies", **fields)
            return None
        return policies.node if policies.node.entries else None

    def _points(self, design: Design, seed: int, factors: Sequence[Factor]) -> list[Point]:
        """Return the points of the design; if they cannot be made, add a problem and return an empty point."""
        entry = self.root.entries["design"]
        try:
            return self._made(design, seed, factors)
        except DesignError as error:
            node = entry.node
            for key in ("points", "base_points"):
                node = deepest(node, (key,))[0] if isinstance(node, Mapping) and key in node.entries else node
            self._note(node, path="design", what=f"design: {error}")
            return [()]

    def _made(self, design: Any, seed: int, factors: Sequence[Factor]) -> list[Point]:
        makers: dict[str, Callable[[], list[Point]]] = {
            "replicates": lambda: [()],
            "grid": lambda: grid(factors, design.levels),
            "random": lambda: independent(factors, design.points, seed),
            "latin_hypercube": lambda: latin_hypercube(factors, design.points, seed),
            "sobol": lambda: sobol(factors, design.points, seed),
            "saltelli": lambda: saltelli(factors, design.base_points, design.second_order, seed),
            "morris": lambda: morris(factors, design.trajectories, design.levels, seed),
            "points": lambda: self._of_file(design.file, factors),
        }
        return makers[design.kind]()

    def _goes_with_factors(self, kind: str, factors: tuple[Factor, ...]) -> bool:
        """Return whether the design suits the factors; if not, add problems that say why."""
        entry, before = self.root.entries["design"], len(self.problems)
        is_varied = "factors" in self.root.entries
        if kind == "replicates" and is_varied:
            what = "design: replicates varies nothing; choose another design, such as grid, or leave out factors"
            self._note(entry.node, what=what)
        elif kind != "replicates" and not is_varied:
            what = f"design: {kind} varies factors, and there are none; add factors, or choose replicates"
            self._note(entry.node, what=what)
        own = deepest(self.root, ("factors",))[0]
        for factor in factors:
            node = deepest(own, (factor.written,))[0]
            if kind in ("saltelli", "morris") and factor.values:
                self._note(node, what=f"factors.{factor.written}: the design {kind} takes ranges; give from and to")
            if kind != "grid" and factor.levels:
                self._note(node, what=f"factors.{factor.written}: levels go with the design grid, not with {kind}")
        return len(self.problems) == before

    def _of_file(self, name: str, factors: Sequence[Factor]) -> list[Point]:
        path = self.path.parent / name
        node = deepest(self.root, ("design", "file"))[0]
        if not inside(path, self.path.parent):
            allowed = "a file in the folder of the study or below it"
            self._note(node, path="design.file", found=quoted(name), allowed=allowed)
            return [()]
        if refusal := ordinary(path):
            self._note(node, path="design.file", found=f"{quoted(name)}: {refusal}")
            return [()]
        try:
            return from_text(factors, whole_text(path))
        except DesignError as error:
            here = displayed(path)
            self.problems += [Problem(here, one.line, one.column, what=str(one)) for one in (error, *error.more)]
            return [()]

    def _precision(self, spelled: Spelled | None) -> tuple[tuple[str, float], ...]:
        """Return each outcome that has a wanted precision, with the half-width of its interval."""
        entry = self.root.entries.get("precision")
        if entry is None:
            return ()
        if not isinstance(entry.node, Mapping) or not entry.node.entries:
            allowed = "a mapping of outcomes to half-widths, such as loneliness_ucla20: 0.5"
            self._note(entry.node, path="precision", found=described(entry.node), allowed=allowed)
            return ()
        widths = [(name, self._width(name, one)) for name, one in entry.node.entries.items()]
        if spelled is not None and not 2 <= spelled.replicates <= spelled.most_replicates:
            at = deepest(self.root, ("replicates",))[0] if "replicates" in self.root.entries else entry.node
            allowed = f"2 to {spelled.most_replicates} (most_replicates) where a precision is asked for"
            self._note(at, path="replicates", found=str(spelled.replicates), allowed=allowed)
        return tuple((name, width) for name, width in widths if width is not None)

    def _width(self, name: str, entry: Entry) -> float | None:
        """Return the half-width for an outcome. For an outcome that is a share, the study may write a percentage."""
        if name not in OUTCOMES:
            what = f"precision: there is no outcome {quoted(name)}"
            near = nearest(name, OUTCOMES)
            allowed = "" if near else ", ".join(OUTCOMES)
            self.problems.append(Problem.at(entry.key, what=what, suggestion=near, allowed=allowed))
            return None
        value = entry.node.value if isinstance(entry.node, Scalar) else None
        if isinstance(value, str) and OUTCOMES[name].unit == "share":
            try:
                value = convert(value, "1")
            except UnitError:
                value = None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 < value < math.inf:
            unit = OUTCOMES[name].unit
            allowed = f"a number above 0{'' if unit == '1' else f' [{unit}]'}"
            self._note(entry.node, path=f"precision.{name}", found=described(entry.node), allowed=allowed)
            return None
        return float(value)

    def _check_name(self, name: str) -> None:
        """Refuse a name that `dayroom query` uses for a view, or whose export folder would be the store's folder."""
        if name not in (*VIEWS, STORE.name):
            return
        entry = self.root.entries.get("name")
        what = "a view of every store" if name in VIEWS else f"the folder of the store ({STORE.as_posix()})"
        found = f"{quoted(name)}, {what}" + ("" if entry else " (from the name of the file)")
        allowed = f"a name that is none of {', '.join((*VIEWS, STORE.name))}, such as name: {name}-study"
        self._note(entry.node if entry else self.root, path="name", found=found, allowed=allowed)

    def _check_size(self, runs: int) -> None:
        if runs > MOST_RUNS:
            node = self.root.entries["design"].node
            self._note(node, what=f"design: found {runs:,} runs, allowed are at most {MOST_RUNS:,}")
