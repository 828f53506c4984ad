"""`python -m tools.fuzz`: give inputs at random to every reader, and end with status 1 if one does worse than refuse.

A reader may read an input or refuse it with a message; a traceback, a warning, more than five seconds of the processor
or 512 MB more memory are failures. Each reader works in a process of its own; one that crashes or hangs beyond that is
killed, and its input kept. `--out` [build/fuzz] holds log.jsonl, a line for each batch and each failure, and the inputs
that failed. The same seed gives the same inputs. By default a million inputs for each reader, which takes days;
`--number N` or `--seconds S`, for each reader, end earlier.
"""

import argparse
import json
import multiprocessing
import sys
import time
from pathlib import Path
from typing import Any, Final

from tools.fuzz.readers import READERS
from tools.fuzz.trials import work

MILLION: Final = 1_000_000
BATCH: Final = 500
SILENT: Final = 120.0
"""Seconds without a new input after which a process is killed: it hangs where no signal reaches."""


def _latest(place: Path) -> Path | None:
    """Return the file that was written last: the input that is being read."""
    files = [path for path in place.rglob("*") if path.is_file()]
    return max(files, key=lambda path: path.stat().st_mtime_ns, default=None)


def watched(name: str, chance_seed: int, number: int, out: Path, seconds: float) -> None:
    """Try a reader in other processes; after a crash or a hang, keep the input and go on with the next batch."""
    batches = [(first // BATCH, min(BATCH, number - first)) for first in range(0, number, BATCH)]
    end, spawned = time.monotonic() + seconds, multiprocessing.get_context("spawn")
    log = out / "log.jsonl"
    while batches and time.monotonic() < end:
        before = log.stat().st_size
        body = spawned.Process(target=work, args=(name, chance_seed, batches, out, end - time.monotonic()))
        body.start()
        silent, seen = time.monotonic(), 0.0
        while body.is_alive() and time.monotonic() - silent < SILENT:
            body.join(1.0)
            latest = _latest(out / name / "reading")
            if latest is not None and latest.stat().st_mtime > seen:
                silent, seen = time.monotonic(), latest.stat().st_mtime
        hangs = body.is_alive()
        if hangs:
            body.kill()
        body.join()
        if body.exitcode == 0:
            return
        done = {line["seed"] - chance_seed for line in lines(log, before) if "seconds" in line}
        batches = [batch for batch in batches if batch[0] not in done][1:]
        latest = _latest(out / name / "reading")
        kept = out / name / "failures" / f"{time.time_ns()}-{latest.name if latest else 'none'}"
        kept.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            problem = "hangs" if hangs else f"ends with status {body.exitcode}"
            file.write(json.dumps({"reader": name, "failed": str(kept), "problem": problem}) + "\n")
        if latest is not None:
            latest.replace(kept)


def lines(log: Path, start: int = 0) -> list[dict[str, Any]]:
    """Return the lines of a log from a byte on."""
    with log.open("rb") as file:
        file.seek(start)
        return [json.loads(line) for line in file]


def main() -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--reader", action="append", choices=sorted(READERS))
    parser.add_argument("--number", type=int, default=MILLION)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("build", "fuzz"))
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    log = chosen.out / "log.jsonl"
    log.touch()
    start = log.stat().st_size
    for name in chosen.reader or READERS:
        number = max(1, round(chosen.number * READERS[name].share))
        watched(name, chosen.seed, number, chosen.out, chosen.seconds)
        own = [line for line in lines(log, start) if line["reader"] == name]
        sums = {kind: sum(line.get(kind, 0) for line in own if "seconds" in line) for kind in ("read", "refused")}
        failures = [line for line in own if "problem" in line]
        print(f"{name}: {sums['read']} read, {sums['refused']} refused, {len(failures)} failed", flush=True)
        for line in failures[:10]:
            print(f"  {line['problem'].splitlines()[0]}  {line['failed']}")
    return int(any("problem" in line for line in lines(log, start)))


if __name__ == "__main__":
    sys.exit(main())
