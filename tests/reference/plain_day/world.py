"""Persons, ties, houses and their surroundings, as plain objects."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .chance import share, words


class Person:
    """A user; attributes are the columns of a user."""


class Tie:
    """What i is to j; attributes are the columns of a tie."""


@dataclass
class Meeting:
    """An encounter: i turned to j in session k."""

    i: Person
    j: Person
    k: int
    activity: int
    doing: bool
    hours: float
    third: Person | None = None
    circle: Any = None
    fully: float = 0.0
    """How fully a disclosure circle works for the two."""


@dataclass
class World:
    """The whole world, at the next day to live."""

    seed: int
    scenario: Any
    day: int
    society: Any
    houses: list["House"] = field(default_factory=list)
    circles: list[Any] = field(default_factory=list)
    workers: list[Any] = field(default_factory=list)


@dataclass
class House:
    """A centre with its seats, ties and queue; the columns of a centre are attributes too."""

    world: World
    number: int
    seats: list[Person | None]
    ties: dict[tuple[int, int], Tie]
    blank: dict[str, Any]
    """The columns of a tie of which nothing is known, all 0."""
    waiting: list[Person] = field(default_factory=list)
    timetable: list[Any] = field(default_factory=list)
    closed_days: set[int] = field(default_factory=set)
    open_weekdays: set[int] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    meetings: list[Meeting] = field(default_factory=list)
    gone: list[Person] = field(default_factory=list)
    """Those who have left."""
    order: list[Person] = field(default_factory=list)
    """Those present, in the order of the day."""

    @property
    def day(self) -> int:
        """The current day."""
        return self.world.day

    @property
    def rules(self) -> Any:
        """The parameters of the rules, by section."""
        return self.world.scenario.rules

    @property
    def on(self) -> Any:
        """The mechanisms that are switched on."""
        return self.world.scenario.mechanisms

    @property
    def users(self) -> list[Person]:
        """The enrolled users, seat by seat."""
        return [one for one in self.seats if one is not None]

    @property
    def pairs(self) -> list[tuple[Person, Person]]:
        """Every enrolled pair, the lower seat first."""
        users = self.users
        return [(i, j) for place, i in enumerate(users) for j in users[place + 1 :]]

    def tie(self, i: Person, j: Person) -> Tie:
        """Return the tie of i towards j."""
        return self.ties[i.uid, j.uid]

    def new_tie(self, i: Person, j: Person) -> Tie:
        """Make an empty tie of i towards j."""
        tie = Tie()
        for name, value in self.blank.items():
            setattr(tie, name, list(value) if isinstance(value, list) else value)
        self.ties[i.uid, j.uid] = tie
        return tie

    def draw(
        self, purpose: str, user: int, other: int = 0, slot: int = 0, day: int | None = None
    ) -> tuple[float, float, float, float]:
        """Return the four uniforms of a draw of today, or of another day."""
        when = self.day if day is None else day
        w0, w1, w2, w3 = words(self.world.seed, purpose, when, slot, user, other)
        return share(w0), share(w1), share(w2), share(w3)

    def once(self, purpose: str, user: int, other: int) -> tuple[float, float, float, float]:
        """Return the four uniforms of a draw that belongs to no day."""
        return self.draw(purpose, user, other, day=0)

    def newcomer(self, one: Person) -> bool:
        """Return whether a user counts as a newcomer today."""
        return self.day - one.arrived < self.rules.episodes.newcomer_days
