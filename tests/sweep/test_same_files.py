"""Runs use the files they were planned with, wherever that is; a file with other contents makes no run."""

import pickle
from pathlib import Path

import pytest

from experiments.runs.executors import InProcess
from experiments.runs.executors.pool import ProcessPool
from experiments.store.folder import ResultError
from experiments.store.named_files import OtherFileError, SameFiles, simulated
from experiments.store.runs.tables import Broken, Kept
from experiments.studies import load_study
from experiments.sweep.make import sweep
from experiments.sweep.results import results
from experiments.sweep.run_task import MakeRun
from sim import load_scenario
from tests.conftest import Dayroom
from tests.sweep.conftest import exported

BASE = """\
extends: baseline
days: 6
settling: 0
replace: [centres]
centres:
  east: {users: 14, users_file: roster.csv}
network: {kind: none}
"""
STUDY = """\
question: Are runs made from the files they were planned with?
base: base.yaml
design: replicates
replicates: 6
seed: 3
"""


@pytest.fixture
def roster() -> str:
    path = load_scenario("fourteen-participants").centres["park"].users_file
    assert path is not None
    return path.read_text(encoding="utf-8")


@pytest.fixture
def study(tmp_path: Path, roster: str) -> Path:
    """Write a study whose base names a roster; return its file."""
    for name, text in {"base.yaml": BASE, "small.yaml": STUDY, "roster.csv": roster}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "small.yaml"


def shorter(roster: str) -> str:
    return "\n".join(roster.splitlines()[:-1]) + "\n"


def items(study: Path) -> tuple[MakeRun, list[tuple[str, tuple[()], int, str]]]:
    loaded = load_study(study)
    [lever] = loaded.levers
    return MakeRun(loaded.trees()), [(lever, (), seed, "") for seed in range(4)]


def refused(results: list[object], path: Path) -> bool:
    return all(
        isinstance(one, Broken)
        and one.where == "worker"
        and str(path) in one.error
        and "this file differs" in one.error
        for one in results
    )


@pytest.mark.slow
@pytest.mark.parametrize("workers", [InProcess(), ProcessPool(1)], ids=["here", "process"])
def test_a_worker_whose_file_holds_something_else_makes_no_run(
    study: Path, roster: str, workers: InProcess | ProcessPool
) -> None:
    make, todo = items(study)
    assert all(isinstance(one, Kept) for one in workers.each(make, todo))
    path = study.parent / "roster.csv"
    path.write_text(shorter(roster), encoding="utf-8")
    assert refused(list(workers.each(make, todo)), path)
    path.write_text(roster, encoding="utf-8")
    assert all(isinstance(one, Kept) for one in workers.each(make, todo))


def test_a_worker_of_a_dask_cluster_makes_no_run_of_another_file_either(study: Path, roster: str) -> None:
    dask = pytest.importorskip("experiments.runs.executors.dask.cluster")
    make, todo = items(study)
    path = study.parent / "roster.csv"
    path.write_text(shorter(roster), encoding="utf-8")
    assert refused(list(dask.DaskCluster(jobs=1).each(make, todo)), path)


def test_a_file_that_changes_during_a_sweep_spoils_no_run_and_the_next_sweep_makes_what_is_missing(
    study: Path, roster: str, dayroom: Dayroom, tmp_path: Path
) -> None:
    sweep(load_study(study), tmp_path / "undisturbed", InProcess())
    wanted = exported(study, tmp_path / "undisturbed", tmp_path / "wanted")
    path = study.parent / "roster.csv"
    done = []

    def step(total: int, failed: bool) -> None:
        done.append(failed)
        if len(done) == 2:
            path.write_text(shorter(roster), encoding="utf-8")

    swept = sweep(load_study(study), tmp_path / "store", InProcess(), step=step)
    assert (swept.made, swept.failed) == (2, 4)
    assert done == [False] * 2 + [True] * 4
    path.write_text(roster, encoding="utf-8")
    again = sweep(load_study(study), tmp_path / "store", InProcess())
    assert (again.stored, again.made, again.failed) == (2, 4, 0)
    assert (results(load_study(study), tmp_path / "store")["status"] == "done").all()
    assert exported(study, tmp_path / "store", tmp_path / "out") == wanted


def test_a_file_that_changes_between_planning_and_making_is_noticed(
    study: Path, roster: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loaded = load_study(study)
    monkeypatch.setattr(
        "experiments.sweep.make.executors.warm_up", lambda: None
    )  # so that nothing else is between planning and making
    from experiments.sweep import make as sweeping

    plan = sweeping.planned(loaded, 6)
    (study.parent / "roster.csv").write_text(shorter(roster), encoding="utf-8")
    monkeypatch.setattr(sweeping, "planned", lambda study, replicates: plan)
    with pytest.raises(ResultError, match="names has changed since the sweep began"):
        sweep(loaded, tmp_path / "store", InProcess())
    assert results(loaded, tmp_path / "store")["status"].tolist() == ["missing"] * 6


def test_what_is_looked_at_once_is_looked_at_again_elsewhere(tmp_path: Path, study: Path, roster: str) -> None:
    files = SameFiles.of(load_scenario(study.parent / "base.yaml"))
    files.require()
    sent = pickle.loads(pickle.dumps(files))  # noqa: S301 - our own
    (study.parent / "roster.csv").write_text(shorter(roster), encoding="utf-8")
    for each in (files, sent):
        with pytest.raises(OtherFileError, match=r"roster\.csv: this file differs between the machine that planned"):
            each.require()
    (study.parent / "roster.csv").unlink()
    with pytest.raises(
        OtherFileError, match=r"roster\.csv: the machine that makes the run cannot read this file \(no such"
    ):
        sent.require()


def test_what_is_simulated_depends_on_the_contents_of_files_and_not_on_the_seed(study: Path, roster: str) -> None:
    base = load_scenario(study.parent / "base.yaml")
    before = simulated(base)
    assert simulated(base.with_changes(seed=5, replicates=9)) == before
    assert simulated(base.with_changes(days=7)) != before
    (study.parent / "roster.csv").write_text(shorter(roster), encoding="utf-8")
    assert simulated(base) != before
