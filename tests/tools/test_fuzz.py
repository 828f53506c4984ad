"""Inputs at random are read or refused in words: the short form of `make fuzz`."""

import io
import json
import os
from pathlib import Path

import pytest

from sim.scenario.text.errors import DayroomError
from tools.fuzz import trials
from tools.fuzz.readers import READERS, Example, Reader
from tools.fuzz.trials import Trials

pytestmark = pytest.mark.skipif(os.name == "nt", reason="timers of a process are of POSIX")
FAST = [name for name in READERS if name not in ("result", "report")]


@pytest.mark.parametrize("name", FAST)
def test_inputs_at_random_are_read_or_refused(name: str, tmp_path: Path) -> None:
    log = io.StringIO()
    made = Trials(name, tmp_path, log)
    made.batch(20240301, 30)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line for line in lines if "problem" in line] == []
    assert made.counts["read"] + made.counts["refused"] == 30
    assert lines[-1]["seed"] == 20240301


@pytest.mark.parametrize("name", [name for name in FAST if name not in ("scenario", "study")])
def test_examples_are_read_as_they_are(name: str, tmp_path: Path) -> None:
    made = Trials(name, tmp_path, io.StringIO())
    for example in made.examples:
        made.one(example, example.contents, "as it is", 0)
    assert made.counts == {"read": len(made.examples)}


def tried(read: object, monkeypatch: pytest.MonkeyPatch, folder: Path) -> tuple[Trials, list[dict[str, object]]]:
    """Try an input with a reader of the test's own."""
    example = Example("input.txt", b"a b c")
    monkeypatch.setitem(READERS, "own", Reader(lambda: [example], read))  # type: ignore[arg-type]
    log = io.StringIO()
    made = Trials("own", folder, log)
    made.one(example, b"mistake", "bytes", 5)
    return made, [json.loads(line) for line in log.getvalue().splitlines()]


def test_an_error_that_is_not_ours_fails_and_its_input_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def read(_: Path) -> None:
        raise KeyError("x")

    made, [line] = tried(read, monkeypatch, tmp_path)
    assert made.counts == {"failed": 1}
    assert str(line["problem"]).startswith("KeyError")
    assert Path(str(line["failed"])).read_bytes() == b"mistake"
    assert "KeyError" in str(line["trace"])


def test_an_input_that_takes_too_long_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def read(_: Path) -> None:
        while True:
            pass

    monkeypatch.setattr(trials, "MOST_SECONDS", 0.05)
    _, [line] = tried(read, monkeypatch, tmp_path)
    assert line["problem"] == "more than 0.05 s"


def test_an_input_that_fills_memory_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    held = []

    def read(_: Path) -> None:
        held.append(b"x" * 40_000_000)

    monkeypatch.setattr(trials, "MOST_MEMORY", 20 * 2**20)
    _, [line] = tried(read, monkeypatch, tmp_path)
    assert str(line["problem"]).endswith("MB more memory")


def test_a_refusal_without_words_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def read(_: Path) -> None:
        raise DayroomError

    _, [line] = tried(read, monkeypatch, tmp_path)
    assert line["problem"] == "a message of 0 letters"
