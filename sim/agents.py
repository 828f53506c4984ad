"""A day-care user as a Mesa agent: a view on one row of the state, with no state of its own."""

from typing import Any

import mesa
import numpy as np

from sim.state.columns import USER, Column


class DayCareUser(mesa.Agent):
    """One user; every column of `sim.state.columns.USER` is a property that reads and writes the row.

    Parameters
    ----------
    model : DayCentre
    row : int
        Row in the arrays; `unique_id` is Mesa's own and no row.
    """

    def __init__(self, model: Any, row: int) -> None:
        super().__init__(model)
        self.row = row

    def __repr__(self) -> str:
        return f"DayCareUser(unique_id={self.unique_id}, uid={self.uid}, row={self.row})"


def _property(column: Column) -> property:
    """Make the property for a column: labels for codes, floats for numbers, a writable array for vectors."""

    def read(self: DayCareUser) -> Any:
        value = self.model.engine.state.users[column.name][self.row]
        if column.shape:
            return value
        return column.labels[value] if column.labels else value.item()

    def write(self: DayCareUser, value: Any) -> None:
        self.model.engine.state.users[column.name][self.row] = _checked(column, value)

    return property(read, None if column.kind == "key" else write, doc=f"{column.meaning} [{column.unit}]")


def _checked(column: Column, value: Any) -> Any:
    """Give the value as the column holds it.

    Raises
    ------
    ValueError
        When it is out of the column's range, or no label of it.
    """
    if isinstance(value, str):
        if column.shape or value not in column.labels:
            raise ValueError(f"{column.name}: found {value!r}, allowed are {', '.join(column.labels) or 'numbers'}")
        return column.labels.index(value)
    low, high = column.range
    numbers = np.asarray(value, dtype=float)
    if not np.all((numbers >= low) & (numbers <= high)):
        raise ValueError(f"{column.name}: found {value!r}, allowed is {low:g} to {high:g} [{column.unit}]")
    if column.labels and not column.shape and float(value) != int(value):
        raise ValueError(
            f"{column.name}: found {value!r}, allowed are {', '.join(column.labels)} or their whole numbers"
        )
    return value


for _column in USER:
    setattr(DayCareUser, _column.name, _property(_column))
