"""`dayroom report --live`: the section of a report that runs its comparison, in Chromium, and what it refuses."""

import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from experiments.live.page import LiveError
from experiments.live.within import join
from sim.language import Language, speaking
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario
from tests.live.test_live_browser import digests, seeds_of, seen

DONE = "#try-page[data-done=true]"
HOSTILE = "<script>alert(1)</script><!-- </template>"
BASE = """extends: baseline
title: A small centre
days: 30
settling: 15 days
centres: {park: {users: 8}}
"""
OTHERS = {
    "rest": "{it: {policy: respite}}",
    "circle": "{it: {policy: disclosure_circle}}",
    "planned": "{it: {policy: codesign}}",
}


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> Path:
    """Return the folder of a small comparison, made by the command."""
    from experiments.cli.app import main

    folder = tmp_path_factory.mktemp("compared")
    (folder / "ours.yaml").write_text(BASE, encoding="utf-8")
    for name, policies in OTHERS.items():
        title = HOSTILE if name == "circle" else name
        text = f"extends: ours.yaml\ntitle: '{title}'\npolicies: {policies}\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    files = [str(folder / f"{name}.yaml") for name in ("ours", *OTHERS)]
    words = ["compare", *files, "--replicates", "10", "--seed", "3", "--jobs", "1", "--quiet"]
    with speaking(Language.en), pytest.raises(SystemExit) as end:
        main([*words, "--out", str(folder / "made")])
    assert not end.value.code
    return folder / "made"


@pytest.fixture(scope="module")
def reported(compared, wasm) -> Path:
    """Return the report that runs, in Chinese."""
    from experiments.cli.app import main

    assert wasm
    with pytest.raises(SystemExit) as end:
        main(["report", str(compared), "--live", "--lang", "zh"])
    assert not end.value.code
    return compared.with_name("made-report-zh.html")


@pytest.fixture(scope="module")
def opened(chromium, reported) -> Any:
    """Return the report in Chromium, its section not yet open, with what it complained of and asked for."""
    sheet = chromium.new_page(viewport={"width": 1280, "height": 900})
    heard: list[str] = []
    sheet.on("console", lambda message: heard.append(message.text))
    sheet.on("pageerror", lambda error: heard.append(str(error)))
    sheet.on("request", lambda request: heard.append(request.url))
    sheet.goto(reported.as_uri())
    yield sheet, heard
    sheet.close()


def both_sides(compared: Path, name: str, moved: dict[str, Any]) -> list[Scenario]:
    """Return base and alternative with some changes to both."""
    there = [load_scenario(compared / "scenarios" / one / "scenario.yaml") for one in ("ours", name)]
    return [one.with_changes(**moved) for one in there]


def test_nothing_runs_before_the_reader_opens_it(opened, reported):
    sheet, heard = opened
    sheet.locator("#try").scroll_into_view_if_needed()
    assert heard == [reported.as_uri()]
    assert sheet.evaluate("typeof dayroom") == "undefined"
    assert len(reported.read_bytes()) < 5_000_000


def test_its_pairs_are_those_of_the_comparison(opened, compared):
    sheet, heard = opened
    sheet.locator("#try-open > summary").click()
    sheet.wait_for_selector(DONE, timeout=120_000)
    base, rest = both_sides(compared, "rest", {})
    assert seen(sheet, "base") == digests(base, seeds_of(sheet))
    assert seen(sheet, "moved") == digests(rest, seeds_of(sheet)) != seen(sheet, "base")
    contrasts = pd.read_parquet(compared / "contrasts.parquet").set_index(["scenario", "outcome"])
    for outcome in ("loneliness_ucla20", "burden"):
        row = sheet.locator(f"#table tr[data-outcome={outcome}]")
        shown = [float(row.get_attribute(f"data-{end}")) for end in ("difference", "low", "high")]
        stored = contrasts.loc[("rest", outcome), ["difference", "low", "high"]]
        assert shown == pytest.approx(list(stored), rel=1e-9, nan_ok=True)
    assert {one.partition(":")[0] for one in heard[1:]} == {"blob"}


def test_an_assumption_moves_both_sides_and_another_alternative_can_be_chosen(opened, compared):
    sheet, _ = opened
    keys = sheet.evaluate("dayroom.page.sliders.map(one => one.key)")
    place = keys.index("attendance.base_share")
    sheet.locator(f"#slider-{place}").fill("2")
    sheet.wait_for_selector(DONE, timeout=120_000)
    share = sheet.evaluate(f"dayroom.page.sliders[{place}].values[2]")
    moved = {"rules": {"attendance": {"base_share": share}}}
    base, rest = both_sides(compared, "rest", moved)
    assert seen(sheet, "base") == digests(base, seeds_of(sheet))
    assert seen(sheet, "moved") == digests(rest, seeds_of(sheet))
    sheet.locator("#other").select_option(label=HOSTILE)
    sheet.wait_for_selector(DONE, timeout=120_000)
    base, circle = both_sides(compared, "circle", moved)
    assert seen(sheet, "base") == digests(base, seeds_of(sheet))
    assert seen(sheet, "moved") == digests(circle, seeds_of(sheet))
    assert sheet.locator("fieldset:visible").count() == sheet.locator("fieldset").count() - 1


def test_it_is_accessible_in_one_language_and_fits_a_telephone(opened):
    sheet, heard = opened
    result = Axe().run(sheet)
    assert result.violations_count == 0, result.generate_report()
    text = sheet.locator("#try").inner_text().replace(HOSTILE, "")
    english = [line for line in text.splitlines() if re.search("[A-Za-z]{4,}", line)]
    assert [line for line in english if not re.search("UCLA|Dayroom|doi.org|SINGLE|rest|planned", line)] == []
    sheet.set_viewport_size({"width": 390, "height": 844})
    assert sheet.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not [one for one in heard if not one.startswith(("blob:", "file:"))]


def test_it_is_not_printed(opened):
    pypdf = pytest.importorskip("pypdf")
    sheet, _ = opened
    printed = pypdf.PdfReader(BytesIO(sheet.pdf(prefer_css_page_size=True)))
    sheet.emulate_media(media="print")
    assert not sheet.locator("#try").is_visible()
    sheet.emulate_media(media="screen")
    assert len(printed.pages) > 1


def test_an_alternative_that_cannot_run_is_named(reported):
    text = reported.read_text(encoding="utf-8")
    assert "此处没有“planned”" in text
    assert "alert(1)</script>" not in text


def test_alternatives_are_joined_or_left_out_with_the_reason(compared):
    there = [load_scenario(compared / "scenarios" / one / "scenario.yaml") for one in ("ours", *OTHERS)]
    more = there[0].with_changes(name="more", rules={"attendance": {"base_share": 0.5}})
    joined = join({one.name: one.with_changes(seed=1) for one in (*there, more)})
    assert joined.base == ()
    assert joined.others == {"rest": ("it",), "circle": ("it-2",)}
    assert {name: why.split()[1] for name, why in joined.left_out.items()} == {"more": "differs", "planned": "starts"}
    with pytest.raises(LiveError, match="differs from the base in more than policies"):
        join({one.name: one.with_changes(seed=1) for one in (there[0], more)})


@pytest.mark.parametrize(
    ("words", "message"), [(["--brief"], "leave --brief out"), (["--format", "pdf"], "ends in .html")]
)
def test_what_cannot_run_is_refused(words, message, dayroom, compared, capsys):
    assert dayroom("report", compared, "--live", *words) == 2
    assert message in capsys.readouterr().err


def test_a_study_is_refused(dayroom, capsys):
    assert dayroom("report", "ranking-of-policies", "--live") == 2
    assert "works with folders of compare and run" in capsys.readouterr().err


def test_a_result_of_another_version_is_reported_without_the_section(dayroom, compared, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(compared, copy)
    origin = (copy / "provenance.json").read_text(encoding="utf-8")
    (copy / "provenance.json").write_text(re.sub('"model_digest": "[0-9a-f]+', '"model_digest": "00', origin))
    assert dayroom("report", copy, "--live") == 0
    assert "The report has no section that runs: its runs would be others" in capsys.readouterr().err
    assert "<script" not in (tmp_path / "copy-report-en.html").read_text(encoding="utf-8")


def test_the_report_of_a_run_has_the_sliders_of_its_scenario(dayroom, tmp_path, chromium, wasm):
    assert wasm
    (tmp_path / "ours.yaml").write_text(BASE, encoding="utf-8")
    made = tmp_path / "made"
    assert dayroom("run", tmp_path / "ours.yaml", "--replicates", "10", "--seed", "3", "--out", made, "--quiet") == 0
    assert dayroom("report", made, "--live") == 0
    sheet = chromium.new_page()
    sheet.goto((tmp_path / "made-report-en.html").as_uri())
    sheet.locator("#try-open > summary").click()
    sheet.wait_for_selector(DONE, timeout=120_000)
    scenario = load_scenario(tmp_path / "ours.yaml")
    assert seen(sheet, "base") == digests(scenario, seeds_of(sheet))
    assert sheet.locator("#other").count() == 0
    sheet.close()
