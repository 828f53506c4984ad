"""`dayroom sensitivity`: which parameters of a study drive its outcomes, and how sure that is."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.options import Csv, Overwrite, Quiet
from experiments.cli.sweep import Store, StudyName
from experiments.provenance import command
from experiments.store.places import STORE

if TYPE_CHECKING:
    from experiments.sensitivity.result import StudySensitivity
    from experiments.studies import Study


def sensitivity(
    study: StudyName,
    store: Store = STORE,
    outcome: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Outcome; several by repeating it [the study's, or the primary ones]."),
    ] = None,
    lever: Annotated[str, typer.Option(metavar="L", help="Lever whose outcome is meant [usual care].")] = "",
    against: Annotated[
        str, typer.Option(metavar="L", help="Ask what drives the difference from this lever, under the same seeds.")
    ] = "",
    method: Annotated[
        str, typer.Option(metavar="M", help="morris, sobol or pawn [what the design of the study is made for].")
    ] = "",
    model: Annotated[
        str | None, typer.Option(metavar="DIGEST", help="Another version of the model (see `dayroom status`).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the result [results/STUDY-sensitivity].")
    ] = None,
    csv: Csv = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Say which parameters of a swept study drive its outcomes, and which cannot be told from chance.

    Morris' elementary effects for the design morris, Sobol' indices for saltelli, PAWN for points that fill the space.
    Tables, figures and a summary for programs go into a folder.
    """
    from experiments import store as stores
    from experiments.cli.progress import Progress
    from experiments.provenance import now
    from experiments.sensitivity.result import sensitivity as made
    from experiments.studies import load_study

    loaded = load_study(study)
    folder = out or Path("results", f"{loaded.name}-sensitivity")
    again = _again(study, store, outcome or [], {"--lever": lever, "--against": against, "--method": method,
                                                 "--model": model or "", "--out": str(out or "")}, csv)  # fmt: skip
    progress, started = Progress(0, quiet), now()
    try:
        with stores.new_folder(folder, overwrite) as new, progress:
            asked: dict[str, Any] = {"outcomes": outcome or (), "lever": lever, "against": against, "method": method}
            result = made(loaded, store, model=model, **asked)
            progress.say("writing and drawing")
            _write(result, loaded, store, new.path, csv, (again, started, model), progress)
    except KeyboardInterrupt:
        print("\nstopped; no result was written, and an earlier one is untouched", file=sys.stderr)
        raise typer.Exit(130) from None
    if quiet:
        print(new.final)
        return
    from experiments.sensitivity.terminal import print_sensitivity

    print_sensitivity(result)
    print(f"\nResult:  {new.final} (README.txt says what each file is)")
    print(f"Figures: {new.final / 'figures'}")


def _again(study: str, store: Path, outcomes: list[str], options: dict[str, str], csv: bool) -> str:
    """Write the command that makes the result again."""
    named = [word for outcome in outcomes for word in ("--outcome", outcome)]
    given = [word for name, value in options.items() if value for word in (name, value)]
    return command("dayroom", "sensitivity", study, "--store", store, *named, *given, *(["--csv"] if csv else []))


def _write(
    result: "StudySensitivity",
    study: "Study",
    store: Path,
    folder: Path,
    csv: bool,
    made: tuple[str, str, str | None],
    progress: Any,
) -> None:
    from experiments import store as stores
    from experiments.cli.figures import draw_each
    from experiments.provenance import now, provenance
    from experiments.sensitivity import figures
    from experiments.sensitivity.tables import about, tables
    from experiments.studies.study import Tree
    from experiments.sweep.results import failures

    again, started, model = made
    stores.write_tables(folder, tables(result), csv)
    if result.failed:
        failed = failures(study, store, model)
        mine = failed[failed["lever"].isin([result.lever, result.against])]
        stores.write_failures(folder, mine.to_dict("records"))
    stores.write_json(folder / "summary.json", about(result))
    draw_each(folder, figures.drawn(result), progress)
    stores.write_readme(folder, f"What drives the outcomes of {study.name}", again)
    seeds = [study.seed_of(replicate) for replicate in range(result.replicates)]
    digest = Tree(study.levers[result.lever]).digest(())
    more = {"model_digest": result.model, "study": study.name, "runs": result.runs, "failed_runs": result.failed}
    times = {"started": started, "finished": now()}
    stores.write_provenance(folder, provenance(digest, study.seed, seeds, study.days, again, **more, **times))
