"""Find policies through the entry points of the group `dayroom.policies`.

Dayroom's own policies use these entry points as those of other packages do. A checkout that was never installed has no
entry points, so `sim` also lists its own in `SHIPPED`; this module need not know where they are.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "dayroom.policies"
"""The entry-point group with which packages offer policies; each entry is a class, or a mapping of names to classes."""

SHIPPED: Final[dict[str, str]] = {}
"""The entry points that come with the model, by name; they precede those of other packages."""

REFUSALS: Final[dict[str, str]] = {}
"""Where the function is that tells why a policy may not act on a column, under "acts_on"; `sim` names it."""


def refusal_to_act_on(column: str) -> str:
    """Return why no policy may act on a column such as "user.loneliness"; an empty text when one may."""
    from importlib.metadata import EntryPoint

    return str(EntryPoint("acts_on", REFUSALS["acts_on"], GROUP).load()(column))


def shipped() -> "list[EntryPoint]":
    """Return the entry points of Dayroom's own policies."""
    from importlib.metadata import EntryPoint  # slow to import, and only scenarios with policies need it

    return [EntryPoint(name, value, GROUP) for name, value in SHIPPED.items()]


def offered() -> "list[EntryPoint]":
    """Return the entry points of policies: Dayroom's own, then those of other packages sorted by name."""
    from importlib.metadata import entry_points

    others = [point for point in entry_points(group=GROUP) if point.value not in SHIPPED.values()]
    return [*shipped(), *sorted(others, key=lambda point: point.name)]
