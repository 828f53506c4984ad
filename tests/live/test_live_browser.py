"""The live page in Chromium, from a file: the bits of the native engine, no request, no complaint."""

import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from experiments.designs.replicates import replicates
from experiments.live.page import page
from experiments.measures.runs import measured
from experiments.statistics.paired import differences_of, paired_interval
from sim.engine import Engine
from sim.language import Language, speaking
from sim.run import run
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.files import shipped_files

DONE = "body[data-done=true]"
PAIRS = 20
SHORT = {"days": 60, "settling": 60, "seed": 5, "replicates": PAIRS}


@pytest.fixture(scope="module")
def file(wasm, tmp_path_factory):
    assert wasm
    place = tmp_path_factory.mktemp("live") / "page.html"
    place.write_bytes(page(load_scenario("baseline").with_changes(**SHORT)))
    return place


@pytest.fixture(scope="module")
def opened(chromium, file):
    """Return the page after its first runs, with what it complained of and asked for."""
    sheet = chromium.new_page(accept_downloads=True)
    heard: list[str] = []
    sheet.on("console", lambda message: heard.append(message.text))
    sheet.on("pageerror", lambda error: heard.append(str(error)))
    sheet.on("request", lambda request: heard.append(request.url))
    sheet.goto(file.as_uri())
    sheet.wait_for_selector(DONE, timeout=120_000)
    yield sheet, heard
    sheet.close()


def move(sheet: Any, stops: dict[str, int]) -> None:
    """Move sliders to some of their stops, and wait for the pairs."""
    keys = sheet.evaluate("dayroom.page.sliders.map(one => one.key)")
    for key, stop in stops.items():
        sheet.locator(f"#slider-{keys.index(key)}").fill(str(stop))
    wait(sheet)


def wait(sheet: Any) -> None:
    """Wait until the page has all pairs; it is not done from the moment a slider moves."""
    sheet.wait_for_selector(DONE, timeout=120_000)


def moved_to_an_end(sheet: Any, last: bool) -> None:
    """Move every slider to its first or its last stop."""
    stops = dict(sheet.evaluate("dayroom.page.sliders.map(one => [one.key, one.values.length - 1])"))
    move(sheet, {key: stop if last else 0 for key, stop in stops.items()})


def digests(scenario: Scenario, seeds: list[int]) -> list[str]:
    """Return the digest of each native run, as the page makes it."""
    made = []
    for seed in seeds:
        engine = Engine(scenario, seed)
        engine.advance(scenario.days)
        content = (np.ascontiguousarray(array).tobytes() for array in (engine.state.ledger, engine.state.ties))
        made.append(f"{zlib.crc32(b''.join(content)):08x}")
    return made


def seen(sheet: Any, side: str) -> list[str]:
    """Return the digests of the page's runs, as it was ("base") or as moved ("moved")."""
    return [one["digest"] for one in sheet.evaluate(f"dayroom.chosen.{side}")]


def seeds_of(sheet: Any) -> list[int]:
    return [int(one) for one in sheet.evaluate("dayroom.page.layout.seeds")]


def downloaded(sheet: Any, folder: Path) -> Scenario:
    """Return the scenario that the page offers to download."""
    with sheet.expect_download() as waiting:
        sheet.locator("#download").click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return load_scenario(file)


def test_twenty_pairs_have_the_bits_of_the_native_engine(opened, tmp_path):
    sheet, heard = opened
    seeds = seeds_of(sheet)
    scenario = load_scenario("baseline").with_changes(**SHORT)
    assert seeds == [one.seed for one in replicates(5, PAIRS)]
    native = digests(scenario, seeds)
    assert seen(sheet, "base") == native
    move(sheet, {"centre.staff": 15, "encounters.chaxugeju": 3, "disclosure_threshold.mean": 2})
    again = downloaded(sheet, tmp_path)
    assert not set(seen(sheet, "moved")) & set(native)
    assert seen(sheet, "moved") == digests(again, seeds)
    assert (again.seed, again.replicates) == (5, PAIRS)
    assert again.rules.encounters.chaxugeju != scenario.rules.encounters.chaxugeju
    assert [one for one in heard if not one.startswith("blob:")] == [sheet.url.partition("#")[0]]


@pytest.mark.parametrize("last", [False, True])
def test_every_slider_gives_the_bits_of_the_native_engine(opened, tmp_path, last):
    """What a stop changes is all that its value changes."""
    sheet, _ = opened
    moved_to_an_end(sheet, last)
    again, seeds = downloaded(sheet, tmp_path), seeds_of(sheet)
    assert seen(sheet, "moved") == digests(again, seeds)


@pytest.mark.parametrize(
    "name",
    [
        "peer-support-workers",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in sorted(shipped_files())
            if name not in ("baseline", "peer-support-workers", "fourteen-participants", "city", "district", "roll-out")
        ),
    ],
)
def test_other_scenarios_have_the_bits_of_the_native_engine(chromium, tmp_path, name):
    """Left out: the baseline, which is above; listed users, who take seats in Python; and those that take minutes."""
    scenario = load_scenario(name)
    scenario = scenario.with_changes(days=40, settling=min(scenario.settling, 40), seed=5, replicates=10)
    file = tmp_path / "page.html"
    file.write_bytes(page(scenario))
    sheet = chromium.new_page()
    sheet.goto(file.as_uri())
    sheet.wait_for_selector(DONE, timeout=120_000)
    seeds = seeds_of(sheet)
    assert seen(sheet, "base") == digests(scenario, seeds)
    for last in (False, True):
        moved_to_an_end(sheet, last)
        assert seen(sheet, "moved") == digests(downloaded(sheet, tmp_path), seeds)
    sheet.close()


def test_intervals_are_those_of_a_comparison(opened):
    sheet, _ = opened
    sheet.evaluate(
        "new Promise(moved => {"
        "  addEventListener('hashchange', moved, {once: true}); location.hash = '#centre.staff=6' })"
    )
    wait(sheet)
    scenario = load_scenario("baseline").with_changes(**SHORT)
    more = scenario.with_changes(centres={"park": {**scenario.centres["park"].model_dump(), "staff": 6.0}})
    runs = [[measured(run(one, seed)) for seed in seeds_of(sheet)] for one in (scenario, more)]
    for name in ("loneliness_ucla20", "burden", "group_identity"):
        row = sheet.locator(f"#table tr[data-outcome={name}]")
        found = [float(row.get_attribute(f"data-{which}")) for which in ("difference", "low", "high")]
        base, moved = (np.array([one.ends[name] for one in side]) for side in runs)
        each = differences_of(base, moved)
        assert found == pytest.approx([each.mean(), *paired_interval(each)], rel=1e-9)
    group = sheet.locator("#groups tr[data-group=women] td").nth(1).text_content()
    base, moved = ([one.groups["women", "loneliness_ucla20"][0] for one in side] for side in runs)
    assert float(group.replace("−", "-")) == pytest.approx(np.subtract(moved, base).mean(), abs=0.006)


def test_a_link_holds_the_places_of_the_sliders(opened, chromium, file):
    sheet, _ = opened
    sheet.locator("#reset").click()
    move(sheet, {"attendance.base_share": 4})
    assert "attendance.base_share=0.48" in sheet.url
    other = chromium.new_page()
    other.goto(file.as_uri() + "#" + sheet.url.partition("#")[2])
    other.wait_for_selector(DONE, timeout=120_000)
    assert seen(other, "moved") == seen(sheet, "moved")
    other.locator("#reset").click()
    other.wait_for_selector("#moved", state="hidden")
    assert other.url.endswith("#")
    other.close()


def test_the_network_of_a_pair_shows_both_runs(opened):
    sheet, heard = opened
    sheet.locator("#look > summary").click()
    sheet.wait_for_selector("#networks svg", timeout=120_000)
    assert sheet.locator("#networks svg").count() == 2
    there = len(Engine(load_scenario("baseline").with_changes(**SHORT), seeds_of(sheet)[0]).enrolled)
    assert sheet.locator("#networks svg").first.locator("circle").count() == there
    sheet.locator("#day").fill("30")
    assert sheet.locator("#which-day").text_content() == "day 30"
    assert not [one for one in heard if not one.startswith(("blob:", "file:"))]


def test_the_page_is_accessible_and_works_by_keyboard(opened):
    sheet, _ = opened
    sheet.locator("#slider-0").focus()
    before = sheet.locator("#slider-0-value").text_content()
    sheet.keyboard.press("ArrowLeft")
    assert sheet.locator("#slider-0-value").text_content() != before
    wait(sheet)
    result = Axe().run(sheet)
    assert result.violations_count == 0, result.generate_report()


def test_the_page_speaks_chinese_throughout(chromium, tmp_path):
    with speaking(Language.zh):
        made = page(load_scenario("baseline").with_changes(days=10, settling=0, seed=1, replicates=10))
    (tmp_path / "zh.html").write_bytes(made)
    sheet = chromium.new_page(viewport={"width": 390, "height": 844})
    sheet.goto((tmp_path / "zh.html").as_uri() + "#attendance.base_share=0.48")
    sheet.wait_for_selector(DONE, timeout=120_000)
    text = sheet.locator("body").inner_text()
    english = [line for line in text.splitlines() if re.search("[A-Za-z]{4,}", line)]
    assert [line for line in english if not re.search("UCLA|Dayroom|doi.org|SINGLE", line)] == []
    assert sheet.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sheet.close()
