"""Runs in which an outcome is undefined, such as a share of friend ties where there are none: they did not fail."""

from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.numbers import in_sentence, many
from sim.language import Language, language, say, term
from sim.outcomes.catalogue import OUTCOMES, Outcome

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
    reason = why_undefined(about) if about else ""
    name = in_sentence(about.label) if about and language() is Language.zh else outcome
    runs = many(number, "run")
    if not reason:
        return say("{outcome} is undefined in {runs}", outcome=name, runs=runs)
    return say("{outcome} is undefined in {runs}, as {reason}", outcome=name, runs=runs, reason=term(reason))


def why_undefined(outcome: Outcome) -> str:
    """Return when an outcome is undefined, as a part of a sentence; empty when it never is."""
    return outcome.meaning.partition(_WHEN)[2]
