"""From files to a checked scenario, and back to text: load, check, explain, show."""

import os

from sim.language import say
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import InputError

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
