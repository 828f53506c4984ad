"""The day centre as a Mesa model: agents are views of rows, a step is a day, `graph()` returns a networkx DiGraph."""

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.agents import DayCareUser
from sim.engine import Engine
from sim.outcomes.catalogue import DAILY
from sim.outcomes.observation import Survey, observed
from sim.scenario.reading.given import ScenarioLike, scenario_of
from sim.scenario.schema.scenario import Observe
from sim.scenario.schema.seed import whole_seed
from sim.scenario.text.errors import InputError
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import networkx as nx


class DayCentre(mesa.Model):
    """A scenario as a Mesa model.

    Parameters
    ----------
    spec : Scenario, str or Path
        A typed scenario, the name of a shipped scenario, or a file (Mesa itself uses the name `scenario`).
    rng : int, numpy.random.Generator or None
        An int from 0 to 2**64 - 1, or its digits as text (as Mesa's page passes it), is the seed of the run and gives
        the same bits as `sim.run.run`. Any other value that Mesa accepts draws a seed. Mesa uses its own `rng` and
        `random` (to shuffle agents); the model never does.
    collect : bool
        Whether the data collector records outcomes after every step.

    Attributes
    ----------
    spec : Scenario
        The typed scenario.
    engine : Engine
        State, ledger and day. Read `engine.state` again after each step: the engine may have replaced it (see
        `Engine`).
    seed_used : int
    datacollector : mesa.DataCollector
        Every daily outcome by name, over all centres as in `outcome`.

    Raises
    ------
    InputError
        When the seed is out of range.

    Examples
    --------
    >>> from dayroom import DayCentre, load_scenario
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> model = DayCentre(tiny, rng=1)
    >>> model.step()
    >>> model.day, len(model.agents)
    (1, 25)
    """

    def __init__(self, spec: ScenarioLike = "baseline", *, rng: Any = None, collect: bool = True) -> None:
        chosen = scenario_of(spec)
        rng = chosen.seed if rng is None else rng
        rng = _seed(rng) if isinstance(rng, int | float | np.number | np.bool | str) else rng
        super().__init__(rng=rng)
        self.spec = chosen
        whole = isinstance(rng, int)
        self.seed_used = int(rng) if whole else int(self.rng.integers(2**63))
        self.engine = Engine(self.spec, self.seed_used)
        self.collect = collect
        self._agent_of_row: dict[int, DayCareUser] = {}
        self._match_agents()
        self.datacollector = mesa.DataCollector(model_reporters={o.name: _reporter(o.name) for o in DAILY})

    @property
    def day(self) -> int:
        """Number of days run so far."""
        return self.engine.day

    def step(self) -> None:
        """Run one day."""
        self.engine.advance(1)
        self._match_agents()
        if self.collect:
            self.datacollector.collect(self)

    def outcome(self, name: str) -> float:
        """Return a daily outcome of the last day: counts as sums over centres, others as means weighted by users.

        Raises
        ------
                InputError
            Before the first day, or when there is no such outcome.
        """
        today = self._last_day()
        if name not in (today.dtype.names or ()):
            raise InputError(misspelt(f"unknown outcome {name!r}", name, today.dtype.names or ()))
        if name in _COUNTS:
            return float(today[name].sum())
        weights = today["users"] * ~np.isnan(today[name])
        return float(np.nansum(today[name] * weights) / weights.sum()) if weights.sum() > 0 else float("nan")

    def _last_day(self) -> Any:
        if self.engine.day < 1:
            raise InputError("no day has been lived yet; call step() first")
        return self.engine.daily[-1]

    def graph(self, centre: int | str | None = None) -> "nx.DiGraph[int]":
        """Return the current network; nodes are the users' `uid`.

        Parameters
        ----------
        centre : int or str, optional
            Name of a centre, or its number from 0; by default all centres.

        Raises
        ------
                InputError
            When there is no such centre.
        """
        names = self.engine.centres
        number = names.index(centre) if isinstance(centre, str) and centre in names else centre
        if number is None:
            return self.engine.graph()
        if not isinstance(number, int | np.integer) or not 0 <= number < len(names):
            allowed = f"one of {', '.join(names)}, or a number from 0 to {len(names) - 1}"
            raise InputError(misspelt(f"unknown centre {centre!r}", str(centre), names, allowed))
        return self.engine.graph(int(number))

    def survey(self, observe: Observe | None = None) -> Survey:
        """Return the results of a survey held now; the survey changes nothing in the model.

        Parameters
        ----------
        observe : Observe, optional
            Settings of the survey; by default those of the scenario.
        """
        how = self.spec.observe if observe is None else observe
        return observed(self.engine.state, how, self.engine.day, self.seed_used)

    def _match_agents(self) -> None:
        """Give every enrolled user an agent, and remove the agents of users who have left."""
        enrolled = {int(row) for row in self.engine.enrolled}
        for row in [row for row in self._agent_of_row if row not in enrolled]:
            self._agent_of_row.pop(row).remove()
        for row in sorted(enrolled - self._agent_of_row.keys()):
            self._agent_of_row[row] = DayCareUser(self, row)


def _seed(rng: Any) -> int:
    """Convert the argument `rng` to the seed of a run.

    Raises
    ------
    InputError
        When it is not a whole number from 0 to 2**64 - 1.
    """
    return whole_seed(int(rng) if isinstance(rng, str) and rng.isdecimal() else rng, "rng")


_COUNTS = frozenset(o.name for o in DAILY if o.group in ("count", "cost"))


def _reporter(name: str) -> Any:
    """Return a function of the model that returns this outcome."""
    return lambda model: model.outcome(name)
