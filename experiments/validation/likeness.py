"""Split the rise in friends' likeness into a part from changed ties and a part from changed states."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.statistics.intervals import Array, jackknifed, normal_interval
from experiments.validation.selection import Group

_NOTHING: Final = (0.0, 0.0, 0.0)


class Shares(NamedTuple):
    """Contributions to the likeness of friends, each with its 95 % interval; NaN when nobody has friends.

    Parameters
    ----------
    ties, ties_low, ties_high : float
        Contribution of ties formed and lost, with the states of the first wave.
    states, states_low, states_high : float
        Contribution of changed states, on the ties of the first wave.
    lead, lead_low, lead_high : float
        `ties` less `states`: above 0, selection was stronger; below 0, influence.
    """

    ties: float
    ties_low: float
    ties_high: float
    states: float
    states_low: float
    states_high: float
    lead: float
    lead_low: float
    lead_high: float


def shares(groups: Sequence[Group]) -> Shares:
    """Split the rise in friends' likeness between two waves into a part from ties and a part from states.

    With d_ij = |x_i - x_j|, the likeness of a pair at a wave is l_ij = (m - d_ij) / s, where m and s are the mean and
    standard deviation of d over all pairs of the group at that wave, so a move of the whole group does not count. F and
    G are the pairs of friends at the first and second wave (at least one names the other); N counts pairs in either:

        ties   = (sum over G of l(first) - sum over F of l(first)) / N
        states = (sum over F of l(second) - sum over F of l(first)) / N

    Both are in standard deviations of |difference| per pair, so they can be compared. They are sums, not means over
    friends: when similar users keep becoming friends, the mean stays the same, and selection would seem to have ended.
    State changes on ties that came or went after the first wave belong to neither part and are left out. Sums are
    pooled over groups; intervals come from the jackknife over groups, and are NaN for fewer than three groups.

    Retest noise makes both parts smaller and favours neither, since it is new at each wave.
    """
    sums = np.array([_sums(group) for group in groups]).reshape(len(groups), -1)
    values = _shares(sums.sum(axis=0))
    spans = jackknifed(sums, _shares)
    ends = [(v, *normal_interval(v, e)) for v, e in zip(values, spans, strict=True)]
    return Shares(*(number for triple in ends for number in triple))


def _sums(group: Group) -> tuple[float, float, float]:
    """Return the likeness that ties and that states added, summed over pairs, and the pairs who were ever friends."""
    known = ~np.isnan(group.first) & ~np.isnan(group.second)
    if known.sum() < 2:
        return _NOTHING
    pairs = np.triu_indices(int(known.sum()), 1)
    first, second = (_likeness(np.asarray(states)[known], pairs) for states in (group.first, group.second))
    here = np.ix_(known, known)
    was, became = ((ties | ties.T)[pairs] for ties in (np.asarray(group.before)[here], np.asarray(group.after)[here]))
    by_ties = first[became].sum() - first[was].sum()
    return float(by_ties), float((second - first)[was].sum()), float((was | became).sum())


def _likeness(states: Array, pairs: tuple[NDArray[np.intp], NDArray[np.intp]]) -> Array:
    """Return each pair's likeness: how much less than the mean it differs, in SD; 0 when all pairs differ equally."""
    d: Array = np.abs(states[:, None] - states[None, :])[pairs]
    spread = float(d.std())
    return (d.mean() - d) / spread if spread > 0.0 else np.zeros_like(d)


def _shares(sums: Array) -> tuple[float, ...]:
    by_ties, by_states, pairs = sums
    if pairs == 0.0:
        return (float("nan"),) * 3
    return float(by_ties / pairs), float(by_states / pairs), float((by_ties - by_states) / pairs)
