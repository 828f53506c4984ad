"""Where results are kept by default, and the names of the views of a store."""

from pathlib import Path
from typing import Final

STORE: Final = Path("results", "store")
"""Folder of the store of runs, relative to the working folder."""

VIEWS: Final = ("runs", "groups", "newcomers", "daily", "failures", "plans", "models")
"""Views of `dayroom query` besides those of the studies; no study may have such a name."""
