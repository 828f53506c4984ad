"""Parts of findings: differences as records for JSON, levels of a factor, and its value in the base scenario."""

from typing import TYPE_CHECKING, Any

from experiments.statistics.levels import SMALL_EFFECT, Between

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studies.study import Study


def difference(found: Between, margin: float) -> dict[str, Any]:
    """Return a difference, its interval, whether the interval excludes 0, and whether it lies within a margin."""
    numbers = {"value": found.difference, "low": found.low, "high": found.high}
    return {**numbers, "clear": found.clear, "small": found.within(margin), "pairs": found.pairs}


def small_effect(runs: "pd.DataFrame", outcome: str) -> float:
    """Return the size of a small effect on an outcome: `SMALL_EFFECT` standard deviations between users."""
    return SMALL_EFFECT * float(runs[f"{outcome}_sd"].mean())


def levels_of(runs: "pd.DataFrame", factor: str) -> list[float]:
    """Return the levels of a factor, in rising order."""
    return [float(level) for level in sorted(runs[factor].unique())]


def base_value(study: "Study", factor: str) -> float:
    """Return the value of a factor in the base scenario, read at the first place that the factor sets."""
    chosen = next(one for one in study.factors if one.path == factor)
    value: Any = study.levers[study.usual_care].model_dump(mode="json")
    for key in chosen.places[study.usual_care][0]:
        value = value[key]
    return float(value)
