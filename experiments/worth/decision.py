"""A choice between scenarios over draws of unknown parameters: what each gains and costs in each draw and replicate."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.differences import by_scenario, order_of
from experiments.statistics.intervals import Array
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

ALONE: Final = float("inf")
"""Money that a unit of gain is worth when the gain alone decides; values are then in units of gain."""
_KEYS: Final = ["draw", "replicate"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the other scenarios gain and cost beyond the base.

    Parameters
    ----------
    options : tuple of str
        The scenarios to choose from, the base first.
    gains, costs : (draws, replicates, others) float arrays
        Scenario minus base, for each user and year; more gain is better. Each draw has seeds of its own.
    parameters : DataFrame
        A row for each of these draws, a column for each parameter, named by its path.
    dropped : int
        Draws left out because a run is missing.
    """

    options: tuple[str, ...]
    gains: Array
    costs: Array
    parameters: "pd.DataFrame"
    dropped: int

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.gains)

    @property
    def replicates(self) -> int:
        """Number of replicates in each draw."""
        return int(self.gains.shape[1])

    def both(self) -> Array:
        """Return gains and, after them, costs: shape (draws, replicates, 2 x others)."""
        return np.concatenate([self.gains, self.costs], axis=2)

    def means(self) -> Array:
        """Return the means of draws of `both`, shape (draws, 2 x others)."""
        return np.asarray(self.both().mean(axis=1))

    def without(self, draws: Array) -> "Decision":
        """Return the decision without some draws (bool array)."""
        kept = ~draws.astype(bool)
        return replace(self, gains=self.gains[kept], costs=self.costs[kept], parameters=self.parameters[kept])


def decision(values: "pd.DataFrame", parameters: "pd.DataFrame", base: str | None = None) -> Decision:
    """Return the choice that runs over draws describe.

    Parameters
    ----------
    values : DataFrame
        Columns `draw`, `replicate`, `scenario`, `gain` (more is better) and `cost`, both for a user and year; a row for
        each run.
    parameters : DataFrame
        A row for each draw, whose index is `draw`.
    base : str, optional
        By default the first scenario.

    Raises
    ------
    ValueError
        When a column or a second scenario is missing, a run appears twice, or a draw has no parameters.
    """
    names = order_of(values, base)
    gain, cost = (by_scenario(values, column, _KEYS)[names] for column in ("gain", "cost"))
    seeds = gain.index.get_level_values("replicate").unique()
    known = gain.notna().all(axis=1) & cost.notna().all(axis=1)
    counts = known.groupby(level="draw").sum()
    complete = counts.index[counts == len(seeds)]
    absent = complete.difference(parameters.index)
    if len(absent):
        raise InputError(f"no parameters of draw {', '.join(map(str, absent))}")
    sides = [_beyond(side, complete, len(seeds)) for side in (gain, cost)]
    return Decision(tuple(names), sides[0], sides[1], parameters.loc[complete], len(counts) - len(complete))


def _beyond(wide: "pd.DataFrame", draws: "pd.Index[int]", replicates: int) -> Array:
    """Return others minus base, shape (draws, replicates, others)."""
    kept = wide[wide.index.get_level_values("draw").isin(draws)].sort_index()
    numbers = kept.to_numpy(float).reshape(len(draws), replicates, wide.shape[1])
    return np.asarray(numbers[:, :, 1:] - numbers[:, :, :1])


def net_benefit(both: Array, willingness: Sequence[float]) -> Array:
    """Return net benefits of all options, the base (0) first, from gains and costs beyond the base.

    Parameters
    ----------
    both : (..., 2 x others) float array
        Gains, then costs.
    willingness : sequence of float
        Money that a unit of gain is worth; `ALONE` counts gains only.

    Returns
    -------
    (willingness, ..., 1 + others) float array
        In money, or in units of gain when the gain alone decides.
    """
    amounts = np.asarray(willingness, dtype=np.float64).reshape(-1, *(1 for _ in both.shape))
    others = both.shape[-1] // 2
    alone = np.isinf(amounts)
    benefit = np.where(alone, 1.0, amounts) * both[..., :others] - ~alone * both[..., others:]
    return np.concatenate([np.zeros((*benefit.shape[:-1], 1)), benefit], axis=-1)


def value_of_knowing(both: Array, at_first: Array, willingness: Sequence[float]) -> Array:
    """Return the gain of a choice after an answer over a choice before it, shape (willingness,).

    Parameters
    ----------
    both : (answers, 2 x others) float array
        Expected gains and costs after each answer.
    at_first : (2 x others,) float array
        Expected gains and costs before.
    willingness : sequence of float
    """
    after = net_benefit(both, willingness).max(axis=-1).mean(axis=-1)
    return np.asarray(after - net_benefit(at_first, willingness).max(axis=-1))


def losses(both: Array, willingness: Sequence[float]) -> Array:
    """Return expected losses: what the best option of each draw gains beyond an option, (willingness, options)."""
    benefit = net_benefit(both, willingness)
    return np.asarray((benefit.max(axis=-1, keepdims=True) - benefit).mean(axis=1))


def checked_willingness(willingness: Sequence[float]) -> tuple[float, ...]:
    """Return amounts of money a unit of gain may be worth.

    Raises
    ------
    ValueError
        When one is negative or not a number.
    """
    amounts = tuple(float(each) for each in willingness)
    if not all(each >= 0.0 for each in amounts):
        raise InputError(f"what a unit of gain is worth must be 0 or more; found: {', '.join(map(str, amounts))}")
    return amounts
