"""The record of all outputs: the same outputs give the same digests, times and places aside."""

import json
import re

import pandas as pd
import pytest

from tools import freeze


def written(folder, value="0.4674480967223644", seconds="3.2 s"):
    folder.mkdir()
    (folder / "out.txt").write_text(f"{value} after {seconds} in {folder}, model {'ab12' * 8}\n", encoding="utf-8")
    (folder / "daily.csv").write_text(f"day,value\n0,{value}\n", encoding="utf-8")
    about = {"seed": 3, "started": f"2026-01-01T00:00:0{len(seconds)}", "machine": str(folder)}
    (folder / "provenance.json").write_text(json.dumps(about), encoding="utf-8")
    pd.DataFrame({"value": [float(value)]}).to_parquet(folder / "daily.parquet")
    return freeze.digests(folder)


def test_times_places_and_versions_do_not_count(tmp_path):
    assert written(tmp_path / "one") == written(tmp_path / "two", seconds="12 s")


@pytest.mark.parametrize("name", ["out.txt", "daily.csv", "daily.parquet"])
def test_a_number_counts(tmp_path, name):
    one, other = written(tmp_path / "one"), written(tmp_path / "two", value="0.4674480967223655")
    assert one[name] != other[name]
    assert one["provenance.json"] == other["provenance.json"]


def test_what_differs_is_listed(tmp_path, capsys):
    for name, status, files in (("old", 0, {"a": "1", "b": "2"}), ("new", 2, {"a": "1", "c": "3"})):
        record = {"commands": {"run": {"status": status}}, "files": files}
        (tmp_path / name).write_text(json.dumps(record), encoding="utf-8")
    assert freeze.compare(tmp_path / "old", tmp_path / "old") == 0
    assert freeze.compare(tmp_path / "old", tmp_path / "new") == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[1:] == ["other: command run", "gone: file b", "new: file c", "3 of 3 differ"]


def test_every_command_shows_its_help():
    from experiments.cli.app import COMMANDS

    helped = [tuple(arguments[:-1]) for _, arguments in freeze.helps()]
    assert {("scenario", "template"), ("report",), (), *((name,) for name in COMMANDS)} <= set(helped)
    assert len(set(helped)) == len(helped)


def test_every_command_is_called():
    called = [tuple(arguments) for _, arguments in [*freeze.commands(), *freeze.scenarios()]]
    leaves = [words for words in freeze.subcommands() if words not in {("app",), ("scenario",)}]
    assert [words for words in leaves if not any(call[: len(words)] == words for call in called)] == []
    assert any("--report" in call for call in called)


def test_calls_have_names_of_their_own():
    names = [name for name, _ in [*freeze.helps(), *freeze.scenarios(), *freeze.commands()]]
    assert len({re.sub(r"\W+", "-", name) for name in names}) == len(names)
