"""The work of a cluster's worker: a batch of items, if it has the same version of the model.

Items and answers travel as bytes, so that the scheduler need not load the model to unpickle them.
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

from experiments.runs.executors.process_pool import Task
from sim.kernel import sources_digest

SAME: Final = ("numpy", "numba")
"""Packages on which the numbers of a run may depend: their versions must be the same everywhere."""


def version_here() -> str:
    """Return the versions that the numbers of a run depend on: of the model's sources and of `SAME`."""
    return ", ".join((f"model {sources_digest()}", *(f"{name} {version(name)}" for name in SAME)))


@dataclass(frozen=True, slots=True)
class Answer:
    """A worker's answer: results and their seconds, or its own version where that differs, or an error."""

    seconds: float = 0.0
    results: Sequence[Any] = ()
    other_version: str = ""
    error: BaseException | None = None


_alone: Final = threading.Lock()
"""A task keeps its scenario from one item to the next, so two threads of a worker must not share it."""


def packed(task: Task) -> bytes:
    """Return a task as small bytes, which travel with every batch."""
    return zlib.compress(pickle.dumps(task))


@lru_cache(maxsize=2)
def _unpacked(task: bytes) -> Task:
    """Return a task from its bytes, unpacked once in a process."""
    unpacked: Task = pickle.loads(zlib.decompress(task))  # noqa: S301 - our own, by way of the scheduler
    return unpacked


def work(task: bytes, items: bytes, wanted: str) -> bytes:
    """Perform a batch on a worker.

    Parameters
    ----------
    task, items : bytes
        The task as `packed` gives it, and the pickled items.
    wanted : str
        The version that the worker must have.

    Returns
    -------
    bytes
        A pickled `Answer`.
    """
    with _alone:
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
    """Return an error that can be pickled: this one, or one with the same message."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
