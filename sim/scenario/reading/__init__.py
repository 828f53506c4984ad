"""From files to a checked scenario, and back to text: load, check, explain, show."""

import os
from collections.abc import Callable, Iterable

from sim.language import say
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError, Problem, ScenarioError

type Reference = str | os.PathLike[str]
"""A shipped name, or a path."""
type ScenarioLike = Scenario | Reference


def scenario_of(given: object) -> Scenario:
    """Return a scenario that is given as an object, a shipped name or a path.

    Raises
    ------
    InputError
        When it is something else.
    ScenarioError
        When the file has mistakes, or there is no such file or name.
    """

    def load(reference: Reference) -> Scenario:
        from sim.scenario.reading.load import load_scenario  # a run of an object reads no YAML

        return load_scenario(reference)

    return given_as(Scenario, given, load)


def given_as[Made](made: type[Made], given: object, load: Callable[[Reference], Made]) -> Made:
    """Return an object that is given itself, or by a reference to `load`.

    Raises
    ------
    InputError
        When it is something else.
    """
    if isinstance(given, made):
        return given
    if isinstance(given, str | os.PathLike):
        return load(given)
    complaint = say(
        "{what}: found a {kind}, allowed are a {name}, the name of a shipped {what}, and a path",
        what=made.__name__.lower(),
        kind=type(given).__name__,
        name=made.__name__,
    )
    if isinstance(given, tuple | list):  # Mesa's batch_run takes a Scenario apart, which it tries as a list of values
        complaint += say("; where a list of values is tried, as by batch_run, put it in brackets: [scenario]")
    raise InputError(complaint)


def scenarios_of(several: Iterable[object]) -> list[Scenario]:
    """Return scenarios, each given as in `scenario_of`.

    Raises
    ------
    InputError
        As `scenario_of`.
    ScenarioError
        With the mistakes of all files; one that several scenarios share counts once.
    """
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for given in several:
        try:
            scenarios.append(scenario_of(given))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return scenarios
