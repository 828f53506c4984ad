"""What all policies of a scenario may take together: hours of staff and money."""

from typing import Any

from pydantic import Field, model_validator

from sim.language import say
from sim.scenario.schema.quantity import Quantity, Section


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
