"""Every portfolio run so far, so that none is run twice, also after the search was stopped."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.analysis.paired import Array


class Cache:
    """Results by portfolio and replicates, in memory and in a JSON file when one is given.

    Parameters
    ----------
    signature : str
        What the results depend on otherwise.
    path : Path, optional

    Raises
    ------
    ValueError
        When the file is no such file, or that of another search.
    """

    def __init__(self, signature: str, path: Path | None = None) -> None:
        self.signature = signature
        self.path = path
        self._found: dict[str, list[list[float | None]]] = {}
        if path is not None and path.exists():
            self._found = _read(path, signature)

    def get(self, portfolio: Sequence[float], replicates: range) -> list[Array] | None:
        """Give the outcomes of a portfolio, an array each, or None when it was not run."""
        found = self._found.get(_key(portfolio, replicates))
        return None if found is None else [np.array(column, dtype=np.float64) for column in found]

    def put(self, portfolio: Sequence[float], replicates: range, outcomes: Sequence[Array]) -> None:
        """Keep the outcomes of a portfolio."""
        columns = [[float(value) if np.isfinite(value) else None for value in column] for column in outcomes]
        self._found[_key(portfolio, replicates)] = columns

    def write(self) -> None:
        """Write the file, whole or not at all."""
        if self.path is not None:
            write_json_whole(self.path, {"signature": self.signature, "portfolios": self._found})


def _key(portfolio: Sequence[float], replicates: range) -> str:
    return f"{' '.join(repr(float(one)) for one in portfolio)} @ {replicates.start}-{replicates.stop}"


def _read(path: Path, signature: str) -> dict[str, list[list[float | None]]]:
    document = read_json_whole(path)
    found = document.get("portfolios")
    if not isinstance(found, dict):
        raise ValueError(f"{path}: it is no checkpoint of a search over portfolios")
    if document.get("signature") != signature:
        raise ValueError(
            f"{path}: it is the checkpoint of another search (scenario, seed or levers differ); use another file"
        )
    return found


def write_json_whole(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON file so that at every moment either the old or the new one is there in full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(document, file, allow_nan=False)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read_json_whole(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds a mapping.

    Raises
    ------
    ValueError
        When it cannot be read or holds something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path}: it cannot be read as a checkpoint ({type(error).__name__})") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path}: it cannot be read as a checkpoint (no mapping)")
    return document
