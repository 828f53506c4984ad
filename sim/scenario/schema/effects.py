"""The effects of a policy as data: what it does to whom, and how much, while somebody takes part.

A policy that returns its effects from `effects` needs no Python during a run: compiled code applies them at each
review (`sim.policies.review.effects`). Every size is multiplied by the policy's strength, so that a policy of zero
strength changes nothing.
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

FOREVER: Final = 36525
"""A day later than any run lasts, and so the end of a policy that has none."""

Kind = Literal[
    "toward", "add", "assign", "circle", "pairs", "caseloads", "staff", "close places", "reach society", "timetable"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

Matching = Literal["any", "sex", "interest"]
MATCHINGS: tuple[Matching, ...] = get_args(Matching)
"""Whom a user is paired with: any senior by chance, one of the same sex, or the most alike in interests."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect of a policy, from one of the functions below, which say what its numbers mean.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    columns : tuple of str
        The columns that it moves, such as `("user.listening_skill",)`.
    amount, target, years : float
    number, size : int
        What they mean depends on the kind; for pairs, `size` is the place of the matching in `MATCHINGS`.
    """

    kind: Kind
    columns: tuple[str, ...]
    amount: float = 0.0
    target: float = 0.0
    years: float = 0.0
    number: int = 0
    size: int = 0


def toward(column: str, target: float, share: float) -> Effect:
    """Move a column of users or centres toward a target: x <- x + strength * share * (target - x)."""
    return Effect("toward", (column,), share, target)


def add(column: str, amount: float) -> Effect:
    """Add to a column of users or centres, within its range: x <- x + strength * amount."""
    return Effect("add", (column,), amount)


def assign(column: str, value: float) -> Effect:
    """Set a column of everybody who takes part to a value that cannot be partial."""
    return Effect("assign", (column,), value)


def join_circle() -> Effect:
    """Make those who take part members of the disclosure circle that `set_up` added, as fully as the strength says."""
    return Effect("circle", ("user.circle", "user.circle_share"))


def pair_with_seniors(by: Matching, years: float, closeness: float, mentoring: float | None = None) -> Effect:
    """Pair each who takes part with a senior, who gets no second user, and arrange contact of strength * closeness.

    Parameters
    ----------
    by : str
        One of `MATCHINGS`.
    years : float
        Years in the centre from which a well user who does not take part may be the senior.
    closeness : float
        Strength of the arrangement between the two.
    mentoring : float, optional
        What the senior's `mentoring` is raised to, times the user's strength.
    """
    columns = ("tie.arranged",) if mentoring is None else ("tie.arranged", "user.mentoring")
    return Effect("pairs", columns, closeness, mentoring or 0.0, years, size=MATCHINGS.index(by))


def fill_caseloads(workers: int, size: int) -> Effect:
    """Assign those who take part to this many workers with at most `size` users each, and let the workers work."""
    return Effect("caseloads", ("user.worker", "worker.at_work"), number=workers, size=size)


def add_staff(number: float) -> Effect:
    """Add members of staff, times the level, to the share of users that staff can look after well."""
    return Effect("staff", ("centre.coverage",), number)


def close_places(number: int) -> Effect:
    """Close seats to newcomers, times the level, rounded half up to whole seats."""
    return Effect("close places", ("centre.closed_places",), number=number)


def reach_society(column: str, amount: float) -> Effect:
    """Add to a column of society, times the mean level over centres, weighted by their users."""
    return Effect("reach society", (column,), amount)


def follow_timetable() -> Effect:
    """Follow the timetable that `set_up` added; at partial strength only in some weeks, by chance."""
    return Effect("timetable", ("centre.first_session", "centre.sessions"))
