"""`dayroom run`: run replicates of a scenario, and write a folder of results."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from experiments.cli.options import Csv, Days, Jobs, Overwrite, Quiet, Report, Seed, count, result_folder
from experiments.store.provenance import command
from sim.language import say

if TYPE_CHECKING:
    from experiments.cli.progress import Progress
    from experiments.cli.result import Destination
    from experiments.runs.result import RunResult
    from sim.scenario.schema.scenario import Scenario

MOST_FAILURES: Final = 3
"""Failed runs to print at most; failures.csv lists all."""


def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A YAML file, or a name such as baseline.")],
    replicates: Annotated[
        int | None, typer.Option(parser=count, metavar="N", help="Runs that differ by chance alone [the scenario's].")
    ] = None,
    seed: Seed = None,
    days: Days = None,
    out: Annotated[Path | None, result_folder("NAME-seedS")] = None,
    jobs: Jobs = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    report: Report = False,
    quiet: Quiet = False,
) -> None:
    """Run a scenario and say what came out; tables, networks and figures go into a folder.

    The same seed gives the same results, whatever the number of processes.
    """
    from experiments.cli.progress import Progress
    from experiments.cli.result import NOTHING_WRITTEN, Destination, stoppable
    from experiments.cli.warnings import announce

    progress = Progress(replicates or 0, quiet)
    with stoppable(lambda: f"{progress.so_far()}{NOTHING_WRITTEN}"):
        resolved = resolved_of(scenario, days, seed, replicates)
        progress.total = resolved.replicates
        announce([scenario], [resolved], resolved.replicates, jobs, quiet)
        reference = command(scenario, *(() if days is None else ("--days", days)))
        options = command("--replicates", resolved.replicates, "--seed", resolved.seed)
        again = f"dayroom run {reference} {options}{' --csv' if csv else ''}"
        folder = out or Path("results", f"{resolved.name}-seed{resolved.seed}")
        destination = Destination(folder, again, csv, overwrite, quiet, report=report, writing="")
        _carry_out(destination, resolved, reference, jobs, progress)


def resolved_of(reference: str, days: int | None, seed: int | None, replicates: int | None) -> "Scenario":
    """Load a scenario with the changes of the command line; draw a seed when neither gives a seed."""
    from sim.run import fresh_seed
    from sim.scenario.reading.load import load_scenario
    from sim.scenario.text.errors import ScenarioError

    scenario = load_scenario(reference)
    if seed is None:
        seed = fresh_seed() if scenario.seed is None else scenario.seed
    changes = {"days": days, "seed": seed, "replicates": replicates}
    try:
        return scenario.with_changes(**{name: value for name, value in changes.items() if value is not None})
    except ScenarioError as error:  # the scenario alone is valid, so a change conflicts with it
        raise typer.BadParameter(error.reasons, param_hint="--days") from None


def _carry_out(
    destination: "Destination", scenario: "Scenario", reference: str, jobs: int | None, progress: "Progress"
) -> None:
    """Run the replicates, write their folder and print the result."""
    from experiments.cli.result import carry_out
    from experiments.runs import executors, runner
    from experiments.runs.result import origin, written

    plans = runner.plan_replicates(scenario, scenario.seed or 0, scenario.replicates, reference)
    executor = executors.executor(jobs)

    def make(folder: Path, progress: "Progress") -> "RunResult":
        with closing(runner.done(plans, executor, progress.say)) as runs:
            result = written(scenario, runs, folder, destination.csv, progress.step)
        _print_failures(result, len(plans), progress)
        progress.say(say("summing up and drawing"))
        result.write_summary()
        return result

    carry_out(destination, make, lambda result: origin(result, plans, jobs=executor.jobs), progress)


def _print_failures(result: "RunResult", planned: int, progress: "Progress") -> None:
    """Print the first failures, even with --quiet; stop with exit code 1 when every run failed."""
    if not result.failed:
        return
    progress.stop()
    failed = len(result.failed)
    if failed == planned:
        print(say("every run failed:"), file=sys.stderr)
    else:
        print(say("{failed} of {planned} runs failed:", failed=failed, planned=planned), file=sys.stderr)
    for plan, failure in result.failed[:MOST_FAILURES]:
        place, again = say("at {place}", place=failure.origin), say("again: {command}", command=plan.again)
        print(f"  {failure.error}\n    {place}\n    {again}", file=sys.stderr)
    if failed > MOST_FAILURES:
        print(f"  {say('and {number} more', number=failed - MOST_FAILURES)}", file=sys.stderr)
    if failed == planned:
        raise typer.Exit(1)
