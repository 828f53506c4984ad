"""A headless Chromium for tests; without one they are skipped, except on CI, where they fail."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Return a browser of playwright."""
    place = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if place is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no Chromium; .ci/browser installs it")
        pytest.skip("no Chromium here; .ci/browser installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield browser
        browser.close()
