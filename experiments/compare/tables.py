"""The tables of a comparison, and its summary for programs."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from experiments.compare import cost
from experiments.compare.draw_sentences import lines
from experiments.compare.draws import Uncertain
from experiments.compare.figures import WILLINGNESS, plane_of
from experiments.compare.measurements import Compared
from experiments.statistics import budget
from experiments.statistics.windows import end_days

if TYPE_CHECKING:
    import pandas as pd


def tables(result: Compared) -> "dict[str, pd.DataFrame]":
    """Return the tables of a comparison by the names of their files."""
    import pandas as pd

    frames = {
        "contrasts": result.table(),
        "groups": result.group_table(),
        "runs": result.values,
        "daily": result.daily,
        "user_changes": result.changes,
        "policies": result.policies,
        "costs": cost.table(result.costs),
    }
    if uses := result.budget_uses():
        frames["budget"] = budget.table(uses)
    points = plane_of(result)
    if points is not None:
        frames["cost_quadrants"] = cost.quadrants(points)
        frames["acceptability"] = cost.acceptability(points, WILLINGNESS, result.base)
    if result.reached:
        frames["precision"] = pd.DataFrame(result.reached)
    if result.parts:
        frames["decomposition"] = pd.DataFrame(result.parts)
    if result.uncertain is not None:
        frames["draws"] = result.uncertain.draws
        frames["uncertain_runs"] = result.uncertain.values
        frames["chance_and_ignorance"] = pd.DataFrame(
            [{"outcome": name, **asdict(row)} for name, rows in result.uncertain.splits.items() for row in rows]
        )
        frames["flips"] = pd.concat(
            [table.flip_table().assign(outcome=name) for name, table in result.uncertain.rankings.items()],
            ignore_index=True,
        )
        frames["value_of_information"] = result.uncertain.worth.table()
        frames["expected_loss"] = result.uncertain.worth.losses
    return frames


def summary(result: Compared) -> dict[str, object]:
    """Return a summary of the comparison for programs: numbers and sentences."""
    return {
        "base": result.base,
        "others": result.others,
        "seed": result.seed,
        "pairs": result.replicates,
        "failed_runs": len(result.failed),
        "end_days": end_days(result.scenarios[result.base].days),
        "interval": "95 % interval of the paired difference; *_simultaneous hold together for the contrasts shown",
        "contrasts": [asdict(row) for row in result.contrasts],
        "groups": [asdict(row) for row in result.group_contrasts],
        "costs": [asdict(row) for row in result.costs],
        "budget": [asdict(row) for row in result.budget_uses()],
        "precision": [asdict(row) for row in result.reached],
        "decomposition": [asdict(part) for part in result.parts],
        "uncertain": None if result.uncertain is None else _uncertain(result.uncertain),
        "sentences": {name: result.words(name) for name in result.others},
    }


def _uncertain(result: Uncertain) -> dict[str, object]:
    return {
        "draws": len(result.draws),
        "dropped": result.dropped,
        "failed_runs": result.failed,
        "parameters": list(result.draws.columns),
        "sentences": [line.strip() for line in lines(result)],
        "value_of_information": result.worth.table().to_dict("records"),
        "outcomes": {
            name: {
                "effects": [asdict(row) for row in rows],
                "order_at_defaults": list(ranking.default_order),
                "share_of_draws_with_another_order": ranking.share_differs,
                "share_expected_by_chance": ranking.share_by_chance,
                "p_of_chance_alone": ranking.p,
                "flips": [asdict(row) for row in ranking.flips],
            }
            for (name, rows), ranking in zip(result.splits.items(), result.rankings.values(), strict=True)
        },
    }
