"""Parts of findings: differences as records for JSON, levels of a factor, and its value in the base scenario."""

from typing import TYPE_CHECKING, Any, TypedDict

from experiments.statistics.levels import SMALL_EFFECT, Between

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studies.study import Study

Numbers = dict[str, object]
"""The numbers on a page, by name, in types that JSON can hold."""


class Difference(TypedDict):
    """A difference in a record: the value, its 95 % interval, and what the interval shows.

    Parameters
    ----------
    clear, small : bool
        Whether the interval excludes 0; whether it lies within a small effect.
    pairs : int
        Number of pairs of runs.
    """

    value: float
    low: float
    high: float
    clear: bool
    small: bool
    pairs: int


def difference(measured: Between, margin: float) -> Difference:
    """Return a difference as a record; `margin` is the size of a small effect."""
    return {
        "value": measured.difference,
        "low": measured.low,
        "high": measured.high,
        "clear": measured.clear,
        "small": measured.within(margin),
        "pairs": measured.pairs,
    }


def small_effect(runs: "pd.DataFrame", outcome: str) -> float:
    """Return the size of a small effect on an outcome: `SMALL_EFFECT` standard deviations between users."""
    return SMALL_EFFECT * float(runs[f"{outcome}_sd"].mean())


def levels_of(runs: "pd.DataFrame", factor: str) -> list[float]:
    """Return the levels of a factor, in rising order."""
    return [float(level) for level in sorted(runs[factor].unique())]


def base_value(study: "Study", factor: str) -> float:
    """Return the value of a factor in the base scenario, read at the first place that the factor sets."""
    chosen = next(candidate for candidate in study.factors if candidate.path == factor)
    value: Any = study.levers[study.usual_care].model_dump(mode="json")
    for key in chosen.places[study.usual_care][0]:
        value = value[key]
    return float(value)
