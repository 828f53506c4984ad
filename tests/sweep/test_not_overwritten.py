"""Files of other origin: neither a list of runs nor an export replaces them."""

from pathlib import Path

import pandas as pd
import pytest

from experiments.runs.executors import InProcess
from experiments.store import STORE
from experiments.store.folder import ResultError
from experiments.store.runs import versions
from experiments.studies import define_study, load_study
from experiments.sweep.make import sweep
from experiments.sweep.results import results
from sim.scenario.text.errors import ScenarioError
from tests.conftest import Dayroom
from tests.sweep.conftest import write_study

Captured = pytest.CaptureFixture[str]

TINY = """\
question: Is what others wrote left alone?
base: base.yaml
design: replicates
replicates: 1
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_study(tmp_path, TINY)


def said(captured: Captured) -> str:
    """Return the message on stderr, on one line and without the frame around it."""
    return " ".join(captured.readouterr().err.replace("│", " ").split())


def test_a_list_takes_the_place_of_nothing_but_an_earlier_list(dayroom: Dayroom, capsys: Captured) -> None:
    points = "users.empathy.mean\n0.4\n0.5\n"
    Path("mine.csv").write_text(points, encoding="utf-8")
    assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "mine.csv") == 2
    assert "'mine.csv', which is not a list of runs; allowed is a free name" in said(capsys)
    assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "mine") == 2
    assert Path("mine.csv").read_text(encoding="utf-8") == points
    for _ in range(2):
        assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "list.csv") == 0
    assert len(pd.read_csv("list.csv")) == 1


def test_an_exported_table_is_no_list(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    assert dayroom("export", "small.yaml", "--csv") == 0
    before = Path("results/small/runs.csv").read_bytes()
    assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "results/small/runs.csv") == 2
    assert Path("results/small/runs.csv").read_bytes() == before


def test_a_list_needs_a_folder(dayroom: Dayroom, capsys: Captured) -> None:
    Path("folder").mkdir()
    assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "folder") == 2
    assert "which is a folder; allowed is the name of a file" in said(capsys)
    assert dayroom("sweep", "small.yaml", "--dry-run", "--list", "nowhere/x.csv") == 2
    assert "but there is no folder nowhere" in said(capsys)
    assert sorted(path.name for path in Path().iterdir()) == ["base.yaml", "folder", "small.yaml"]


@pytest.mark.parametrize(("name", "option"), [("runs.csv", "--csv"), ("groups.parquet", "--parquet")])
def test_an_export_leaves_what_it_has_not_written(dayroom: Dayroom, capsys: Captured, name: str, option: str) -> None:
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    mine = Path("results/small", name)
    mine.parent.mkdir()
    mine.write_text("my own notes\n", encoding="utf-8")
    assert dayroom("export", "small.yaml", option) == 2
    assert f"{mine}: this is not an export of dayroom, so it stays as it is" in said(capsys)
    assert list(mine.parent.iterdir()) == [mine]
    assert mine.read_text(encoding="utf-8") == "my own notes\n"
    assert dayroom("export", "small.yaml", option, "--overwrite") == 0
    assert dayroom("export", "small.yaml", option) == 0


def test_netcdf_leaves_it_too_and_says_so_where_the_folder_is_a_file(dayroom: Dayroom, capsys: Captured) -> None:
    pytest.importorskip("h5netcdf")
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    Path("own").mkdir()
    Path("own/small.nc").write_text("my own notes\n", encoding="utf-8")
    assert dayroom("export", "small.yaml", "--netcdf", "--out", "own") == 2
    assert "own/small.nc: this is not an export of dayroom" in said(capsys)
    for _ in range(2):
        assert dayroom("export", "small.yaml", "--netcdf") == 0
    capsys.readouterr()
    Path("file").touch()
    assert dayroom("export", "small.yaml", "--netcdf", "--out", "file") == 2
    assert said(capsys) == "file: the folder cannot be written to (a file is in the way)"


def test_tables_the_study_no_longer_has_do_not_stay_beside_the_new_ones(dayroom: Dayroom, capsys: Captured) -> None:
    kept = Path("small.yaml").read_text(encoding="utf-8")
    Path("small.yaml").write_text(kept + "storage: daily\n", encoding="utf-8")
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    assert dayroom("export", "small.yaml", "--csv", "--out", "own") == 0
    assert Path("own/daily.csv").exists()
    Path("small.yaml").write_text(kept, encoding="utf-8")
    capsys.readouterr()
    assert dayroom("export", "small.yaml", "--csv", "--out", "own") == 0
    assert "own/daily.csv: the study no longer has this table" in said(capsys)
    assert not Path("own/daily.csv").exists()
    Path("own/daily.csv").write_text("my own notes\n", encoding="utf-8")
    assert dayroom("export", "small.yaml", "--csv", "--out", "own") == 0
    assert Path("own/daily.csv").read_text(encoding="utf-8") == "my own notes\n"


def test_nothing_is_exported_into_the_store(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("sweep", "small.yaml", "--executor", "inline", "--quiet") == 0
    before = sorted(STORE.rglob("*"))
    assert dayroom("export", "small.yaml", "--csv", "--out", STORE) == 2
    assert "this is in the store itself" in said(capsys)
    assert sorted(STORE.rglob("*")) == before


def two_studies() -> None:
    """Write two studies with the same name in two folders."""
    for folder, question in (("a", "What of one?"), ("b", "What of the other?")):
        Path(folder).mkdir()
        write_study(Path(folder), TINY.replace("Is what others wrote left alone?", question))


@pytest.mark.slow
def test_two_studies_of_one_name_do_not_pass_for_each_other(dayroom: Dayroom, capsys: Captured) -> None:
    two_studies()
    assert dayroom("sweep", "a/small.yaml", "--executor", "inline", "--quiet") == 0
    assert dayroom("export", "a/small.yaml", "--csv") == 0
    plans = sorted(STORE.glob("*/plans/*"))
    capsys.readouterr()
    for words in (
        ["sweep", "b/small.yaml", "--executor", "inline"],
        ["sweep", "b/small.yaml", "--dry-run"],
        ["status", "b/small.yaml"],
        ["export", "b/small.yaml", "--csv"],
    ):
        assert dayroom(*words) == 2
        told = said(capsys)
        assert "b/small.yaml: results/store holds another study of the name small, defined in a/small.yaml;" in told
        assert "give one of them another name" in told
    assert sorted(STORE.glob("*/plans/*")) == plans
    assert dayroom("status", "a/small.yaml") == 0
    assert dayroom("sweep", "b/small.yaml", "--executor", "inline", "--overwrite") == 0
    assert dayroom("export", "b/small.yaml", "--csv") == 0
    assert dayroom("status", "a/small.yaml") == 2


def test_nor_do_they_under_another_version_of_the_model(
    dayroom: Dayroom, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_studies()
    with monkeypatch.context() as past:
        past.setattr(versions, "present_name", lambda: "0" * 32 + "-11111111")
        assert dayroom("sweep", "a/small.yaml", "--executor", "inline", "--quiet") == 0
    assert dayroom("status", "a/small.yaml") == 0
    capsys.readouterr()
    assert dayroom("export", "b/small.yaml", "--csv", "--model", "0000000") == 2
    assert "holds another study of the name small, defined in a/small.yaml" in said(capsys)
    assert dayroom("status", "b/small.yaml") == 0
    told = capsys.readouterr().out
    assert "  small: another study had this name then\n" in told
    assert "  small: 1 run" not in told.partition("another study had this name then")[2]
    with pytest.raises(ResultError, match="another study of the name small"):
        results(load_study("b/small.yaml"), STORE, "0000000")


def test_a_study_that_was_changed_moved_or_copied_is_the_same(dayroom: Dayroom) -> None:
    two_studies()
    assert dayroom("sweep", "a/small.yaml", "--executor", "inline", "--quiet") == 0
    text = Path("a/small.yaml").read_text(encoding="utf-8").replace("replicates: 1", "replicates: 2")
    Path("a/small.yaml").write_text(text.replace("What of one?", "What of one, then?"), encoding="utf-8")
    assert dayroom("sweep", "a/small.yaml", "--executor", "inline", "--quiet") == 0
    Path("b/small.yaml").write_bytes(Path("a/small.yaml").read_bytes())
    assert dayroom("status", "b/small.yaml") == 0
    # A copy does not take the name away from the original.
    assert dayroom("sweep", "b/small.yaml", "--executor", "inline", "--quiet") == 0
    changed = Path("a/small.yaml").read_text(encoding="utf-8") + "seed: 5\n"
    Path("a/small.yaml").write_text(changed, encoding="utf-8")
    assert dayroom("sweep", "a/small.yaml", "--executor", "inline", "--quiet") == 0
    Path("a/small.yaml").unlink()
    Path("b/small.yaml").write_text(text, encoding="utf-8")
    assert dayroom("sweep", "b/small.yaml", "--executor", "inline", "--quiet") == 0


def test_studies_without_a_name_are_named_by_their_question() -> None:
    names = [
        define_study(question, "base.yaml").name
        for question in ("Whom do they help?", "What then?", "Wozu?", "为什么?")
    ]
    assert names[:2] == ["whom-do-they-help", "what-then"]
    assert names[2].startswith("study-wozu-")
    assert len(set(names)) == 4
    alike = ("Is 40 % enough?", "Is > 40 enough", "10人还是20人?", "大?")
    close = [define_study(question, "base.yaml").name for question in alike]
    assert len(set(close)) == 4
    assert close[3].startswith("study-")
    assert not any("--" in one for one in close)
    long = [define_study("Is it so " + "very " * 20 + end, "base.yaml").name for end in ("long?", "short?")]
    assert len(set(long)) == 2
    assert max(map(len, long)) <= 60


def test_a_study_defined_anew_in_python_is_swept_on() -> None:
    for question, replicates in (("What then?", 1), ("What then?", 2), ("And what else?", 1)):
        study = define_study(question, "base.yaml", name="mine", replicates=replicates)
        assert sweep(study, STORE, InProcess()).planned == replicates
    Path("mine.yaml").write_text(TINY, encoding="utf-8")
    with pytest.raises(ResultError, match="another study of the name mine, defined in Python"):
        sweep(load_study("mine.yaml"), STORE, InProcess())


def test_no_study_is_called_as_the_folder_of_the_store() -> None:
    Path("store.yaml").write_text(TINY, encoding="utf-8")
    with pytest.raises(
        ScenarioError, match=r"found 'store', the folder of the store \(results/store\) \(from the name"
    ):
        load_study("store.yaml")
