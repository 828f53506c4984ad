"""What a scenario fixes about quantities in conditions: shares of 0 or 1, seats, length of the run."""

from collections.abc import Mapping
from typing import Final

from sim.scenario.conditions.numbers import Step
from sim.scenario.reading.warnings.conditions import Range, quantity
from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.users import Users

_OLDEST: Final = 66.0
"""Years of age that nobody has reached on entry: sampled users, and those of files, are 65 at most."""


def facts_of(scenario: Scenario, centres: tuple[str, ...]) -> Mapping[Step, Range]:
    """Return what is certain of the quantities in conditions, for the users of some centres.

    Parameters
    ----------
    scenario : Scenario
    centres : tuple of str
        Names of centres; all when empty.
    """
    chosen = [scenario.centres[name] for name in centres or scenario.centres]
    seats = float(max(centre.users for centre in chosen))
    known = {
        quantity("day"): Range(0.0, scenario.days - 1.0),
        quantity("users"): Range(0.0, seats),
        quantity("vacant"): Range(0.0, seats),
        quantity("friends"): Range(0.0, seats - 1.0),
        quantity("confidants"): Range(0.0, seats - 1.0),
        quantity("age"): Range(18.0, _OLDEST + (scenario.settling + scenario.days) / 365.25),
    }
    if any(centre.users_file for centre in chosen):  # the file, not the scenario, gives the background of these users
        return known
    return known | {
        quantity(name): Range(among=frozenset(float(code) for code, share in enumerate(shares) if share > 1e-9))
        for name, shares in _shares(scenario.users).items()
    }


def _shares(users: Users) -> dict[str, tuple[float, ...]]:
    """Return the share of users with each code of each background, in the order of the codes of conditions."""
    return {
        "sex": (1 - users.women, users.women),
        "diagnosis": (
            users.schizophrenia,
            users.bipolar,
            users.ocd,
            1 - users.schizophrenia - users.bipolar - users.ocd,
        ),
        "occupation": (1.0, users.part_time, users.retired),  # age decides too, so somebody may always be unemployed
        "lives_with": (1 - users.alone - users.with_child, users.alone, users.with_child),
        "divorced": (1 - users.divorced, users.divorced),
        "only_child": (1 - users.only_child, users.only_child),
    }
