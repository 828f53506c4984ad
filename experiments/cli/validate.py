"""`dayroom validate`: the model beside waves of data, a centre's own or those of thirty-two students."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from experiments.cli.options import Jobs, Overwrite, Quiet, Seed, whole
from experiments.provenance import command

if TYPE_CHECKING:
    from experiments.validation.compared import Validation
    from experiments.validation.measured import Measured

FRESHMEN: Final = "freshmen"
_replicates = whole(2, 100_000, "100000")
_rating = whole(1, 99, "99")


def validate(
    data: Annotated[
        Path | None,
        typer.Argument(metavar="[DATA]", help="Waves as CSV: week, from, to, rating [those of the freshmen]."),
    ] = None,
    scenario: Annotated[
        str, typer.Option(metavar="SCENARIO", help="Scenario of one centre; its users are set to the people in DATA.")
    ] = FRESHMEN,
    friendly: Annotated[
        int, typer.Option(parser=_rating, metavar="R", help="Last rating in DATA that is a friendly relation.")
    ] = 3,
    friend: Annotated[int, typer.Option(parser=_rating, metavar="R", help="Last rating in DATA that is a friend.")] = 2,
    replicates: Annotated[int, typer.Option(parser=_replicates, metavar="N", help="Runs of the model.")] = 100,
    seed: Seed = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the result [results/SCENARIO-validated].")
    ] = None,
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
    from experiments.validation.compared import fitted_scenario
    from sim.run import fresh_seed
    from sim.scenario.reading.load import load_scenario

    if write:
        _checked_for_writing(data, scenario, out)
        _write_record(replicates, 20240201 if seed is None else seed, jobs)
        return
    if friend > friendly:
        said = f"found {friend}, allowed is at most --friendly, {friendly}: a friend is a friendly relation too"
        raise typer.BadParameter(said, param_hint="--friend")
    spec = load_scenario(scenario)
    if seed is None:
        seed = fresh_seed() if spec.seed is None else spec.seed
    words: list[object] = ["dayroom", "validate", *([] if data is None else [data])]
    options = {"--scenario": scenario, "--friendly": friendly, "--friend": friend}
    words += [word for name, value in (options if data else {}).items() for word in (name, value)]
    words += ["--replicates", replicates, "--seed", seed]
    wish = Wish(out or Path("results", f"{spec.name}-validated"), command(*words), data, overwrite, quiet)
    measured = _measured(data, friendly, friend, quiet)
    fitted_scenario(spec, measured)  # what does not go together is told before a folder is made
    _carry_out(wish, measured, spec, replicates, seed, jobs)


@dataclass(frozen=True, slots=True)
class Wish:
    """Where and how a validation is written.

    Parameters
    ----------
    folder : Path
    again : str
        The command that makes it again.
    data : Path, optional
        The file of the data; none for the freshmen.
    overwrite, quiet : bool
    """

    folder: Path
    again: str
    data: Path | None
    overwrite: bool
    quiet: bool


def _checked_for_writing(data: Path | None, scenario: str, out: Path | None) -> None:
    """Refuse what does not go with the record of the project."""
    for given, name in ((data is not None, "DATA"), (scenario != FRESHMEN, "--scenario"), (out is not None, "--out")):
        if given:
            raise typer.BadParameter(f"the record is of the freshmen; leave out {name}", param_hint="--write")


def _write_record(replicates: int, seed: int, jobs: int | None) -> None:
    from experiments.runs.executors import executor
    from experiments.validation.page import write_record

    for path in write_record(replicates, seed, executor(jobs), lambda text: print(text, file=sys.stderr)):
        print(path)


def _measured(data: Path | None, friendly: int, friend: int, quiet: bool) -> "Measured":
    """Measure the data; weeks that too few answered are left out, which is told."""
    from experiments.validation.measured import measured
    from experiments.validation.record import freshmen
    from experiments.validation.waves import FEWEST, usable
    from experiments.validation.waves_csv import read_waves

    if data is None:
        return freshmen()
    waves, left_out = usable(read_waves(data, friendly, friend))
    if not waves:
        said = f"no week has answers of half the people, and of {FEWEST} at least"
        raise typer.BadParameter(f"{data}: {said}", param_hint="DATA")
    if left_out and not quiet:
        weeks = ", ".join(map(str, left_out))
        print(f"left out, as fewer than half the people answered: week {weeks}", file=sys.stderr)
    return measured(waves)


def _carry_out(wish: Wish, data: "Measured", spec: Any, replicates: int, seed: int, jobs: int | None) -> None:
    """Run, write everything, and only then tell what came out."""
    from experiments import store
    from experiments.cli.progress import Progress
    from experiments.provenance import now
    from experiments.runs import executors
    from experiments.runs.runner import COMPILING
    from experiments.validation.compared import validate as compared
    from experiments.validation.fitted_numbers import aimed_at
    from experiments.validation.terminal import print_validation
    from sim.kernel import is_warm

    progress, started = Progress(replicates, wish.quiet), now()
    try:
        with store.new_folder(wish.folder, wish.overwrite) as new, progress:
            if not is_warm():
                progress.say(COMPILING)
            workers = executors.executor(jobs)
            aimed = frozenset() if wish.data else aimed_at()
            found = compared(
                data, spec, replicates, seed, workers, lambda done, total: progress.step_of(total, False), aimed
            )
            progress.say("writing and drawing")
            _write(new.path, wish, found, {"started": started, "finished": now()}, progress)
    except KeyboardInterrupt:
        print("\nstopped; no result was written, and an earlier one is untouched", file=sys.stderr)
        raise typer.Exit(130) from None
    if wish.quiet:
        print(new.final)
        return
    print_validation(found, _title(wish))
    print(f"\nResult:  {new.final} (README.txt says what each file is)\nFigures: {new.final / 'figures'}")


def _title(wish: Wish) -> str:
    return str(wish.data) if wish.data else "thirty-two freshmen (van de Bunt, van Duijn & Snijders 1999)"


def _write(folder: Path, wish: Wish, found: "Validation", times: dict[str, str], progress: Any) -> None:
    from functools import partial

    from experiments import store
    from experiments.cli.figures import draw_each
    from experiments.plots.validation.families import VALIDATION_FIGURES
    from experiments.provenance import digest, provenance
    from experiments.validation.record import as_json

    frames = {"waves": found.waves(), "distributions": found.distributions(), "fits": found.fits()}
    store.write_tables(folder, {**frames, "wave_runs": found.of_runs()}, csv_too=True)
    store.write_json(folder / "data.json", as_json(found.data))
    store.write_json(folder / "summary.json", {"words": found.words(), "fits": frames["fits"].to_dict("records")})
    scenario_digest = store.write_scenario(folder, found.scenario)
    figures = ((name, one, partial(one.draw, *(frames[source] for source in one.reads)))
               for name, one in VALIDATION_FIGURES.items())  # fmt: skip
    draw_each(folder, figures, progress)
    store.write_readme(folder, f"{found.scenario.name} beside {_title(wish)}", wish.again)
    more = {**times, **({"data_digest": digest("", [wish.data])} if wish.data else {})}
    seeds = [one.seed for one in found.replicates()]
    store.write_provenance(
        folder, provenance(scenario_digest, found.seed, seeds, found.scenario.days, wish.again, **more)
    )


__all__ = ["validate"]
