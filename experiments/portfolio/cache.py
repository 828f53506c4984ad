"""Keep the results of all portfolios run so far, so that none is run twice, even when a stopped search continues."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from experiments.runs.checkpoint import (
    CheckpointError,
    Signature,
    read_json_whole,
    refuse_changed,
    refuse_other,
    write_sealed,
)
from experiments.statistics.intervals import Array

PATIENCE: Final = 10.0
"""Seconds of work that a kill may lose."""

Columns = dict[str, list[list[float | None]]]
"""By portfolio and replicates, a list of values for each outcome; None stands for a failed run."""


class Cache:
    """Results by portfolio and replicates, in memory, and in a JSON file when `path` is given.

    Parameters
    ----------
    signature : mapping
        What else the results depend on.
    path : Path, optional

    Raises
    ------
    CheckpointError
        When the file is not such a file, or belongs to another search.
    """

    def __init__(self, signature: Signature, path: Path | None = None) -> None:
        self.signature = signature
        self.path = path
        self._columns: Columns = {}
        self._gaps: set[tuple[str, int]] = set()
        self._written = time.monotonic()
        if path is not None and path.exists():
            self._columns = _read(path, signature)
            self._gaps = {
                (key, place)
                for key, columns in self._columns.items()
                for place, values in enumerate(zip(*columns, strict=True))
                if None in values
            }

    def get(self, portfolio: Sequence[float], replicates: range) -> list[Array] | None:
        """Return an array for each outcome of a portfolio, or None when the portfolio was not run."""
        columns = self._columns.get(_key(portfolio, replicates))
        return None if columns is None else [np.array(column, dtype=np.float64) for column in columns]

    def put(self, portfolio: Sequence[float], replicates: range, outcomes: Sequence[Array]) -> None:
        """Keep the outcomes of a portfolio; write the file if the last write was more than `PATIENCE` ago."""
        columns = [[float(value) if np.isfinite(value) else None for value in column] for column in outcomes]
        self._columns[_key(portfolio, replicates)] = columns
        if time.monotonic() - self._written > PATIENCE:
            self.write()

    def is_gap(self, portfolio: Sequence[float], replicates: range, number: int) -> bool:
        """Return whether a pair failed in an earlier process and was not tried again; a new attempt may succeed."""
        return (_key(portfolio, replicates), number - replicates.start) in self._gaps

    def fill(self, portfolio: Sequence[float], replicates: range, number: int, values: Sequence[float]) -> None:
        """Keep the outcomes of another attempt at a failed pair."""
        key, place = _key(portfolio, replicates), number - replicates.start
        for column, value in zip(self._columns[key], values, strict=True):
            column[place] = float(value) if np.isfinite(value) else None
        self._gaps.discard((key, place))

    def write(self) -> None:
        """Write the file as a whole; a failure leaves the old file."""
        if self.path is not None:
            self._written = time.monotonic()
            write_sealed(self.path, {"signature": dict(self.signature), "portfolios": self._columns})


def _key(portfolio: Sequence[float], replicates: range) -> str:
    return f"{' '.join(repr(float(intensity)) for intensity in portfolio)} @ {replicates.start}-{replicates.stop}"


def _read(path: Path, signature: Signature) -> Columns:
    document = read_json_whole(path)
    columns = document.get("portfolios")
    if not isinstance(columns, dict):
        raise CheckpointError(f"{path}: it is no checkpoint of a search over portfolios")
    refuse_other(path, document.get("signature"), signature, "search over portfolios")
    refuse_changed(path, document)
    return columns
