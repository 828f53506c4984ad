"""Where policies are offered: the entry points of the group `dayroom.policies`.

Dayroom offers its own policies there as other packages do. In a checkout that was never installed no entry point is
known; for that case the package `sim` also names its own here, so that this layer need not know where they are.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "dayroom.policies"
"""The group of entry points by which packages offer policies: a class each, or a mapping of names to classes."""

SHIPPED: Final[dict[str, str]] = {}
"""The entry points that come with the model, by name; they stand before those of other packages."""


def offered() -> "list[EntryPoint]":
    """Return the entry points of policies: our own in their order, then those of other packages by name."""
    from importlib.metadata import (  # only a scenario needs it, and every import of sim comes here
        EntryPoint,
        entry_points,
    )

    ours = [EntryPoint(name, value, GROUP) for name, value in SHIPPED.items()]
    others = [point for point in entry_points(group=GROUP) if point.value not in SHIPPED.values()]
    return [*ours, *sorted(others, key=lambda point: point.name)]
