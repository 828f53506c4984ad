"""Communication training: a short course in listening and in avoiding clinical questions."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from sim.scenario.schema.effects import Effect, toward
from sim.scenario.schema.policy import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED, FAN_2024


class CommunicationTraining(PolicyUse):
    """Weekly sessions in small groups, with role play: how to listen, and how not to question "like a doctor" (P13).

    The study calls for it (sections 3.3.3 and 4.4: skills fall short); nobody has measured its effect here.
    """

    acts_on: ClassVar = ("user.listening_skill", "user.restraint")
    source: ClassVar = FAN_2024
    unknown: ClassVar = ("skill_gain", "restraint_gain")

    policy: Literal["communication_training"] = Field(description="A course in listening, and in not asking like a doctor")
    stay: Literal["while eligible", "once begun"] = Field(default="once begun", description="Whether one who has begun goes on when no longer eligible")
    ramp: float = quantity(84.0, "day", (0, 3653), (28, 180), ASSUMED, "assumed", "Length of the course: until it acts in full")
    fade: float = quantity(365.0, "day", (0, 3653), (90, 1000), ASSUMED, "assumed", "How long something of it stays after its end")
    uptake: float = quantity(0.7, "1", (0, 1), (0.4, 0.9), ASSUMED, "assumed", "Share of the eligible who take part when asked")
    staff_hours: float = quantity(2.0, "h/week", (0, 10_000), (1, 6), ASSUMED, "assumed", "Hours of staff it takes a week in each centre, whoever takes part")
    money: float = quantity(300.0, "CNY/week", (0, 1e9), (100, 1000), ASSUMED, "assumed", "Yuan it costs a week in each centre: a trainer's fee")
    skill_gain: float = quantity(0.3, "1", (0, 1), (0.1, 0.5), ASSUMED, "assumed", "Share of missing listening skill gained by the whole course")
    restraint_gain: float = quantity(0.5, "1", (0, 1), (0.2, 0.8), ASSUMED, "assumed", "Share of clinical questioning given up by the whole course")

    def effects(self) -> Sequence[Effect]:
        """Raise the listening skill of participants, and their restraint from clinical questions."""
        return toward("user.listening_skill", 1.0, self.skill_gain), toward("user.restraint", 1.0, self.restraint_gain)
