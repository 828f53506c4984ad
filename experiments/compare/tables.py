"""The tables of a comparison, and its summary for programs."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from experiments.compare import cost
from experiments.compare.figures import WILLINGNESS, priced
from experiments.measures.runs import END_DAYS

if TYPE_CHECKING:
    import pandas as pd

    from experiments.compare.draws import Uncertain
    from experiments.compare.result import Comparison


def tables(result: "Comparison") -> "dict[str, pd.DataFrame]":
    """Return the tables of a comparison by the names of their files."""
    import pandas as pd

    found = {
        "contrasts": result.table(),
        "groups": result.group_table(),
        "runs": result.values,
        "daily": result.daily,
        "user_changes": result.changes,
        "policies": result.policies,
        "costs": cost.table(result.costs),
    }
    if result.replicates >= 2:
        points = cost.plane(priced(result.values), result.years)
        found["cost_quadrants"] = cost.quadrants(points)
        found["acceptability"] = cost.acceptability(points, WILLINGNESS, result.base)
    if result.reached:
        found["precision"] = pd.DataFrame([asdict(row) for row in result.reached])
    if result.parts:
        found["decomposition"] = pd.DataFrame([asdict(part) for part in result.parts])
    if result.uncertain is not None:
        found["draws"] = result.uncertain.draws
        found["uncertain_runs"] = result.uncertain.values
        found["chance_and_ignorance"] = pd.DataFrame(
            [{"outcome": name, **asdict(row)} for name, rows in result.uncertain.splits.items() for row in rows]
        )
        found["flips"] = pd.concat(
            [table.flip_table().assign(outcome=name) for name, table in result.uncertain.rankings.items()],
            ignore_index=True,
        )
    return found


def summary(result: "Comparison") -> dict[str, Any]:
    """Return a summary of the comparison for programs: numbers and sentences."""
    return {
        "base": result.base,
        "others": result.others,
        "seed": result.seed,
        "pairs": result.replicates,
        "failed_runs": len(result.failed),
        "end_days": END_DAYS,
        "interval": "95 % t interval of the paired difference; *_simultaneous hold for all primary contrasts together",
        "contrasts": [asdict(row) for row in result.contrasts],
        "groups": [asdict(row) for row in result.group_contrasts],
        "costs": [asdict(row) for row in result.costs],
        "precision": [asdict(row) for row in result.reached],
        "decomposition": [asdict(part) for part in result.parts],
        "uncertain": None if result.uncertain is None else _uncertain(result.uncertain),
        "sentences": {name: result.sentences(name) for name in result.others},
    }


def _uncertain(found: "Uncertain") -> dict[str, Any]:
    return {
        "draws": len(found.draws),
        "dropped": found.dropped,
        "failed_runs": found.failed,
        "parameters": list(found.draws.columns),
        "outcomes": {
            name: {
                "effects": [asdict(row) for row in rows],
                "order_at_defaults": list(found.rankings[name].default_order),
                "share_of_draws_with_another_order": found.rankings[name].share_differs,
                "share_expected_by_chance": found.rankings[name].share_by_chance,
                "flips": [asdict(row) for row in found.rankings[name].flips],
            }
            for name, rows in found.splits.items()
        },
    }
