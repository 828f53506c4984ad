"""Targets beside the statistics of the model: met or not, and how far off."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from experiments.calibration.measurement import Measured
from experiments.calibration.runs import Estimate
from experiments.calibration.targets import Target

INNER: Final = 0.6
"""Share of a range's half width inside which only the small pull toward its middle counts."""
PULL_TO_MIDDLE: Final = 0.02
FARTHEST: Final = 5.0
"""Half widths beyond which a larger miss counts no more, so that a hopeless target leaves weight to the others."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target beside the statistic of the model, element by element.

    Parameters
    ----------
    low, high : list of float
        The ranges.
    value, error : list of float
        The statistic, and its standard error over runs.
    interval_low, interval_high : list of float
        Its 95 % interval over runs.
    surveyed : list of float
        What a survey in the model would find, with forgetting, slips and noise; empty where no survey measures it.
    holds : bool
        Whether the condition beside the range is met; True without a condition.
    met : bool
        Whether `holds` and every element lies in its range.
    """

    key: str
    low: list[float]
    high: list[float]
    value: list[float]
    error: list[float]
    interval_low: list[float]
    interval_high: list[float]
    surveyed: list[float]
    holds: bool
    met: bool


def verdicts(found: Mapping[str, Measured], targets: Sequence[Target]) -> list[Verdict]:
    """Return the verdict on each target."""
    return [_verdict(target, found[target.key]) for target in targets]


def _verdict(target: Target, found: Measured) -> Verdict:
    values = _matching(target, found.estimate)
    inside = all(one.low <= value <= one.high for value, one in zip(values, target.elements, strict=True))
    return Verdict(
        target.key,
        low=[one.low for one in target.elements],
        high=[one.high for one in target.elements],
        value=list(values),
        error=list(found.errors),
        interval_low=list(found.lows),
        interval_high=list(found.highs),
        surveyed=list(found.surveyed),
        holds=found.estimate.holds,
        met=inside and found.estimate.holds,
    )


def _matching(target: Target, estimate: Estimate) -> tuple[float, ...]:
    """Return the values of a statistic, one for each range of the target."""
    if len(estimate.values) != target.size:
        raise ValueError(f"{target.key}: found {target.size} ranges, allowed are {len(estimate.values)}, one a value")
    return estimate.values


def loss_of(target: Target, estimate: Estimate) -> float:
    """Return the loss of a target, averaged over its elements; 0 in the middle of every range."""
    values = _matching(target, estimate)
    apart = [min(one.off(value), FARTHEST) for value, one in zip(values, target.elements, strict=True)]
    pull = 0.0 if target.least else PULL_TO_MIDDLE
    found = float(np.mean([max(0.0, one - INNER) ** 2 + pull * one**2 for one in apart]))
    return found + estimate.short + estimate.short**2


def loss(found: Mapping[str, Estimate], targets: Sequence[Target]) -> float:
    """Return the mean loss of targets."""
    return float(np.mean([loss_of(target, found[target.key]) for target in targets]))


def rows(found: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Return verdicts as rows of a record: numbers of four digits, single values without a list."""
    return [{name: _short(getattr(one, name)) for name in one.__slots__} for one in found]


def _short(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    numbers = [None if not math.isfinite(one) else float(f"{one:.4g}") for one in value]
    return numbers[0] if len(numbers) == 1 else numbers


def is_sure(row: Mapping[str, Any]) -> bool:
    """Return whether the intervals of all elements of a record's row lie in their ranges."""
    lows, highs, froms, tos = (_listed(row[name]) for name in ("low", "high", "interval_low", "interval_high"))
    return all(
        None not in (start, end) and low <= start and end <= high
        for low, high, start, end in zip(lows, highs, froms, tos, strict=True)
    )


def as_surveyed(row: Mapping[str, Any]) -> bool | None:
    """Return whether what a survey would find lies in the range; None where no survey measures it."""
    values = _listed(row["surveyed"])
    if not values:
        return None
    lows, highs = _listed(row["low"]), _listed(row["high"])
    return all(value is not None and low <= value <= high for low, value, high in zip(lows, values, highs, strict=True))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
