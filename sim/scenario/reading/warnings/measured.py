"""A budget that the scenario's own policies exceed, and groups to which nobody can belong."""

from collections.abc import Iterator
from typing import Final

from sim.language import later, say
from sim.scenario.reading.warnings.conditions import never
from sim.scenario.reading.warnings.facts import facts_of
from sim.scenario.schema.expected_cost import expected
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioWarning
from sim.scenario.text.units import DAYS_PER_MONTH

WEEKS_PER_MONTH: Final = DAYS_PER_MONTH / 7.0


def of_budget(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield a warning for each limit of the budget that the policies exceed, before any run."""
    if scenario.budget is None:
        return
    hours, money = expected(scenario)
    limits = (
        ("hours", hours, 1.0, later("h of staff a week")),
        ("money", money, WEEKS_PER_MONTH, later("CNY a month")),
    )
    for key, taken, factor, unit in limits:
        limit = getattr(scenario.budget, key)
        if limit is not None and taken > limit:
            what = say(
                "the policies take about {taken:,.4g} {unit} or more, and the budget is {limit:,.4g}",
                taken=taken * factor,
                unit=unit,
                limit=limit * factor,
            )
            yield ScenarioWarning(f"budget.{key}", what)


def of_groups(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield a warning for each group to which nobody can belong."""
    facts = facts_of(scenario, ())
    for name, condition in scenario.groups.items():
        if never(condition, facts):
            yield ScenarioWarning(
                f"groups.{name}",
                say("nobody belongs to it: `{condition}` cannot be true of any user", condition=condition),
            )
