"""One small comparison with groups of one's own, a budget and hostile texts, and its reports."""

from pathlib import Path

import pytest

from experiments.report.content import Report
from experiments.report.rendering import html
from experiments.report.reports import report_of
from sim.language import Language, speaking
from tests.browser import chromium
from tests.report.edited_comparison import edited

__all__ = ["chromium", "edited"]

HOSTILE = """<script>alert("x")</script> #let x = 1 $a_b$ {{ 7*7 }} {% raw %} `c` *b* @x <b>&amp; %"""
LONG = "很长的标题" * 40
BASE = """\
extends: baseline
title: 静安阳光心园（现状）
question: 增加哪一项措施，可以减轻学员的孤独感，而又不加重负担？
first_date: 2027-03-01
days: 42
settling: 0
budget: {hours: 3 h/week, money: 4000 CNY/month}
groups: {"年轻学员": age < 35, "老学员": age >= 35}
replace: [centres]
centres: {park: {users: 10}}
network: {kind: none}
"""
OTHERS = {
    "workers": ("两名同伴支持工作者", "{w: {policy: peer_support_workers}}"),
    "rest": (LONG, "{r: {policy: respite}}"),
    "hostile": (HOSTILE, "{c: {policy: help_cap}}"),
}


def write_scenarios(folder: Path) -> list[str]:
    """Write the base and its alternatives; return their files."""
    (folder / "ours.yaml").write_text(BASE, encoding="utf-8")
    for name, (title, policies) in OTHERS.items():
        text = f"extends: ours.yaml\ntitle: '{title}'\npolicies: {policies}\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [str(folder / f"{name}.yaml") for name in ("ours", *OTHERS)]


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the comparison, made by the command."""
    from experiments.cli.app import main

    folder = tmp_path_factory.mktemp("compared")
    files = write_scenarios(folder)
    words = ["compare", *files, "--replicates", "10", "--seed", "1", "--jobs", "1", "--quiet"]
    with speaking(Language.en), pytest.raises(SystemExit) as end:
        main([*words, "--out", str(folder / "made")])
    assert not end.value.code
    return folder / "made"


@pytest.fixture(scope="session")
def reports(results: Path) -> dict[str, Report]:
    """Return the report in each language."""
    made = {}
    for name in Language:
        with speaking(name):
            made[str(name)] = report_of(results)
    return made


@pytest.fixture(scope="session")
def pages(reports: dict[str, Report]) -> dict[str, str]:
    """Return the report as HTML in each language."""
    made = {}
    for name, report in reports.items():
        with speaking(Language(name)):
            made[name] = html.render(report).decode("utf-8")
    return made
