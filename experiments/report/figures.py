"""The words of a figure in the reader's language, and the table behind it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from experiments.report import names
from experiments.report.content import Picture, Table, as_written
from experiments.report.values import MISSING, computed, verdict
from experiments.statistics.numbers import enough
from experiments.store.protocol import Drawing
from sim.language import Later, later, say, term
from sim.outcomes.catalogue import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

_HEADS: Final[Mapping[str, Later]] = {
    "scenario": later("Scenario"),
    "outcome": later("Outcome"),
    "difference": later("Difference"),
    "low": later("95 % from"),
    "high": later("95 % to"),
    "verdict": later("Verdict"),
    "cost": later("Yuan a user-year"),
    "cost_low": later("Yuan from"),
    "cost_high": later("Yuan to"),
    "effect": later("Effect"),
    "effect_low": later("Effect from"),
    "effect_high": later("Effect to"),
    "predicted_low": later("At other values from"),
    "predicted_high": later("At other values to"),
    "share_ignorance": later("Share from unmeasured numbers"),
    "willingness": later("Yuan a point is worth"),
    "expected_loss": later("Expected loss"),
    "part": later("Part"),
    "value": later("Value"),
}
"""Heads of the columns of a table behind a figure."""


def picture_of(name: str, drawing: Drawing, behind: Table | None = None) -> Picture:
    """Return a figure of a result as a figure of a report."""
    return Picture(name, term(drawing.title), term(drawing.caption), drawing.draw, behind)


def table_of(key: str, source: str, frame: "pd.DataFrame", columns: Sequence[str], titles: Mapping[str, str]) -> Table:
    """Return the folded table behind a figure: some columns of a table of the result.

    Parameters
    ----------
    key : str
        Name of the table in the report.
    source : str
        Name of the table in the result; the keys of its numbers begin with it.
    frame : DataFrame
    columns : sequence of str
    titles : mapping of str to str
        Titles of scenarios, by name.
    """
    chosen = [name for name in columns if name in frame.columns]
    rows = tuple(
        tuple(_cell(source, number, name, row[name], titles) for name in chosen)
        for number, row in zip(frame.index.tolist(), frame.to_dict("records"), strict=True)
    )
    return Table(
        key, say("The numbers behind the figure"), tuple(str(_HEADS[name]) for name in chosen), rows, folded=True
    )


def _cell(source: str, number: int, column: str, value: Any, titles: Mapping[str, str]) -> str:
    if column == "scenario":
        return titles.get(str(value), as_written(value))
    if column == "outcome":
        return names.outcome(str(value)) if str(value) in OUTCOMES else as_written(term(str(value)))
    if column == "verdict":
        return verdict(str(value))
    if isinstance(value, str):
        return as_written(term(value))
    if value is None or value != value:
        return MISSING
    return str(computed(f"{source}/#{number}/{column}", float(value), enough([float(value)], 2)))
