"""After any kill at any time, a second call makes the missing runs, and the tables are the same to the last byte."""

import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from experiments.runs.executors import InProcess
from experiments.studies import load_study
from experiments.sweep.make import sweep
from experiments.sweep.results import results
from tests.processes import until, workers_of
from tests.sweep.conftest import BASE, COMMAND, DISTURBED, ENVIRONMENT, RUNS, STUDY, exported, write_study

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX")


def disturbed(study: Path, at: int, *more: str) -> subprocess.CompletedProcess[str]:
    words = [*DISTURBED, str(at), "sweep", str(study), "--executor", "inline", *more]
    return subprocess.run(words, cwd=study.parent, env=ENVIRONMENT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_parent_killed_at_any_touch_of_the_disk_loses_nothing(study: Path, undisturbed: dict[str, bytes]) -> None:
    store = study.parent / "results" / "store"
    whole = disturbed(study, 0, "--store", "elsewhere")
    assert whole.returncode == 0, whole.stderr
    touches = int(re.findall(r"touches: (\d+)", whole.stdout)[0])
    assert touches > 100
    chance = random.Random(20240201)  # noqa: S311 - not a secret
    done = 0
    for _ in range(5):
        killed = disturbed(study, chance.randint(1, touches // 3), "--resume")
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert "Traceback" not in killed.stderr
        before, done = done, (results(load_study(study), store)["status"] == "done").sum()
        assert done >= before
    assert 0 < done <= RUNS
    last = disturbed(study, 0, "--resume")
    assert last.returncode == 0, last.stderr
    assert f"{RUNS} of {RUNS} runs are in" in last.stdout
    assert exported(study, store, study.parent / "out") == undisturbed
    assert not list(store.rglob("*.unfinished"))
    assert not list((store / "claims").iterdir())


@pytest.mark.slow
def test_parent_and_workers_killed_at_any_moment_lose_nothing(tmp_path: Path) -> None:
    base = BASE.replace("days: 6", "days: 400")
    study = write_study(tmp_path, STUDY.replace("storage: daily", "storage: ends"), base)
    sweep(load_study(study), tmp_path / "undisturbed", InProcess())
    wanted = exported(study, tmp_path / "undisturbed", tmp_path / "wanted")
    words = [*COMMAND, "sweep", str(study), "--store", "store", "--executor", "processes", "--jobs", "2", "--resume"]
    chance = random.Random(20240202)  # noqa: S311 - not a secret
    killed = 0
    for attempt in range(4):
        with subprocess.Popen(words, cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) as process:
            until(lambda process=process: process.poll() is not None or workers_of(process.pid))
            end = time.monotonic() + (chance.uniform(1, 4) if attempt < 3 else 300)
            while process.poll() is None and time.monotonic() < end:
                time.sleep(chance.uniform(0.05, 0.4))
                workers = [one for one in workers_of(process.pid) if attempt < 3]
                for worker in workers[:1]:
                    worker.kill()
                    killed += 1
            if process.poll() is None:
                process.kill()
            said = process.communicate()[1]
        assert "Traceback" not in said
    assert killed
    assert process.returncode == 0, said
    assert exported(study, tmp_path / "store", tmp_path / "out") == wanted


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_is_finished_and_says_how_to_go_on(tmp_path: Path, sent: signal.Signals) -> None:
    text = STUDY.replace("replicates: 5", "replicates: 5000").replace("storage: daily", "storage: ends")
    study = write_study(tmp_path, text)
    with subprocess.Popen(
        [*COMMAND, "sweep", str(study), "--store", "store", "--jobs", "2"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        until(lambda: process.poll() is not None or list((tmp_path / "store").glob("*/runs/part-*")))
        workers = workers_of(process.pid)
        process.send_signal(sent)
        out, err = process.communicate(timeout=60)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[sent], err
    assert out == ""
    assert "Traceback" not in err
    assert "finished runs are in store. To go on: dayroom sweep" in err
    assert "--jobs 2 --resume" in err
    assert not psutil.wait_procs(workers, timeout=30)[1]
    done = (results(load_study(study), tmp_path / "store")["status"] == "done").sum()
    assert 0 < done < 60_000
    assert not list((tmp_path / "store" / "claims").iterdir())
