"""Respite and a quiet room: time and a place for users under strain."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.conditions.condition import UserCondition
from sim.scenario.schema.effects import Effect, add
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class Respite(PolicyUse):
    """A quiet room at the centre, and days on which nobody expects anything of the user.

    Section 3.2.1 (P2 goes home to rest). The faster fall of burden is assumed.
    """

    acts_on: ClassVar = ("user.respite",)
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("rest",)

    policy: Literal["respite"] = Field(description="Time and a place for those for whom it is too much")
    eligible: UserCondition = Field(default="burden > 40", validate_default=True, description="Who may take part")
    staff_hours: float = quantity(1.0, "h/week", (0, 10_000), (0, 4), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    money: float = quantity(200.0, "CNY/week", (0, 1e9), (0, 1000), ASSUMED, "assumed", "Yuan it costs a week in each centre: the room")
    uptake: float = quantity(0.7, "1", (0, 1), (0.4, 1), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    rest: float = quantity(1.0, "1", (0, 20), (0.3, 2), ASSUMED, "assumed", "How much faster burden falls, as a share of its usual pace")

    def effects(self) -> Sequence[Effect]:
        """Let the burden of participants fall faster."""
        return (add("user.respite", self.rest),)
