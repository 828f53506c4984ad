"""`dayroom report`: one document of a result, to be read and forwarded."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.options import StudyStore
from experiments.store import STORE
from sim.language import Language, language, say, speaking
from sim.scenario.text.nodes import harmless

if TYPE_CHECKING:
    from experiments.report.content import Report
    from experiments.report.rendering.html import Addition
    from experiments.studies.study import Study


class Format(StrEnum):
    """The format of a report."""

    html = "html"
    pdf = "pdf"
    docx = "docx"
    xlsx = "xlsx"


def report(
    results: Annotated[
        Path, typer.Argument(metavar="RESULTS", help="Folder that run, compare or portfolio wrote; or a swept study.")
    ],
    lang: Annotated[Language | None, typer.Option(help="Language of the report [that of messages].")] = None,
    brief: Annotated[bool, typer.Option("--brief", help="Page one alone.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File of the report [beside RESULTS: RESULTS-report-LANG.html].")
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="Format of the report [that of FILE's ending, or html].")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Have the HTML run the model: readers move what they doubt, offline.")
    ] = False,
    store: StudyStore = STORE,
) -> None:
    """Write the report of a result: what to do, at what cost, how sure, for whom it is worse, and on what it rests.

    Page one is the brief. HTML opens without network; PDF, Word and the workbook of tables take the extra `report`.
    """
    chosen = lang or language()
    with speaking(chosen):
        typer.echo(harmless(str(_written(results, brief, out, form, store, live))))


def _written(
    results: Path, brief: bool, out: Path | None, form: Format | None, store: Path = STORE, live: bool = False
) -> Path:
    from experiments.report.reports import report_of, write_report
    from experiments.store.folder import ResultError

    file = out or beside(results, brief, form or Format.html)
    if form is not None and file.suffix != f".{form}":
        raise ResultError(say("{file}: a report as {form} ends in .{form}", file=file, form=str(form)))
    if live and brief:
        raise ResultError(say("--live needs the whole report; leave --brief out"))
    if live and file.suffix.lower() != ".html":
        raise ResultError(say("{file}: a report that runs ends in .html; --live has no other format", file=file))
    if live and not results.is_dir():
        raise ResultError(say("{folder}: --live works with folders of compare and run", folder=results))
    if not results.is_dir():
        return write_report(_of_study(results, store, brief), file)
    tell_of_other(results)
    return write_report(report_of(results, brief=brief), file, _running(results) if live else None)


def _running(results: Path) -> "Addition | None":
    """Return the section that runs; None, with the reason on stderr, where the scenarios cannot run in a browser."""
    from experiments.live.page import LiveError
    from experiments.live.within import KINDS, addition
    from experiments.store.folder import ResultError
    from experiments.store.results import stored_result

    stored = stored_result(results)
    if stored.kind not in KINDS:
        raise ResultError(say("{folder}: --live works with folders of compare and run", folder=results))
    try:
        return addition(stored)
    except LiveError as error:
        typer.echo(harmless(say("The report has no section that runs: {why}", why=error)), err=True)
        return None


def tell_of_other(results: Path) -> None:
    """Print on stderr that another version of the model made a result, if so."""
    from experiments.store.results import stored_result

    if remark := stored_result(results).remark:
        typer.echo(harmless(f"{results}: {remark}"), err=True)


def _of_study(results: Path, store: Path, brief: bool) -> "Report":
    """Return the report of a study: a shipped one by name, or a file."""
    from experiments.report.study.document import report_of_study
    from experiments.store.folder import ResultError
    from experiments.studies import load_study
    from experiments.studies.shipped import names

    if not results.is_file() and str(results) not in names():
        raise ResultError(say("{folder}: there is no folder and no study of this name", folder=results))
    return report_of_study(load_study(str(results)), store, brief=brief)


def beside(results: Path, brief: bool = False, form: Format = Format.html) -> Path:
    """Return the default file of a report: beside the folder, as `--overwrite` replaces what is in it."""
    ending = f"{'brief' if brief else 'report'}-{language()}.{form}"
    if not results.is_dir():  # a study
        return Path("results", f"{results.stem}-{ending}")
    folder = results.resolve()
    return folder.with_name(f"{folder.name}-{ending}")


def write_of_study(study: "Study", store: Path) -> Path:
    """Write the report of a swept study as HTML, in the language of messages."""
    from experiments.report.reports import write_report
    from experiments.report.study.document import report_of_study

    return write_report(report_of_study(study, store), beside(Path(study.reference or study.name)))


def write_beside(results: Path) -> Path:
    """Write the report of a result as HTML beside its folder, in the language of messages."""
    return _written(results, False, None, None)
