"""Where results are kept unless told otherwise, for the command line and Python alike."""

from pathlib import Path
from typing import Final

STORE: Final = Path("results", "store")
"""Folder of the store of runs, from where one works."""
