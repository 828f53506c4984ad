"""`dayroom compare`: what other scenarios change, for whom, at what price, and how sure that is."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import (
    Csv,
    Days,
    Jobs,
    Overwrite,
    Quiet,
    Report,
    Seed,
    checked,
    count,
    given,
    result_folder,
    whole,
)
from experiments.store.provenance import command
from sim.language import say
from sim.scenario.text.nodes import quoted

if TYPE_CHECKING:
    import pandas as pd

    from experiments.cli.progress import Progress
    from experiments.compare.result import Comparison
    from sim.scenario.schema.scenario import Scenario

_draws = whole(2, 100_000, "100000")
Uncertain = Annotated[
    str | None,
    typer.Option(
        metavar="N|calibrated|FILE",
        help="Draw what nobody knows N times and compare in each draw; or take the shipped draws from the "
        "posterior, or the draws of FILE (Parquet or CSV).",
    ),
]
Worth = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT",
        help='What a point of loneliness less for a user and year is worth, such as "1000 CNY/point": with '
        "--uncertain, the value of information at this amount.",
    ),
]


def compare(
    base: Annotated[str, typer.Argument(metavar="BASE", help="The scenario to compare the others with.")],
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="One or more other scenarios.")],
    replicates: Annotated[
        int | None,
        typer.Option(
            "--replicates",
            "--min",
            parser=count,
            metavar="N",
            help="Pairs of runs; with --until, pairs to begin with [50; 20].",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help='Run until precise enough, such as "loneliness_ucla20 ±0.5" (or +-0.5).'),
    ] = None,
    most: Annotated[
        int, typer.Option("--max", parser=count, metavar="N", help="Most pairs of runs with --until.")
    ] = 2000,
    seed: Seed = None,
    days: Days = None,
    uncertain: Uncertain = None,
    ensemble: Annotated[Path | None, typer.Option(metavar="FILE", help="The same as --uncertain FILE.")] = None,
    worth: Worth = None,
    discount: Annotated[
        str,
        typer.Option(metavar="RATE", help="Yearly rate at which costs and loneliness over the run count for less."),
    ] = "3 %",
    decompose: Annotated[
        bool, typer.Option("--decompose", help="Split effects into new ties, flows along ties, and direct help.")
    ] = False,
    out: Annotated[Path | None, result_folder("BASE-compared")] = None,
    jobs: Jobs = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    report: Report = False,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios with a base under the same seeds.

    Says for each outcome what changes and how sure that is, who is worse off, and what it costs; tables, figures and a
    summary for programs go into a folder.
    """
    from experiments.cli.result import Destination, carry_out
    from experiments.cli.warnings import announce
    from experiments.compare.result import origin, with_networks
    from experiments.compare.runs import compare as compared
    from experiments.compare.runs import loaded
    from experiments.measures.discounted import DISCOUNT, rate_of
    from experiments.statistics.precision import parse_until
    from experiments.worth.price import money_per_point
    from sim.run import fresh_seed

    scenarios = loaded(base, others, days)
    if until is not None:
        checked("--until", lambda: parse_until(until))
    draws = _draws_of(uncertain, ensemble, scenarios)
    amount = None if worth is None else checked("--worth", lambda: money_per_point(worth))
    rate = checked("--discount", lambda: rate_of(discount))
    pairs = replicates if replicates is not None else (20 if until else 50)
    announce([base, *others], scenarios, pairs, jobs, quiet)
    first = scenarios[0].seed
    chance = seed if seed is not None else (first if first is not None else fresh_seed())
    options: dict[str, object] = {"--replicates": pairs, "--until": until, "--max": most if until else None}
    options |= {"--seed": chance, "--days": days, "--uncertain": uncertain, "--ensemble": ensemble}
    options |= {"--worth": worth, "--discount": None if rate == DISCOUNT else discount, "--decompose": decompose}
    again = command("dayroom", "compare", base, *others, *given(options))

    def make(folder: Path, progress: "Progress") -> "Comparison":
        return with_networks(folder, compared(
            scenarios[0], scenarios[1:], replicates=pairs, seed=chance, jobs=jobs, until=until, most=most,
            uncertain=draws, worth=amount, discount=rate, decompose=decompose, report=progress.say,
            step=progress.step_in,
            references={one.name: name for one, name in zip(scenarios, (base, *others), strict=True)},
        ))  # fmt: skip

    folder = out or Path("results", f"{scenarios[0].name}-compared")
    carry_out(Destination(folder, again, csv, overwrite, quiet, report=report), make, origin)


def _draws_of(uncertain: str | None, ensemble: Path | None, scenarios: "Sequence[Scenario]") -> "int | pd.DataFrame":
    """Return the number of draws of unknown parameters to make (0 for none), or the draws read from a file."""
    if ensemble is not None:
        if uncertain is not None:
            problem = say(
                "found {text} beside --ensemble {file}; leave one of them out", text=quoted(uncertain), file=ensemble
            )
            raise typer.BadParameter(problem, param_hint="--uncertain")
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
        problem = say(
            "{problem}, {word}, or a file of draws (Parquet or CSV); there is no file of this name",
            problem=error,
            word=WORD,
        )
        raise typer.BadParameter(problem, param_hint="--uncertain") from None


def _ensemble(path: Path, option: str, scenarios: "Sequence[Scenario]") -> "pd.DataFrame":
    from experiments.compare.ensembles import read_ensemble

    return checked(option, lambda: read_ensemble(path, scenarios))
