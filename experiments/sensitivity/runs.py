"""Read from a study and its runs what a sensitivity analysis needs: method, lever, outcomes, points."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from experiments.designs.factor import Factor
from experiments.designs.points import DesignError
from experiments.store.folder import ResultError
from experiments.store.provenance import command
from experiments.studies.study import Study
from sim.language import later, say
from sim.outcomes.catalogue import OUTCOMES, recorded
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import pandas as pd

METHODS: Final = {
    "morris": later("Morris' elementary effects"),
    "sobol": later("Sobol' indices"),
    "pawn": later("PAWN indices"),
}
OF_DESIGN: Final = {"morris": "morris", "saltelli": "sobol"}
"""The method for each kind of design; other kinds use PAWN."""
TOTALS: Final = ("user_years", "staff_hours_total", "unserved_total", "cost")


def method_of(study: Study, wanted: str) -> str:
    """Check that the wanted method matches the design, and return it; if empty, return the method for the design.

    Raises
    ------
    DesignError
        When the method does not match, or the design varies nothing.
    """
    kind = study.design["kind"]
    if kind == "replicates":
        raise DesignError(
            say("{file}: the study varies no parameter, so nothing can drive its outcomes", file=study.file)
        )
    own = OF_DESIGN.get(kind, "pawn")
    if wanted in ("", own):
        return own
    if wanted not in METHODS:
        raise DesignError(misspelt(say("--method: found {name}", name=quoted(wanted)), wanted, METHODS))
    designs = {method: design for design, method in OF_DESIGN.items()}
    values = {"wanted": wanted, "study": study.name, "kind": kind, "own": own}
    if wanted in designs:
        problem = say(
            "--method: {wanted} takes the design {design}; the design of {study} is {kind}, which is for {own}",
            **values,
            design=designs[wanted],
        )
    else:
        problem = say(
            "--method: {wanted} takes points that fill the space and repeat no value, such as latin_hypercube; the "
            "design of {study} is {kind}, which is for {own}",
            **values,
        )
    raise DesignError(problem)


def lever_of(study: Study, name: str, option: str) -> str:
    """Check that the study has the lever, and return its name; `option` names the option in the message.

    Raises
    ------
    ResultError
        When there is no such lever.
    """
    if name in study.levers:
        return name
    raise ResultError(misspelt(say("{option}: found {name}", option=option, name=quoted(name)), name, study.levers))


def outcomes_of(wanted: Sequence[str], frame: "pd.DataFrame") -> list[str]:
    """Check that the table has the wanted outcomes, and return them without duplicates.

    Raises
    ------
    ResultError
        When there is no such outcome, or the frame is not a table of runs.
    """
    _require(frame, ("point", "lever", "replicate", "status", "model"))
    known = [
        name
        for name in (*OUTCOMES, *(one.name for one in recorded(frame.columns)), *TOTALS)
        if name in frame.columns or name in OUTCOMES
    ]
    for name in wanted:
        if name not in known:
            raise ResultError(
                misspelt(say("{option}: found {name}", option="--outcome", name=quoted(name)), name, known)
            )
    _require(frame, wanted)
    return list(dict.fromkeys(wanted))


def _require(frame: "pd.DataFrame", names: Sequence[str]) -> None:
    """Refuse a table of runs without these columns."""
    if missing := [name for name in names if name not in frame.columns]:
        there = ", ".join(map(str, frame.columns)) or "none"
        raise ResultError(
            say(
                "the table of runs has no column {missing}; its columns: {there}. Give what experiments.sweep.results "
                "gives",
                missing=" nor ".join(missing),
                there=there,
            )
        )


def complete_runs(study: Study, runs: "pd.DataFrame", store: Path | str, model: str | None) -> "pd.DataFrame":
    """Check that no run is missing, and return the runs without replicates that `precision` added at some points only.

    Raises
    ------
    ResultError
        When runs are missing.
    """
    if study.precision:
        runs = runs[~((runs["status"] == "missing").groupby(runs["replicate"]).transform("any")
                      & (runs["replicate"] >= study.replicates))]  # fmt: skip
    missing = int((runs["status"] == "missing").sum())
    if not missing:
        return runs
    values = {"store": store, "missing": missing, "runs": len(runs), "study": study.name}
    if model is not None:
        raise ResultError(
            say("{store}: {missing:,} of {runs:,} runs of {study} were not made with that model", **values)
        )
    again = command("dayroom", "sweep", study.reference, "--store", store)
    raise ResultError(
        say(
            "{store}: {missing:,} of {runs:,} runs of {study} are missing; make them with: {command}",
            **values,
            command=again,
        )
    )


def factor_of(factor: Factor) -> Factor:
    """Return a factor of a study as a range of numbers; listed words become their positions in the list."""
    path, whole = factor.path, factor.whole
    if not factor.values:
        return Factor(path, factor.low, factor.high, whole)
    if _are_numbers(factor.values):
        listed = tuple(sorted({float(value) for value in factor.values}))
        return Factor(path, listed[0], listed[-1], whole, listed)
    return Factor(path, 0.0, float(len(factor.values) - 1), whole=True)


def _are_numbers(values: Sequence[object]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def points_of(study: Study, runs: "pd.DataFrame") -> "pd.DataFrame":
    """Return the points of the study as numbers, in their order.

    Raises
    ------
    ResultError
        When the runs lack a point of the study: a design with a gap could pass for another design.
    """
    lacking = sorted({*range(len(study.points))} - {int(point) for point in runs["point"].unique()})
    if lacking:
        raise ResultError(
            f"{len(lacking):,} of {len(study.points):,} points of {study.name} are not among these runs, nor as "
            f"missing; the first is {lacking[0]}. Give all runs, also those that failed"
        )
    points = runs.drop_duplicates("point")[["point", *(factor.path for factor in study.factors)]].copy()
    for factor in study.factors:
        values = factor.values
        if values and not _are_numbers(values):
            points[factor.path] = [values.index(value) for value in points[factor.path]]
    return points.sort_values("point").reset_index(drop=True)


def values_of(runs: "pd.DataFrame", lever: str, against: str, names: Sequence[str]) -> "pd.DataFrame":
    """Return outcomes of a lever by point and replicate; with `against`, the differences under the same seeds.

    Raises
    ------
    ResultError
        When a run appears twice or not at all.
    """
    import pandas as pd

    levers = [lever, against] if against else [lever]
    every = pd.MultiIndex.from_product([levers, runs["point"].unique(), runs["replicate"].unique()])
    counts = runs.groupby(["lever", "point", "replicate"]).size().reindex(every, fill_value=0)
    wrong = counts[counts != 1]
    if len(wrong):
        name, point, replicate = wrong.index[0]
        problem = "is there twice" if wrong.iloc[0] else "is not among these runs, nor as missing"
        raise ResultError(f"replicate {replicate} of {name} at point {point} {problem}")
    keyed = runs.set_index(["point", "replicate"])
    mine = keyed.loc[keyed["lever"] == lever, list(names)]
    if against:
        mine = mine - keyed.loc[keyed["lever"] == against, list(names)]
    return mine.reset_index()
