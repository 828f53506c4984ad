"""Split items into batches that all take about the same time."""

import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

LARGEST_BATCH: Final = 256


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive items, with the number of the first item."""

    start: int
    items: Sequence[Any]


@dataclass
class Batches:
    """Items, and which of them no worker has received yet.

    Parameters
    ----------
    seconds : float
        Work in a batch: long enough to hide the time of sending it, short enough for a smooth progress bar.
    begun : int
        Number of items in the batches so far.
    again : deque of Batch
        Batches to repeat.
    took : deque of float
        Seconds for each item in the latest batches.
    """

    items: Sequence[Any]
    seconds: float
    begun: int = 0
    again: deque[Batch] = field(default_factory=deque)
    took: deque[float] = field(default_factory=lambda: deque(maxlen=32))

    def __bool__(self) -> bool:
        """Return whether any item has yet to be handed out."""
        return bool(self.again) or self.begun < len(self.items)

    def size(self, workers: int) -> int:
        """Return the size of the next batch: one item until durations are known, and few items at the end."""
        if not self.took:
            return 1
        fitting = int(self.seconds / max(statistics.median(self.took), 1e-6))
        share = (len(self.items) - self.begun) // (4 * workers)
        return max(1, min(fitting, share, LARGEST_BATCH))

    def next(self, workers: int, limit: int) -> Batch | None:
        """Return the next batch, or None when every remaining item has a number of at least `limit`."""
        if self.again:
            return self.again.popleft()
        if self.begun >= min(len(self.items), limit):
            return None
        batch = Batch(self.begun, self.items[self.begun : self.begun + self.size(workers)])
        self.begun += len(batch.items)
        return batch

    def done(self, batch: Batch, seconds: float) -> None:
        """Record how long a batch took; later batches are sized by it."""
        self.took.append(seconds / len(batch.items))

    def once_more(self, batch: Batch) -> None:
        """Queue a dead worker's items again in batches of one item, to find the item that killed it."""
        self.again.extend(Batch(number, [item]) for number, item in enumerate(batch.items, batch.start))
