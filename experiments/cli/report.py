"""`dayroom report`: one document of a result, to be read and forwarded."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.language import Language, language, say, speaking
from sim.scenario.text.nodes import harmless


class Format(StrEnum):
    """The format of a report."""

    html = "html"
    pdf = "pdf"
    docx = "docx"
    xlsx = "xlsx"


def report(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Folder that run, compare or portfolio wrote.")],
    lang: Annotated[Language | None, typer.Option(help="Language of the report [that of messages].")] = None,
    brief: Annotated[bool, typer.Option("--brief", help="Page one alone.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File of the report [beside RESULTS: RESULTS-report-LANG.html].")
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="Format of the report [that of FILE's ending, or html].")
    ] = None,
) -> None:
    """Write the report of a result: what to do, at what cost, how sure, for whom it is worse, and on what it rests.

    Page one is the brief. HTML opens without network; PDF, Word and the workbook of tables take the extra `report`.
    """
    chosen = lang or language()
    with speaking(chosen):
        typer.echo(harmless(str(_written(results, brief, out, form))))


def _written(results: Path, brief: bool, out: Path | None, form: Format | None) -> Path:
    from experiments.report.reports import report_of, write_report
    from experiments.store.folder import ResultError

    file = out or beside(results, brief, form or Format.html)
    if form is not None and file.suffix != f".{form}":
        raise ResultError(say("{file}: a report as {form} ends in .{form}", file=file, form=str(form)))
    return write_report(report_of(results, brief=brief), file)


def beside(results: Path, brief: bool = False, form: Format = Format.html) -> Path:
    """Return the default file of a report: beside the folder, as `--overwrite` replaces what is in it."""
    folder = results.resolve()
    return folder.with_name(f"{folder.name}-{'brief' if brief else 'report'}-{language()}.{form}")


def write_beside(results: Path) -> Path:
    """Write the report of a result as HTML beside its folder, in the language of messages."""
    return _written(results, False, None, None)
