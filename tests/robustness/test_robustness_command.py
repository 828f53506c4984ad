"""Run `dayroom discover` and `dayroom regret` as a user would: results, messages, and bad input."""

import json
import shlex

import pandas as pd
import pytest

from experiments.sweep.results import results

pytest.importorskip("ema_workbench", exc_type=ImportError)


@pytest.fixture
def here(swept, tmp_path, monkeypatch):
    """Return the arguments that all commands share, in a temporary folder."""
    monkeypatch.chdir(tmp_path)
    study, store = swept
    return [study.file, "--store", store]


@pytest.fixture
def limit(swept):
    """Return a limit of loneliness that about half of the points exceed."""
    return f"{results(*swept)['loneliness_ucla20'].median():.2f}"


def test_a_discovery_is_told_and_written(dayroom, here, limit, capsys, tmp_path, redrawn):
    when = f"loneliness_ucla20 > {limit}"
    assert dayroom("discover", *here, "--lever", "circle", "--fails", when, "--csv") == 0
    said = capsys.readouterr()
    assert "circle fails in " in said.out
    assert "points are left out, because runs of theirs are missing" in said.out.replace("\n  ", " ")
    folder = tmp_path / "results" / "small-circle-fails"
    points = pd.read_parquet(folder / "points.parquet")
    assert pd.read_csv(folder / "points.csv").shape == points.shape
    about = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert about["failures"] == points["fails"].sum()
    assert about["rule"] == {"outcome": "loneliness_ucla20", "judged": "value", "sign": ">", "limit": float(limit)}
    provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["study"] == "small"
    failed = pd.read_csv(folder / "failures.csv")
    assert provenance["failed_runs"] == about["failed_runs"] == len(failed) > 0
    assert failed["again"].str.startswith("dayroom ").all()
    assert (folder / "study.yaml").is_file()
    assert "differences.png" in (folder / "figures" / "captions.txt").read_text(encoding="utf-8")
    assert "daily.parquet" not in (folder / "README.txt").read_text(encoding="utf-8")
    assert not redrawn(folder)
    assert dayroom(*shlex.split(provenance["command"])[1:], "--out", "again", "--quiet") == 0
    for name in ("points.parquet", "boxes.parquet", "summary.json"):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_nothing_is_overwritten_unasked(dayroom, here, capsys):
    words = ["regret", *here, "--quiet"]
    assert dayroom(*words) == 0
    assert capsys.readouterr().out == "results/small-regret-loneliness-ucla20\n"
    assert dayroom(*words) == 2
    assert "a result is there already; --overwrite replaces it" in capsys.readouterr().err
    assert dayroom(*words, "--overwrite") == 0


def test_a_ranking_is_told_and_written(dayroom, here, capsys, tmp_path, redrawn):
    assert dayroom("regret", *here, "--outcome", "burden", "--at-base", 2, "--jobs", 1, "--out", "r") == 0
    said = capsys.readouterr().out.replace("\n  ", " ")
    assert "At the base scenario itself (2 replicates) the best is" in said
    assert "Chance alone sets a limit" in said
    assert "mean place" in said
    folder = tmp_path / "r"
    assert not redrawn(folder)
    levers = pd.read_parquet(folder / "levers.parquet")
    places = pd.read_parquet(folder / "places.parquet")
    assert sorted(levers["lever"]) == ["circle", "respite", "usual-care"]
    first = places[places["place"] == 1].set_index("lever")["share"]
    assert levers.set_index("lever")["share_first"].to_dict() == pytest.approx(first.to_dict())
    about = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert about["order"] == levers["lever"].tolist()
    assert {path.name for path in (folder / "figures").iterdir()} == {"ranks.png", "regret.png", "captions.txt"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["discover", "--lever", "circl"], "--lever: small has no lever 'circl'; did you mean 'circle'?"),
        (["discover", "--lever", "circle", "--against", "x"], "--against: small has no lever 'x'"),
        (["discover", "--lever", "circle", "--outcome", "burdn"], "--outcome: there is no outcome 'burdn'"),
        (["discover", "--lever", "circle", "--outcome", "users"], "--outcome: users: no direction is better"),
        (["discover", "--lever", "circle", "--least", "much"], "--least: loneliness_ucla20: found 'much'"),
        (["discover", "--lever", "circle", "--least", "-1"], "--least: the least improvement that counts: found -1"),
        (["discover", "--lever", "circle", "--fails", "burden"], "--fails: found 'burden', allowed is an outcome"),
        (["discover", "--lever", "circle", "--fails", "burden>1", "--least", "1"], "--least: goes without --fails"),
        (["discover", "--lever", "circle", "--fails", "burden>1", "--outcome", "users"], "leave one of them out"),
        (["discover", "--lever", "circle", "--boxes", "0"], "'--boxes': found '0', allowed is a whole number from 1"),
        (["discover", "--lever", "usual-care"], "usual-care is compared with itself"),
        (["regret", "--outcome", "burdn"], "--outcome: there is no outcome 'burdn'; did you mean 'burden'?"),
        (["regret", "--lever", "circl"], "--lever: small has no lever 'circl'"),
        (["regret", "--lever", "circle"], "a ranking takes at least 2 levers; found circle"),
        (["regret", "--outcome", "users"], "no direction is better, so there is nothing to rank by"),
        (["regret", "--at-base", "0"], "'--at-base': found '0', allowed is a whole number from 1"),
    ],
)
def test_bad_input_is_told_and_leaves_nothing(dayroom, here, capsys, tmp_path, words, said):
    assert dayroom(words[0], *here, *words[1:]) == 2
    printed = capsys.readouterr()
    assert said in " ".join(printed.err.replace("│", " ").split())
    assert "Traceback" not in printed.err
    assert list(tmp_path.iterdir()) == []


def test_a_store_without_the_runs_says_how_to_make_them(dayroom, here, capsys, tmp_path):
    for words in (["discover", here[0], "--lever", "circle"], ["regret", here[0]]):
        assert dayroom(*words, "--store", tmp_path / "empty") == 2
        assert "holds no run of small; make them with: dayroom sweep" in capsys.readouterr().err


def test_a_missing_extra_is_named(dayroom, here, capsys, monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert dayroom("discover", *here, "--lever", "circle") == 2
    assert "pip install 'dayroom[analysis]'" in " ".join(capsys.readouterr().err.replace("│", " ").split())
