"""The files of users a scenario names, read when the scenario is: a wrong line should not wait for the run."""

import csv
from pathlib import Path

from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.files import displayed, read_text
from sim.scenario.nodes import Mapping, deepest
from sim.scenario.roster import RosterError, read_roster
from sim.scenario.schema import Centre, Scenario


def attached_problems(scenario: Scenario, root: Mapping) -> list[Problem]:
    """Check the users' files of all centres.

    Parameters
    ----------
    scenario : Scenario
        Checked already.
    root : Mapping
        Its text, for the places.
    """
    problems = []
    for name, centre in scenario.centres.items():
        if centre.users_file is not None:
            problems += _of_roster(name, centre, centre.users_file, root)
    return problems


def _of_roster(name: str, centre: Centre, path: Path, root: Mapping) -> list[Problem]:
    try:
        read_text(path)  # of a sensible size, and text
        people = read_roster(path)
    except ScenarioError as error:
        return error.problems
    except RosterError as error:
        return [Problem(displayed(path), line, 1, what=f"{column}: {what}") for line, column, what in error.problems]
    except csv.Error as error:
        return [Problem(displayed(path), what=f"this is no CSV: {error}")]
    if len(people) <= centre.users:
        return []
    key = ("centres", name, "users_file")
    what = f"centres.{name}: the users_file names {len(people)} users for a centre of {centre.users}; raise users"
    return [Problem.at(deepest(root, key)[0].place, path=".".join(key), what=what)]
