"""What `dayroom discover` and `dayroom regret` have in common: options, reading a study's runs, writing a result."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.provenance import command

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studies import Study

StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A YAML file, or the name of a shipped study.")]
Store = Annotated[Path, typer.Option("--store", metavar="DIR", help="Folder in which the runs of the study are kept.")]


@dataclass(frozen=True, slots=True)
class Wished:
    """Where and how a result is written.

    Parameters
    ----------
    folder : Path
    again : str
        The command that makes it again.
    title : str
    csv, overwrite, quiet : bool
    """

    folder: Path
    again: str
    title: str
    csv: bool
    overwrite: bool
    quiet: bool


def results_of(study: "Study", store: Path) -> "pd.DataFrame":
    """Read the runs of a study, and refuse one that has none.

    Raises
    ------
    PointsError
        Saying how they are made.
    """
    from experiments.statistics.points import PointsError
    from experiments.sweep.results import results

    runs = results(study, store)
    if not (runs["status"] != "missing").any():
        again = command("dayroom", "sweep", study.reference, "--store", store)
        raise PointsError(f"{store} holds no run of {study.name}; make them with: {again}")
    return runs


def option(name: str, read: Callable[[], Any]) -> Any:
    """Read an option; what is wrong with it is said of it."""
    from experiments.statistics.points import PointsError

    try:
        return read()
    except PointsError as error:
        raise typer.BadParameter(str(error), param_hint=name) from None


def written(
    study: "Study", wished: Wished, result: Any, tables: "dict[str, pd.DataFrame]", figures: Iterable[Any]
) -> Path:
    """Write tables, figures, summary and provenance; give the folder they are found in."""
    from experiments import store
    from experiments.cli.figures import draw_each
    from experiments.cli.progress import Progress
    from experiments.provenance import digest, now, provenance

    progress = Progress(0, wished.quiet)
    started = now()
    try:
        with store.new_folder(wished.folder, wished.overwrite) as new, progress:
            store.write_tables(new.path, tables, wished.csv)
            store.write_json(new.path / "summary.json", result.about())
            text = study.file.read_text(encoding="utf-8")
            (new.path / "study.yaml").write_text(text, encoding="utf-8")
            draw_each(new.path, figures, progress)
            store.write_readme(new.path, wished.title, wished.again)
            seeds = [study.seed_of(k) for k in range(result.points.replicates)]
            more = {"study": study.name, "started": started, "finished": now(), "failed_runs": result.points.failed}
            about = provenance(digest(text), study.seed, seeds, study.days, wished.again, **more)
            store.write_provenance(new.path, about)
    except KeyboardInterrupt:
        print("\nstopped; no result was written, and an earlier one is untouched", file=sys.stderr)
        raise typer.Exit(130) from None
    return new.final


def told(lines: list[str], table: str, folder: Path, quiet: bool) -> None:
    """Print what came out, or just where it is."""
    if quiet:
        print(folder)
        return
    import textwrap

    for line in lines:
        print(textwrap.fill(line, 100, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))
    if table:
        print(f"\n{table}")
    print(f"\nResult:  {folder} (README.txt says what each file is)")
    print(f"Figures: {folder / 'figures'}")
