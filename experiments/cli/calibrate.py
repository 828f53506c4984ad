"""`dayroom calibrate`: fit parameters to the targets, or report how well the defaults meet them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import checked, require_package
from sim.language import Language, say, speaking
from sim.scenario.text.nodes import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.calibration.fit import Search
    from experiments.calibration.measurement import Measured, Sizes
    from experiments.calibration.verdicts import Verdict
    from experiments.runs.executors import Executor
    from sim.scenario.schema.quantity import Parameter
    from sim.scenario.schema.scenario import Scenario


def calibrate(
    scenario: Annotated[str, typer.Argument(metavar="[SCENARIO]", help="The scenario to fit.")] = "baseline",
    generations: Annotated[
        int, typer.Option(min=0, max=10_000, metavar="N", help="Steps, or generations; 0 only reports.")
    ] = 0,
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help='Parameters to fit, such as "rules.support.*"; several: once for each [those graded "calibrated"]',
        ),
    ] = None,
    runs: Annotated[
        str, typer.Option(metavar="N,N,N", help="Runs at each point of the search: baseline, paired, freshmen.")
    ] = "24,12,8",
    check: Annotated[
        str, typer.Option(metavar="N,N,N", help="Fresh runs that judge the targets, in the same order.")
    ] = "200,100,60",
    method: Annotated[
        str, typer.Option(metavar="M", help="descent (steps downhill) or cma (a random search, which needs more runs).")
    ] = "descent",
    population: Annotated[int, typer.Option(min=4, max=1000, metavar="N", help="Points in a generation of cma.")] = 12,
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="Seed of the search and its runs.")] = 20240201,
    targets: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Your own targets, a file like targets.yaml; repeat the option for several [the project's].",
        ),
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File that keeps the state of the search; the same command continues it."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, metavar="J", help="Processes that work at once [as many as save time].")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the record and its page in the checkout.")] = False,
) -> None:
    """Fit parameters inside their plausible ranges to the targets, and report each target as met or not."""
    from experiments.calibration import fit, measurement, verdicts
    from experiments.calibration import targets as aims
    from experiments.calibration.fitted import Fitted
    from experiments.calibration.statistics import catalogue
    from experiments.cli.warnings import announce
    from experiments.designs.changes import changed
    from experiments.runs.executors import executor, warm_up
    from sim.scenario.reading.load import load_scenario

    _refuse(method, generations, write and bool(targets))
    spec = load_scenario(scenario)
    announce([scenario], [spec], 1, 1)  # the search has its own estimate; the machine must hold one run
    aimed = aims.read_targets(*(targets or ()))
    chosen = _chosen(parameters or [], spec)
    sizes, judged = _sizes(runs, "--runs"), _sizes(check, "--check")
    values = {p.path: fit.value_in(spec, p) for p in chosen}
    workers = executor(jobs)
    warm_up()
    if generations:
        search = fit.Search(spec, chosen, aimed, sizes, generations, population, seed)
        values = _fitted(search, method, workers, checkpoint)
        spec = changed(spec, values)
    first = max(sizes.baseline, sizes.freshmen, sizes.paired)
    keys = aims.keys_of(aimed)
    paths = tuple(catalogue.PATHS) if "paths_alive" in keys else ()
    measured = measurement.measure(spec, (*keys, *paths), judged, seed, first, workers)
    judged_targets = verdicts.verdicts(measured, aimed)
    typer.echo("\n".join(Fitted(chosen, values, judged_targets).sentences()))
    if write:
        made = {"scenario": spec.name, "generations": generations, "population": population}
        measured_paths = {key.removeprefix("path of "): measured[key] for key in paths}
        _write(values, judged_targets, measured_paths, made | {"runs": runs, "check": check, "seed": seed})


def _refuse(method: str, generations: int, writes_others: bool) -> None:
    """Refuse an unknown method, and --write together with --targets."""
    if method not in ("descent", "cma"):
        problem = say("found {method}, allowed are descent and cma", method=quoted(method))
        raise typer.BadParameter(problem, param_hint="--method")
    if method == "cma" and generations:
        require_package("cma", "calibrate")
    if writes_others:
        problem = say("the record is of the project's targets; leave out --targets")
        raise typer.BadParameter(problem, param_hint="--write")


def _fitted(search: "Search", method: str, workers: "Executor", checkpoint: Path | None) -> dict[str, float]:
    """Fit, and return the value of each parameter by path; after Ctrl-C print where the best values are kept."""
    from experiments.calibration import descent, fit
    from experiments.cli.result import stoppable

    def left() -> str:
        if checkpoint is not None and checkpoint.is_file():
            return say("; the best values so far are in {checkpoint}; the same command goes on", checkpoint=checkpoint)
        return say("; nothing is kept")

    with stoppable(left):
        if method == "descent":
            return descent.descend(search, workers, checkpoint, _print_loss)
        return fit.fit(search, workers, checkpoint, _print_loss)


def _sizes(text: str, option: str) -> "Sizes":
    from experiments.calibration.measurement import Sizes

    parts = text.split(",")
    if len(parts) != 3 or not all(part.strip().isdigit() and int(part) >= 2 for part in parts):
        problem = say("found {text}, allowed are three whole numbers of 2 or more, such as 24,12,8", text=quoted(text))
        raise typer.BadParameter(problem, param_hint=option)
    return Sizes(*map(int, parts))


def _chosen(patterns: list[str], spec: "Scenario") -> "Sequence[Parameter]":
    from experiments.calibration.parameters import chosen

    return checked("--parameters", lambda: chosen(patterns, spec))


def _write(
    values: dict[str, float], judged: "list[Verdict]", paths: "dict[str, Measured]", settings: dict[str, Any]
) -> None:
    from experiments.calibration.page import write_page
    from experiments.calibration.record import write_record
    from sim.kernel import sources_digest

    with speaking(Language.en):  # the pages of the checkout are in English
        write_record(values, judged, paths, {**settings, "model_digest": sources_digest()})
        write_page()


def _print_loss(generation: int, best: float) -> None:
    typer.echo(say("{generation}: loss {loss:.4f}", generation=generation, loss=best), err=True)
