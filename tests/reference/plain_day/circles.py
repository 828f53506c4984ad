"""Phase 4, disclosure circles."""

import math
from typing import Any

from .world import House, Meeting


def circles(house: House) -> None:
    """Add the talks of the circles that meet today to the encounters."""
    for number, circle in enumerate(house.world.circles):
        meets = house.day >= 0 and circle.weekday == house.weekday and house.day // 7 % circle.every == 0
        if circle.centre == house.number and meets:
            _hold_circle(house, number, circle)


def _hold_circle(house: House, number: int, circle: Any) -> None:
    members = [one for one in house.order if one.circle == number + 1]
    members.sort(key=lambda one: house.draw("CIRCLE_SEATING", one.uid, slot=circle.code)[0])
    n = len(members)
    count = max(1, math.ceil(n / circle.group_size))
    for g in range(count):
        ring = members[g * n // count : (g + 1) * n // count]
        speakers = ring if len(ring) > 2 else ring[: len(ring) - 1]
        for place, i in enumerate(speakers):
            j = ring[(place + 1) % len(ring)]
            fully = (i.circle_share + j.circle_share) / 2
            hours = circle.minutes / 60
            house.meetings.append(Meeting(i, j, 64 + number, -1, False, hours, circle=circle, fully=fully))
