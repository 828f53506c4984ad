"""The user: a Mesa agent with attributes."""

from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.plain_mesa.ties import NEEDS, Tie
from sim.scenario.schema.scenario import ACTIVITIES

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainCentre


class User(mesa.Agent):
    """A user of the centre.

    Parameters
    ----------
    model : PlainCentre
    arrived : float
        Day of enrolment; negative for users enrolled before day 0.
    person : dict
        Background and traits, from `people.sample`.
    """

    def __init__(self, model: "PlainCentre", arrived: float, person: dict[str, Any]) -> None:
        super().__init__(model)
        self.arrived = arrived
        for name, value in person.items():
            setattr(self, name, value)
        self.speciality = ACTIVITIES[self.interest.index(max(self.interest))]
        self.likeable = model.random.gauss(0.0, model.rules.encounters.chemistry_person_sd)
        self.ties: dict[User, Tie] = {}
        self._start()
        self._remember_nothing()
        self.start_day()

    def _start(self) -> None:
        """Set every state to its starting value; loneliness follows once the ties exist."""
        rules = self.model.rules
        self.mood = self.mood_disposition
        self.loneliness = self.lonely_disposition
        self.burden = self.outside_burden
        self.identity = self.initial_identity
        self.self_stigma = self.stigma_disposition
        self.acceptance = self.acceptance_disposition
        self.hope = self.hope_disposition
        self.threshold = self.disclosure_threshold
        self.self_worth = self.worth_disposition * (1.0 - rules.wellbeing.worth_stigma * self.self_stigma)
        self.habit = rules.attendance.base_share
        self.unwell = False
        self.needs = dict.fromkeys(NEEDS, 0.0)
        self.trouble = self.learned_empathy = self.reminded = 0.0

    def _remember_nothing(self) -> None:
        """Start with empty memories."""
        self.company = self.given = self.received = 0.0
        self.friends = self.confidants = self.told_peers = self.known_by = self.missed = 0
        self.closest = self.known_closest = self.longing = self.soft_ties = 0.0

    def start_day(self) -> None:
        """Set the tallies of the day to zero."""
        self.attends = False
        self.talk_hours = self.phone_hours = self.load = self.demand = 0.0
        self.partners = self.turns = self.doing = self.helping = self.conflicts = self.welcomed = 0

    @property
    def empathy_now(self) -> float:
        """Empathy brought along plus the share of the rest that the user has learned."""
        return self.empathy + (1.0 - self.empathy) * self.learned_empathy

    @property
    def hope_above(self) -> float:
        """Hope minus 0.5; 0 without the mechanism."""
        return self.hope - 0.5 if self.model.on.hope else 0.0

    @property
    def identity_above(self) -> float:
        """Group identity minus 0.5, as it opens users to others; 0 without the mechanism of belonging."""
        return self.identity - 0.5 if self.model.on.belonging else 0.0

    @property
    def is_newcomer(self) -> bool:
        """Whether the user arrived less than newcomer_days ago."""
        return self.model.day - self.arrived < self.model.rules.episodes.newcomer_days

    @property
    def largest_need(self) -> str:
        """Kind of the largest open need."""
        return max(self.needs, key=self.needs.__getitem__)

    @property
    def mean_need(self) -> float:
        """Mean of the five open needs."""
        return sum(self.needs.values()) / len(self.needs)

    def take_heart(self, gain: float) -> None:
        """Raise hope by a share (`gain`) of what is missing to 1."""
        if self.model.on.hope:
            self.hope += (1.0 - self.hope) * gain
