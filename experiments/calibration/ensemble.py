"""The shipped ensemble: draws from the posterior of the fitted parameters, given all targets (`tools/ensemble.py`)."""

from pathlib import Path
from typing import Final

WORD: Final = "calibrated"
"""Word that selects the shipped ensemble in place of a file."""
ENSEMBLE: Final = Path(__file__).parent / "ensemble.csv"
"""The file: one row for each draw, one column for each parameter, named by its path."""
