"""`dayroom regret`: whether the ranking of policies survives over the points of a study, and the safest choice."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import Csv, Jobs, Overwrite, Quiet, whole
from experiments.cli.points import STORE, Store, StudyName, Wished, option, results_of, told, written
from experiments.provenance import command

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studies import Study

_DEFAULT = "loneliness_ucla20"
_replicates = whole(1, 10_000, "10000")


def regret(
    study: StudyName,
    outcome: Annotated[str, typer.Option(metavar="NAME", help="The outcome to rank by.")] = _DEFAULT,
    lever: Annotated[
        list[str] | None, typer.Option("--lever", metavar="L", help="Rank only these (repeat the option) [all].")
    ] = None,
    at_base: Annotated[
        int | None,
        typer.Option(
            parser=_replicates, metavar="N", help="Set the ranking at the base scenario beside it: N runs each."
        ),
    ] = None,
    store: Store = STORE,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the result [results/STUDY-regret-NAME].")
    ] = None,
    jobs: Jobs = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Say how the policies of a study rank over its points, how firm that is, and what one may lose by each.

    The points are those of a study swept before. With --at-base the missing runs at the base scenario are made and kept
    in the store. Points with failed or missing runs are left out, and said to be.
    """
    from experiments.robustness import ranked
    from experiments.robustness.failing import known_outcome
    from experiments.robustness.figures import drawn_ranking
    from experiments.robustness.runs import check_lever
    from experiments.studies import load_study

    loaded = load_study(study)
    option("--outcome", lambda: known_outcome(outcome))
    for name in lever or ():
        option("--lever", lambda name=name: check_lever(loaded, name))
    runs = results_of(loaded, store)
    base = _at_base(loaded, store, at_base, jobs, quiet) if at_base is not None else None
    result = ranked(loaded, runs, outcome, levers=lever or (), at_base=base)
    given = [*(word for name in lever or () for word in ("--lever", name))]
    given += ["--at-base", str(at_base)] if at_base is not None else []
    again = command("dayroom", "regret", study, "--outcome", outcome, *given, "--store", store)
    folder = out or Path("results", f"{loaded.name}-regret-{outcome.replace('_', '-')}")
    title = f"How the policies of {loaded.name} rank by {outcome}, and what one may lose by each"
    tables = {"levers": result.table(), "places": result.places, "by_point": result.by_point(), "taus": result.taus}
    wished = Wished(folder, again, title, csv, overwrite, quiet)
    place = written(loaded, wished, result, tables, drawn_ranking(result))
    told(result.sentences(), _table(result), place, quiet)


def _at_base(study: "Study", store: Path, number: int, jobs: int | None, quiet: bool) -> "pd.DataFrame":
    """Make the runs at the base scenario that the store lacks, and give all of them."""
    from experiments.cli.progress import Progress
    from experiments.robustness.ranking import base_study
    from experiments.runs.executors import executor
    from experiments.sweep.make import sweep
    from experiments.sweep.results import results

    there = base_study(study, number)
    progress = Progress(0, quiet)

    def step(total: int, failed: bool) -> None:
        progress.total = total
        progress.step(failed)

    with progress:
        sweep(there, store, executor(jobs), tell=progress.say, step=step)
    return results(there, store)


def _table(result: Any) -> str:
    """Lay out a row a lever: how often first, mean place, mean and largest regret."""
    frame = result.table()
    wide = max(len(name) for name in frame["lever"])
    head = f"{'':{wide}}  {'first':>6}  {'last':>6}  {'mean place':>10}  {'mean regret':>11}  {'largest':>8}"
    rows = [
        f"{row.lever:{wide}}  {row.share_first:6.0%}  {row.share_last:6.0%}  {row.mean_place:10.1f}  "
        f"{row.mean_regret:11.3g}  {row.max_regret:8.3g}"
        for row in frame.itertuples()
    ]
    return "\n".join([head, *rows])
