"""Write results to the store in batches: this keeps files few, and a killed sweep loses little."""

import time
from functools import partial
from typing import Final

import pyarrow as pa

from experiments.runs.runner import Failed, attempted
from experiments.store.runs.store import RunStore
from experiments.store.runs.tables import Broken, Kept, daily_table, failures_table, runs_table
from experiments.sweep.plan import Planned
from experiments.sweep.run_task import broken, size_of

MOST_ROWS: Final = 1000
"""Most runs in a batch."""
MOST_BYTES: Final = 2 * 2**20
"""Most bytes in a batch: half of the space that a claim reserves."""
FIRST_SECONDS: Final = 1.0
LAST_SECONDS: Final = 15.0
"""Seconds after which a batch is written, at first and in a long sweep: a killed sweep loses at most that much work."""


class BatchWriter:
    """Collect results and write them to the store in batches."""

    def __init__(self, store: RunStore) -> None:
        self.store = store
        self.unwritable: list[tuple[Planned, Broken]] = []
        self._kept: list[tuple[Planned, Kept]] = []
        self._broken: list[tuple[Planned, Broken]] = []
        self._bytes = 0
        self._begun = self._last = time.monotonic()

    def add(self, run: Planned, result: Kept | Broken) -> None:
        """Add a result; write the batch when it is large or old enough."""
        if isinstance(result, Broken):
            self._broken.append((run, result))
            self._bytes += len(result.trace)
        else:
            self._kept.append((run, result))
            self._bytes += size_of(result)
        now = time.monotonic()
        seconds = min(LAST_SECONDS, max(FIRST_SECONDS, (now - self._begun) / 20))
        rows = len(self._kept) + len(self._broken)
        if rows >= MOST_ROWS or self._bytes >= MOST_BYTES or now - self._last >= seconds:
            self.write()

    def write(self) -> None:
        """Write the results collected since the last batch."""
        if self._kept or self._broken:
            tables = self._tables()
            self.store.save(tables)
            self._kept, self._broken, self._bytes = [], [], 0
            for name, _ in tables:
                self.store.compact(name)
        self._last = time.monotonic()

    def _tables(self) -> list[tuple[str, pa.Table]]:
        """Return the tables of a batch. Days come before runs, so that the store never holds a run without its days."""
        try:
            return self._made()
        except Exception:  # a run that cannot be written must not stop the others
            good = []
            for run, result in self._kept:
                tried = attempted(partial(runs_table, [(run.address, result)], [run.extensions]))
                if isinstance(tried, Failed):
                    self._broken.append((run, broken("writing", tried)))
                    self.unwritable.append(self._broken[-1])
                else:
                    good.append((run, result))
            self._kept = good
            return self._made()

    def _made(self) -> list[tuple[str, pa.Table]]:
        tables = []
        if self._kept:
            rows = [(run.address, result) for run, result in self._kept]
            tables = [
                ("daily", daily_table(rows)),
                ("runs", runs_table(rows, [run.extensions for run, _ in self._kept])),
            ]
        if self._broken:
            tables.append(("failures", failures_table([(run.address, result) for run, result in self._broken])))
        return tables
