"""How much of a rise in likeness of friends came from changed ties, and how much from changed states."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from experiments.statistics.intervals import NORMAL, jackknifed
from experiments.validation.selection import Group

_NOTHING: Final = (0.0, 0.0, 0.0)


class Shares(NamedTuple):
    """Contributions to the likeness of friends, each with its 95 % interval; NaN where nobody has friends.

    Parameters
    ----------
    ties, ties_low, ties_high : float
        By ties formed and lost, at the states of the first wave.
    states, states_low, states_high : float
        By changed states, on the ties of the first wave.
    lead, lead_low, lead_high : float
        The first less the second: above 0 selection was the stronger, below 0 influence.
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
    """Split the rise in likeness of friends between two waves into the parts of ties and of states.

    With d_ij = |x_i - x_j|, the likeness of a pair at a wave is l_ij = (m - d_ij) / s, m and s the mean and standard
    deviation of d over all pairs of the group at that wave: what draws the whole group together does not count. F and G
    are the pairs of friends at the first and second wave (at least one names the other), N those of either:

        ties   = (sum over G of l(first) - sum over F of l(first)) / N
        states = (sum over F of l(second) - sum over F of l(first)) / N

    Both are in standard deviations of |difference| per pair, so they compare. They are sums and not means over friends:
    where similar users keep becoming friends the mean stays the same, and selection would seem to have ended. Changes
    of states on ties that came or went after the first wave belong to neither part and are left out. Sums are pooled
    over groups; intervals are by the jackknife over groups, NaN for fewer than three.

    Retest noise makes both smaller and favours neither, as it is new at each wave.
    """
    sums = np.array([_sums(group) for group in groups]).reshape(len(groups), -1)
    values = _shares(sums.sum(axis=0))
    spans = jackknifed(sums, _shares)
    ends = [(v, v - NORMAL * e, v + NORMAL * e) for v, e in zip(values, spans, strict=True)]
    return Shares(*(number for one in ends for number in one))


def _sums(group: Group) -> tuple[float, float, float]:
    """Return what ties and what states added over all pairs of a group, and how many pairs ever were friends."""
    known = ~np.isnan(group.first) & ~np.isnan(group.second)
    if known.sum() < 2:
        return _NOTHING
    pairs = np.triu_indices(int(known.sum()), 1)
    first, second = (_likeness(np.asarray(states)[known], pairs) for states in (group.first, group.second))
    here = np.ix_(known, known)
    was, became = ((ties | ties.T)[pairs] for ties in (np.asarray(group.before)[here], np.asarray(group.after)[here]))
    by_ties = first[became].sum() - first[was].sum()
    return float(by_ties), float((second - first)[was].sum()), float((was | became).sum())


def _likeness(states: Any, pairs: Any) -> Any:
    """Return by how much less than the mean each pair differs; 0 where all pairs differ equally."""
    d = np.abs(states[:, None] - states[None, :])[pairs]
    spread = float(d.std())
    return (d.mean() - d) / spread if spread > 0.0 else np.zeros_like(d)


def _shares(sums: Any) -> tuple[float, ...]:
    by_ties, by_states, pairs = sums
    if pairs == 0.0:
        return (float("nan"),) * 3
    return float(by_ties / pairs), float(by_states / pairs), float((by_ties - by_states) / pairs)
