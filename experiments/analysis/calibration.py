"""Fit the parameters graded "calibrated" to the targets, inside their plausible ranges, and say what was met.

The loss is the mean over targets of how far the mean over replicates lies outside the middle of the target's range,
in half widths, plus a small pull toward the middle of each parameter's plausible range, so that what the targets do
not determine stays where an expert would put it. CMA-ES (Hansen; library `cma`) searches; the seeds are fixed, so the
fit can be repeated.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from experiments.analysis.targets import TARGETS, Target, read_targets
from experiments.designs.replicates import replicate_seed
from experiments.executors import Executor, none_lost
from sim.engine import Engine
from sim.scenario.quantity import Parameter
from sim.scenario.schema import SCENARIO_PARAMETERS, Scenario

RECORD = Path(__file__).parent.parent / "calibration" / "baseline.json"
CALIBRATED: tuple[Parameter, ...] = tuple(p for p in SCENARIO_PARAMETERS if p.quantity.grade == "calibrated")
INNER = 0.6
"""Share of a target's half width inside which only the small pull toward its middle counts."""
PULL_TO_MIDDLE = 0.02
PRIOR_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target beside what the model gives: mean over replicates and standard error of that mean."""

    key: str
    low: float
    high: float
    value: float
    error: float
    met: bool


def statistics(scenario: Scenario, seed: int) -> dict[str, float]:
    """Run once and give every target's statistic on the last day, by key; `density` comes with them.

    The median of friends is left to `combined`, which pools users over replicates; here it is the list of numbers of
    friends.
    """
    engine = Engine(scenario, seed)
    engine.advance(scenario.days)
    users = engine.state.users[engine.enrolled]
    today = engine.daily[-1]
    weights = today["users"] / today["users"].sum()
    lonely = 20.0 + 60.0 * users["loneliness"]
    return {
        "loneliness_mean": float(lonely.mean()),
        "loneliness_sd": float(lonely.std(ddof=1)),
        "lonely_share": float((lonely >= 50.0).mean()),
        "close_friends_mean": float(users["friends"].mean()),
        "close_friends_median": users["friends"].tolist(),
        "no_friend_share": float((users["friends"] == 0).mean()),
        "friend_reciprocity": float(np.sum(today["friend_arc_reciprocity"] * weights)),
        "tie_illness_talk_share": float(np.sum(today["friend_ties_with_illness_talk"] * weights)),
        "user_illness_talk_share": float((users["told_peers"] > 0).mean()),
        "stigma_loneliness_r": float(np.corrcoef(users["self_stigma"], users["loneliness"])[0, 1]),
        "density": float(np.sum(today["density"] * weights)),
    }


def combined(runs: Sequence[dict[str, Any]]) -> dict[str, tuple[float, float]]:
    """Mean and standard error over replicates of every statistic; the median of friends is that of all users pooled."""
    result = {}
    for key in runs[0]:
        if key == "close_friends_median":
            medians = [float(np.median(run[key])) for run in runs]
            pooled = float(np.median(np.concatenate([run[key] for run in runs])))
            result[key] = (pooled, float(np.std(medians, ddof=1) / len(runs) ** 0.5) if len(runs) > 1 else float("nan"))
            continue
        values = np.array([run[key] for run in runs])
        values = values[~np.isnan(values)]
        error = float(values.std(ddof=1) / len(values) ** 0.5) if len(values) > 1 else float("nan")
        result[key] = (float(values.mean()) if len(values) else float("nan"), error)
    return result


def verdicts(values: dict[str, tuple[float, float]], targets: Sequence[Target]) -> list[Verdict]:
    """Say of each target whether it is met; reciprocity must besides exceed three times the density."""
    rows = []
    for target in targets:
        value, error = values[target.key]
        met = target.low <= value <= target.high
        if target.key == "friend_reciprocity":
            met = met and value > 3.0 * values["density"][0]
        rows.append(Verdict(target.key, target.low, target.high, value, error, bool(met)))
    return rows


def loss(values: dict[str, tuple[float, float]], targets: Sequence[Target]) -> float:
    """How far the statistics are from the targets; 0 would be the middle of every range."""
    total = 0.0
    for target in targets:
        z = abs(values[target.key][0] - (target.low + target.high) / 2) / ((target.high - target.low) / 2)
        z = 100.0 if np.isnan(z) else z
        total += max(0.0, z - INNER) ** 2 + PULL_TO_MIDDLE * z**2
    return total / len(targets)


def with_parameters(scenario: Scenario, values: dict[str, float]) -> Scenario:
    """Give the scenario with these parameters, by their path such as "rules.forgetting.fade_weak"."""
    from experiments.designs.changes import changed

    return changed(scenario, values)


def at(shares: Sequence[float]) -> dict[str, float]:
    """Parameter values at these shares of their plausible ranges."""
    values = {}
    for parameter, share in zip(CALIBRATED, shares, strict=True):
        low, high = parameter.quantity.plausible
        values[parameter.path] = float(f"{low + share * (high - low):.3g}")
    return values


def measure(scenario: Scenario, replicates: int, first: int = 0, seed: int = 0) -> dict[str, tuple[float, float]]:
    """Run replicates and combine their statistics."""
    return combined([statistics(scenario, replicate_seed(seed, first + k)) for k in range(replicates)])


def badness(
    shares: Sequence[float], scenario: Scenario, targets: Sequence[Target], replicates: int, seed: int
) -> float:
    """Loss plus the pull toward the middle of the plausible ranges at one point of the search."""
    try:
        values = measure(with_parameters(scenario, at(shares)), replicates, seed=seed)
    except ValueError:  # a pair of mean and deviation no beta law has
        return 1e6
    return loss(values, targets) + PRIOR_WEIGHT * float(np.mean((np.asarray(shares) - 0.5) ** 2))


def fit(
    scenario: Scenario,
    executor: Executor,
    generations: int,
    replicates: int,
    seed: int,
    tell: Callable[[int, float], None] = lambda generation, best: None,
    targets: Sequence[Target] | None = None,
) -> dict[str, float]:
    """Search with CMA-ES from the present defaults; give the best values by path.

    Parameters
    ----------
    scenario : Scenario
        The baseline.
    executor : Executor
    generations, replicates : int
    seed : int
        Of the search and of the runs; the same runs are used at every point (common random numbers).
    tell : callable
        Told the generation and the best loss so far.
    targets : sequence of Target, optional
        Those of the baseline when not given.
    """
    import cma

    start = []
    for parameter in CALIBRATED:
        low, high = parameter.quantity.plausible
        start.append(min(max((parameter.default - low) / (high - low), 0.05), 0.95))
    options = {"bounds": [0.02, 0.98], "popsize": 12, "seed": seed + 1, "maxiter": generations, "verbose": -9}
    search = cma.CMAEvolutionStrategy(start, 0.2, options)
    aimed = read_targets() if targets is None else tuple(targets)
    score = partial(badness, scenario=scenario, targets=aimed, replicates=replicates, seed=seed)
    while not search.stop():
        points = search.ask()
        search.tell(points, list(none_lost(executor.each(score, points))))
        tell(search.countiter, search.result.fbest)
    return at(search.result.xfavorite)


def record(values: dict[str, float], rows: Sequence[Verdict], settings: dict[str, Any], path: Path = RECORD) -> None:
    """Write down what was fitted, how, and which targets are met on replicates the fit has not seen."""
    document = {"settings": settings, "parameters": values, "targets": [asdict(row) for row in rows]}
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


__all__ = [
    "CALIBRATED",
    "RECORD",
    "TARGETS",
    "Target",
    "Verdict",
    "at",
    "badness",
    "combined",
    "fit",
    "loss",
    "measure",
    "read_targets",
    "record",
    "statistics",
    "verdicts",
    "with_parameters",
]
