"""Small comparisons to draw, from the statistics that the figures are for."""

from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from experiments.compare import contrasts, cost
from experiments.statistics import budget, orders, uncertainty
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.state.columns import LEVELS

NAMES = (
    "confidentiality-training", "buddy-scheme", "peer-support-workers", "help-cap", "family-psychoeducation", "respite",
    "vocational-training", "public-awareness", "communication-training", "disclosure-circle", "out-of-hours",
    "outreach", "activity-timetable", "codesign", "staffing", "supervision", "review",
)  # fmt: skip
GROUPS = {
    "lonely on arrival": 6.0, "not lonely on arrival": 9.0, "helpers": 4.0, "newcomers": 2.5,
    "diagnosis: psychosis": 7.0, "diagnosis: depression": 5.0, "under 30 years": 3.0, "lives alone": 0.4,
}  # fmt: skip
FOREST = (*PRIMARY, "lonely_share", "severely_lonely_share")
START = {
    "loneliness_ucla20": 50.0,
    "burden": 35.0,
    "group_identity": 4.0,
    "lonely_share": 0.5,
    "severely_lonely_share": 0.1,
}
SPREAD = {
    "loneliness_ucla20": 3.0,
    "burden": 4.0,
    "group_identity": 0.3,
    "lonely_share": 0.08,
    "severely_lonely_share": 0.03,
}


def effects_of(n: int) -> dict[str, dict[str, float]]:
    """Return true effects of n policies: mixed for most, none for the last but one."""
    draws = np.random.default_rng(5)
    found = {}
    for number, name in enumerate(NAMES[:n]):
        a, b = draws.normal(-1.5, 2.0), draws.normal(0.5, 2.0)
        some = 0.0 if number == 15 else 1.0
        found[name] = {
            "loneliness_ucla20": some * a, "burden": some * b, "group_identity": -0.1 * some * a,
            "lonely_share": 0.02 * some * a, "severely_lonely_share": 0.008 * some * a,
        }  # fmt: skip
    return found


def runs(n: int, replicates: int = 20) -> pd.DataFrame:
    """Return final outcomes and costs of a base and n policies; policy number 7 is identical to the base."""
    draws = np.random.default_rng(6)
    chance = {name: START[name] + SPREAD[name] * draws.normal(size=replicates) for name in FOREST}
    frames = []
    for number, (scenario, effect) in enumerate([("baseline", {}), *effects_of(n).items()]):
        is_same = number in (0, 7)
        columns = {
            name: chance[name] + (0.0 if is_same else effect[name] + 0.5 * SPREAD[name] * draws.normal(size=replicates))
            for name in FOREST
        }
        frames.append(
            pd.DataFrame(
                {
                    "scenario": scenario,
                    "replicate": range(replicates),
                    **columns,
                    "staff_hours": 10.0 * number / 15.0,
                    "severe_time": columns["severely_lonely_share"],
                    "cost": 0.0 if is_same else (2000.0 * (number - 2) + 8000 * draws.normal(size=replicates)) / 15.0,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def contrast_table(n: int, replicates: int = 20) -> pd.DataFrame:
    rows = contrasts.contrasts(runs(n, replicates), [OUTCOMES[name] for name in FOREST], {}, PRIMARY)
    return contrasts.table(rows)


def group_table(n: int, replicates: int = 20) -> pd.DataFrame:
    draws = np.random.default_rng(7)
    effect = effects_of(n)
    rows = []
    for scenario in ("baseline", *effect):
        for number, (group, users) in enumerate(GROUPS.items()):
            for outcome in PRIMARY:
                chance = START[outcome] + SPREAD[outcome] * np.random.default_rng(number).normal(size=replicates)
                shift = effect.get(scenario, {}).get(outcome, 0.0) + 0.4 * (number - 3) * SPREAD[outcome] / 3
                noise = SPREAD[outcome] / users**0.5 * draws.normal(size=replicates)
                value = chance + (0.0 if scenario == "baseline" else shift + noise)
                pairs = min(5, replicates) if group == "newcomers" else replicates
                rows += [(scenario, replicate, group, outcome, value[replicate], users) for replicate in range(pairs)]
    frame = pd.DataFrame(rows, columns=["scenario", "replicate", "group", "outcome", "value", "users"])
    return contrasts.table(contrasts.by_group(frame, [OUTCOMES[name] for name in PRIMARY]))


def daily(n: int, replicates: int = 20, days: int = 120, centres: int = 1) -> pd.DataFrame:
    draws = np.random.default_rng(8)
    frames = []
    for scenario, effect in [("baseline", dict.fromkeys(FOREST, 0.0)), *effects_of(n).items()]:
        for replicate in range(replicates):
            for centre in range(centres):
                time = np.arange(days)
                walk = draws.normal(size=days).cumsum() / days**0.5
                columns = {
                    name: START[name] + SPREAD[name] * walk + effect[name] * (1 - np.exp(-time / 30))
                    for name in PRIMARY
                }
                frames.append(
                    pd.DataFrame({"scenario": scenario, "replicate": replicate, "centre": centre, "day": time,
                                  "users": 15, **columns})
                )  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def changes(n: int, replicates: int = 20, users: int = 15) -> pd.DataFrame:
    draws = np.random.default_rng(9)
    size = replicates * users
    like = draws.uniform(0.3, 0.7, size)
    base = np.clip(like + draws.normal(0, 0.04, size), 0, 1)
    frames = []
    for scenario, effect in effects_of(n).items():
        other = np.clip(like + effect["loneliness_ucla20"] / 60 + draws.normal(0, 0.04, size), 0, 1)
        columns = {
            "scenario": scenario, "replicate": np.repeat(np.arange(replicates), users),
            "uid": np.tile(np.arange(users), replicates), "loneliness": other - base,
            "base_loneliness": base, "base_loneliness_at_entry": like,
            "burden": draws.normal(0, 0.05, size), "identity": draws.normal(0, 0.05, size),
        }  # fmt: skip
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def graphs(n: int = 40, ties: float = 3.0, seed: int = 1) -> tuple[nx.DiGraph, nx.DiGraph]:
    """Return two networks that share most users and ties: one user left, two came, a fifth of the ties differ."""
    draws = np.random.default_rng(seed)
    base, other = nx.DiGraph(), nx.DiGraph()
    base.add_nodes_from(range(n))
    other.add_nodes_from(range(1, n + 2))
    for _ in range(int(ties * n)):
        a = int(draws.integers(0, n))
        b = int((a + draws.integers(1, max(2, n // 5))) % n)
        level = LEVELS[int(draws.integers(1, len(LEVELS)))]
        kind = draws.uniform()
        for graph, chosen in ((base, kind < 0.85), (other, kind > 0.15)):
            if chosen and a != b and a in graph and b in graph:
                graph.add_edge(a, b, level=level, closeness=0.5)
    return base, other


def drawn(n: int, draws: int = 60, each: int = 4) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return runs over draws of the parameters, runs at the default parameters, and the parameters."""
    chance = np.random.default_rng(10)
    effect = {name: value["loneliness_ucla20"] for name, value in effects_of(n).items()}
    parameters = pd.DataFrame({"stigma": chance.uniform(0, 1, draws), "burden_per_act": chance.uniform(0, 1, draws)})
    rows = []
    for draw in range(-1, draws):
        stigma = 0.5 if draw < 0 else parameters["stigma"][draw]
        for replicate in range(each if draw >= 0 else 20):
            start = 50 + chance.normal(0, 2)
            for number, name in enumerate(("baseline", *effect)):
                value = effect.get(name, 0.0) + (number % 3) * 3 * (stigma - 0.5) * (number > 0) + chance.normal(0, 1.5)
                rows.append((draw, replicate, name, start + (value if number else 0.0)))
    frame = pd.DataFrame(rows, columns=["draw", "replicate", "scenario", "value"])
    return frame[frame["draw"] >= 0], frame[frame["draw"] < 0].drop(columns="draw"), parameters


def decomposition(n: int) -> pd.DataFrame:
    draws = np.random.default_rng(11)
    rows = []
    for scenario, effect in effects_of(n).items():
        for outcome in PRIMARY:
            for part, share in (("new ties", 0.5), ("what flows along ties", 0.8), ("direct help", -0.3)):
                value = share * effect[outcome] * draws.uniform(0.5, 1.5)
                reach, apart = 0.2 * SPREAD[outcome], 0.05 * SPREAD[outcome] * (part != "direct help")
                ends = (value - reach, value + reach, value - apart, value + apart)
                rows.append((scenario, outcome, part, value, *ends, False))
    numbers = ["difference", "low", "high", "order_low", "order_high"]
    return pd.DataFrame(rows, columns=["scenario", "outcome", "part", *numbers, "always_0"])


def information() -> pd.DataFrame:
    """Return values of knowing all parameters and three groups, in points of loneliness."""
    rows = [
        ("EVPI", "all parameters", 0.4, 0.2, 0.6, "told from 0"),
        ("EVPPI", "attendance", 0.2, 0.05, 0.35, "told from 0"),
        ("EVPPI", "what the policies do to those who take part", 0.1, 0.0, 0.3, "cannot be told from 0"),
        ("EVPPI", "leaks", 0.0, 0.0, 0.0, "cannot be told from 0"),
    ]
    frame = pd.DataFrame(rows, columns=["kind", "group", "value", "low", "high", "verdict"])
    return frame.assign(basis="the gain alone")


def expected_losses(n: int) -> pd.DataFrame:
    """Return what each scenario loses to the best one, by what a point is worth."""
    names = ["baseline", *NAMES[:n]]
    rows = [
        (worth, name, 100.0 * abs(k - worth / 1000.0))
        for worth in (0.0, 1000.0, 2000.0)
        for k, name in enumerate(names)
    ]
    return pd.DataFrame([*rows, (np.inf, "baseline", 0.3)], columns=["willingness", "scenario", "expected_loss"])


def budget_uses(n: int, replicates: int) -> pd.DataFrame:
    """Return what scenarios take of two limits: the base nothing, the others more and more."""
    uses = [
        budget.Use(name, limit, unit, most, mean, mean <= most, mean - most, float(mean > most), 1.3 * mean, replicates)
        for limit, unit, most in (("hours", "h/week", 10.0), ("money", "CNY/month", 4000.0))
        for k, name in enumerate(["baseline", *NAMES[:n]])
        for mean in [0.4 * k * most]
    ]
    return budget.table(uses)


def inputs(n: int, replicates: int = 20) -> Mapping[str, Any]:
    """Return everything that the figures of a comparison read, by the names in `COMPARISON_FIGURES`."""
    finals = runs(n, replicates)
    points = cost.plane(finals, resamples=800)
    base, other = graphs()
    values, default, parameters = drawn(n)
    return {
        "contrasts": contrast_table(n, replicates),
        "groups": group_table(n, replicates),
        "daily": daily(n, replicates),
        "changes": changes(n, replicates),
        "plane": points,
        "costs": cost.table(cost.costs(finals)),
        "acceptability": cost.acceptability(points, willingness(), "baseline"),
        "base graph": base,
        "other graphs": dict.fromkeys(NAMES[:n], other),
        "splits": dict.fromkeys(PRIMARY, uncertainty.split(values, "lower")),
        "rankings": dict.fromkeys(PRIMARY, orders.ranking(values, default, parameters, "lower")),
        "decomposition": decomposition(n),
        "budget": budget_uses(n, replicates),
        "information": information(),
        "losses": expected_losses(n),
    }


def willingness() -> Sequence[float]:
    return [float(each) for each in np.linspace(0, 200_000, 41)]
