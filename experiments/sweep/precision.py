"""How many replicates the precision of a study takes, by Stein's rule, and what falls short of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.numbers import beside, commas
from experiments.store.runs.store import RunStore
from experiments.studies.study import Study
from experiments.sweep.plan import Planned
from experiments.sweep.results import Numbers, rows_at
from sim.language import say

if TYPE_CHECKING:
    from experiments.statistics.precision import Rule

MOST_NAMED: Final = 3
"""Most scenarios without an interval that a message names."""
LEAST_VALUES: Final = 2
"""Fewest values for a variance."""


def values_of(study: Study, store: RunStore, runs: Sequence[Planned]) -> dict[tuple[str, str], Numbers]:
    """Return, for each scenario, its users and each outcome with a precision: a value for each replicate.

    A value is NaN where it is missing.
    """
    names = list(dict.fromkeys(["users", *(name for name, _ in study.precision)]))
    table = store.read("runs", names)
    values = {name: np.append(table[name].to_numpy(), np.nan) for name in names}
    by_scenario: dict[str, list[int]] = {}
    for run, row in zip(runs, rows_at([run.address for run in runs], table), strict=True):
        at = say("point {point} under {lever}", point=run.point, lever=run.lever) if study.factors else run.lever
        by_scenario.setdefault(at, []).append(row)
    return {(at, name): values[name][rows] for at, rows in by_scenario.items() for name in names}


def _rule(study: Study, outcome: str) -> "Rule":
    """Return the rule for how many replicates the precision of an outcome takes."""
    from experiments.statistics.precision import Rule, Target

    return Rule((Target(outcome, dict(study.precision)[outcome]),), study.replicates, study.most_replicates)


def needed(study: Study, values: dict[tuple[str, str], Numbers]) -> dict[tuple[str, str], int]:
    """Return the replicates that each scenario and outcome takes; leave out any with fewer than `LEAST_VALUES`."""
    rules = {name: _rule(study, name) for name, _ in study.precision}
    users = _users(values)
    known = {at: numbers for at, numbers in values.items() if np.isfinite(numbers).sum() >= LEAST_VALUES}
    return {at: rules[at[1]].needed({at: numbers}, users) for at, numbers in known.items() if at[1] in rules}


def _users(values: dict[tuple[str, str], Numbers]) -> dict[str, float]:
    """Return the mean number of users by scenario; leave out scenarios without runs."""
    return {
        at: float(np.nanmean(some))
        for (at, name), some in values.items()
        if name == "users" and np.isfinite(some).any()
    }


def unmet(study: Study, values: dict[tuple[str, str], Numbers]) -> tuple[str, ...]:
    """Return sentences about precision not reached: each outcome's worst scenario, and scenarios without interval."""
    sentences = []
    for name, _ in study.precision:
        rows = _rule(study, name).reached(
            {at: numbers for at, numbers in values.items() if at[1] == name}, _users(values)
        )
        none = [row.scenario for row in rows if np.isnan(row.half_width)]
        short = [row for row in rows if not row.met and not np.isnan(row.half_width)]
        if short:
            worst = max(short, key=lambda row: row.needed).words("replicate")
            others = len(short) - 1
            sentences.append(
                beside(worst, say("Nor is it reached at {others:,} of the others.", others=others)) if others else worst
            )
        if none:
            places = commas(none[:MOST_NAMED])
            if left := len(none) - min(len(none), MOST_NAMED):
                places = say("{named} and {number:,} more", named=places, number=left)
            sentences.append(
                say(
                    "{outcome}: no interval, and no replicates added, where fewer than two runs have a value: "
                    "{places}.",
                    outcome=name,
                    places=places,
                )
            )
    return tuple(sentences)
