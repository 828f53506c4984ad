"""Executors: the same results in the same order on each, and no process left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from multiprocessing import active_children
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from experiments.runs import LostWorkerError, executors
from experiments.runs.executors import Automatic, InProcess
from experiments.runs.executors import pool as pool_module
from experiments.runs.executors.pool import ProcessPool
from tests.processes import until

mark = "set on import"


def square(number: int) -> int:
    return number * number


def fails_on_5(number: int) -> int:
    if number == 5:
        raise ValueError("it was five")
    return number


def dies_on_5(number: int) -> int:
    if number == 5:
        os._exit(9)
    return number


def dies_once(note: Path, number: int) -> int:
    """Die at the number 2, the first time."""
    if number == 2 and not note.exists():
        note.touch()
        os._exit(9)
    return number


def slow_at_first(number: int) -> int:
    time.sleep(0.3 if number == 0 else 0.0)
    return number


def large(number: int) -> bytes:
    return bytes(20_000_000)


def process_id(number: int) -> int:
    return os.getpid()


def seen_mark(number: int) -> str:
    return mark


def interrupted(number: int) -> int:
    os.kill(os.getpid(), signal.SIGINT)
    return number


def slow(number: int) -> int:
    time.sleep(0.02)
    return os.getpid()


ALL = [InProcess(), Automatic(), ProcessPool(1), ProcessPool(2), ProcessPool(3)]


@pytest.mark.parametrize("executor", ALL, ids=repr)
def test_results_come_in_order_whoever_makes_them(executor: executors.Executor) -> None:
    assert list(executor.each(square, range(50))) == [number * number for number in range(50)]


@pytest.mark.parametrize("executor", ALL, ids=repr)
def test_nothing_to_do_gives_nothing(executor: executors.Executor) -> None:
    assert list(executor.each(square, [])) == []


def test_a_slow_first_task_does_not_change_the_order() -> None:
    assert list(ProcessPool(2).each(slow_at_first, range(60))) == list(range(60))


def test_several_workers_work_and_are_gone_afterwards() -> None:
    pool = set(ProcessPool(2).each(slow, range(40)))
    assert len(pool) == 2
    assert os.getpid() not in pool
    assert not active_children()


def test_workers_are_spawned_not_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "mark", "set in the parent")
    assert list(ProcessPool(1).each(seen_mark, [0])) == ["set on import"]


@pytest.mark.parametrize("executor", [InProcess(), ProcessPool(2)], ids=repr)
def test_an_error_nobody_expected_reaches_the_caller(executor: executors.Executor) -> None:
    with pytest.raises(ValueError, match="it was five"):
        list(executor.each(fails_on_5, range(20)))
    assert not active_children()


@pytest.mark.parametrize("number", [20, 200])
def test_only_what_a_dead_worker_owed_is_lost(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    results = list(ProcessPool(2).each(dies_on_5, range(number)))
    assert capsys.readouterr().err.count("a worker process died") == 1
    assert isinstance(results.pop(5), LostWorkerError)
    assert results == [one for one in range(number) if one != 5]
    assert not active_children()


@pytest.mark.parametrize("number", [3, 200])
def test_what_one_dead_worker_had_is_done_again(number: int, tmp_path: Path) -> None:
    task = partial(dies_once, tmp_path / "died")
    assert list(ProcessPool(2, report=lambda _: None).each(task, range(number))) == list(range(number))
    assert (tmp_path / "died").exists()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nobody can stop a process there")
def test_a_worker_that_somebody_stopped_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "ENOUGH", 0.2)
    results = ProcessPool(1).each(process_id, range(20))
    os.kill(next(results), signal.SIGSTOP)
    results.close()
    assert not active_children()


def test_a_script_that_workers_cannot_import_is_told_so_soon(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from experiments.runs.executors.pool import ProcessPool\nprint(*ProcessPool(2).each(abs, range(9)))\n"
    )
    checkout = str(Path(executors.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": checkout},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert 'needs the line if __name__ == "__main__"' in done.stderr.splitlines()[-1]
    assert 3 <= done.stderr.count("An attempt has been made to start a new process") <= 4, "one may be on its way"


def test_a_search_does_not_go_on_without_a_lost_run() -> None:
    results = executors.none_lost([1, LostWorkerError("its process died twice"), 3])
    assert next(results) == 1
    with pytest.raises(LostWorkerError, match=r"a search stops where a run is lost, .* \(its process died twice\)"):
        next(results)


def test_workers_can_be_ended_in_the_middle_of_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "ENOUGH", 60.0)
    results = ProcessPool(2).each(large, range(20))
    next(results)
    begun = time.monotonic()
    results.close()
    assert not active_children()
    assert time.monotonic() - begun < 60  # nobody was waited for in vain


@pytest.mark.skipif(os.name == "nt", reason="os.kill ends a process there")
def test_workers_leave_interrupts_to_the_parent() -> None:
    assert list(ProcessPool(1).each(interrupted, [0, 1])) == [0, 1]


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is of POSIX")
def test_workers_do_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, time\n"
        "from experiments.runs.executors.pool import ProcessPool\n"
        "def task(n):\n"
        "    open(f'worker-{n}', 'w').write(str(os.getpid()))\n"
        "    os.rename(f'worker-{n}', f'pid-{n}')\n"
        "    time.sleep(600)\n"
        "if __name__ == '__main__':\n"
        "    list(ProcessPool(1).each(task, [0]))\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, script], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(root)}
    ) as parent:
        until(lambda: (tmp_path / "pid-0").exists())
        worker = psutil.Process(int((tmp_path / "pid-0").read_text()))
        parent.kill()
    assert not psutil.wait_procs([worker], timeout=60)[1]


def test_little_work_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uses an even clock: on a real one, a task takes long while others have the processor."""
    clock = count(0.0, 0.01)
    monkeypatch.setattr(executors, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    executor = Automatic()
    assert set(executor.each(process_id, range(100))) == {os.getpid()}
    assert executor.jobs == 1


def test_much_work_goes_to_workers_after_the_second_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "WORTH_WORKERS", 0.1)
    monkeypatch.setattr(executors, "processors", lambda: 2)
    executor = Automatic()
    found = list(executor.each(slow, range(30)))
    assert found[:2] == [os.getpid()] * 2
    assert os.getpid() not in found[2:]
    assert executor.jobs == 2


@pytest.mark.parametrize(("jobs", "kind"), [(1, InProcess), (2, ProcessPool)])
def test_a_number_of_processes_is_heeded(jobs: int, kind: type) -> None:
    made = executors.executor(jobs)
    assert isinstance(made, kind)
    assert made.jobs == jobs


@pytest.mark.parametrize(("processors", "kind"), [(1, InProcess), (8, Automatic)])
def test_without_a_number_the_processors_decide(monkeypatch: pytest.MonkeyPatch, processors: int, kind: type) -> None:
    monkeypatch.setattr(executors, "processors", lambda: processors)
    assert isinstance(executors.executor(), kind)


def test_warming_up_leaves_nothing_to_compile() -> None:
    from sim.kernel import is_warm

    executors.warm_up()
    assert is_warm()


def test_warming_up_leaves_errors_to_the_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        tried.append(1)
        raise RuntimeError("the model is broken")

    tried: list[int] = []
    monkeypatch.setattr("sim.run.run", broken)
    executors.warm_up()
    assert tried


@pytest.fixture
def hears_interrupts() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_interrupts")
def test_an_interrupt_that_is_lost_in_somebody_elses_code_still_stops_the_work() -> None:
    results = ProcessPool(1).each(slow, range(100_000))
    next(results)
    with suppress(KeyboardInterrupt):  # as a destructor does, of which Python drops the exceptions
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)
    with pytest.raises(KeyboardInterrupt):
        for _ in results:
            pass
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
