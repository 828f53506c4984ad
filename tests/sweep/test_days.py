"""Which runs of a study are done, with stored days and edits: all commands agree."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.runs.executors import InProcess
from experiments.store.runs import versions as runs_versions
from experiments.store.runs.store import RunStore
from experiments.studies import load_study
from experiments.sweep import batch_writer, kept
from experiments.sweep import export as exporting_module
from experiments.sweep.estimate import missing_of
from experiments.sweep.make import Swept, sweep
from experiments.sweep.newcomers import newcomers
from experiments.sweep.results import daily, groups
from tests.conftest import Dayroom
from tests.sweep.conftest import BASE, RUNS, STUDY, write_study
from tests.sweep.test_run_store import netcdf

OLDER = "0" * 32 + "-11111111"
ENDS = STUDY.replace("storage: daily", "storage: ends")


def swept(study: Path) -> Swept:
    return sweep(load_study(study), study.parent / "store", InProcess())


def swept_before(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweep with an earlier version of the model."""
    now = runs_versions.present()
    before = runs_versions.Version(OLDER, "0" * 32, "2020-01-01T00:00:00+00:00", now.versions, now.sources)
    with monkeypatch.context() as past:
        past.setattr(runs_versions, "present_name", lambda: OLDER)
        past.setattr(runs_versions, "present", lambda: before)
        swept(study)


@pytest.fixture
def exporting(study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]):
    """Return a function that exports the study and returns the messages and the folder."""

    def export(*more: object) -> tuple[str, Path]:
        capsys.readouterr()
        out = study.parent / "out"
        assert dayroom("export", study, "--store", study.parent / "store", "--out", out, *more) == 0
        return capsys.readouterr().err, out

    return export


@pytest.fixture
def standing(study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]):
    """Return a function that returns the status of the study."""

    def status(*named: object) -> str:
        capsys.readouterr()
        assert dayroom("status", *named, "--store", study.parent / "store") == 0
        return capsys.readouterr().out

    return status


@pytest.mark.slow
def test_runs_whose_days_were_lost_are_missing_whoever_is_asked(
    study: Path, exporting, standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_writer, "MOST_ROWS", 20)
    swept(study)
    sorted((study.parent / "store").glob("*/daily/part-*.parquet"))[0].write_bytes(b"")
    for _ in range(2):  # the first tells of the damage; it must not be forgotten after
        said, out = exporting("--csv", "--netcdf")
        assert "20 runs of small lack their days" in said
        assert "20 runs are failed or missing" in said
    assert (pd.read_csv(out / "runs.csv")["status"] == "missing").sum() == 20
    assert len(pd.read_csv(out / "daily.csv")) == 40 * 6
    assert int(netcdf(str(out / "small.nc"))["end"].isnull().all("outcome").sum()) == 20
    loaded, store = load_study(study), study.parent / "store"
    assert len(groups(loaded, store)[["point", "lever", "replicate"]].drop_duplicates()) == 40
    assert set(newcomers(loaded, store)["replicate"]) <= set(range(5))
    counted = f"small: {RUNS} runs planned, 40 done, 0 failed, 20 missing (20 of them lack only their days)"
    assert counted in standing()
    assert counted in standing(study)
    assert len(missing_of(loaded, store)) == 20
    assert swept(study).made == 20
    assert len(daily(loaded, store)) == RUNS * 6


def test_days_without_their_run_are_no_run(study: Path, exporting, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep killed between writing days and runs leaves these."""
    monkeypatch.setattr(batch_writer, "MOST_ROWS", 20)
    swept(study)
    sorted((study.parent / "store").glob("*/runs/part-*.parquet"))[0].unlink()
    said, out = exporting("--csv", "--netcdf")
    assert "20 runs are failed or missing" in said
    assert len(pd.read_csv(out / "daily.csv")) == 40 * 6
    assert int(netcdf(str(out / "small.nc"))["daily"].isnull().all(("outcome", "day")).sum()) == 20


def test_an_export_is_of_one_plan_while_a_sweep_goes_on(
    study: Path, exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep continues the study between one table and the next."""
    swept(study)
    study.write_text(STUDY.replace("replicates: 5", "replicates: 6"), encoding="utf-8")
    monkeypatch.setattr(exporting_module, "groups", lambda *asked: (swept(study), groups(*asked))[1])
    said, out = exporting("--csv", "--netcdf")
    assert "12 runs are failed or missing" in said
    runs, days = pd.read_csv(out / "runs.csv"), pd.read_csv(out / "daily.csv")
    done = runs[runs["status"] == "done"][["point", "lever", "replicate"]]
    assert len(done) == RUNS
    assert len(days[["point", "lever", "replicate"]].drop_duplicates()) == RUNS


@pytest.mark.slow
def test_days_that_are_asked_for_later_are_missing_until_they_are_swept(study: Path, exporting, standing) -> None:
    study.write_text(ENDS, encoding="utf-8")
    swept(study)
    study.write_text(STUDY, encoding="utf-8")
    said, out = exporting("--csv")
    assert f"{RUNS} runs of small lack their days" in said
    assert f"{RUNS} runs are failed or missing" in said
    assert len(pd.read_csv(out / "daily.csv")) == 0
    assert f"0 done, 0 failed, {RUNS} missing ({RUNS} of them lack only their days)" in standing(study)
    assert f"{RUNS} done, 0 failed, 0 missing" in standing()  # as it was swept, which is without days
    assert swept(study).made == RUNS
    assert exporting("--csv")[0] == ""


def test_an_earlier_version_is_exported_with_the_days_it_had(
    study: Path, exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept_before(study, monkeypatch)
    study.write_text(STUDY.replace("base: base.yaml", "base: base.yaml\ndays: 9"), encoding="utf-8")
    said, out = exporting("--csv", "--netcdf", "--model", "0000000")
    assert said == ""
    assert len(pd.read_csv(out / "daily.csv")) == RUNS * 6
    found = netcdf(str(out / "small.nc"))
    assert found.sizes["day"] == 6
    assert int(found["daily"].isnull().any(("outcome", "day")).sum()) == 0


def test_an_earlier_version_that_kept_no_days_is_exported_without_them(
    study: Path, exporting, standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.write_text(ENDS, encoding="utf-8")
    swept_before(study, monkeypatch)
    study.write_text(STUDY, encoding="utf-8")
    said, out = exporting("--csv", "--netcdf", "--model", "0000000")
    assert f"the model {OLDER[:12]} kept no days of small" in said
    assert "missing" not in said
    assert not (out / "daily.csv").exists()
    assert "daily" not in netcdf(str(out / "small.nc"))
    assert (pd.read_csv(out / "runs.csv")["status"] == "done").all()


def test_an_outcome_that_was_not_kept_by_day_then_leaves_out_only_itself(
    study: Path, exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.write_text(f"{STUDY}outcomes: [burden, loneliness_ucla20]\n", encoding="utf-8")
    swept_before(study, monkeypatch)
    study.write_text(f"{STUDY}outcomes: [mood, burden]\n", encoding="utf-8")
    said, out = exporting("--csv", "--netcdf", "--model", "0000000")
    assert said == ""
    days = pd.read_csv(out / "daily.csv")
    assert set(days.columns) >= {"point", "lever", "replicate", "seed", "day", "burden"}
    assert not {"mood", "loneliness_ucla20"} & set(days.columns)
    assert len(days) == RUNS * 6
    found = netcdf(str(out / "small.nc"))["daily"]
    assert found.sel(outcome="mood").isnull().all()
    assert found.sel(outcome="burden").notnull().all()


def test_runs_of_unlike_length_each_have_their_days(study: Path, exporting) -> None:
    text = STUDY.replace("rules.encounters.chaxugeju: {from: 0.3, to: 0.7}", "days: [4, 9]")
    study.write_text(text, encoding="utf-8")
    assert swept(study).made == RUNS
    said, out = exporting("--csv", "--netcdf")
    assert said == ""
    rows = pd.read_csv(out / "daily.csv")
    runs = pd.read_csv(out / "runs.csv")
    lengths = rows.groupby(["point", "lever", "replicate"])["day"].agg(["size", "max"])
    wanted = runs.set_index(["point", "lever", "replicate"])["days"].sort_index()
    assert (lengths["size"] == wanted).all()
    assert (lengths["max"] == wanted - 1).all()
    assert rows["loneliness_ucla20"].notna().all()
    found = netcdf(str(out / "small.nc"))
    assert found.sizes["day"] == 9
    known = found["daily"].sel(outcome="loneliness_ucla20").notnull().sum("day")
    assert (known == found["days"]).all()


def test_a_run_whose_days_are_all_undefined_is_a_run(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "by_day", lambda days, outcome: np.full(len(days), np.nan))
    swept(study)
    rows = daily(load_study(study), study.parent / "store")
    assert len(rows) == RUNS * 6
    assert rows["loneliness_ucla20"].isna().all()


@pytest.mark.parametrize("edited", ["a factor more", "a factor less"])
def test_an_earlier_version_is_exported_with_the_factors_it_had(
    study: Path, exporting, monkeypatch: pytest.MonkeyPatch, edited: str
) -> None:
    fewer = ENDS.replace("  rules.encounters.chaxugeju: {from: 0.3, to: 0.7}\n", "")
    before, after = (fewer, ENDS) if edited == "a factor more" else (ENDS, fewer)
    study.write_text(before, encoding="utf-8")
    swept_before(study, monkeypatch)
    study.write_text(after, encoding="utf-8")
    _, out = exporting("--csv", "--netcdf", "--model", "0000000")
    found = netcdf(str(out / "small.nc"))
    assert ("rules.encounters.chaxugeju" in found.coords) == (edited == "a factor less")
    assert "users.disclosure_threshold.mean" in found.coords
    columns = pd.read_csv(out / "runs.csv").columns
    assert ("rules.encounters.chaxugeju" in columns) == (edited == "a factor less")


def test_the_standing_of_a_study_is_of_its_file_as_it_is_now(study: Path, standing) -> None:
    swept(study)
    study.write_text(STUDY.replace("[0.4, 0.5, 0.6]", "[0.4, 0.5, 0.6, 0.7]"), encoding="utf-8")
    assert "small: 80 runs planned, 60 done, 0 failed, 20 missing" in standing(study)
    assert "small: 60 runs planned, 60 done, 0 failed, 0 missing" in standing()


@pytest.mark.slow
def test_a_study_that_was_never_swept_into_a_store_has_a_line_too(
    study: Path, standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept_before(study, monkeypatch)
    said = standing(study)
    assert re.search(rf"\(present\): no runs yet\n  small: {RUNS} runs planned, 0 done, 0 failed, {RUNS} missing", said)
    assert f"small: {RUNS} runs planned, {RUNS} done, 0 failed, 0 missing" in said
    folder = study.parent / "other"
    folder.mkdir()
    swept(study)
    other = write_study(folder, ENDS, BASE.replace("days: 6", "days: 7")).rename(folder / "other.yaml")
    assert f"other: {RUNS} runs planned, 0 done, 0 failed, {RUNS} missing" in standing(other)
    assert len(RunStore(study.parent / "store").addresses("runs")) == RUNS
