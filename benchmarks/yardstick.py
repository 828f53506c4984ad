"""The scenario that both models run, and functions that run each model on it."""

from math import ceil
from typing import Any

from sim.scenario.schema.scenario import Scenario

OPEN_DAYS_A_WEEK = 5


def yardstick(users: int = 40, open_days: int = 260) -> Scenario:
    """Return a centre with all defaults, long enough for this many opening days at five a week."""
    days = ceil(open_days * 7 / OPEN_DAYS_A_WEEK)
    return Scenario.model_validate({"name": "yardstick", "days": days, "centres": {"house": {"users": users}}})


def run_engine(scenario: Scenario, seed: int) -> Any:
    """Build the state and run all days without Mesa agents; return the engine."""
    from sim.engine import Engine

    engine = Engine(scenario, seed)
    engine.advance(scenario.days)
    return engine


def run_plain(scenario: Scenario, seed: int) -> Any:
    """Build the plain Mesa model, run all days and collect the same outcomes; return the model."""
    from benchmarks.plain_mesa import PlainCentre

    model = PlainCentre(scenario, rng=seed)
    for _ in range(scenario.days):
        model.step()
    return model


MODELS = {"plain": run_plain, "engine": run_engine}
