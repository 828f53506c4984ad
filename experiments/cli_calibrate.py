"""`dayroom calibrate`: fit the calibrated parameters to the targets, or report how the present defaults do."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.executors import executor


def calibrate(
    scenario: Annotated[str, typer.Argument(help="Scenario to fit, by name or path")] = "baseline",
    generations: Annotated[int, typer.Option(min=0, max=10_000, help="Generations of the search; 0 only reports")] = 0,
    replicates: Annotated[int, typer.Option(min=2, max=10_000, help="Runs at every point of the search")] = 12,
    check: Annotated[int, typer.Option(min=2, max=100_000, help="Fresh runs on which the targets are judged")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the search and of the runs")] = 20240201,
    targets: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Targets of one's own, in the form of targets.yaml")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes; as many as there are cores when not given")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the record beside the targets in the checkout")] = False,
) -> None:
    """Fit the parameters graded "calibrated" inside their plausible ranges, and report each target as met or not."""
    from experiments.analysis import calibration
    from sim.scenario.load import load_scenario

    if write and targets is not None:
        raise typer.BadParameter("the record is of the project's targets; leave out --targets", param_hint="--write")
    spec = load_scenario(scenario)
    aims = calibration.read_targets(targets or calibration.TARGETS)
    values = {p.path: p.default for p in calibration.CALIBRATED}
    workers = executor(jobs)
    if generations:
        values = calibration.fit(spec, workers, generations, replicates, seed, _tell, aims)
        spec = calibration.with_parameters(spec, values)
    found = calibration.measure(spec, check, first=replicates, seed=seed)
    rows = calibration.verdicts(found, aims)
    for path, value in values.items():
        typer.echo(f"{path:45s} {value:.4g}")
    typer.echo("")
    for row in rows:
        met = "met" if row.met else "NOT met"
        typer.echo(f"{row.key:26s} {row.value:8.3f} +- {1.96 * row.error:6.3f}   {row.low:g} to {row.high:g}   {met}")
    if write:
        settings = {
            "scenario": spec.name,
            "generations": generations,
            "replicates": replicates,
            "check": check,
            "seed": seed,
        }
        calibration.record(values, rows, settings)


def _tell(generation: int, best: float) -> None:
    typer.echo(f"generation {generation}: loss {best:.4f}", err=True)
