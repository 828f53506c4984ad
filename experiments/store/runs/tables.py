"""Tables of a store of runs: their columns, how to make them, and how to merge them without duplicate rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from experiments.measures.newcomers import ROW
from sim.outcomes.catalogue import OUTCOMES
from sim.outcomes.measures import MEASURES

KEYS: Final = {
    "runs": ("scenario", "seed"),
    "daily": ("scenario", "seed", "outcome"),
    "failures": ("scenario", "seed"),
}
"""Columns that identify a row of each table."""

TOTALS: Final = ("user_years", "staff_hours_total", "unserved_total", "money_total", "cost")
"""Columns with totals over the whole run; `cost` is money plus the price of staff hours."""

EACH_NEWCOMER: Final = "each_newcomer"
"""Name of the column with the newcomers of a run, as a list of rows."""
EXTENSIONS: Final = "extensions"
"""Name of the column with the code of other packages behind a run; NULL without such code."""
MORE: Final = ("policies", EACH_NEWCOMER, EXTENSIONS)
"""Columns of `runs` that do not hold numbers."""

_ADDRESS: Final = (pa.field("scenario", pa.string(), nullable=False), pa.field("seed", pa.uint64(), nullable=False))
_WORDS: Final = ("where", "error", "origin", "trace")
_NEWCOMER: Final = pa.struct([pa.field(name, pa.from_numpy_dtype(ROW[name])) for name in ROW.names or ()])
_MORE_FIELDS: Final = (pa.field(MORE[0], pa.string()), pa.field(MORE[1], pa.list_(_NEWCOMER)))
_EXTENSIONS_FIELD: Final = pa.field(EXTENSIONS, pa.string())
_MEASURES: Final = {measure.name: measure for measure in MEASURES}


@dataclass(frozen=True, slots=True)
class Kept:
    """The results of a run that the store keeps.

    Parameters
    ----------
    names : tuple of str
        Names of the numbers: outcomes, totals, measures, then "outcome@group" and "users@group".
    numbers : float array
        NaN where a value is missing.
    policies : str
        For each policy, users eligible and taking part, hours and money a week, as JSON (`policies_text`).
    daily : dict of str to float array, shape (days,)
        Outcomes kept for every day.
    newcomers : record array
        Users who came during the run (`experiments.measures.newcomers.ROW`).
    """

    names: tuple[str, ...]
    numbers: npt.NDArray[np.float64]
    policies: str = "[]"
    daily: Mapping[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    newcomers: npt.NDArray[np.void] = field(default_factory=lambda: np.zeros(0, ROW))


@dataclass(frozen=True, slots=True)
class Broken:
    """A run that ended in an error.

    Parameters
    ----------
    where : "building", "running", "measuring", "writing" or "worker"
        Where the error happened.
    """

    where: str
    error: str
    origin: str = ""
    trace: str = ""


Address = tuple[str, int]


def runs_table(rows: Sequence[tuple[Address, Kept]], extensions: Sequence[str] = ()) -> pa.Table:
    """Return runs as a table: a row for each run, a column for each number.

    Parameters
    ----------
    extensions : sequence of str, optional
        For each run, the code of other packages (`experiments.store.extensions.text_of`).
    """
    names = rows[0][1].names
    numbers = np.stack([kept.numbers for _, kept in rows])
    columns = _addresses([address for address, _ in rows])
    columns += [pa.array(np.ascontiguousarray(numbers[:, place])) for place in range(len(names))]
    columns.append(pa.array([kept.policies for _, kept in rows], pa.string()))
    columns.append(_lists([kept.newcomers for _, kept in rows]))
    fields = [*_ADDRESS, *(pa.field(name, pa.float64()) for name in names), *_MORE_FIELDS]
    if any(extensions):  # without any, the part is the same to the last byte as one of an earlier Dayroom
        columns.append(pa.array([text or None for text in extensions], pa.string()))
        fields.append(_EXTENSIONS_FIELD)
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _lists(newcomers: Sequence[npt.NDArray[np.void]]) -> pa.Array:
    """Return the newcomers of each run as a list of rows; NULL for events that have not happened."""
    ends = np.cumsum([0, *(len(rows) for rows in newcomers)], dtype=np.int32)
    rows = np.concatenate(newcomers)
    columns = [pa.array(np.ascontiguousarray(rows[event.name]), from_pandas=True) for event in _NEWCOMER]
    return pa.ListArray.from_arrays(pa.array(ends), pa.StructArray.from_arrays(columns, fields=list(_NEWCOMER)))


def number_field(name: str) -> pa.Field:
    """Declare a column of numbers, with unit and meaning from the catalogue of outcomes."""
    bare = name.partition("@")[0]
    outcome = OUTCOMES.get(bare) or _MEASURES.get(bare)
    if outcome is None:
        return pa.field(name, pa.float64())
    about = {"unit": outcome.unit, "label": outcome.label, "meaning": outcome.meaning}
    return pa.field(name, pa.float64(), metadata=about)


def daily_table(rows: Sequence[tuple[Address, Kept]]) -> pa.Table:
    """Return the daily outcomes of runs as a table: a row for each run and outcome, with its days as a list."""
    long = [(address, name, values) for address, kept in rows for name, values in kept.daily.items()]
    columns = _addresses([address for address, _, _ in long])
    columns.append(pa.array([name for _, name, _ in long], pa.string()))
    columns.append(pa.array([values for _, _, values in long], pa.list_(pa.float64())))
    return pa.Table.from_arrays(columns, schema=empty("daily").schema)


def failures_table(rows: Sequence[tuple[Address, Broken]]) -> pa.Table:
    """Return failed runs as a table."""
    columns = _addresses([address for address, _ in rows])
    columns += [pa.array([getattr(broken, word) for _, broken in rows], pa.string()) for word in _WORDS]
    return pa.Table.from_arrays(columns, schema=empty("failures").schema)


def addresses_of(table: pa.Table) -> list[Address]:
    """Return the address of each row of a table."""
    return list(zip(table["scenario"].to_pylist(), table["seed"].to_pylist(), strict=True))


def _addresses(addresses: Sequence[Address]) -> list[pa.Array]:
    return [
        pa.array([scenario for scenario, _ in addresses], pa.string()),
        pa.array([seed for _, seed in addresses], pa.uint64()),
    ]


def empty(name: str) -> pa.Table:
    """Return a table of the store ("runs", "daily" or "failures") without rows."""
    more = {
        "runs": [
            *(pa.field(name, pa.float64()) for name in (*OUTCOMES, *TOTALS, *_MEASURES)),
            *_MORE_FIELDS,
            _EXTENSIONS_FIELD,
        ],
        "daily": [pa.field("outcome", pa.string(), nullable=False), pa.field("values", pa.list_(pa.float64()))],
        "failures": [pa.field(word, pa.string()) for word in _WORDS],
    }
    return pa.schema([*_ADDRESS, *more[name]]).empty_table()


def deduplicated(tables: Sequence[pa.Table], keys: Sequence[str]) -> pa.Table:
    """Merge tables, sorted by their keys, and keep a single row for each key.

    Rows with the same key are the same to the last bit, since runs are. Only messages of failures may differ: the
    first in alphabetical order is kept, whichever was written first.
    """
    whole = pa.concat_tables(tables, promote_options="default")
    words = [name for name in _WORDS if name in whole.column_names]
    order = pc.sort_indices(whole, sort_keys=[(name, "ascending") for name in (*keys, *words)])
    whole = whole.take(order).combine_chunks()
    if len(whole) < 2:
        return whole
    same = np.ones(len(whole) - 1, dtype=bool)
    for key in keys:
        column = whole[key].combine_chunks()
        same &= pc.equal(column.slice(1), column.slice(0, len(whole) - 1)).to_numpy(zero_copy_only=False)
    return whole.filter(pa.array(np.concatenate([[True], ~same]))) if same.any() else whole


def policies_text(rows: Sequence[Mapping[str, object]]) -> str:
    """Return a row of numbers for each policy as JSON. The same numbers give the same text."""
    return json.dumps(list(rows), sort_keys=True, separators=(",", ":"))
