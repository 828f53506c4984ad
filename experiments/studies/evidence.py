"""Find the numbers of a scenario by their grade of evidence. Only this module decides which numbers can be guesses.

Four kinds of number are choices of the analyst, not guesses about people, and are left out: the length of a run
(`days`, `settling`), the questions of a survey (`observe`), the `budget`, and what a policy provides (hours, caseloads,
dates). A policy's options count only if they state its effects on people.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import Parameter, fields_of, known
from sim.scenario.schema.scenario import Scenario

CHOSEN: Final = ("days", "settling", "observe", "budget")
"""Keys of a scenario that the analyst chooses; they make no claim about people."""

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a scenario, with the two paths by which a study can name it.

    Parameters
    ----------
    names : tuple of str
        Parts of the exact path: sections, names of centres and policies, items of lists counted from 1.
    general : tuple of str
        Parts of the general path: a star for every name and item, and after it the kind of a policy, such as
        `policies.*.buddy_scheme.uptake`.
    parameter : Parameter
        The parameter under its general path, with its value in the scenario.
    """

    names: Names
    general: Names
    parameter: Parameter

    def below(self, section: Sequence[str]) -> str:
        """Return the number's path below a section, as a study writes it; empty when the number is not below it.

        Parameters
        ----------
        section : sequence of str
            Parts of the section's path; a star matches every name.
        """
        one_policy = section[0:1] == ["policies"] and section[1:2] not in ([], ["*"])
        spelled = self.names if one_policy else self.general
        named = self.names if len(self.names) == len(spelled) else spelled
        parts = zip(section, spelled, named, strict=False)
        inside = len(section) < len(spelled) and all(part in (star, name) for part, star, name in parts)
        return ".".join([*section, *spelled[len(section) :]]) if inside else ""


def numbers(scenario: Scenario, grades: Collection[str]) -> list[Number]:
    """Return the numbers of a scenario that have one of these grades and a plausible range of several values.

    Parameters
    ----------
    scenario : Scenario
    grades : collection of str
        Some of `sim.scenario.schema.quantity.GRADES`.
    """
    return [
        number
        for number in _walked(scenario, (), ())
        if number.parameter.quantity.grade in grades
        and number.parameter.quantity.plausible[0] < number.parameter.quantity.plausible[1]
    ]


def _walked(value: object, names: Names, general: Names) -> Iterator[Number]:
    """Yield the numbers below a section, mapping or list that are about people, not those a centre chooses."""
    if isinstance(value, dict):
        for name, item in value.items():
            kind = (item.policy,) if isinstance(item, PolicyUse) else ()
            yield from _walked(item, (*names, name), (*general, "*", *kind))
    elif isinstance(value, tuple | list):
        for place, item in enumerate(value, 1):
            yield from _walked(item, (*names, str(place)), (*general, "*"))
    elif isinstance(value, BaseModel):
        for name, field in fields_of(value).items():
            below, quantity = getattr(value, name), known(field)
            if not names and name in CHOSEN:
                continue
            if quantity is None:
                yield from _walked(below, (*names, name), (*general, name))
            elif not isinstance(value, PolicyUse) or name in value.unknown:
                path = ".".join((*general, name))
                parameter = Parameter(path, float(below), quantity, field.annotation is int)
                yield Number((*names, name), (*general, name), parameter)
