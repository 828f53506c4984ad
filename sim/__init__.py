"""Dayroom: peer support in a psychiatric day-care centre, as an agent-based model.

Public names load on first use, so that commands without a model do not load one.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.scenario.schema.offers import REFUSALS, SHIPPED

if TYPE_CHECKING:
    from sim.model import DayCentre
    from sim.run import Run, run
    from sim.scenario.reading.load import load_scenario
    from sim.scenario.schema.scenario import Scenario

__all__ = ["DayCentre", "Run", "Scenario", "load_scenario", "run"]

_HOMES = {
    "DayCentre": "sim.model",
    "Run": "sim.run",
    "Scenario": "sim.scenario.schema.scenario",
    "load_scenario": "sim.scenario.reading.load",
    "run": "sim.run",
}


SHIPPED["dayroom"] = "sim.policies:POLICIES"  # the entry point of pyproject.toml, which a bare checkout lacks


def _refusal_to_act_on(column: str) -> str:
    from sim.state.columns import refusal_to_act_on

    return refusal_to_act_on(column)


def _refusal_to_write(column: str) -> str:
    from sim.state.columns import refusal_to_write

    return refusal_to_write(column)


def _refusal_of_name(outcome: str) -> str:
    from sim.outcomes.catalogue import refusal_of_name

    return refusal_of_name(outcome)


# The schema checks what other packages offer, and only layers above it know the columns and outcomes.
REFUSALS.update(acts_on=_refusal_to_act_on, writes=_refusal_to_write, outcome=_refusal_of_name)


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
