"""Batches of items that take about the same time each."""

import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

LARGEST_BATCH: Final = 256


@dataclass(frozen=True, slots=True)
class Batch:
    """Neighbouring items, and the number of the first."""

    start: int
    items: Sequence[Any]


@dataclass
class Batches:
    """The items still to be handed out.

    Parameters
    ----------
    seconds : float
        Work in a batch: enough to hide the hand-over, little enough for a smooth progress bar.
    """

    items: Sequence[Any]
    seconds: float
    begun: int = 0
    again: deque[Batch] = field(default_factory=deque)
    took: deque[float] = field(default_factory=lambda: deque(maxlen=32))

    def __bool__(self) -> bool:
        """Return whether any item is left."""
        return bool(self.again) or self.begun < len(self.items)

    def size(self, workers: int) -> int:
        """Return the size of the next batch: one item until durations are known, and few items at the end."""
        if not self.took:
            return 1
        fitting = int(self.seconds / max(statistics.median(self.took), 1e-6))
        share = (len(self.items) - self.begun) // (4 * workers)
        return max(1, min(fitting, share, LARGEST_BATCH))

    def next(self, workers: int, limit: int) -> Batch | None:
        """Return the next batch, or None when all remaining items lie at or beyond the limit."""
        if self.again:
            return self.again.popleft()
        if self.begun >= min(len(self.items), limit):
            return None
        batch = Batch(self.begun, self.items[self.begun : self.begun + self.size(workers)])
        self.begun += len(batch.items)
        return batch

    def done(self, batch: Batch, seconds: float) -> None:
        """Note how long a batch took."""
        self.took.append(seconds / len(batch.items))

    def once_more(self, batch: Batch) -> None:
        """Hand out a dead worker's items again, one by one: not all of them can have killed it."""
        self.again.extend(Batch(number, [item]) for number, item in enumerate(batch.items, batch.start))
