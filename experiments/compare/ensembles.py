"""Ensembles: tables of parameter draws, as a calibration writes them; rows are draws, columns are parameters."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from experiments.designs.parquet_tables import TableError, numbers_of_parquet
from sim.language import say
from sim.scenario.schema.quantity import Parameter, known, parameters
from sim.scenario.schema.scenario import RULE_PARAMETERS, Scenario
from sim.scenario.schema.users import USER_PARAMETERS
from sim.scenario.tables.reading import read_table
from sim.scenario.text.errors import DayroomError, ScenarioError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import pandas as pd

LEAST: Final = 2
"""Fewest draws that show how draws differ."""

Place = Callable[[int | None, int], str]
"""Function from a row (None for the header) and a column, both counted from 0, to the place as a message names it."""


class EnsembleError(DayroomError, ValueError):
    """Raised when a table is not an ensemble of parameters; the message names the place and the reason."""


def read_ensemble(path: Path, scenarios: Sequence[Scenario]) -> "pd.DataFrame":
    """Read parameter draws from a file (Parquet, xlsx or CSV); its columns are named by the paths of parameters.

    Parameters
    ----------
    path : Path
    scenarios : sequence of Scenario
        The scenarios that the draws are for. The path `policies.*.<policy>.<name>` sets all uses of a policy,
        `policies.<use>.<name>` a single use.

    Raises
    ------
    EnsembleError
        When the file cannot be read, is compressed or too large (`experiments.designs.parquet_tables`), has fewer than
        two draws or a column that is not a parameter of the scenarios, or a value is out of bounds.
    """
    import pandas as pd

    try:
        if path.suffix == ".parquet":
            read = numbers_of_parquet(path)
            return ensemble(
                read,
                scenarios,
                lambda row, column: say("{path}, {place}", path=path, place=_of_frame(read)(row, column)),
            )
        table = read_table(path)
    except TableError as error:
        raise EnsembleError(
            say("{path}: no table of parameters can be read from it: {reason}", path=path, reason=error)
        ) from error
    except ScenarioError as error:
        raise EnsembleError(
            say("{path}: no table of parameters can be read from it: {reason}", path=path, reason=error.reasons)
        ) from error
    for row in table.rows:
        if row.given != len(table.header.cells):
            raise EnsembleError(
                say(
                    "{place}: found {given} values, allowed are {columns}, as in the header",
                    place=table.place(row),
                    given=row.given,
                    columns=len(table.header.cells),
                )
            )
    cells = pd.DataFrame([row.cells for row in table.rows], columns=table.header.cells, dtype=str)
    return ensemble(
        cells, scenarios, lambda row, column: str(table.place(table.header if row is None else table.rows[row], column))
    )


def ensemble(frame: "pd.DataFrame", scenarios: Sequence[Scenario], place: Place | None = None) -> "pd.DataFrame":
    """Check draws and return them as numbers.

    Parameters
    ----------
    frame : DataFrame
        One row for each draw, one column for each parameter.
    scenarios : sequence of Scenario
        The scenarios that the draws are for.
    place : callable, optional
        Names the place of a value in messages; by default by the numbers of its draw and column.

    Raises
    ------
    EnsembleError
        As `read_ensemble`.
    """
    import numpy as np
    import pandas as pd

    place = place or _of_frame(frame)
    settable = _settable(scenarios)
    names = list(frame.columns)
    for column, name in enumerate(names):
        if name not in settable:
            allowed = say("a path of a parameter of these scenarios, such as {example}", example=min(settable))
            raise EnsembleError(
                misspelt(
                    say("{place}: found the column {name}", place=place(None, column), name=quoted(str(name))),
                    str(name),
                    settable,
                    allowed,
                )
            )
        if names.index(name) < column:
            raise EnsembleError(
                say("{place}: the column {name} appears twice", place=place(None, column), name=quoted(str(name)))
            )
    if frame.empty:
        raise EnsembleError(say("{place}: no draw follows the names of the parameters", place=place(None, 0)))
    read: pd.DataFrame = frame.apply(pd.to_numeric, errors="coerce").astype(float)
    low, high = (np.array([settable[name].quantity.bounds[end] for name in names]) for end in (0, 1))
    whole = np.array([settable[name].whole for name in names])
    values = read.to_numpy()
    wrong = ~((values >= low) & (values <= high)) | (whole & (values != np.round(values)))
    if wrong.any():
        row, column = (int(at) for at in np.argwhere(wrong)[0])
        parameter = settable[names[column]]
        value: object = frame.iloc[row, column]
        ends = {"low": low[column], "high": high[column]}
        if parameter.whole:
            allowed = say("a whole number, {low:g} to {high:g}", **ends)
        else:
            allowed = say("{low:g} to {high:g}", **ends)
        shown = quoted(value) if isinstance(value, str) else value
        raise EnsembleError(
            say(
                "{place}: {name}: found {shown}, allowed is {allowed} [{unit}]",
                place=place(row, column),
                name=names[column],
                shown=shown,
                allowed=allowed,
                unit=parameter.quantity.unit,
            )
        )
    if len(frame) < LEAST:
        raise EnsembleError(
            say(
                "{place}: found one draw, allowed are {least} or more: one draw does not show how draws differ",
                place=place(0, 0),
                least=LEAST,
            )
        )
    return read


def _of_frame(frame: "pd.DataFrame") -> Place:
    def place(row: int | None, column: int) -> str:
        if row is None:
            return say("column {column}", column=column + 1)
        return say("draw {draw} of {draws}", draw=row + 1, draws=len(frame))

    return place


def _settable(scenarios: Sequence[Scenario]) -> dict[str, Parameter]:
    """Return, by path, the parameters that an ensemble can set in these scenarios."""
    settable: dict[str, Parameter] = {}
    for section, every in (("rules", RULE_PARAMETERS), ("users", USER_PARAMETERS)):
        settable |= {f"{section}.{one.path.removeprefix(f'{section}.')}": one for one in every}
    for scenario in scenarios:
        for name, rule in (scenario.rules.model_extra or {}).items():
            settable |= {one.path: one for one in parameters(type(rule), f"rules.{name}.")}
        for use, policy in scenario.policies.items():
            for name, field in type(policy).model_fields.items():
                if (of := known(field)) is not None:
                    value = float(getattr(policy, name))
                    for path in (f"policies.*.{policy.policy}.{name}", f"policies.{use}.{name}"):
                        settable[path] = Parameter(path, value, of, field.annotation is int)
    return settable
