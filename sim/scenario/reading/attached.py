"""Check the files of users that a scenario names, so that wrong lines show before the run."""

from datetime import date
from pathlib import Path

from sim.language import say
from sim.scenario.reading.roster import RosterError, people_in, roster_table
from sim.scenario.schema.scenario import Centre, Scenario
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import Mapping, Scalar, deepest


def attached_problems(scenario: Scenario, root: Mapping) -> list[Problem]:
    """Return the problems in the user files of all centres.

    Parameters
    ----------
    scenario : Scenario
        The typed scenario, already checked.
    root : Mapping
        The scenario's text, for the places of problems.
    """
    problems = []
    for name, centre in scenario.centres.items():
        if centre.users_file is not None:
            problems += _of_roster(name, centre, centre.users_file, root, scenario.first_date)
    return problems


def _of_roster(name: str, centre: Centre, path: Path, root: Mapping, first_date: date | None) -> list[Problem]:
    problems = []
    try:
        table = roster_table(path)
        people_in(table, path, first_date)
    except ScenarioError as error:
        return error.problems
    except RosterError as error:
        problems = error.placed()
    if len(table.rows) <= centre.users:
        return problems
    key = ("centres", name, "users")
    node, section = deepest(root, key)
    limit = (
        f"{centre.users} ({node.place})"
        if isinstance(node, Scalar)
        else say("{users}, the default ({section})", users=centre.users, section=section)
    )
    what = say(
        "found {count} users, allowed are at most as many as centres.{name}.users says: {limit}; "
        "raise users, or delete the rows from here on",
        count=len(table.rows),
        name=name,
        limit=limit,
    )
    return [*problems, Problem.at(table.place(table.rows[centre.users]), path=".".join(key), what=what)]
