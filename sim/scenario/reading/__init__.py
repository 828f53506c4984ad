"""From files to a checked scenario, and back to text: load, check, explain, show."""

import os
from collections.abc import Iterable

from sim.language import say
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError, Problem, ScenarioError

type ScenarioLike = Scenario | str | os.PathLike[str]


def scenario_of(given: object) -> Scenario:
    """Return a scenario that is given as an object, a shipped name or a path.

    Raises
    ------
    InputError
        When it is something else.
    ScenarioError
        When the file has mistakes, or there is no such file or name.
    """
    if isinstance(given, Scenario):
        return given
    if isinstance(given, str | os.PathLike):
        from sim.scenario.reading.load import load_scenario  # a run of an object reads no YAML

        return load_scenario(given)
    kind = type(given).__name__
    raise InputError(
        say("scenario: found a {kind}, allowed are a Scenario, the name of a shipped scenario, and a path", kind=kind)
    )


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
