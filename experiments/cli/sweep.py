"""`dayroom sweep`: make the runs of a study and keep them in a store."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from experiments.cli.options import Jobs, Store, StudyName
from experiments.cli.terminal import fitted, many
from experiments.provenance import command
from experiments.store.places import STORE

if TYPE_CHECKING:
    import pandas as pd

    from experiments.runs import executors
    from experiments.studies import Study
    from experiments.sweep.make import Swept

Executor = Literal["inline", "processes", "dask"]

TERMINATED: Final = 143
"""Exit status after SIGTERM, as `experiments.cli.app.main` sets it."""
MOST_KINDS: Final = 3
"""Kinds of failure to print at most."""
MOST_LISTED: Final = 20
"""Runs to print at most; a file lists all."""


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
        problem = f"found {jobs}, but --executor inline works in this process alone; leave one of the two out"
        raise typer.BadParameter(problem, param_hint="--jobs")
    workers = _workers("inline" if only else executor, jobs, scheduler)
    if dry_run:
        if not overwrite:
            _require_own(loaded, store)
        _print_plan(loaded, store, jobs if executor is None else workers.jobs, list_to)
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
    """Refuse, as a sweep would, a study whose name belongs to another study in the store."""
    from experiments.store.runs.store import RunStore
    from experiments.sweep.make import OVERWRITE
    from experiments.sweep.ownership import require_own

    require_own(study, RunStore(store, tell=lambda text: print(text, file=sys.stderr)), OVERWRITE)


def _workers(name: Executor | None, jobs: int | None, scheduler: str | None) -> "executors.Executor":
    """Return the executor that the options choose."""
    from experiments.runs import executors

    if scheduler is not None and name != "dask":
        raise typer.BadParameter("an address goes with --executor dask", param_hint="--scheduler")
    if name == "inline":
        return executors.InProcess()
    if name == "processes":
        return executors.ProcessPool(jobs or executors.processors())
    if name is None:
        return executors.executor(jobs)
    try:
        from experiments.runs.executors.dask.cluster import DaskCluster
    except ImportError as error:
        problem = f"Dask is not installed ({error}); install it with: pip install 'dayroom[dask]'"
        raise typer.BadParameter(problem, param_hint="--executor") from None
    return DaskCluster(scheduler=scheduler, jobs=jobs)


def _chosen(executor: Executor | None, jobs: int | None, scheduler: str | None) -> list[object]:
    """Return the command-line words that choose the workers, to print in the command that continues the sweep."""
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
    """Sweep and show progress; after Ctrl-C or SIGTERM print the command that continues the sweep."""
    from experiments.cli.progress import Progress
    from experiments.store.runs.parts import Alarm
    from experiments.sweep.make import sweep as made

    progress = Progress(0, quiet)

    def tell(text: str) -> None:
        if quiet or isinstance(text, Alarm):
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
    """Print the failed runs, even with --quiet; failures of the same kind share an entry."""
    if not swept.failed:
        return

    head = "the run failed:" if only else f"{swept.failed:,} of {swept.planned:,} runs failed:"
    print(head, file=sys.stderr)
    for one in swept.examples[:MOST_KINDS]:
        again = command("dayroom", "sweep", study.reference, "--store", store, "--only", one.run.key)
        times = f" ({one.number:,} times)" if one.number > 1 else ""
        print(f"  {one.broken.where}: {one.broken.error}{times}", file=sys.stderr)
        if one.broken.origin:
            print(f"    at {one.broken.origin}", file=sys.stderr)
        print(f"    again: {again}", file=sys.stderr)
        if only and one.broken.trace:
            print(one.broken.trace, file=sys.stderr)
    printed = sum(one.number for one in swept.examples[:MOST_KINDS])
    if swept.failed > printed:
        print(f"  and {swept.failed - printed:,} more; `dayroom export --csv` lists them", file=sys.stderr)


def _tell(study: "Study", store: Path, swept: "Swept") -> None:
    from experiments.cli.progress import duration

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
    """Print the outcomes of the run with this key, also when only `precision` asks for the run and no plan lists it."""
    from dataclasses import replace

    from experiments.sweep.results import results

    frame = results(replace(study, replicates=study.most_replicates) if study.precision else study, store)
    row = frame[frame["key"] == key].iloc[0]
    if row["status"] != "done":
        return
    factors = [factor.path for factor in study.factors]
    columns = list(frame.columns)
    names = study.outcomes or tuple(columns[columns.index("status") + 1 :])
    for name in ("lever", "replicate", "seed", *factors, *names):
        print(f"{name:40s} {row[name]:.6g}" if isinstance(row[name], float) else f"{name:40s} {row[name]}")


def _print_plan(study: "Study", store: Path, jobs: int | None, list_to: Path | None) -> None:
    """Print how long the missing runs will take, and list all runs."""
    from experiments.store.runs.files import check_list, write_frames
    from experiments.sweep.results import results

    if list_to is not None:
        list_to = _named(list_to)
        check_list(list_to)
    frame = results(study, store)
    _tell_size(study, frame)
    _tell_cost(study, store, jobs)
    names = list(frame.columns)
    shown = frame[names[: names.index("status") + 1]].drop(columns=["scenario", "model"])
    if list_to is None:
        _print_some(shown.drop(columns="seed"))  # the key contains the seed
        return
    for path in write_frames(list_to.parent, {list_to.stem: shown}, "csv"):
        print(f"{path}: {many(len(shown), 'run')}")


def _named(list_to: Path) -> Path:
    """Return the file to write a list to, with the ending .csv added if it has none."""
    if list_to.is_dir():
        problem = f"found {str(list_to)!r}, which is a folder; allowed is the name of a file, ending in .csv"
        raise typer.BadParameter(problem, param_hint="--list")
    if list_to.suffix not in ("", ".csv"):
        raise typer.BadParameter(f"found {list_to.name!r}, allowed is a name ending in .csv", param_hint="--list")
    return list_to.with_suffix(".csv")


def _length(study: "Study") -> str:
    """Return the days of a run, as text; a range when days are a factor of the study."""
    place = next((place for place, factor in enumerate(study.factors) if factor.path == "days"), None)
    days = [study.days] if place is None else [int(point[place]) for point in study.points]
    return f"{min(days)}" if min(days) == max(days) else f"{min(days)} to {max(days)}"


def _tell_size(study: "Study", frame: "pd.DataFrame") -> None:
    points, levers = many(len(study.points), "point"), many(len(study.levers), "lever")
    runs, replicates = many(len(frame), "run"), many(int(frame["replicate"].max()) + 1, "replicate")
    print(f"{study.name}: {points} x {levers} x {replicates} = {runs}, {_length(study)} days each")
    for key in dict.fromkeys(factor.wildcard for factor in study.factors if factor.wildcard):
        stands_for = sum(factor.wildcard == key for factor in study.factors)
        print(f"factors.{key} stands for {many(stands_for, 'parameter')}, each over its plausible range")
    unique = frame["key"].nunique()
    if unique < len(frame):
        why = [
            *(["some points are there more than once"] if len(set(study.points)) < len(study.points) else []),
            *(["some points leave some levers as they are"] if _leave_some_as_they_are(study) else []),
        ]
        print(f"{many(unique, 'run')} differ{': ' if why else ''}{'; '.join(why)}")


def _leave_some_as_they_are(study: "Study") -> bool:
    """Return whether a factor changes nothing under some lever, as an option of a policy that the lever lacks."""
    return any(not places for factor in study.factors for places in factor.places.values())


def _tell_cost(study: "Study", store: Path, jobs: int | None) -> None:
    from experiments.cli.progress import duration
    from experiments.sweep.estimate import estimate, missing_of

    found = estimate(study, missing_of(study, store), store, jobs, lambda text: print(text, file=sys.stderr))
    took = f"{1000 * found.run_seconds:.0f} ms each" if found.runs else "nothing to do"
    starting = f", {duration(found.start_seconds)} of it for starting them" if found.start_seconds >= 0.5 else ""
    print(
        f"{many(found.runs, 'run')} to make ({took}): about {duration(60 * found.minutes)} with "
        f"{many(found.jobs, 'process', 'processes')}{starting}, at most some {found.megabytes:.1f} MB"
    )
    if found.runs:
        _tell_elsewhere(study, store)
    if study.precision:
        print(f"more replicates follow where the precision asks for them, up to {study.most_replicates:,} in all")


def _tell_elsewhere(study: "Study", store: Path) -> None:
    from experiments.store.runs.versions import present_name
    from experiments.sweep.other_versions import listed, other_versions

    if found := other_versions(study.name, store, present_name()):
        print(f"in the store under another version of the model, and not used: {listed(found)} (see `dayroom status`)")


def _print_some(shown: "pd.DataFrame") -> None:
    text, left_out = fitted(shown, MOST_LISTED)
    print(f"\n{text}")
    if left_out:
        print(f"{left_out}; --list FILE.csv writes all")
