"""Versions of the model in a store: a lost manifest loses no runs, and every command mentions other versions."""

import json
from pathlib import Path

import pytest

from experiments.runs.executors import InProcess
from experiments.store.runs import store as runs_store
from experiments.store.runs import versions as runs_versions
from experiments.store.runs.query import query
from experiments.studies import load_study
from experiments.sweep.make import Swept, sweep
from tests.conftest import Dayroom
from tests.sweep.conftest import RUNS

OLDER = "0" * 32 + "-11111111"


def swept(study: Path, report: list[str] | None = None) -> Swept:
    heard = [] if report is None else report
    return sweep(load_study(study), study.parent / "store", InProcess(), report=heard.append)


def swept_before(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweep with an earlier version of the model."""
    now = runs_versions.present()
    before = runs_versions.Version(OLDER, "0" * 32, "2020-01-01T00:00:00+00:00", now.versions, {"sim/day.py": "x"})
    with monkeypatch.context() as past:
        past.setattr(runs_versions, "present_name", lambda: OLDER)
        past.setattr(runs_versions, "present", lambda: before)
        assert swept(study).made == RUNS


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["", "{", "[1]", '{"program": "dayroom", "sources": 3}', None])
def test_a_lost_manifest_loses_no_runs_and_is_written_again(
    study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str], damage: str | None
) -> None:
    swept(study)
    store = study.parent / "store"
    [manifest] = store.glob("*/model.json")
    before = manifest.read_bytes()
    if damage is None:
        manifest.unlink()
    else:
        manifest.write_text(damage, encoding="utf-8")
    capsys.readouterr()
    assert dayroom("status", "--store", store) == 0
    said = capsys.readouterr().out
    assert f"): {RUNS} runs, 0 failed" in said
    state = "missing" if damage is None else "damaged"
    assert f"{manifest}: the manifest is {state}" in said
    assert "the next sweep writes it again" in said
    heard: list[str] = []
    assert query(store, "SELECT count(*) AS n FROM runs", heard.append)["n"][0] == RUNS
    assert any(f"the manifest is {state}" in line for line in heard)
    told: list[str] = []
    assert swept(study, told).stored == RUNS
    assert f"{manifest}: the manifest was damaged or gone, and is written again" in told
    assert manifest.read_bytes().split(b'"sources"')[1] == before.split(b'"sources"')[1]
    assert dayroom("status", "--store", store) == 0
    assert "manifest" not in capsys.readouterr().out
    again: list[str] = []
    assert swept(study, again).stored == RUNS
    assert not any("manifest" in line for line in again)


def test_an_earlier_version_without_its_manifest_is_still_told_of(
    study: Path, dayroom: Dayroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    swept_before(study, monkeypatch)
    (study.parent / "store" / OLDER / "model.json").unlink()
    assert dayroom("status", "--store", study.parent / "store") == 0
    said = capsys.readouterr().out
    assert f"model {OLDER[:12]} (earlier, since " in said
    assert f": {RUNS} runs, 0 failed" in said
    assert "which sources and packages that model had is no longer known" in said
    assert "changed since" not in said


def test_who_sweeps_or_exports_hears_of_runs_under_another_version(
    study: Path, dayroom: Dayroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    swept_before(study, monkeypatch)
    store, out = study.parent / "store", study.parent / "out"
    there = f"{RUNS} with {OLDER[:12]}"
    assert dayroom("sweep", study, "--store", store, "--dry-run") == 0
    assert there in capsys.readouterr().out
    words = ["export", study, "--store", store, "--csv", "--out", out]
    assert dayroom(*words) == 0
    said = capsys.readouterr().err
    assert f"{RUNS} runs are failed or missing" in said
    assert f"under another version of the model: {there}; to export those: --model {OLDER[:12]}" in said
    assert dayroom(*words, "--model", OLDER[:12]) == 0
    assert capsys.readouterr().err == ""
    assert dayroom("sweep", study, "--store", store, "--executor", "inline") == 0
    said = capsys.readouterr().err
    assert f"the store holds runs of small under another version of the model: {there}" in said
    assert said.index("another version") < said.index("of 60 runs done")
    assert dayroom("sweep", study, "--store", store) == 0
    assert dayroom(*words) == 0
    assert "another version" not in capsys.readouterr().err


def test_views_of_a_study_are_of_the_present_version_and_of_all(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swept_before(study, monkeypatch)
    threshold = "  users.disclosure_threshold.mean: {values: [0.4, 0.5, 0.6]}\n"
    text = study.read_text(encoding="utf-8")
    assert threshold in text
    study.write_text(text.replace(threshold, ""), encoding="utf-8")  # another plan, with a factor less
    assert swept(study).made == 20
    store = study.parent / "store"
    asked = query(
        store,
        "SELECT model, count(*) AS n, count(loneliness_ucla20) AS made, sum(done::int) AS done, "
        'count("users.disclosure_threshold.mean") AS thresholds FROM "small@all" GROUP BY model ORDER BY n',
    )
    assert asked["model"].tolist() == [runs_versions.present().model, "0" * 32]
    assert asked[["n", "made", "done", "thresholds"]].to_numpy().tolist() == [[20, 20, 20, 0], [60, 60, 60, 60]]
    assert query(store, "SELECT count(*) AS n FROM small")["n"][0] == 20
    of_all = 'SELECT count(*) AS n FROM "small@all" JOIN models USING (version) WHERE is_present'
    assert query(store, of_all)["n"][0] == 20


def test_the_view_of_a_study_of_an_earlier_version_is_told(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swept_before(study, monkeypatch)
    told: list[str] = []
    assert query(study.parent / "store", "SELECT count(*) AS n FROM small", told.append)["n"][0] == RUNS
    assert [f"its view shows {OLDER}" in line for line in told] == [True]


@pytest.mark.slow
def test_versions_that_measure_otherwise_do_not_meet_in_the_view_of_a_study(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = runs_versions.present()
    with monkeypatch.context() as past:
        past.setattr(runs_versions, "present_name", lambda: f"{now.model}-11111111")
        assert swept(study).made == RUNS
    assert swept(study).made == RUNS
    assert query(study.parent / "store", "SELECT count(*) AS n FROM small")["n"][0] == RUNS
    assert query(study.parent / "store", 'SELECT count(*) AS n FROM "small@all"')["n"][0] == 2 * RUNS


@pytest.mark.parametrize("named", ["in the file", "by its file"])
def test_a_study_with_the_name_of_a_view_is_refused(
    study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str], named: str
) -> None:
    text = study.read_text(encoding="utf-8")
    path = study if named == "in the file" else study.with_name("runs.yaml")
    path.write_text(f"name: runs\n{text}" if named == "in the file" else text, encoding="utf-8")
    assert dayroom("sweep", path, "--store", study.parent / "store") == 2
    said = capsys.readouterr().err
    assert "found 'runs', a view of every store" in said
    assert ":1:" in said
    assert ("from the name of the file" in said) == (named == "by its file")
    assert not (study.parent / "store").exists()
    if named == "by its file":
        path.write_text(f"name: my-runs\n{text}", encoding="utf-8")
        assert dayroom("sweep", path, "--store", study.parent / "store", "--dry-run") == 0


def test_an_earlier_study_with_the_name_of_a_view_is_told_of(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as past:
        past.setattr("experiments.studies.reading.VIEWS", ())
        study.write_text("name: runs\n" + study.read_text(encoding="utf-8"), encoding="utf-8")
        swept(study)
    heard: list[str] = []
    assert query(study.parent / "store", "SELECT count(*) AS n FROM runs", heard.append)["n"][0] == RUNS
    assert any("the study runs has the name of another view" in line for line in heard)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"numpy": "', '"numpy": "9'), ('"sim/day.py": "', '"sim/day.py": "0'), ('"since": "2', '"since": "3')],
)
def test_a_manifest_whose_contents_have_changed_is_damaged(
    study: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    with runs_store.RunStore(study.parent / "store"):
        pass
    [manifest] = (study.parent / "store").glob("*/model.json")
    text = manifest.read_text(encoding="utf-8")
    assert old in text
    manifest.write_text(text.replace(old, new), encoding="utf-8")
    capsys.readouterr()
    assert dayroom("status", "--store", study.parent / "store") == 0
    assert f"{manifest}: the manifest is damaged" in capsys.readouterr().out
    with runs_store.RunStore(study.parent / "store"):
        assert json.loads(manifest.read_text(encoding="utf-8"))["sources"] == json.loads(text)["sources"]


def test_a_manifest_of_another_model_is_damaged(study: Path) -> None:
    with runs_store.RunStore(study.parent / "store"):
        pass
    [manifest] = (study.parent / "store").glob("*/model.json")
    other = manifest.parent.with_name(OLDER)
    other.mkdir()
    (other / "model.json").write_bytes(manifest.read_bytes())
    assert [version.is_whole for version in runs_versions.recorded(study.parent / "store")] == [True, False]


def test_a_manifest_without_a_digest_is_reported_and_written_again(tmp_path):
    folder = tmp_path / runs_versions.present_name()
    folder.mkdir()
    runs_versions.record(folder, "claim")
    path = folder / runs_versions.MANIFEST
    about = json.loads(path.read_text(encoding="utf-8"))
    del about["contents"]
    path.write_text(json.dumps(about | {"versions": {"numpy": "9"}}), encoding="utf-8")
    messages: list[str] = []
    assert runs_versions.recorded(tmp_path, messages.append)[0].versions == {"numpy": "9"}
    assert [message.startswith(f"{path}: the manifest has no digest") for message in messages] == [True]
    runs_versions.record(folder, "claim")
    messages.clear()
    assert runs_versions.recorded(tmp_path, messages.append)[0].versions == about["versions"]
    assert messages == []
