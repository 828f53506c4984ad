"""A server of the page, and a browser that visits it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browser import place, required

pytest.importorskip("solara")
playwright = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).parents[2]
SMALL = """extends: baseline
title: A small centre
days: 12
settling: 20 days
centres: {park: {users: 8}}
"""
"""A scenario whose runs take no time, in the folder of the server."""


@dataclass
class Served:
    """A server in a process of its own."""

    url: str
    folder: Path
    process: Any
    home: Path


@dataclass
class Visit:
    """A tab, with everything that the browser complained of and asked for."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def tab(self, number: int) -> None:
        """Go to a part of the page."""
        self.page.locator(".dr-tab").nth(number).click()

    def group(self, number: int) -> None:
        """Go to a group of settings."""
        self.page.locator(".dr-chip").nth(number).click()

    def fill(self, key: str, value: str) -> None:
        """Write a value into the field of a key."""
        box = self.page.locator(f'[data-key="{key}"] input[type=text]')
        box.fill(value)
        box.press("Enter")

    def choose(self, key: str, value: str) -> None:
        """Choose a value of a list."""
        self.page.locator(f'[data-key="{key}"] select').select_option(value)

    def see(self, text: str) -> None:
        """Wait until a text is there."""
        self.page.get_by_text(text, exact=False).first.wait_for()

    def holds(self, key: str, value: str) -> None:
        """Wait until the field of a key holds a value."""
        box = f"document.querySelector('[data-key=\"{key}\"] input[type=text]')"
        self.page.wait_for_function(f"{box}.value == '{value}'")

    def picture(self, name: str) -> None:
        """Keep a picture, in the folder that DAYROOM_SCREENSHOTS names."""
        if folder := os.environ.get("DAYROOM_SCREENSHOTS"):
            self.page.wait_for_timeout(500)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, home = tmp_path_factory.mktemp("folder"), tmp_path_factory.mktemp("home")
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "DAYROOM_LANG": "en"}
    if "DAYROOM_CACHE" not in environment:  # the compiled model, which another home would not find
        from sim.cache import kept_folder

        if (kept := kept_folder("sources")) is not None:
            environment["DAYROOM_CACHE"] = str(kept.parent)
    command = [sys.executable, "-m", "experiments.cli.app", "app", "--port", "0", "--folder", str(folder)]
    process = subprocess.Popen(
        command, env=environment, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    url = next((found[0] for line in process.stdout or () if (found := re.search(r"http://\S+", line))), "")
    assert url, "the server has not begun"
    yield Served(url, folder, process, home)
    process.terminate()
    process.wait(60)
    assert process.stdout is not None
    said = process.stdout.read()
    process.stdout.close()
    assert said == ""  # no traceback in the server, no warning


@pytest.fixture(scope="module")  # while playwright is open, its event loop refuses `asyncio.run` to other tests
def browser() -> Iterator[Any]:
    path = place()
    if path is None:
        assert not required(), "CI has a browser"
        pytest.skip("no Chromium here")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened.new_context(accept_downloads=True)  # one for all tabs: it keeps the scripts that every one loads
        opened.close()


Open = Callable[..., Visit]


@pytest.fixture
def visit(served: Served, browser: Any) -> Iterator[Open]:
    """Return a function that opens a tab of its own; nothing in it may complain."""
    tabs: list[Visit] = []

    def opened(width: int = 1280) -> Visit:
        visit = Visit(browser.new_page())
        visit.page.set_viewport_size({"width": width, "height": 900})
        visit.page.set_default_timeout(120_000)
        visit.page.on("request", lambda request: visit.asked.append(request.url))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on("console", lambda line: visit.complaints.append(line.text) if line.type == "error" else None)
        visit.page.goto(served.url, wait_until="commit")
        visit.page.locator(".dr-tab").first.wait_for()
        tabs.append(visit)
        return visit

    yield opened
    complaints = [line for tab in tabs for line in tab.complaints]
    for tab in tabs:
        tab.page.close()
    assert complaints == []


@pytest.fixture
def small(visit: Open) -> Visit:
    """A tab with the small scenario."""
    tab = visit()
    tab.choose("source", "small.yaml")
    tab.holds("centres.park.users", "8")
    return tab
