"""`dayroom regret`: rank policies over the points of a study, and find the safest choice."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import (
    Csv,
    Jobs,
    Overwrite,
    Quiet,
    StudyName,
    StudyStore,
    checked,
    given,
    result_folder,
    whole,
)
from experiments.store import STORE
from experiments.store.provenance import command
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studies import Study

_DEFAULT = "loneliness_ucla20"
_replicates = whole(1, 10_000, "10000")


def regret(
    study: StudyName,
    outcome: Annotated[str, typer.Option(metavar="NAME", help="The outcome to rank by.")] = _DEFAULT,
    lever: Annotated[
        list[str] | None,
        typer.Option("--lever", metavar="L", help="Lever to rank; repeat the option for several [all]."),
    ] = None,
    at_base: Annotated[
        int | None,
        typer.Option(
            parser=_replicates, metavar="N", help="Also rank at the base scenario, with N runs of each lever."
        ),
    ] = None,
    store: StudyStore = STORE,
    out: Annotated[Path | None, result_folder("STUDY-regret-NAME")] = None,
    jobs: Jobs = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Say how the policies of a study rank over its points, how firm that is, and what one may lose by each.

    The points are those of a study swept before. With --at-base the missing runs at the base scenario are made and kept
    in the store. The command leaves out points with failed or missing runs and reports that.
    """
    from experiments.cli.discover import origin
    from experiments.cli.result import Destination, carry_out
    from experiments.robustness import ranked
    from experiments.robustness.failure_rule import known_outcome
    from experiments.robustness.runs import check_lever, runs_of
    from experiments.studies import load_study

    loaded = load_study(study)
    checked("--outcome", lambda: known_outcome(outcome))
    for name in lever or ():
        checked("--lever", partial(check_lever, loaded, name))
    base = None
    if at_base is not None:
        runs_of(loaded, store)  # refuses a store without the study before any run is made
        base = _at_base(loaded, store, at_base, jobs, quiet)
    result = ranked(loaded, store, outcome, levers=lever or (), at_base=base)
    options = {"--outcome": outcome, "--lever": lever, "--at-base": at_base, "--store": store}
    again = command("dayroom", "regret", study, *given(options))
    folder = out or Path("results", f"{loaded.name}-regret-{outcome.replace('_', '-')}")
    title = say(
        "How the policies of {study} rank by {outcome}, and what one may lose by each",
        study=loaded.name,
        outcome=outcome,
    )
    destination = Destination(folder, again, csv, overwrite, quiet, writing="")
    carry_out(destination, lambda *_: result, lambda _: origin(loaded, result.points, title))


def _at_base(study: "Study", store: Path, number: int, jobs: int | None, quiet: bool) -> "pd.DataFrame":
    """Make those runs at the base scenario that the store lacks, and return all runs there."""
    from experiments.cli.progress import Progress
    from experiments.cli.warnings import warn_of_size
    from experiments.robustness.regret import runs_at_base
    from experiments.runs.executors import executor

    warn_of_size(list(study.levers.values()), number, jobs, quiet)
    with Progress(0, quiet) as progress:
        return runs_at_base(study, store, number, executor(jobs), report=progress.say, step=progress.step_of)
