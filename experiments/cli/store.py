"""`dayroom status`, `export` and `query`: what a store of runs holds, as text, as files, and in answer to SQL."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from experiments.cli.options import Model, Store, StudyName
from experiments.statistics.numbers import many
from experiments.store import STORE
from sim.language import say

if TYPE_CHECKING:
    from experiments.studies import Study

MOST_ROWS: Final = 200
"""Rows of an answer to print at most; CSV prints all."""


def status(
    study: Annotated[str, typer.Argument(metavar="[STUDY]", help="A study [all that were swept].")] = "",
    store: Store = STORE,
) -> None:
    """Say what a store holds: runs by version of the model, what changed between them, studies, damage."""
    from experiments.sweep.status import status_lines

    for line in status_lines(store, study):
        print(line)


def export(
    study: StudyName,
    store: Store = STORE,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV.")] = False,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write Parquet.")] = False,
    netcdf: Annotated[bool, typer.Option("--netcdf", help="Write netCDF, through xarray.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the files [results/STUDY].")] = None,
    model: Model = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files of the same names, whatever they are.")
    ] = False,
) -> None:
    """Write what came out of a study as files: runs, groups, days, failures. Missing is empty, never 0."""
    from experiments.studies import load_study
    from experiments.sweep.export import export_study

    if not (csv or parquet or netcdf):
        raise typer.BadParameter(say("choose at least one of --csv, --parquet, --netcdf"), param_hint="--csv")
    loaded = load_study(study)
    formats = [name for name, wanted in (("csv", csv), ("parquet", parquet), ("netcdf", netcdf)) if wanted]
    folder = out or Path("results", loaded.name)
    written, missing = export_study(loaded, store, folder, formats, model, overwrite)
    if missing:
        text = say("{missing:,} runs are failed or missing; they are empty in the tables", missing=missing)
        print(text, file=sys.stderr)
        _tell_elsewhere(loaded, store, model)
    for path, rows in written.items():
        rows_or_runs = many(rows, "run" if path.suffix == ".nc" else "row")
        print(say("{path}: {number}", path=path, number=rows_or_runs))


def _tell_elsewhere(study: "Study", store: Path, model: str | None) -> None:
    """Print the other versions of the model that have runs of a study."""
    from experiments.sweep.other_versions import listed, other_versions
    from experiments.sweep.source import open_store

    if others := other_versions(study.name, store, open_store(store, model).version):
        text = say(
            "runs of {study} are in the store under another version of the model: {others}; "
            "to export those: --model {version}",
            study=study.name,
            others=listed(others),
            version=others[0].version,
        )
        print(text, file=sys.stderr)


def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help='Such as "SELECT count(*) FROM runs".')],
    store: Store = STORE,
    csv: Annotated[bool, typer.Option("--csv", help="Print the whole answer, as CSV.")] = False,
) -> None:
    """Ask a store in SQL.

    Views: runs, groups, newcomers, daily, failures, plans, models, and one for each study by its name. A name with a
    hyphen stands in double quotes: 'SELECT * FROM "centre-size"'.
    """
    from experiments.cli.terminal import fitted
    from experiments.store.runs.query import query as answered
    from experiments.studies import shipped

    frame = answered(store, sql, lambda text: print(text, file=sys.stderr), shipped.names())
    with suppress(BrokenPipeError):
        if csv:
            print(frame.to_csv(index=False).rstrip("\n"))
            return
        text, left_out = fitted(frame, MOST_ROWS)
        print(text)
        if left_out:
            print(say("{shown}; --csv prints all", shown=left_out), file=sys.stderr)
