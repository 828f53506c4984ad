"""`dayroom sweep`: the runs of a study, made and kept."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from experiments.cli.options import Jobs
from experiments.store.places import STORE

if TYPE_CHECKING:
    from experiments.runs import executors
    from experiments.studies import Study
    from experiments.sweep.make import Swept

StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A YAML file, or the name of a shipped study.")]
Store = Annotated[Path, typer.Option("--store", metavar="DIR", help="Folder in which runs are kept.")]
Executor = Literal["inline", "processes", "dask"]

TERMINATED: Final = 143
"""Exit status after SIGTERM, as `experiments.cli.main` makes it."""
MOST_KINDS: Final = 3
"""Kinds of failure that are told."""


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
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Take the place of another study of the same name in the store.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what the runs will take, and list some; run none.")
    ] = False,
    list_to: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE", help="With --dry-run: write the list of all runs there, as CSV."),
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
    if executor == "inline" and jobs not in (None, 1):
        said = f"found {jobs}, but --executor inline works in this process alone; leave one of the two out"
        raise typer.BadParameter(said, param_hint="--jobs")
    workers = _workers("inline" if only else executor, jobs, scheduler)
    if dry_run:
        from experiments.cli.listing import told_ahead

        if not overwrite:
            _require_own(loaded, store)
        told_ahead(loaded, store, jobs if executor is None else workers.jobs, list_to)
        return
    chosen = _chosen(executor, jobs, scheduler)
    swept = _swept(loaded, store, workers, retry_failed, only, overwrite, quiet, chosen)
    _tell_failures(loaded, store, swept, only)
    if only:
        _tell_run(loaded, store, only)
    elif not quiet:
        _tell(loaded, store, swept)
    for line in swept.unmet:
        print(line, file=sys.stderr)
    if swept.failed if only else swept.failed + swept.left == swept.planned:
        raise typer.Exit(1)


def _require_own(study: "Study", store: Path) -> None:
    """Refuse a study whose name another one has in the store, as its sweep would."""
    from experiments.store.runs.store import RunStore
    from experiments.sweep.make import OVERWRITE
    from experiments.sweep.ownership import require_own

    require_own(study, RunStore(store, tell=lambda text: print(text, file=sys.stderr)), OVERWRITE)


def _workers(name: Executor | None, jobs: int | None, scheduler: str | None) -> "executors.Executor":
    """Give the executor asked for."""
    from experiments.runs import executors

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
        cluster = import_module("experiments.runs.executors.dask").DaskCluster
    except ImportError as error:
        said = f"Dask is not installed ({error}); install it with: pip install 'dayroom[dask]'"
        raise typer.BadParameter(said, param_hint="--executor") from None
    made: executors.Executor = cluster(scheduler=scheduler, jobs=jobs)
    return made


def _chosen(executor: Executor | None, jobs: int | None, scheduler: str | None) -> list[object]:
    """Give the words that choose the workers, as a command that goes on has to have them."""
    named = {"--jobs": jobs, "--executor": executor, "--scheduler": scheduler}
    return [word for name, value in named.items() if value is not None for word in (name, value)]


def _swept(
    study: "Study",
    store: Path,
    workers: "executors.Executor",
    retry_failed: bool,
    only: str,
    overwrite: bool,
    quiet: bool,
    chosen: list[object],
) -> "Swept":
    """Sweep with progress; whoever stops it is told how to go on."""
    from experiments.cli.progress import Progress
    from experiments.provenance import command
    from experiments.sweep.make import ANOTHER_VERSION
    from experiments.sweep.make import sweep as made

    progress = Progress(0, quiet)

    def tell(text: str) -> None:
        if quiet or "damaged" in text or ANOTHER_VERSION in text:
            print(text, file=sys.stderr)
        else:
            progress.say(text)

    try:
        with progress:
            return made(
                study,
                store,
                workers,
                retry_failed=retry_failed,
                only=only,
                overwrite=overwrite,
                tell=tell,
                step=progress.step_of,
                ahead=progress.begin,
            )
    except (KeyboardInterrupt, SystemExit) as end:
        status = 130 if isinstance(end, KeyboardInterrupt) else end.code
        if status not in (130, TERMINATED):
            raise
        retry = [*(["--retry-failed"] if retry_failed else []), *(["--overwrite"] if overwrite else [])]
        alone = ["--only", only] if only else ["--resume"]
        again = command("dayroom", "sweep", study.reference, "--store", store, *chosen, *retry, *alone)
        after = f" after {progress.done:,} of {progress.total:,} runs" if progress.total else ""
        print(f"\nstopped{after}; finished runs are in {store}. To go on: {again}", file=sys.stderr)
        raise typer.Exit(status) from None


def _tell_failures(study: "Study", store: Path, swept: "Swept", only: str) -> None:
    """Tell what failed, even to somebody who asked for quiet; what failed alike is told once."""
    if not swept.failed:
        return
    from experiments.provenance import command

    said = "the run failed:" if only else f"{swept.failed:,} of {swept.planned:,} runs failed:"
    print(said, file=sys.stderr)
    for one in swept.examples[:MOST_KINDS]:
        again = command("dayroom", "sweep", study.reference, "--store", store, "--only", one.run.key)
        times = f" ({one.number:,} times)" if one.number > 1 else ""
        print(f"  {one.broken.where}: {one.broken.error}{times}", file=sys.stderr)
        if one.broken.origin:
            print(f"    at {one.broken.origin}", file=sys.stderr)
        print(f"    again: {again}", file=sys.stderr)
        if only and one.broken.trace:
            print(one.broken.trace, file=sys.stderr)
    told = sum(one.number for one in swept.examples[:MOST_KINDS])
    if swept.failed > told:
        print(f"  and {swept.failed - told:,} more; `dayroom export --csv` lists them", file=sys.stderr)


def _tell(study: "Study", store: Path, swept: "Swept") -> None:
    from experiments.cli.progress import duration
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
    """Print the outcomes of one run, which a precision may ask for although the store has no plan with it."""
    from dataclasses import replace

    from experiments.sweep.results import results

    frame = results(replace(study, replicates=study.most_replicates) if study.precision else study, store)
    row = frame[frame["key"] == key].iloc[0]
    if row["status"] != "done":
        return
    factors = [factor.path for factor in study.factors]
    names = study.outcomes or tuple(frame.columns[frame.columns.get_loc("status") + 1 :])
    for name in ("lever", "replicate", "seed", *factors, *names):
        print(f"{name:40s} {row[name]:.6g}" if isinstance(row[name], float) else f"{name:40s} {row[name]}")
