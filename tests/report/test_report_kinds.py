"""Reports of a run, a search over portfolios, a swept study and a comparison over draws, in both languages."""

from pathlib import Path

import pytest

from experiments.report.rendering import html
from experiments.report.reports import report_of
from experiments.report.study.document import report_of_study
from experiments.studies import load_study
from sim.language import Language, speaking
from tests.conftest import Dayroom
from tests.report.conftest import BASE
from tests.report.reading import read
from tools.messages import translations

TINY = BASE.replace("days: 42", "days: 21").replace("users: 10", "users: 6").replace("3 h/week", "2 h/week")
STUDY = """\
title: 小研究
question: 哪项措施更好？
base: tiny.yaml
levers: {usual-care: {}, rest: {policies: {r: {policy: respite}}}}
factors:
  rules.wellbeing.burden_days: {from: 10, to: 40}
design: {kind: latin_hypercube, points: 3}
replicates: 2
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "rest.yaml").write_text("extends: tiny.yaml\npolicies: {r: {policy: respite}}\n", encoding="utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def sections(page: str) -> list[str]:
    return [values["id"] for tag, values in read(page).tags if tag == "section"]


@pytest.mark.slow
def test_a_run_writes_its_report_with_it(dayroom: Dayroom, tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["run", tiny / "tiny.yaml", "--replicates", 2, "--seed", 1, "--jobs", 1, "--out", tiny / "made", "--report"]
    assert dayroom("--lang", "zh", *words) == 0
    file = tiny / "made-report-zh.html"
    assert f"报告：{file}" in capsys.readouterr().out
    page = file.read_text(encoding="utf-8")
    assert {"question", "answer", "hinges", "not-for", "effects", "groups", "certainty", "model"} <= set(sections(page))
    assert "年轻学员" in page
    assert "没有作比较" in page


def test_a_search_over_portfolios_has_a_report(dayroom: Dayroom, tiny: Path) -> None:
    pytest.importorskip("pymoo")
    search = ["--lever", "respite:1", "--lever", "help_cap:1", "--replicates", 2, "--fresh", 10, "--population", 4]
    more = ["--generations", 1, "--jobs", 1, "--quiet", "--out", tiny / "found"]
    assert dayroom("portfolio", tiny / "tiny.yaml", *search, *more) == 0
    for name in Language:
        with speaking(name):
            page = html.render(report_of(tiny / "found")).decode("utf-8")
        assert sections(page)[:6] == ["question", "answer", "picture", "losers", "hinges", "not-for"]
        assert '<table class="portfolios">' in page


def test_a_swept_study_has_a_report(
    dayroom: Dayroom, tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny)
    store = tiny / "store"
    words = ["--store", store, "--executor", "inline", "--report"]
    assert dayroom("--lang", "zh", "sweep", tiny / "study.yaml", *words) == 0
    file = Path("results", "study-report-zh.html")
    assert f"报告：{file}" in capsys.readouterr().out
    written = file.read_text(encoding="utf-8")
    with speaking(Language.zh):
        report = report_of_study(load_study(tiny / "study.yaml"), store)
        page = html.render(report).decode("utf-8")
    assert sections(written) == sections(page)
    assert sections(page)[:6] == ["question", "answer", "picture", "losers", "hinges", "not-for"]
    numbers = {key: value for key, value, _ in read(page).numbers}
    assert numbers["study/done"] == numbers["study/planned"] == 12.0
    assert translations()["How slowly burden falls back to what life outside leaves"] in page


@pytest.mark.slow
def test_a_comparison_over_draws_says_what_turns_and_what_knowing_is_worth(dayroom: Dayroom, tiny: Path) -> None:
    files = [tiny / "tiny.yaml", tiny / "rest.yaml"]
    words = ["--replicates", 2, "--seed", 1, "--uncertain", 2, "--jobs", 1, "--quiet", "--out", tiny / "drawn"]
    assert dayroom("compare", *files, *words) == 0
    for name, few in ((Language.en, "The draws are too few"), (Language.zh, "抽样次数过少")):
        with speaking(name):
            page = html.render(report_of(tiny / "drawn")).decode("utf-8")
        assert few in page
        assert '<table class="over_draws">' in page
