"""Warnings about a valid scenario that hardly does what its author meant: all of them, and those about centres."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sim.language import say
from sim.scenario.schema.calendar import announced, public_holidays
from sim.scenario.schema.scenario import Centre, Scenario
from sim.scenario.schema.session import WEEKDAYS, long_day
from sim.scenario.text.errors import ScenarioWarning
from sim.scenario.text.files import displayed
from sim.scenario.text.nodes import Origin
from sim.scenario.text.suggestions import nearest, with_suggestion

if TYPE_CHECKING:
    from sim.scenario.reading.load import Loaded

_BARE: Final = re.compile(r"[\d.eE+_]+")
"""A number without a unit."""


def warnings_of(scenario: Scenario) -> tuple[ScenarioWarning, ...]:
    """Return the warnings about a scenario, without places."""
    if not scenario.policies and not scenario.groups:  # usual care needs no conditions, which load slowly
        return tuple(of_centres(scenario))
    from sim.scenario.reading.warnings.measured import of_budget, of_groups
    from sim.scenario.reading.warnings.policies import of_policies

    return (*of_centres(scenario), *of_policies(scenario), *of_budget(scenario), *of_groups(scenario))


def warnings_in(loaded: "Loaded", scenario: Scenario | None = None) -> tuple[ScenarioWarning, ...]:
    """Return the warnings about a scenario from a file, each with its place.

    Parameters
    ----------
    loaded : Loaded
    scenario : Scenario, optional
        The scenario as it runs, such as with another length; by default as the file has it.
    """
    files = [displayed(path) for path in loaded.files]
    chosen = scenario or loaded.scenario
    warnings = (*warnings_of(chosen), *beside_inherited(chosen, loaded.origins, files), *without_unit(loaded.origins))
    return placed(warnings, loaded.origins, files[0])


def placed(
    warnings: Iterable[ScenarioWarning], origins: Mapping[str, Origin], file: str
) -> tuple[ScenarioWarning, ...]:
    """Return the warnings with their places in the files, in the order of these places.

    Parameters
    ----------
    warnings : iterable of ScenarioWarning
    origins : mapping of str to Origin
        Where each value was set, by path (`sim.scenario.reading.load.Loaded.origins`).
    file : str
        The scenario's own file: the place of a warning about a default.
    """

    def located(warning: ScenarioWarning) -> ScenarioWarning:
        where = next(_nearest(warning.path, origins), Origin(file, 0, 0, None))
        return replace(warning, file=where.file, line=where.line, column=where.column)

    return tuple(sorted(map(located, warnings), key=lambda one: (one.file != file, one.file, one.line, one.column)))


def _nearest(path: str, origins: Mapping[str, Origin]) -> Iterator[Origin]:
    """Yield where a setting was set; then the first setting inside it; then the same of the section around it."""
    while path:
        if path in origins:
            yield origins[path]
        yield from (origin for other, origin in origins.items() if other.startswith(f"{path}."))
        path = path.rpartition(".")[0]


def of_centres(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield the warnings about a scenario's centres."""
    for name, centre in scenario.centres.items():
        path = f"centres.{name}"
        for number, closure in enumerate(centre.closures, 1):
            if closure.first is not None and closure.first >= scenario.days:
                why = say(
                    "the centre is never closed by this: day {day} comes after the end of the run, "
                    "which has {days} days",
                    day=closure.first,
                    days=scenario.days,
                )
                yield ScenarioWarning(f"{path}.closures.{number}", why)
        for country in dict.fromkeys(closure.holidays for closure in centre.closures if closure.holidays):
            yield from (ScenarioWarning(f"{path}.closures", complaint) for complaint in _holidays(scenario, country))
        if not _opens(scenario, centre):
            setting = "closures" if centre.closures else "open"
            yield ScenarioWarning(
                f"{path}.{setting}", say("the centre is closed on all {days} days of the run", days=scenario.days)
            )
        if long := long_day(centre.timetable):
            yield ScenarioWarning(f"{path}.timetable", long)
        if centre.staff > centre.users:
            yield ScenarioWarning(
                f"{path}.staff", say("{staff:g} staff for {users} users", staff=centre.staff, users=centre.users)
            )


def _holidays(scenario: Scenario, country: str) -> Iterator[str]:
    """Yield what is odd about the public holidays of a run: years that are not known, or not in full."""
    first = scenario.first_date
    assert first is not None  # noqa: S101 - a scenario with holidays has it
    years = range(first.year, (first + timedelta(days=scenario.days - 1)).year + 1)
    unknown = [str(year) for year in years if not public_holidays(country, year)]
    if unknown:
        yield say(
            "no public holidays of {country} are known for {unknown}; write the closed days as dates",
            country=country,
            unknown=", ".join(unknown),
        )
    by_law = [str(year) for year in years if str(year) not in unknown and not announced(country, year)]
    if by_law:
        yield (
            say(
                "the public holidays of {country} in {by_law} are those of the law alone, because the package "
                "holidays does not know yet which days are moved; "
                "compare them with the announcement, or write dates",
                country=country,
                by_law=", ".join(by_law),
            )
        )


def _opens(scenario: Scenario, centre: Centre) -> bool:
    """Return whether a centre opens on any day of the run."""
    first = WEEKDAYS.index(scenario.first_day)
    closed = {day for one in centre.closures for day in one.days[: scenario.days]}
    return any(WEEKDAYS[(first + day) % 7] in centre.open for day in range(scenario.days) if day not in closed)


def without_unit(origins: Mapping[str, Origin]) -> Iterator[ScenarioWarning]:
    """Yield a warning for each limit of a budget that a file writes without a unit, as many pay by the month.

    Parameters
    ----------
    origins : mapping of str to Origin
        Where each value was set, by path.
    """
    for key, unit, other in (("hours", "h/week", "h/month"), ("money", "CNY/week", "CNY/month")):
        origin = origins.get(f"budget.{key}")
        if origin is not None and _BARE.fullmatch(origin.text):
            what = say(
                "{number} has no unit and counts as {number} {unit}; write {number} {unit}, or {number} {other}",
                number=origin.text,
                unit=unit,
                other=other,
            )
            yield ScenarioWarning(f"budget.{key}", what)


def beside_inherited(
    scenario: Scenario, origins: Mapping[str, Origin], files: Sequence[str]
) -> Iterator[ScenarioWarning]:
    """Yield a warning for a centre that a file adds to those it inherits, which may be a misspelt name.

    No warning is given where policies name both this centre and an inherited one: their author then means two. One that
    names this centre alone may repeat a wrong name.

    Parameters
    ----------
    scenario : Scenario
    origins : mapping of str to Origin
        Where each value was set, by path.
    files : sequence of str
        The scenario's own file, followed by the files it extends.
    """
    if len(files) < 2:
        return
    named = {name for use in scenario.policies.values() for name in use.centres}
    setters = {name: _setters(f"centres.{name}.", origins) for name in scenario.centres}
    inherited = [name for name, by in setters.items() if by and files[0] not in by]
    for name, by in setters.items():
        is_meant = name in named and not named.isdisjoint(inherited)
        if by == {files[0]} and inherited and not is_meant:
            complaint = say(
                "this centre stands beside {inherited}, which the scenario inherits", inherited=", ".join(inherited)
            )
            near = nearest(name, inherited)
            if near:
                instead = say(" `replace: [centres]` leaves the inherited centres out")
            else:
                instead = say(
                    "; write {centre} to change that centre; `replace: [centres]` leaves the inherited centres out",
                    centre=inherited[0],
                )
            yield ScenarioWarning(f"centres.{name}", with_suggestion(complaint, near) + instead)


def _setters(prefix: str, origins: Mapping[str, Origin]) -> set[str]:
    """Return the files that set, or once set, anything below a path."""
    return {
        one.file for path, origin in origins.items() if path.startswith(prefix) for one in (origin, *origin.overrides)
    }
