"""Value of information: what choosing after an answer gains over choosing now, with its Monte Carlo error.

EVPI is the value of knowing all parameters, EVPPI that of knowing a group, EVSI that of asking some users about it. The
error holds for draws and their seeds: a jackknife that leaves out a tenth of the draws in turn.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from experiments.statistics.intervals import Array, student
from experiments.statistics.verdict import ABOVE_CHANCE, FEW, PERHAPS_CHANCE, corrected
from experiments.worth.decision import Decision, net_benefit, value_of_knowing
from experiments.worth.denoised import chance_between, denoised
from experiments.worth.regression import Regression
from experiments.worth.surveys import after_asking

FEWEST: Final = 10
"""Fewest draws from which a value is given."""
PARTS: Final = 10
"""Parts of the draws that the jackknife leaves out in turn."""
SHUFFLES: Final = 399
"""Random orders of the draws for the test whether a group explains anything."""
LEVEL: Final = 0.05
_KEY: Final = 20_140_311
_ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an answer.

    Parameters
    ----------
    group : str
        What would be known; empty for all parameters.
    users : int
        Number of users asked; 0 when it would be known exactly.
    willingness : float
        Money that a unit of gain is worth; infinite when the gain alone decides.
    value : float
        For each user and year: in units of gain when the gain alone decides, else in money.
    error, low, high : float
        Monte Carlo standard error, and the 95 % interval cut off at 0.
    p : float
        Of a group: the share of random orders of the draws in which it is worth as much, corrected over groups (Holm).
        Of all parameters: the share of studies with a value as high whose draws differ by chance alone
        (`_p_of_perfect`).
    verdict : str
        `ABOVE_CHANCE`, `PERHAPS_CHANCE` or `FEW` of `experiments.statistics.verdict`. An estimate of 0 cannot be told
        from 0 either: shrinkage takes away what few draws do not show.
    """

    group: str
    users: int
    willingness: float
    value: float
    error: float
    low: float
    high: float
    p: float
    verdict: str


def perfect(choice: Decision, willingness: Sequence[float]) -> list[Value]:
    """Return the value of knowing all parameters, for each willingness; NaN with one replicate in a draw."""
    chance = chance_between(choice.both())

    def of(part: Decision) -> Array:
        means = part.means()
        if np.isnan(chance).any():
            return np.full(len(willingness), np.nan)
        return _values(denoised(means, chance / part.replicates), means, willingness)

    values, error = of(choice), _error(choice, of)
    p = _p_of_perfect(choice, willingness, values)
    return [
        _value("", 0, each, value, spread, by_chance, choice)
        for each, value, spread, by_chance in zip(willingness, values, error, p, strict=True)
    ]


def partial(
    choice: Decision,
    groups: Mapping[str, Sequence[str]],
    variances: Mapping[str, Array],
    willingness: Sequence[float],
    sizes: Sequence[int],
) -> list[Value]:
    """Return the values of knowing groups of parameters, and of asking users about them.

    Parameters
    ----------
    choice : Decision
    groups : mapping of str to sequence of str
        The parameters of each group.
    variances : mapping of str to (parameters,) float array
        For groups that users can be asked about: the variance of what a user's answers tell of each parameter.
    willingness : sequence of float
    sizes : sequence of int
        Numbers of users to ask.
    """
    numbers = {name: [0, *(sizes if name in variances else ())] for name in groups}
    values, errors, shuffled = {}, {}, []
    for name, columns in groups.items():
        whole = Regression.on(choice.parameters[list(columns)].to_numpy(float))
        study = _Study(tuple(columns), variances.get(name), numbers[name], tuple(willingness), whole, choice.draws)
        values[name] = study.values(choice).reshape(len(numbers[name]), len(willingness))
        errors[name] = _error(choice, study.values).reshape(values[name].shape)
        shuffled.append(_p(choice, study, values[name][0]))
    p = np.array([corrected(each) for each in np.array(shuffled).T]).T if groups else np.empty((0, 0))
    return [
        _value(name, users, each, values[name][i, j], errors[name][i, j], p[number, j], choice)
        for number, name in enumerate(groups)
        for i, users in enumerate(numbers[name])
        for j, each in enumerate(willingness)
    ]


def _values(after: Array, means: Array, willingness: Sequence[float]) -> Array:
    """Return values of knowing; what is above 0 by rounding alone is 0."""
    at_first = means.mean(axis=0)
    values = np.maximum(value_of_knowing(after, at_first, willingness), 0.0)
    values[values <= _ROUNDING * np.abs(net_benefit(at_first, willingness)).max(axis=-1)] = 0.0
    return values


@dataclass(frozen=True, slots=True)
class _Study:
    """What is asked about a group of parameters, with the regression on all draws."""

    columns: tuple[str, ...]
    of_one: Array | None
    numbers: Sequence[int]
    willingness: tuple[float, ...]
    whole: Regression
    draws: int

    def points(self, choice: Decision) -> Array:
        return choice.parameters[list(self.columns)].to_numpy(float)

    def values(self, choice: Decision) -> Array:
        """Return values for each number of users (0: known exactly) and willingness, one after the other."""
        points, means = self.points(choice), choice.means()
        regression = self.whole if choice.draws == self.draws else Regression.on(points)
        fit = regression.fit(means)
        rows = [_values(fit.at(points), means, self.willingness)]
        for users in self.numbers[1:]:
            if self.of_one is not None:
                there = after_asking(points, self.of_one, users)
                # A survey tells no more than the answer itself; where an estimate does, only its error makes it so.
                rows.append(np.minimum(_values(fit.at(there), means, self.willingness), rows[0]))
        return np.concatenate(rows)


def _error(choice: Decision, of: Callable[[Decision], Array]) -> Array:
    """Return standard errors by a jackknife over parts of the draws, which have seeds of their own."""
    if choice.draws < FEWEST:
        return np.full(len(of(choice)), np.nan)
    parts = min(PARTS, choice.draws)
    turn = np.arange(choice.draws) % parts
    variance = _spread([of(choice.without(turn == part)) for part in range(parts)])
    return np.asarray(np.sqrt(variance))


def _spread(without: Sequence[Array]) -> Array:
    values, n = np.array(without), len(without)
    return np.asarray((n - 1) / n * ((values - values.mean(axis=0)) ** 2).sum(axis=0))


def _p(choice: Decision, study: _Study, value: Array) -> Array:
    """Return, for each willingness, the share of random orders of the draws that give a group as high a value."""
    points, means = study.points(choice), choice.means()
    stream = np.random.Generator(np.random.Philox(_KEY))
    orders = np.array([stream.permutation(choice.draws) for _ in range(SHUFFLES)])
    shuffled = means[orders].transpose(1, 0, 2).reshape(choice.draws, -1)
    fits = study.whole.fit(shuffled).at(points).reshape(choice.draws, SHUFFLES, -1)
    at_first = means.mean(axis=0)
    values = []
    for each, here in zip(study.willingness, value, strict=True):
        by_chance = net_benefit(fits, [each])[0].max(axis=2).mean(axis=0) - net_benefit(at_first, [each]).max()
        values.append((1.0 + (by_chance >= here - 1e-12 * abs(here)).sum()) / (SHUFFLES + 1.0))
    return np.array(values)


def _p_of_perfect(choice: Decision, willingness: Sequence[float], values: Array) -> Array:
    """Return, for each willingness, the share of studies without ignorance in which all parameters are worth as much.

    In such a study all draws have the same mean, that of all runs, and differ by chance alone: by what the replicates
    of a draw differ by, resampled. Without a test a value above 0 says little, as it cannot be below.
    """
    if np.isnan(values).any() or choice.draws < FEWEST:
        return np.full(len(willingness), np.nan)
    both, replicates = choice.both(), choice.replicates
    centre = choice.means().mean(axis=0)
    apart = both - both.mean(axis=1, keepdims=True)
    pool = apart.reshape(-1, both.shape[2]) * (replicates / (replicates - 1.0)) ** 0.5
    stream = np.random.Generator(np.random.Philox(_KEY))
    reached = np.zeros(len(willingness))
    for _ in range(SHUFFLES):
        again = pool[stream.integers(len(pool), size=both.shape[:2])]
        again = centre + again - again.mean(axis=(0, 1))
        means = again.mean(axis=1)
        by_chance = _values(denoised(means, chance_between(again) / replicates), means, willingness)
        reached += by_chance >= values - _ROUNDING * np.abs(values)
    return np.asarray((1.0 + reached) / (SHUFFLES + 1.0))


def _value(group: str, users: int, willingness: float, value: float, error: float, p: float, choice: Decision) -> Value:
    few = choice.draws < FEWEST
    half = student(PARTS) * error
    low, high = max(value - half, 0.0), value + half
    verdict = FEW if few or np.isnan(value) else ABOVE_CHANCE if low > 0.0 and p <= LEVEL else PERHAPS_CHANCE
    return Value(group, users, willingness, float(value), float(error), float(low), float(high), float(p), verdict)
