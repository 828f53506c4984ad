"""Find policies, rules and outcomes through the entry points of packages.

Dayroom's own policies use these entry points as those of other packages do. A checkout that was never installed has no
entry points, so `sim` also lists its own in `SHIPPED`; this module need not know where they are.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "dayroom.policies"
"""The entry-point group with which packages offer policies; each entry is a class, or a mapping of names to classes."""

GROUPS: Final = {"policy": GROUP, "rule": "dayroom.rules", "outcome": "dayroom.outcomes"}
"""The entry-point group of each kind."""

SHIPPED: Final[dict[str, str]] = {}
"""The entry points that come with the model, by name; they precede those of other packages."""

REFUSALS: Final[dict[str, Callable[[str], str]]] = {}
"""Functions that return why a policy may not act on a column such as "user.loneliness" ("acts_on"), why a rule may not
write one ("writes"), and why an outcome may not have a name ("outcome"); an empty text allows it. `sim` puts them in."""


def shipped() -> "list[EntryPoint]":
    """Return the entry points of Dayroom's own policies."""
    from importlib.metadata import EntryPoint  # slow to import, and only scenarios with policies need it

    return [EntryPoint(name, value, GROUP) for name, value in SHIPPED.items()]


def is_shipped(point: "EntryPoint") -> bool:
    """Return whether an entry point is one of Dayroom's own."""
    return point.group == GROUP and point.name in SHIPPED


def ships(kind: str, name: str) -> bool:
    """Return whether Dayroom itself offers something; imports no other offer."""
    return kind == "policy" and any(name in point.load() for point in shipped())


def offered(kind: str = "policy") -> "list[EntryPoint]":
    """Return the entry points of a kind: Dayroom's own, then those of other packages sorted by name."""
    from importlib.metadata import entry_points

    others = [point for point in entry_points(group=GROUPS[kind]) if point.value not in SHIPPED.values()]
    return [*(shipped() if kind == "policy" else []), *sorted(others, key=lambda point: point.name)]
