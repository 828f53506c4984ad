"""Read a study's file and check it; report all mistakes at once, each with its place."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from typing import Final

from experiments.designs.factor import Factor, Point
from experiments.designs.grid import grid
from experiments.designs.points import DesignError, from_table
from experiments.designs.sampled import independent, latin_hypercube, sobol
from experiments.designs.sensitivity import morris, saltelli
from experiments.store import STORE, VIEWS
from experiments.studies import shipped
from experiments.studies.factors import Reader, stands_alone
from experiments.studies.schema import (
    DESIGN,
    STUDY,
    Design,
    Grid,
    Independent,
    LatinHypercube,
    Morris,
    PointsFile,
    Replicates,
    Saltelli,
    Sobol,
    Spelled,
    form_of,
    in_full,
    recording,
)
from experiments.studies.study import USUAL_CARE, Study
from sim.language import later, say
from sim.outcomes.catalogue import PRIMARY
from sim.scenario.reading.check import checked, checked_as
from sim.scenario.reading.load import parse, read
from sim.scenario.reading.resolve import find as find_scenario
from sim.scenario.reading.resolve import merged_layers, settled
from sim.scenario.reading.shape import ROOT, Shape
from sim.scenario.reading.show import show
from sim.scenario.reading.warnings import placed, warnings_of
from sim.scenario.schema.calendar import first_date, with_days
from sim.scenario.schema.scenario import Scenario
from sim.scenario.tables.reading import read_table
from sim.scenario.tables.table import Table
from sim.scenario.text.errors import Problem, ScenarioError, ScenarioWarning
from sim.scenario.text.files import displayed, inside, ordinary, read_text
from sim.scenario.text.nodes import Entry, KeyPath, Mapping, Node, Scalar, deepest, described, origins, quoted, shown
from sim.scenario.text.suggestions import short_name

MOST_RUNS: Final = 20_000_000
"""Most runs of a study; a larger number is taken for a mistake in its design."""
_ALL_HAVE_POLICIES: Final = later(
    "levers: all have policies; one without is needed to compare the others with: add `usual-care: {}`"
)
_FROM_FILE: Final = later(" (from the name of the file)")


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

    Examples
    --------
    >>> from dayroom import load_study
    >>> study = load_study("centre-size")
    >>> len(study.points), study.replicates
    (27, 50)
    """
    path = shipped.find(reference)
    root, problems = parse(read_text(path), displayed(path), STUDY)
    return Reading(path, in_full(root), problems).study(str(reference))


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
    given, table : Scenario and Table, optional
        The base and the points, when they are objects and not files.
    """

    path: Path
    root: Mapping
    problems: list[Problem] = field(default_factory=list)
    given: Scenario | None = None
    table: Table | None = None
    _are_whole: bool = field(default=True, init=False)
    _warned: dict[ScenarioWarning, None] = field(default_factory=dict, init=False)
    _notes: list[str] = field(default_factory=list, init=False)
    _usual_care: str = field(default=USUAL_CARE, init=False)

    def study(self, reference: str) -> Study:
        """Return the study, or raise a `ScenarioError` with all its problems."""
        base = self._base()
        noted: dict[KeyPath, Problem] = {}
        if base is not None:
            base = recording(base, self.root)
            self.root, noted = with_days(self.root, first_date(base), len(("levers", "name")))
        form = form_of(self.root)
        spelled, problems = checked_as(form, self._settled(self.root, form.root), noted=noted)
        self.problems = [*problems, *self.problems]
        levers = self._levers(base if base is not None else self._in_its_place())
        factors, are_read = self._factors(levers, base, base is not None and self._are_whole)
        design = self._design()
        points: list[Point] = [()]
        if design is not None and self._goes_with_factors(design.kind, factors):
            seed = spelled.seed if spelled is not None else 0
            if are_read:
                points = self._points(design, seed, factors)
            elif design.kind in ("sobol", "saltelli"):  # whose number of points can be checked without factors
                self._points(design, seed, [Factor("one"), Factor("another")])
        self._check_precision(spelled)
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
            precision=() if spelled.precision is None else spelled.precision.by_outcome(),
            most_replicates=spelled.most_replicates,
            slices=spelled.slices,
            warnings=self._warnings(factors),
            notes=tuple(self._notes),
        )

    def _warnings(self, factors: Sequence[Factor]) -> tuple[ScenarioWarning, ...]:
        """Return the warnings about base and levers, without those about settings that a factor varies."""
        places = {place for factor in factors for paths in factor.places.values() for place in map(shown, paths)}
        varied = {path for place in places for path in accumulate(place.split("."), "{}.{}".format)}
        return tuple(
            one
            for one in self._warned
            if one.path not in varied and not any(one.path.startswith(f"{place}.") for place in places)
        )

    def _name(self) -> str:
        return short_name(self.path.stem) or "study"

    def _settled(self, text: Mapping, shape: Shape, problems: list[Problem] | None = None) -> Mapping:
        """Return a text with its short forms expanded; add to `problems` each file that may not be named."""
        full = settled(text, shape, self.path.parent, [] if problems is None else problems)
        assert isinstance(full, Mapping)  # noqa: S101 - a mapping stays one
        return full

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
                node = replace(
                    node, entries={key: factor for key, factor in node.entries.items() if stands_alone(key, base)}
                )
        first = None if base is None else first_date(base)
        reader = Reader(levers, folder=self.path.parent, anywhere=self.given is not None, first=first)
        factors = reader.factors(node)
        self.problems += reader.problems
        return factors, is_sure and not reader.problems

    def _bare(self, base: Mapping | None) -> Scenario | None:
        """Return the base as a scenario, without the study's lengths and policies; None when it has mistakes."""
        return checked(self._settled(base if base is not None else self._in_its_place(), ROOT), self._stem)[0]

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
                what = say("base: found {found}; {refusal}", found=quoted(entry.node.value), refusal=refusal)
                raise ScenarioError([Problem.at(entry.node.place, path="base", what=what)])
            read(path)
        except ScenarioError as error:
            self.problems += error.problems
            return None
        self._stem = path.stem
        return merged_layers(path, lambda file: parse(read_text(file), displayed(file))).root

    def _levers(self, base: Mapping) -> dict[str, Scenario]:
        """Build the scenario of every lever from the base, the study's length and the lever's policies."""
        policies_of = self._lever_policies()
        length: dict[str, Entry] = {
            key: self.root.entries[key] for key in ("days", "settling") if key in self.root.entries
        }
        built: dict[str, Scenario] = {}
        for name, policies in policies_of.items():
            entries = {**base.entries, **length}
            if policies is not None:
                own = base.entries["policies"].node if "policies" in base.entries else None
                before = own.entries if isinstance(own, Mapping) else {}
                entries["policies"] = Entry(policies.place, replace(policies, entries={**before, **policies.entries}))
            text = self._settled(replace(base, entries=entries), ROOT, self.problems)
            scenario, problems = checked(text, self._stem)
            # The check of the study has reported a lever's own mistakes already, under the lever's path.
            known = {str(problem).replace(f"levers.{name}.", "") for problem in self.problems}
            self.problems += [problem for problem in problems if str(problem) not in known]
            if scenario is not None:
                built[name] = scenario
                warnings = placed(warnings_of(scenario), dict(origins(text)), displayed(self.path))
                self._warned |= dict.fromkeys(warnings)
        self._are_whole = self._are_whole and len(built) == len(policies_of)
        return built

    def _lever_policies(self) -> dict[str, Mapping | None]:
        """Return the text of every lever's policies; None for usual care. Remember the name of usual care.

        Leave out a lever that is not a mapping, or whose policies are not: the check of the study reports it.
        """
        entry = self.root.entries.get("levers")
        if entry is None:
            return {USUAL_CARE: None}
        levers = entry.node.entries if isinstance(entry.node, Mapping) else {}
        texts: dict[str, Mapping | None] = {}
        for name, lever in levers.items():
            block, _ = deepest(lever.node, ("policies",))
            if isinstance(lever.node, Mapping) and not lever.node.entries:
                texts[name] = None
            elif isinstance(block, Mapping) and block is not lever.node:
                texts[name] = block if block.entries else None
        self._are_whole = len(texts) == len(levers) > 0
        usual = [name for name, text in texts.items() if text is None]
        if len(usual) > 1:
            names = say(" and ").join(usual)
            what = say("levers: {all} are without policies; only one may be, to compare the others with", all=names)
            self.problems.append(Problem.at(entry.key, what=what))
        elif not usual and self._are_whole:
            self.problems.append(Problem.at(entry.key, what=str(_ALL_HAVE_POLICIES)))
        self._usual_care = usual[0] if usual else USUAL_CARE
        return texts

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

    def _made(self, design: Design, seed: int, factors: Sequence[Factor]) -> list[Point]:
        match design:
            case Replicates():
                return [()]
            case Grid():
                return grid(factors, design.levels)
            case Independent():
                return independent(factors, design.points, seed)
            case LatinHypercube():
                return latin_hypercube(factors, design.points, seed)
            case Sobol():
                return sobol(factors, design.points, seed)
            case Saltelli():
                return saltelli(factors, design.base_points, design.second_order, seed)
            case Morris():
                return morris(factors, design.trajectories, design.levels, seed)
            case PointsFile():
                return self._of_file(design.file, factors)

    def _goes_with_factors(self, kind: str, factors: tuple[Factor, ...]) -> bool:
        """Return whether the design suits the factors; if not, add problems that say why."""
        entry, before = self.root.entries["design"], len(self.problems)
        is_varied = "factors" in self.root.entries
        if kind == "replicates" and is_varied:
            what = say("design: replicates varies nothing; choose another design, such as grid, or leave out factors")
            self._note(entry.node, what=what)
        elif kind != "replicates" and not is_varied:
            what = say("design: {way} varies factors, and there are none; add factors, or choose replicates", way=kind)
            self._note(entry.node, what=what)
        own = deepest(self.root, ("factors",))[0]
        for factor in factors:
            node, named = deepest(own, (factor.written,))[0], {"path": factor.written, "kind": kind}
            if kind in ("saltelli", "morris") and factor.values:
                self._note(node, what=say("factors.{path}: the design {kind} takes ranges; give from and to", **named))
            if kind != "grid" and factor.levels:
                self._note(node, what=say("factors.{path}: levels go with the design grid, not with {kind}", **named))
        return len(self.problems) == before

    def _of_file(self, name: str, factors: Sequence[Factor]) -> list[Point]:
        path = self.path.parent / name
        node = deepest(self.root, ("design", "file"))[0]
        if self.table is None and not inside(path, self.path.parent):
            allowed = say("a file in the folder of the study or below it")
            self._note(node, path="design.file", found=quoted(name), allowed=allowed)
            return [()]
        if self.table is None and (refusal := ordinary(path)):
            self._note(node, path="design.file", found=f"{quoted(name)}: {refusal}")
            return [()]
        try:
            table = self.table or read_table(path)
            self._notes += [table.note] if table.note else []
            return from_table(factors, table)
        except ScenarioError as error:
            self.problems += error.problems
        except DesignError as error:
            self.problems += [
                Problem(table.file, mistake.line, mistake.column, what=str(mistake), sheet=table.sheet)
                for mistake in (error, *error.more)
            ]
        return [()]

    def _check_precision(self, spelled: Spelled | None) -> None:
        """Refuse a precision without outcomes, and a number of replicates that a precision cannot begin with."""
        entry = self.root.entries.get("precision")
        if entry is None:
            return
        if isinstance(entry.node, Mapping) and not entry.node.entries:
            allowed = say("a mapping of outcomes to half-widths, such as loneliness_ucla20: 0.5")
            self._note(entry.node, path="precision", found=described(entry.node), allowed=allowed)
        elif spelled is not None and not 2 <= spelled.replicates <= spelled.most_replicates:
            at = deepest(self.root, ("replicates",))[0] if "replicates" in self.root.entries else entry.node
            allowed = say("2 to {n} (most_replicates) where a precision is asked for", n=spelled.most_replicates)
            self._note(at, path="replicates", found=str(spelled.replicates), allowed=allowed)

    def _check_name(self, name: str) -> None:
        """Refuse a name that `dayroom query` uses for a view, or whose export folder would be the store's folder."""
        if name not in (*VIEWS, STORE.name):
            return
        entry = self.root.entries.get("name")
        what = say("a view of every store") if name in VIEWS else say("the folder of the store ({at})", at=STORE)
        finding = say("{name}, {what}", name=quoted(name), what=what) + ("" if entry else str(_FROM_FILE))
        names = ", ".join((*VIEWS, STORE.name))
        allowed = say("a name that is none of {names}, such as name: {name}-study", names=names, name=name)
        self._note(entry.node if entry else self.root, path="name", found=finding, allowed=allowed)

    def _check_size(self, runs: int) -> None:
        if runs > MOST_RUNS:
            what = say("design: found {runs:,} runs, allowed are at most {most:,}", runs=runs, most=MOST_RUNS)
            self._note(self.root.entries["design"].node, what=what)
