"""Read and write results: folders of tables, networks and figures, and the store of runs. No other package does."""

from pathlib import Path
from typing import Final

STORE: Final = Path("results", "store")
"""Default folder of the store of runs, relative to the working folder."""

VIEWS: Final = ("runs", "groups", "newcomers", "daily", "failures", "plans", "models")
"""Views of `dayroom query` besides the view of each study; no study may have one of these names."""
