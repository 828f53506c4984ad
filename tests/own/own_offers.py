"""A rule and an outcome as another package offers them."""

from typing import ClassVar

from dayroom import OwnColumn, OwnOutcome, OwnRule
from sim.scenario.schema.own_outcome import OWN_OUTCOMES
from sim.scenario.schema.own_rule import RULES
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED
from sim.streams import uniform


class Steps(OwnRule):
    """Mood moves a step up or down by luck, and the rule counts what it has done."""

    rule: ClassVar = "steps"
    after: ClassVar = "wellbeing"
    acts_on: ClassVar = ("user.mood",)
    columns: ClassVar = (
        OwnColumn("user", "days", "day", (0, 36525), "Days"),
        OwnColumn("user", "pace", "1", (0, 1), "Pace", start=(0.5, 1.0)),
        OwnColumn("tie", "age", "day", (0, 36525), "Age", start=5.0),
        OwnColumn("centre", "acts", "1", (0, 36525), "Acts"),
    )
    draws: ClassVar = ("luck",)

    size: float = quantity(0.1, "1", (0, 1), (0.05, 0.3), ASSUMED, "assumed", "Size of a step")

    @staticmethod
    def act(s, c, day, seed, own):
        """Step."""
        centre = s.centres[c]
        own.centres[c].acts += 1.0
        for seat in range(centre.capacity):
            row = s.seats[centre.first_seat + seat]
            for other in range(centre.capacity):
                own.ties[centre.first_tie + seat * centre.capacity + other].age += 1.0
            if row >= 0:
                own.users[row].days += 1.0
                if uniform(seed, own.draws[0].luck, 0, day, s.users[row].uid, 0) < own.users[row].pace:
                    s.users[row].mood *= 1.0 - own.p[0].size


def talkers(evening):
    """Return the share of users who talked today."""
    return (evening.users.talk_hours > 0).mean()


TALKERS = OwnOutcome("talkers", "share", "higher", "Users who talked", "Share of users who talked today", talkers)


def forgotten() -> None:
    """Forget what Python registered."""
    RULES.registered.clear()
    OWN_OUTCOMES.registered.clear()
