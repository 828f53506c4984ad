"""Items handed over in batches of about as much work each, whatever one of them takes."""

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
    """What is still to be handed out.

    Parameters
    ----------
    items : sequence
    seconds : float
        Of work in a batch: enough to hide the handing over, little enough for a smooth progress bar.
    """

    items: Sequence[Any]
    seconds: float
    begun: int = 0
    again: deque[Batch] = field(default_factory=deque)
    took: deque[float] = field(default_factory=lambda: deque(maxlen=32))

    def __bool__(self) -> bool:
        """Return whether anything is left."""
        return bool(self.again) or self.begun < len(self.items)

    def size(self, workers: int) -> int:
        """Return how many items make a batch now: one until it is known what they take, and few at the end."""
        if not self.took:
            return 1
        fitting = int(self.seconds / max(statistics.median(self.took), 1e-6))
        share = (len(self.items) - self.begun) // (4 * workers)
        return max(1, min(fitting, share, LARGEST_BATCH))

    def next(self, workers: int, limit: int) -> Batch | None:
        """Return the next batch, unless all that is left begins at the limit or after it."""
        if self.again:
            return self.again.popleft()
        if self.begun >= min(len(self.items), limit):
            return None
        batch = Batch(self.begun, self.items[self.begun : self.begun + self.size(workers)])
        self.begun += len(batch.items)
        return batch

    def done(self, batch: Batch, seconds: float) -> None:
        """Note what a batch took."""
        self.took.append(seconds / len(batch.items))

    def once_more(self, batch: Batch) -> None:
        """Hand out one by one what a dead worker had: not all of it can have killed it."""
        self.again.extend(Batch(number, [item]) for number, item in enumerate(batch.items, batch.start))
