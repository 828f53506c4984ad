"""Trials that disturb commands notice a broken promise; the short form of `make chaos`."""

import json
import os
import sys
from pathlib import Path

import pytest

from tools.chaos import __main__ as chaos
from tools.chaos import faults
from tools.chaos.commands import COMMANDS, Command, left_behind

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits are of POSIX")
WRITE = "Path('t').write_text('1')"


def tried(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch, again: str = "") -> dict[str, object]:
    """Give a command of Python in place of one of Dayroom; from the second time on, `again`."""
    first = f"    Path('once').touch()\n    {code}"
    text = f"import sys\nfrom pathlib import Path\nif Path('once').exists():\n    {again or code}\nelse:\n{first}"
    monkeypatch.setattr(faults, "DAYROOM", (sys.executable, "-c"))
    monkeypatch.setitem(COMMANDS, "own", Command((text,), lambda place: {"t": (place / "t").read_bytes()}))
    monkeypatch.setitem(faults.FAULTS, "none", (lambda trial: trial.log.append({"said": trial.again()}), ("own",)))
    return chaos.tried("none", "own", "1", folder / "trial", chaos.Undisturbed(folder / "undisturbed"))


def test_a_command_that_keeps_its_promises_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = tried(WRITE, tmp_path, monkeypatch)
    assert "problem" not in line
    assert not (tmp_path / "trial").exists()


@pytest.mark.parametrize(
    ("again", "problem"),
    [
        ("Path('t').write_text('2')", "other tables than undisturbed: t"),
        (f"{WRITE}; Path('.part').touch()", "left behind: .part"),
        ("raise KeyError('x')", "shows a traceback"),
        (f"{WRITE}; sys.exit(3)", "ends with status 3"),
    ],
)
def test_a_broken_promise_is_noticed(again: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = tried(WRITE, tmp_path, monkeypatch, again)
    assert str(line["problem"]).startswith(problem)
    assert (tmp_path / "trial").is_dir()


def test_what_may_not_be_left(tmp_path: Path) -> None:
    for name in ("claims", ".made-x", "store"):
        (tmp_path / name).mkdir()
    for name in ("claims/a", "store/part.unfinished", "made.checkpoint.json", "small.yaml"):
        (tmp_path / name).touch()
    assert left_behind(tmp_path) == [".made-x", "claims/a", "made.checkpoint.json", "store/part.unfinished"]


@pytest.mark.slow
def test_disturbed_commands_end_as_undisturbed_ones(tmp_path: Path) -> None:
    words = ["--number", "6", "--command", "run", "--command", "sweep", "--seed", "1", "--out", str(tmp_path / "out")]
    status = chaos.main(words)
    lines = [json.loads(line) for line in (tmp_path / "out" / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 6
    assert [line for line in lines if "problem" in line] == []
    assert status == 0
