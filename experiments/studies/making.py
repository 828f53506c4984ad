"""One run of a study: built, run, measured, and what is kept of it; an error says where on this way it happened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydantic import ValidationError

from experiments.designs.points import Value
from experiments.measuring import GROUP_OUTCOMES, Measured, measured
from experiments.runner import Failed, attempted
from experiments.store.named_files import OtherFileError
from experiments.store.runs_tables import TOTALS, Broken, Kept, policies_text
from experiments.studies.study import Tree
from sim.outcomes.catalogue import OUTCOMES, Outcome
from sim.run import Run, run
from sim.scenario.nodes import KeyPath
from sim.scenario.schema import Scenario

Settings = tuple[tuple[KeyPath, Value], ...]
Item = tuple[str, Settings, int]
"""A run as it is handed to a worker: lever, what the point sets where, seed."""


@dataclass
class MakeRun:
    """Does a run and keeps what the store keeps of it; handed once to each worker, with the scenarios of all levers.

    Parameters
    ----------
    trees : dict of str to Tree
    daily : tuple of str
        Outcomes kept for every day.
    """

    trees: dict[str, Tree]
    daily: tuple[str, ...] = ()
    _built: tuple[tuple[str, Settings], Scenario] | None = field(default=None, init=False)

    def __call__(self, item: Item) -> Kept | Broken:
        """Do a run; an error is a result like any other, and says where it happened."""
        lever, settings, seed = item
        try:
            self.trees[lever].files.require()
        except OtherFileError as error:  # no fault of the run: the next sweep makes it again
            return Broken("worker", str(error), "the files of the worker, not the model")
        scenario = attempted(lambda: self._scenario(lever, settings))
        if isinstance(scenario, Broken):
            return scenario
        if isinstance(scenario, Failed):
            return broken("building", scenario)
        done = attempted(lambda: run(scenario, seed))
        if isinstance(done, Failed):
            return broken("building" if done.mistake else "running", done)
        found = attempted(lambda: kept(done, self.daily))
        return broken("measuring", found) if isinstance(found, Failed) else found

    def _scenario(self, lever: str, settings: Settings) -> Scenario | Broken:
        """Build the scenario of a point; replicates of one point come one after the other and share it."""
        if self._built is None or self._built[0] != (lever, settings):
            try:
                self._built = (lever, settings), self.trees[lever].built(settings)
            except ValidationError as error:
                reasons = "; ".join(one["msg"].removeprefix("Value error, ") for one in error.errors())
                return Broken("building", f"the values of this point do not go together: {reasons}")
        return self._built[1]


def broken(where: str, failed: Failed) -> Broken:
    """Say of a failure where on the way it happened."""
    return Broken(where, failed.error, failed.origin, failed.trace)


_names: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = {}


def kept(done: Run, daily: Sequence[str] = ()) -> Kept:
    """Keep of a run what the store keeps.

    Parameters
    ----------
    done : Run
    daily : sequence of str
        Outcomes kept for every day.
    """
    found = measured(done)
    groups = tuple(dict.fromkeys(group for group, _ in found.groups))
    numbers = [
        *found.ends.values(),
        *(found.user_years, found.staff_hours, found.unserved, found.money),
        *(found.groups[group, outcome][0] for group in groups for outcome in GROUP_OUTCOMES),
        *(found.groups[group, GROUP_OUTCOMES[0]][1] for group in groups),
    ]
    days = {name: by_day(done.daily, OUTCOMES[name]) for name in daily}
    return Kept(_named(found, groups), np.array(numbers, dtype=np.float64), policies_text(found.policies), days)


def _named(found: Measured, groups: tuple[str, ...]) -> tuple[str, ...]:
    """Name the numbers; one and the same tuple for all runs, so that a batch carries it between processes only once."""
    key = (tuple(found.ends), groups)
    if key not in _names:
        of_groups = [f"{outcome}@{group}" for group in groups for outcome in GROUP_OUTCOMES]
        _names[key] = (*found.ends, *TOTALS, *of_groups, *(f"users@{group}" for group in groups))
    return _names[key]


def by_day(days: Any, outcome: Outcome) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Give an outcome on each day, over centres by their users; counts and costs are added up."""
    values = days[outcome.name]
    if outcome.group in ("count", "cost"):
        return np.ascontiguousarray(values.sum(axis=1))
    finite = np.isfinite(values)
    weights = days["users"] * finite
    with np.errstate(invalid="ignore"):  # a day on which nobody is enrolled has no mean
        whole: np.ndarray[Any, np.dtype[np.float64]] = np.where(finite, values, 0.0)
        return (whole * weights).sum(axis=1) / weights.sum(axis=1)


def size_of(result: Kept) -> int:
    """Estimate the bytes a run takes in the store."""
    return 60 + result.numbers.nbytes + len(result.policies) + sum(60 + day.nbytes for day in result.daily.values())
