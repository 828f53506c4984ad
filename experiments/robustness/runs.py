"""What both questions begin with: the runs of a study, its levers, and its factors as numbers with names and units."""

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.statistics.points import PointsError
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studies.study import Factor, Study


def runs_of(study: "Study", runs: "pd.DataFrame | Path | str") -> "pd.DataFrame":
    """Give the results of a study: as they are handed over, or read from a store."""
    if isinstance(runs, Path | str):
        from experiments.sweep.results import results

        return results(study, runs)
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
    """Give the factors that are numbers or switches and concern one of these levers; and the paths of the others."""
    chosen, left = [], []
    for factor in study.factors:
        concerns = any(factor.places[lever] for lever in levers)
        has_words = any(isinstance(value, str) for value in factor.axis.values)
        if concerns and not has_words:
            chosen.append(factor)
        else:
            left.append(factor.path)
    return chosen, left


def label(factor: "Factor") -> str:
    """Say what a factor is inside a sentence: its meaning without what stands in brackets, and its path."""
    meaning = factor.meaning.split(" (")[0].strip().rstrip(".")
    if not meaning:
        return factor.path
    small = meaning[:1].lower() + meaning[1:] if meaning[1:2].islower() or meaning[1:2] == " " else meaning
    return f"{small} ({factor.path})"


def unit(factor: "Factor") -> str:
    """Give a factor's unit as a sentence has it; nothing for a plain number."""
    return "" if factor.unit in ("1", "share") else {"day": "days", "year": "years"}.get(factor.unit, factor.unit)


def ends(factor: "Factor") -> tuple[float, float]:
    """Give the least and the largest value a factor can take in its study."""
    if factor.axis.values:
        numbers = [float(value) for value in factor.axis.values]
        return min(numbers), max(numbers)
    return factor.axis.low, factor.axis.high
