"""Read levers: from a word of the command line, a file of levers, or the policies of a scenario."""

from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import Any, Final

from experiments.portfolio.levers import MAY_CHOOSE, MOST_CHOICES, Lever, PortfolioError
from experiments.portfolio.runs import every_lever
from sim.language import later
from sim.scenario.reading.load import load_scenario, parse
from sim.scenario.reading.shape import Form
from sim.scenario.schema.policy import policies
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError
from sim.scenario.text.files import displayed, read_text
from sim.scenario.text.nodes import plain, quoted
from sim.scenario.text.suggestions import misspelt

STEPS: Final = 4
"""Default number of steps from nothing to full intensity: quarters."""
_KEY: Final = "levers"
_FILE: Final = Form(Scenario, later("file of levers"), later("the key levers, with policies below it"))


def levers_of(scenario: Scenario, steps: int = STEPS) -> tuple[Lever, ...]:
    """Return a lever for each policy of a scenario, with the options it has there, except for the intensity.

    Raises
    ------
    PortfolioError
        When the scenario has no policy, or uses a policy twice.
    """
    levers: list[Lever] = []
    for name, use in scenario.policies.items():
        own = use.model_dump(mode="json", include=use.model_fields_set - {"policy", "intensity"})
        if any(lever.policy == use.policy for lever in levers):
            raise PortfolioError(
                f"{scenario.name}: policies.{name} is the policy {use.policy} a second time; a lever is the only use "
                "of its policy"
            )
        levers.append(Lever(use.policy, steps, own))
    if not levers:
        raise PortfolioError(f"{scenario.name}: it has no policies that could be levers")
    return tuple(levers)


def levers_in(reference: str, steps: int = STEPS) -> tuple[Lever, ...]:
    """Return the levers of a file with the key `levers`, or those that are the policies of a scenario.

    Raises
    ------
    PortfolioError
        When a lever is not allowed.
    ScenarioError
        When there is neither such a file nor such a scenario.
    """
    path = Path(reference)
    if not path.is_file():
        return levers_of(load_scenario(reference), steps)
    root, problems = parse(read_text(path), displayed(path), _FILE)
    if _KEY not in root.entries:
        return levers_of(load_scenario(reference), steps)
    if problems:
        raise ScenarioError(problems)
    values = plain(root)
    if stray := [key for key in values if key != _KEY]:
        raise PortfolioError(f"{reference}: a file of levers has the key {_KEY} alone, found {quoted(stray[0])}")
    if not isinstance(values[_KEY], dict) or not values[_KEY]:
        raise PortfolioError(f"{reference}: {_KEY} is a mapping of policies to their options")
    return tuple(lever(name, given or {}, steps, f"{reference}: {_KEY}.{name}") for name, given in values[_KEY].items())


def read_lever(text: str, steps: int = STEPS) -> Lever:
    """Read a lever such as "respite", "respite:4" for quarters, or "respite:4, start: [0, 8 week]".

    1 step means without or with.

    Raises
    ------
    PortfolioError
        When there is no such policy, the steps are not a whole number from 1 to 100, or a choice is not allowed.
    """
    head, _, options = text.partition(",")
    name, _, number = (part.strip() for part in head.partition(":"))
    _known(name)
    if number and not (number.isdecimal() and 1 <= int(number) <= 100):
        raise PortfolioError(f"{name}: found {number!r} steps, allowed is a whole number from 1 to 100")
    given: dict[str, Any] = {}
    if options.strip():
        root, problems = parse(f"{{{options}}}", name, _FILE)
        if problems:
            raise ScenarioError(problems)
        given = plain(root)
    return lever(name, given, int(number) if number else steps, name)


def lever(name: str, given: AnyMapping[str, object], steps: int, where: str) -> Lever:
    """Return a lever with its options and `steps`. Of several starts or kinds of eligible users the search chooses.

    Raises
    ------
    PortfolioError
        When an option is not allowed; `where` begins the message.
    """
    if not isinstance(given, AnyMapping):
        raise PortfolioError(f"{where}: found {quoted(str(given))}, allowed is a mapping of options")
    policy = str(given.get("policy", name))
    _known(policy)
    number = given.get("steps", steps)
    if not (isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= 100):
        raise PortfolioError(f"{where}.steps: found {quoted(str(number))}, allowed is a whole number from 1 to 100")
    if "intensity" in given:
        raise PortfolioError(f"{where}.intensity: the search sets the intensity; `steps` says how finely")
    options = {key: value for key, value in given.items() if key not in ("policy", "steps")}
    choices = {key: _choice(f"{where}.{key}", options[key]) for key in MAY_CHOOSE if isinstance(options.get(key), list)}
    single = {key: values[0] for key, values in choices.items() if len(values) == 1}
    fixed = {key: value for key, value in options.items() if key not in choices} | single
    several = {key: values for key, values in choices.items() if len(values) > 1}
    return Lever(policy, number, {**policies()[policy].example, **fixed}, several)


def _choice(where: str, values: Any) -> tuple[object, ...]:
    if not values or len(values) > MOST_CHOICES or any(isinstance(value, list | dict) for value in values):
        raise PortfolioError(f"{where}: allowed are 1 to {MOST_CHOICES} values to choose from")
    if len({str(value) for value in values}) < len(values):
        raise PortfolioError(f"{where}: a value stands there twice")
    return tuple(values)


def _known(name: str) -> None:
    known = [one.policy for one in every_lever()]
    if name not in known:
        raise PortfolioError(misspelt(f"found the policy {quoted(name)}", name, known))
