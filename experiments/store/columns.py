"""What tables of a result have in common: columns with unit, label and meaning, those of run and centre first."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyarrow as pa

Keys = Mapping[str, int]
"""What tells the run of a row from the others: column to value."""

_KEYS: Final = {
    "replicate": ("int32", "Replicate", "Number of the replicate, from 0"),
    "seed": ("uint64", "Seed", "Seed of the run: `dayroom run` with it and one replicate does this run again"),
}


def field(name: str, kind: pa.DataType, unit: str, label: str, meaning: str) -> pa.Field:
    """Declare a column."""
    return pa.field(name, kind, nullable=False, metadata={"unit": unit, "label": label, "meaning": meaning})


def key_fields(keys: Iterable[str]) -> list[pa.Field]:
    """Declare the first columns: what tells the run from others, and the centre."""
    fields = []
    for key in keys:
        kind, label, meaning = _KEYS.get(key, ("int64", key.capitalize(), f"Number of the {key}"))
        fields.append(field(key, pa.type_for_alias(kind), "1", label, meaning))
    return [*fields, field("centre", pa.string(), "1", "Centre", "Name of the day-care centre")]


def first_columns(keys: Keys, centres: Sequence[str]) -> list[pa.Array]:
    """Fill the first columns of as many rows as there are names of centres."""
    *fields, centre = key_fields(keys)
    values = [pa.scalar(value, one.type) for one, value in zip(fields, keys.values(), strict=True)]
    return [*(pa.repeat(value, len(centres)) for value in values), pa.array(centres, centre.type)]


__all__ = ["Keys", "field", "first_columns", "key_fields"]
