"""Read a result, make its report, and write it as HTML, PDF, Word or workbook."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from experiments.report.content import Report, as_written
from experiments.store.folder import ResultError, new_file
from experiments.store.results import StoredResult, stored_result
from sim.language import say

if TYPE_CHECKING:
    from experiments.report.rendering.html import Addition

FORMATS: Final[Mapping[str, str]] = {"html": "html", "pdf": "pdf", "docx": "word", "xlsx": "workbook"}
"""The module that renders each format, by the ending of the file."""
KINDS: Final[Mapping[str, str]] = {
    "compare": "compare.document",
    "run": "run.document",
    "portfolio": "portfolio.document",
}
"""The module that makes the report of each command's result."""


def report(results: Path | str, file: Path | str, *, brief: bool = False) -> Path:
    """Write the report of a result as one file that can be forwarded, in the language of messages.

    Parameters
    ----------
    results : path
        Folder that `dayroom run`, `compare` or `portfolio` wrote.
    file : path
        Where to write; the ending is the format: .html, .pdf, .docx or .xlsx.
    brief : bool
        Whether to write page one only.

    Raises
    ------
    ResultError
        As `report_of` and `write_report`.
    """
    return write_report(report_of(Path(results), brief=brief), Path(file))


def report_of(folder: Path, *, brief: bool = False) -> Report:
    """Return the report of a result, in the language of messages.

    Parameters
    ----------
    folder : Path
        Folder that `dayroom run`, `compare` or `portfolio` wrote.
    brief : bool
        Whether to make page one only.

    Raises
    ------
    ResultError
        When the folder holds no result of these, or a damaged one.
    FormatError
        When a newer version wrote it in a format that this one does not know.
    """
    stored = stored_result(folder)
    if stored.kind not in KINDS:
        raise ResultError(
            say(
                "{folder}: there is no report of this kind of result; there is of {kinds}",
                folder=folder, kinds=", ".join(KINDS),
            )
        )  # fmt: skip
    make: Callable[[StoredResult, bool], Report] = import_module(f"experiments.report.{KINDS[stored.kind]}").report
    try:
        return make(stored, brief)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, ResultError):
            raise
        problem = as_written(f"{type(error).__name__}: {error}")
        raise ResultError(
            say("{folder}: the result is damaged, or not of this version ({problem})", folder=folder, problem=problem)
        ) from error


def write_report(report: Report, file: Path, addition: "Addition | None" = None) -> Path:
    """Write a report in the format of the file's ending, whole or not at all.

    Parameters
    ----------
    report : Report
    file : Path
    addition : Addition, optional
        A last section that runs; HTML alone can have it.

    Raises
    ------
    ResultError
        When there is no such format, or the file cannot be written.
    InputError
        When the package for the format is not installed.
    """
    kind = file.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise ResultError(
            say("{file}: a report ends in {endings}", file=file, endings=", ".join(f".{name}" for name in FORMATS))
        )
    if addition is not None and kind != "html":
        raise ResultError(say("{file}: a report that runs ends in .html; --live has no other format", file=file))
    render: Callable[..., bytes] = import_module(f"experiments.report.rendering.{FORMATS[kind]}").render
    contents = render(report) if addition is None else render(report, addition)
    if file.is_dir():
        raise ResultError(say("{file}: this is a folder; --out takes a file", file=file))
    with new_file(file) as path:
        path.write_bytes(contents)
    return file
