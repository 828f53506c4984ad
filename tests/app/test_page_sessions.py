"""The page and its readers: many at once, tabs that close, files and names that mean harm."""

import json
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.app.conftest import Open, Served, Visit
from tests.processes import until, workers_of

HOSTILE = "<img src=x onerror=alert(1)>"


def request(url: str, **headers: str) -> tuple[int, bytes, Any]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:  # noqa: S310
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read(), refusal.headers


def sent(tab: Visit, files: dict[str, bytes]) -> None:
    payload = [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in files.items()]
    tab.page.locator("#dr-upload").set_input_files(payload)


@pytest.mark.slow
def test_ten_tabs_do_not_mix(visit: Open) -> None:
    tabs = [visit() for _ in range(10)]
    for number, tab in enumerate(tabs):
        tab.fill("centres.park.users", str(10 + number))
    for number, tab in enumerate(tabs):
        tab.page.locator(".dr-changes", has_text=f"→ {10 + number}").wait_for()
        assert tab.page.locator(".dr-changes li").count() == 1


@pytest.mark.slow
def test_a_run_ends_when_it_is_cancelled_and_when_its_tab_closes(visit: Open, served: Served) -> None:
    tab = visit()
    tab.choose("source", "large-urban-centre")
    tab.group(4)
    tab.fill("days", "30000")  # one run of it takes many minutes
    tab.page.locator(".dr-changes", has_text="30000").wait_for()
    tab.tab(2)
    for end in ("cancelled", "closed"):
        tab.page.locator("main .dr-primary:enabled").click()
        until(lambda: workers_of(served.process.pid))
        if end == "cancelled":
            tab.page.get_by_role("button", name="Cancel").click()
            tab.page.locator("main .dr-primary").wait_for()
        else:
            tab.page.goto("about:blank")
        until(lambda: workers_of(served.process.pid) == [])
        assert served.process.poll() is None  # the server goes on


@pytest.mark.slow
def test_the_work_on_a_report_ends_when_its_tab_closes(visit: Open, served: Served) -> None:
    """The run before it is short; the report makes a hundred of them, which takes long enough to be seen."""
    tab = visit()
    tab.choose("source", "large-urban-centre")
    tab.group(4)
    tab.fill("replicates", "100")
    tab.fill("days", "60")
    tab.page.locator(".dr-changes", has_text="→ 60").wait_for()
    tab.tab(1)
    tab.page.locator("main .dr-primary").click()
    tab.page.locator(".dr-svg").wait_for()
    until(lambda: workers_of(served.process.pid) == [])
    tab.page.get_by_role("button", name="Make the report").click()
    until(lambda: workers_of(served.process.pid))
    tab.page.goto("about:blank")
    until(lambda: workers_of(served.process.pid) == [])
    until(lambda: not list(served.folder.glob("session-*/report-*")))
    assert served.process.poll() is None


@pytest.mark.slow
def test_a_scenario_of_ones_own_is_read_with_its_tables(visit: Open, served: Served) -> None:
    tab = visit()
    table = b"name,age\n" + "".join(f"人{k},{30 + k}\n" for k in range(8)).encode()
    text = "extends: baseline\ntitle: Ours\ncentres: {park: {users: 8, users_file: people.csv}}\n"
    sent(tab, {"ours.yaml": text.encode(), "people.csv": table})
    tab.page.wait_for_function("document.querySelector('[data-key=\"source\"] select').value.startsWith('ours')")
    tab.holds("centres.park.users", "8")
    kept = list(served.folder.glob("session-*"))
    assert kept
    tab.page.goto("about:blank")
    until(lambda: not list(served.folder.glob("session-*")))


HARMFUL: tuple[tuple[dict[str, bytes], str], ...] = (
    ({"ours.yaml": b"users: {women: 3}\nextends: baseline\n"}, "ours.yaml, line 1"),
    ({"ours.yaml": b"extends: ../../etc/passwd\n"}, "extends"),
    ({"ours.yaml": b"extends: baseline\ncentres: {park: {users_file: /etc/passwd}}\n"}, "/etc/passwd"),
    ({"ours.yaml": b"days: !!python/object/apply:os.system [ls]\n"}, "tag"),
    ({"ours.yaml": b"a: &a [1, 1]\nb: &b [*a, *a, *a, *a, *a]\nc: [" + b"*b, " * 5000 + b"]\n"}, "at most"),
    ({"ours.exe": b"MZ"}, "ours.exe"),
    ({"people.csv": b"name\nA\n"}, "YAML"),
    ({"big.yaml": b"#" + b"x" * 1_200_000}, "1 MB"),
    ({"big.csv": b"x" * 5_000_000}, "4 MB"),
)


@pytest.mark.slow
def test_files_that_are_wrong_or_mean_harm_are_refused(visit: Open, served: Served) -> None:
    tab = visit()
    refusal = tab.page.locator(".dr-begin .dr-error")
    for files, reason in HARMFUL:
        sent(tab, files)
        refusal.filter(has_text=reason).wait_for()
        assert str(served.folder) not in refusal.inner_text()
        assert tab.page.locator('[data-key="source"] select').input_value() == "baseline"


@pytest.mark.slow
def test_names_are_never_read_as_html(visit: Open) -> None:
    tab = visit()
    table = f'name,age\n"{HOSTILE}",30\n'.encode() + "".join(f"b{k},40\n" for k in range(7)).encode()
    text = {
        "extends": "baseline",
        "title": HOSTILE,
        "question": HOSTILE,
        "days": 3,
        "settling": 0,
        "centres": {"park": {"users": 8, "users_file": "people.csv"}},
    }
    sent(tab, {"ours.yaml": json.dumps(text).encode(), "people.csv": table})
    tab.page.locator(".dr-question", has_text=HOSTILE).wait_for()
    tab.tab(1)
    tab.page.locator("main .dr-primary").click()
    tab.page.locator(".dr-svg").wait_for()
    tab.choose("person", tab.page.locator('[data-key="person"] option', has_text=HOSTILE).get_attribute("value") or "")
    tab.page.locator(".dr-person-card h2", has_text=HOSTILE).wait_for()
    tab.tab(2)
    assert tab.page.locator("img[src=x]").count() == 0


def test_paths_that_leave_the_server_lead_nowhere(served: Served) -> None:
    for path in (
        "static/assets/../../../../../../etc/passwd",
        "static/public/..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "_solara/cdn/..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "_solara/cdn/@widgetti/none.js",
        "resourcez",
    ):
        status, body, _ = request(served.url + path)
        assert b"root:" not in body
        assert status in (200, 403, 404)
        assert path != "resourcez" or status == 403


def test_pages_of_other_sites_are_refused(served: Served) -> None:
    assert request(served.url)[0] == 200
    assert request(served.url, Origin="http://evil.example")[0] == 403
    assert request(served.url, Host="evil.example")[0] == 403
    policy = request(served.url)[2]["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.slow
def test_nothing_is_written_outside_the_folder(small: Visit, served: Served) -> None:
    written = [path for path in served.home.rglob("*") if path.is_file() and "fontlist" not in path.name]
    assert written == []


def test_one_language_does_not_enter_another_thread() -> None:
    from sim.language import Language, language, speaking_to

    seen: list[Language] = []
    with speaking_to(Language.zh):
        other = threading.Thread(target=lambda: seen.append(language()))
        other.start()
        other.join()
        assert language() == "zh"
    assert seen == ["en"]
    assert language() == "en"


def test_the_folder_of_a_server_names_its_scenarios(tmp_path: Path) -> None:
    from experiments.app.place import Place

    (tmp_path / "one.yaml").write_text("days: 3\n")
    (tmp_path / "link.yaml").symlink_to("/etc/passwd")
    assert list(Place(tmp_path).scenarios()) == ["one"]
