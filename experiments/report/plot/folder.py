"""Find which figures the tables of a result can draw, by the kind of result."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from experiments.plots import drawings
from experiments.report.plot import compare, studies
from experiments.runs.result import in_folder
from experiments.store.documents import read_provenance, read_summary
from experiments.store.folder import ResultError
from experiments.store.protocol import Drawing
from experiments.store.tables import read_table
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Figures = dict[str, Drawing]


def drawings_in(folder: Path) -> Figures:
    """Return the figures that the result in a folder can draw, by name.

    Raises
    ------
    ResultError
        When the folder holds no result, or one of another kind than those in `KINDS`.
    """
    read_provenance(folder)
    if tables := _tables_of_kind(folder):
        return KINDS[tables](folder)
    raise ResultError(
        say("{folder}: figures of this kind of result are drawn by its own command; see its figures", folder=folder)
    )


def require_one_column(folder: Path) -> None:
    """Raise an error unless the figures of a result can be drawn for one column of a journal.

    Raises
    ------
    ResultError
        When the labels of its figures would lie on each other.
    """
    if _tables_of_kind(folder) not in (COMPARISON, RUN):
        raise ResultError(
            say(
                "{folder}: only figures of runs and comparisons fit into one column of a journal; for two: --size "
                "journal",
                folder=folder,
            )
        )


def plot(results: Path | str, name: str = "") -> "Figure":
    """Draw the named figure of a result in a folder, by default the first; `dayroom plot FOLDER` lists them.

    Parameters
    ----------
    results : path
        Folder that a command such as `dayroom run` or `dayroom compare` wrote.
    name : str

    Raises
    ------
    ResultError
        When the folder holds no such result, or the result has no such figure.
    """
    there = drawings_in(Path(results))
    name = name or next(iter(there))
    if name not in there:
        known = ", ".join(there)
        raise ResultError(say("there is no figure {name}; this result has {known}", name=name, known=known))
    return there[name].draw()


def _run(folder: Path) -> Figures:
    return in_folder(folder).figures()


def _validation(folder: Path) -> Figures:
    from experiments.plots.validation.figures import VALIDATION_FIGURES

    return drawings(VALIDATION_FIGURES, _tables(folder, "waves", "distributions", "fits"))


def _portfolio(folder: Path) -> Figures:
    from experiments.plots.portfolio.figures import PORTFOLIO_FIGURES

    summary = read_summary(folder)
    there: dict[str, object] = {
        "solutions": read_table(folder, "solutions"),
        "policies": [lever["policy"] for lever in summary["levers"]],
        "budget": summary["budget_hours_a_week"],
        "base hours": summary["base_takes"]["hours_a_week"],
    }
    if searched := studies.optional(folder, "search_history"):
        there["history"] = searched["search_history"]
    return drawings(PORTFOLIO_FIGURES, there)


def _sensitivity(folder: Path) -> Figures:
    from experiments.plots.sensitivity.figures import SENSITIVITY_FIGURES
    from experiments.sensitivity.figures import heading

    there = studies.optional(folder, "indices", "factors", "convergence", "ends")
    outcomes = read_table(folder, "outcomes")
    index = set(there["indices"]["index"])
    summary = read_summary(folder)
    about = heading(*(summary[name] for name in ("study", "lever", "against", "method")))
    return {
        f"{name}-{outcome}": Drawing(
            str(family.title),
            str(family.caption),
            partial(family.draw, *(there[source] for source in family.reads), outcome=outcome, about=about),
        )
        for outcome in outcomes.loc[outcomes["varies"], "outcome"]
        for name, family in SENSITIVITY_FIGURES.items()
        if family.index in index | {""} and there.keys() >= set(family.reads)
    }


def _tables_of_kind(folder: Path) -> tuple[str, ...]:
    """Return the tables that tell the kind of a result, empty if the folder holds none of `KINDS`."""
    kinds = (tables for tables in KINDS if all((folder / f"{name}.parquet").is_file() for name in tables))
    return next(kinds, ())


def _tables(folder: Path, *names: str) -> "dict[str, pd.DataFrame]":
    return {name: read_table(folder, name) for name in names}


COMPARISON: Final = ("contrasts", "groups", "daily")
RUN: Final = ("daily", "users")
KINDS: Final[Mapping[tuple[str, ...], Callable[[Path], Figures]]] = {
    COMPARISON: compare.drawings_in,
    RUN: _run,
    ("waves", "distributions", "fits"): _validation,
    ("indices", "factors", "outcomes"): _sensitivity,
    ("predictive", "predictive_runs", "particles"): studies.posterior,
    ("points", "boxes", "trajectory"): studies.discovery,
    ("levers", "places", "by_point"): studies.ranking,
    ("solutions",): _portfolio,
}
"""Functions that return the figures of a result, by the tables that tell its kind."""
