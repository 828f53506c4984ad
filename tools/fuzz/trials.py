"""Give inputs to a reader, each within limits: no other error than a DayroomError, five seconds, 512 MB more memory."""

import gc
import hashlib
import json
import random
import shutil
import signal
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import psutil
from hypothesis import HealthCheck, Phase, given, seed, settings

from sim.scenario.text.errors import DayroomError
from tools.fuzz.inputs import bytes_of, structures
from tools.fuzz.readers import READERS, Example

MOST_SECONDS: Final = 5.0
"""Processor time of an input at most."""
MOST_MEMORY: Final = 512 * 2**20
"""Bytes by which the process may grow while it reads an input."""
MOST_MESSAGE: Final = 200_000
"""Letters of a message at most."""


class Hang(BaseException):
    """An input takes longer than it may."""


@contextmanager
def limited() -> Iterator[None]:
    """Raise `Hang` in the block when it has used `MOST_SECONDS` of the processor."""

    def stop(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


@dataclass
class Trials:
    """Trials of a reader.

    Parameters
    ----------
    name : str
        Of the reader.
    folder : Path
        Where inputs are written for the reader, and those that fail are kept.
    log : text file
        Receives a line of JSON for each batch and each failure.
    counts : Counter
        Inputs that were read, refused, failed.
    """

    name: str
    folder: Path
    log: IO[str]
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Write what the reader needs beside its input."""
        self.reader = READERS[self.name]
        self.examples = self.reader.examples()
        self.place = self.folder / "reading"
        shutil.rmtree(self.place, ignore_errors=True)  # a killed process leaves its input
        self.place.mkdir(parents=True)
        if self.reader.prepare is not None:
            self.reader.prepare(self.place)
        self.strategy = structures(self.examples)
        self.body = psutil.Process()

    def batch(self, chance_seed: int, number: int) -> None:
        """Try a number of inputs, half of them of changed bytes and half of them of changed structure."""
        before, began = Counter(self.counts), time.monotonic()
        chance = random.Random(f"{self.name} {chance_seed}")  # noqa: S311 - not a secret
        of_bytes = number if self.strategy is None else number // 2
        for _ in range(of_bytes):
            example = chance.choice(self.examples)
            self.one(example, bytes_of(example, self.examples, chance), "bytes", chance_seed)
        if self.strategy is not None and number > of_bytes:

            @seed(chance_seed)
            @settings(
                max_examples=number - of_bytes, database=None, deadline=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(self.strategy)
            def draw(drawn: tuple[Example, bytes]) -> None:
                self.one(*drawn, "structure", chance_seed)

            draw()
        done = dict(self.counts - before)
        self.tell({"reader": self.name, "seed": chance_seed, **done, "seconds": round(time.monotonic() - began, 1)})

    def one(self, example: Example, contents: bytes, kind: str, chance_seed: int) -> None:
        """Give an input to the reader, and record what comes of it."""
        path = self.place / example.file
        path.write_bytes(contents)
        before = self.body.memory_info().rss
        problem, where = "", ""
        try:
            with limited(), warnings.catch_warnings():
                warnings.simplefilter("error")
                self.reader.read(self.place if self.reader.of_folder else path)
            self.counts["read"] += 1
        except DayroomError as error:
            self.counts["refused"] += 1
            if not 0 < len(str(error)) <= MOST_MESSAGE:
                problem = f"a message of {len(str(error))} letters"
        except Hang:
            problem, where = f"more than {MOST_SECONDS:g} s", traceback.format_exc()
        except Exception as error:
            problem, where = f"{type(error).__name__}: {error}"[:300], traceback.format_exc()
        if (grown := self.body.memory_info().rss - before) > MOST_MEMORY:
            problem = problem or f"{grown / 2**20:.0f} MB more memory"
            gc.collect()
        if problem:
            self.failed(example, contents, {"kind": kind, "seed": chance_seed, "problem": problem, "trace": where})
        if self.reader.of_folder:
            path.write_bytes(example.contents)
            for aside in self.place.rglob("*.damaged"):
                aside.rename(aside.with_name(aside.name.removesuffix(".damaged")))
            path.write_bytes(example.contents)

    def failed(self, example: Example, contents: bytes, about: dict[str, Any]) -> None:
        """Keep an input, and write down why."""
        self.counts["failed"] += 1
        digest = hashlib.blake2b(contents, digest_size=6).hexdigest()
        kept = self.folder / "failures" / f"{self.name}-{digest}{Path(example.file).suffix}"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(contents)
        self.tell({"reader": self.name, "failed": str(kept), "of": example.file, **about})

    def tell(self, line: dict[str, Any]) -> None:
        """Write a line of the log."""
        self.log.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.log.flush()


def work(name: str, chance_seed: int, batches: list[tuple[int, int]], out: Path, seconds: float) -> None:
    """Try batches of inputs, given as number and size, in this process."""
    end = time.monotonic() + seconds
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        trials = Trials(name, out / name, log)
        for number, size in batches:
            if time.monotonic() > end:
                return
            trials.batch(chance_seed + number, size)
