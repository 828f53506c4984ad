"""`dayroom posterior`: every set of parameters that fits the targets, weighted, and what the targets leave open."""

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import Csv, Days, Jobs, Overwrite, Quiet, whole
from experiments.cli.result import Checkpoint, Resume, Seed, Written, carry_out, wished, written
from experiments.provenance import command

if TYPE_CHECKING:
    from experiments.calibration.posterior.result import Calibrated
    from experiments.designs.factor import Factor

_particles = whole(10, 1_000_000, "1000000")
_generations = whole(1, 1000, "1000")
_replicates = whole(1, 10_000, "10000")
_draws = whole(2, 100_000, "100000")


def posterior(
    scenario: Annotated[str, typer.Argument(metavar="[SCENARIO]", help="The scenario to calibrate.")] = "baseline",
    targets: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Targets of one's own, in the form of targets.yaml; several: once for each."),
    ] = None,
    paired: Annotated[
        bool,
        typer.Option("--paired", help="Use the project's targets that need paired runs too: ten times as many runs."),
    ] = False,
    parameter: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH[=LOW..HIGH]", help='One to fit; several: once for each [those "calibrated"].'),
    ] = None,
    particles: Annotated[
        int, typer.Option(parser=_particles, metavar="N", help="Parameter sets kept in each generation.")
    ] = 200,
    generations: Annotated[int, typer.Option(parser=_generations, metavar="N", help="Generations at most.")] = 8,
    replicates: Annotated[
        int, typer.Option(parser=_replicates, metavar="N", help="Runs of each parameter set, for its statistics.")
    ] = 4,
    draws: Annotated[
        int, typer.Option(parser=_draws, metavar="N", help="Draws from the posterior: the ensemble, and the check.")
    ] = 100,
    seed: Seed = None,
    days: Days = None,
    checkpoint: Checkpoint = None,
    resume: Resume = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the result [results/SCENARIO-posterior].")
    ] = None,
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
    from experiments.calibration.targets import read_targets
    from sim.scenario.reading.load import load_scenario

    spec = load_scenario(scenario)
    spec = spec if days is None else spec.with_changes(days=days)
    aims = read_targets(*(targets or ()))
    aims = aims if targets or paired else without_pairs(aims)
    chosen = _parameters(parameter or [])
    seed = seed if seed is not None else (spec.seed or 0)
    options: dict[str, Any] = {"--particles": particles, "--generations": generations}
    options |= {
        "--replicates": replicates,
        "--draws": draws,
        "--seed": seed,
        "--days": days,
        "--checkpoint": checkpoint,
    }
    named = [word for one in targets or [] for word in ("--targets", one)] + ["--paired"] * paired
    named += [word for one in parameter or [] for word in ("--parameter", one)]
    words = written(["dayroom", "posterior", scenario, *named], options)
    folder = out or Path("results", f"{spec.name}-posterior")
    wish = wished(words, folder, out, checkpoint, resume, csv=csv, overwrite=overwrite, quiet=quiet)
    schedule = Schedule(particles, generations)

    def made(tell: Any, step: Any) -> "Calibrated":
        from experiments.calibration.posterior.result import posterior as computed
        from experiments.runs import executors

        return computed(
            spec, schedule, targets=aims, parameters=chosen, replicates=replicates, draws=draws, seed=seed,
            workers=executors.executor(jobs), checkpoint=wish.checkpoint, tell=tell, step=step,
        )  # fmt: skip

    result = carry_out(made, _write, wish)
    if not quiet:
        _tell(result, folder)


def _parameters(written: list[str]) -> "tuple[Factor, ...] | None":
    """Read the parameters asked for; None for those graded calibrated."""
    from experiments.calibration.posterior.result import PosteriorError, read_parameter

    try:
        found = tuple(read_parameter(text) for text in written)
    except PosteriorError as error:
        raise typer.BadParameter(str(error), param_hint="--parameter") from None
    paths = [one.path for one in found]
    if twice := [path for path in paths if paths.count(path) > 1]:
        raise typer.BadParameter(f"found {twice[0]} twice, allowed is each once", param_hint="--parameter")
    return found or None


def _write(result: "Calibrated", folder: Path, wish: Written, times: dict[str, str], progress: Any) -> None:
    """Write tables, the ensemble, the scenario, figures and where all of it comes from."""
    from functools import partial

    from experiments import store
    from experiments.calibration.posterior.result import about
    from experiments.cli.figures import draw_each
    from experiments.plots.searches import POSTERIOR_FIGURES
    from experiments.provenance import provenance

    found = result.posterior
    tables = {"ensemble": result.ensemble, "posterior": found.summary(), "particles": found.particles()}
    tables |= {"predictive": result.check(), "predictive_runs": result.runs, "history": found.history()}
    pairs = found.correlations()
    store.write_tables(folder, tables | ({"correlations": pairs} if len(pairs) else {}), wish.csv)
    store.write_json(folder / "summary.json", about(result))
    place = folder / "scenarios" / result.scenario.name
    place.mkdir(parents=True)
    digest = store.write_scenario(place, result.scenario)
    store.write_failures(folder, [_again(result, row, folder, wish) for row in result.failures()])
    draw_each(folder, ((name, POSTERIOR_FIGURES[name], partial(result.plot, name)) for name in result.figures()),
              progress)  # fmt: skip
    store.write_readme(folder, f"Parameters of {result.scenario.name} that fit the calibration targets", wish.again)
    store.write_provenance(
        folder, provenance(digest, result.seed, [], result.scenario.days, wish.again, **times)
    )  # a parameter set's seeds follow from seed, generation and number


def _again(result: "Calibrated", row: dict[str, Any], folder: Path, wish: Written) -> dict[str, Any]:
    """Write the scenario of a parameter set that failed; give its row with the command that repeats its runs."""
    from experiments import store

    scenario = result.failed_scenario(row)
    place = Path("scenarios", scenario.name)
    (folder / place).mkdir(parents=True)
    store.write_scenario(folder / place, scenario)
    runs = ("--seed", row["seed"], "--replicates", result.replicates)
    again = command("dayroom", "run", wish.folder / place / "scenario.yaml", *runs)
    trace = row.pop("trace")
    return {**row, "again": again, "trace": trace}


def _tell(result: "Calibrated", folder: Path) -> None:
    for line in result.words():
        print(textwrap.fill(line, 100, subsequent_indent="  "))
    print(f"\n{'target':26s}{'range':>16s}{'median':>9s}{'middle 90 % of draws':>24s}{'inside':>8s}")
    for row in result.check().itertuples():
        between = f"{row.q05:.3g} to {row.q95:.3g}"
        print(
            f"{row.key:26s}{f'{row.low:g} to {row.high:g}':>16s}{row.median:9.3g}{between:>24s}{row.share_inside:8.0%}"
        )
    print(f"\nResult:  {folder} (README.txt says what each file is)")
    print(f"Figures: {folder / 'figures'}")
    ensemble = command("dayroom", "compare", "baseline", "respite", "--uncertain", folder / "ensemble.parquet")
    print(f"Policies over all of it, such as: {ensemble}")


__all__ = ["posterior"]
