"""Measure the overhead of a sweep beyond its runs: `python -m benchmarks.sweeping`.

The overhead is a ratio: the time of workers outside building, running and measuring, divided by the time inside, for
runs of about five milliseconds. It counts from each worker's second run on, since the first loads the compiled model.
By the clock it is the throughput lost, including waits for work; in processor time it includes the parent's time. Both
parts of the ratio come from the same seconds of the same processes, because two processes that do the same work differ,
by where their memory lies, far more than the overhead.

The report shows medians over the turns.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from experiments.runs import executors
from experiments.runs.executors.pool import ProcessPool
from experiments.studies import load_study
from experiments.sweep import run_task
from experiments.sweep.make import sweep

RUNS = 2000
"""Number of runs in a sweep."""
DAYS = 36
"""Days in a run, which then takes about five milliseconds."""
STUDY = """\
question: What does a sweep cost?
base: base.yaml
factors: {{users.disclosure_threshold.mean: plausible}}
design: {{kind: random, points: {points}}}
replicates: 20
"""
BASE = """\
extends: baseline
days: {days}
settling: 0
network: {{kind: none}}
"""


def now() -> tuple[float, float]:
    """Return processor and clock seconds of this process."""
    return time.process_time(), time.perf_counter()


def since(begun: tuple[float, float]) -> tuple[float, float]:
    """Return processor and clock seconds since `begun`."""
    processor, clock = now()
    return processor - begun[0], clock - begun[1]


@dataclass
class Watched:
    """A sweep's task that records, in a file for each worker, the time spent building, running and measuring.

    Parameters
    ----------
    task : MakeRun
    folder : Path
        Folder of the workers' files.
    """

    task: run_task.MakeRun
    folder: Path
    inside: list[float] = field(default_factory=lambda: [0.0, 0.0])
    runs: int = -1
    begun: tuple[float, float] = (0.0, 0.0)

    def __call__(self, item: run_task.Item) -> Any:
        """Make a run; a worker's first run is not counted, because it loads the compiled model."""
        if self.runs < 0:
            result = self.task(item)
            self.task._scenario = self.watched(self.task._scenario)  # type: ignore[method-assign]
            self.task._starts.run = self.watched(self.task._starts.run)  # type: ignore[method-assign]
            run_task.kept = self.watched(run_task.kept)
            self.begun = now()
        else:
            result = self.task(item)
        self.runs += 1
        if self.runs % 50 == 0:  # seldom, because writing takes time too
            told = {"runs": self.runs, "inside": self.inside, "all": since(self.begun)}
            (self.folder / f"{os.getpid()}.json").write_text(json.dumps(told), encoding="utf-8")
        return result

    def watched(self, does: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that calls `does` and counts the time it takes."""

        def counted(*given: Any, **named: Any) -> Any:
            begun = now()
            try:
                return does(*given, **named)
            finally:
                self.inside = [a + b for a, b in zip(self.inside, since(begun), strict=True)]

        return counted


@dataclass
class WatchedPool:
    """A process pool that watches its tasks."""

    pool: ProcessPool
    folder: Path
    begun: tuple[float, float] = (0.0, 0.0)

    @property
    def jobs(self) -> int:
        """Number of workers."""
        return self.pool.jobs

    def each(self, task: run_task.MakeRun, items: Sequence[Any]) -> Iterator[Any]:
        """Yield the results; time the parent process from the first result on."""
        for number, result in enumerate(self.pool.each(Watched(task, self.folder), items)):
            if number == 0:
                self.begun = now()
            yield result


@dataclass(frozen=True, slots=True)
class Measured:
    """The cost of a sweep: processor time of a run in milliseconds, and overheads as shares of the runs' time."""

    run: float
    processor: float
    clock: float


def measured(runs: int, days: int, jobs: int) -> Measured:
    """Sweep once, into a temporary folder, and return the cost."""
    with tempfile.TemporaryDirectory() as place:
        folder, notes = Path(place), Path(place, "notes")
        notes.mkdir()
        (folder / "base.yaml").write_text(BASE.format(days=days), encoding="utf-8")
        (folder / "study.yaml").write_text(STUDY.format(points=runs // 20), encoding="utf-8")
        pool = WatchedPool(ProcessPool(jobs), notes)
        sweep(load_study(folder / "study.yaml"), folder / "store", pool)
        parent, _ = since(pool.begun)
        told = [json.loads(note.read_text(encoding="utf-8")) for note in notes.iterdir()]
    inside, whole = ([sum(one[name][place] for one in told) for place in range(2)] for name in ("inside", "all"))
    a_run = 1000 * inside[0] / sum(one["runs"] for one in told)
    return Measured(a_run, (whole[0] + parent) / inside[0] - 1, whole[1] / inside[1] - 1)


def spread(values: Sequence[float]) -> str:
    """Return the median of shares, with the lowest and the highest, as text."""
    return f"{median(values):6.1%} ({min(values):.1%} to {max(values):.1%})"


def main() -> None:
    """Measure the overhead and print it."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--runs", type=int, default=RUNS, help="runs of the sweep, in twenties")
    options.add_argument("--days", type=int, default=DAYS, help="length of a run")
    options.add_argument("--turns", type=int, default=5, help="how often everything is measured")
    options.add_argument("--jobs", type=int, default=executors.processors(), help="worker processes")
    asked = options.parse_args()
    executors.warm_up()
    turns = [measured(asked.runs, asked.days, asked.jobs) for _ in range(asked.turns)]
    print(f"a run takes {median(one.run for one in turns):.2f} ms of processor time; {asked.jobs} workers")
    print(f"overhead on the clock       {spread([one.clock for one in turns])}")
    print(f"overhead of processor time  {spread([one.processor for one in turns])}")


if __name__ == "__main__":
    main()
