"""The runs, levers and factors of a study, as discovery and ranking read them."""

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.provenance import command
from experiments.statistics.points import PointsError
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import pandas as pd

    from experiments.designs.factor import Factor
    from experiments.studies.study import Study


def runs_of(study: "Study", runs: "pd.DataFrame | Path | str") -> "pd.DataFrame":
    """Return the results of a study: as they are handed over, or read from a store."""
    if isinstance(runs, Path | str):
        from experiments.sweep.results import results

        return results(study, runs)
    return runs


def swept(study: "Study", store: Path) -> "pd.DataFrame":
    """Return the runs of a study.

    Raises
    ------
    PointsError
        When the store holds none, with the command that makes them.
    """
    runs = runs_of(study, store)
    if not (runs["status"] != "missing").any():
        again = command("dayroom", "sweep", study.reference, "--store", store)
        raise PointsError(f"{store} holds no run of {study.name}; make them with: {again}")
    return runs


def check_lever(study: "Study", name: str) -> None:
    """Refuse a lever the study does not have.

    Raises
    ------
    PointsError
        With the nearest spelling.
    """
    if name in study.levers:
        return
    raise PointsError(misspelt(f"{study.name} has no lever {name!r}", name, study.levers))


def check_points(study: "Study") -> None:
    """Refuse a study that varies nothing.

    Raises
    ------
    PointsError
        When it has fewer than two points.
    """
    if len(study.points) < 2:
        raise PointsError(f"{study.name} has one point; there is nothing across which a policy could fail or hold")


def numbers_of(study: "Study", levers: tuple[str, ...]) -> "tuple[list[Factor], list[str]]":
    """Return the factors that are numbers or switches and concern one of these levers; and the paths of the others."""
    chosen, left = [], []
    for factor in study.factors:
        concerns = any(factor.places[lever] for lever in levers)
        has_words = any(isinstance(value, str) for value in factor.values)
        if concerns and not has_words:
            chosen.append(factor)
        else:
            left.append(factor.path)
    return chosen, left


def label(factor: "Factor") -> str:
    """Return a factor's name inside a sentence: its meaning without brackets, and its path."""
    meaning = factor.meaning.split(" (")[0].strip().rstrip(".")
    if not meaning:
        return factor.path
    small = meaning[:1].lower() + meaning[1:] if meaning[1:2].islower() or meaning[1:2] == " " else meaning
    return f"{small} ({factor.path})"


def unit(factor: "Factor") -> str:
    """Return a factor's unit as a sentence has it; nothing for a plain number."""
    return "" if factor.unit in ("1", "share") else {"day": "days", "year": "years"}.get(factor.unit, factor.unit)


def ends(factor: "Factor") -> tuple[float, float]:
    """Return the least and the largest value a factor can take in its study."""
    if factor.values:
        numbers = [float(value) for value in factor.values]
        return min(numbers), max(numbers)
    return factor.low, factor.high
