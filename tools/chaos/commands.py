"""Small commands of each kind, what they write, and what may not be left of them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DAYROOM: Final = (sys.executable, "-m", "experiments.cli.app")
ENVIRONMENT: Final = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "DAYROOM_LANG": "en"}

FILES: Final = {
    "small.yaml": (
        "extends: baseline\ndays: 60\nsettling: 0\nreplace: [centres]\ncentres: {house: {users: 12}}\n"
        "network: {kind: none}\n"
    ),
    "respite.yaml": "extends: ./small.yaml\npolicies: {r: {policy: respite}}\n",
    "aims.yaml": "targets: [{key: loneliness_mean, low: 45, high: 55}, {key: loneliness_sd, low: 4, high: 16}]\n",
    "study.yaml": (
        "title: A small plane\nquestion: Does a sweep keep all that it has made?\nbase: small.yaml\n"
        "factors:\n  users.disclosure_threshold.mean: {values: [0.4, 0.5, 0.6]}\n"
        "levers:\n  usual-care: {}\n  pairs: {policies: {pairs: {policy: buddy_scheme}}}\n"
        "design: {kind: grid, levels: 2}\nreplicates: 8\nseed: 3\nstorage: daily\n"
    ),
}
"""Scenarios, targets and a study that the commands name."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command, in a folder with `FILES`.

    Parameters
    ----------
    words : tuple of str
    tables : callable
        Takes the folder; returns what the command wrote, by name, without times.
    """

    words: tuple[str, ...]
    tables: Callable[[Path], dict[str, bytes]]


def _result(folder: Path) -> dict[str, bytes]:
    """Return all files of a result but its provenance, which holds times; that one must be there."""
    made = folder / "made"
    files = {path.relative_to(made).as_posix(): path.read_bytes() for path in made.rglob("*") if path.is_file()}
    json.loads(files.pop("provenance.json"))
    return files


def _exported(folder: Path) -> dict[str, bytes]:
    """Export the study; return the files."""
    words = ("export", "study.yaml", "--store", "store", "--csv", "--parquet", "--out", "tables", "--overwrite")
    whole = [*DAYROOM, *words]
    subprocess.run(whole, cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)  # noqa: S603 our own
    return {path.name: path.read_bytes() for path in sorted((folder / "tables").iterdir())}


def _made(*words: str) -> Command:
    return Command((*words, "--seed", "5", "--overwrite", "--out", "made"), _result)


SWEEP: Final = ("sweep", "study.yaml", "--store", "store")
COMMANDS: Final[dict[str, Command]] = {
    "run": _made("run", "small.yaml", "--replicates", "12", "--jobs", "2"),
    "compare": _made("compare", "small.yaml", "respite.yaml", "--replicates", "12", "--jobs", "2"),
    "portfolio": _made(
        *("portfolio", "small.yaml", "--lever", "help_cap:2", "--lever", "respite:1", "--budget", "3"),
        *("--replicates", "3", "--fresh", "4", "--population", "5", "--generations", "3", "--jobs", "1"),
    ),
    "posterior": _made(
        *("posterior", "small.yaml", "--targets", "aims.yaml", "--parameter", "rules.wellbeing.lonely_base=0..0.3"),
        *("--parameter", "users.empathy.mean", "--particles", "12", "--replicates", "1", "--draws", "6"),
        *("--generations", "2", "--jobs", "1"),
    ),
    "sweep": Command((*SWEEP, "--executor", "processes", "--jobs", "2"), _exported),
    "dask": Command((*SWEEP, "--executor", "dask", "--jobs", "2"), _exported),
}
"""The commands by name; `dask` is a sweep too."""


def prepared(folder: Path) -> Path:
    """Write `FILES` into a folder; return it."""
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def left_behind(folder: Path) -> list[str]:
    """Return what a command may not leave: hidden or unfinished files and folders, checkpoints, claims on a store."""
    endings = (".unfinished", ".checkpoint.json")
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.name.startswith(".") or path.name.endswith(endings) or path.parent.name == "claims"
    )
