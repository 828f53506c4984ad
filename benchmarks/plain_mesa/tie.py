"""A tie as a user remembers it, its levels, and the needs that a tie may meet."""

from dataclasses import dataclass, field

ACQUAINTANCE, FRIEND, CONFIDANT, KIN = 0.10, 0.35, 0.60, 0.85
KNOWN_FROM = 0.20
DAYS_PER_YEAR = 365.25
NEEDS = ("emotional", "informational", "esteem", "network", "tangible")


@dataclass(slots=True, eq=False)
class Tie:
    """What a user feels towards another and remembers of the other."""

    trust: float
    appeal: float
    liking_base: float
    liking: float
    attracted: bool
    closeness: float = 0.0
    known: float = 0.0
    told: bool = False
    withdrawn: bool = False
    shared: int = 0
    hours: float = 0.0
    help: dict[str, float] = field(default_factory=dict)
    last_contact: int = -1
    withdrawals: int = 0
    today: float = 0.0
    met: float = 0.0
