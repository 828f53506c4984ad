"""Columns of the tables of a result, each with unit, label and meaning; the first ones tell the run of a row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyarrow as pa

Keys = Mapping[str, int]
"""The columns that identify the run of a row, with their values, such as {"replicate": 0, "seed": 1}."""

_KEYS: Final = {
    "replicate": ("int32", "Replicate", "Number of the replicate, from 0"),
    "seed": ("uint64", "Seed", "Seed of the run: `dayroom run` with it and one replicate does this run again"),
}


def field(name: str, kind: pa.DataType, unit: str, label: str, meaning: str) -> pa.Field:
    """Declare a column."""
    return pa.field(name, kind, nullable=False, metadata={"unit": unit, "label": label, "meaning": meaning})


def date_field() -> pa.Field:
    """Declare the column of dates that stands beside that of days."""
    return field("date", pa.date32(), "1", "Date", "Date of the day")


def key_fields(keys: Iterable[str]) -> list[pa.Field]:
    """Declare the first columns: those that identify the run, then the centre."""
    fields = []
    for key in keys:
        kind, label, meaning = _KEYS.get(key, ("int64", key.capitalize(), f"Number of the {key}"))
        fields.append(field(key, pa.type_for_alias(kind), "1", label, meaning))
    return [*fields, field("centre", pa.string(), "1", "Centre", "Name of the day-care centre")]


def first_columns(keys: Keys, centres: Sequence[str]) -> list[pa.Array]:
    """Return the first columns of a table, with a row for each centre name in `centres`."""
    *fields, centre = key_fields(keys)
    values = [pa.scalar(value, column.type) for column, value in zip(fields, keys.values(), strict=True)]
    return [*(pa.repeat(value, len(centres)) for value in values), pa.array(centres, centre.type)]
