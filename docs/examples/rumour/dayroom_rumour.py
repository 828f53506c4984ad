"""A rumour that some users know at first and that passes to those who talked with somebody who knows it."""

from typing import Any, ClassVar

from dayroom import Evening, OwnColumn, OwnOutcome, OwnRule
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED
from sim.streams import uniform


class Rumour(OwnRule):
    """From day 0 on, i tells j, with whom i was together today, with chance `telling` if i has heard and j has not.

    A rumour needs a beginning: with `origins` of 0.1, a tenth of the first users begin with it.
    """

    rule: ClassVar = "rumour"
    after: ClassVar = "contact"
    columns: ClassVar = (
        OwnColumn("user", "early", "1", (0, 1), "Who knows it first: below `origins`", start=(0.0, 1.0)),
        OwnColumn("user", "heard", "1", (0, 1), "Whether the user has heard it"),
    )
    draws: ClassVar = ("telling",)

    origins: float = quantity(0.1, "1", (0, 1), (0.05, 0.3), ASSUMED, "assumed", "Share of users who know it first")
    telling: float = quantity(
        0.2, "1", (0, 1), (0.05, 0.5), ASSUMED, "assumed", "Chance a day and pair of passing it on"
    )

    @staticmethod
    def act(s: Any, c: int, day: int, seed: Any, own: Any) -> None:
        """Pass the rumour on along the pairs that met today."""
        centre, n = s.centres[c], s.centres[c].capacity
        for seat in range(n if day >= 0 else 0):
            row = s.seats[centre.first_seat + seat]
            if row >= 0 and day == 0 and own.users[row].early < own.p[0].origins:
                own.users[row].heard = 1.0
            if row < 0 or own.users[row].heard == 0.0:
                continue
            for other_seat in range(n):
                other = s.seats[centre.first_seat + other_seat]
                if other < 0 or other == row or s.ties[centre.first_tie + seat * n + other_seat].met == 0.0:
                    continue
                draw = uniform(seed, own.draws[0].telling, 0, day, s.users[row].uid, s.users[other].uid)
                if draw < own.p[0].telling:
                    own.users[other].heard = 1.0


def _reach(evening: Evening) -> float:
    """Return the share of users who have heard it; 0 without the rule, undefined with nobody enrolled."""
    if len(evening.users) == 0:
        return float("nan")
    return float(evening.own_users["rumour"].heard.mean()) if "rumour" in evening.own_users else 0.0


RUMOUR_REACH = OwnOutcome(
    "rumour_reach", "share", "lower", "Reach of the rumour", "Share of users who have heard the rumour", _reach
)
