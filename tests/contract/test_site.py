"""The site: it builds without a warning, works without the network, and its links and reference are right."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from reading import ROOT

import dayroom
from experiments.statistics.verdict import most_differing
from sim.outcomes.catalogue import OUTCOMES
from sim.outcomes.measures import MEASURES
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS, Mechanisms
from tools import pictures, reference
from tools.site_pages import LINK, linked

PAGES = sorted(
    [*(ROOT / "docs").rglob("*.md"), *(ROOT / "sim").glob("*.md"), *ROOT.glob("*.md"), ROOT / "scenarios" / "README.md"]
)
THEMES = (ROOT / "docs" / "themes.md").read_text(encoding="utf-8")


class Addresses(HTMLParser):
    """Collects what a page fetches by itself: scripts, styles, pictures, fonts."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of a tag that fetches."""
        known = dict(attrs)
        if tag in ("script", "img", "source", "iframe") and known.get("src"):
            self.fetched.append(str(known["src"]))
        if tag == "link" and known.get("rel") in ("stylesheet", "icon", "preconnect", "preload"):
            self.fetched.append(str(known.get("href")))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site."""
    folder = tmp_path_factory.mktemp("site")
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(words, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder


@pytest.mark.slow
def test_the_site_fetches_nothing_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        addresses = Addresses()
        addresses.feed(page.read_text(encoding="utf-8"))
        fetched = [one for one in addresses.fetched if not one.startswith("data:")]
        assert fetched
        assert [one for one in fetched if re.match(r"(\w+:)?//", one)] == [], page
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"url\(\s*[\"']?https?:", styles) == []


@pytest.mark.slow
def test_the_search_finds_pages_of_both_languages_without_a_server(site: Path) -> None:
    text = (site / "search" / "search_index.js").read_text(encoding="utf-8")
    pages = json.loads(text.removeprefix("var __index = "))["docs"]
    assert any("孤\u200b独\u200b感" in page["text"] for page in pages)
    assert any(page["location"].startswith("sim/MODEL.html") for page in pages)
    assert any(page["location"].startswith("notebooks/from-scenario-to-figure.html") for page in pages)


@pytest.mark.slow
def test_the_site_has_the_chinese_letters_that_it_uses(site: Path) -> None:
    fonts = pytest.importorskip("fontTools.ttLib")
    pytest.importorskip("mplfonts")
    letters = fonts.TTFont(site / "assets" / "chinese.woff").getBestCmap()
    text = (ROOT / "docs" / "tutorial-analyst.zh.md").read_text(encoding="utf-8")
    assert {one for one in text if ord(one) > 0x2E7F and ord(one) not in letters} == set()


@pytest.mark.parametrize(
    ("page", "link", "address"),
    [
        ("policies.md", "words.md#users", "words.md#users"),
        ("policies.md", "../sim/MODEL.md", "sim/MODEL.md"),
        ("findings/index.md", "../policies.md", "../policies.md"),
        ("sim/MODEL.md", "MODEL-STATE.md", "MODEL-STATE.md"),
        ("CHANGELOG.md", "docs/policies.md", "policies.md"),
        ("index.md", "notebooks/from-scenario-to-figure.ipynb", "notebooks/from-scenario-to-figure.md"),
        ("index.md", "https://example.org/a.md", "https://example.org/a.md"),
        ("index.md", "missing.md", "missing.md"),
    ],
)
def test_a_link_leads_to_where_the_site_has_its_target(page: str, link: str, address: str) -> None:
    known = {"policies.md", "words.md", "sim/MODEL.md", "sim/MODEL-STATE.md", "notebooks/from-scenario-to-figure.md"}
    assert linked(f"See [it]({link}).", page, known) == f"See [it]({address})."


def test_a_link_to_what_the_site_does_not_hold_becomes_its_text() -> None:
    assert linked("See [the code](../sim/run.py).", "policies.md", set()) == "See the code."


def test_code_keeps_its_brackets() -> None:
    code = "```python\nrules[0](policies.md)\n```"
    assert linked(code, "index.md", {"policies.md"}) == code


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    prose = re.sub(r"^```.*?^```$|`[^`\n]+`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert [match[1] for match in LINK.finditer(prose) if not (page.parent / match[1]).exists()] == []


def test_every_page_is_in_the_table_of_contents() -> None:
    listed = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert {page for page in pages if f": {page}\n" not in listed} == set()


def test_the_reference_of_python_has_every_public_name_once() -> None:
    names = [name for group in reference.GROUPS.values() for name in group]
    assert sorted(names) == dayroom.__all__


def test_the_reference_of_scenarios_has_every_parameter() -> None:
    text = (ROOT / "docs" / "reference-scenario.md").read_text(encoding="utf-8")
    assert [one.path for one in SCENARIO_PARAMETERS if f"| `{one.path.rpartition('.')[2]}` |" not in text] == []


def test_the_themes_name_what_there_is() -> None:
    parameters = {one.path for one in SCENARIO_PARAMETERS}
    named = set(re.findall(r"`((?:rules|users)\.[\w.]+)`", THEMES))
    assert named
    assert named <= parameters
    rows = [line.split(" | ") for line in THEMES.splitlines() if line.count(" | ") == 6 and "`" in line]
    assert len(rows) == 8
    for row in rows:
        [switch] = re.findall(r"\(`(\w+)`\)", row[3])
        assert switch in Mechanisms.model_fields
        file = row[4].strip("`")
        assert (ROOT / file if "/" in file else ROOT / "sim" / "rules" / file).is_file()
        assert set(re.findall(r"`(\w+)`", row[6])) <= OUTCOMES.keys()
    [policies] = re.findall(r"## What the study asked for\n(.*)", THEMES, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", policies)) <= dayroom.POLICIES.keys()


def test_the_outcomes_of_the_reference_are_in_both_languages() -> None:
    text = (ROOT / "docs" / "reference-outcomes.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == len(OUTCOMES) + len([one for one in MEASURES if one.name not in OUTCOMES])
    assert [row[0] for row in rows if not re.search(r"[\u4e00-\u9fff]", row[2])] == []


def test_the_page_of_verdicts_gives_the_bound_for_differences_that_nobody_saw() -> None:
    text = (pictures.DOCS / "reading-intervals.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| no difference seen |"))
    assert "does not touch" not in row
    for pairs, word in ((10, "ten"), (100, "a hundred")):
        assert f"{100 * most_differing(pairs):.0f} % for {word}" in row


def test_what_pairing_gains_has_an_interval_on_its_page() -> None:
    text = (pictures.DOCS / "common-random-numbers.md").read_text(encoding="utf-8")
    (gained,) = re.findall(r"roughly (\d+) times as many \(95 % interval (\d+) to (\d+), from \d+ pairs\)", text)
    assert int(gained[1]) < int(gained[0]) < int(gained[2])


def test_the_pages_show_the_record_of_the_pictures() -> None:
    assert pictures.main(["--check"]) == 0
    assert all(
        (pictures.PICTURES / f"{name}.png").stat().st_size > 10_000 for name in ("measures", "intervals", "paired")
    )
