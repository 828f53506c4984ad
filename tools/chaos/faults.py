"""Faults: kills, a full disk, flipped bytes, moved clocks, two sweeps at once, lost workers."""

import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil

from tools.chaos.commands import DAYROOM, ENVIRONMENT

LONGEST: Final = 900.0
"""Seconds after which a command hangs."""
_YEARS: Final = 20 * 365 * 86_400


class Broken(Exception):  # noqa: N818 - what the trial looks for
    """A command has broken a promise."""


@dataclass
class Trial:
    """A folder in which a command is disturbed.

    Parameters
    ----------
    folder : Path
    words : sequence of str
        The command.
    seconds : float
        How long it takes undisturbed.
    chance : random.Random
    log : list of dict
        What was done.
    """

    folder: Path
    words: Sequence[str]
    seconds: float
    chance: random.Random
    log: list[dict[str, Any]] = field(default_factory=list)

    def start(self, most_bytes: int | None = None) -> "subprocess.Popen[str]":
        """Start the command; with `most_bytes`, no file may be larger."""

        def limit() -> None:
            if most_bytes is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

        return subprocess.Popen(  # noqa: S603 - a command of ours
            [*DAYROOM, *self.words], cwd=self.folder, env=ENVIRONMENT, text=True, preexec_fn=limit,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def end(self, body: "subprocess.Popen[str]", allowed: Sequence[int]) -> str:
        """Wait for a command; return its messages.

        Raises
        ------
        Broken
            When it hangs, shows a traceback or ends with a status that is not allowed.
        """
        try:
            out, err = body.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            body.kill()
            raise Broken(f"hangs for {LONGEST:g} s") from None
        if "Traceback" in out + err:
            raise Broken(f"shows a traceback: {err[-2000:]}")
        if body.returncode not in allowed:
            raise Broken(f"ends with status {body.returncode}: {err[-2000:]}")
        return out + err

    def again(self) -> str:
        """Give the command undisturbed; return its messages."""
        return self.end(self.start(), (0,))


def killed(trial: Trial) -> None:
    """Kill the command one to three times, at random moments."""
    for _ in range(trial.chance.randint(1, 3)):
        sent = trial.chance.choice((signal.SIGKILL, signal.SIGTERM))
        moment = trial.chance.uniform(0.0, trial.seconds)
        body = trial.start()
        with suppress(subprocess.TimeoutExpired):
            body.wait(moment)
        workers = []
        with suppress(psutil.NoSuchProcess):
            workers = psutil.Process(body.pid).children(recursive=True)
        body.send_signal(sent)
        trial.end(body, (0, -sent, 128 + sent))
        alive = psutil.wait_procs(workers, timeout=60)[1]
        trial.log.append({"signal": sent.name, "after": round(moment, 2), "status": body.returncode})
        for one in alive:
            one.kill()
        if alive:
            raise Broken(f"{len(alive)} workers live on")


def full(trial: Trial) -> None:
    """Let no file become larger than a random number of bytes."""
    most = int(10 ** trial.chance.uniform(2.0, 5.5))
    body = trial.start(most)
    trial.end(body, (0, 2))
    trial.log.append({"most_bytes": most, "status": body.returncode})


def clock(trial: Trial) -> None:
    """Kill the command, and move the times of all its files by up to twenty years."""
    killed(trial)
    for path in sorted(trial.folder.rglob("*")):
        moved = time.time() + trial.chance.uniform(-_YEARS, _YEARS)
        os.utime(path, (moved, moved))
    trial.log.append({"times": "moved"})


def flipped(trial: Trial) -> None:
    """Flip a bit in some files of the store. A sweep must notice each, or make it again unasked."""
    trial.again()
    files = sorted(path for path in (trial.folder / "store").rglob("*") if path.is_file() and path.stat().st_size)
    for path in trial.chance.sample(files, trial.chance.randint(1, len(files))):
        contents = bytearray(path.read_bytes())
        at = trial.chance.randrange(len(contents))
        contents[at] ^= 1 << trial.chance.randrange(8)
        path.write_bytes(contents)
        trial.log.append({"file": path.relative_to(trial.folder).as_posix(), "byte": at})
        if path.suffix == ".parquet" and path.parent.name != "plans":
            trial.log[-1]["expected"] = True
    said = trial.again()
    for line in trial.log:
        if line.get("expected") and Path(line["file"]).name not in said:
            raise Broken(f"the flipped byte in {line['file']} was not noticed: {said[-2000:]}")


def two(trial: Trial) -> None:
    """Give the command twice at once."""
    bodies = []
    for _ in range(2):
        bodies.append(trial.start())
        time.sleep(trial.chance.uniform(0.0, trial.seconds / 4))
    for body in bodies:
        trial.end(body, (0,))
    trial.log.append({"sweeps": len(bodies)})


def lost(trial: Trial) -> None:
    """Kill a random worker of the command once or twice; the command goes on."""
    body = trial.start()
    for _ in range(trial.chance.randint(1, 2)):
        moment = trial.chance.uniform(0.2, 0.8) * trial.seconds / 2
        with suppress(subprocess.TimeoutExpired):
            body.wait(moment)
        workers = []
        with suppress(psutil.Error):
            there = psutil.Process(body.pid).children(recursive=True)
            workers = [one for one in there if "resource_tracker" not in " ".join(one.cmdline())]
        if workers:
            trial.chance.choice(workers).kill()
        trial.log.append({"after": round(moment, 2), "workers": len(workers)})
    # Whoever loses the same run several times says so and ends with status 2; what is finished is kept.
    trial.end(body, (0, 2))


FAULTS: Final[dict[str, tuple[Callable[[Trial], None], tuple[str, ...]]]] = {
    "killed": (killed, ("run", "compare", "portfolio", "posterior", "sweep", "dask")),
    "full": (full, ("run", "compare", "portfolio", "posterior", "sweep")),
    "clock": (clock, ("run", "compare", "portfolio", "posterior", "sweep")),
    "flipped": (flipped, ("sweep",)),
    "two": (two, ("sweep",)),
    "lost": (lost, ("sweep", "dask")),
}
"""Each fault, and the commands that it is for."""
