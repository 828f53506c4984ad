"""The surveys of a run in its folder: who named whom and what was answered, only when a survey took place."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments.store.tables import answers_table, nominations_table
from sim.run import run
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.changes import Replace
from sim.state.columns import LEVELS

Here = Callable[..., int]


@pytest.fixture
def asked(small_file: Path) -> Path:
    """Return a scenario of two small centres with two waves."""
    with small_file.open("a", encoding="utf-8") as file:
        file.write("observe: {waves: [10, 40], level: acquaintance, non_response: 0.3}\n")
    return small_file


@pytest.fixture
def folder(here: Here, asked: Path) -> Path:
    out = asked.parent / "r"
    assert here(asked, "--replicates", 2, "--csv", "--out", out, "--quiet") == 0
    return out


def test_the_tables_hold_every_wave_of_every_replicate(asked: Path, folder: Path) -> None:
    nominations, answers = (pd.read_parquet(folder / f"{name}.parquet") for name in ("nominations", "answers"))
    assert list(nominations) == ["replicate", "seed", "centre", "day", "from", "to", "level"]
    assert list(answers)[:6] == ["replicate", "seed", "centre", "day", "user", "answered"]
    assert answers.groupby(["replicate", "centre", "day"]).size().tolist() == [12, 12, 15, 15] * 2
    assert set(nominations["replicate"]) == {0, 1}
    assert set(nominations["level"]) <= set(LEVELS[1:])
    held = run(load_scenario(asked), int(answers["seed"].iloc[0])).surveys
    first = nominations[(nominations["replicate"] == 0) & (nominations["day"] == 40)]
    named = set(zip(first["from"], first["to"], strict=True))
    survey = held[1]
    assert named == set(zip(survey.users[survey.namer], survey.users[survey.named], strict=True))
    assert len(named) > 10


def test_whoever_does_not_answer_has_a_row_without_answers(folder: Path) -> None:
    answers = pd.read_csv(folder / "answers.csv")
    silent = answers[~answers["answered"]]
    assert 0 < len(silent) < len(answers) / 2
    assert silent[["loneliness_ucla20", "burden", "group_identity", "hope"]].isna().all(axis=None)
    assert answers[answers["answered"]].notna().all(axis=None)
    nominations = pd.read_csv(folder / "nominations.csv")
    keys = ["replicate", "day"]
    merged = nominations.merge(silent.rename(columns={"user": "from"})[[*keys, "from"]], on=[*keys, "from"])
    assert merged.empty


def test_the_tables_explain_themselves(folder: Path) -> None:
    for name in ("nominations", "answers"):
        schema = pq.read_schema(folder / f"{name}.parquet")
        assert all(set(field.metadata) == {b"unit", b"label", b"meaning"} for field in schema)
    said = (folder / "README.txt").read_text(encoding="utf-8")
    assert "nominations.parquet" in said
    assert "answers.parquet" in said


def test_listed_users_keep_their_names(tmp_path: Path) -> None:
    """A list names seven users of eight in each of two copies; `user` and a number stand for the sampled one."""
    list_of = tmp_path / "list.csv"
    list_of.write_text("姓名\n王芳\nBo\nCai\nDi\nEva\nFu\nGao\n", encoding="utf-8")
    centre = {"users": 8, "users_file": str(list_of), "copies": 2}
    observe = {"waves": [1], "level": "acquaintance", "non_response": 0.0}
    changes = {"days": 2, "settling": 0, "centres": Replace({"park": centre}), "observe": observe}
    held = run(load_scenario("baseline").with_changes(**changes), 1)
    nominations, answers = (make(held, {"replicate": 0}).to_pandas() for make in (nominations_table, answers_table))
    assert list(nominations)[-5:] == ["from", "to", "from_name", "to_name", "level"]
    assert list(answers)[3:6] == ["user", "name", "answered"]
    called = dict(zip(answers["user"], answers["name"], strict=True))
    assert sorted(called.values())[-2:] == ["王芳", "王芳"]
    assert sum(name.startswith("user ") for name in called.values()) == 2
    assert len(nominations) > 0
    for end in ("from", "to"):
        assert nominations[end].map(called).tolist() == nominations[f"{end}_name"].tolist()


def test_without_waves_there_are_no_such_tables(here: Here, small_file: Path) -> None:
    assert here(small_file, "--replicates", 1, "--days", 3, "--out", small_file.parent / "r", "--quiet") == 0
    names = {path.name for path in (small_file.parent / "r").iterdir()}
    assert not {"nominations.parquet", "answers.parquet"} & names


def test_a_wave_in_which_nobody_names_anybody_has_a_table_without_rows(asked: Path) -> None:
    scenario = load_scenario(asked).with_changes(days=1, observe=Replace({"waves": (0,), "non_response": 0.0}))
    held = run(scenario, 1)
    assert nominations_table(held, {"replicate": 0}).num_rows == 0
    assert answers_table(held, {"replicate": 0}).num_rows == 27


@pytest.mark.slow
def test_surveys_change_no_other_table(here: Here, asked: Path, folder: Path) -> None:
    text = asked.read_text(encoding="utf-8")
    asked.write_text(text[: text.index("observe")], encoding="utf-8")
    assert here(asked, "--replicates", 2, "--out", asked.parent / "plain", "--quiet") == 0
    for name in ("daily", "users", "measures"):
        one, other = (pd.read_parquet(place / f"{name}.parquet") for place in (folder, asked.parent / "plain"))
        pd.testing.assert_frame_equal(one, other)
        assert np.isfinite(one.select_dtypes("number")).any(axis=None)
