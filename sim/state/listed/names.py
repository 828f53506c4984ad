"""The names that the files of a centre give its users."""

from sim.scenario.schema.scenario import Scenario
from sim.scenario.schema.start import is_listed
from sim.state.build import centre_names, codes


def names_of(scenario: Scenario) -> dict[int, str]:
    """Return the name of each listed user, by `uid`; a copy of a centre has the same names.

    Raises
    ------
    RosterError, NetworkFileError
        When a file is invalid.
    """
    specs = [centre for centre in scenario.centres.values() for _ in range(centre.copies)]
    names: dict[int, str] = {}
    for spec, code in zip(specs, codes(centre_names(scenario)), strict=True):
        if is_listed(scenario, spec):
            from sim.state.listed.background import keys
            from sim.state.listed.files import listed_users

            people = listed_users(scenario, spec).people
            sampled = spec.users_file is None and scenario.settling == 0  # the first seats have sampled users' numbers
            numbers = range(len(people)) if sampled else keys(people)
            names |= {(code << 16) + number: person.name for number, person in zip(numbers, people, strict=True)}
    return names
