"""The user, a Mesa agent with attributes, and the centre as users and rules see it."""

from typing import Any

import mesa

from benchmarks.plain_mesa.tie import NEEDS, Tie
from sim.outcomes.catalogue import DAILY
from sim.scenario.schema.scenario import ACTIVITIES, WEEKDAYS, Scenario

OUTCOMES = tuple(outcome.name for outcome in DAILY)
MOST_OUTWARD = 40.0
"""Odds of chaxugeju above which users always choose the closest."""
STEEPEST = 500.0
"""Largest weight of closeness; at this weight, too, users always choose the closest."""


class User(mesa.Agent):
    """A user of the centre.

    Parameters
    ----------
    model : Centre
    arrived : float
        Day of enrolment; negative for users enrolled before day 0.
    person : dict
        Background and traits, from `people.sample`.
    """

    def __init__(self, model: "Centre", arrived: float, person: dict[str, Any]) -> None:
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


class Centre(mesa.Model):
    """What users and rules know of a centre: its scenario, day, norms and weights; `PlainCentre` lives its days.

    Parameters
    ----------
    scenario, rng
        As of `PlainCentre`.
    """

    def __init__(self, scenario: Scenario, rng: int | None) -> None:
        super().__init__(rng=rng)
        self.scenario_given, self.rules, self.on = scenario, scenario.rules, scenario.mechanisms
        (self.house,) = scenario.centres.values()
        network = self.house.network or scenario.network
        if self.house.copies > 1 or self.house.users_file is not None or network.kind == "file":
            raise ValueError("the plain model runs one centre, with sampled users and no file of ties")
        self.day = -scenario.settling
        self.norm, self.norm_help, self.norm_welcome = self.house.norm, self.house.norm_help, self.house.norm_welcome
        self._places: dict[tuple[User, int], float] = {}
        self.coverage = min(1.0, self.house.staff * self.house.users_per_staff / self.house.users)
        self.public_stigma = scenario.society.public_stigma
        self._set_weights()

    def _set_weights(self) -> None:
        """Compute the pull of closeness once: it grows with chaxugeju."""
        share = self.rules.encounters.chaxugeju
        odds = min(share / (1.0 - share), MOST_OUTWARD) if share < 1.0 else MOST_OUTWARD
        self.closeness_pull = min(self.rules.encounters.closeness_weight * odds, STEEPEST)
        self.closeness_pull_help = min(self.rules.support.choose_closeness * odds, STEEPEST)

    @property
    def staffed(self) -> float:
        """Share of users that staff can look after well; 0 without the mechanism of a living house."""
        return self.coverage if self.on.living_house else 0.0

    @property
    def weekday(self) -> str:
        """Weekday of today."""
        return WEEKDAYS[(WEEKDAYS.index(self.scenario_given.first_day) + self.day) % 7]

    def assigned_place(self, user: User) -> float:
        """Return a user's place in the assigned groups, drawn again each term."""
        key = (user, self.day // self.house.assigned_days)
        return self._places.setdefault(key, self.random.random())

    def begin_day(self) -> None:
        """Set the tallies to zero and determine whether the centre is open."""
        closed = any(self.day in closure.days for closure in self.house.closures)
        self.is_open = self.weekday in self.house.open and not closed
        self.today: dict[str, float] = dict.fromkeys(OUTCOMES, 0.0)
