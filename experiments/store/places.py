"""Where results are kept unless told otherwise, and what is asked for there, for the command line and Python alike."""

from pathlib import Path
from typing import Final

STORE: Final = Path("results", "store")
"""Folder of the store of runs, from where one works."""

VIEWS: Final = ("runs", "groups", "newcomers", "daily", "failures", "plans", "models")
"""Views of a store that `dayroom query` gives besides those of the studies; no study has such a name."""
