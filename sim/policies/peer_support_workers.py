"""Peer support workers: experienced users, trained and paid to support others."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.scenario.conditions.condition import UserCondition
from sim.scenario.schema.effects import Effect, fill_caseloads
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024

if TYPE_CHECKING:
    from sim.policies.review.site import Site


class PeerSupportWorkers(PolicyUse):
    """Each worker meets a caseload of users in turn, listens, talks of their own recovery, and helps.

    Staff supervise them. Section 4.4 names peer support workers as the formal form of what users do. Amounts assumed.
    """

    acts_on: ClassVar = ("user.worker", "worker.at_work")
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("training", "capacity")

    policy: Literal["peer_support_workers"] = Field(description="Trained and paid people with own experience of illness, each with a caseload")
    eligible: UserCondition = Field(default="loneliness_ucla20 > 45", validate_default=True, description="Who may take part")
    stay: Literal["while eligible", "once begun"] = Field(default="once begun", description="Whether one who has begun goes on when no longer eligible")
    uptake: float = quantity(0.8, "1", (0, 1), (0.5, 1), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    staff_hours: float = quantity(0.0, "h/week", (0, 10_000), (0, 4), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    number: int = quantity(1, "users", (1, 50), (1, 4), ASSUMED, "assumed", "Workers in each centre")
    caseload: int = quantity(10, "users", (1, 100), (5, 15), ASSUMED, "assumed", "Users each worker looks after at most")
    hours: float = quantity(4.0, "h", (0.1, 12), (2, 8), ASSUMED, "assumed", "Hours a day with users, on opening days")
    talk: float = quantity(40.0, "min", (5, 180), (20, 60), ASSUMED, "assumed", "Length of a talk")
    training: float = quantity(0.6, "1", (0, 1), (0.2, 0.9), ASSUMED, "assumed", "Share of missing listening skill, empathy and restraint that training gives")
    capacity: float = quantity(5.0, "1", (0, 100), (2, 10), ASSUMED, "assumed", "Load a day that costs a worker nothing")
    supervision: float = quantity(1.0, "h/week", (0, 40), (0, 3), ASSUMED, "assumed", "Hours of staff a week for the supervision of each worker")
    week_cost: float = quantity(1200.0, "CNY/week", (0, 1e6), (500, 3000), ASSUMED, "assumed", "Yuan a week for each worker")

    def set_up(self, site: "Site") -> None:
        """Hire the workers of each centre, with the users' mean skills plus the gain from training."""
        same = {"restraint": self.training, "supervised": min(1.0, 0.5 * self.supervision)}
        same |= {"hours": self.hours, "talk_minutes": self.talk, "capacity": self.capacity}
        for centre in site.centres:
            means = site.means(centre, ("listening_skill", "empathy")).items()
            site.add_workers(centre, self.number, **same, **{name: mean + (1.0 - mean) * self.training for name, mean in means})

    def effects(self) -> Sequence[Effect]:
        """Assign participants to workers' caseloads, in an order drawn once, and let the workers work."""
        return (fill_caseloads(self.number, self.caseload),)

    def weekly_hours(self, taking_part: int) -> float:
        """Staff hours per week, including supervision."""
        return super().weekly_hours(taking_part) + self.number * self.supervision

    def weekly_money(self, taking_part: int) -> float:
        """Cost in yuan per week, including wages."""
        return super().weekly_money(taking_part) + self.number * self.week_cost
