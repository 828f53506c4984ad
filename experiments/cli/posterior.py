"""`dayroom posterior`: find all sets of parameters that fit the targets, weighted by how well they fit."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import (
    Checkpoint,
    Csv,
    Days,
    Jobs,
    Overwrite,
    Quiet,
    Resume,
    SearchSeed,
    checked,
    given,
    once,
    result_folder,
    whole,
)
from experiments.store.provenance import command
from sim.language import say

if TYPE_CHECKING:
    from experiments.calibration.posterior.result import Calibrated
    from experiments.cli.progress import Progress
    from experiments.designs.factor import Factor
    from experiments.store.writing import Origin
    from sim.scenario.schema.scenario import Scenario

_particles = whole(10, 1_000_000, "1000000")
_generations = whole(1, 1000, "1000")
_replicates = whole(1, 10_000, "10000")
_draws = whole(2, 100_000, "100000")


def posterior(
    scenario: Annotated[str, typer.Argument(metavar="[SCENARIO]", help="The scenario to calibrate.")] = "baseline",
    targets: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Your own targets, a file like targets.yaml; repeat the option for several."),
    ] = None,
    paired: Annotated[
        bool,
        typer.Option("--paired", help="Also use the project's targets that need paired runs: ten times as many runs."),
    ] = False,
    parameter: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH[=LOW..HIGH]", help='One to fit; several: once for each [those "calibrated"].'),
    ] = None,
    particles: Annotated[
        int, typer.Option(parser=_particles, metavar="N", help="Parameter sets kept in each generation.")
    ] = 200,
    generations: Annotated[int, typer.Option(parser=_generations, metavar="N", help="Most generations.")] = 8,
    replicates: Annotated[
        int, typer.Option(parser=_replicates, metavar="N", help="Runs of each parameter set, for its statistics.")
    ] = 4,
    draws: Annotated[
        int, typer.Option(parser=_draws, metavar="N", help="Draws from the posterior: the ensemble, and the check.")
    ] = 100,
    seed: SearchSeed = None,
    days: Days = None,
    checkpoint: Checkpoint = None,
    resume: Resume = False,
    out: Annotated[Path | None, result_folder("SCENARIO-posterior")] = None,
    jobs: Jobs = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Find all parameters that fit the calibration targets, weighted: a posterior, by ABC.

    Says which parameters the targets narrow, and about which they say nothing. `ensemble.parquet` of the result is for
    `dayroom compare --uncertain`, which compares policies over all of it.
    """
    from experiments.calibration.posterior.model import without_pairs
    from experiments.calibration.posterior.schedule import Schedule
    from experiments.calibration.posterior.search import posterior as computed
    from experiments.calibration.targets import read_targets
    from experiments.cli.result import carry_out, searched
    from experiments.cli.warnings import announce
    from experiments.runs import executors
    from sim.scenario.reading.load import load_scenario

    spec = load_scenario(scenario)
    spec = spec if days is None else spec.with_changes(days=days)
    announce([scenario], [spec], replicates * particles, jobs, quiet)
    aims = read_targets(*(targets or ()))
    aims = aims if targets or paired else without_pairs(aims)
    chosen = _parameters(parameter or [], spec)
    chance = seed if seed is not None else (spec.seed or 0)
    options: dict[str, object] = {"--targets": targets, "--paired": paired, "--parameter": parameter}
    options |= {"--particles": particles, "--generations": generations, "--replicates": replicates}
    options |= {"--draws": draws, "--seed": chance, "--days": days, "--checkpoint": checkpoint}
    folder = out or Path("results", f"{spec.name}-posterior")
    words = ["dayroom", "posterior", scenario, *given(options)]
    destination = searched(words, folder, out, checkpoint, resume, csv=csv, overwrite=overwrite, quiet=quiet)

    def make(_: Path, progress: "Progress") -> "Calibrated":
        return computed(
            spec, Schedule(particles, generations), targets=aims, parameters=chosen, replicates=replicates,
            draws=draws, seed=chance, workers=executors.executor(jobs), checkpoint=destination.checkpoint,
            report=progress.say, step=progress.reach,
        )  # fmt: skip

    carry_out(destination, make, _origin)


def _parameters(texts: list[str], spec: "Scenario") -> "tuple[Factor, ...] | None":
    """Read the parameters to fit; return None, which means all graded "calibrated", when none is named."""
    from experiments.calibration.posterior.search import read_parameter

    parameters = checked("--parameter", lambda: tuple(read_parameter(text, spec) for text in texts))
    once("--parameter", [one.path for one in parameters])
    return parameters or None


def _origin(result: "Calibrated") -> "Origin":
    from experiments.store.writing import Origin

    def hint(folder: Path) -> str:
        words = command("dayroom", "compare", "baseline", "respite", "--uncertain", folder / "ensemble.parquet")
        return say("Policies over all of it, such as: {command}", command=words)

    return Origin(
        title=say("Parameters of {scenario} that fit the calibration targets", scenario=result.scenario.name),
        seed=result.seed,  # it gives, with generation and number, the seeds of each parameter set
        days=result.scenario.days,
        scenario=result.scenario,
        place=f"scenarios/{result.scenario.name}",
        repeated=lambda row: (result.failed_scenario(row), result.replicates),
        hint=hint,
    )


__all__ = ["posterior"]
