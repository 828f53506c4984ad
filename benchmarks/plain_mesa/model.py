"""The model: a centre, and the twelve phases of its day in order."""

import mesa
import pandas as pd

from benchmarks.plain_mesa.agents import User
from benchmarks.plain_mesa.coming import attendance, episodes, turnover
from benchmarks.plain_mesa.contact import contact
from benchmarks.plain_mesa.conversation import conversation
from benchmarks.plain_mesa.encounters import encounters
from benchmarks.plain_mesa.forgetting import count_shared, forgetting
from benchmarks.plain_mesa.house import drift_of_norms, staff_listen
from benchmarks.plain_mesa.identity import identity, public_opinion
from benchmarks.plain_mesa.people import sample
from benchmarks.plain_mesa.proximity import proximity
from benchmarks.plain_mesa.recording import record
from benchmarks.plain_mesa.starting import starting_network
from benchmarks.plain_mesa.support import support
from benchmarks.plain_mesa.ties import DAYS_PER_YEAR, introduce
from benchmarks.plain_mesa.wellbeing import feel_first_loneliness, wellbeing
from sim.outcomes.catalogue import DAILY
from sim.scenario.schema.scenario import WEEKDAYS, Scenario

OUTCOMES = tuple(outcome.name for outcome in DAILY)
MOST_OUTWARD = 40.0
"""Odds of chaxugeju above which users always choose the closest."""
STEEPEST = 500.0
"""Largest weight of closeness; at this weight, too, users always choose the closest."""
LAST_YEAR = 365
"""Days at the end of settling, before day 0, on which users already come and go."""


class PlainCentre(mesa.Model):
    """A day-care centre; a step is a day.

    Parameters
    ----------
    scenario : Scenario
        A scenario with one centre, sampled users and no file of ties.
    rng : int, optional
        Seed of Mesa's generators.

    Raises
    ------
    ValueError
        When the scenario has several centres or files.
    """

    def __init__(self, scenario: Scenario, rng: int | None = None) -> None:
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
        self._take_in_users()
        self.datacollector = mesa.DataCollector(
            model_reporters={name: (lambda model, name=name: model.today[name]) for name in OUTCOMES}
        )

    def _set_weights(self) -> None:
        """Compute the pull of closeness once: it grows with chaxugeju."""
        share = self.rules.encounters.chaxugeju
        odds = min(share / (1.0 - share), MOST_OUTWARD) if share < 1.0 else MOST_OUTWARD
        self.closeness_pull = min(self.rules.encounters.closeness_weight * odds, STEEPEST)
        self.closeness_pull_help = min(self.rules.support.choose_closeness * odds, STEEPEST)

    def _take_in_users(self) -> None:
        """Sample the users and create the ties they start with."""
        for _ in range(self.house.users):
            person = sample(self.scenario_given.users, self.rng)
            User(self, -person["years_in_centre"] * DAYS_PER_YEAR, person)
        users = list(self.agents)
        for place, user in enumerate(users):
            for other in users[place + 1 :]:
                introduce(self, user, other)
        starting_network(self, users)
        self.agents.do(feel_first_loneliness)

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

    def _begin_day(self) -> None:
        """Set the tallies to zero and determine whether the centre is open."""
        closed = any(self.day in closure.days for closure in self.house.closures)
        self.is_open = self.weekday in self.house.open and not closed
        self.today: dict[str, float] = dict.fromkeys(OUTCOMES, 0.0)

    def step(self) -> None:
        """Run one day."""
        self._begin_day()
        if self.day >= -LAST_YEAR:
            turnover(self)
        self.agents.do(episodes)
        self.agents.do("start_day")
        if self.is_open:
            self._open_the_house()
        proximity(self)
        contact(self)
        self.agents.do(wellbeing)
        identity(self)
        self.agents.do(forgetting)
        if self.on.shared_friends:
            count_shared(self)
        drift_of_norms(self)
        if self.day >= 0:
            record(self)
            self.datacollector.collect(self)
        public_opinion(self)
        self.day += 1

    def _open_the_house(self) -> None:
        """Let users come, sit together, talk and help, and let staff listen."""
        self.agents.do(attendance)
        present = self.agents.select(lambda user: user.attends).shuffle(inplace=True).to_list()
        held = encounters(self, present)
        for encounter in held:
            conversation(self, encounter, present)
        if self.on.helping:
            support(self, held, present)
        staff_listen(self, present)

    def live(self, days: int | None = None) -> pd.DataFrame:
        """Settle, run this many days (by default the scenario's number), and return the daily outcomes."""
        last = self.scenario_given.days if days is None else days
        while self.day < last:
            self.step()
        return self.datacollector.get_model_vars_dataframe()
