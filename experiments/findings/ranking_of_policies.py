"""Whether policies rank alike in all plausible centres, and where a policy fails that helps elsewhere."""

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments.robustness import Discovered, Ranked, discovered, ranked
from experiments.robustness.boxes import LEAST_OF_EACH
from experiments.robustness.failing import too_little
from experiments.statistics.intervals import paired_interval
from experiments.statistics.points import complete
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.studies.study import Study

STUDY: Final = "ranking-of-policies"
HOLDS: Final = 0.8
"""A ranking holds when orders at different points agree at least this share as well as two orders at the same point."""
_EFFECTS: Final = Path(__file__).parent / "policy_effects.json"
_SHIPPED_AS: Final = {"evening-group": "out-of-hours", "rotating-tables": "activity-timetable"}
"""Lever to the shipped scenario with the same policy, where their names differ."""


def numbers(study: "Study", runs: "pd.DataFrame", groups: "Callable[[], pd.DataFrame]") -> dict[str, Any]:
    """Return, by outcome, the ranking, how far it holds, the safest choice and how often each policy fails; and a box.

    The box describes the failures of one policy on one outcome: the pair with the most failures beyond chance, among
    policies that help on average over points.
    """
    found: dict[str, Any] = {"sections": dict(Counter(one.path.split(".")[0] for one in study.factors))}
    found["usual_care"], found["holds_from"] = study.usual_care, HOLDS
    fails = [row for outcome in PRIMARY for row in _failures(study, runs, outcome)]
    for outcome in PRIMARY:
        found[outcome] = _ranking(ranked(study, runs, outcome))
        found[outcome]["fails"] = [row for row in fails if row["outcome"] == outcome]
    found["base_pairs"] = _effects()["pairs"]
    found["base_model"] = _effects()["model_digest"]
    helping = [row for row in fails if row["helps"] and row["beyond_chance"] > 0.0]
    most = max(helping, key=lambda row: row["beyond_chance"], default=None)
    found["box"] = _box(study, runs, most) if most else None
    return found


def figure(study: "Study", runs: "pd.DataFrame", groups: "Callable[[], pd.DataFrame]") -> "Figure":
    """Draw how often each policy has each place, with a panel for each primary outcome."""
    from experiments.plots.robustness.ranks import Ranks, rank_heat

    made = [ranked(study, runs, outcome) for outcome in PRIMARY]
    order = [Ranks(one.outcome, one.places, base_order(one.order, one.outcome)) for one in made]
    return rank_heat(order, made[0].points.number)


def base_order(levers: list[str], outcome: str) -> list[str]:
    """Sort levers by the effect of their policies in the baseline centre (`policy_effects.json`), best first."""
    sign = 1.0 if OUTCOMES[outcome].better == "lower" else -1.0
    known = _effects()["policies"]

    def effect(lever: str) -> float:
        policy = known.get(_SHIPPED_AS.get(lever, lever))
        return sign * float(policy["effects"][outcome][0]) if policy else 0.0

    return sorted(levers, key=effect)


def as_good_at_base(levers: list[str], outcome: str) -> list[str]:
    """Return the levers that may be as good as the best lever in the baseline centre.

    For each of them, its 95 % interval holds the effect of the best lever, or the best lever's interval holds its own.
    """
    known = _effects()["policies"]
    found = {lever: known.get(_SHIPPED_AS.get(lever, lever)) for lever in levers}
    spans = {lever: one["effects"][outcome] if one else [0.0, 0.0, 0.0] for lever, one in found.items()}
    best = base_order(levers, outcome)[0]
    mean, low, high = spans.pop(best)
    return [lever for lever, (m, a, b) in spans.items() if a <= mean <= b or low <= m <= high]


@cache
def _effects() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_EFFECTS.read_text(encoding="utf-8"))
    return found


def _ranking(one: Ranked) -> dict[str, Any]:
    """Return the numbers that the page shows for a ranking."""
    about = one.summary()
    base = base_order(one.order, one.outcome)[0]
    same, other = one.agreement.same_point, one.agreement.other_point
    summary = one.regret.summary.iloc[0]
    return {
        "order": one.order,
        "first": one.order[0],
        "share_first": one.share(one.order[0], 1),
        "second": one.order[1],
        "share_second_first": one.share(one.order[1], 1),
        "last": one.order[-1],
        "share_last": one.share(one.order[-1], len(one.order)),
        "base_best": base,
        "base_tied": as_good_at_base(one.order, one.outcome),
        "base_best_first": one.share(base, 1),
        "clear_first": one.clear_first,
        "agreement": about["agreement"],
        "of_possible": other / same if same > 0.0 else None,
        "holds": bool(same > 0.0 and other >= HOLDS * same),
        "choice": one.regret.choice,
        "choice_max": float(summary["max_regret"]),
        "choice_mean": float(summary["mean_regret"]),
        "choice_again": one.regret.share_same_choice,
        "points": one.points.number,
        "points_left_out": one.points.planned - one.points.number,
        "levers": about["levers"],
    }


def _failures(study: "Study", runs: "pd.DataFrame", outcome: str) -> list[dict[str, Any]]:
    """Count, for each policy, the points at which it fails to improve an outcome; fewest failures first."""
    points = complete(runs, tuple(study.levers), outcome)
    rule = too_little(outcome)
    sign = 1.0 if OUTCOMES[outcome].better == "higher" else -1.0
    rows: list[dict[str, Any]] = []
    for lever in study.levers:
        if lever == study.usual_care:
            continue
        judged = rule.judge(points, lever, study.usual_care)
        failures, wrong = int(judged["fails"].sum()), float(judged["chance_wrong"].sum())
        mean = float(judged["difference"].mean())
        low, high = paired_interval(judged["difference"].to_numpy(float))
        helps = sign * mean > 0.0 and not low <= 0.0 <= high
        rows.append(
            {"outcome": outcome, "lever": lever, "failures": failures, "points": len(judged)}
            | {"mean": mean, "low": low, "high": high, "helps": helps}
            | {"unclear": int((~judged["clear"]).sum()), "expected_wrong": wrong, "beyond_chance": failures - wrong}
            | {"clear_failures": int((judged["fails"] & judged["clear"]).sum())}
            | {"clear_successes": int((~judged["fails"] & judged["clear"]).sum())}
        )
    return sorted(rows, key=lambda row: row["failures"])


def _box(study: "Study", runs: "pd.DataFrame", most: dict[str, Any]) -> dict[str, Any]:
    """Find the box where a policy fails on an outcome; return its words and whether it beats a guess."""
    made: Discovered = discovered(study, runs, most["lever"], rule=too_little(most["outcome"]), boxes=1)
    first = made.discovery.boxes[0] if made.discovery.boxes else None
    names = dict(zip(made.factors["parameter"], made.factors["label"], strict=True))
    units = dict(zip(made.factors["parameter"], made.factors["unit"], strict=True))
    return {
        **most,
        "enough": LEAST_OF_EACH <= most["failures"] <= most["points"] - LEAST_OF_EACH,
        "found": first is not None,
        "words": first.words(names, units) if first else "",
        "tells": bool(first is not None and first.fresh_density > first.base),
    }
