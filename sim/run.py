"""Run a scenario with a seed and return its outcomes; start reading the code here.

scenario -> Engine (builds the state, lives its days) -> Run (daily outcomes, users, networks, surveys)
"""

import secrets
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from sim.engine import Engine
from sim.errors import InputError
from sim.outcomes.measures import NETWORK_MEASURES, friend_graph, network_measures, user_measures
from sim.scenario.reading import ScenarioLike, scenario_of
from sim.scenario.schema.quantity import whole_seed
from sim.scenario.schema.scenario import Scenario
from sim.state.columns import LEFT, PRESENT
from sim.state.state import Records
from sim.state.ties import least_closeness

if TYPE_CHECKING:
    import networkx as nx

    from sim.outcomes.observation import Survey
    from sim.scenario.schema.own_outcome import OwnOutcome

MOST_IN_GRAPH: Final = 1500
"""Most users in a stored network; a larger network cannot be viewed, and takes longer to write than the run."""


@dataclass(frozen=True)
class Run:
    """The results of a run.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    centres : list of str
        Names of the centres, in the order of the second dimension of `daily`.
    daily : record array, shape (days, centres)
        One field for each outcome (`sim.outcomes.catalogue.DAILY`), in the outcome's own unit; then one for each
        outcome of another package that the scenario names.
    users : record array
        All users enrolled on day 0 or later, with their values on the last day (columns `sim.state.columns.USER`), then
        the columns of users of each rule of another package: `mood_contagion.openness`.
    graphs : dict of int to networkx.DiGraph
        The network on each requested day: ties at or above acquaintance, unless `run` was called with another
        `at_least`. With more than `MOST_IN_GRAPH` seats, only the first centre.
    policies : list of str
        Names of the policies in use, by priority.
    reviews : record array
        What each policy wanted, got and cost at each review (`sim.policies.review.review.POLICY_COLUMNS`).
    measures : dict of str to float
        Measures of the whole run (`sim.outcomes.measures.MEASURES`), if requested; measures of the network are NaN
        with more than `MOST_IN_GRAPH` seats.
    names : dict of int to str
        Names of listed users by `uid`.
    groups : dict of str to bool array, shape (users,)
        Who belongs to each of the scenario's groups, judged on day 0 or on arrival.
    surveys : tuple of Survey
        The surveys on the days in `observe.waves`, up to the end of the run.
    """

    scenario: Scenario
    seed: int
    centres: list[str]
    daily: Records
    users: Records
    graphs: "dict[int, nx.DiGraph[int]]" = field(default_factory=dict)
    policies: list[str] = field(default_factory=list)
    reviews: Records = None
    measures: dict[str, float] = field(default_factory=dict)
    surveys: "tuple[Survey, ...]" = ()
    names: dict[int, str] = field(default_factory=dict)
    groups: dict[str, Any] = field(default_factory=dict)


def fresh_seed() -> int:
    """Return a random seed from the operating system, to be recorded with the run."""
    return secrets.randbits(48)


def run(
    scenario: ScenarioLike,
    seed: int | None = None,
    days: int | None = None,
    graph_days: Iterable[int] = (),
    measures: bool = False,
    at_least: str | float = "acquaintance",
    outcomes: "Iterable[OwnOutcome]" = (),
) -> Run:
    """Run a scenario once.

    Parameters
    ----------
    scenario : Scenario, str or path
        A scenario, the name of a shipped scenario, or a file.
    seed : int, optional
        By default the scenario's seed, or a fresh one if it has none.
    days : int, optional
        Length of the run; by default the scenario's length.
    graph_days : iterable of int
        Days at whose start the network is stored: 0 is the start of the run, `days` its end.
    measures : bool
        Whether to compute the measures of the whole run; all other results stay the same.
    at_least : str or float
        Level, such as "friend", or closeness from which a stored network holds ties; 0 holds all.
    outcomes : iterable of OwnOutcome
        Outcomes of one's own to record as well; they are registered (`dayroom.register`) and named by the scenario.

    Raises
    ------
    InputError
        When `graph_days` holds a number that is not a day of the run, or the seed is not a whole number in range.

    Examples
    --------
    >>> from dayroom import load_scenario, run
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> run(tiny, seed=1).daily["users"].tolist()
    [[25.0], [25.0], [25.0]]
    """
    scenario = _as_run(scenario_of(scenario), days, tuple(outcomes))
    if seed is None:
        seed = fresh_seed() if scenario.seed is None else scenario.seed
    seed = whole_seed(seed)
    if not isinstance(graph_days, Iterable):
        raise InputError(f"graph_days: found {graph_days!r}, allowed are several days: [{graph_days!r}]")
    kept = set(graph_days)
    if outside := kept - set(range(scenario.days + 1)):
        found = ", ".join(sorted(map(repr, outside), key=lambda day: (len(day), day)))
        raise InputError(f"graph_days: found {found}, allowed are whole days from 0 to {scenario.days}, the last")
    least = least_closeness(at_least)
    return run_on(Engine(scenario, seed), kept, measures, least)


def run_on(
    engine: Engine, graph_days: Iterable[int] = (), measures: bool = False, at_least: str | float = "acquaintance"
) -> Run:
    """Run an engine from day 0 to the end of its scenario; the parameters are those of `run`.

    Parameters
    ----------
    engine : Engine
        Before its first day; also an engine that settled for several runs (`Engine.branch`).
    graph_days : iterable of int
        Days of the run.
    """
    scenario, least, kept = engine.scenario, least_closeness(at_least), set(graph_days)
    graphs = {}
    surveys: list[Survey] = []
    waves = {day for day in scenario.observe.waves if day <= scenario.days}
    networked = measures and len(engine.state.seats) <= MOST_IN_GRAPH
    start = friend_graph(engine.state) if networked else None
    for day in sorted({*kept, *waves, scenario.days}):
        engine.advance(day - engine.day)
        if day in kept:
            graphs[day] = engine.graph(None if len(engine.state.seats) <= MOST_IN_GRAPH else 0, least)
        if day in waves:
            from sim.outcomes.observation import observed

            surveys.append(observed(engine.state, scenario.observe, day, engine.seed))
    left = _left_by(engine, graphs, surveys)
    if measures:
        of_network = dict.fromkeys(NETWORK_MEASURES, float("nan"))
        if networked:
            of_network = network_measures(start, friend_graph(engine.state))
        left = replace(left, measures={**of_network, **user_measures(left.users)})
    if engine.review is None:
        return left
    return replace(left, policies=engine.review.names, reviews=engine.review.records())


def _left_by(engine: Engine, graphs: "dict[int, nx.DiGraph[int]]", surveys: "list[Survey]") -> Run:
    """Return what an engine has done: outcomes, users who were ever there, groups and names."""
    users = engine.state.users
    was_there = (users["status"] == PRESENT) | ((users["status"] == LEFT) & (users["left"] >= 0))
    groups = {name: belongs[was_there] for name, belongs in engine.members().items()}
    return Run(
        engine.scenario,
        engine.seed,
        engine.centres,
        engine.daily,
        users[was_there] if engine.own is None else engine.own.beside(engine.state)[was_there],
        graphs,
        surveys=tuple(surveys),
        names=engine.names,
        groups=groups,
    )


def _as_run(scenario: Scenario, days: int | None, outcomes: "tuple[OwnOutcome, ...]") -> Scenario:
    """Return a scenario with another length and with outcomes of one's own, where they are given."""
    if days is not None:
        scenario = scenario.with_changes(days=days)
    return _observing(scenario, outcomes) if outcomes else scenario


def _observing(scenario: Scenario, outcomes: "tuple[OwnOutcome, ...]") -> Scenario:
    """Return the scenario with these outcomes among those that it records."""
    from sim.scenario.schema.registration import register

    names = [register(one).name for one in outcomes]
    every = tuple(dict.fromkeys([*(scenario.observe.outcomes or ()), *names]))
    return scenario.with_changes(observe={"outcomes": every})


class _Runnable(ModuleType):
    """A callable module: Python binds `sim.run` to the module, and users call it after `from sim import run`."""

    def __call__(self, *arguments: Any, **options: Any) -> Run:
        """Run a scenario once; see `run`."""
        return run(*arguments, **options)


sys.modules[__name__].__class__ = _Runnable
