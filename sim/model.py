"""The day centre as a Mesa model: agents are views on rows, a step is one day, `graph()` is a networkx DiGraph."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.agents import DayCareUser
from sim.engine import Engine
from sim.outcomes.catalogue import DAILY
from sim.outcomes.observation import Survey, observed
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Observe, Scenario
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import networkx as nx


class DayCentre(mesa.Model):
    """A scenario as Mesa knows models.

    Parameters
    ----------
    spec : Scenario, str or Path
        A typed scenario, the name of a shipped one, or a file (Mesa keeps the name `scenario` for itself).
    rng : int, numpy.random.Generator or None
        An int, or its digits as the input fields of Mesa's page give them, is the seed of the run, from 0 to
        2**64 - 1: the same int gives the same bits as `sim.run.run`. From anything else Mesa takes, one seed is
        drawn. Mesa's own `rng` and `random` are used by Mesa (shuffling agents) and never by the model.
    collect : bool
        Whether the DataCollector collects after every step.

    Attributes
    ----------
    spec : Scenario
        The typed scenario (Mesa keeps the name `scenario` for itself).
    engine : Engine
        State, ledger and day. Take `engine.state` anew after a step: it may have been replaced (see `Engine`).
    seed_used : int
    datacollector : mesa.DataCollector
        Every daily outcome by name, over all centres weighted by users.

    Raises
    ------
    ValueError
        When the seed is out of range.
    """

    def __init__(self, spec: Scenario | str | Path = "baseline", *, rng: Any = None, collect: bool = True) -> None:
        chosen = spec if isinstance(spec, Scenario) else load_scenario(spec)
        rng = chosen.seed if rng is None else rng
        rng = _seed(rng) if isinstance(rng, int | np.integer | str) else rng
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
        """Days lived."""
        return self.engine.day

    def step(self) -> None:
        """Live one day."""
        self.engine.advance(1)
        self._match_agents()
        if self.collect:
            self.datacollector.collect(self)

    def outcome(self, name: str) -> float:
        """Give a daily outcome of the last day lived, over all centres weighted by users; counts are added up.

        Raises
        ------
        ValueError
            Before the first day, or for an outcome that does not exist.
        """
        today = self._last_day()
        if name not in (today.dtype.names or ()):
            raise ValueError(misspelt(f"unknown outcome {name!r}", name, today.dtype.names or ()))
        if name in _COUNTS:
            return float(today[name].sum())
        weights = today["users"] * ~np.isnan(today[name])
        return float(np.nansum(today[name] * weights) / weights.sum()) if weights.sum() > 0 else float("nan")

    def _last_day(self) -> Any:
        if self.engine.day < 1:
            raise ValueError("no day has been lived yet; call step() first")
        return self.engine.daily[-1]

    def graph(self, centre: int | str | None = None) -> "nx.DiGraph[int]":
        """Give the network of now; nodes are named by `uid`.

        Parameters
        ----------
        centre : int or str, optional
            Name of a centre, or its number from 0; all centres when not given.

        Raises
        ------
        ValueError
            When there is no such centre.
        """
        names = self.engine.centres
        number = names.index(centre) if isinstance(centre, str) and centre in names else centre
        if number is None:
            return self.engine.graph()
        if not isinstance(number, int | np.integer) or not 0 <= number < len(names):
            allowed = f"one of {', '.join(names)}, or a number from 0 to {len(names) - 1}"
            raise ValueError(misspelt(f"unknown centre {centre!r}", str(centre), names, allowed))
        return self.engine.graph(int(number))

    def survey(self, observe: Observe | None = None) -> Survey:
        """Hold a survey of now: what it would see, which changes nothing.

        Parameters
        ----------
        observe : Observe, optional
            How it is held; as the scenario says (`observe`) when not given.
        """
        how = self.spec.observe if observe is None else observe
        return observed(self.engine.state, how, self.engine.day, self.seed_used)

    def _match_agents(self) -> None:
        """Give every enrolled user an agent and remove the agents of those who have left."""
        enrolled = {int(row) for row in self.engine.enrolled}
        for row in [row for row in self._agent_of_row if row not in enrolled]:
            self._agent_of_row.pop(row).remove()
        for row in sorted(enrolled - self._agent_of_row.keys()):
            self._agent_of_row[row] = DayCareUser(self, row)


def _seed(rng: Any) -> int:
    """Give the seed of a run.

    Raises
    ------
    ValueError
        When it is no whole number from 0 to 2**64 - 1.
    """
    number = int(rng) if not isinstance(rng, str) else int(rng) if rng.isdecimal() else -1
    if not 0 <= number < 2**64:
        raise ValueError(f"rng: found {rng!r}, allowed is a whole number from 0 to 2**64 - 1")
    return number


_COUNTS = frozenset(o.name for o in DAILY if o.group in ("count", "cost"))


def _reporter(name: str) -> Any:
    """Bind the name of an outcome."""
    return lambda model: model.outcome(name)
