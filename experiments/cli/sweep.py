"""`dayroom sweep`: make the runs of a study and keep them in a store."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from experiments.cli.options import Jobs, Store, StudyName
from experiments.cli.termination import TERMINATED
from experiments.statistics.numbers import many
from experiments.store import STORE
from experiments.store.provenance import command
from sim.language import say
from sim.scenario.text.nodes import harmless, quoted

if TYPE_CHECKING:
    import pandas as pd

    from experiments.runs import executors
    from experiments.studies import Study
    from experiments.sweep.make import Swept

Executor = Literal["inline", "processes", "dask"]

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
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Repeat the runs that failed.")] = False,
    only: Annotated[str, typer.Option(metavar="KEY", help="Make only this run, and print its result.")] = "",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace another study of the same name in the store.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Estimate what the runs take, and list some; run none.")
    ] = False,
    list_to: Annotated[
        Path | None,
        typer.Option("--list", metavar="FILE", help="With --dry-run: write the list of all runs to FILE, as CSV."),
    ] = None,
    report: Annotated[
        bool, typer.Option("--report", help="Also write the report of the study (see `dayroom report`).")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing unless something is wrong.")] = False,
) -> None:
    """Make the runs of a study that the store does not hold yet.

    Whatever stops it, what is finished stays; the same command goes on. New values, levers, replicates or outcomes of a
    study take only the runs that are missing.
    """
    from experiments.cli.warnings import warn, warn_of_size
    from experiments.studies import load_study
    from experiments.sweep.report import done_lines, run_lines

    loaded = load_study(study)
    if list_to is not None and not dry_run:
        raise typer.BadParameter(say("a list is written with --dry-run"), param_hint="--list")
    if executor == "inline" and jobs not in (None, 1):
        problem = say(
            "found {jobs}, but --executor inline works in this process alone; leave one of the two out", jobs=jobs
        )
        raise typer.BadParameter(problem, param_hint="--jobs")
    workers = _workers("inline" if only else executor, jobs, scheduler)
    warn((*loaded.notes, *loaded.warnings), quiet)
    if executor != "dask" and not only:
        levers, each = list(loaded.levers.values()), len(loaded.points) * loaded.replicates
        warn_of_size(levers, each, jobs, quiet or dry_run)
    if dry_run:
        if not overwrite:
            _require_own(loaded, store)
        _print_plan(loaded, store, jobs if executor is None else workers.jobs, list_to)
        return
    chosen = _chosen(executor, jobs, scheduler)
    swept = _swept(loaded, store, workers, retry_failed, only, overwrite, quiet, chosen)
    _print_failures(loaded, store, swept, only)
    if only:
        _print(run_lines(loaded, store, only))
    elif not quiet:
        _print(done_lines(loaded, store, swept))
    if report and not only:
        _report(loaded, store, quiet)
    for line in swept.unmet:
        print(line, file=sys.stderr)
    if swept.failed if only else swept.failed + swept.left == swept.planned:
        raise typer.Exit(1)


def _print(lines: list[str]) -> None:
    for line in lines:
        print(line)


def _report(study: "Study", store: Path, quiet: bool) -> None:
    """Write the report of a study as HTML; say where."""
    from experiments.cli.report import write_of_study

    file = write_of_study(study, store)
    if not quiet:
        print(say("Report:  {file}", file=file))


def _require_own(study: "Study", store: Path) -> None:
    """Refuse, as a sweep would, a study whose name belongs to another study in the store."""
    from experiments.store.runs.store import RunStore
    from experiments.sweep.make import OVERWRITE
    from experiments.sweep.ownership import require_own

    require_own(study, RunStore(store, report=lambda text: print(text, file=sys.stderr)), OVERWRITE)


def _workers(name: Executor | None, jobs: int | None, scheduler: str | None) -> "executors.Executor":
    """Return the executor that the options choose."""
    from experiments.runs import executors

    if scheduler is not None and name != "dask":
        raise typer.BadParameter(say("an address goes with --executor dask"), param_hint="--scheduler")
    if name == "inline":
        return executors.InProcess()
    if name == "processes":
        from experiments.runs.executors.pool import ProcessPool

        return ProcessPool(jobs or executors.processors())
    if name is None:
        return executors.executor(jobs)
    try:
        from experiments.runs.executors.dask.cluster import DaskCluster
    except ImportError as error:
        problem = say("Dask is not installed ({error}); install it with: pip install 'dayroom[dask]'", error=error)
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

    def report(text: str) -> None:
        if quiet or isinstance(text, Alarm):
            print(harmless(text), file=sys.stderr)  # beside a bar, stderr belongs to the bar
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
                report=report,
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
        values = {"done": progress.done, "total": progress.total, "store": store, "command": again}
        if progress.total:
            text = say(
                "stopped after {done:,} of {total:,} runs; finished runs are in {store}. To go on: {command}", **values
            )
        else:
            text = say("stopped; finished runs are in {store}. To go on: {command}", **values)
        print(f"\n{text}", file=sys.stderr)
        raise typer.Exit(status) from None


def _print_failures(study: "Study", store: Path, swept: "Swept", only: str) -> None:
    """Print the failed runs, even with --quiet; failures of the same kind share an entry."""
    if not swept.failed:
        return

    if only:
        head = say("the run failed:")
    else:
        head = say("{failed:,} of {planned:,} runs failed:", failed=swept.failed, planned=swept.planned)
    print(head, file=sys.stderr)
    for one in swept.examples[:MOST_KINDS]:
        again = command("dayroom", "sweep", study.reference, "--store", store, "--only", one.run.key)
        times = say(" ({number:,} times)", number=one.number) if one.number > 1 else ""
        print(f"  {one.broken.where}: {one.broken.error}{times}", file=sys.stderr)
        if one.broken.origin:
            print(f"    {say('at {place}', place=one.broken.origin)}", file=sys.stderr)
        print(f"    {say('again: {command}', command=again)}", file=sys.stderr)
        if only and one.broken.trace:
            print(one.broken.trace, file=sys.stderr)
    printed = sum(one.number for one in swept.examples[:MOST_KINDS])
    if swept.failed > printed:
        left = swept.failed - printed
        more = say("and {number:,} more; `dayroom export --csv` lists them", number=left)
        print(f"  {more}", file=sys.stderr)


def _print_plan(study: "Study", store: Path, jobs: int | None, list_to: Path | None) -> None:
    """Print how long the missing runs will take, and list all runs."""
    from experiments.store.runs.files import check_list, write_frames
    from experiments.sweep.estimate import estimate
    from experiments.sweep.report import cost_lines, size_lines
    from experiments.sweep.results import results

    if list_to is not None:
        list_to = _named(list_to)
        check_list(list_to)
    frame = results(study, store)
    _print(size_lines(study, frame))
    _print(cost_lines(study, store, estimate(study, store, jobs, lambda text: print(text, file=sys.stderr))))
    names = list(frame.columns)
    shown = frame[names[: names.index("status") + 1]].drop(columns=["scenario", "settings", "model"])
    if list_to is None:
        _print_some(shown.drop(columns="seed"))  # the key contains the seed
        return
    for path in write_frames(list_to.parent, {list_to.stem: shown}, "csv"):
        print(say("{path}: {number}", path=path, number=many(len(shown), "run")))


def _named(list_to: Path) -> Path:
    """Return the file to write a list to, with the ending .csv added if it has none."""
    if list_to.is_dir():
        file = quoted(str(list_to))
        problem = say("found {file}, which is a folder; allowed is the name of a file, ending in .csv", file=file)
        raise typer.BadParameter(problem, param_hint="--list")
    if list_to.suffix not in ("", ".csv"):
        problem = say("found {file}, allowed is a name ending in .csv", file=quoted(list_to.name))
        raise typer.BadParameter(problem, param_hint="--list")
    return list_to.with_suffix(".csv")


def _print_some(shown: "pd.DataFrame") -> None:
    from experiments.cli.terminal import fitted

    text, left_out = fitted(shown, MOST_LISTED)
    print(f"\n{text}")
    if left_out:
        print(say("{shown}; --list FILE.csv writes all", shown=left_out))
