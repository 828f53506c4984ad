"""Find the browser for tests of reports and of the page."""

import os
import shutil


def chromium() -> str | None:
    """Return the Chromium of this machine; None without one, where the tests in a browser are skipped (not on CI)."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def required() -> bool:
    """Return whether a missing browser is a failure: on CI, which installs it."""
    return bool(os.environ.get("CI"))
