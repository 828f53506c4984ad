"""The default folder of the store, and the names of its views."""

from pathlib import Path
from typing import Final

STORE: Final = Path("results", "store")
"""Default folder of the store of runs, relative to the working folder."""

VIEWS: Final = ("runs", "groups", "newcomers", "daily", "failures", "plans", "models")
"""Views of `dayroom query` besides the view of each study; no study may have one of these names."""
