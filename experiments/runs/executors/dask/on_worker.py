"""Perform a batch of items on a cluster's worker, if the worker has the same version of the model.

Items and answers travel as bytes, so the scheduler need not load the model to unpickle them.
"""

import pickle
import threading
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final

from experiments.runs import Task
from experiments.runs.escapes import escaped
from experiments.runs.offers import opened, with_offers
from sim.kernel import sources_digest

SAME: Final = ("numpy", "numba")
"""Packages that may affect the numbers of a run: all workers must have the same versions."""


def version_here() -> str:
    """Return the versions that affect the numbers of a run: those of the model's sources and of `SAME`."""
    return ", ".join((f"model {sources_digest()}", *(f"{name} {version(name)}" for name in SAME)))


@dataclass(frozen=True, slots=True)
class Answer:
    """A worker's answer: results with the seconds they took, or the worker's differing version, or an error."""

    seconds: float = 0.0
    results: Sequence[Any] = ()
    other_version: str = ""
    error: BaseException | None = None


_alone: Final = threading.Lock()
"""Lock for performing a batch: a task keeps its scenario between items, so two threads must not share the task."""


def packed(task: Task) -> bytes:
    """Return a task as compressed bytes, to send with every batch."""
    return zlib.compress(pickle.dumps(with_offers(task)))


@lru_cache(maxsize=2)
def _unpacked(task: bytes) -> Task:
    """Return the task in some bytes; a process unpacks the same bytes only once."""
    return opened(pickle.loads(zlib.decompress(task)))  # noqa: S301 - our own bytes, passed on by the scheduler


def work(task: bytes, items: bytes, wanted: str) -> bytes:
    """Perform a batch on a worker; what the task prints gives no orders to the terminal.

    Parameters
    ----------
    task, items : bytes
        The task, from `packed`, and the pickled items.
    wanted : str
        The `version_here` that the worker must have.

    Returns
    -------
    bytes
        A pickled `Answer`.
    """
    with _alone, escaped():
        if version_here() != wanted:
            return pickle.dumps(Answer(other_version=version_here()))
        try:
            do = _unpacked(task)
            unpacked = pickle.loads(items)  # noqa: S301
            begun = time.perf_counter()
            results = [do(item) for item in unpacked]
            return pickle.dumps(Answer(time.perf_counter() - begun, results))
        except Exception as error:
            return pickle.dumps(Answer(error=_picklable(error)))


def _picklable(error: Exception) -> Exception:
    """Return the error if it can be pickled, else a `RuntimeError` with its type and message."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
