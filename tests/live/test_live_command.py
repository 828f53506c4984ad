"""`dayroom live`, and `dayroom.live`."""

import re

import pytest

from experiments.live.page import live
from experiments.store.folder import ResultError

SMALL = """extends: baseline
title: A small centre
days: 12
settling: 20 days
seed: 4
replicates: 10
centres: {park: {users: 8}}
"""


@pytest.fixture
def small(tmp_path):
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return file


def test_the_command_writes_a_page_in_a_language(dayroom, small, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert dayroom("live", small, "--lang", "zh") == 0
    assert capsys.readouterr().out.strip() == "small-live-zh.html"
    page = (tmp_path / "small-live-zh.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert "本页面的局限" in page
    assert not re.search(r"(?:src|href)=.https?://", page)
    assert dayroom("live", small, "--lang", "zh") == 2
    assert "--overwrite" in capsys.readouterr().err
    assert dayroom("live", small, "--lang", "zh", "--overwrite") == 0


def test_the_command_refuses_another_ending_and_a_scenario_of_lists(dayroom, small, tmp_path, capsys):
    assert dayroom("live", small, "--out", tmp_path / "page.pdf") == 2
    assert "ends in .html" in capsys.readouterr().err
    assert dayroom("live", "fourteen-participants", "--out", tmp_path / "page.html") == 2
    assert "listed users take their seats in Python" in capsys.readouterr().err
    assert not (tmp_path / "page.html").exists()


def test_the_same_scenario_gives_the_same_page(small, tmp_path):
    pages = [live(small, tmp_path / name).read_bytes() for name in ("one.html", "two.html")]
    assert pages[0] == pages[1]
    with pytest.raises(ResultError, match=r"ends in \.html"):
        live(small, tmp_path / "page")
