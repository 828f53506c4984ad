"""The page from end to end, in a real browser: choose, change, run, watch, compare, take home, in both languages."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from sim.scenario.reading.load import load_scenario
from tests.app.conftest import Open, Served, Visit

axe = pytest.importorskip("axe_playwright_python.sync_playwright")


def violations(tab: Visit) -> list[str]:
    """Return what axe-core finds wrong with a page."""
    tab.page.mouse.move(0, 0)
    found = axe.Axe().run(tab.page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def saved(tab: Visit, label: str) -> tuple[str, bytes]:
    """Press a button that saves a file; return its name and content."""
    with tab.page.expect_download() as waiting:
        tab.page.get_by_role("button", name=label).click()
    download = waiting.value
    return download.suggested_filename, Path(download.path()).read_bytes()


def run_to_the_end(tab: Visit) -> None:
    tab.tab(1)
    tab.page.locator("main .dr-primary").click()
    tab.page.locator(".dr-svg").wait_for()


def reported(tab: Visit, formats: dict[str, bytes]) -> dict[str, bytes]:
    """Make the report; return its files by name. Each begins with the mark of its format."""
    tab.page.get_by_role("button", name="Make the report").click()
    tab.page.get_by_role("button", name="Report (PDF)").wait_for()
    files = {}
    for label, mark in formats.items():
        name, content = saved(tab, f"Report ({label})")
        assert content[: len(mark)].lower() == mark.lower()
        files[name] = content
    return files


def test_a_scenario_is_chosen_changed_and_taken_home(small: Visit, tmp_path: Path) -> None:
    small.fill("centres.park.staff", "3")
    small.see("centres.park.staff")
    small.group(1)
    small.fill("users.empathy.mean", "60 %")  # with a unit, as in a file
    small.see("users.empathy.mean")
    small.group(2)
    small.page.locator(".dr-item").first.get_by_label("Saturday").check()
    small.see("monday, tuesday, wednesday, thursday, friday, saturday")
    small.page.get_by_role("button", name="Remove: Session 5: calligraphy").click()
    small.page.get_by_role("heading", name="Session 5").wait_for(state="detached")
    name, content = saved(small, "Download YAML")
    path = tmp_path / name
    path.write_bytes(content)
    taken = load_scenario(path)
    assert (taken.centres["park"].staff, taken.users.empathy.mean, len(taken.centres["park"].timetable)) == (3, 0.6, 4)
    assert taken.centres["park"].users == 8


@pytest.mark.slow
def test_what_is_wrong_stands_beside_its_control(small: Visit) -> None:
    small.fill("centres.park.users", "4000")
    beside = small.page.locator('[data-key="centres.park.users"] .dr-error')
    beside.wait_for()
    assert "allowed is a whole number, 5 to 1000" in beside.inner_text()
    box = small.page.locator('[data-key="centres.park.users"] input[type=text]')
    assert box.get_attribute("aria-invalid") == "true"
    assert beside.get_attribute("id") in str(box.get_attribute("aria-describedby"))
    assert violations(small) == []
    small.picture("wrong")
    small.tab(1)
    assert small.page.locator("main .dr-primary").is_disabled()
    small.tab(0)
    small.fill("centres.park.users", "9")
    beside.wait_for(state="detached")


@pytest.mark.slow
def test_help_names_range_source_grade_and_key(small: Visit) -> None:
    small.group(1)
    small.page.locator('[data-key="users.women"] .dr-help-button').click()
    shown = small.page.locator('[data-key="users.women"] .dr-help').inner_text()
    assert "Fan, Liu & Li (2024)" in shown
    assert "measured" in shown
    assert "0 to 1" in shown
    assert "users.women" in shown


@pytest.mark.slow
def test_every_setting_is_found_by_a_search(small: Visit) -> None:
    small.group(6)
    small.fill("search", "leak rate")
    small.fill("rules.conversation.leak_rate", "0.02")
    small.page.locator(".dr-changes", has_text="rules.conversation.leak_rate").wait_for()
    assert small.page.locator(".dr-changes li").count() == 1
    small.fill("search", "hippopotamus")
    small.see("0 found")


@pytest.mark.slow
def test_policies_come_and_go_and_the_budget_counts_them(small: Visit) -> None:
    small.fill("budget.hours", "0.5")
    small.group(3)
    small.page.get_by_role("button", name="Add a policy").click()
    small.picture("offers")
    assert violations(small) == []
    small.page.get_by_role("button", name="Staffing").wait_for()
    small.page.get_by_role("button", name="Disclosure circle").click()
    small.fill("policies.disclosure-circle.start", "1 week")
    small.fill("policies.disclosure-circle.intensity", "0.5")
    small.fill("budget.hours", "0.3")
    small.fill("policies.disclosure-circle.eligible", "newcomer or age < 40")
    small.see("Does not fit the budget.")
    small.see("At least: a policy for some counts one who takes part")
    small.picture("policies")
    assert violations(small) == []
    small.fill("policies.disclosure-circle.eligible", "agee < 40")
    small.page.locator('[data-key="policies.disclosure-circle.eligible"] .dr-error', has_text="age").wait_for()
    small.page.get_by_role("button", name="Remove: Disclosure circle").click()
    small.see("No policy yet: usual care.")


@pytest.mark.slow
def test_closed_days_are_days_dates_or_holidays(small: Visit, tmp_path: Path) -> None:
    small.group(2)
    small.page.get_by_role("button", name="Add closed days").click()
    small.fill("centres.park.closures.1.last", "2027-01-06")
    beside = small.page.locator('[data-key="centres.park.closures.1.last"] .dr-error')
    beside.wait_for()  # no date without that of the first day
    small.picture("closures-wrong")
    assert violations(small) == []
    small.group(4)
    small.fill("first_date", "2027-01-04")
    small.group(2)
    small.fill("centres.park.closures.1.first", "1")
    small.page.get_by_role("button", name="Add public holidays").click()
    small.fill("centres.park.closures.2.holidays", "atlantis")
    small.page.locator(".dr-error", has_text="atlantis").first.wait_for()
    small.page.get_by_role("button", name="Remove: Public holidays 2").click()
    small.see("Download YAML")
    small.picture("closures")
    path = tmp_path / "closed.yaml"
    path.write_bytes(saved(small, "Download YAML")[1])
    (closure,) = load_scenario(path).centres["park"].closures
    assert (closure.first, closure.last) == (1, 2)


@pytest.mark.slow
def test_the_ties_at_the_start_have_their_own_settings(small: Visit, tmp_path: Path) -> None:
    small.group(5)
    small.choose("network.generator", "random_regular_graph")
    small.fill("network.arguments.d", "9")
    small.page.locator(".dr-card .dr-error", has_text="random_regular_graph").first.wait_for()  # eight people
    small.fill("network.arguments.d", "3")
    small.page.locator(".dr-changes", has_text="network.arguments.d").wait_for()
    small.picture("ties")
    assert violations(small) == []
    path = tmp_path / "ties.yaml"
    path.write_bytes(saved(small, "Download YAML")[1])
    network = load_scenario(path).network
    assert (network.generator, network.arguments.d) == ("random_regular_graph", 3)
    small.choose("network.kind", "none")
    small.page.locator('[data-key="network.generator"]').wait_for(state="detached")
    assert small.page.locator('[data-key="network.kind"] option').count() == 2  # no file was sent


@pytest.mark.slow
def test_what_is_typed_outlasts_the_answer_to_an_earlier_change(small: Visit) -> None:
    small.group(0)
    small.fill("centres.park.users", "9")
    box = small.page.locator('[data-key="centres.park.staff"] input[type=text]')
    box.fill("3")  # not sent yet
    small.page.locator(".dr-changes", has_text="centres.park.users").wait_for()
    small.page.wait_for_timeout(1500)  # the controls come after the list of changes
    assert box.input_value() == "3"
    box.press("Enter")
    small.page.locator(".dr-changes", has_text="centres.park.staff").wait_for()


@pytest.mark.slow
def test_a_centre_is_watched_day_by_day(small: Visit) -> None:
    run_to_the_end(small)
    page = small.page
    assert page.locator(".dr-day").inner_text() == "the start"
    assert page.locator(".dr-person").count() == 8
    before = page.locator(".dr-person").evaluate_all("all => all.map(one => one.getAttribute('transform')).sort()")
    page.get_by_role("button", name="One day on").click()
    page.locator(".dr-day", has_text="day 1, Monday").wait_for()
    after = page.locator(".dr-person").evaluate_all("all => all.map(one => one.getAttribute('transform')).sort()")
    assert after == before  # everybody stays at their place
    page.get_by_role("button", name="Back").click()
    page.locator(".dr-day", has_text="the start").wait_for()
    page.get_by_label("Speed").select_option("10")
    page.get_by_role("button", name="Play").click()
    page.locator(".dr-day", has_text="day 12").wait_for()
    page.get_by_role("button", name="Play").wait_for()  # it stops at the end
    small.picture("watch")
    assert violations(small) == []


@pytest.mark.slow
def test_the_report_of_a_run_is_taken_home(small: Visit) -> None:
    run_to_the_end(small)
    (text,) = reported(small, {"web page": b"<!doctype html>"}).values()
    assert b"dayroom run small.yaml --replicates 20 --seed 1" in text
    small.picture("run-report")
    assert violations(small) == []


@pytest.mark.slow
def test_a_person_is_chosen_by_click_key_or_list(small: Visit) -> None:
    run_to_the_end(small)
    page = small.page
    page.get_by_role("button", name="One day on").click()
    page.locator(".dr-person").nth(2).click()
    card = page.locator(".dr-person-card")
    card.wait_for()
    first = card.locator("h2").inner_text()
    words = card.inner_text()
    for part in ("Loneliness", "The day", "What was said", "Who helped whom", "Closest ties"):
        assert part in words
    page.locator(".dr-person").nth(4).focus()
    page.keyboard.press("Enter")
    page.locator(".dr-person-card h2").filter(has_not_text=first).wait_for()
    options = page.locator('[data-key="person"] option').all_inner_texts()
    assert len(options) >= 9
    small.choose("person", page.locator('[data-key="person"] option').nth(1).get_attribute("value") or "")
    page.locator(".dr-person-card h2", has_text=options[1]).wait_for()
    small.picture("person")
    assert violations(small) == []


def test_a_comparison_has_intervals_words_and_files(small: Visit, served: Served) -> None:
    small.fill("centres.park.users", "16")
    small.tab(2)
    small.fill("pairs", "10")
    small.page.locator("main .dr-primary").click()
    small.page.locator(".dr-table").wait_for()
    rows = small.page.locator(".dr-table tbody tr").all_inner_texts()
    assert len(rows) == 9
    verdicts = small.page.locator(".dr-verdict").all_inner_texts()
    known = ("better", "worse", "higher", "lower", "no clear difference", "no difference seen", "too rare to say")
    assert all(any(word.strip("▲▼ ").startswith(one) for one in known) for word in verdicts)
    assert any(" to " in row for row in rows)
    small.page.locator(".dr-figure img").wait_for()
    small.picture("compare")
    assert violations(small) == []
    name, book = saved(small, "Tables (xlsx)")
    sheets = openpyxl.load_workbook(io.BytesIO(book)).sheetnames
    assert name == "small-changed.xlsx"
    assert {"contrasts", "runs"} & set(sheets)
    _, archive = saved(small, "Tables (CSV)")
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert f"{sheets[0]}.csv" in files.namelist()
    _, scenario = saved(small, "Scenario (YAML)")
    assert b"users: 16" in scenario
    reports = reported(small, {"web page": b"<!doctype html>", "PDF": b"%PDF-", "Word": b"PK", "xlsx": b"PK"})
    assert sorted(reports) == [f"small-changed-report-en.{kind}" for kind in ("docx", "html", "pdf", "xlsx")]
    text = reports["small-changed-report-en.html"].decode()
    assert "dayroom compare small.yaml small-changed.yaml --replicates 10 --seed 1" in text
    assert "session-" not in text  # no folder of the server
    assert not list(served.folder.glob("session-*/report-*"))
    small.picture("compare-report")
    small.page.get_by_role("button", name="中文").click()
    small.page.get_by_role("button", name="生成报告").wait_for()  # the report is English


@pytest.mark.slow
def test_the_page_is_chinese_when_asked_and_stays_so(small: Visit, visit: Open) -> None:
    other = visit()
    small.page.get_by_role("button", name="中文").click()
    small.page.get_by_role("button", name="逐日观察").wait_for()
    assert small.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert other.page.evaluate("document.documentElement.lang") == "en"
    assert other.page.get_by_role("button", name="Day by day").count() == 1
    small.fill("centres.park.users", "4000")
    small.page.locator(".dr-error", has_text="应为整数，5至1000").first.wait_for()
    small.picture("zh-wrong")
    assert violations(small) == []
    small.fill("centres.park.users", "8")
    for number in range(7):
        small.group(number)
        small.page.wait_for_timeout(200)
        small.picture(f"zh-{number}")
    run_to_the_end(small)
    small.page.get_by_role("button", name="前进一天").click()
    small.page.locator(".dr-day", has_text="第1天，星期一").wait_for()
    small.page.locator(".dr-person").first.click()
    small.page.locator(".dr-person-card").wait_for()
    small.picture("zh-watch")
    assert violations(small) == []


@pytest.mark.slow
def test_a_machine_without_chinese_letters_reads_the_button_of_the_language(visit: Open) -> None:
    tab = visit()
    chosen = tab.page.context.new_cdp_session(tab.page)
    chosen.send("DOM.enable")
    chosen.send("CSS.enable")
    tab.page.evaluate("document.fonts.ready")
    tab.page.wait_for_function("[...document.fonts].some(f => f.family == 'Dayroom Letters' && f.status == 'loaded')")
    root = chosen.send("DOM.getDocument")["root"]["nodeId"]
    button = {"nodeId": root, "selector": "button[aria-pressed=false]"}
    node = chosen.send("DOM.querySelector", button)["nodeId"]
    (font,) = chosen.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert font["isCustomFont"]
    assert font["glyphCount"] == 2


@pytest.mark.slow
def test_it_fits_a_telephone(visit: Open) -> None:
    tab = visit(390)
    assert violations(tab) == []
    for number in range(3):
        tab.tab(number)
        tab.page.wait_for_timeout(300)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
        tab.picture(f"narrow-{number}")


@pytest.mark.slow
def test_nothing_is_asked_of_another_machine(small: Visit, served: Served) -> None:
    run_to_the_end(small)
    outside = [url for url in small.asked if not url.startswith((served.url, f"blob:{served.url}", "data:"))]
    assert small.asked
    assert outside == []
