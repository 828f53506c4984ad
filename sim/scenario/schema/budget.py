"""What all policies of a scenario may take together: hours of staff and money."""

from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from sim.language import say
from sim.scenario.schema.quantity import Quantity, Section

if TYPE_CHECKING:
    from sim.scenario.schema.policy import PolicyUse
    from sim.scenario.schema.scenario import Scenario


def _limit(unit: str, most: float, meaning: str) -> Any:
    """Declare a limit that is unlimited when not given, and that a file may write with a unit."""
    amount: list[Any] = [{"type": "number", "minimum": 0}, {"type": "string"}]
    field: Any = Field(default=None, ge=0, le=most, description=meaning, json_schema_extra={"anyOf": amount})
    field.metadata.append(Quantity(unit, (0.0, most), (0.0, most), "", "assumed", meaning))
    return field


class Budget(Section):
    """Limits on what all policies take together in all centres, each a mean over the weeks of the run.

    Hours that policies ask for and do not get count too. Money is what policies cost beside the hours. A budget changes
    nothing in a run: `compare` and `portfolio` measure scenarios by it.
    """

    hours: float | None = _limit(
        "h/week", 1e6, "Hours of staff a week that all policies may take, in all centres together"
    )
    money: float | None = _limit(
        "CNY/week", 1e12, "Yuan a week that all policies may cost, in all centres together, staff hours not included"
    )

    @model_validator(mode="after")
    def _limits_something(self) -> "Budget":
        if self.hours is None and self.money is None:
            raise ValueError(say("a budget needs hours, money or both"))
        return self


def expected(scenario: "Scenario", least: bool = False) -> tuple[float, float]:
    """Return the hours and the yuan a week that the policies of a scenario take, as far as no run is needed to tell.

    Policies with `when` count as 0.

    Parameters
    ----------
    scenario : Scenario
    least : bool
        Whether to count only what they surely take: nothing for a policy in which perhaps nobody takes part. Otherwise
        a policy for everybody has its uptake as participants, and any other a single one.
    """
    hours = money = 0.0
    for use in scenario.policies.values():
        days = min(use.end, scenario.days) - use.start
        if use.when is not None or days <= 0 or (least and not use.whole_house):
            continue
        for name in use.centres or scenario.centres:
            centre = scenario.centres[name]
            number = 0 if least else _participants(use, centre.users)
            part = use.intensity * centre.copies * days / scenario.days
            hours += part * use.weekly_hours(number)
            money += part * use.weekly_money(number)
    return hours, money


def _participants(use: "PolicyUse", users: int) -> int:
    """Return how many take part: of everybody the uptake, of some at least one."""
    from sim.scenario.conditions.names import EVERYBODY  # policies have loaded it

    if EVERYBODY.get(use.eligible.text.strip(), False):
        return round(use.uptake * users)
    return 0 if use.whole_house else 1
