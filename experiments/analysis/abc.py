"""Calibration by approximate Bayesian computation: not one best set of parameters but all that fit, weighted.

Sequential Monte Carlo (ABC-SMC; Toni et al. 2009, J. R. Soc. Interface 6, 187-202). Particles drawn from uniform
priors over the plausible ranges are kept when the model's statistics lie within a tolerance of the targets; the kept
ones are moved by a normal kernel with twice their weighted covariance and weighted anew by prior over proposal density
(Beaumont et al. 2009, Biometrika 96, 983-990); the tolerance falls to a quantile of the distances kept (Del Moral,
Doucet & Jasra 2012, Stat. Comput. 22, 1009-1020). Our own, because pyABC's workers reseed themselves from the operating
system, so that its posterior changes from call to call and with the number of workers.

Everything random about an attempt comes from the seed, the generation and the number of the attempt, and the first
attempts that fit are kept, in the order of their numbers: the posterior is the same whoever does the runs, and whenever
it was stopped in between.

The distance is the root mean square over targets of how far a statistic lies from the middle of its range, in half
widths. By default the tolerance stops at 1/sqrt(3), the distance of statistics that lie uniformly over their ranges:
below it one would read more out of the ranges than they say.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from experiments.analysis.abc_particles import Generation, Posterior, keyed, stream_of, values_at
from experiments.analysis.calibration import Target
from experiments.analysis.checkpoint import CheckpointError, Signature, read_json_whole, refuse_other, write_json_whole
from experiments.analysis.paired import Array
from experiments.analysis.sensitivity_design import Factor
from experiments.executors import Executor, InProcess, none_lost

Simulate = Callable[[dict[str, float], int], Mapping[str, float]]
"""Gives the statistics at parameter values (by path), for a seed; NaN or absent where there is none."""

UNIFORM_OVER_RANGES: Final = 3.0**-0.5
_TRIES: Final = 10_000
_FIRST_GUESS: Final = 0.4
"""Share of attempts taken to fit while nothing is known of it."""
_NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the search proceeds.

    Parameters
    ----------
    particles : int
        Kept in each generation.
    generations : int
        At most; the first is the prior.
    quantile : float
        Of the distances kept, which is the next tolerance.
    least_tolerance : float
        At which to stop, in half widths of the targets.
    least_acceptance : float
        Share of attempts that fit, below which to stop.

    Raises
    ------
    ValueError
        When a number is not allowed.
    """

    particles: int = 200
    generations: int = 8
    quantile: float = 0.5
    least_tolerance: float = UNIFORM_OVER_RANGES
    least_acceptance: float = 0.02

    def __post_init__(self) -> None:
        allowed = {
            "particles": (self.particles >= 10, "10 or more"),
            "generations": (self.generations >= 1, "1 or more"),
            "quantile": (0.0 < self.quantile < 1.0, "between 0 and 1"),
            "least_tolerance": (self.least_tolerance > 0.0, "above 0"),
            "least_acceptance": (0.0 < self.least_acceptance <= 1.0, "above 0, up to 1"),
        }
        for name, (fits, said) in allowed.items():
            if not fits:
                raise ValueError(f"{name}: found {getattr(self, name)}, allowed is {said}")


def distance(statistics: Mapping[str, float], targets: Sequence[Target]) -> float:
    """Give the root mean square distance from the targets' middles, in half widths; infinite without a statistic."""
    total = 0.0
    for target in targets:
        value = statistics.get(target.key, _NAN)
        if not math.isfinite(value):
            return math.inf
        total += ((value - (target.low + target.high) / 2.0) / ((target.high - target.low) / 2.0)) ** 2
    return math.sqrt(total / len(targets))


def infer(
    simulate: Simulate,
    factors: Sequence[Factor],
    targets: Sequence[Target],
    schedule: Schedule | None = None,
    *,
    seed: int = 0,
    workers: Executor | None = None,
    checkpoint: Path | None = None,
    signature: Signature | None = None,
    tell: Callable[[int, float, int], None] = lambda generation, tolerance, attempts: None,
) -> Posterior:
    """Give the posterior of parameters under targets.

    Parameters
    ----------
    simulate : callable
        For workers in other processes it must be picklable.
    factors : sequence of Factor
        Uniform priors over their ranges.
    targets : sequence of Target
    schedule : Schedule, optional
    seed : int
    workers : Executor, optional
        Nothing in the posterior depends on it.
    checkpoint : Path, optional
        JSON file written whole after each generation; a search that finds it goes on from there, to the same posterior.
    signature : mapping, optional
        What the statistics depend on beside all this, by name, such as the model and the scenario: a checkpoint with
        another is refused.
    tell : callable
        Told each generation, its tolerance and its attempts.

    Raises
    ------
    ValueError
        When there is nothing to fit, or the checkpoint is of another search.
    RuntimeError
        When hardly any draw from the prior has all statistics.
    """
    schedule = schedule or Schedule()
    _check(factors, targets)
    signed = _signature(factors, targets, schedule, seed, signature or {})
    generations = _read(checkpoint, signed, len(factors), len(targets)) if checkpoint and checkpoint.exists() else []
    search = _Search(simulate, tuple(factors), tuple(targets), schedule, seed, workers or InProcess())
    while not (stopped := _ended(generations, schedule)):
        found = search.generation(generations)
        if found is None:
            stopped = f"fewer than {schedule.least_acceptance:.1%} of attempts fitted the next tolerance"
            break
        generations.append(found)
        tell(len(generations) - 1, found.tolerance, found.attempts)
        if checkpoint is not None:
            _write(checkpoint, signed, generations)
    if not generations:
        raise RuntimeError(
            f"of the draws from the prior fewer than {schedule.least_acceptance:.1%} gave all of the statistics "
            f"{', '.join(target.key for target in targets)}"
        )
    return Posterior(tuple(factors), tuple(targets), tuple(generations), stopped)


def _check(factors: Sequence[Factor], targets: Sequence[Target]) -> None:
    if not factors or not targets:
        raise ValueError(f"found {len(factors)} parameters and {len(targets)} targets, at least one of each is needed")
    for factor in factors:
        if not factor.low < factor.high:
            raise ValueError(f"{factor.path}: found the range {factor.low} to {factor.high}, allowed is low below high")
    for target in targets:
        if not target.low < target.high:
            raise ValueError(f"{target.key}: found the range {target.low} to {target.high}, allowed is low below high")


def _ended(generations: Sequence[Generation], schedule: Schedule) -> str:
    """Say why the search is over, empty when it is not."""
    if not generations:
        return ""
    last = generations[-1].tolerance
    if last <= schedule.least_tolerance:
        return f"the least tolerance, {schedule.least_tolerance:.3g} half widths, is reached"
    if len(generations) >= schedule.generations:
        return f"all {schedule.generations} generations are done"
    if _next_tolerance(generations[-1], schedule) >= last:
        return "the tolerance falls no more"
    return ""


def _next_tolerance(last: Generation, schedule: Schedule) -> float:
    return max(float(np.quantile(last.distances, schedule.quantile)), schedule.least_tolerance)


@dataclass(frozen=True)
class _Search:
    simulate: Simulate
    factors: tuple[Factor, ...]
    targets: tuple[Target, ...]
    schedule: Schedule
    seed: int
    workers: Executor

    def generation(self, earlier: Sequence[Generation]) -> Generation | None:
        """Give the next generation, or None when too few attempts fit."""
        last = earlier[-1] if earlier else None
        tolerance = math.inf if last is None else _next_tolerance(last, self.schedule)
        kernel = None if last is None else _Kernel(last)
        kept: list[tuple[Array, float, list[float]]] = []
        attempts = 0
        for number, shares, statistics in self._attempts(len(earlier), kernel, kept):
            far = distance(statistics, self.targets)
            if math.isfinite(far) and far <= tolerance:
                kept.append((shares, far, [float(statistics[target.key]) for target in self.targets]))
                attempts = number + 1
                if len(kept) == self.schedule.particles:
                    break
        else:
            return None
        shares = np.array([one[0] for one in kept])
        weights = np.ones(len(kept)) if kernel is None else 1.0 / kernel.density(shares)
        return Generation(
            tolerance,
            shares,
            weights / weights.sum(),
            np.array([one[1] for one in kept]),
            np.array([one[2] for one in kept]),
            attempts,
        )

    def _attempts(
        self, generation: int, kernel: "_Kernel | None", kept: Sequence[Any]
    ) -> Iterator[tuple[int, Array, Mapping[str, float]]]:
        """Give number, shares and statistics of attempts; as many are run at once as are likely to be needed."""
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
            for number, point, result in zip(numbers, points, results, strict=True):
                yield number, point, result if isinstance(result, Mapping) else {}
            done += count

    def _proposed(self, generation: int, number: int, kernel: "_Kernel | None") -> Array:
        stream = stream_of(self.seed, "proposal", generation, number)
        return stream.random(len(self.factors)) if kernel is None else kernel.draw(stream)


def _simulated(simulate: Simulate, item: tuple[dict[str, float], int]) -> Mapping[str, float]:
    return simulate(*item)


@dataclass
class _Kernel:
    """Moves particles of a generation: normal, with twice their covariance, inside the prior.

    The correlations are shrunk by the share of parameters to effective particles; any kernel is right, as the weights
    hold its own density, but one from too few particles leaves a handful of them with all the weight.
    """

    last: Generation
    root: Array = field(init=False)
    summed: Array = field(init=False)

    def __post_init__(self) -> None:
        shares, weights = self.last.shares, self.last.weights
        centred = shares - weights @ shares
        covariance = 2.0 * (centred * weights[:, None]).T @ centred / (1.0 - float((weights**2).sum()))
        # Few particles say little about how many parameters go together: their correlations are trusted accordingly.
        trust = 1.0 - min(1.0, shares.shape[1] / self.last.effective())
        covariance = trust * covariance + (1.0 - trust) * np.diag(np.diag(covariance))
        # A little on the diagonal keeps particles apart that have become alike in one parameter.
        self.root = np.linalg.cholesky(covariance + 1e-10 * np.eye(shares.shape[1]))
        self.summed = np.cumsum(weights)

    def draw(self, stream: np.random.Generator) -> Array:
        """Draw a particle and move it, both anew until it lies in the prior: the mixture, cut to the prior."""
        for _ in range(_TRIES):
            place = min(int(np.searchsorted(self.summed, stream.random() * self.summed[-1])), len(self.summed) - 1)
            moved = self.last.shares[place] + self.root @ stream.standard_normal(self.root.shape[0])
            if ((moved >= 0.0) & (moved <= 1.0)).all():
                return np.asarray(moved)
        raise RuntimeError(f"no particle could be moved inside the prior in {_TRIES:,} tries")

    def density(self, shares: Array) -> Array:
        """Give the density of `draw` at points inside the prior, up to one factor for all."""
        whitened = np.linalg.solve(self.root, shares.T).T
        theirs = np.linalg.solve(self.root, self.last.shares.T).T
        squares = ((whitened[:, None, :] - theirs[None, :, :]) ** 2).sum(axis=2)
        return np.asarray(np.exp(-0.5 * squares) @ self.last.weights, dtype=np.float64)


def _signature(
    factors: Sequence[Factor], targets: Sequence[Target], schedule: Schedule, seed: int, signature: Signature
) -> dict[str, Any]:
    """Give all that the generations depend on; how many there shall be is not part of it."""
    counted = {name: value for name, value in asdict(schedule).items() if name != "generations"}
    return {
        **signature,
        "parameters": [[factor.path, factor.low, factor.high, factor.whole] for factor in factors],
        "targets": [[target.key, target.low, target.high] for target in targets],
        "schedule": counted,
        "seed": seed,
    }


def _write(path: Path, signature: dict[str, Any], generations: Sequence[Generation]) -> None:
    rows = [
        {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in vars(one).items()}
        for one in generations
    ]
    rows[0]["tolerance"] = None  # infinite, which JSON cannot say
    write_json_whole(path, {"signature": signature, "generations": rows})


def _read(path: Path, signature: dict[str, Any], parameters: int, targets: int) -> list[Generation]:
    document = read_json_whole(path)
    refuse_other(path, document.get("signature"), signature, "calibration")
    try:
        return [
            Generation(
                math.inf if row["tolerance"] is None else float(row["tolerance"]),
                np.array(row["shares"], float).reshape(-1, parameters),
                np.array(row["weights"], float),
                np.array(row["distances"], float),
                np.array(row["statistics"], float).reshape(-1, targets),
                int(row["attempts"]),
            )
            for row in document["generations"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: it cannot be read as a checkpoint ({type(error).__name__})") from error


__all__ = ["Factor", "Generation", "Posterior", "Schedule", "Simulate", "Target", "distance", "infer"]
