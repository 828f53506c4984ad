"""Disclosure circle: a small facilitated group in which users talk about themselves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sim.scenario.schema.effects import Effect, join_circle
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.scenario.schema.session import WEEKDAYS, Weekday
from sim.sources import ASSUMED, FAN_2024, RUESCH_KOESTERS_2021

if TYPE_CHECKING:
    from sim.policies.review.site import Site


class DisclosureCircle(PolicyUse):
    """A trained facilitator leads: each member in turn speaks to the next or passes, and nothing leaves the room.

    Section 3.1.3 (talk of the illness with peers) and disclosure programmes: stigma stress -0.50 SD (Ruesch & Koesters
    2021). The openness and reception that a circle adds are assumed.
    """

    acts_on: ClassVar = ("user.circle", "user.circle_share")
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("openness", "facilitation", "discretion")

    policy: Literal["disclosure_circle"] = Field(description="A small facilitated group in which users tell of themselves")
    stay: Literal["while eligible", "once begun"] = Field(default="once begun", description="Whether one who has begun goes on when no longer eligible")
    uptake: float = quantity(0.5, "1", (0, 1), (0.2, 0.8), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    staff_hours: float = quantity(2.0, "h/week", (0, 10_000), (1, 4), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    money: float = quantity(200.0, "CNY/week", (0, 1e9), (0, 600), ASSUMED, "assumed", "Yuan it costs a week in each centre: the facilitator's fee and tea")
    weekday: Weekday = Field(default="wednesday", description="Weekday on which it meets")
    every: int = quantity(1, "week", (1, 52), (1, 4), ASSUMED, "assumed", "Weeks from one meeting to the next")
    group_size: int = quantity(6, "users", (2, 50), (4, 10), ASSUMED, "assumed", "Users in one circle; more members make more circles")
    minutes: float = quantity(15.0, "min", (1, 240), (5, 30), ASSUMED, "assumed", "Length of the talk of two in it")
    openness: float = quantity(0.15, "1", (0, 1), (0.05, 0.3), RUESCH_KOESTERS_2021, "assumed", "Openness added by its setting, on the scale of the threshold")
    facilitation: float = quantity(1.0, "1", (0, 10), (0.3, 2), ASSUMED, "assumed", "Rise in the log odds of good reception through the facilitator")
    discretion: float = quantity(0.7, "1", (0, 1), (0.3, 1), ASSUMED, "assumed", "Share of leaks its agreement prevents")

    def unfit_for(self, open_days: tuple[str, ...]) -> str:
        """Refuse a weekday on which the centre is closed."""
        return "" if self.weekday in open_days else f"the circle meets on {self.weekday}, when the centre is closed"

    def set_up(self, site: "Site") -> None:
        """Set up the circle of each centre."""
        held: dict[str, float] = {"weekday": WEEKDAYS.index(self.weekday), "every": self.every}
        held |= {"group_size": self.group_size, "minutes": self.minutes, "norm": self.openness, "reception": self.facilitation}
        for centre in site.centres:
            site.add_circle(centre, discretion=self.discretion, **held)

    def effects(self) -> Sequence[Effect]:
        """Make the participants members of the circle."""
        return (join_circle(),)
