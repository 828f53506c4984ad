"""A headless Chromium for tests of reports and of the page; without one they are skipped, except on CI."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def place() -> str | None:
    """Return the path of this machine's Chromium; None without one."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def required() -> bool:
    """Return whether a missing browser is a failure: on CI, which installs it."""
    return bool(os.environ.get("CI"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Return a browser of playwright, for one module: while open, its event loop refuses `asyncio.run` to others."""
    path = place()
    if path is None:
        if required():
            pytest.fail("CI has no Chromium; .ci/browser installs it")
        pytest.skip("no Chromium here; .ci/browser installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
