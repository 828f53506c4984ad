"""An outcome of another package, or of a notebook: a function of a centre in the evening, with what tables say of it.

Runs record it daily, in scenarios that name it under `observe.outcomes`, and in no other.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from sim.language import say
from sim.scenario.schema.offers import REFUSALS
from sim.scenario.schema.registry import REGISTRIES, Registry

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,60}")
Group = Literal["secondary", "network", "count"]
"""A count is added up over centres; others are means over centres, weighted by users."""
_GROUPS: Final = get_args(Group)


@dataclass(frozen=True, slots=True)
class OwnOutcome:
    """A quantity of one's own that runs report.

    Parameters
    ----------
    name : str
        Name in tables and under `observe.outcomes`, of a-z, 0-9 and _.
    unit : str
        "share", "0-1", "users", "h/day" and so on; "1" is dimensionless.
    better : "lower", "higher" or "neither"
    label : str
        Label for tables and axes.
    meaning : str
        What it measures, with its cut-off if it has one.
    measure : callable
        Takes an `Evening` (`sim.own.outcomes`), returns a number; NaN where the outcome is undefined.
    group : "secondary", "network" or "count"
        A count is added up over centres; others are means over centres, weighted by users.
    """

    name: str
    unit: str
    better: Literal["lower", "higher", "neither"]
    label: str
    meaning: str
    measure: Callable[[Any], float]
    group: Group = "secondary"


def _refusal(offer: Any, value: str) -> str:
    """Return why an object is no usable outcome, or an empty text if it is usable."""
    if not isinstance(offer, OwnOutcome):
        return say("{value} is no outcome; make it an instance of dayroom.OwnOutcome", value=value)
    if not _NAME.fullmatch(offer.name):
        return say("{value}: name is {name!r}, allowed are a-z, 0-9 and _", value=value, name=offer.name)
    if offer.better not in ("lower", "higher", "neither") or offer.group not in _GROUPS:
        return say(
            "{value}: better must be lower, higher or neither, and group one of {groups}",
            value=value,
            groups=", ".join(_GROUPS),
        )
    if not all((offer.unit, offer.label, offer.meaning)):
        return say("{value}: unit, label and meaning must not be empty", value=value)
    measure: object = offer.measure  # whatever the package has put there
    if not callable(measure):
        return say("{value}: measure is no function", value=value)
    return (
        say("{value}: every run records an outcome {name}; choose another name", value=value, name=offer.name)
        if _is_dayrooms(offer.name)
        else ""
    )


def _is_dayrooms(name: str) -> bool:
    return bool(REFUSALS["outcome"](name))


OWN_OUTCOMES: Final[Registry[OwnOutcome]] = Registry("outcome", lambda offer: offer.name, _refusal)
"""The outcomes that other packages, or Python, offer."""
REGISTRIES["outcome"] = OWN_OUTCOMES


def is_own_outcome(name: str) -> bool:
    """Return whether a package, or Python, offers an outcome of this name."""
    return name in OWN_OUTCOMES.usable()


def chosen(names: tuple[str, ...]) -> tuple[OwnOutcome, ...]:
    """Return the outcomes of these names.

    Raises
    ------
    ValueError
        When there is none of a name, or a name stands twice.
    """
    known = OWN_OUTCOMES.usable() if names else {}
    for name in names:
        if names.count(name) > 1:
            raise ValueError(say("found {name!r} twice", name=name))
        if name not in known:
            raise ValueError(_absent(name, known))
    return tuple(known[name] for name in names)


def _absent(name: str, known: dict[str, OwnOutcome]) -> str:
    from sim.scenario.text.suggestions import nearest, with_suggestion

    if why := OWN_OUTCOMES.unusable().get(name):
        return say("found {name!r}; a package offers it, but it cannot be used: {why}", name=name, why=why)
    if _is_dayrooms(name):
        return say("found {name!r}, which every run records; list only outcomes of other packages", name=name)
    text = say("found {name!r}; no package that offers such an outcome is installed", name=name)
    return with_suggestion(text, nearest(name, known))
