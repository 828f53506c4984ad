"""Read and check the runs, levers and factors of a study for discovery and ranking."""

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.statistics.complete_points import PointsError
from experiments.store.provenance import command
from sim.language import say
from sim.language.meanings import label_parts
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from experiments.designs.factor import Factor
    from experiments.studies.study import Study


def runs_of(study: "Study", runs: "pd.DataFrame | Path | str") -> "pd.DataFrame":
    """Return the results of a study: `runs` itself if it is a frame, otherwise read from the store `runs`.

    Raises
    ------
    PointsError
        When the store holds no run; the message gives the command that makes the runs.
    """
    if not isinstance(runs, Path | str):
        return runs
    from experiments.sweep.results import results

    frame = results(study, runs)
    if not (frame["status"] != "missing").any():
        again = command("dayroom", "sweep", study.reference, "--store", runs)
        raise PointsError(
            say(
                "{store} holds no run of {study}; make them with: {command}",
                store=runs,
                study=study.name,
                command=again,
            )
        )
    return frame


def failed_runs(study: "Study", runs: "pd.DataFrame | Path | str", levers: "Sequence[str]") -> list[dict[str, object]]:
    """Return a row for each failed run of some levers.

    A store knows the error of a run and the command that repeats it (`experiments.sweep.results.failures`); a frame
    knows only which run failed.
    """
    if isinstance(runs, Path | str):
        from experiments.sweep.results import failures

        rows = failures(study, runs)
    else:
        names = [name for name in ("point", "lever", "replicate", "seed", "key") if name in runs]
        rows = runs.loc[runs["status"] == "failed", names]
    chosen = rows[rows["lever"].isin(levers)].to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in chosen]


def check_lever(study: "Study", name: str) -> None:
    """Refuse a lever that the study does not have.

    Raises
    ------
    PointsError
        When there is no such lever; the message suggests the nearest spelling.
    """
    if name in study.levers:
        return
    raise PointsError(
        misspelt(say("{study} has no lever {name}", study=study.name, name=quoted(name)), name, study.levers)
    )


def check_points(study: "Study") -> None:
    """Refuse a study with a single point.

    Raises
    ------
    PointsError
        When the study has fewer than two points.
    """
    if len(study.points) < 2:
        raise PointsError(
            say("{study} has one point; there is nothing across which a policy could fail or hold", study=study.name)
        )


def numbers_of(study: "Study", levers: tuple[str, ...]) -> "tuple[list[Factor], list[str]]":
    """Return the factors that are numbers or switches and affect one of these levers, and the paths of all others."""
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
    """Return a factor's name for use within a sentence: its meaning without brackets, and its path."""
    meaning = factor.meaning.split(" (")[0].strip().rstrip(".")
    if not meaning:
        return factor.path
    small = meaning[:1].lower() + meaning[1:] if meaning[1:2].islower() or meaning[1:2] == " " else meaning
    return f"{small} ({factor.path})"


def label_words(label: str) -> str:
    """Return the name of `label` in the reader's language."""
    meaning, path = label_parts(label)
    return say("{meaning} ({path})", meaning=meaning, path=path) if meaning else path


def unit(factor: "Factor") -> str:
    """Return a factor's unit for use within a sentence; empty for a plain number or a share."""
    return "" if factor.unit in ("1", "share") else {"day": "days", "year": "years"}.get(factor.unit, factor.unit)


def ends(factor: "Factor") -> tuple[float, float]:
    """Return the smallest and the largest value that a factor can take in its study."""
    if factor.values:
        numbers = [float(value) for value in factor.values]
        return min(numbers), max(numbers)
    return factor.low, factor.high
