"""The model: a centre, and the twelve phases of its day in order."""

import mesa
import pandas as pd

from benchmarks.plain_mesa.agents import OUTCOMES, Centre, User
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
from benchmarks.plain_mesa.tie import DAYS_PER_YEAR
from benchmarks.plain_mesa.ties import introduce
from benchmarks.plain_mesa.wellbeing import feel_first_loneliness, wellbeing
from sim.scenario.schema.scenario import Scenario

LAST_YEAR = 365
"""Days at the end of settling, before day 0, on which users already come and go."""


class PlainCentre(Centre):
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
        super().__init__(scenario, rng)
        self._take_in_users()
        self.datacollector = mesa.DataCollector(
            model_reporters={name: (lambda model, name=name: model.today[name]) for name in OUTCOMES}
        )

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

    def step(self) -> None:
        """Run one day."""
        self.begin_day()
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
