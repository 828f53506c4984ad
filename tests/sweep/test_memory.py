"""Running out of memory while reading a store gives a clear message and does not harm the store."""

from pathlib import Path

import pyarrow as pa
import pytest

from experiments.runs.executors import InProcess
from experiments.store.runs import parts
from experiments.store.runs import store as runs
from experiments.store.runs.store import RunStore
from experiments.studies import load_study
from experiments.sweep import export
from experiments.sweep.make import sweep
from tests.conftest import Dayroom
from tests.sweep.conftest import RUNS
from tests.sweep.test_run_store import parts_of, swept


@pytest.mark.parametrize("error", [pa.ArrowMemoryError, MemoryError])
def test_memory_that_runs_out_while_reading_takes_no_part_away(
    study: Path,
    dayroom: Dayroom,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: type[MemoryError],
) -> None:
    swept(study)
    store, before = study.parent / "store", parts_of(study)

    def out_of_memory(*_: object) -> None:
        raise error("malloc of size 64 failed")

    with monkeypatch.context() as crowded:
        crowded.setattr(parts, "decoded", out_of_memory)
        for words in (["export", study, "--csv", "--out", study.parent / "out"], ["sweep", study], ["status"]):
            assert dayroom(*words, "--store", store) == 2
            said = capsys.readouterr().err
            assert f"memory ran out while reading {store}" in said
            assert "Traceback" not in said
        monkeypatch.setattr(runs, "MOST_PARTS", 1)
        with RunStore(store) as source:  # putting parts together is left to later
            source.compact("runs")
    assert parts_of(study) == before
    assert not parts.set_aside(before[0].parent)
    assert swept(study).stored == RUNS


def test_memory_that_runs_out_while_a_plan_is_read_takes_none_away(
    study: Path, dayroom: Dayroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = study.parent / "store"
    sweep(load_study(study), store, InProcess())
    before, real = sorted(store.glob("*/plans/*.parquet")), parts.decoded

    def decoded(contents: bytes, *more: object) -> object:
        if contents == before[0].read_bytes():
            raise MemoryError
        return real(contents, *more)

    monkeypatch.setattr(parts, "decoded", decoded)
    assert dayroom("status", "--store", store) == 2
    assert f"memory ran out while reading {before[0]}" in capsys.readouterr().err
    assert before[0].exists()


def test_memory_that_runs_out_anywhere_in_an_export_is_told(
    study: Path, dayroom: Dayroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    swept(study)

    def out_of_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(export, "groups", out_of_memory)
    assert dayroom("export", study, "--store", study.parent / "store", "--csv", "--out", study.parent / "out") == 2
    assert "memory ran out while exporting small; the store is whole" in capsys.readouterr().err
