"""No title, path or message gives orders to the terminal, whatever the command."""

import io
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from experiments.cli.app import COMMANDS
from experiments.runs.escapes import Escaped, plain
from experiments.statistics.terminal import rendered
from sim.scenario.text.nodes import harmless, visible

ORDERS = "\x1b[31m\x1b]0;owned\x07\x9b2J\u202egnp\u2066\x7f\x08\r"
"""Colour, window title, C1 control, reversed direction, delete, backspace, carriage return."""
NAME = "a\x1b[31m\u202eb\x9b2J"
"""A name that a file system allows."""

SCENARIO = """extends: baseline
name: {name}
title: "hostile \\e[31m\\e]0;owned\\a\\u009b2J\\u202e\\u2066"
question: "\\e[2J"
days: 8
settling: 0
replicates: 1
seed: 1
"""
STUDY = """base: baseline
title: "\\e[31m\\u202e"
question: "\\e[2J"
days: 8
settling: 0
replicates: 1
design: replicates
"""
HARMLESS = {"\n", "\t"}


def orders_in(text: str) -> set[str]:
    """Return the characters in a text that a terminal obeys, or that turn its direction."""
    bidi = {letter for letter in text if unicodedata.bidirectional(letter) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI",
            "RLI", "FSI", "PDI")}  # fmt: skip
    return {letter for letter in text if unicodedata.category(letter) == "Cc"} - HARMLESS | bidi


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Return a folder with a hostile name, which holds scenarios, a study and a store of such names."""
    place = tmp_path / NAME
    place.mkdir()
    monkeypatch.chdir(place)
    for name in ("one", "two"):
        (place / f"{NAME}{name}.yaml").write_text(SCENARIO.format(name=name), encoding="utf-8")
    (place / f"{NAME}.study.yaml").write_text(STUDY, encoding="utf-8")
    (place / f"{NAME}.parquet").write_bytes(b"no parquet")
    (place / f"{NAME}wrong.yaml").write_text("extends: baseline\nzzz: 1\n", encoding="utf-8")
    return place


ONE, TWO, WRONG = f"{NAME}one.yaml", f"{NAME}two.yaml", f"{NAME}wrong.yaml"
STUDY_FILE, OTHER = f"{NAME}.study.yaml", f"{NAME}.parquet"
CALLS = {
    "run": [["run", ONE, "--out", NAME + "r", "--jobs", "1"], ["run", WRONG], ["run", f"{NAME}.yaml"]],
    "compare": [
        ["compare", ONE, TWO, "--replicates", "2", "--out", NAME + "c", "--jobs", "1"],
        ["compare", ONE, TWO, "--uncertain", OTHER],
    ],
    "trace": [["trace", ONE, TWO], ["trace", ONE, WRONG]],
    "live": [["live", ONE, "--replicates", "2", "--days", "7", "--out", NAME + "l.html"], ["live", WRONG]],
    "sweep": [["sweep", STUDY_FILE, "--store", NAME + "s", "--executor", "inline"], ["sweep", STUDY_FILE, "--dry-run"]],
    "status": [["status", STUDY_FILE, "--store", NAME + "s"], ["status", "--store", ONE]],
    "export": [["export", STUDY_FILE, "--store", NAME + "s", "--out", NAME + "e"], ["export", WRONG]],
    "query": [["query", f"select '{NAME}' as x", "--store", NAME + "s"], ["query", NAME]],
    "discover": [["discover", STUDY_FILE, "--lever", NAME], ["discover", WRONG, "--lever", NAME]],
    "regret": [["regret", STUDY_FILE, "--outcome", NAME], ["regret", WRONG]],
    "sensitivity": [["sensitivity", STUDY_FILE, "--store", NAME], ["sensitivity", WRONG]],
    "findings": [["findings", NAME]],
    "report": [["report", NAME]],
    "plot": [["plot", NAME]],
    "app": [["app", "--folder", NAME]],
    "calibrate": [["calibrate", "--targets", NAME], ["calibrate", NAME]],
    "validate": [["validate", "--data", OTHER], ["validate", OTHER]],
    "portfolio": [["portfolio", ONE, "--budget", "5", "--lever", NAME], ["portfolio", WRONG, "--budget", "5"]],
    "posterior": [["posterior", ONE, "--targets", NAME], ["posterior", WRONG]],
    "explain": [["explain", "word", "newcomer"], ["explain", "word", NAME], ["explain", "policy", NAME]],
    "scenario": [
        ["scenario", "check", ONE, WRONG, NAME, f"{NAME}/none.yaml"],
        ["scenario", "explain", ONE, "title", "question"],
        ["scenario", "show", ONE],
        ["scenario", "new", NAME],
        ["scenario", "new", "fine", "--out", NAME + "new.yaml"],
    ],
}
"""Calls of each command, with titles, paths and words that hold orders: some succeed and some are refused."""


@pytest.mark.parametrize(
    "words",
    [
        [ORDERS],
        ["run", f"--{ORDERS}"],
        ["run", "baseline", f"--seed={ORDERS}"],
        ["run", "baseline", "baseline", ORDERS],
        ["run", "baseline", "--out"],
        ["sweep", "study", "--executor", ORDERS],
        ["scenario", ORDERS],
    ],
)
def test_no_usage_error_prints_orders(words, dayroom, capsys):
    assert dayroom(*words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert orders_in(err) == set()
    assert "Error: " in err
    assert ("\\x1b" in err) is any(ORDERS in word for word in words)


def test_every_command_is_called():
    assert set(CALLS) == set(COMMANDS)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_prints_orders(command, folder, dayroom, capsys):
    if command in ("status", "export", "query"):  # these read a store
        assert dayroom(*CALLS["sweep"][0]) == 0
    printed = ""
    for words in CALLS[command]:
        dayroom(*words)
        out, err = capsys.readouterr()
        assert out + err
        printed += out + err
    assert orders_in(printed) == set()
    assert "\\x1b" in printed
    for text in folder.rglob("*.txt"):
        assert orders_in(text.read_text(encoding="utf-8")) == set()


def test_orders_are_escaped_and_letters_are_kept():
    assert harmless(ORDERS) == (r"\x1b[31m\x1b]0;owned\x07\x9b2J\u202egnp\u2066\x7f\x08\x0d")
    kept = "日本語\u3000全角 café – “quoted” ±0.5\ttab\nline 👩\u200d🔬"
    assert harmless(kept) == kept
    assert orders_in(ORDERS) == set("\x1b\x07\x9b\u202e\u2066\x7f\x08\r")
    assert orders_in(harmless(ORDERS)) == set()
    assert visible("a\nb\u202e") == r"a\x0ab\u202e"


def test_every_control_and_every_turn_of_direction_is_escaped():
    letters = "".join(map(chr, range(0x110000)))
    assert orders_in(harmless(letters)) == set()


def test_the_stream_answers_for_the_one_behind_it():
    behind = io.StringIO()
    stream = Escaped(behind)
    print("a\x1b[2Jb", file=stream, flush=True)
    assert behind.getvalue() == "a\\x1b[2Jb\n"
    assert stream.isatty() is False
    assert plain(stream) is behind
    assert plain(behind) is behind


def test_no_way_around_the_escapes():
    behind = io.TextIOWrapper(io.BytesIO())
    stream = Escaped(behind)
    stream.writelines(["a\x1b[2Jb\n", "\x9bc"])
    stream.flush()
    assert behind.buffer.getvalue() == b"a\\x1b[2Jb\n\\x9bc"
    assert not hasattr(stream, "buffer")


FAILING = """
from experiments.cli import app
def fail(arguments):
    raise ValueError("\x1b[31mred")
app._run = fail
app.main([])
"""
DYING = """
import sys
from experiments.runs.executors.pool import ProcessPool
def die(number):
    print("\x1b[31mprinted", file=sys.stderr)
    raise SystemExit("\x1b[31mred")
if __name__ == "__main__":
    list(ProcessPool(1).each(die, [1]))
"""


ON_DASK = """
import sys
from experiments.runs.executors.dask.cluster import DaskCluster
def talk(number):
    print("\x1b[31mprinted", file=sys.stderr, flush=True)
    return number
if __name__ == "__main__":
    assert list(DaskCluster(jobs=1).each(talk, [1])) == [1]
"""


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        (FAILING, r"ValueError: \x1b[31mred"),
        (DYING, r"\x1b[31mprinted"),
        pytest.param(ON_DASK, r"\x1b[31mprinted", marks=pytest.mark.skipif(os.name == "nt", reason="as Dask's tests")),
    ],
    ids=["here", "worker", "worker of Dask"],
)
def test_an_uncaught_exception_prints_no_orders(script, shown, tmp_path):
    path = tmp_path / "script.py"
    path.write_text(script, encoding="utf-8")
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run(
        [sys.executable, path], env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=240
    )
    assert shown in ended.stderr
    assert orders_in(ended.stderr) == set()


def test_colours_are_ours_alone():
    lines = rendered(lambda console: console.print("a\x1b]0;owned\x07b", style="bold"), 80, styled=True)
    assert lines == ["\x1b[1ma\\x1b]0;ownedb\x1b[0m"]  # rich drops the bell
