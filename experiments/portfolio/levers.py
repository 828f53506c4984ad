"""Levers of a search over portfolios: policies, how finely their intensity is set, and choices of start and users."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Final

from experiments.statistics.numbers import clauses, commas, percent
from sim.language import say, term
from sim.scenario.text.errors import DayroomError

if TYPE_CHECKING:
    import pandas as pd

Portfolio = tuple[float, ...]
"""For each lever, in order: its intensity (0 leaves it out), then the position of its choice in each of its lists.

A lever that is left out has position 0."""

MAY_CHOOSE: Final = ("start", "eligible")
"""Options of which a lever may have several to choose from."""
MOST_CHOICES: Final = 20
"""Most values to choose from."""


class PortfolioError(DayroomError, ValueError):
    """Raised when a search cannot be made; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class Lever:
    """A policy that a portfolio may hold, and how finely the search sets its intensity.

    Parameters
    ----------
    policy : str
    steps : int
        Number of steps from 0 to full intensity: 1 for without or with, 4 for quarters, 100 for nearly continuous.
    options : mapping of str to object
        Other options of the policy that differ from the defaults.
    choices : mapping of str to tuple
        For "start" or "eligible", the values of which the search chooses one: {"start": (0, "8 week")}.
    """

    policy: str
    steps: int = 1
    options: Mapping[str, object] = field(default_factory=dict)
    choices: Mapping[str, tuple[object, ...]] = field(default_factory=dict)

    @property
    def most(self) -> list[int]:
        """The largest value of each of its numbers in the search: steps, then the last position of each choice."""
        return [self.steps, *(len(values) - 1 for values in self.choices.values())]

    @property
    def variants(self) -> int:
        """In how many ways a portfolio may have the lever, or not have it."""
        return 1 + self.steps * math.prod(len(values) for values in self.choices.values())

    def setting(self, row: Sequence[int]) -> Portfolio:
        """Return its part of a portfolio, from its numbers in the search."""
        return (row[0] / self.steps, *(float(number) if row[0] else 0.0 for number in row[1:]))

    def in_full(self) -> Iterator[Portfolio]:
        """Yield every setting at full intensity."""
        for chosen in product(*(range(len(values)) for values in self.choices.values())):
            yield (1.0, *map(float, chosen))


def by_lever(levers: Sequence[Lever], portfolio: Portfolio) -> Iterator[tuple[Lever, float, dict[str, object]]]:
    """Yield each lever with its intensity and its chosen settings.

    The settings are empty when the portfolio leaves the lever out.
    """
    first = 0
    for lever in levers:
        intensity, *places = portfolio[first : first + len(lever.most)]
        first += len(lever.most)
        named = zip(lever.choices.items(), places, strict=True)
        yield lever, intensity, {name: values[int(place)] for (name, values), place in named} if intensity > 0.0 else {}


def columns_of(levers: Sequence[Lever], portfolio: Portfolio) -> dict[str, object]:
    """Return a row of a table that describes a portfolio: each lever's intensity, and the text of each choice."""
    row: dict[str, object] = {}
    for lever, intensity, chosen in by_lever(levers, portfolio):
        row[lever.policy] = intensity
        row |= {f"{lever.policy}_{name}": str(chosen.get(name, "")) for name in lever.choices}
    return row


def portfolio_in(levers: Sequence[Lever], row: "Mapping[str, object] | pd.Series") -> Portfolio:
    """Return the portfolio that a row of `columns_of` describes."""
    numbers: list[float] = []
    for lever in levers:
        numbers.append(float(str(row[lever.policy])))
        for name, values in lever.choices.items():
            texts = [str(value) for value in values]
            text = str(row[f"{lever.policy}_{name}"])
            numbers.append(float(texts.index(text)) if text in texts else 0.0)
    return tuple(numbers)


def described(levers: Sequence[Lever], portfolio: Portfolio, full: bool = False) -> str:
    """Return a list of the policies of a portfolio, in words.

    Parameters
    ----------
    levers : sequence of Lever
    portfolio : Portfolio
    full : bool
        Whether to write a full intensity too.
    """
    held = []
    for lever, share, chosen in by_lever(levers, portfolio):
        if share > 0.0:
            text = term(lever.policy)
            if full or share < 1.0:
                text = say("{policy} at {share}", policy=text, share=percent(share))
            if how := clauses([f"{name} {value}" for name, value in chosen.items()]):
                text = say("{policy} ({options})", policy=text, options=how)
            held.append(text)
    return commas(held) or say("no policy at all")
