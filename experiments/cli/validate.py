"""`dayroom validate`: compare the model with waves of data, a centre's own or those of thirty-two students."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from experiments.cli.options import Jobs, Overwrite, Quiet, Seed, given, result_folder, whole
from experiments.statistics.numbers import commas
from experiments.store.provenance import command
from sim.language import Language, say, speaking

if TYPE_CHECKING:
    from experiments.cli.progress import Progress
    from experiments.validation.measured import Measured
    from experiments.validation.result import Validation

FRESHMEN: Final = "freshmen"
_replicates = whole(2, 100_000, "100000")
_rating = whole(1, 99, "99")


def validate(
    data: Annotated[
        Path | None,
        typer.Argument(metavar="[DATA]", help="Waves as xlsx or CSV: week, from, to, rating [those of the freshmen]."),
    ] = None,
    scenario: Annotated[
        str, typer.Option(metavar="SCENARIO", help="A scenario of one centre; it gets as many users as DATA has.")
    ] = FRESHMEN,
    friendly: Annotated[
        int, typer.Option(parser=_rating, metavar="R", help="Highest rating that means a friendly relation.")
    ] = 3,
    friend: Annotated[int, typer.Option(parser=_rating, metavar="R", help="Highest rating that means a friend.")] = 2,
    replicates: Annotated[int, typer.Option(parser=_replicates, metavar="N", help="Runs of the model.")] = 100,
    seed: Seed = None,
    out: Annotated[Path | None, result_folder("SCENARIO-validated")] = None,
    jobs: Jobs = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write the record and docs/validation.md in the checkout instead.")
    ] = False,
) -> None:
    """Set the model beside waves of data: the same survey held in many runs of it, number by number.

    Without DATA: thirty-two students who began as strangers (van de Bunt, van Duijn & Snijders 1999). Goodness of fit
    is that of RSiena's sienaGOF.
    """
    from experiments.cli.result import Destination, carry_out
    from experiments.cli.warnings import announce
    from experiments.runs import executors
    from experiments.runs.runner import COMPILING
    from experiments.store.provenance import digest
    from experiments.store.writing import Origin
    from experiments.validation.fitted_numbers import aimed_at
    from experiments.validation.record import as_json
    from experiments.validation.result import fitted_scenario
    from experiments.validation.result import validate as compared
    from sim.kernel import is_warm
    from sim.run import fresh_seed
    from sim.scenario.reading.load import load_scenario

    if write:
        _checked_for_writing(data, scenario, out)
        _write_record(replicates, 20240201 if seed is None else seed, jobs)
        return
    _check_ratings(friend, friendly)
    spec = load_scenario(scenario)
    announce([scenario], [spec], replicates, jobs, quiet)
    chance = seed if seed is not None else (fresh_seed() if spec.seed is None else spec.seed)
    options: dict[str, object] = {"--scenario": scenario, "--friendly": friendly, "--friend": friend} if data else {}
    options |= {"--replicates": replicates, "--seed": chance}
    again = command("dayroom", "validate", *([data] if data else []), *given(options))
    measured = _measured(data, friendly, friend, quiet)
    fitted_scenario(spec, measured)  # refuses data that do not match the scenario, before making a folder
    title, aimed = (str(data), frozenset[tuple[str, str]]()) if data else (_freshmen(), aimed_at())

    def make(_: Path, progress: "Progress") -> "Validation":
        if not is_warm():
            progress.say(str(COMPILING))
        workers = executors.executor(jobs)
        return compared(measured, spec, replicates, chance, workers, progress.reach, aimed, title)

    def origin(result: "Validation") -> Origin:
        return Origin(
            title=say("{scenario} beside {data}", scenario=result.scenario.name, data=title),
            seed=result.seed,
            seeds=[one.seed for one in result.replicates()],
            days=result.scenario.days,
            scenario=result.scenario,
            documents={"data.json": as_json(measured)},
            more={"data_digest": digest("", [data])} if data else {},
        )

    folder = out or Path("results", f"{spec.name}-validated")
    carry_out(Destination(folder, again, csv=True, overwrite=overwrite, quiet=quiet), make, origin)


def _check_ratings(friend: int, friendly: int) -> None:
    if friend > friendly:
        problem = say(
            "found {friend}, allowed is at most --friendly, {friendly}: a friend is a friendly relation too",
            friend=friend,
            friendly=friendly,
        )
        raise typer.BadParameter(problem, param_hint="--friend")


def _freshmen() -> str:
    return say("thirty-two freshmen (van de Bunt, van Duijn & Snijders 1999)")


def _checked_for_writing(data: Path | None, scenario: str, out: Path | None) -> None:
    """Refuse options that conflict with --write, which records the project's own validation."""
    for is_given, name in (
        (data is not None, "DATA"),
        (scenario != FRESHMEN, "--scenario"),
        (out is not None, "--out"),
    ):
        if is_given:
            problem = say("the record is of the freshmen; leave out {option}", option=name)
            raise typer.BadParameter(problem, param_hint="--write")


def _write_record(replicates: int, seed: int, jobs: int | None) -> None:
    from experiments.runs.executors import executor
    from experiments.validation.page import write_record

    with speaking(Language.en):  # the pages of the checkout are in English
        paths = write_record(replicates, seed, executor(jobs), lambda text: print(text, file=sys.stderr))
    for path in paths:
        print(path)


def _measured(data: Path | None, friendly: int, friend: int, quiet: bool) -> "Measured":
    """Measure the data without the weeks that too few people answered, and print which weeks those are."""
    from experiments.validation.measured import measured
    from experiments.validation.record import freshmen
    from experiments.validation.waves import FEWEST, usable
    from experiments.validation.waves_table import read_waves_table, waves_in

    if data is None:
        return freshmen()
    table = read_waves_table(data)
    if table.note and not quiet:
        print(table.note, file=sys.stderr)
    waves, left_out = usable(waves_in(table, friendly, friend))
    if not waves:
        problem = say(
            "{data}: no week has answers of half the people, and of {fewest} at least", data=data, fewest=FEWEST
        )
        raise typer.BadParameter(problem, param_hint="DATA")
    if left_out and not quiet:
        weeks = commas(left_out)
        print(say("left out, as fewer than half the people answered: week {weeks}", weeks=weeks), file=sys.stderr)
    return measured(waves)


__all__ = ["validate"]
