"""Where friendship begins among the levels of a tie, for all that draws or counts friendships."""

from typing import Final

from sim.state.columns import LEVELS

FRIEND: Final = LEVELS.index("friend")
"""Place in `LEVELS` of the lowest level at which a tie is a friendship."""
