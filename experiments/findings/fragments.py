"""Parts of findings: differences as records for JSON, levels of a factor, and its value in the base scenario."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypedDict, cast

from experiments.statistics.intervals import student
from experiments.statistics.levels import SMALL_EFFECT, Between
from experiments.statistics.verdict import FEWEST, UNKNOWN, holm, verdict

if TYPE_CHECKING:
    import pandas as pd

    from experiments.studies.study import Study

Numbers = dict[str, object]
"""The numbers on a page, by name, in types that JSON can hold."""


class Difference(TypedDict):
    """A difference in a record: the value, its 95 % interval, and what they show.

    Parameters
    ----------
    p : float
        Two-sided p value that the difference is 0.
    alone, clear, small : bool
        Whether the difference is clear by itself; whether it is clear among all on the page, as `judged_together`
        finds; whether its interval lies within a small effect.
    pairs, differ : int
        Number of pairs of runs, and how many of them differ.
    verdict : str
        As `experiments.statistics.verdict` words it, with "higher" and "lower".
    """

    value: float
    low: float
    high: float
    p: float
    alone: bool
    clear: bool
    small: bool
    pairs: int
    differ: int
    verdict: str


def difference(measured: Between, margin: float, picked: int = 1) -> Difference:
    """Return a difference as a record, to be judged with all others of its page by `judged_together`.

    Parameters
    ----------
    margin : float
        The size of a small effect.
    picked : int
        Of how many differences this is the largest; its p value is multiplied by their number (Bonferroni).
    """
    record: Difference = {
        "value": measured.difference,
        "low": measured.low,
        "high": measured.high,
        "p": min(1.0, picked * measured.p) if measured.p == measured.p else measured.p,
        "alone": measured.clear,
        "clear": False,
        "small": measured.within(margin),
        "pairs": measured.pairs,
        "differ": measured.differ,
        "verdict": "",
    }
    return record | {"verdict": _verdict(record)}


def judged_together(made: Numbers) -> Numbers:
    """Judge all differences on a page together by Holm's rule, and add their number as `compared`.

    Differences with fewer than `FEWEST` pairs that differ get no verdict on a direction, and so do not count.
    """
    records = list({id(record): record for record in _differences(made)}.values())
    counted = [record for record in records if record["differ"] >= FEWEST and record["p"] == record["p"]]
    for record, clear in zip(counted, holm([record["p"] for record in counted]), strict=True):
        record["clear"] = clear
    for record in records:
        record["verdict"] = _verdict(record)
    return made | {"compared": len(counted)}


def p_of_interval(value: float, ends: tuple[float, float], freedom: float, limit: float = 0.0) -> float:
    """Return the p value that a value equals a limit, from the value's 95 % interval.

    It is that of a t test with `freedom` degrees of freedom whose half-width is the distance from the value to
    the end towards the limit. It is below 5 % exactly if the interval excludes the limit; resamples alone do not
    tell small p values apart.

    Returns
    -------
    float
        NaN for an interval without width, and without freedom.
    """
    from scipy.special import stdtr

    half = value - ends[0] if value > limit else ends[1] - value
    if not half > 0.0 or not freedom > 0.0:
        return float("nan")
    return float(2.0 * stdtr(freedom, -student(freedom + 1.0) * abs(value - limit) / half))


def _verdict(record: Difference) -> str:
    ends = record["low"], record["high"]
    if record["differ"] >= FEWEST and ends[0] != ends[0] and record["differ"] < record["pairs"]:
        return UNKNOWN
    return verdict(ends, record["value"], "neither", n=record["pairs"], differ=record["differ"], clear=record["clear"])


def _differences(made: object) -> Iterator[Difference]:
    """Find the differences anywhere in the numbers of a page."""
    if isinstance(made, Mapping):
        if made.keys() >= Difference.__annotations__.keys():
            yield cast("Difference", made)
        made = list(made.values())
    if isinstance(made, list):
        for part in made:
            yield from _differences(part)


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
