"""Paired runs under common random numbers: the same seeds with and without a policy, and only the policy differs."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from scipy import stats

from sim.engine import Engine
from sim.run import Run, run
from sim.scenario.schema.scenario import Scenario

SEEDS = range(500, 524)
Statistic = Callable[[Run], float]


def scenario(policies: dict[str, Any], days: int = 200, **more: Any) -> Scenario:
    """Return a centre with friends and talk, enough staff for every policy, and half a year of settling."""
    rules = {"conversation": {"occasion": 0.8, "leak_rate": 0.3, "questioning": 0.5}}
    rules |= {"turnover": {"leaving_rate": 0.4, "vacancy_days": 10.0}}
    for section, values in more.pop("rules", {}).items():
        rules[section] = rules.get(section, {}) | values
    centre = {"users": 20, "staff": 1.5, "programme_share": 1.0} | more.pop("centre", {})
    given = {"name": "x", "days": days, "settling": 60, "rules": rules, "centres": {"c": centre}}
    given |= {"network": {"hours_per_year": 40}, "users": {"disclosure_threshold": 0.4} | more.pop("users", {})}
    return Scenario.model_validate(given | more | {"policies": policies})


@cache
def _runs(frozen: str) -> tuple[Run, ...]:
    whole = Scenario.model_validate_json(frozen)
    return tuple(run(whole, seed) for seed in SEEDS)


def runs(policies: dict[str, Any], **more: Any) -> tuple[Run, ...]:
    """Run a scenario under every seed; equal scenarios run once."""
    return _runs(scenario(policies, **more).model_dump_json())


def interval(statistic: Statistic, use: dict[str, Any], against: dict[str, Any] | None = None, **more: Any) -> Any:
    """Return the 99 % t interval of the mean paired difference: with the policy minus without (or with another use)."""
    with_it = runs({"use": use}, **more)
    without = runs({"use": against} if against else {}, **more)
    differences = np.array([statistic(a) - statistic(b) for a, b in zip(with_it, without, strict=True)])
    half = stats.t.ppf(0.995, len(differences) - 1) * differences.std(ddof=1) / len(differences) ** 0.5
    return float(differences.mean() - half), float(differences.mean() + half)


def mean_of(outcome: str, first: int = 0) -> Statistic:
    """Return the mean of a daily outcome from a day on."""
    return lambda result: float(np.nanmean(result.daily[outcome][first:]))


def share_of(part: str, whole: Sequence[str]) -> Statistic:
    """Return a count as a share of others, over the whole run."""
    return lambda result: float(result.daily[part].sum() / max(1.0, sum(result.daily[name].sum() for name in whole)))


def of_users(column: str) -> Statistic:
    """Return the mean of a column over users enrolled on the last day."""
    return lambda result: float(result.users[column][result.users["status"] == 1].mean())


def lived(policies: dict[str, Any], seed: int = 3, **more: Any) -> Engine:
    """Return the engine at the end of a run."""
    whole = scenario(policies, **more)
    engine = Engine(whole, seed)
    engine.advance(whole.days)
    return engine
