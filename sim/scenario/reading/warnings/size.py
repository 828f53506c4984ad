"""What a run takes, estimated from its size: seconds of one processor, and bytes of memory.

Both follow from the users of each centre, because everybody has a tie to everybody else in the centre. The seconds
are fitted to measured runs of 25 to 1000 users, within a factor of two; the bytes are those of the arrays of the state.
"""

from typing import Final

from sim.scenario.schema.scenario import Scenario

_USER_DAY: Final = (1.3e-6, 6e-8, 1e-10)
"""Seconds of a user's day: a constant, then for each other user of the centre, then for each pair of others."""
TIE_BYTES: Final = 152
"""Bytes of a directed tie in the state."""
USER_BYTES: Final = 896
"""Bytes of a user in the state."""
DAY_BYTES: Final = 664
"""Bytes of a centre's day in the ledger."""
_COPIES: Final = 3
"""How often the ledger and the users are in memory while their tables are made."""


def seconds_of(scenario: Scenario) -> float:
    """Return about how many seconds a run takes, the days of settling included, without the start of the program."""
    each, other, pair = _USER_DAY
    day = sum(
        centre.copies * centre.users * (each + other * centre.users + pair * centre.users**2)
        for centre in scenario.centres.values()
    )
    return day * (scenario.settling + scenario.days)


def bytes_of(scenario: Scenario) -> float:
    """Return about how many bytes of memory a run takes, without the program."""
    centres = scenario.centres.values()
    ties = sum(centre.copies * centre.users**2 for centre in centres) * TIE_BYTES
    users = sum(centre.copies * centre.users for centre in centres) * USER_BYTES
    days = sum(centre.copies for centre in centres) * scenario.days * DAY_BYTES
    return ties + _COPIES * (users + days)
