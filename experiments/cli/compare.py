"""`dayroom compare`: scenarios under the same seeds, what changes, for whom, at what price, and how sure that is."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import Csv, Days, Jobs, Overwrite, Quiet, Seed, count, whole
from experiments.provenance import command

if TYPE_CHECKING:
    import pandas as pd

    from experiments.compare.paired_runs import Comparison
    from sim.scenario.schema.scenario import Scenario

_draws = whole(2, 100_000, "100000")


def compare(
    base: Annotated[str, typer.Argument(metavar="BASE", help="The scenario all others are compared with.")],
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="One or more other scenarios.")],
    replicates: Annotated[
        int | None,
        typer.Option(
            "--replicates",
            "--min",
            parser=count,
            metavar="N",
            help="Pairs of runs; with --until the first ones [50; 20].",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help='Run until precise enough, such as "loneliness_ucla20 ±0.5" (or +-0.5).'),
    ] = None,
    most: Annotated[int, typer.Option("--max", parser=count, metavar="N", help="Pairs at most with --until.")] = 2000,
    seed: Seed = None,
    days: Days = None,
    uncertain: Annotated[
        str | None,
        typer.Option(
            metavar="N|calibrated|FILE",
            help="Draw what nobody knows N times and compare in each draw; or take the shipped sets near the fit, "
            "or the draws of FILE (Parquet or CSV).",
        ),
    ] = None,
    ensemble: Annotated[Path | None, typer.Option(metavar="FILE", help="The same as --uncertain FILE.")] = None,
    decompose: Annotated[
        bool, typer.Option("--decompose", help="Split effects into new ties, what flows along ties, and direct help.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the result [results/BASE-compared].")
    ] = None,
    jobs: Jobs = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios with a base under the same seeds.

    Says for each outcome what changes and how sure that is, who is worse off, and what it costs; tables, figures and a
    summary for programs go into a folder.
    """
    from experiments.compare.paired_runs import loaded
    from sim.run import fresh_seed

    scenarios = loaded(base, others, days)
    if until is not None:
        _checked(until)
    draws = _drawn(uncertain, ensemble, scenarios)
    pairs = replicates if replicates is not None else (20 if until else 50)
    first = scenarios[0].seed
    seed = seed if seed is not None else (first if first is not None else fresh_seed())
    options = {"--replicates": pairs, "--until": until, "--max": most if until else None, "--seed": seed}
    options |= {"--days": days, "--uncertain": uncertain, "--ensemble": ensemble}
    given = [str(word) for name, value in options.items() if value is not None for word in (name, value)]
    again = command("dayroom", "compare", base, *others, *given, *(["--decompose"] if decompose else []))
    references = dict(zip((one.name for one in scenarios), (base, *others), strict=True))
    asked: dict[str, Any] = {
        "references": references,
        "replicates": pairs,
        "seed": seed,
        "jobs": jobs,
        "until": until,
        "most": most,
    }
    asked |= {"uncertain": draws, "decompose": decompose}
    folder = out or Path("results", f"{scenarios[0].name}-compared")
    _carry_out(scenarios, asked, Written(folder, again, csv, overwrite, quiet))


@dataclass(frozen=True, slots=True)
class Written:
    """Where and how a comparison is written.

    Parameters
    ----------
    folder : Path
    again : str
        The command that makes it again.
    csv, overwrite, quiet : bool
    """

    folder: Path
    again: str
    csv: bool
    overwrite: bool
    quiet: bool


def _carry_out(scenarios: "list[Scenario]", asked: dict[str, Any], wished: Written) -> None:
    """Compare, write everything, and only then tell what came out."""
    from experiments import store
    from experiments.cli.progress import Progress
    from experiments.compare.paired_runs import compare as made
    from experiments.provenance import now

    progress = Progress(0, wished.quiet)
    started = now()

    def step(total: int) -> None:
        if progress.total != total:
            progress.total, progress.done = total, 0
        progress.step()

    try:
        with store.new_folder(wished.folder, wished.overwrite) as new, progress:
            result = made(scenarios[0], scenarios[1:], tell=progress.say, step=step, **asked)
            progress.say("writing and drawing")
            times = {"started": started, "finished": now()}
            _write(result, new.path, wished.csv, wished.again, times, progress)
    except KeyboardInterrupt:
        print("\nstopped; no result was written, and an earlier one is untouched", file=sys.stderr)
        raise typer.Exit(130) from None
    _tell(result, new.final, wished.quiet)


def _checked(until: str) -> None:
    from experiments.statistics.precision import parse_until

    try:
        parse_until(until)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--until") from None


def _drawn(uncertain: str | None, ensemble: Path | None, scenarios: "Sequence[Scenario]") -> "int | pd.DataFrame":
    """Read how often to draw what nobody knows, or the draws themselves; 0 when neither is asked for."""
    if ensemble is not None:
        if uncertain is not None:
            said = f"found {uncertain!r} beside --ensemble {ensemble}; leave one of them out"
            raise typer.BadParameter(said, param_hint="--uncertain")
        return _ensemble(ensemble, "--ensemble", scenarios)
    if uncertain is None:
        return 0
    from experiments.calibration.ensemble import ENSEMBLE, WORD

    path = ENSEMBLE if uncertain == WORD else Path(uncertain)
    if path.is_file() and not uncertain.isdigit():
        return _ensemble(path, "--uncertain", scenarios)
    try:
        return _draws(uncertain)
    except typer.BadParameter as error:
        said = f"{error}, {WORD}, or a file of draws (Parquet or CSV); there is no file of this name"
        raise typer.BadParameter(said, param_hint="--uncertain") from None


def _ensemble(path: Path, option: str, scenarios: "Sequence[Scenario]") -> "pd.DataFrame":
    from experiments.compare.ensembles import read_ensemble

    try:
        return read_ensemble(path, scenarios)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _write(result: "Comparison", folder: Path, csv: bool, again: str, times: dict[str, str], progress: Any) -> None:
    from experiments import store
    from experiments.cli.figures import draw_each
    from experiments.compare import figures
    from experiments.compare.tables import about, tables
    from experiments.provenance import provenance

    store.write_tables(folder, tables(result), csv)
    store.write_failures(folder, result.failures)
    store.write_json(folder / "summary.json", about(result))
    (folder / "scenarios").mkdir()
    digests = []
    for name, scenario in result.scenarios.items():
        (folder / "scenarios" / name).mkdir()
        digests.append(store.write_scenario(folder / "scenarios" / name, scenario))
    draw_each(folder, figures.drawn(result), progress)
    title = f"{', '.join(result.others)} compared with {result.base}"
    store.write_readme(folder, title, again)
    seeds = sorted(set(result.values["seed"].tolist()))
    scenario = result.scenarios[result.base]
    more = {**times, "failed_runs": len(result.failures), "scenario_digests": digests}
    store.write_provenance(folder, provenance(digests[0], result.seed, seeds, scenario.days, again, **more))


def _tell(result: "Comparison", folder: Path, quiet: bool) -> None:
    from experiments.compare.terminal import print_comparison

    if quiet:
        print(folder)
        return
    print_comparison(result)
    print(f"\nResult:  {folder} (README.txt says what each file is)")
    print(f"Figures: {folder / 'figures'}")
