"""What runs on a worker of a cluster: a batch of a task, by whoever has the same version of the model.

Everything comes and goes as bytes. A scheduler that passes it on need not unpickle, and so not load, the model.
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

from experiments.runs.executors.workers import Task
from sim.kernel import sources_digest

SAME: Final = ("numpy", "numba")
"""Packages on which the numbers of a run may depend, and so have to be the same everywhere."""


def version_here() -> str:
    """Return what the numbers of a run depend on: the model, to the letter, and the packages that compute."""
    return ", ".join((f"model {sources_digest()}", *(f"{name} {version(name)}" for name in SAME)))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker gives back: results and what they took, or its own version where that is another, or an error."""

    seconds: float = 0.0
    results: Sequence[Any] = ()
    other_version: str = ""
    error: BaseException | None = None


_alone: Final = threading.Lock()
"""A task keeps a scenario from one item to the next: two threads of a worker would take each other's."""


def packed(task: Task) -> bytes:
    """Return a task as it is sent along with every batch: small."""
    return zlib.compress(pickle.dumps(task))


@lru_cache(maxsize=2)
def _unpacked(task: bytes) -> Task:
    """Return a task, unpacked once in a process."""
    unpacked: Task = pickle.loads(zlib.decompress(task))  # noqa: S301 - our own, by way of the scheduler
    return unpacked


def work(task: bytes, items: bytes, wanted: str) -> bytes:
    """Do a batch; this is what runs on a worker.

    Parameters
    ----------
    task, items : bytes
        The task as `packed` gives it, and the pickled items.
    wanted : str
        The version a worker has to have.

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
    """Return an error, or one that says the same and can be sent."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
