"""Staffing and capacity: more staff, or fewer seats for the same staff."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.schema.effects import Effect, add_staff, close_places
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class Staffing(PolicyUse):
    """More staff can look after more users well, and have more hours for policies.

    The paper reports understaffing (section 2.1). Coverage acts in many places. With enough staff, listeners receive
    talk better, fewer sessions are cancelled, and staff notice absent users, introduce newcomers, calm quarrels,
    mediate between users and take time for those in need. The chances of cancellation, introduction and a talk with
    staff are fitted (`encounters.cancelled`, `encounters.introduced`, `support.staff_talk`); the other sizes are
    assumed (`conversation.reception_shortage`, `attendance.noticed`, `conversation.calming`, `proximity.mediation`).
    """

    acts_on: ClassVar = ("centre.coverage", "centre.closed_places")
    source: ClassVar = FAN_2024
    whole_house: ClassVar = True

    policy: Literal["staffing"] = Field(description="More staff, or fewer seats for those there are")
    added_staff: float = quantity(1.0, "users", (0, 500), (0.5, 3), ASSUMED, "assumed", "Full-time staff added")
    week_cost: float = quantity(3500.0, "CNY/week", (0, 1e6), (2000, 6000), ASSUMED, "assumed", "Yuan a week for one member of staff")
    closed_places: int = quantity(0, "users", (0, 1000), (0, 10), ASSUMED, "assumed", "Seats not given to anybody new")

    def effects(self) -> Sequence[Effect]:
        """Let staff look after more users well; eligibility and uptake do not matter, because staff serve all users."""
        return add_staff(self.added_staff), close_places(self.closed_places)

    def added_hours(self, hours_of_one: float) -> float:
        """Hours per week that the added staff have for policies."""
        return self.added_staff * hours_of_one

    def weekly_money(self, taking_part: int) -> float:
        """Cost in yuan per week, including wages."""
        return super().weekly_money(taking_part) + self.added_staff * self.week_cost
