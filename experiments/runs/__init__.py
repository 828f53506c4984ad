"""Make planned runs of the model on any executor. A run that fails gives a row, not an exception."""

from collections.abc import Callable
from typing import Any

from sim.scenario.text.errors import DayroomError

Task = Callable[[Any], Any]
"""The work on an item."""


class LostWorkerError(DayroomError, RuntimeError):
    """A worker process ended without a result; most often the machine ran out of memory."""
