"""Whether policies rank alike in all plausible centres, and where a policy fails that helps elsewhere."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NotRequired, TypedDict

from experiments.findings.fragments import Numbers, p_of_interval
from experiments.robustness import Discovered, Ranked, discovered, ranked
from experiments.robustness.boxes import LEAST_OF_EACH
from experiments.robustness.failure_rule import too_little
from experiments.statistics.complete_points import complete
from experiments.statistics.crossed import crossed
from experiments.statistics.intervals import ALONE
from experiments.statistics.verdict import FEWEST, holm
from sim.language import Language, speaking
from sim.outcomes.catalogue import OUTCOMES, PRIMARY

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.findings.tables import Tables
    from experiments.studies.study import Study

STUDY: Final = "ranking-of-policies"
HOLDS: Final = 0.8
"""A ranking holds when orders at different points agree at least this share as well as two orders at the same point."""
_EFFECTS: Final = Path(__file__).parent / "policy_effects.json"
_BASE: Final = "baseline"
_SHIPPED_AS: Final = {"evening-group": "out-of-hours", "rotating-tables": "activity-timetable"}
"""Lever to the shipped scenario with the same policy, where their names differ."""


class PolicyEffects(TypedDict):
    """Mean effect of a policy in the baseline centre and the ends of its 95 % interval, by outcome."""

    effects: dict[str, tuple[float, float, float]]


class Effects(TypedDict):
    """The parts of `policy_effects.json` that the page needs.

    Parameters
    ----------
    pairs : int
        Pairs of runs.
    apart : dict
        By outcome and two scenarios, the p value that their paired means are equal; older records lack it.
    """

    pairs: int
    model_digest: str
    policies: dict[str, PolicyEffects]
    apart: NotRequired[dict[str, dict[str, dict[str, float]]]]


class Failures(TypedDict):
    """At how many points a policy fails to improve an outcome, and what chance does to that number.

    Parameters
    ----------
    failures, points : int
    mean, low, high : float
        Mean difference from usual care over points, and its 95 % interval for other points and other seeds, as all
        points share their seeds.
    helps : bool
        Whether the policy improves the outcome in the mean over points, clear among all policies and outcomes (Holm).
    unclear, clear_failures, clear_successes : int
        Points that are not clear among all; failures, and other points, that are, which takes ten pairs that differ.
    by_chance, likely : float
        Points that would fail by chance if all were alike; points that truly fail, by a normal law (`Unlike`).
    p_unlike : float
        p of the test that the policy does the same at all points.
    unlike : bool
        Whether it does not, clear among all policies and outcomes (Holm).
    """

    outcome: str
    lever: str
    failures: int
    points: int
    mean: float
    low: float
    high: float
    p: float
    helps: bool
    unclear: int
    by_chance: float
    likely: float
    p_unlike: float
    unlike: bool
    clear_failures: int
    clear_successes: int


def numbers(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> Numbers:
    """Return, by outcome, the ranking, how far it holds, the safest choice and how often each policy fails; and a box.

    The box describes the failures of one policy on one outcome: the pair that most likely fails at most points, among
    policies that help on average over points and do unlike things at unlike points.
    """
    fails = _clear([row for outcome in PRIMARY for row in _failures(study, runs, outcome)])
    rankings = {
        outcome: _ranking(ranked(study, runs, outcome)) | {"fails": [row for row in fails if row["outcome"] == outcome]}
        for outcome in PRIMARY
    }
    failing = [row for row in fails if row["helps"] and row["unlike"] and row["likely"] >= 1.0]
    most = max(failing, key=lambda row: row["likely"], default=None)
    return {
        "sections": dict(Counter(factor.path.split(".")[0] for factor in study.factors)),
        "usual_care": study.usual_care,
        "holds_from": HOLDS,
        **rankings,
        "base_pairs": _effects()["pairs"],
        "base_model": _effects()["model_digest"],
        "box": _box(study, runs, most) if most else None,
    }


def figure(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> "Figure":
    """Draw how often each policy has each place, with a panel for each primary outcome."""
    from experiments.plots.robustness.ranks import Ranks, rank_heat

    made = [ranked(study, runs, outcome) for outcome in PRIMARY]
    ranks = [Ranks(each.outcome, each.places, base_order(each.order, each.outcome)) for each in made]
    return rank_heat(ranks, made[0].points.number)


def base_order(levers: list[str], outcome: str) -> list[str]:
    """Sort levers by the effect of their policies in the baseline centre (`policy_effects.json`), best first."""
    sign = 1.0 if OUTCOMES[outcome].better == "lower" else -1.0
    known = _effects()["policies"]

    def effect(lever: str) -> float:
        policy = known.get(_SHIPPED_AS.get(lever, lever))
        return sign * float(policy["effects"][outcome][0]) if policy else 0.0

    return sorted(levers, key=effect)


def as_good_at_base(levers: list[str], outcome: str) -> list[str] | None:
    """Return the levers that are not clearly worse than the best lever in the baseline centre, best first.

    Clear means clear among the paired differences of the best lever from all others (Holm's rule). None if the record
    has no such differences, or fewer than `FEWEST` pairs.
    """
    known = _effects()
    if "apart" not in known or known["pairs"] < FEWEST:
        return None
    names = {lever: _SHIPPED_AS.get(lever, lever) for lever in levers}
    names = {lever: name if name in known["policies"] else _BASE for lever, name in names.items()}
    best, *others = base_order(levers, outcome)
    apart = known["apart"][outcome][names[best]]
    clear = holm([apart[names[lever]] for lever in others])
    return [lever for lever, is_clear in zip(others, clear, strict=True) if not is_clear]


@cache
def _effects() -> Effects:
    effects: Effects = json.loads(_EFFECTS.read_text(encoding="utf-8"))
    return effects


def _ranking(ranking: Ranked) -> Numbers:
    """Return the numbers that the page shows for a ranking."""
    about = ranking.summary()
    base = base_order(ranking.order, ranking.outcome)[0]
    same, other = ranking.agreement.same_point, ranking.agreement.other_point
    summary = ranking.regret.summary.iloc[0]
    last = max(ranking.order, key=lambda lever: ranking.share(lever, len(ranking.order)))
    return {
        "order": ranking.order,
        "first": ranking.order[0],
        "share_first": ranking.share(ranking.order[0], 1),
        "second": ranking.order[1],
        "share_second_first": ranking.share(ranking.order[1], 1),
        "lead": _lead(ranking),
        "replicates": ranking.points.replicates,
        "most_often_last": last,
        "share_last": ranking.share(last, len(ranking.order)),
        "base_best": base,
        "base_tied": as_good_at_base(ranking.order, ranking.outcome),
        "base_best_first": ranking.share(base, 1),
        "clear_first": ranking.clear_first if ranking.clear_first == ranking.clear_first else None,
        "agreement": about["agreement"],
        "of_possible": other / same if same > 0.0 else None,
        "holds": bool(same > 0.0 and other >= HOLDS * same),
        "choice": ranking.regret.choice,
        "choice_max": float(summary["max_regret"]),
        "choice_max_low": float(summary["low"]),
        "choice_max_high": float(summary["high"]),
        "choice_mean": float(summary["mean_regret"]),
        "choice_again": ranking.regret.share_same_choice,
        "points": ranking.points.number,
        "points_left_out": ranking.points.planned - ranking.points.number,
        "levers": about["levers"],
    }


def _failures(study: "Study", runs: "pd.DataFrame", outcome: str) -> list[Failures]:
    """Count, for each policy, the points at which it fails to improve an outcome; fewest failures first."""
    points = complete(runs, tuple(study.levers), outcome)
    rule = too_little(outcome)
    sign = 1.0 if OUTCOMES[outcome].better == "higher" else -1.0
    rows: list[Failures] = []
    for lever in study.levers:
        if lever == study.usual_care:
            continue
        judged = rule.judge(points, lever, study.usual_care)
        about = rule.unlike(points, lever, study.usual_care)
        apart = (points.values[lever] - points.values[study.usual_care]).unstack("replicate")
        over = crossed(apart.to_numpy(float))
        rows.append(
            {
                "outcome": outcome,
                "lever": lever,
                "failures": int(judged["fails"].sum()),
                "points": len(judged),
                "mean": over.mean,
                "low": over.low,
                "high": over.high,
                "p": p_of_interval(over.mean, (over.low, over.high), over.freedom),
                "helps": bool(sign * over.mean > 0.0),
                "unclear": int((~judged["clear"]).sum()),
                "by_chance": about.by_chance,
                "likely": about.likely,
                "p_unlike": about.p,
                "unlike": False,
                "clear_failures": int((judged["fails"] & judged["clear"]).sum()),
                "clear_successes": int((~judged["fails"] & judged["clear"]).sum()),
            }
        )
    return sorted(rows, key=lambda row: row["failures"])


def _clear(rows: list[Failures]) -> list[Failures]:
    """Return rows in which `helps` and `unlike` are whether that is clear among all rows."""
    helps, unlike = (holm([row[name] if row[name] == row[name] else 1.0 for row in rows]) for name in ("p", "p_unlike"))
    return [
        row | {"helps": row["helps"] and is_clear, "unlike": are_unlike}
        for row, is_clear, are_unlike in zip(rows, helps, unlike, strict=True)
    ]


def _lead(ranking: Ranked) -> Numbers:
    """Return by how much the first is better than the second in the mean over points.

    The interval is for other points and other seeds. The second was picked as the nearest of all others, so that the
    lead is clear by the corrected p value (Bonferroni) only.
    """
    first, second, *others = ranking.order
    sign = 1.0 if OUTCOMES[ranking.outcome].better == "higher" else -1.0
    values = ranking.points.values
    over = crossed(sign * (values[first] - values[second]).unstack("replicate").to_numpy(float))
    p = p_of_interval(over.mean, (over.low, over.high), over.freedom) * (len(others) + 1)
    return {"value": over.mean, "low": over.low, "high": over.high, "clear": bool(over.mean > 0.0 and p <= ALONE)}


def _box(study: "Study", runs: "pd.DataFrame", most: Failures) -> Numbers:
    """Find the box where a policy fails on an outcome, which also holds on points held out; return its words."""
    made: Discovered = discovered(study, runs, most["lever"], rule=too_little(most["outcome"]), boxes=1)
    first = made.discovery.boxes[0] if made.discovery.boxes else None
    with speaking(Language.en):  # as the page
        words = made.box_words()[0] if first else ""
    return {
        **most,
        "enough": LEAST_OF_EACH <= most["failures"] <= most["points"] - LEAST_OF_EACH,
        "found": first is not None,
        "words": words,
    }
