"""Results and stores of the first format are read by every later version, and give the same numbers."""

import json
import tarfile
from pathlib import Path

import pandas as pd
import pytest

from experiments.report.plot.film import film_of
from experiments.report.plot.folder import drawings_in
from experiments.report.reports import report_of
from experiments.store import formats, results
from experiments.store.documents import read_provenance
from experiments.store.folder import ResultError
from experiments.store.formats import FORMAT, FormatError, NewerFormatError, migrated
from experiments.store.provenance import provenance
from experiments.store.results import stored_result
from experiments.store.runs.query import query
from experiments.store.runs.store import RunStore
from experiments.store.runs.versions import recorded
from tests.conftest import Dayroom

ARCHIVE = Path(__file__).parent / "first_format" / "made.tar.xz"
MODEL = "dcbe58049209228ba3c61bd11eeaa23f"
OTHER = "another version of the model made this result (Dayroom '0.1.0', model 'dcbe58049209')"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Unpack what the first format wrote, before a later version of Dayroom."""
    monkeypatch.setattr(results, "dayroom_version", lambda: "99.0")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


def test_a_comparison_gives_the_same_numbers(made: Path) -> None:
    stored = stored_result(made / "compared")
    assert stored.provenance["format"] == FORMAT
    assert (stored.kind, list(stored.scenarios)) == ("compare", ["respite", "tiny"])
    rows = stored.table("contrasts").set_index(["scenario", "outcome"])
    assert len(rows) == 80
    assert rows.loc[("respite", "loneliness_ucla20"), "base_mean"] == pytest.approx(71.126359, abs=1e-6)
    assert stored.provenance["replicate_seeds"] == [1, 164053880218690]


def test_a_run_gives_the_same_numbers(made: Path) -> None:
    daily = stored_result(made / "ran").table("daily")
    assert daily.shape == (3, 88)
    assert daily[["loneliness_ucla20", "burden"]].iloc[-1].tolist() == [72.03099482333464, 25.28450493836193]
    assert len(drawings_in(made / "ran")) > 1


def test_a_store_gives_the_same_numbers(made: Path) -> None:
    [version] = recorded(made / "store")
    assert (version.model, version.is_whole) == (MODEL, True)
    heard: list[str] = []
    asked = "SELECT count(*) AS runs, avg(loneliness_ucla20) AS mean FROM first"
    answer: pd.DataFrame = query(made / "store", asked, heard.append)
    assert answer["runs"][0] == 4
    [line] = heard
    assert line.startswith(
        f"the study first was not swept with the present version of the model: its view shows {MODEL}"
    )
    assert answer["mean"][0] == pytest.approx(70.43507764555241, abs=1e-9)
    daily = query(made / "store", "SELECT count(DISTINCT (scenario, seed)) AS runs FROM daily")
    assert daily["runs"][0] == 4


def test_the_report_says_which_model_made_it_and_how_to_make_it_again(
    made: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dayroom("report", made / "compared", "--out", made / "r.html") == 0
    said = capsys.readouterr().err
    assert said.count(OTHER) == 1
    assert "to make it again with this one: dayroom compare tiny.yaml respite.yaml --replicates 2 --seed 1" in said
    sections = {section.key: section for section in report_of(made / "compared").sections}
    first = sections["repeat"].blocks[0]
    assert OTHER[1:] in first.text  # type: ignore[union-attr]
    assert first.text.startswith("Another")  # type: ignore[union-attr]


def test_figures_are_drawn_and_the_model_is_named(
    made: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dayroom("plot", made / "compared", "--list") == 0
    listed, said = capsys.readouterr()
    assert "outcomes" in listed
    assert said.count(OTHER) == 1


def test_a_film_would_be_another_run(made: Path) -> None:
    with pytest.raises(ResultError, match="a film needs the first run again, and it would be another run; another"):
        film_of(made / "ran", made / "n.gif")


def rewrite(file: Path, number: object) -> None:
    contents = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**contents, "format": number}), encoding="utf-8")


def test_a_newer_result_is_refused_in_words(made: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]) -> None:
    rewrite(made / "ran" / "provenance.json", FORMAT + 1)
    for words in (["report"], ["plot", "--list"], ["plot", "--film", made / "n.gif"]):
        assert dayroom(words[0], made / "ran", *words[1:]) == 2
        assert f"a newer Dayroom wrote this (format {FORMAT + 1}); this one reads formats up to {FORMAT}" in (
            capsys.readouterr().err
        )


def test_newer_runs_are_left_out_and_that_is_reported(made: Path) -> None:
    [manifest] = (made / "store").glob("*/model.json")
    rewrite(manifest, FORMAT + 1)
    heard: list[str] = []
    assert recorded(made / "store", heard.append) == []
    assert len(heard) == 1
    assert "a newer Dayroom wrote this" in heard[0]
    with pytest.raises(NewerFormatError, match="a newer Dayroom wrote this"):
        RunStore(made / "store", manifest.parent.name)


@pytest.mark.parametrize("number", ["2", 0, -1, True, None, 1.5, [1]])
def test_a_number_that_is_none_is_damage(made: Path, number: object) -> None:
    rewrite(made / "ran" / "provenance.json", number)
    with pytest.raises(FormatError, match="the file is damaged"):
        read_provenance(made / "ran")
    [manifest] = (made / "store").glob("*/model.json")
    rewrite(manifest, number)
    heard: list[str] = []
    assert [version.is_whole for version in recorded(made / "store", heard.append)] == [False]
    assert "the manifest is damaged" in heard[0]


def test_new_results_bear_the_format() -> None:
    assert provenance("abc", 1, [1], 3, "dayroom run x")["format"] == FORMAT


def test_formats_are_read_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "FORMAT", 3)
    steps = {1: lambda old: {**old, "steps": [1]}, 2: lambda old: {**old, "steps": [*old["steps"], 2]}}
    monkeypatch.setattr(formats, "MIGRATIONS", steps)
    assert migrated({"seed": 7}, Path("x")) == {"seed": 7, "steps": [1, 2], "format": 3}
    assert migrated({"format": 2, "steps": []}, Path("x")) == {"format": 3, "steps": [2]}


def test_there_is_a_migration_from_each_earlier_format() -> None:
    assert sorted(formats.MIGRATIONS) == list(range(formats.FIRST, FORMAT))
