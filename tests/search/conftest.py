"""Commands that search: run in this process, or in a separate process that is killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from experiments.cli.app import main

CHECKOUT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "error"}

SMALL = """\
days: 42
settling: 0
centres: {house: {users: 12}}
"""
LEVERS = """\
extends: ./small.yaml
policies:
  cap: {policy: help_cap, priority: 10}
  quiet-room: {policy: respite, when: mean(burden) > 20 for 2 weeks, until: mean(burden) < 18}
  circle: {policy: disclosure_circle, intensity: 0.5}
"""

Told = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with two small scenarios."""
    for name, text in {"small": SMALL, "levers": LEVERS}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Iterator[Told]:
    """Run a command; return its exit status, its output and its messages."""
    before = signal.getsignal(signal.SIGTERM)

    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(map(str, words)))
        return int(ended.value.code or 0), *capsys.readouterr()

    yield run
    signal.signal(signal.SIGTERM, before)


STRUCK = """\
import os, sys
from pathlib import Path
from experiments.cli import main
from experiments.cli.progress import Progress
checkpoint, how, *words = sys.argv[1:]
step = Progress.step
def struck(*given):
    step(*given)
    if Path(checkpoint).is_file():
        os.kill(os.getpid(), int(how))
Progress.step = struck
main(words)
"""


def killed(words: list[str], folder: Path, checkpoint: Path, how: int) -> tuple[int, str]:
    """Run a command that kills itself at the first run after a checkpoint; return its status and its messages.

    A kill from outside might come too late: on a busy machine the search may end before anybody sees that it began.
    """
    command = [sys.executable, "-c", STRUCK, str(checkpoint), str(int(how)), *words]
    ended = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stderr


def contents(folder: Path) -> dict[str, bytes]:
    """Return what a result holds, without times and places."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    about = json.loads(found.pop("provenance.json"))
    assert about["command"]
    return found
