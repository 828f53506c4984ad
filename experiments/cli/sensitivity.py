"""`dayroom sensitivity`: which parameters of a study drive its outcomes, and how sure that is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import Csv, Model, Overwrite, Quiet, Store, StudyName, given, result_folder, whole
from experiments.store import STORE
from experiments.store.provenance import command
from sim.language import say

if TYPE_CHECKING:
    from experiments.sensitivity.result import StudySensitivity


_slices = whole(2, 1_000, "1000")


def sensitivity(
    study: StudyName,
    store: Store = STORE,
    outcome: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Outcome; repeat the option for several [the study's, or the primary ones]."),
    ] = None,
    lever: Annotated[str, typer.Option(metavar="L", help="Lever whose outcome to analyse [usual care].")] = "",
    against: Annotated[
        str, typer.Option(metavar="L", help="Analyse the difference from this lever, under the same seeds.")
    ] = "",
    method: Annotated[
        str, typer.Option(metavar="M", help="morris, sobol or pawn [the one that the study's design is for].")
    ] = "",
    slices: Annotated[
        int | None,
        typer.Option(parser=_slices, metavar="N", help="Slices of each parameter for PAWN [the study's, or 10]."),
    ] = None,
    model: Model = None,
    out: Annotated[Path | None, result_folder("STUDY-sensitivity")] = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Say which parameters of a swept study drive its outcomes, and which have no more effect than chance gives.

    Morris' elementary effects for the design morris, Sobol' indices for saltelli, PAWN for points that fill the space.
    Tables, figures and a summary for programs go into a folder.
    """
    from experiments.cli.result import Destination, carry_out
    from experiments.sensitivity.result import sensitivity as computed
    from experiments.store.extensions import described, extensions_of
    from experiments.store.writing import Origin
    from experiments.studies import load_study
    from experiments.studies.study import Tree

    loaded = load_study(study)
    options: dict[str, object] = {
        "--store": store,
        "--outcome": outcome,
        "--lever": lever or None,
        "--against": against or None,
    }
    options |= {"--method": method or None, "--slices": slices, "--model": model, "--out": out, "--csv": csv}
    again = command("dayroom", "sensitivity", study, *given(options))

    def make(*_: object) -> "StudySensitivity":
        return computed(
            loaded,
            store,
            outcomes=outcome or (),
            lever=lever,
            against=against,
            method=method,
            model=model,
            slices=slices,
        )

    def origin(result: "StudySensitivity") -> Origin:
        used = extensions_of(*loaded.levers.values())
        more: dict[str, object] = {"extensions": described(used)} if used else {}
        more |= {"model_digest": result.model, "study": loaded.name, "runs": result.runs, "failed_runs": result.failed}
        return Origin(
            title=say("What drives the outcomes of {study}", study=loaded.name),
            seed=loaded.seed,
            seeds=[loaded.seed_of(replicate) for replicate in range(result.replicates)],
            days=loaded.days,
            digest=Tree(loaded.levers[result.lever]).digest(()),
            more=more,
        )

    carry_out(
        Destination(out or Path("results", f"{loaded.name}-sensitivity"), again, csv, overwrite, quiet), make, origin
    )
