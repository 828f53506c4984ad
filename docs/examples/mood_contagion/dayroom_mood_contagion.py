"""Mood passes between friends: who came today moves toward the mean mood of the friends who came."""

from typing import Any, ClassVar

from dayroom import OwnColumn, OwnRule
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED
from sim.state.columns import FRIEND
from sim.streams import uniform


class MoodContagion(OwnRule):
    """Each day a user catches the mood of friends with chance q; mood then moves by m <- m + share (M - m).

    M is the mean mood of the friends who came today (in the order of seats: those before have moved already), q the
    user's own openness to it, drawn once.
    """

    rule: ClassVar = "mood_contagion"
    after: ClassVar = "conversation"
    acts_on: ClassVar = ("user.mood",)
    columns: ClassVar = (
        OwnColumn("user", "openness", "1", (0, 1), "Chance a day of catching the mood of friends", start=(0.0, 1.0)),
        OwnColumn("user", "caught", "1", (0, 36525), "Days on which the user caught the mood of friends"),
    )
    draws: ClassVar = ("catching",)

    share: float = quantity(0.1, "1", (0, 1), (0.02, 0.3), ASSUMED, "assumed", "Share of the way to the friends' mood")

    @staticmethod
    def act(s: Any, c: int, day: int, seed: Any, own: Any) -> None:
        """Let everybody who came move toward the mood of the friends who came."""
        centre, n = s.centres[c], s.centres[c].capacity
        for seat in range(n):
            row = s.seats[centre.first_seat + seat]
            if row < 0 or s.users[row].attends == 0:
                continue
            u, moods, friends = s.users[row], 0.0, 0
            for other_seat in range(n):
                other = s.seats[centre.first_seat + other_seat]
                tie = s.ties[centre.first_tie + seat * n + other_seat]
                if other >= 0 and other != row and tie.closeness >= FRIEND and s.users[other].attends == 1:
                    moods += s.users[other].mood
                    friends += 1
            if friends > 0 and uniform(seed, own.draws[0].catching, 0, day, u.uid, 0) < own.users[row].openness:
                u.mood += own.p[0].share * (moods / friends - u.mood)
                own.users[row].caught += 1.0
