"""What runs take on this machine, estimated before the first: minutes and memory.

Both follow from the users of each centre, because everybody has a tie to everybody else in the centre. The seconds
are fitted to measured runs of 25 to 1000 users, within a factor of two; the bytes are those of the arrays of the state.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from experiments.runs import executors
from experiments.statistics.numbers import duration
from sim.language import say
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError

LONG: Final = 10.0
"""Minutes from which an estimate is worth a line."""
LARGE: Final = 0.5
"""Share of the machine's memory from which an estimate is worth a line."""
_PROGRAM: Final = 4e8
"""Bytes of a process before its first run."""
_LIMIT: Final = Path("/sys/fs/cgroup/memory.max")
"""The file in which Linux limits the memory of a container."""
_USER_DAY: Final = (1.3e-6, 6e-8, 1e-10)
"""Seconds of a user's day: a constant, then for each other user of the centre, then for each pair of others."""
TIE_BYTES: Final = 152
"""Bytes of a directed tie in the state."""
USER_BYTES: Final = 896
"""Bytes of a user in the state."""
DAY_BYTES: Final = 664
"""Bytes of a centre's day in the ledger."""
_COPIES: Final = 3
"""How often the ledger and the users are in memory while their tables are made."""
LARGEST_SHARING: Final = 2**30
"""Bytes of a run from which it shares no start with others, because the settled state stays beside each run."""


class TooLargeError(InputError):
    """The machine lacks the memory for a single run."""


@dataclass(frozen=True, slots=True)
class Size:
    """What runs take; all numbers are estimates.

    Parameters
    ----------
    runs, jobs : int
        Runs to make, and processes that make them.
    minutes : float
    largest : float
        Bytes of a process while it makes the largest run.
    memory : float
        Bytes of all processes at once, with what is kept of each run.
    machine : float
        Bytes of memory that this machine has, or may use; infinite when unknown.
    """

    runs: int
    jobs: int
    minutes: float
    largest: float
    memory: float
    machine: float

    def line(self) -> str:
        """Return a sentence if the runs take long or much memory, otherwise an empty text."""
        if self.minutes < LONG and self.memory < LARGE * self.machine:
            return ""
        runs = say("1 run takes") if self.runs == 1 else say("{runs:,} runs take", runs=self.runs)
        processes = "" if self.jobs == 1 else say(" in {jobs} processes", jobs=self.jobs)
        line = say(
            "estimate: {runs} {about} and {gigabytes} of memory{processes}",
            runs=runs,
            about=about(60 * self.minutes),
            gigabytes=gigabytes(self.memory),
            processes=processes,
        )
        if self.memory <= self.machine:
            return line
        line += say(", and this machine has {machine}", machine=gigabytes(self.machine))
        fewer = int(self.machine * self.jobs // self.memory)
        return say("{line}; try --jobs {fewer}", line=line, fewer=fewer) if 0 < fewer < self.jobs else line


def size(scenarios: Sequence[Scenario], replicates: int, jobs: int | None = None, kept: float = 0.0) -> Size:
    """Estimate what runs take.

    Parameters
    ----------
    scenarios : sequence of Scenario
    replicates : int
        Runs of each scenario.
    jobs : int, optional
        Processes; by default one for each processor, or a single one when the work is short.
    kept : float
        Bytes that stay in memory after each run.
    """
    seconds = replicates * sum(map(seconds_of, scenarios))
    runs = replicates * len(scenarios)
    if jobs is None:
        jobs = executors.processors() if seconds > executors.WORTH_WORKERS else 1
    jobs = min(jobs, runs)
    largest = _PROGRAM + max(map(bytes_of, scenarios))
    if len(scenarios) > 1:
        largest += max(map(bytes_of_start, scenarios))
    memory = jobs * largest + (_PROGRAM if jobs > 1 else 0.0) + runs * kept
    return Size(runs, jobs, seconds / jobs / 60, largest, memory, machine())


def about(seconds: float) -> str:
    """Write an estimated time, such as "about 3 min"; of what takes any time, at least a second."""
    return say("about {duration}", duration=duration(max(seconds, 1.0) if seconds else 0.0))


def tried[Result](trial: Callable[[], Result], runs: float, workers: executors.Executor) -> tuple[Result, float]:
    """Make a trial run twice; return the second result, and the seconds that workers take for so many runs like it.

    The first trial only loads the modules.

    Parameters
    ----------
    trial : callable
    runs : float
        Runs that take as long as a trial each.
    workers : Executor
    """
    trial()
    begun = time.perf_counter()
    result = trial()
    jobs = executors.processors() if isinstance(workers, executors.Automatic) else workers.jobs
    return result, (time.perf_counter() - begun) * runs / max(1, jobs)


def require_room(size: Size) -> None:
    """Refuse runs of which this machine cannot hold a single one.

    Raises
    ------
    TooLargeError
        When the largest run takes more memory than the machine has.
    """
    if size.largest > size.machine:
        raise TooLargeError(
            say(
                "a run takes about {gigabytes} of memory (an estimate), "
                "and this machine has {machine}; memory grows with the square of a centre's users: "
                "take smaller centres, fewer copies, or a machine with more memory",
                gigabytes=gigabytes(size.largest),
                machine=gigabytes(size.machine),
            )
        )


def machine() -> float:
    """Return the bytes of memory that this machine has, or that its container may use; infinity when unknown."""
    try:
        there = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        there = float("inf")
    limit = _LIMIT.read_text(encoding="ascii").strip() if _LIMIT.is_file() else ""
    return min(there, float(limit)) if limit.isdigit() else there


def gigabytes(number: float) -> str:
    """Write a number of bytes in GiB."""
    return f"{number / 2**30:,.1f} GiB" if number < 100 * 2**30 else f"{number / 2**30:,.0f} GiB"


def seconds_of(scenario: Scenario) -> float:
    """Return about how many seconds a run takes, the days of settling included, without the start of the program."""
    each, other, pair = _USER_DAY
    day = sum(
        centre.copies * centre.users * (each + other * centre.users + pair * centre.users**2)
        for centre in scenario.centres.values()
    )
    return day * (scenario.settling + scenario.days)


def bytes_of(scenario: Scenario) -> float:
    """Return about how many bytes of memory a run takes, without the program."""
    ties, users = _bytes_of_state(scenario)
    days = sum(centre.copies for centre in scenario.centres.values()) * scenario.days * DAY_BYTES
    return ties + _COPIES * (users + days)


def bytes_of_start(scenario: Scenario) -> float:
    """Return about how many bytes a settled state takes from which runs branch; 0 where a run is too large for that."""
    return sum(_bytes_of_state(scenario)) if bytes_of(scenario) <= LARGEST_SHARING else 0.0


def _bytes_of_state(scenario: Scenario) -> tuple[int, int]:
    """Return the bytes of the ties and of the users."""
    centres = scenario.centres.values()
    ties = sum(centre.copies * centre.users**2 for centre in centres) * TIE_BYTES
    return ties, sum(centre.copies * centre.users for centre in centres) * USER_BYTES
