"""The sentences of a sweep: how large a study is, what its missing runs will take, and what the sweep did."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.runs.size import about
from experiments.statistics.numbers import clauses, commas, duration, many
from experiments.store.extensions import extensions_of
from experiments.store.provenance import command
from experiments.store.runs.store import RunStore
from experiments.store.runs.versions import present_name
from experiments.studies.study import Study
from experiments.sweep.estimate import Estimate
from experiments.sweep.make import Swept
from experiments.sweep.other_versions import listed, other_versions, superseded
from experiments.sweep.results import results
from sim.language import say

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
    lines = [
        say(
            "{study}: {points} x {levers} x {replicates} = {runs}, {days} days each",
            study=study.name, points=points, levers=levers, replicates=replicates, runs=number, days=_length(study),
        )
    ]  # fmt: skip
    for key in dict.fromkeys(factor.wildcard for factor in study.factors if factor.wildcard):
        stands_for = sum(factor.wildcard == key for factor in study.factors)
        lines.append(
            say(
                "factors.{key} stands for {parameters}, each over its plausible range",
                key=key,
                parameters=many(stands_for, "parameter"),
            )
        )
    unique = runs["key"].nunique()
    if unique < len(runs):
        why = [
            *([say("some points are there more than once")] if len(set(study.points)) < len(study.points) else []),
            *([say("some points leave some levers as they are")] if _leave_some_as_they_are(study) else []),
        ]
        runs_differ = many(unique, "run")
        lines.append(
            say("{runs} differ: {why}", runs=runs_differ, why=clauses(why))
            if why
            else say("{runs} differ", runs=runs_differ)
        )
    return lines


def _length(study: Study) -> str:
    """Return the days of a run, as text; a range when days are a factor of the study."""
    place = next((place for place, factor in enumerate(study.factors) if factor.path == "days"), None)
    days = [study.days] if place is None else [int(point[place]) for point in study.points]
    if min(days) == max(days):
        return f"{min(days)}"
    return say("{low} to {high}", low=min(days), high=max(days))


def _leave_some_as_they_are(study: Study) -> bool:
    """Return whether a factor changes nothing under some lever, as an option of a policy that the lever lacks."""
    return any(not places for factor in study.factors for places in factor.places.values())


def cost_lines(study: Study, folder: Path, estimate: Estimate) -> list[str]:
    """Return what the missing runs will take, as estimated (`experiments.sweep.estimate.estimate`)."""
    values = {
        "runs": many(estimate.runs, "run"),
        "took": say("{time:.0f} ms each", time=1000 * estimate.run_seconds) if estimate.runs else say("nothing to do"),
        "time": about(60 * estimate.minutes),
        "processes": many(estimate.jobs, "process"),
        "starting": duration(estimate.start_seconds),
        "megabytes": estimate.megabytes,
    }
    if estimate.start_seconds >= 0.5:
        line = say(
            "{runs} to make ({took}): {time} with {processes}, {starting} of it for starting them, "
            "at most about {megabytes:.1f} MB",
            **values,
        )
    else:
        line = say("{runs} to make ({took}): {time} with {processes}, at most about {megabytes:.1f} MB", **values)
    lines = [line]
    if estimate.runs and (elsewhere := other_versions(study.name, folder, present_name())):
        lines.append(
            say(
                "in the store under another version of the model, and not used: {runs} (see `dayroom status`)",
                runs=listed(elsewhere),
            )
        )
    older = superseded(RunStore(folder), extensions_of(*study.levers.values()))
    if estimate.runs and older:
        lines.append(say("in the store with another version of a policy, and not used: {runs}", runs=commas(older)))
    if study.precision:
        most = study.most_replicates
        lines.append(say("more replicates follow where the precision asks for them, up to {most:,} in all", most=most))
    return lines


def done_lines(study: Study, folder: Path, swept: Swept) -> list[str]:
    """Return what a sweep did, and the commands that go on from there."""
    there = say(
        "{study}: {there:,} of {planned:,} runs are in {folder}",
        study=study.name,
        there=swept.stored + swept.made,
        planned=swept.planned,
        folder=folder,
    )
    made = say(
        "{made:,} made now in {time}, {stored:,} there before, {failed:,} failed",
        made=swept.made,
        time=duration(swept.seconds),
        stored=swept.stored,
        failed=swept.failed,
    )
    lines = [there, f"  {made}"]
    if swept.left:
        again = command("dayroom", "sweep", study.reference, "--store", folder, "--retry-failed")
        left = say(
            "{left:,} had failed before and were not repeated; to repeat them: {command}",
            left=swept.left,
            command=again,
        )
        lines.append(f"  {left}")
    export = command("dayroom", "export", study.reference, "--store", folder, "--csv")
    return [*lines, say("Tables: {command}", command=export)]


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
