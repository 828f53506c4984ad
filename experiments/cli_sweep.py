"""`dayroom sweep`: the runs of a study, made and kept."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from experiments.cli_options import Jobs
from experiments.places import STORE

if TYPE_CHECKING:
    from experiments import executors
    from experiments.studies import Study
    from experiments.sweeping import Swept

StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A YAML file, or the name of a shipped study.")]
Store = Annotated[Path, typer.Option("--store", metavar="DIR", help="Folder in which runs are kept.")]
Executor = Literal["inline", "processes", "dask"]


def sweep(
    study: StudyName,
    store: Store = STORE,
    jobs: Jobs = None,
    executor: Annotated[
        Executor | None, typer.Option(help="Where runs are made: here, in processes, or on a Dask cluster.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Scheduler of the Dask cluster, such as tcp://host:8786.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where a sweep was stopped or killed; so does the plain command.")
    ] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Make runs that failed once more.")] = False,
    only: Annotated[str, typer.Option(metavar="KEY", help="Make this one run alone, and tell what came out.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List all runs and what they will take; run none.")
    ] = False,
    list_to: Annotated[
        Path | None, typer.Option("--list", metavar="FILE", help="With --dry-run: write the list there, as CSV.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Make the runs of a study that the store does not hold yet.

    Whatever stops it, what is finished stays; the same command goes on. New values, levers, replicates or outcomes of a
    study take only the runs that are missing.
    """
    from experiments.studies import load_study

    loaded = load_study(study)
    if list_to is not None and not dry_run:
        raise typer.BadParameter("a list is written with --dry-run", param_hint="--list")
    workers = _workers("inline" if only else executor, jobs, scheduler)
    if dry_run:
        _dry_run(loaded, store, workers.jobs if executor == "dask" else jobs, list_to)
        return
    swept = _swept(loaded, store, workers, retry_failed, only, quiet)
    _tell_failures(loaded, store, swept, only)
    if only:
        _tell_run(loaded, store, only)
    elif not quiet:
        _tell(loaded, store, swept)
    if swept.failed and (only or swept.failed == swept.planned):
        raise typer.Exit(1)


def _workers(name: Executor | None, jobs: int | None, scheduler: str | None) -> "executors.Executor":
    """Give the executor asked for."""
    from experiments import executors

    if scheduler is not None and name != "dask":
        raise typer.BadParameter("an address goes with --executor dask", param_hint="--scheduler")
    if name == "inline":
        return executors.InProcess()
    if name == "processes":
        return executors.ProcessPool(jobs or executors.processors())
    if name is None:
        return executors.executor(jobs)
    from importlib import import_module

    try:
        cluster = import_module("experiments.executors.dask").DaskCluster
    except ImportError as error:
        said = f"Dask is not installed ({error}); install it with: pip install 'dayroom[dask]'"
        raise typer.BadParameter(said, param_hint="--executor") from None
    made: executors.Executor = cluster(scheduler=scheduler, jobs=jobs)
    return made


def _swept(
    study: "Study", store: Path, workers: "executors.Executor", retry_failed: bool, only: str, quiet: bool
) -> "Swept":
    """Sweep with progress; an interrupt says how to go on."""
    from experiments.cli_progress import Progress
    from experiments.provenance import command
    from experiments.sweeping import sweep as made

    progress = Progress(0, quiet)

    def step(total: int, failed: bool) -> None:
        if progress.total != total:
            progress.total, progress.done = total, 0
        progress.step(failed)

    def tell(text: str) -> None:
        if quiet or "damaged" in text:
            print(text, file=sys.stderr)
        else:
            progress.say(text)

    try:
        with progress:
            return made(study, store, workers, retry_failed=retry_failed, only=only, tell=tell, step=step)
    except KeyboardInterrupt:
        again = command("dayroom", "sweep", study.reference, "--store", store, "--resume")
        after = f" after {progress.done} of {progress.total} runs" if progress.total else ""
        print(f"\nstopped{after}; finished runs are in {store}. To go on: {again}", file=sys.stderr)
        raise typer.Exit(130) from None


def _tell_failures(study: "Study", store: Path, swept: "Swept", only: str) -> None:
    """Tell what failed, even to somebody who asked for quiet."""
    if not swept.failed:
        return
    from experiments.provenance import command

    said = "the run failed:" if only else f"{swept.failed} of {swept.planned} runs failed:"
    print(said, file=sys.stderr)
    for run, broken in swept.examples:
        again = command("dayroom", "sweep", study.reference, "--store", store, "--only", run.key)
        at = f" at {broken.origin}" if broken.origin else ""
        print(f"  {broken.where}: {broken.error}\n   {at}\n    again: {again}", file=sys.stderr)
        if only and broken.trace:
            print(broken.trace, file=sys.stderr)
    if swept.failed > len(swept.examples):
        print(f"  and {swept.failed - len(swept.examples)} more; `dayroom export --csv` lists them", file=sys.stderr)


def _tell(study: "Study", store: Path, swept: "Swept") -> None:
    from experiments.cli_progress import duration
    from experiments.provenance import command

    there = swept.found + swept.made
    print(f"{study.name}: {there:,} of {swept.planned:,} runs are in {store}")
    print(
        f"  {swept.made:,} made now in {duration(swept.seconds)}, {swept.found:,} there before, {swept.failed:,} failed"
    )
    if swept.left:
        again = command("dayroom", "sweep", study.reference, "--store", store, "--retry-failed")
        print(f"  {swept.left:,} had failed before and were left so; to make them again: {again}")
    print(f"Tables: {command('dayroom', 'export', study.reference, '--store', store, '--csv')}")


def _tell_run(study: "Study", store: Path, key: str) -> None:
    """Print the outcomes of one run."""
    from experiments.studies import results

    frame = results(study, store)
    row = frame[frame["key"] == key].iloc[0]
    if row["status"] != "done":
        return
    factors = [factor.path for factor in study.factors]
    names = study.outcomes or tuple(frame.columns[frame.columns.get_loc("status") + 1 :])
    for name in ("lever", "replicate", "seed", *factors, *names):
        print(f"{name:40s} {row[name]:.6g}" if isinstance(row[name], float) else f"{name:40s} {row[name]}")


def _dry_run(study: "Study", store: Path, jobs: int | None, list_to: Path | None) -> None:
    """List the runs, and say what those missing will take."""
    from experiments.cli_progress import duration
    from experiments.store.runs_export import write_frames
    from experiments.studies.estimating import estimate, missing_of
    from experiments.studies.results import results

    frame = results(study, store)
    shown = frame[frame.columns[: frame.columns.get_loc("status") + 1]].drop(columns=["scenario", "model"])
    if list_to is None:
        print(shown.to_string(index=False))
    else:
        ending = list_to.suffix.removeprefix(".") or "csv"
        if ending != "csv":
            raise typer.BadParameter(f"found {list_to.name!r}, allowed is a name ending in .csv", param_hint="--list")
        write_frames(list_to.parent, {list_to.stem: shown}, "csv")
    missing = missing_of(study, store)
    found = estimate(study, missing, jobs, lambda text: print(text, file=sys.stderr))
    points, levers = len(study.points), len(study.levers)
    print(
        f"{study.name}: {_many(points, 'point')} x {_many(levers, 'lever')} x {_many(study.replicates, 'replicate')} = "
        f"{_many(len(frame), 'run')}, {study.days} days each"
    )
    for key in dict.fromkeys(factor.wildcard for factor in study.factors if factor.wildcard):
        stands_for = sum(factor.wildcard == key for factor in study.factors)
        print(f"factors.{key} stands for {_many(stands_for, 'parameter')}, each over its plausible range")
    unique = frame["key"].nunique()
    if unique < len(frame):
        print(f"{_many(unique, 'run')} differ: some points leave some levers as they are")
    took = f"{1000 * found.run_seconds:.0f} ms each" if found.runs else "nothing to do"
    print(
        f"{_many(found.runs, 'run')} to make ({took}): about {duration(60 * found.minutes)} with "
        f"{_many(found.jobs, 'process', 'processes')}, about {found.megabytes:.1f} MB"
    )
    if study.precision:
        print(f"more replicates follow where the precision asks for them, up to {study.most_replicates:,} in all")


def _many(number: int, one: str, more: str = "") -> str:
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"
