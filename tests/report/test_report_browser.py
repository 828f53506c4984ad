"""The report in a real browser: no request, no error, accessible, readable on a telephone, and printed on A4."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from experiments.report.rendering import html
from experiments.report.reports import report_of
from sim.language import Language, speaking

pypdf = pytest.importorskip("pypdf")


@pytest.fixture(params=["en", "zh"])
def opened(request: pytest.FixtureRequest, chromium: Any, pages: dict[str, str], tmp_path: Path) -> Any:
    """Return the page of a report, opened from a file, with the requests and errors it made."""
    file = tmp_path / "report.html"
    file.write_text(pages[request.param], encoding="utf-8")
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    requests, errors = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    yield page, requests, errors, file
    page.close()


def test_it_asks_for_nothing_and_has_no_errors(opened: Any) -> None:
    _, requests, errors, file = opened
    assert requests == [file.as_uri()]
    assert errors == []


@pytest.mark.slow
def test_it_passes_axe(opened: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, *_ = opened
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_keyboard_reaches_the_report_and_the_folded_tables(opened: Any) -> None:
    page, *_ = opened
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1


def test_a_telephone_scrolls_down_only(opened: Any) -> None:
    page, *_ = opened
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("language", list(Language))
def test_the_brief_prints_on_one_page(language: Language, chromium: Any, results: Path, tmp_path: Path) -> None:
    file = tmp_path / "brief.html"
    with speaking(language):
        file.write_bytes(html.render(report_of(results, brief=True)))
    page = chromium.new_page()
    page.goto(file.as_uri())
    printed = pypdf.PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    assert len(printed.pages) == 1


@pytest.mark.slow
def test_it_prints_on_a4(opened: Any) -> None:
    page, *_ = opened
    pages = pypdf.PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert 6 <= len(pages) <= 30
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]
