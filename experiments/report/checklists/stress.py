"""Answers to STRESS-ABS, the checklist of reports of agent-based simulations, from the run itself.

Source: Monks and others (2019), Journal of Simulation 13, 55-67, https://doi.org/10.1080/17477778.2018.1442155.
"""

from collections.abc import Mapping
from typing import Any, Final

from experiments.report import names
from experiments.report.background.listed import listed_centres
from experiments.report.content import Paragraph, Section, Table, as_written
from experiments.report.values import counted, listed
from experiments.statistics.numbers import beside
from experiments.statistics.windows import end_words
from experiments.store.results import StoredResult
from sim.language import Later, later, say
from sim.scenario.schema.scenario import Scenario

DOI: Final = "https://doi.org/10.1080/17477778.2018.1442155"
ITEMS: Final[Mapping[str, Later]] = {
    "1.1": later("Purpose of the model"),
    "1.2": later("Model outputs"),
    "1.3": later("Experimentation aims"),
    "2.1": later("Base model overview diagram"),
    "2.2": later("Base model logic"),
    "2.3": later("Scenario logic"),
    "2.4": later("Algorithms"),
    "2.5.1": later("Components: environment"),
    "2.5.2": later("Components: agents"),
    "2.5.3": later("Components: interaction topology"),
    "2.5.4": later("Components: entry and exit"),
    "3.1": later("Data sources"),
    "3.2": later("Pre-processing of data"),
    "3.3": later("Input parameters"),
    "3.4": later("Assumptions"),
    "4.1": later("Initialisation"),
    "4.2": later("Run length"),
    "4.3": later("Estimation approach"),
    "5.1": later("Software or programming language"),
    "5.2": later("Random sampling"),
    "5.3": later("Model execution"),
    "5.4": later("System specification"),
    "6.1": later("Model sharing statement"),
}
"""The items by their numbers."""


def stress(stored: StoredResult, scenarios: Mapping[str, Scenario]) -> Section:
    """Return the annex with an answer to each item."""
    first = next(iter(scenarios.values()))
    answers = (*_logic(first, scenarios), *_data(first), *_runs(stored, first))
    rows = tuple((number, str(item), answer) for (number, item), answer in zip(ITEMS.items(), answers, strict=True))
    lead = say("The answers come from the run itself. Checklist: Monks and others 2019, {doi}", doi=DOI)
    table = Table("stress", say("STRESS-ABS"), (say("Item"), say("Topic"), say("Answer")), rows)
    return Section("stress", say("Annex: STRESS-ABS checklist"), (Paragraph(lead), table))


def _logic(first: Scenario, scenarios: Mapping[str, Scenario]) -> tuple[str, ...]:
    used = names.distinct(policy for one in scenarios.values() for policy in names.policies_of(one))
    logic = (
        say(
            "Measures in use: {policies}. Every difference stands under “What differs between the scenarios”.",
            policies=listed(used),
        )
        if used
        else say("No measure is in use.")
    )
    return (
        say("To compare measures in day-care centres by what they do to loneliness, burden and belonging."),
        say("Outcomes of every day and centre, networks, and costs; sim/MODEL-STATE.md defines each."),
        names.question(first) or say("The scenarios state no question."),
        say("See sim/MODEL.md, the overview of the day."),
        say("See “How the model works” and sim/MODEL.md, which follows the ODD protocol."),
        logic,
        say("Equations with their sources: sim/MODEL.md. Each rule is a file of its own."),
        say("Centres with timetable, staff, opening days and closures, in a society with public stigma."),
        people(first),
        say(
            "Directed ties with closeness between users of a centre; who meets follows the "
            "timetable, closeness and liking."
        ),
        say("Users leave by a yearly rate that falls with belonging; a vacant place is filled after a mean delay."),
    )


def _data(first: Scenario) -> tuple[str, ...]:
    has_files = bool(listed_centres(first))
    return (
        say("Interviews, surveys and trials, each named in sim/sources.py with what it does not cover."),
        say("The analyst's own files were read as they are; the result keeps copies.")
        if has_files
        else say("Not applicable: the scenario names no data files of its own."),
        say(
            "Resolved scenarios in the folder of the result; sim/MODEL-PARAMETERS.md has unit, range, source and grade."
        ),
        say("See “Every assumption that matters”, and the grades in sim/MODEL-PARAMETERS.md."),
    )


def _runs(stored: StoredResult, first: Scenario) -> tuple[str, ...]:
    key = f"scenario/{first.name}"
    versions: dict[str, Any] = stored.provenance.get("versions", {})
    platform: dict[str, Any] = stored.provenance.get("platform", {})
    seeds = stored.provenance.get("replicate_seeds", [])
    return (
        _start(first),
        say(
            "{days} days; outcomes at the end are means of the {end}.",
            days=counted(f"{key}/days", first.days), end=_end(stored, first),
        ),
        say(
            "{runs} runs of each scenario, each under a seed of its own."
        , runs=counted("provenance/replicate_seeds", len(seeds))),
        say(
            "Python {python}, dayroom {version}, with NumPy, Numba and Mesa.",
            python=as_written(versions.get("python", "")), version=as_written(versions.get("dayroom", "")),
        ),
        say("Counter-based draws keyed by seed, purpose, day and users, so that scenarios share their chance."),
        say("One day after another; within a day the phases of sim/day.py in their order, over arrays of all users."),
        as_written(" ".join(map(str, platform.values()))),
        say(
            "The program is free software (MIT licence); the command and versions under “How to "
            "repeat it” make this result again."
        ),
    )  # fmt: skip


def _start(first: Scenario) -> str:
    """Return what stands before day 0: a centre with users or ties of its own lives nothing."""
    days = counted(f"scenario/{first.name}/settling", first.settling)
    own = listed_centres(first)
    lived = say(
        "{settling} days are lived before day 0 so that states and ties settle; nothing of them is counted.",
        settling=days,
    )
    if not own:
        return lived
    filled = (
        say(
            "{centres}: the listed users and surveyed ties are those of day 0, and nothing is lived before it. What "
            "nobody gave comes from a centre that lived {settling} days.",
            centres=listed([as_written(name) for name in own]), settling=days,
        )
        if first.settling
        else say(
            "{centres}: the listed users and surveyed ties are those of day 0, and nothing is lived before it. What "
            "nobody gave is assumed.",
            centres=listed([as_written(name) for name in own]),
        )
    )  # fmt: skip
    return filled if len(own) == len(first.centres) else beside(filled, say("Other centres: {text}", text=lived))


def _end(stored: StoredResult, first: Scenario) -> str:
    """Return over which days the outcomes at the end are averaged: a run says so itself."""
    of_run = stored.summary.get("end")
    taken = int(of_run["last_day"]) - int(of_run["first_day"]) + 1 if of_run else None
    return end_words(first.days, taken, lambda days: counted("summary/end", days))


def people(scenario: Scenario) -> str:
    """Return how many users and centres a scenario has."""
    users = sum(one.users * one.copies for one in scenario.centres.values())
    centres = sum(one.copies for one in scenario.centres.values())
    key = f"scenario/{scenario.name}"
    if any(one.users_file is not None for one in scenario.centres.values()):
        return say(
            "{users} places for users in {centres} centres; the scenario lists users of its own, and what it leaves "
            "out is drawn to resemble those of the interview study.",
            users=counted(f"{key}/users", users), centres=counted(f"{key}/centres", centres),
        )  # fmt: skip
    return say(

            "{users} places for users in {centres} centres; users are drawn to resemble those of the "
            "interview study.",
        users=counted(f"{key}/users", users), centres=counted(f"{key}/centres", centres),
    )  # fmt: skip
