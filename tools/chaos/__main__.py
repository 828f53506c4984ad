"""`python -m tools.chaos`: disturb commands at random, and end with status 1 if one of them breaks a promise.

Each trial disturbs a small command in a folder of its own, and gives the command once more. It must end well, its
tables must be those of an undisturbed command to the last byte, and nothing unfinished may be left. `--out`
[build/chaos] holds log.jsonl, a line for each trial, and the folders of those that failed. The same seed gives the same
faults, if not at the same instants. `--number N` [200] trials; `--fault` and `--command` choose.
"""

import argparse
import importlib.util
import json
import random
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from experiments.runs.executors import warm_up
from tools.chaos.commands import COMMANDS, left_behind, prepared
from tools.chaos.faults import FAULTS, Broken, Trial


class Undisturbed:
    """What each command writes when nothing disturbs it, and how long that takes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[dict[str, bytes], float]] = {}

    def __call__(self, name: str) -> tuple[dict[str, bytes], float]:
        """Return the tables of a command, and its seconds."""
        if name not in self._known:
            command = COMMANDS[name]
            trial = Trial(prepared(self.folder / name), command.words, 0.0, random.Random(0))  # noqa: S311
            began = time.monotonic()
            trial.again()
            seconds = time.monotonic() - began
            self._known[name] = (command.tables(trial.folder), seconds)
        return self._known[name]


def tried(fault: str, name: str, chance_seed: str, folder: Path, undisturbed: Undisturbed) -> dict[str, Any]:
    """Make a trial in a folder; return its line of the log, with a `problem` if it failed."""
    tables, seconds = undisturbed(name)
    command = COMMANDS[name]
    trial = Trial(prepared(folder), command.words, seconds, random.Random(chance_seed))  # noqa: S311
    line: dict[str, Any] = {"fault": fault, "command": name, "seed": chance_seed, "done": trial.log}
    try:
        FAULTS[fault][0](trial)
        trial.again()
        made = command.tables(folder)
        differing = sorted(file for file in {*made, *tables} if made.get(file) != tables.get(file))
        if differing:
            raise Broken(f"other tables than undisturbed: {', '.join(differing)}")
        if left := left_behind(folder):
            raise Broken(f"left behind: {', '.join(left)}")
    except Broken as broken:
        line["problem"] = str(broken)
    else:
        shutil.rmtree(folder)
    return line


def main(given: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.chaos", description=__doc__)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fault", action="append", choices=sorted(FAULTS))
    parser.add_argument("--command", action="append", choices=sorted(COMMANDS))
    parser.add_argument("--out", type=Path, default=Path("build", "chaos"))
    chosen = parser.parse_args(given)
    warm_up()  # a command that compiles the model would take minutes, and its trials only disturb that
    out = chosen.out.resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    commands = chosen.command or [
        name for name in COMMANDS if name != "dask" or importlib.util.find_spec("distributed")
    ]
    pairs = [(fault, name) for fault in chosen.fault or FAULTS for name in FAULTS[fault][1] if name in commands]
    chance, undisturbed, failures = random.Random(chosen.seed), Undisturbed(out / "undisturbed"), 0  # noqa: S311
    with (out / "log.jsonl").open("w", encoding="utf-8") as log:
        for number in range(chosen.number):
            fault, name = pairs[number] if number < len(pairs) else chance.choice(pairs)
            line = tried(fault, name, f"{chosen.seed} {number}", out / f"{number}-{fault}-{name}", undisturbed)
            failures += "problem" in line
            log.write(json.dumps(line, ensure_ascii=False) + "\n")
            log.flush()
            print(f"{number} {fault} {name}: {line.get('problem', 'as undisturbed')}", flush=True)
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
