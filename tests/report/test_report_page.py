"""The report as HTML: what it holds, that it is safe, complete, and in one language."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from experiments.report.rendering import html
from experiments.report.reports import report_of
from sim.language import Language, speaking
from sim.sources import SOURCES
from tests.report.conftest import HOSTILE, LONG
from tests.report.reading import read
from tools.messages import translations

LATIN = re.compile(r"[A-Za-z]{2,}")
LINK = re.compile(r"https://doi\.org/\S+")
SECTIONS = [
    "question", "answer", "picture", "losers", "hinges", "not-for", "effects", "groups", "certainty", "costs", "model",
    "validation", "differences", "repeat", "cheers", "stress",
]  # fmt: skip


@pytest.fixture(params=["en", "zh"])
def page(request: pytest.FixtureRequest, pages: dict[str, str]) -> str:
    return pages[request.param]


def test_it_has_every_part_in_order(page: str) -> None:
    assert [values["id"] for tag, values in read(page).tags if tag == "section"] == SECTIONS


def test_it_has_no_script_and_no_address_but_dois(page: str) -> None:
    tags = read(page).tags
    assert {"script", "iframe", "object", "embed", "link"} & {tag for tag, _ in tags} == set()
    assert [name for _, values in tags for name in values if name.startswith("on")] == []
    addresses = [
        value for _, values in tags for name, value in values.items() if name in ("src", "href", "xlink:href", "action")
    ]
    assert [
        one for one in addresses if not one.startswith(("#", "https://doi.org/10.", "data:image/png;base64,"))
    ] == []
    assert re.findall(r"url\((?!#)[^)]*\)", page) == []
    assert "@import" not in page
    assert len(page.encode("utf-8")) < 5_000_000


def test_hostile_texts_are_shown_as_written(page: str) -> None:
    words = "".join(read(page).words)
    assert 'alert("x")' in words
    assert "{{ 7*7 }}" in words
    assert "<script>" not in page
    assert "<b>&amp; %" in words


def test_headings_do_not_skip_a_level(page: str) -> None:
    levels = read(page).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert max(after - before for before, after in pairwise(levels)) == 1


def test_figures_have_words_and_tables_behind_them(page: str) -> None:
    tags = read(page).tags
    figures = [values for tag, values in tags if tag == "svg"]
    assert len(figures) >= 5
    identities = [values["id"] for _, values in tags if "id" in values]
    assert len(identities) == len(set(identities))
    for values in figures:
        assert values["role"] == "img"
        assert {values["aria-labelledby"], values["aria-describedby"]} <= set(identities)
    assert sum(tag == "details" for tag, _ in tags) >= 3


def test_the_language_is_stated(pages: dict[str, str]) -> None:
    assert '<html lang="en">' in pages["en"]
    assert '<html lang="zh-CN">' in pages["zh"]


def test_the_chinese_page_has_no_english_sentence(pages: dict[str, str], results: Path) -> None:
    known = [*translations().values(), HOSTILE, LONG, *(source.authors for source in SOURCES.values())]
    known += [path.read_text(encoding="utf-8") for path in results.glob("scenarios/*/scenario.yaml")]
    known.append((results / "provenance.json").read_text(encoding="utf-8"))
    allowed = {word for text in known for word in LATIN.findall(text)}
    allowed |= {word for text in pages["en"].split("data-key=")[1:] for word in LATIN.findall(text.split(">")[0])}
    found = {word for text in read(pages["zh"]).words for word in LATIN.findall(LINK.sub("", text))}
    assert found - allowed == set()
    assert {"the", "of", "is"} & found == set()


def test_chinese_numbers_stand_without_spaces(pages: dict[str, str]) -> None:
    text = re.sub(r"<[^>]+>", "", pages["zh"].split("<main")[1])
    assert (
        re.findall(r"[\u4e00-\u9fff] \d|\d [\u4e00-\u9fff]", "\n".join(re.findall(r"[^\n]*[。；][^\n]*", text))) == []
    )


def test_own_groups_budget_and_question_appear(page: str) -> None:
    words = read(page).words
    assert any("年轻学员" in word for word in words)
    assert any("增加哪一项措施" in word for word in words)
    assert any("静安阳光心园（现状）" in word for word in words)
    assert any(LONG in word for word in words)


def test_the_answer_has_four_points(pages: dict[str, str]) -> None:
    for text, end in ((pages["en"], "."), (pages["zh"], "。")):
        box = text.split('<div class="box">')[1].split("</div>")[0]
        items = re.findall(r"<li>(.*?)</li>", box)
        assert len(items) == 4
        assert all(item.endswith(end) for item in items)


def test_the_box_says_what_the_report_may_not_be_used_for(pages: dict[str, str]) -> None:
    assert "不得据此对任何个人作出决定。" in pages["zh"]
    assert "用于比较措施，不是对某个中心的预测。" in pages["zh"]
    assert "Not for decisions about a person." in pages["en"]


def test_checklists_have_every_item(pages: dict[str, str]) -> None:
    cheers = pages["en"].split('<table class="cheers">')[1].split("</table>")[0]
    assert cheers.count("<tr>") == 28 + 1
    assert "https://doi.org/10.1136/bmj-2021-067975" in pages["en"]
    assert pages["zh"].split('<table class="stress">')[1].split("</table>")[0].count("<tr>") == 23 + 1
    assert "https://doi.org/10.1080/17477778.2018.1442155" in pages["zh"]


def test_the_brief_is_page_one_alone(results: Path) -> None:
    with speaking(Language.zh):
        page = html.render(report_of(results, brief=True)).decode("utf-8")
    tags = read(page).tags
    assert [values["id"] for tag, values in tags if tag == "section"] == SECTIONS[:6]
    assert "nav" not in {tag for tag, _ in tags}
