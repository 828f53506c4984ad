"""`dayroom run`: a scenario, a number of replicates, a folder of results. What is heavy is imported when needed."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


def _whole(low: int, high: int, says: str) -> Callable[[str], int]:
    """Give a reader of whole numbers that says what is allowed."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise typer.BadParameter(f"found {text!r}, allowed is a whole number from {low} to {says}")
        return number

    return read


def _length(text: str) -> int:
    """Read a length such as "6 months", in whole days."""
    from sim.scenario.units import UnitError, convert

    try:
        days = round(convert(text.strip(), "day"))
    except UnitError as error:
        raise typer.BadParameter(str(error)) from None
    if not 1 <= days <= 36525:
        raise typer.BadParameter(f"found {text!r}, allowed is 1 day to 36525 days (100 years)")
    return days


_seed = _whole(0, 2**64 - 1, "2**64 - 1")
_count = _whole(1, 100_000, "100000")
_jobs = _whole(1, 256, "256")


def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A YAML file, or a name such as baseline.")],
    replicates: Annotated[
        int | None, typer.Option(parser=_count, metavar="N", help="Runs that differ by chance alone [the scenario's].")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(parser=_seed, metavar="S", help="Seed of chance [the scenario's, or drawn and told].")
    ] = None,
    days: Annotated[
        int | None, typer.Option(parser=_length, metavar="D", help='Length: 90, "6 months" ... [the scenario\'s].')
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the result [results/NAME-seedS].")] = None,
    jobs: Annotated[
        int | None, typer.Option(parser=_jobs, metavar="J", help="Processes that work at once [as many as pay].")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write the tables as CSV too.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an earlier result in DIR.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the folder of the result and nothing else.")] = False,
) -> None:
    """Run a scenario and say what came out; tables, networks and figures go into a folder.

    The same seed gives the same results, whatever the number of processes.
    """
    from experiments.cli_order import Order, carry_out
    from experiments.cli_progress import Progress
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
    from sim.scenario.load import load_scenario

    scenario = load_scenario(reference)
    if seed is None:
        seed = fresh_seed() if scenario.seed is None else scenario.seed
    changes = {"days": days, "seed": seed, "replicates": replicates}
    try:
        return scenario.with_changes(**{name: value for name, value in changes.items() if value is not None})
    except ValidationError as error:  # the scenario alone is in order, so it is the change that does not go with it
        reasons = "; ".join(problem["msg"].removeprefix("Value error, ") for problem in error.errors())
        raise typer.BadParameter(reasons, param_hint="--days") from None
