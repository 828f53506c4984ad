"""The day centre as a Mesa model: agents are views of rows, a step is a day, `graph()` returns a networkx DiGraph."""

import copy
import warnings
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import mesa
import numpy as np

from sim.agents import DayCareUser, require_gone
from sim.engine import Engine
from sim.outcomes.catalogue import OUTCOMES
from sim.outcomes.observation import Survey, observed
from sim.recorder import Recorder, collected, outcome_of
from sim.scenario.reading import ScenarioLike, scenario_of
from sim.scenario.schema.parameters import PHASES
from sim.scenario.schema.quantity import whole_seed
from sim.scenario.schema.scenario import Observe, Scenario
from sim.scenario.text.errors import InputError, MisspeltAttributeError
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import networkx as nx

_SCHEDULE: Final = ("step", "_user_step", "_event_list", "_event_generators", "_default_schedule", "data_registry")
"""Attributes of Mesa that hold the schedule; functions refer to them weakly, so that they cannot be copied."""
OF_SCENARIO: Final = "of the scenario"
"""The argument `rng` or `seed` that stands for the seed of the scenario."""


class DayCentre(mesa.Model):
    """A scenario as a Mesa model.

    The model runs on Mesa 3.5 and 4, on Mesa's page (`SolaraViz`), and under Mesa's `RunConfiguration` and
    `run_scenarios`, where Mesa has them.

    Parameters
    ----------
    spec : Scenario, str or Path
        A typed scenario, the name of a shipped scenario, or a file.
    rng : int, numpy.random.Generator or None
        An int from 0 to 2**64 - 1, or its digits as text (as Mesa's page passes it), is the seed of the run and gives
        the same bits as `sim.run.run`. By default it is the seed of the scenario, if that has one; None means the same,
        with a warning, because Mesa's `batch_run(rng=[None, None])` asks for runs that differ. Any other value that
        Mesa accepts draws a seed. Mesa uses its own `rng` and `random` (to shuffle agents); the model never does.
    seed : int or None
        Another name of `rng`, which `batch_run` uses.
    scenario : mesa.experimental.scenarios.Scenario, optional
        Mesa's own scenario. Its attribute `spec` stands for the argument `spec`; its other attributes are changes of
        the typed scenario (`days`, `users.disclosure_threshold.mean`). Its `rng` is used unless `rng` is given.
    agent_class : type
        `DayCareUser` or a subclass of it, of which all agents are.
    collect : bool
        Whether the data collector records outcomes: on day 0, then after every step, so that row d is day d.
    outcomes : "main", "all", or iterable of str
        What it records: the outcomes in `sim.recorder.COLLECTED`, every daily outcome, or those named. "main" and "all"
        hold the scenario's outcomes of other packages too.

    Attributes
    ----------
    spec : Scenario
        The typed scenario.
    engine : Engine
        State, ledger and day. Read `engine.state` again after each step: the engine may have replaced it (see
        `Engine`).
    seed_used : int
    running : bool
        False from the last day of the scenario on: `run_model` ends there; `step` still goes on.
    datacollector : mesa.DataCollector
        Outcomes by name, over all centres as in `outcome`.
    data_recorder : Recorder
        Every outcome of every day, and the users as they are now, for Mesa's `RunConfiguration`.

    Raises
    ------
    InputError
        When the seed is out of range, the class of agents is another, or there is no such outcome.

    Examples
    --------
    >>> from dayroom import DayCentre
    >>> model = DayCentre("strangers", rng=1)
    >>> for _ in range(3):
    ...     model.step()
    >>> frame = model.datacollector.get_model_vars_dataframe()
    >>> list(frame.index)  # days; 0 is the start
    [0, 1, 2, 3]
    >>> len(model.agents) == model.outcome("users")
    True
    """

    def __init__(
        self,
        spec: ScenarioLike = "baseline",
        *,
        rng: Any = OF_SCENARIO,
        seed: int | str | None = OF_SCENARIO,
        scenario: Any = None,
        agent_class: type[DayCareUser] = DayCareUser,
        collect: bool = True,
        outcomes: str | Iterable[str] = "main",
    ) -> None:
        asked_of_mesa = rng is None or seed is None
        rng, seed = (None if isinstance(one, str) and one == OF_SCENARIO else one for one in (rng, seed))
        if rng is not None and seed is not None:
            raise InputError("found rng and seed, allowed is one of them: they mean the same")
        if not (isinstance(agent_class, type) and issubclass(agent_class, DayCareUser)):
            raise InputError(f"agent_class: found {agent_class!r}, allowed is DayCareUser or a subclass of it")
        rng = seed if rng is None else rng
        given = {} if scenario is None else dict(iter(scenario))
        chosen, theirs = given.pop("spec", spec), given.pop("rng", None)
        chosen = scenario_of(chosen)
        chosen = chosen.with_changes(**_nested(given)) if given else chosen
        if rng is None and scenario is not None:
            rng = _chance(scenario, theirs)
        if rng is None and chosen.seed is not None:
            rng = chosen.seed
            if asked_of_mesa:
                same = f"rng=None takes the scenario's seed {rng}, so runs made so are the same; give a seed for each"
                warnings.warn(f"{same}, such as rng=[1, 2, 3]", stacklevel=2)
        rng = _seed(rng) if isinstance(rng, int | float | np.number | np.bool | str) else rng
        super().__init__(rng=rng)
        if scenario is not None:
            self.scenario = scenario
        self._spec = chosen
        whole = isinstance(rng, int)
        self.seed_used = int(rng) if whole else int(self.rng.integers(2**63))
        self.engine = Engine(self.spec, self.seed_used)
        self.agent_class = agent_class
        self.collect = collect
        self._agent_of_row: dict[int, DayCareUser] = {}
        self._after: dict[int, list[Callable[[DayCentre], Any]]] = {}
        self._match_agents()
        reporters = {name: partial(outcome_of, name) for name in collected(outcomes, self.spec.observe.outcomes or ())}
        self.datacollector = mesa.DataCollector(model_reporters=reporters)
        self.data_recorder = Recorder(self)
        if collect:
            self.datacollector.collect(self)

    @property
    def spec(self) -> Scenario:
        """The typed scenario; a run keeps the one with which it began."""
        return self._spec

    @spec.setter
    def spec(self, _: Any) -> None:
        way = "DayCentre(model.spec.with_changes(...), rng=model.seed_used) makes a model of a changed scenario"
        raise MisspeltAttributeError(f"spec cannot be set: a run keeps its scenario. {way}", name="spec", obj=self)

    @property
    def day(self) -> int:
        """Number of days run so far."""
        return self.engine.day

    def step(self) -> None:
        """Run one day."""
        if self._after:
            self.engine.advance_in_parts({number: partial(self._call, number) for number in self._after})
        else:
            self.engine.advance(1)
        self._match_agents()
        self.running = self.day < self.spec.days
        if self.collect:
            self.datacollector.collect(self)

    def run_for(self, duration: float | int) -> None:
        """Run this many days.

        Raises
        ------
        InputError
            When it is not a whole number of days and no event of your own lies between days.
        """
        if duration != round(duration) and len(self._event_list) <= 1:
            raise InputError(f"run_for: found {duration!r}, allowed is a whole number: a step is a day")
        super().run_for(duration)

    def after[F: Callable[..., Any]](self, phase: str, function: F | None = None) -> Any:
        """Call a function with the model every day after a phase, before the next phase begins.

        What the function writes to agents enters the rest of the day, and so the day's outcomes; after `recording` it
        enters the next day. Functions of the same phase are called in the order in which they were given. A day with
        such functions runs in parts, which costs about a millisecond a day; a day without them runs as before.

        Parameters
        ----------
        phase : str
            One of `sim.day.PHASES`: turnover, episodes, attendance, encounters, conversation, support, workers,
            proximity, contact, wellbeing, identity, forgetting, recording.
        function : callable, optional
            Takes the model. Without it, `after` is a decorator.

        Returns
        -------
        callable
            The function.

        Raises
        ------
        InputError
            When there is no such phase.

        Examples
        --------
        >>> from dayroom import DayCentre
        >>> model = DayCentre("strangers", rng=1)
        >>> @model.after("wellbeing")
        ... def cheer(model):
        ...     model.agents.set("burden", 0.25)
        >>> model.step()
        >>> model.outcome("burden")
        25.0
        """
        if phase not in PHASES:
            raise InputError(misspelt(f"unknown phase {phase!r}", str(phase), PHASES))
        if function is None:
            return partial(self.after, phase)
        if not callable(function):
            raise InputError(f"after {phase}: found {function!r}, allowed is a function of the model")
        self._after.setdefault(PHASES.index(phase) + 1, []).append(function)
        return function

    def _call(self, number: int) -> None:
        """Call the functions of a phase; agents are those of the users who are enrolled then."""
        self._match_agents()
        for function in self._after[number]:
            function(self)

    def outcome(self, name: str) -> float:
        """Return a daily outcome of the last day: counts as sums over centres, others as means weighted by users.

        Before the first day it is that of the state on day 0, in which counts of what happens are 0.

        Raises
        ------
        InputError
            When there is no such outcome.
        """
        today = self._last_day()
        if name not in (today.dtype.names or ()):
            raise InputError(misspelt(f"unknown outcome {name!r}", name, today.dtype.names or ()))
        if OUTCOMES[name].group in ("count", "cost"):
            return float(today[name].sum())
        weights = today["users"] * ~np.isnan(today[name])
        return float(np.nansum(today[name] * weights) / weights.sum()) if weights.sum() > 0 else float("nan")

    def _last_day(self) -> Any:
        return self.engine.daily[-1] if self.day > 0 else self.engine.beginning()

    def graph(self, centre: int | str | None = None, at_least: str | float = "acquaintance") -> "nx.DiGraph[int]":
        """Return the current network; nodes are the users' `uid`, edges go from who feels close to whom.

        Nodes carry every column of the users, `centre` by its name; edges carry every column of ties, their `level` and
        their `weight`, which is their closeness, so that networkx's measures take it: `nx.pagerank(graph)` does by
        default.

        Parameters
        ----------
        centre : int or str, optional
            Name of a centre, or its number from 0; by default all centres.
        at_least : str or float
            Level or closeness from which a tie is an edge: "acquaintance" (0.10), "friend" (0.35), "confidant" (0.60),
            "kin-like" (0.85), or a number. 0 keeps every tie, strangers too: nearly all pairs, so that density and
            transitivity are near 1 whatever happens.

        Raises
        ------
        InputError
            When there is no such centre or level.

        Examples
        --------
        >>> import networkx as nx
        >>> from dayroom import DayCentre
        >>> model = DayCentre("baseline", rng=1)
        >>> model.step()
        >>> friends = model.graph(at_least="friend")
        >>> round(nx.density(friends), 6) == round(model.outcome("density"), 6)
        True
        >>> nx.transitivity(friends.to_undirected()) < nx.transitivity(model.graph(at_least=0).to_undirected())
        True
        """
        names = self.engine.centres
        number = names.index(centre) if isinstance(centre, str) and centre in names else centre
        if number is None:
            return self.engine.graph(at_least=at_least)
        if not isinstance(number, int | np.integer) or not 0 <= number < len(names):
            allowed = f"one of {', '.join(names)}, or a number from 0 to {len(names) - 1}"
            raise InputError(misspelt(f"unknown centre {centre!r}", str(centre), names, allowed))
        return self.engine.graph(int(number), at_least)

    def survey(self, observe: Observe | None = None) -> Survey:
        """Return the results of a survey held now; the survey changes nothing in the model.

        Parameters
        ----------
        observe : Observe, optional
            Settings of the survey; by default those of the scenario.
        """
        how = self.spec.observe if observe is None else observe
        return observed(self.engine.state, how, self.engine.day, self.seed_used)

    def register_agent(self, agent: Any) -> None:
        """Take in an agent of your own, as Mesa does when it is made.

        Raises
        ------
        InputError
            When the model has this agent: a second number would part it from what was recorded of it.
        """
        if agent in self.agents:
            raise InputError(f"the model has the agent {agent.unique_id} already")
        super().register_agent(agent)

    def deregister_agent(self, agent: Any) -> None:
        """Take an agent out, as Mesa's `agent.remove()` does.

        Raises
        ------
        InputError
            When it is that of an enrolled user.
        """
        if isinstance(agent, DayCareUser):
            require_gone(agent)
        super().deregister_agent(agent)

    def _match_agents(self) -> None:
        """Give every enrolled user an agent, and remove the agents of users who have left."""
        enrolled = {int(row) for row in self.engine.enrolled}
        for row in [row for row in self._agent_of_row if row not in enrolled]:
            self._agent_of_row.pop(row).remove()
        for row in sorted(enrolled - self._agent_of_row.keys()):
            self._agent_of_row[row] = self.agent_class(self, row)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state for pickle and copy: everything but Mesa's schedule of steps, which is made again.

        Raises
        ------
        InputError
            When other events are scheduled: Mesa holds their functions weakly, so that they cannot be copied.
        """
        if len(self._event_list) > 1:
            raise InputError("found events scheduled with Mesa; a model with such events cannot be copied")
        return {name: value for name, value in self.__dict__.items() if name not in _SCHEDULE}

    def __setstate__(self, state: dict[str, Any]) -> None:
        mesa.Model.__init__(self)
        self.__dict__.update(state)
        self._event_list.pop_event()
        self._event_generators.clear()
        step = getattr(self, "_do_step", self._user_step)  # Mesa 3 counts steps around the step itself
        schedule = mesa.time.Schedule(interval=1.0, start=self.time + 1.0)
        self._default_schedule = mesa.time.EventGenerator(self, step, schedule, mesa.time.Priority.HIGH).start()


def _seed(rng: Any) -> int:
    """Convert the argument `rng` to the seed of a run.

    Raises
    ------
    InputError
        When it is not a whole number from 0 to 2**64 - 1.
    """
    return whole_seed(int(rng) if isinstance(rng, str) and rng.isdecimal() else rng, "rng")


def _nested(given: dict[str, Any]) -> dict[str, Any]:
    """Return changes with dots in their names as nested mappings."""
    nested: dict[str, Any] = {}
    for name, value in given.items():
        *way, last = name.split(".")
        place = nested
        for part in way:
            place = place.setdefault(part, {})
        place[last] = value
    return nested


def _chance(scenario: Any, rng: Any) -> Any:
    """Return the chance of Mesa's scenario; Mesa 4's generator as it was at first, so that it serves again."""
    first = getattr(scenario, "initial_rng_state", None)
    if first is None:
        return rng
    unused = copy.deepcopy(scenario.rng)
    unused.bit_generator.state = first
    return unused
