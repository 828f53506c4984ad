"""Every portfolio run so far, so that none is run twice, also after the search was stopped."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from experiments.analysis.checkpoint import read_json_whole, write_json_whole
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
