"""`dayroom run`: a scenario, a number of replicates, a folder of results. What is heavy is imported when needed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import Csv, Days, Jobs, Overwrite, Quiet, Seed, count

if TYPE_CHECKING:
    from sim.scenario.schema.scenario import Scenario


def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A YAML file, or a name such as baseline.")],
    replicates: Annotated[
        int | None, typer.Option(parser=count, metavar="N", help="Runs that differ by chance alone [the scenario's].")
    ] = None,
    seed: Seed = None,
    days: Days = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the result [results/NAME-seedS].")] = None,
    jobs: Jobs = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Run a scenario and say what came out; tables, networks and figures go into a folder.

    The same seed gives the same results, whatever the number of processes.
    """
    from experiments.cli.progress import Progress
    from experiments.cli.run_order import Order, carry_out
    from experiments.provenance import command

    progress = Progress(replicates or 0, quiet)
    try:
        resolved = _resolved(scenario, days, seed, replicates)
        reference = command(scenario, *(() if days is None else ("--days", days)))
        folder = out or Path("results", f"{resolved.name}-seed{resolved.seed}")
        progress.total = resolved.replicates
        carry_out(Order(reference, resolved, folder, jobs, csv, overwrite, quiet), progress)
    except KeyboardInterrupt:
        after = f" after {progress.done} of {progress.total} runs" if progress.total else ""
        print(f"\nstopped{after}; no result was written, and an earlier one is untouched", file=sys.stderr)
        raise typer.Exit(130) from None


def _resolved(reference: str, days: int | None, seed: int | None, replicates: int | None) -> "Scenario":
    """Load a scenario and put into it what the command line says otherwise; without any seed, draw one."""
    from pydantic import ValidationError

    from sim.run import fresh_seed
    from sim.scenario.reading.load import load_scenario

    scenario = load_scenario(reference)
    if seed is None:
        seed = fresh_seed() if scenario.seed is None else scenario.seed
    changes = {"days": days, "seed": seed, "replicates": replicates}
    try:
        return scenario.with_changes(**{name: value for name, value in changes.items() if value is not None})
    except ValidationError as error:  # the scenario alone is in order, so it is the change that does not go with it
        reasons = "; ".join(problem["msg"].removeprefix("Value error, ") for problem in error.errors())
        raise typer.BadParameter(reasons, param_hint="--days") from None
