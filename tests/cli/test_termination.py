"""SIGTERM and Ctrl-C end a command even if they come while C code runs, which drops exceptions."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import until

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX")

IN_CALLBACK = """\
import ctypes, os, signal, time
from experiments.cli import app

@ctypes.CFUNCTYPE(None)
def callback():
    os.kill(os.getpid(), signal.{name})
    for _ in range(100_000):
        pass

def busy(arguments):
    callback()
    print("the exception was dropped", flush=True)
    while True:
        time.sleep(0.01)

signal.signal(signal.SIGINT, signal.default_int_handler)
app._run = busy
app.main([])
"""


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGINT", -signal.SIGINT)])
def test_a_signal_in_a_callback_of_c_ends_the_command(name: str, status: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", IN_CALLBACK.format(name=name)], capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.stdout == "the exception was dropped\n"
    assert ended.returncode == status
    assert "Exception ignored" not in ended.stderr


def test_other_ignored_exceptions_are_reported_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments.cli.termination import terminable

    reported = []
    monkeypatch.setattr(sys, "unraisablehook", reported.append)
    handler = signal.getsignal(signal.SIGTERM)
    problem = type("Problem", (), {"exc_value": ValueError("no ink")})()
    with terminable():
        sys.unraisablehook(problem)
    signal.signal(signal.SIGTERM, handler)
    assert reported == [problem]


@pytest.mark.long
def test_a_signal_during_a_cold_compile_ends_the_command(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    words = [sys.executable, "-m", "dayroom", "run", "baseline", "--days", "2", "--replicates", "1", "--jobs", "1"]
    with subprocess.Popen(
        [*words, "--out", str(tmp_path / "r")],
        env={**os.environ, "DAYROOM_CACHE": str(cache)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until(lambda: process.poll() is not None or any(path.is_file() for path in cache.rglob("*.nbi")))
        process.terminate()
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 143, said
    assert "Exception ignored" not in said
