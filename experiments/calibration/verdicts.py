"""Compare the model's statistics with targets: whether each target is met, and how far off the model is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from experiments.calibration.measurement import Measured
from experiments.calibration.statistics.runs import Estimate
from experiments.calibration.targets import Target
from sim.scenario.text.errors import InputError

INNER: Final = 0.6
"""Within this share of a range's half width, only the small pull toward the middle counts."""
PULL_TO_MIDDLE: Final = 0.02
FARTHEST: Final = 5.0
"""Largest miss that counts, in half widths, so that a hopeless target does not outweigh the others."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target compared with the model's statistic, element by element.

    Parameters
    ----------
    low, high : list of float
        Ends of the ranges.
    value, error : list of float
        The statistic, and its standard error over runs.
    interval_low, interval_high : list of float
        The statistic's 95 % interval over runs.
    surveyed : list of float
        The statistic as a survey in the model finds it, with forgetting, slips and noise; empty if no survey does.
    holds : bool
        Whether the target's condition, besides its range, is met; True without a condition.
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


def verdicts(measured: Mapping[str, Measured], targets: Sequence[Target]) -> list[Verdict]:
    """Return a verdict on each target."""
    return [_verdict(target, measured[target.key]) for target in targets]


def _verdict(target: Target, measured: Measured) -> Verdict:
    values = _matching(target, measured.estimate)
    inside = all(one.low <= value <= one.high for value, one in zip(values, target.elements, strict=True))
    return Verdict(
        target.key,
        low=[one.low for one in target.elements],
        high=[one.high for one in target.elements],
        value=list(values),
        error=list(measured.errors),
        interval_low=list(measured.lows),
        interval_high=list(measured.highs),
        surveyed=list(measured.surveyed),
        holds=measured.estimate.holds,
        met=inside and measured.estimate.holds,
    )


def _matching(target: Target, estimate: Estimate) -> tuple[float, ...]:
    """Return the values of a statistic, after a check that the target has a range for each value."""
    if len(estimate.values) != target.size:
        raise InputError(
            f"{target.key}: found {target.size} ranges, allowed are {len(estimate.values)}, one for each value"
        )
    return estimate.values


def loss_of(target: Target, estimate: Estimate) -> float:
    """Return a target's loss: the mean over its elements (0 in the middle of a range), and that of its condition."""
    values = _matching(target, estimate)
    apart = [min(one.off(value), FARTHEST) for value, one in zip(values, target.elements, strict=True)]
    pull = 0.0 if target.least else PULL_TO_MIDDLE
    of_elements = float(np.mean([max(0.0, off - INNER) ** 2 + pull * off**2 for off in apart]))
    return of_elements + estimate.short + estimate.short**2


def loss(by_key: Mapping[str, Estimate], targets: Sequence[Target]) -> float:
    """Return the mean loss over targets."""
    return float(np.mean([loss_of(target, by_key[target.key]) for target in targets]))


def rows(verdicts: Sequence[Verdict]) -> list[dict[str, object]]:
    """Return verdicts as rows of a record, with numbers to four digits, and single values not in lists."""
    return [{name: _short(value) for name, value in asdict(verdict).items()} for verdict in verdicts]


def _short(value: object) -> object:
    if not isinstance(value, list):
        return value
    numbers = [float(f"{number:.4g}") if math.isfinite(number) else None for number in value]
    return numbers[0] if len(numbers) == 1 else numbers


def is_sure(row: Mapping[str, Any]) -> bool:
    """Return whether, in a record's row, the interval of every element lies in its range."""
    lows, highs, froms, tos = (listed(row[name]) for name in ("low", "high", "interval_low", "interval_high"))
    return all(
        None not in (start, end) and low <= start and end <= high
        for low, high, start, end in zip(lows, highs, froms, tos, strict=True)
    )


def as_surveyed(row: Mapping[str, Any]) -> bool | None:
    """Return whether the survey's values lie in their ranges; None if no survey measures the statistic."""
    values = listed(row["surveyed"])
    if not values:
        return None
    lows, highs = listed(row["low"]), listed(row["high"])
    return all(value is not None and low <= value <= high for low, value, high in zip(lows, values, highs, strict=True))


def listed(value: Any) -> list[Any]:
    """Return a value of a record as a list: a record writes a list of one number as that number."""
    return value if isinstance(value, list) else [value]
