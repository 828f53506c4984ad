"""Dayroom's policies, in one file each: what a centre would do, what it acts on, its costs and its evidence."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sim.scenario.schema.policy import PolicyUse

_NAMES: Final = (
    "usual_care",
    "peer_support_workers",
    "communication_training",
    "confidentiality_training",
    "disclosure_circle",
    "buddy_scheme",
    "help_cap",
    "supervision",
    "respite",
    "activity_timetable",
    "out_of_hours",
    "outreach",
    "vocational_training",
    "public_awareness",
    "family_psychoeducation",
    "codesign",
    "staffing",
)


class _Policies(Mapping[str, "type[PolicyUse]"]):
    """The classes by name. The module of a policy has its name, and is imported on the first look-up."""

    def __getitem__(self, name: str) -> "type[PolicyUse]":
        if name not in _NAMES:
            from sim.scenario.text.errors import UnknownNameError  # only mistakes need them
            from sim.scenario.text.suggestions import misspelt

            raise UnknownNameError(misspelt(f"there is no policy {name!r}", str(name), _NAMES))
        policy: type[PolicyUse] = getattr(import_module(f"{__name__}.{name}"), name.title().replace("_", ""))
        return policy

    def __contains__(self, name: object) -> bool:
        return name in _NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


POLICIES: "Final[Mapping[str, type[PolicyUse]]]" = _Policies()
"""The policies that come with the model, by the name a scenario uses; an entry point offers them (`pyproject.toml`)."""

__all__ = ["POLICIES", "PolicyUse"]


def __getattr__(name: str) -> Any:
    """Load the base class of policies on first use: a run without policies needs neither it nor conditions."""
    if name == "PolicyUse":
        from sim.scenario.schema.policy import PolicyUse

        return PolicyUse
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
