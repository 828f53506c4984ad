"""The store of runs notices damage, has no half-written data that looks whole, is shared, and separates versions."""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from experiments.runs.executors import InProcess
from experiments.runs.executors.pool import ProcessPool
from experiments.store.runs import claims, parts
from experiments.store.runs import store as runs
from experiments.store.runs import versions as runs_versions
from experiments.store.runs.store import RunStore
from experiments.studies import load_study
from experiments.sweep import batch_writer
from experiments.sweep.make import sweep
from experiments.sweep.results import results
from tests.conftest import Dayroom
from tests.sweep.conftest import COMMAND, ENVIRONMENT, RUNS, STUDY, exported


def swept(study: Path, **options: object):
    return sweep(load_study(study), study.parent / "store", InProcess(), **options)


def parts_of(study: Path, table: str = "runs") -> list[Path]:
    return sorted((study.parent / "store").glob(f"*/{table}/part-*.parquet"))


@pytest.mark.slow
@pytest.mark.parametrize("table", ["runs", "daily"])
@pytest.mark.parametrize("damage", ["a flipped bit", "the end cut off", "nothing left"])
def test_a_damaged_part_is_set_aside_and_its_runs_made_again(
    study: Path, undisturbed: dict[str, bytes], table: str, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_writer, "MOST_ROWS", 20)
    swept(study)
    part = parts_of(study, table)[1]
    contents = bytearray(part.read_bytes())
    if damage == "a flipped bit":
        contents[len(contents) // 2] ^= 4
    elif damage == "the end cut off":
        del contents[-100:]
    else:
        contents.clear()
    part.write_bytes(contents)
    told: list[str] = []
    again = swept(study, report=told.append)
    assert (again.stored, again.made) == (40, 20)
    assert any(f"{part}: the part is damaged; set aside" in line for line in told)
    assert part.with_name(part.name + ".damaged").exists()
    assert exported(study, study.parent / "store", study.parent / "out") == undisturbed


def test_a_part_that_is_no_parquet_is_told_and_left_as_it_was_written(study: Path) -> None:
    swept(study)
    folder = parts_of(study)[0].parent
    odd = parts.write_file(folder / f"part-{parts.digest(b'hello')}.parquet", b"hello", "test")
    told: list[str] = []
    assert swept(study, report=told.append).stored == RUNS
    assert any(f"{odd}: the part is as it was written, but holds no table of runs" in line for line in told)
    assert odd.exists()
    assert not parts.set_aside(folder)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted where Linux lists them")
def test_parts_are_read_by_no_thread_that_could_outlive_the_program(study: Path) -> None:
    """A library's thread that releases our bytes while Python ends aborts the whole program."""
    swept(study)
    store = study.parent / "store"
    text = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from experiments.store.runs.store import TABLES, RunStore\n"
        "from experiments.store.runs.plans import read_plan\n"
        "store = RunStore(Path(sys.argv[1]))\n"
        "before = len(os.listdir('/proc/self/task'))\n"
        "rows = sum(len(store.read(name)) for name in TABLES) + len(read_plan(store, 'small', print))\n"
        "print(rows, len(os.listdir('/proc/self/task')) - before)\n"
    )
    words = [sys.executable, "-c", text, str(store)]
    said = subprocess.run(words, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout
    rows, threads = map(int, said.split())
    assert rows > 2 * RUNS
    assert threads == 0


def test_results_say_what_damage_took(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    swept(study)
    for part in parts_of(study):
        part.write_bytes(b"")
    frame = results(load_study(study), study.parent / "store")
    assert (frame["status"] == "missing").all()
    assert frame["loneliness_ucla20"].isna().all()
    assert "the part is damaged" in capsys.readouterr().err


def test_parts_are_put_together_and_nothing_changes(
    study: Path, undisturbed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_writer, "MOST_ROWS", 2)
    monkeypatch.setattr(runs, "MOST_PARTS", 6)
    swept(study)
    assert len(parts_of(study)) < 6
    assert exported(study, study.parent / "store", study.parent / "out") == undisturbed


@pytest.mark.slow
def test_one_worker_or_several_give_the_same_bytes(study: Path, undisturbed: dict[str, bytes]) -> None:
    sweep(load_study(study), study.parent / "store", ProcessPool(3))
    assert exported(study, study.parent / "store", study.parent / "out") == undisturbed


@pytest.mark.slow
def test_two_sweeps_share_one_store(study: Path, undisturbed: dict[str, bytes]) -> None:
    """Both make runs at once; a run that both made is stored once."""
    words = [*COMMAND, "sweep", str(study), "--store", "store", "--executor", "inline"]
    both = [
        subprocess.Popen(words, cwd=study.parent, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for one in both:
        said = one.communicate(timeout=120)[1]
        assert one.returncode == 0, said
        assert "Traceback" not in said
    assert exported(study, study.parent / "store", study.parent / "out") == undisturbed


@pytest.mark.slow
def test_readers_see_whole_tables_while_parts_are_put_together(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_writer, "MOST_ROWS", 1)
    monkeypatch.setattr(runs, "MOST_PARTS", 3)
    loaded, seen, stop = load_study(study), [], threading.Event()
    RunStore(study.parent / "store").folder.mkdir()

    def look() -> None:
        while not stop.is_set():
            seen.append(len(RunStore(study.parent / "store").addresses("runs")))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        sweep(loaded, study.parent / "store", InProcess())
    finally:
        stop.set()
        reader.join()
    assert seen == sorted(seen)
    assert len(RunStore(study.parent / "store").addresses("runs")) == RUNS


def test_the_same_question_twice_makes_nothing_twice(study: Path) -> None:
    assert swept(study).made == RUNS
    again = swept(study)
    assert (again.stored, again.made) == (RUNS, 0)


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        ("[0.4, 0.5, 0.6]", "[0.4, 0.45, 0.5, 0.6]", 20),
        ("replicates: 5", "replicates: 7", 24),
        ("  pairs:\n    policies:", "  other:\n    policies: {o: {policy: outreach}}\n  pairs:\n    policies:", 30),
        ("storage: daily", "storage: daily\noutcomes: [loneliness_ucla20, burden]", 0),
        ("storage: daily", "storage: daily\noutcomes: [loneliness_ucla20, mood]", RUNS),
        ("storage: daily", "storage: ends\noutcomes: [mood]", 0),
        ("seed: 3", "seed: 4", RUNS),
        ("title: A small plane", "title: Another name changes no run", 0),
        ("base: base.yaml", "base: base.yaml\ndays: 7", RUNS),
    ],
)
def test_a_changed_study_runs_only_what_is_missing(study: Path, before: str, after: str, more: int) -> None:
    swept(study)
    assert before in STUDY
    study.write_text(STUDY.replace(before, after), encoding="utf-8")
    again = swept(study)
    assert again.made == more
    assert again.planned == again.stored + again.made
    assert (results(load_study(study), study.parent / "store")["status"] == "done").all()


def fail(monkeypatch: pytest.MonkeyPatch, error: Exception, at: tuple[int, ...] = (4, 5)) -> None:
    from experiments.runs.starts import Starts

    real, calls = Starts.run, iter(range(10_000))

    def sometimes(*arguments: object, **options: object):
        if next(calls) in at:
            raise error
        return real(*arguments, **options)

    monkeypatch.setattr(Starts, "run", sometimes)


def test_a_failed_run_is_a_row_and_the_command_beside_it_repeats_it(
    study: Path, dayroom: Dayroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shlex

    import pandas as pd

    monkeypatch.chdir(study.parent)
    with monkeypatch.context() as broken:
        fail(broken, RuntimeError("a wheel came off"))
        assert dayroom("sweep", "small.yaml", "--executor", "inline", "--store", "store") == 0
    said = capsys.readouterr()
    assert "2 of 60 runs failed:\n  running: RuntimeError: a wheel came off (2 times)\n" in said.err
    assert "58 of 60 runs are in store" in said.out
    assert dayroom("export", "small.yaml", "--store", "store", "--csv", "--netcdf", "--out", "out") == 0
    assert "2 runs are failed or missing" in capsys.readouterr().err
    frame = pd.read_csv("out/runs.csv")
    failed = frame[frame["status"] == "failed"]
    assert failed["replicate"].tolist() == [4, 0]
    assert failed["loneliness_ucla20"].isna().all()
    assert frame["loneliness_ucla20"].notna().sum() == 58
    listed = pd.read_csv("out/failures.csv")
    assert listed["where"].tolist() == ["running", "running"]
    assert listed["seed"].tolist() == failed["seed"].tolist()
    assert listed["error"].str.contains("a wheel came off").all()
    assert "a wheel came off" in listed["trace"][0]
    assert len(pd.read_csv("out/daily.csv")) == 58 * 6
    days = netcdf("out/small.nc")
    assert int(days["end"].isnull().all("outcome").sum()) == 2
    assert int(days["daily"].isnull().all(("outcome", "day")).sum()) == 2
    assert dayroom("sweep", "small.yaml", "--store", "store") == 0
    assert "2 had failed before and were not repeated" in capsys.readouterr().out
    assert "--store" not in listed["again"][0]  # the file is the same wherever the store is
    assert dayroom(*shlex.split(listed["again"][0])[1:], "--store", "store") == 0
    assert "loneliness_ucla20" in capsys.readouterr().out
    assert dayroom("sweep", "small.yaml", "--store", "store", "--retry-failed") == 0
    assert "1 made now" in capsys.readouterr().out
    assert (results(load_study("small.yaml"), "store")["status"] == "done").all()


def test_exports_are_the_same_bytes_wherever_the_store_is_and_however_it_is_named(
    study: Path, dayroom: Dayroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study.parent)
    with monkeypatch.context() as broken:
        fail(broken, RuntimeError("a wheel came off"))
        assert swept(study).failed == 2
    shutil.copytree("store", "elsewhere/moved")
    written = []
    for number, store in enumerate(["store", study.parent / "store", "./elsewhere/moved"]):
        out = Path(f"out{number}")
        assert dayroom("export", "small.yaml", "--store", store, "--csv", "--parquet", "--out", out) == 0
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert len(written[0]["failures.csv"].splitlines()) > 2
    assert written[0] == written[1] == written[2]


def test_an_export_from_a_store_that_is_not_there_is_refused(
    study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    store, out = study.parent / "stoer", study.parent / "out"
    assert dayroom("export", study, "--store", store, "--csv", "--out", out) == 2
    assert f"{store}: there is no store" in capsys.readouterr().err
    assert not out.exists()


def netcdf(path: str):
    import xarray

    with xarray.open_dataset(path) as found:
        return found.load()


@pytest.mark.parametrize(
    ("stage", "where"), [("run", "running"), ("kept", "measuring"), ("runs_table", "writing"), ("build", "building")]
)
def test_a_failure_says_where_on_its_way_it_happened(
    study: Path, monkeypatch: pytest.MonkeyPatch, stage: str, where: str
) -> None:
    from experiments.runs.starts import Starts
    from experiments.studies.study import Tree
    from experiments.sweep import run_task

    def broken(*_: object):
        raise ValueError("out of order")

    place = {"run": (Starts, "run"), "kept": (run_task, "kept"), "runs_table": (batch_writer, "runs_table")}
    monkeypatch.setattr(*place.get(stage, (Tree, "built")), broken)
    found = swept(study)
    assert (found.made - found.failed if where == "writing" else found.made) == 0
    assert found.failed == RUNS
    assert [(one.broken.where, one.number) for one in found.examples] == [(where, RUNS)]
    frame = results(load_study(study), study.parent / "store")
    assert (frame["status"] == "failed").all()


def test_a_point_whose_values_do_not_go_together_fails_and_the_others_are_made(study: Path) -> None:
    text = STUDY.replace(
        "  rules.encounters.chaxugeju: {from: 0.3, to: 0.7}", "  users.disclosure_threshold.sd: {values: [0.2, 0.489]}"
    )
    study.write_text(text.replace("[0.4, 0.5, 0.6]", "[0.3, 0.5]"), encoding="utf-8")
    found = swept(study)
    assert (found.made, found.failed) == (20, 20)
    assert "do not go together: users.disclosure_threshold: sd 0.489 is too wide" in found.examples[0].broken.error


def test_runs_that_share_all_are_made_once(study: Path) -> None:
    """An option of a policy changes nothing under a lever without that policy."""
    text = STUDY.replace(
        "rules.encounters.chaxugeju: {from: 0.3, to: 0.7}", "policies.*.buddy_scheme.uptake: plausible"
    )
    study.write_text(text, encoding="utf-8")
    found = swept(study)
    assert found.planned == 3 * 5 + 3 * 2 * 5
    frame = results(load_study(study), study.parent / "store")
    assert len(frame) == 60
    assert frame["key"].nunique() == 45
    assert (frame["status"] == "done").all()


def test_versions_of_the_model_do_not_mix(
    study: Path, dayroom: Dayroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(study.parent)
    now = runs_versions.present()
    older = "0" * 32 + "-11111111"
    sources = {**now.sources, "sim/day.py": "another", "sim/gone.py": "x"}
    before = runs_versions.Version(older, "0" * 32, "2020-01-01T00:00:00+00:00", now.versions, sources)
    with monkeypatch.context() as past:
        past.setattr(runs_versions, "present_name", lambda: older)
        past.setattr(runs_versions, "present", lambda: before)
        assert swept(study).made == RUNS
    study.write_text(STUDY.replace("replicates: 5", "replicates: 2"), encoding="utf-8")
    assert swept(study).made == 24
    assert dayroom("status", "--store", "store") == 0
    said = capsys.readouterr().out
    assert f"model {now.name[:12]} (present" in said
    assert ": 24 runs, 0 failed" in said
    assert "model 000000000000 (earlier, since 2020-01-01T00:00:00+00:00): 60 runs" in said
    assert "changed since: sim/day.py, sim/gone.py (gone)" in said
    assert "small: 60 runs planned, 60 done, 0 failed, 0 missing" in said
    assert len(results(load_study(study), study.parent / "store")) == 24
    earlier = results(load_study(study), study.parent / "store", model="0000000")
    assert len(earlier) == 60
    assert set(earlier["model"]) == {"0" * 32}
    assert dayroom("export", "small.yaml", "--store", "store", "--csv", "--model", "abc") == 2
    assert "--model: found 'abc'; the store holds no such version of the model, allowed is one of" in (
        capsys.readouterr().err
    )


def test_a_claim_of_the_living_is_respected_and_the_dead_are_cleared_away(tmp_path: Path) -> None:
    claim = claims.Claim(tmp_path / "claims")
    mine = tmp_path / f".{claim.name}-part.unfinished"
    theirs = tmp_path / ".0123456789abcdef-part.unfinished"
    mine.touch()
    theirs.touch()
    (tmp_path / "claims" / "0123456789abcdef.claim").touch()
    assert claims.clear_unfinished(tmp_path, tmp_path / "claims") == 1
    assert mine.exists()
    assert not theirs.exists()
    assert claim.path.exists()
    claim.close()
    assert not claim.path.exists()


def test_a_sweep_that_leaves_just_now_was_not_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = claims.Claim(tmp_path / "claims")
    lock = claims.locked

    def locked(file: int) -> bool | None:
        claim.close()
        return lock(file)

    monkeypatch.setattr(claims, "locked", locked)
    assert claims.clear_unfinished(tmp_path, tmp_path / "claims") == 0


def test_a_store_that_is_a_file_is_refused(study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]) -> None:
    (study.parent / "store").touch()
    assert dayroom("sweep", study, "--store", study.parent / "store") == 2
    assert "this is a file; --store takes a folder" in capsys.readouterr().err


def test_the_manifest_names_every_source(study: Path) -> None:
    swept(study)
    [manifest] = (study.parent / "store").glob("*/model.json")
    sources = json.loads(manifest.read_text(encoding="utf-8"))["sources"]
    assert {
        "sim/day.py",
        "sim/rules/encounters.py",
        "experiments/measures/runs.py",
        "experiments/measures/newcomers.py",
    } <= set(sources)
    assert json.loads(manifest.read_text(encoding="utf-8"))["model_digest"] == manifest.parent.name[:32]
