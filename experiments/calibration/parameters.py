"""Choose the parameters to fit, and convert their values to shares of plausible ranges and back."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final

from sim.language import say
from sim.scenario.schema.quantity import Parameter, parameters
from sim.scenario.schema.scenario import SCENARIO_PARAMETERS, Scenario
from sim.scenario.text.errors import InputError
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import nearest, with_suggestion

CALIBRATED: Final[tuple[Parameter, ...]] = tuple(p for p in SCENARIO_PARAMETERS if p.quantity.grade == "calibrated")
_MARGIN: Final = 0.02
"""Share of a range, at each end, that a fit does not search."""


def parameters_of(scenario: Scenario | None = None) -> tuple[Parameter, ...]:
    """Return every parameter of a scenario, with those of the rules of other packages that it names."""
    others = {} if scenario is None else scenario.rules.model_extra or {}
    own = (one for name, rule in sorted(others.items()) for one in parameters(type(rule), f"rules.{name}."))
    return (*SCENARIO_PARAMETERS, *own)


def calibrated(scenario: Scenario) -> tuple[Parameter, ...]:
    """Return the parameters of a scenario that are graded "calibrated"."""
    return tuple(one for one in parameters_of(scenario) if one.quantity.grade == "calibrated")


def chosen(patterns: Sequence[str], scenario: Scenario | None = None) -> tuple[Parameter, ...]:
    """Return the parameters whose paths match any pattern; without patterns, those graded "calibrated".

    Parameters
    ----------
    patterns : sequence of str
        Paths or patterns such as "rules.support.*".
    scenario : Scenario, optional
        The scenario to fit, whose rules of other packages have parameters too.

    Raises
    ------
    InputError
        When no parameter matches a pattern.
    """
    every = parameters_of(scenario)
    for pattern in patterns:
        if not any(_matches(p, pattern) for p in every):
            near = nearest(pattern, [p.path for p in every])
            raise InputError(
                with_suggestion(say("found {pattern}, which no parameter matches", pattern=quoted(pattern)), near)
            )
    if not patterns:
        return CALIBRATED if scenario is None else calibrated(scenario)
    return tuple(p for p in every if any(_matches(p, pattern) for pattern in patterns) and _has_room(p))


def _matches(parameter: Parameter, pattern: str) -> bool:
    return parameter.path == pattern or fnmatchcase(parameter.path, pattern)


def _has_room(parameter: Parameter) -> bool:
    low, high = parameter.quantity.plausible
    return low < high


def values_at(shares: Sequence[float], parameters: Sequence[Parameter]) -> dict[str, float]:
    """Return the value of each parameter by path, where 0 and 1 are the ends of its plausible range.

    Values have three digits; those of whole numbers are rounded.
    """
    values = {}
    for parameter, share in zip(parameters, shares, strict=True):
        low, high = parameter.quantity.plausible
        value = float(f"{low + share * (high - low):.3g}")
        values[parameter.path] = round(value) if parameter.whole else value
    return values


def share_of(parameter: Parameter, value: float) -> float:
    """Return the share of the plausible range at which a value lies, kept between 0.05 and 0.95."""
    low, high = parameter.quantity.plausible
    return min(max((value - low) / (high - low), 0.05), 0.95)


BOUNDS: Final = (_MARGIN, 1.0 - _MARGIN)
"""Smallest and largest share of a range that a fit searches."""
