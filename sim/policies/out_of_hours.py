"""Out-of-hours group and quiet hours: shared contact in the evening, and a time after which nobody calls."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.schema.effects import Effect, add, assign, toward
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class OutOfHours(PolicyUse):
    """A moderated group chat in the evening, and an agreement not to call each other late.

    Section 3.2.2 (P14: two to three hours a day with one peer) and 3.1.3 (always reachable). No data: assumed.
    """

    acts_on: ClassVar = ("user.quiet", "user.evenings", "user.evening_hours")
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("quiet", "evenings")

    policy: Literal["out_of_hours"] = Field(description="An evening chat group of the house, and hours in which nobody is called")
    uptake: float = quantity(0.6, "1", (0, 1), (0.3, 0.9), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    staff_hours: float = quantity(2.0, "h/week", (0, 10_000), (1, 7), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    quiet: float = quantity(0.5, "1", (0, 1), (0, 0.8), ASSUMED, "assumed", "Share of calls out of hours left out")
    evenings: float = quantity(0.3, "1", (0, 1), (0.1, 0.6), ASSUMED, "assumed", "Chance a day of taking part in the group")
    minutes: float = quantity(40.0, "min", (1, 600), (15, 90), ASSUMED, "assumed", "Length of an evening in it")

    def effects(self) -> Sequence[Effect]:
        """Prevent a share of the calls between users, and open the evening group."""
        evenings = add("user.evenings", self.evenings), assign("user.evening_hours", self.minutes / 60.0)
        return toward("user.quiet", 1.0, self.quiet), *evenings
