"""Runs in which an outcome is undefined, such as a share of friend ties where there are none: they did not fail."""

from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.numbers import many
from sim.outcomes.catalogue import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

_WHEN: Final = "undefined (NaN) when "
"""Words before the reason in the meaning of an outcome."""


def undefined_in(runs: "pd.DataFrame", outcome: str) -> int:
    """Return the number of runs that are done and have no value of an outcome.

    Parameters
    ----------
    runs : DataFrame
        From `experiments.sweep.results.results`: `status` and the outcome.
    """
    return int((~np.isfinite(runs.loc[runs["status"] == "done", outcome].astype(float))).sum())


def undefined_words(outcome: str, number: int) -> str:
    """Return in how many runs an outcome is undefined, and why, as a part of a sentence."""
    about = OUTCOMES.get(outcome)
    reason = about.meaning.partition(_WHEN)[2] if about else ""
    return f"{outcome} is undefined in {many(number, 'run')}" + (f", as {reason}" if reason else "")
