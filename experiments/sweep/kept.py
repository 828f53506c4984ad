"""What the store keeps of a run: named numbers, policies, newcomers, and the days that a study asks for.

Any change to this code counts as another version of the model (`experiments.store.runs.versions`), so all runs are
made again.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from experiments.measures.newcomers import by_stay, newcomers_of
from experiments.measures.runs import GROUP_OUTCOMES, Measured, by_group, measured
from experiments.store.runs.tables import TOTALS, Kept, policies_text
from sim.outcomes.catalogue import OUTCOMES, Outcome
from sim.outcomes.measures import MEASURES
from sim.run import Run
from sim.state.columns import PRESENT

_names: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = {}


def kept(done: Run, daily: Sequence[str] = ()) -> Kept:
    """Return the part of a run that the store keeps.

    Parameters
    ----------
    done : Run
        The run, made by `sim.run.run` with `measures=True`.
    daily : sequence of str
        Outcomes to keep for every day.

    Raises
    ------
    KeyError
        When the run has no measures.
    """
    result = measured(replace(done, groups={}))  # a store has the same groups for all scenarios
    here = done.users[done.users["status"] == PRESENT]
    of_groups = {**result.groups, **by_group(here, by_stay(here, len(done.daily)))}
    groups = tuple(dict.fromkeys(group for group, _ in of_groups))
    listed = [
        *result.ends.values(),
        *(result.user_years, result.staff_hours, result.unserved, result.money, result.cost),
        *(done.measures[measure.name] for measure in MEASURES),
        *(of_groups[group, outcome][0] for group in groups for outcome in GROUP_OUTCOMES),
        *(of_groups[group, GROUP_OUTCOMES[0]][1] for group in groups),
    ]
    days = {name: by_day(done.daily, OUTCOMES[name]) for name in daily}
    numbers = np.array(listed, dtype=np.float64)
    return Kept(_named(result, groups), numbers, policies_text(result.policies), days, newcomers_of(done))


def _named(result: Measured, groups: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of a run's numbers. All runs share the same tuple, so a batch carries it only once."""
    key = (tuple(result.ends), groups)
    if key not in _names:
        whole = (measure.name for measure in MEASURES)
        of_groups = [f"{outcome}@{group}" for group in groups for outcome in GROUP_OUTCOMES]
        _names[key] = (*result.ends, *TOTALS, *whole, *of_groups, *(f"users@{group}" for group in groups))
    return _names[key]


def by_day(days: npt.NDArray[np.void], outcome: Outcome) -> npt.NDArray[np.float64]:
    """Return an outcome on each day: the mean over centres, weighted by users; for a count or cost, the sum."""
    values = days[outcome.name]
    if outcome.group in ("count", "cost"):
        return np.ascontiguousarray(values.sum(axis=1))
    finite = np.isfinite(values)
    weights = days["users"] * finite
    with np.errstate(invalid="ignore"):  # a day on which nobody is enrolled has no mean
        whole: npt.NDArray[np.float64] = np.where(finite, values, 0.0)
        return np.asarray((whole * weights).sum(axis=1) / weights.sum(axis=1))
