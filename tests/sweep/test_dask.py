"""Sweeps on Dask clusters: the same tables to the last byte, whatever dies; clear messages for unusable clusters."""

import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed import LocalCluster
from distributed.utils import json_load_robust

from experiments.runs import LostWorkerError
from experiments.runs.executors.dask import cluster as dask
from experiments.runs.executors.dask import dispatch, on_worker
from experiments.runs.executors.dask.cluster import ClusterError, DaskCluster
from experiments.studies import load_study
from experiments.sweep.make import sweep
from experiments.sweep.results import results
from tests.conftest import Dayroom
from tests.processes import until, workers_of
from tests.sweep.conftest import CHECKOUT, COMMAND, ENVIRONMENT, RUNS, STUDY, exported, write_study

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX")

DASK = [sys.executable, "-m", "dask"]


def square(number: int) -> int:
    return number * number


def slow_square(number: int) -> int:
    time.sleep(0.05)
    return number * number


DEADLY = (7, 8, 29)


def deadly(number: int) -> int:
    if number in DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def deadly_once(note: Path, number: int) -> int:
    """Kill the process at the number 2, the first time."""
    if number == 2 and not note.exists():
        note.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def wrong(number: int) -> int:
    raise ZeroDivisionError(f"of {number}")


@dataclass
class Keeping:
    """A task that keeps something between calls, as the task of a sweep keeps a scenario."""

    kept: int = -1

    def __call__(self, number: int) -> int:
        """Return the number, slowly."""
        self.kept = number
        time.sleep(0.001)
        return self.kept


@pytest.fixture(scope="module")
def running() -> Iterator[LocalCluster]:
    """Return a cluster that somebody else started: one process of four threads."""
    options: dict[str, Any] = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=1, threads_per_worker=4, scheduler_kwargs=options, memory_limit=0) as cluster:
        yield cluster


def test_a_cluster_of_our_own_gives_the_same_tables(study: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    swept = sweep(load_study(study), tmp_path / "store", DaskCluster(jobs=2))
    assert (swept.made, swept.failed, swept.jobs) == (RUNS, 0, 2)
    assert exported(study, tmp_path / "store", tmp_path / "out") == undisturbed


@pytest.mark.slow
def test_a_running_cluster_gives_the_same_tables(
    study: Path, undisturbed: dict[str, bytes], running: LocalCluster, dayroom: Dayroom, tmp_path: Path
) -> None:
    words = ("--executor", "dask", "--scheduler", running.scheduler_address, "--store", tmp_path / "store")
    assert dayroom("sweep", study, *words, "--quiet") == 0
    assert exported(study, tmp_path / "store", tmp_path / "out") == undisturbed
    until(lambda: not running.scheduler.tasks and running.scheduler.clients.keys() <= {"fire-and-forget"})


@pytest.mark.slow
def test_a_scheduler_is_never_given_all_of_many_tasks(running: LocalCluster) -> None:
    most = 0
    executor = DaskCluster(running.scheduler_address)
    for number, result in enumerate(executor.each(square, range(100_000))):
        assert result == number * number
        if number % 100 == 0:
            most = max(most, len(running.scheduler.tasks))
    assert 0 < most < 2 * dispatch.FEWEST_IN_FLIGHT  # some that are done are still on their way out


def test_threads_of_a_worker_do_not_take_what_is_each_others(running: LocalCluster) -> None:
    assert list(DaskCluster(running.scheduler_address).each(Keeping(), range(300))) == list(range(300))


@pytest.mark.slow
@pytest.mark.parametrize(("retries", "died"), [(0, "1 worker died"), (1, "2 workers died")])
def test_what_kills_every_worker_is_given_up_and_the_rest_is_done(retries: int, died: str) -> None:
    """Tasks on the same worker count too: without retries, the first death blames them all."""
    got = dict(enumerate(DaskCluster(jobs=2, retries=retries).each(deadly, range(30))))
    lost = [got.pop(number) for number in DEADLY]
    assert all(isinstance(result, LostWorkerError) for result in lost)
    assert all(str(result).startswith(f"{died} of it while nothing else was there") for result in lost)
    assert got == {number: square(number) for number in range(30) if number not in DEADLY}


@pytest.mark.slow
def test_a_worker_that_is_slow_to_come_back_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask gives up on a worker away for longer than a limit; here the limit is shorter than any start."""
    monkeypatch.setitem(dask.dask.config.config["distributed"]["deploy"], "lost-worker-timeout", "1ms")
    squares = DaskCluster(jobs=1).each(partial(deadly_once, tmp_path / "died"), range(5))
    assert list(squares) == [0, 1, 4, 9, 16]
    assert (tmp_path / "died").exists()


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_sweep_is_survived(
    study: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    before = set(workers_of(os.getpid()))
    killed: list[psutil.Process] = []

    def step(total: int, failed: bool) -> None:
        if not killed:
            killed.extend(set(workers_of(os.getpid())) - before)
            killed[0].kill()

    swept = sweep(load_study(study), tmp_path / "store", DaskCluster(jobs=2), step=step)
    assert (swept.made, swept.failed) == (RUNS, 0)
    assert len(killed) == 2
    assert exported(study, tmp_path / "store", tmp_path / "out") == undisturbed


@pytest.mark.slow
def test_several_machines_of_which_one_dies(
    study: Path, undisturbed: dict[str, bytes], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    meeting = tmp_path / "scheduler.json"  # says which port it found free
    paths = os.pathsep.join([str(CHECKOUT), str(Path(__file__).parent)])  # of this file, which the second half sends
    environment = ENVIRONMENT | {"PYTHONWARNINGS": "default", "PYTHONPATH": paths}
    of_scheduler = [*DASK, "scheduler", "--host", "tcp://127.0.0.1:0", "--scheduler-file", meeting, "--no-dashboard"]
    of_worker = [*DASK, "worker", "--scheduler-file", meeting, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.extend(
            subprocess.Popen(words, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
            for words in (of_scheduler, of_worker, of_worker)
        )
        until(meeting.is_file)
        address = json_load_robust(meeting)["address"]
        until(lambda: DaskCluster(address, patience=60).jobs == 2)
        cluster = DaskCluster(address, patience=60)

        def step(total: int, failed: bool) -> None:
            started[2].kill()

        swept = sweep(load_study(study), tmp_path / "store", cluster, step=step)
        assert (swept.made, swept.failed) == (RUNS, 0)
        assert exported(study, tmp_path / "store", tmp_path / "out") == undisturbed

        squares = DaskCluster(address).each(slow_square, range(100))
        assert next(squares) == 0
        started[0].kill()
        with pytest.raises(ClusterError, match=r"lost the Dask scheduler tcp://.*what is finished is kept"):
            list(squares)
        assert not [one for one in caplog.records if one.name.partition(".")[0] in ("distributed", "tornado")]
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.parametrize("times", [1, 2])
def test_a_cluster_whose_workers_die_at_the_start_is_started_once_more(
    times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = []

    def started(**named: Any) -> LocalCluster:
        starts.append(named)
        if len(starts) <= times:
            raise RuntimeError("Nanny failed to start.")
        return LocalCluster(**named)

    monkeypatch.setattr(dask, "LocalCluster", started)
    squares = DaskCluster(jobs=1).each(square, range(5))
    if times == 1:
        assert list(squares) == [0, 1, 4, 9, 16]
    else:
        with pytest.raises(ClusterError, match=r"could not be started \(Nanny failed to start.\).*fewer --jobs"):
            list(squares)
    assert len(starts) == 2


@pytest.mark.slow
def test_an_interrupt_ends_the_cluster_and_keeps_what_is_finished(tmp_path: Path) -> None:
    text = STUDY.replace("replicates: 5", "replicates: 5000").replace("storage: daily", "storage: ends")
    study = write_study(tmp_path, text)
    words = [*COMMAND, "sweep", str(study), "--store", "store", "--executor", "dask"]
    pipes: dict[str, Any] = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(words, cwd=tmp_path, env=ENVIRONMENT, start_new_session=True, **pipes) as process:
        until(lambda: process.poll() is not None or list((tmp_path / "store").glob("*/runs/part-*")))
        workers = workers_of(process.pid)
        assert workers
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everybody gets it
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == ""
    assert "Traceback" not in err
    assert "finished runs are in store. To go on: dayroom sweep" in err
    assert not psutil.wait_procs(workers, timeout=30)[1]
    assert 0 < (results(load_study(study), tmp_path / "store")["status"] == "done").sum() < 60_000


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("tcp://127.0.0.1:1", "TimeoutError"),
        ("http://127.0.0.1:8786", "unknown address scheme 'http'"),
        ("somewhere", "missing port number"),
    ],
)
def test_a_scheduler_that_is_not_there_is_told_in_time(address: str, reason: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ClusterError, match=re.escape(address)) as told:
        DaskCluster(address, patience=0.5)
    assert time.monotonic() - begun < dask.PATIENCE  # by far, were the machine not busy
    assert "no Dask scheduler answered within 0.5 seconds" in str(told.value)
    assert reason in str(told.value)


def test_something_else_at_the_address_is_told(running: LocalCluster) -> None:
    [worker] = running.scheduler.workers
    with pytest.raises(ClusterError, match="what answers there is a Dask worker"):
        DaskCluster(worker)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ClusterError, match="no Dask scheduler answered within"):
            DaskCluster(address, patience=0.5)


def test_the_command_tells_it_without_a_traceback(
    study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dask.DaskCluster.__init__, "__kwdefaults__", {**_defaults(), "patience": 0.5})
    words = ("--store", tmp_path / "store", "--executor", "dask", "--scheduler", "tcp://127.0.0.1:1")
    assert dayroom("sweep", study, *words) == 2
    assert capsys.readouterr().err.startswith(
        "--scheduler: found 'tcp://127.0.0.1:1', where no Dask scheduler answered"
    )
    assert not (tmp_path / "store").exists()


def _defaults() -> dict[str, Any]:
    return dict(dask.DaskCluster.__init__.__kwdefaults__ or {})


def test_without_dask_the_command_says_how_to_install_it(
    study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)  # as Python marks what cannot be imported
    monkeypatch.delitem(sys.modules, "experiments.runs.executors.dask.cluster")
    assert dayroom("sweep", study, "--executor", "dask") == 2
    err = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert "Dask is not installed" in err
    assert "pip install 'dayroom[dask]'" in err


def test_workers_with_another_version_of_the_model_are_refused(
    running: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = on_worker.sources_digest()
    monkeypatch.setattr(on_worker, "sources_digest", lambda: "0123abc")
    executor = DaskCluster(running.scheduler_address)
    with pytest.raises(ClusterError, match="1 of 1 workers") as told:
        list(executor.each(square, range(3)))
    assert re.search(f"found model {here}, numpy .*, allowed is model 0123abc, numpy", str(told.value))
    assert "start the workers again" in str(told.value)
    monkeypatch.setattr(dask, "_check_versions", lambda connection: None)  # as if they had come later
    with pytest.raises(ClusterError, match=f"a worker that came later would make other runs: found model {here}"):
        list(executor.each(square, range(3)))
    until(lambda: not running.scheduler.tasks)  # it hears of it a moment after we have left


def test_a_mistake_in_a_task_is_raised_here(running: LocalCluster) -> None:
    with pytest.raises(ZeroDivisionError, match="of 0"):
        list(DaskCluster(running.scheduler_address).each(wrong, [0]))


def test_an_error_that_cannot_be_sent_is_told_in_words() -> None:
    done = on_worker.work(on_worker.packed(unsendable), pickle.dumps([1]), on_worker.version_here())
    answer = pickle.loads(done)  # noqa: S301
    assert str(answer.error) == "Unsendable: 1 and 2"


class Unsendable(Exception):  # noqa: N818 - never raised in earnest
    """An error that pickle cannot restore."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} and {other}")


def unsendable(number: int) -> None:
    raise Unsendable(number, 2)


def test_a_cluster_without_workers_is_told_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "WATCH_SECONDS", 0.05)
    monkeypatch.setattr(dispatch, "REPORT_AFTER", 0.2)
    options: dict[str, Any] = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=0, threads_per_worker=1, scheduler_kwargs=options, memory_limit=0) as cluster:
        said: list[str] = []

        def report(text: str) -> None:
            said.append(text)
            cluster.scale(1)

        assert list(DaskCluster(cluster.scheduler_address, report=report).each(square, range(3))) == [0, 1, 4]
    assert said == [f"no worker is at {cluster.scheduler_address}; waiting for one (Ctrl-C stops)"]


def test_jobs_are_for_a_cluster_of_our_own() -> None:
    with pytest.raises(ClusterError, match="--jobs: found 3 beside --scheduler"):
        DaskCluster("tcp://127.0.0.1:1", jobs=3)
