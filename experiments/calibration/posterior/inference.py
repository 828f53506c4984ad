"""Calibrate by approximate Bayesian computation (ABC): find all parameter sets that fit, with weights.

Sequential Monte Carlo (ABC-SMC; Toni et al. 2009, J. R. Soc. Interface 6, 187-202). Draw particles from uniform priors
over the plausible ranges, and keep those whose statistics lie within a tolerance of the targets. Then move the kept
particles by a normal kernel with twice their weighted covariance, weight them by prior over proposal density (Beaumont
et al. 2009, Biometrika 96, 983-990), and lower the tolerance to a quantile of the distances kept (Del Moral, Doucet &
Jasra 2012, Stat. Comput. 22, 1009-1020). This is our own code because pyABC's workers take new seeds from the operating
system, so that its posterior changes from call to call and with the number of workers.

All chance in an attempt comes from the seed, the generation and the number of the attempt. A generation keeps the first
attempts that fit, in order of their numbers, so executors and interruptions leave the posterior unchanged.

When a run fails, nobody knows whether its parameters fit. Failed runs are counted and kept; with too many of them the
search stops, because the posterior would narrow where the model breaks. Values that no scenario allows are counted
apart.

The distance is the root mean square, over targets, of a statistic's distance from the middle of its range, in half
widths. By default the tolerance stops where the statistics kept vary as much as if they were uniform over their ranges
(`experiments.calibration.posterior.schedule.as_ranges`): below that, the posterior would claim more than the ranges do.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from experiments.calibration.posterior.checkpoint import read_generations, signature_of, write_generations
from experiments.calibration.posterior.particles import Generation, Posterior, keyed, stream_of, values_at
from experiments.calibration.posterior.schedule import Schedule
from experiments.designs.factor import Factor
from experiments.runs.checkpoint import Signature
from experiments.runs.executors import Executor, InProcess, none_lost
from experiments.runs.failures import MOST_FAILED, FailedAttempt, FailedRunsError
from experiments.runs.runner import Failed
from experiments.statistics.intervals import Array
from experiments.statistics.numbers import clauses, commas, percent
from experiments.statistics.ranges import Range
from sim.language import say
from sim.scenario.text.errors import DayroomError, InputError

Simulate = Callable[[dict[str, float], int], Mapping[str, float] | Failed]
"""Function of parameter values (by path) and a seed that returns statistics; a missing one is NaN or absent.

It returns `Failed` for a failed run, which is no misfit, and `Failed` with `mistake` for values that no scenario
allows, which lie outside the prior.
"""


class FewDrawsError(DayroomError, RuntimeError):
    """Hardly any draw from the prior has all statistics, so no posterior can be computed."""


Item = tuple[dict[str, float], int]
"""An attempt: values by path, and a seed."""

_TRIES: Final = 10_000_000
_FIRST_GUESS: Final = 0.4
"""Share of attempts assumed to fit before a generation's first run."""
_BEYOND_CHANCE: Final = 2.0
"""A search ends in the middle of a generation when more than this many times the allowed share of runs failed."""
_MANY: Final = 24
_NAN: Final = float("nan")


def distance(statistics: Mapping[str, float], targets: Sequence[Range]) -> float:
    """Return the root mean square distance from the targets, in half widths; infinite if a statistic is missing."""
    total = sum(target.weight * target.off(statistics.get(target.key, _NAN)) ** 2 for target in targets)
    return math.sqrt(total / sum(target.weight for target in targets))


def infer(
    simulate: Simulate,
    factors: Sequence[Factor],
    targets: Sequence[Range],
    schedule: Schedule | None = None,
    *,
    seed: int = 0,
    workers: Executor | None = None,
    checkpoint: Path | None = None,
    signature: Signature | None = None,
    report: Callable[[int, float, int], None] = lambda generation, tolerance, attempts: None,
) -> Posterior:
    """Return the posterior of parameters under targets.

    Parameters
    ----------
    simulate : callable
        Function that runs the model; must be picklable if workers run in other processes.
    factors : sequence of Factor
        Parameters, with uniform priors over their ranges.
    workers : Executor, optional
        The executor that makes the runs; the posterior does not depend on it.
    checkpoint : Path, optional
        JSON file to write after each generation; if it exists, the search continues from it to the same posterior.
    signature : mapping, optional
        Everything else that the statistics depend on, by name, such as the model and the scenario. The search refuses a
        checkpoint with another signature.
    report : callable
        Receives, after each generation, its number, its tolerance and its attempts.

    Raises
    ------
    ValueError
        When there are no parameters or no targets, or a range is not valid.
    FailedRunsError
        When more than `MOST_FAILED` of a generation's runs failed; the checkpoint keeps the earlier generations.
    FewDrawsError
        When hardly any draw from the prior has all statistics.
    """
    _check(factors, targets)
    schedule = (schedule or Schedule()).of(len(targets))
    signed = signature_of(factors, targets, schedule, seed, signature or {})
    is_there = checkpoint is not None and checkpoint.exists()
    generations = read_generations(checkpoint, signed, len(factors), len(targets)) if checkpoint and is_there else []
    search = _Search(simulate, tuple(factors), tuple(targets), schedule, seed, workers or InProcess())
    lost: list[str] = []
    while not (stopped := _ended(generations, schedule)):
        following = search.generation(generations)
        if isinstance(following, _Lost):
            lost = following.words()
            least = percent(schedule.least_acceptance, 1)
            stopped = clauses([say("fewer than {least} of attempts fitted the next tolerance", least=least), *lost])
            break
        generations.append(following)
        report(len(generations) - 1, following.tolerance, following.attempts)
        if checkpoint is not None:
            write_generations(checkpoint, signed, generations)
    if not generations:
        problem = say(
            "of the draws from the prior fewer than {least} gave all of the statistics {statistics}",
            least=percent(schedule.least_acceptance, 1),
            statistics=commas(target.key for target in targets),
        )
        raise FewDrawsError(clauses([problem, *lost]))
    cut_short = len(generations) >= schedule.generations and not schedule.reached(generations[-1].tolerance)
    return Posterior(tuple(factors), tuple(targets), tuple(generations), stopped, cut_short)


def _check(factors: Sequence[Factor], targets: Sequence[Range]) -> None:
    if not factors or not targets:
        raise InputError(f"found {len(factors)} parameters and {len(targets)} targets, at least one of each is needed")
    for factor in factors:
        if not factor.low < factor.high:
            raise InputError(f"{factor.path}: found the range {factor.low} to {factor.high}, allowed is low below high")
        if factor.whole and not (float(factor.low).is_integer() and float(factor.high).is_integer()):
            bounds = f"found the range {factor.low} to {factor.high}, allowed are whole numbers"
            raise InputError(f"{factor.path}: {bounds}, as this parameter has whole values")
    for target in targets:
        if not target.low < target.high:
            raise InputError(f"{target.key}: found the range {target.low} to {target.high}, allowed is low below high")


def _ended(generations: Sequence[Generation], schedule: Schedule) -> str:
    """Return the reason why the search is over; empty when it continues."""
    if not generations:
        return ""
    last = generations[-1].tolerance
    if schedule.reached(last):
        return say("the least tolerance, {least:.3g} half widths, is reached", least=schedule.least_tolerance)
    if len(generations) >= schedule.generations:
        if schedule.generations == 1:
            return say("the only generation is done")
        return say("all {generations} generations are done", generations=schedule.generations)
    if _next_tolerance(generations[-1], schedule) >= last:
        return say("the tolerance falls no more")
    return ""


def _next_tolerance(last: Generation, schedule: Schedule) -> float:
    return max(float(np.quantile(last.distances, schedule.quantile)), schedule.least_tolerance or 0.0)


@dataclass(frozen=True)
class _Search:
    simulate: Simulate
    factors: tuple[Factor, ...]
    targets: tuple[Range, ...]
    schedule: Schedule
    seed: int
    workers: Executor

    def generation(self, earlier: Sequence[Generation]) -> "Generation | _Lost":
        """Return the next generation, or, when too few attempts fit, the attempts without statistics."""
        last = earlier[-1] if earlier else None
        tolerance = math.inf if last is None else _next_tolerance(last, self.schedule)
        kernel = None if last is None else _Kernel(last)
        kept: list[tuple[Array, float, list[float]]] = []
        lost, attempts = _Lost(len(earlier)), 0
        for number, shares, item, result in self._attempts(len(earlier), kernel, kept, lost):
            if isinstance(result, Failed):
                lost.add(number, item, result)
                continue
            far = distance(result, self.targets)
            lost.undefined += not math.isfinite(far)
            if math.isfinite(far) and far <= tolerance:
                kept.append((shares, far, [float(result[target.key]) for target in self.targets]))
                attempts = number + 1
                if len(kept) == self.schedule.particles:
                    break
        else:
            lost.refuse_many(number + 1)
            return lost
        lost.refuse_many(attempts)
        shares = np.array([particle[0] for particle in kept])
        weights = np.ones(len(kept)) if kernel is None else 1.0 / kernel.density(shares)
        return Generation(
            tolerance,
            shares,
            weights / weights.sum(),
            np.array([particle[1] for particle in kept]),
            np.array([particle[2] for particle in kept]),
            attempts,
            lost.inadmissible,
            tuple(lost.failures),
            lost.undefined,
        )

    def _attempts(
        self, generation: int, kernel: "_Kernel | None", kept: Sequence[object], lost: "_Lost"
    ) -> Iterator[tuple[int, Array, Item, Mapping[str, float] | Failed]]:
        """Yield number, shares, item and result of each attempt; run about as many at a time as are likely needed."""
        particles = self.schedule.particles
        most = math.ceil(particles / self.schedule.least_acceptance)
        task = partial(_simulated, self.simulate)
        done = 0
        while done < most:
            rate = (len(kept) + 1) / (done + 1) if done else (1.0 if kernel is None else _FIRST_GUESS)
            count = min(max(math.ceil((particles - len(kept)) / rate), 8), 4 * particles, most - done)
            numbers = range(done, done + count)
            points = [self._proposed(generation, number, kernel) for number in numbers]
            values = values_at(self.factors, np.array(points))
            names = [factor.path for factor in self.factors]
            items = [
                (dict(zip(names, row.tolist(), strict=True)), keyed(self.seed, "run", generation, number) % 2**48)
                for number, row in zip(numbers, values, strict=True)
            ]
            results = none_lost(self.workers.each(task, items))
            for number, point, item, result in zip(numbers, points, items, results, strict=True):
                yield number, point, item, result if isinstance(result, Mapping | Failed) else {}
            done += count
            lost.refuse_many(done, _BEYOND_CHANCE * MOST_FAILED)

    def _proposed(self, generation: int, number: int, kernel: "_Kernel | None") -> Array:
        stream = stream_of(self.seed, "proposal", generation, number)
        return stream.random(len(self.factors)) if kernel is None else kernel.draw(stream)


def _simulated(simulate: Simulate, item: Item) -> Mapping[str, float] | Failed:
    return simulate(*item)


@dataclass
class _Lost:
    """Attempts of a generation without statistics: the model failed, no scenario allows the values, or undefined."""

    generation: int
    inadmissible: int = 0
    undefined: int = 0
    failures: list[FailedAttempt] = field(default_factory=list)
    reason: str = ""

    def add(self, number: int, item: Item, failed: Failed) -> None:
        """Count an attempt as failed, or as inadmissible."""
        values, seed = item
        if failed.mistake:
            self.inadmissible += 1
            self.reason = self.reason or failed.error
        else:
            self.failures.append(FailedAttempt.of(number, seed, values, failed))

    def refuse_many(self, attempts: int, most: float = MOST_FAILED) -> None:
        """Raise `FailedRunsError` when more than the share `most` of the runs among these attempts failed."""
        runs = attempts - self.inadmissible
        if len(self.failures) > most * runs:
            raise FailedRunsError(
                say(
                    "{failed:,} of the first {runs:,} parameter sets run in generation {generation} failed, allowed "
                    "are {most}: without them the posterior would show where the model breaks, not what fits. The "
                    "first: {first}. What the checkpoint holds is kept",
                    failed=len(self.failures),
                    runs=runs,
                    generation=self.generation + 1,
                    most=percent(MOST_FAILED),
                    first=self.failures[0].words(),
                )
            )

    def words(self) -> list[str]:
        """Return clauses about the lost attempts; none when there are none."""
        lines = []
        if self.failures:
            failed, first = len(self.failures), self.failures[0].words()
            lines.append(say("{failed:,} failed, the first: {first}", failed=failed, first=first))
        if self.inadmissible:
            lines.append(
                say(
                    "{inadmissible:,} had values that no scenario allows, the first: {reason}",
                    inadmissible=self.inadmissible,
                    reason=self.reason,
                )
            )
        if self.undefined:
            lines.append(say("in {undefined:,} a statistic was undefined", undefined=self.undefined))
        return lines


def _wide(parameters: int) -> float:
    """Return the ratio of the covariance of moves to the covariance of particles."""
    return 2.0 * min(1.0, _MANY / parameters)


@dataclass
class _Kernel:
    """Moves particles of a generation by normal steps with twice their covariance, inside the prior.

    With more than `_MANY` parameters the steps are shorter, because some parameter would nearly always leave the prior.
    Correlations shrink by the ratio of parameters to effective particles. Any kernel is correct, since the weights
    contain its density, but a kernel estimated from few particles would give a handful of them all the weight.
    """

    last: Generation
    root: Array = field(init=False)
    summed: Array = field(init=False)

    def __post_init__(self) -> None:
        shares, weights = self.last.shares, self.last.weights
        centred = shares - weights @ shares
        covariance = (
            _wide(shares.shape[1]) * (centred * weights[:, None]).T @ centred / (1.0 - float((weights**2).sum()))
        )
        # Few particles say little about the correlations of many parameters.
        trust = 1.0 - min(1.0, shares.shape[1] / self.last.effective())
        covariance = trust * covariance + (1.0 - trust) * np.diag(np.diag(covariance))
        # A little variance on the diagonal separates particles that are equal in a parameter.
        self.root = np.linalg.cholesky(covariance + 1e-10 * np.eye(shares.shape[1]))
        self.summed = np.cumsum(weights)

    def draw(self, stream: np.random.Generator) -> Array:
        """Return a particle drawn by weight and moved; repeat until the moved particle lies in the prior."""
        tried, batch = 0, 16
        while tried < _TRIES:
            places = np.searchsorted(self.summed, stream.random(batch) * self.summed[-1])
            moves = stream.standard_normal((batch, self.root.shape[0])) @ self.root.T
            moved = self.last.shares[np.minimum(places, len(self.summed) - 1)] + moves
            inside = ((moved >= 0.0) & (moved <= 1.0)).all(axis=1)
            if inside.any():
                return np.asarray(moved[inside.argmax()])
            tried, batch = tried + batch, min(2 * batch, 16_384)  # many parameters need many tries
        raise RuntimeError(f"no particle could be moved inside the prior in {_TRIES:,} tries")

    def density(self, shares: Array) -> Array:
        """Return the density of `draw` at points inside the prior, up to a common factor."""
        whitened = np.linalg.solve(self.root, shares.T).T
        theirs = np.linalg.solve(self.root, self.last.shares.T).T
        squares = ((whitened[:, None, :] - theirs[None, :, :]) ** 2).sum(axis=2)
        return np.asarray(np.exp(-0.5 * squares) @ self.last.weights, dtype=np.float64)
