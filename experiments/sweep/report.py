"""The sentences of a sweep: how large a study is, what its missing runs will take, and what the sweep did."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.runs.size import about
from experiments.statistics.numbers import duration, many
from experiments.store.extensions import extensions_of
from experiments.store.provenance import command
from experiments.store.runs.store import RunStore
from experiments.store.runs.versions import present_name
from experiments.studies.study import Study
from experiments.sweep.estimate import Estimate
from experiments.sweep.make import Swept
from experiments.sweep.other_versions import listed, other_versions, superseded
from experiments.sweep.results import results

if TYPE_CHECKING:
    import pandas as pd


def size_lines(study: Study, runs: "pd.DataFrame") -> list[str]:
    """Return how many points, levers, replicates and days a study has.

    Parameters
    ----------
    study : Study
    runs : DataFrame
        Its results (`experiments.sweep.results.results`).
    """
    points, levers = many(len(study.points), "point"), many(len(study.levers), "lever")
    number, replicates = many(len(runs), "run"), many(int(runs["replicate"].max()) + 1, "replicate")
    lines = [f"{study.name}: {points} x {levers} x {replicates} = {number}, {_length(study)} days each"]
    for key in dict.fromkeys(factor.wildcard for factor in study.factors if factor.wildcard):
        stands_for = sum(factor.wildcard == key for factor in study.factors)
        lines.append(f"factors.{key} stands for {many(stands_for, 'parameter')}, each over its plausible range")
    unique = runs["key"].nunique()
    if unique < len(runs):
        why = [
            *(["some points are there more than once"] if len(set(study.points)) < len(study.points) else []),
            *(["some points leave some levers as they are"] if _leave_some_as_they_are(study) else []),
        ]
        lines.append(f"{many(unique, 'run')} differ{': ' if why else ''}{'; '.join(why)}")
    return lines


def _length(study: Study) -> str:
    """Return the days of a run, as text; a range when days are a factor of the study."""
    place = next((place for place, factor in enumerate(study.factors) if factor.path == "days"), None)
    days = [study.days] if place is None else [int(point[place]) for point in study.points]
    return f"{min(days)}" if min(days) == max(days) else f"{min(days)} to {max(days)}"


def _leave_some_as_they_are(study: Study) -> bool:
    """Return whether a factor changes nothing under some lever, as an option of a policy that the lever lacks."""
    return any(not places for factor in study.factors for places in factor.places.values())


def cost_lines(study: Study, folder: Path, estimate: Estimate) -> list[str]:
    """Return what the missing runs will take, as estimated (`experiments.sweep.estimate.estimate`)."""
    took = f"{1000 * estimate.run_seconds:.0f} ms each" if estimate.runs else "nothing to do"
    starting = f", {duration(estimate.start_seconds)} of it for starting them" if estimate.start_seconds >= 0.5 else ""
    lines = [
        f"{many(estimate.runs, 'run')} to make ({took}): {about(60 * estimate.minutes)} with "
        f"{many(estimate.jobs, 'process')}{starting}, at most about {estimate.megabytes:.1f} MB"
    ]
    if estimate.runs and (elsewhere := other_versions(study.name, folder, present_name())):
        under = "in the store under another version of the model, and not used"
        lines.append(f"{under}: {listed(elsewhere)} (see `dayroom status`)")
    older = superseded(RunStore(folder), extensions_of(*study.levers.values()))
    if estimate.runs and older:
        lines.append(f"in the store with another version of a policy, and not used: {', '.join(older)}")
    if study.precision:
        most = f"{study.most_replicates:,}"
        lines.append(f"more replicates follow where the precision asks for them, up to {most} in all")
    return lines


def done_lines(study: Study, folder: Path, swept: Swept) -> list[str]:
    """Return what a sweep did, and the commands that go on from there."""
    there = swept.stored + swept.made
    made = f"{swept.made:,} made now in {duration(swept.seconds)}"
    lines = [
        f"{study.name}: {there:,} of {swept.planned:,} runs are in {folder}",
        f"  {made}, {swept.stored:,} there before, {swept.failed:,} failed",
    ]
    if swept.left:
        again = command("dayroom", "sweep", study.reference, "--store", folder, "--retry-failed")
        lines.append(f"  {swept.left:,} had failed before and were not repeated; to repeat them: {again}")
    return [*lines, f"Tables: {command('dayroom', 'export', study.reference, '--store', folder, '--csv')}"]


def run_lines(study: Study, folder: Path, key: str) -> list[str]:
    """Return the outcomes of the run with this key, also when only `precision` asks for it and no plan lists it."""
    frame = results(replace(study, replicates=study.most_replicates) if study.precision else study, folder)
    row = frame[frame["key"] == key].iloc[0]
    if row["status"] != "done":
        return []
    factors = [factor.path for factor in study.factors]
    columns = list(frame.columns)
    names = ("lever", "replicate", "seed", *factors, *(study.outcomes or columns[columns.index("status") + 1 :]))
    return [
        f"{name:40s} {row[name]:.6g}" if isinstance(row[name], float) else f"{name:40s} {row[name]}" for name in names
    ]
