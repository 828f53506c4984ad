"""Search for portfolios of policies within a budget of staff hours and money, and judge them by fresh runs.

NSGA-II (Deb et al. 2002), through pymoo, looks for portfolios that lower loneliness most, with the least burden and the
fewest staff hours, among those within a budget of hours and money that do not raise burden. It compares each portfolio
with the base under the same seeds. The final front was chosen by its results in those runs, and therefore looks too
good (the winner's curse). The search therefore runs the front again under fresh seeds, reports only the results of the
fresh runs, and reports the difference between the two as optimism.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.portfolio.budget import excess, is_within
from experiments.portfolio.cache import Cache
from experiments.portfolio.front import (
    OUTCOMES,
    Front,
    Samples,
    judged,
    mean_of,
    optimism_of,
    row_of,
)
from experiments.portfolio.levers import Lever, Portfolio, columns_of
from experiments.runs.checkpoint import Signature
from experiments.runs.failures import FailedRun, FailedRunsError
from experiments.statistics.intervals import Array
from experiments.statistics.pareto import undominated
from sim.scenario.schema.budget import Budget
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Steps = NDArray[np.int_]
"""Numbers of levers in the search, `Lever.most` at most; rows of them are portfolios."""
_FAILED: Final = 1e6
_CROSSOVER: Final = 0.9
_SPREAD: Final = 3.0


class Evaluate(Protocol):
    """A callable that runs portfolios."""

    signature: Signature
    """What the results depend on apart from levers, portfolio and replicate."""

    def __call__(self, portfolios: Sequence[Portfolio], replicates: range) -> Iterable[Samples]:
        """Return the samples of each portfolio, in order, for these replicates; each replicate has a fixed seed."""
        ...


def search(
    evaluate: Evaluate,
    levers: Sequence[Lever],
    budget: Budget | float,
    *,
    replicates: int = 20,
    fresh: int = 100,
    population: int = 24,
    generations: int = 20,
    seed: int = 0,
    checkpoint: Path | None = None,
    least: Callable[[Portfolio], tuple[float, float]] | None = None,
    report: Callable[[int, int], None] = lambda generation, evaluated: None,
) -> Front:
    """Search for good portfolios; then run those found again under fresh seeds, and judge them by these runs alone.

    Parameters
    ----------
    evaluate : Evaluate
    levers : sequence of Lever
    budget : Budget or float
        Limits on all policies in all centres; a number is hours of staff a week.
    replicates, fresh : int
        Pairs of runs for each portfolio in the search, and fresh pairs for each portfolio found.
    population, generations : int
    seed : int
        Seed of the search; the evaluator sets the seeds of runs.
    checkpoint : Path, optional
        JSON file with all portfolios run so far, written after each generation, every ten seconds, and at a stop. A
        search that finds the file continues from it, to the same result, and repeats runs that had failed. It refuses a
        file that was changed, or made with another model, scenario (or file that the scenario names), seed or levers.
    least : callable, optional
        Returns the fewest hours and yuan a week that a portfolio can take; if they exceed the budget, it is not run.
    report : callable
        Called with the generation and the number of portfolios run so far; at last with -1 and the number of portfolios
        to run under fresh seeds.

    Raises
    ------
    ValueError
        When a number or the levers are not allowed, or the checkpoint belongs to another search.
    FailedRunsError
        When so many runs failed that no portfolio can be judged.
    """
    budget = _limits(budget)
    _check(levers, replicates, fresh, population, generations)
    named = [[lever.policy, lever.steps, dict(lever.options), _listed(lever)] for lever in levers]
    cache = Cache({**evaluate.signature, "levers": named}, checkpoint)
    values = _Values(evaluate, cache, range(replicates), budget, least)
    chosen, history = _searched(values, levers, population, generations, seed, report)
    values.require(list(values.known), range(replicates))
    base = values.means([(0.0,) * sum(len(lever.most) for lever in levers)])[0]
    report(-1, len(chosen))
    unseen = range(replicates, replicates + fresh)
    again = list(values.samples(chosen, unseen))
    values.require(chosen, unseen)
    searched = [values.known[portfolio] for portfolio in chosen]
    rows = [row_of(levers, *each) for each in zip(chosen, searched, again, strict=True)]
    return Front(
        solutions=judged(rows, levers, budget),
        optimism=optimism_of(searched, again),
        history=history,
        levers=tuple(levers),
        budget=budget,
        base_takes=(float(base[2]), float(base[3])),
        evaluated=len(values.known),
        failed=int(sum(np.isnan(means[0]) for means in values.known.values())) - len(values.impossible),
        impossible=len(values.impossible),
        pairs=values.counted[0],
        failed_pairs=values.counted[1],
        failures=tuple(values.rows(levers)),
    )


def _listed(lever: Lever) -> dict[str, list[object]]:
    return {name: list(values) for name, values in lever.choices.items()}


def _limits(budget: Budget | float) -> Budget:
    if isinstance(budget, Budget):
        return budget
    if not budget >= 0.0:
        raise InputError(f"budget: found {budget} hours a week, allowed is 0 or more")
    return Budget(hours=budget)


def _check(levers: Sequence[Lever], replicates: int, fresh: int, population: int, generations: int) -> None:
    names = [lever.policy for lever in levers]
    if not names or len(set(names)) < len(names):
        raise InputError(f"found the levers {', '.join(names) or 'none'}; allowed are one or more, each once")
    for lever in levers:
        if lever.steps < 1:
            raise InputError(f"{lever.policy}: found {lever.steps} steps, allowed is a whole number from 1")
    least_of = {"replicates": (replicates, 2), "fresh": (fresh, 2), "population": (population, 4)}
    for name, (number, least) in (least_of | {"generations": (generations, 1)}).items():
        if number < least:
            raise InputError(f"{name}: found {number}, allowed is a whole number from {least}")


@dataclass
class _Values:
    """Means over replicates of the portfolios that the search has run; runs each portfolio only once."""

    evaluate: Evaluate
    cache: Cache
    replicates: range
    budget: Budget
    least: Callable[[Portfolio], tuple[float, float]] | None
    known: dict[Portfolio, Array] = field(default_factory=dict)
    failures: dict[tuple[bool, Portfolio, int], FailedRun] = field(default_factory=dict)
    """Failed runs by (whether it is of a portfolio, not of the base; portfolio; replicate)."""
    impossible: dict[Portfolio, str] = field(default_factory=dict)
    counted: tuple[int, int] = (0, 0)
    """Number of pairs planned, and of pairs without a value."""

    def means(self, portfolios: Sequence[Portfolio]) -> list[Array]:
        """Return the means of each portfolio, in the order of `OUTCOMES`.

        NaN when all its runs failed. A portfolio that surely exceeds the budget is not run, and has only its costs.
        """
        beyond = {}
        if self.least is not None:
            sure = {portfolio: self.least(portfolio) for portfolio in dict.fromkeys(portfolios)}
            within = is_within(self.budget, *np.array(list(sure.values())).reshape(-1, 2).T)
            beyond = {one: takes for (one, takes), fits in zip(sure.items(), within, strict=True) if not fits}
        new = [
            portfolio
            for portfolio in dict.fromkeys(portfolios)
            if portfolio not in self.known and portfolio not in beyond
        ]
        for portfolio, samples in zip(new, self.samples(new, self.replicates), strict=True):
            self.known[portfolio] = np.array([mean_of(getattr(samples, name)) for name in OUTCOMES])
        unknown = {portfolio: np.array([0.0, 0.0, *takes]) for portfolio, takes in beyond.items()}
        return [self.known[portfolio] if portfolio in self.known else unknown[portfolio] for portfolio in portfolios]

    def front(self, most: int) -> list[Portfolio]:
        """Return the feasible portfolios that no other dominates; of more than `most`, an even selection."""
        may = [
            portfolio
            for portfolio, means in self.known.items()
            if means[1] <= 0.0 and is_within(self.budget, means[2:3], means[3:4])[0]
        ]
        may.sort(key=lambda portfolio: (self.known[portfolio][0], portfolio))
        if may:
            good = undominated(np.array([self.known[portfolio][:3] for portfolio in may]))
            may = [portfolio for portfolio, is_good in zip(may, good, strict=True) if is_good]
        return [may[k] for k in np.unique(np.linspace(0, len(may) - 1, min(most, len(may))).astype(int))]

    def samples(self, portfolios: Sequence[Portfolio], replicates: range) -> list[Samples]:
        """Return the samples of each portfolio; run only what the cache lacks, and repeat earlier failures."""
        new = [portfolio for portfolio in portfolios if self.cache.get(portfolio, replicates) is None]
        gaps = {
            number: [portfolio for portfolio in portfolios if self.cache.is_gap(portfolio, replicates, number)]
            for number in replicates
        }
        if new or any(gaps.values()):
            try:
                for portfolio, samples in self._run(new, replicates):
                    self.cache.put(portfolio, replicates, [getattr(samples, name) for name in OUTCOMES])
                for number, those in gaps.items():  # left by an earlier process, which may have run out of memory
                    for portfolio, samples in self._run(those, range(number, number + 1)):
                        self.cache.fill(portfolio, replicates, number, [getattr(samples, name)[0] for name in OUTCOMES])
            finally:  # keep finished portfolios, whatever stops the others
                self.cache.write()
        columns = [self.cache.get(portfolio, replicates) for portfolio in portfolios]
        bases = [failure for failure in self.failures.values() if failure.of_base and failure.replicate in replicates]
        return [Samples.of(outcomes, failures=tuple(bases)) for outcomes in columns if outcomes is not None]

    def _run(self, portfolios: Sequence[Portfolio], replicates: range) -> Iterator[tuple[Portfolio, Samples]]:
        """Run portfolios, yield their samples, and keep the failures."""
        if not portfolios:
            return
        for portfolio, samples in zip(portfolios, self.evaluate(portfolios, replicates), strict=True):
            if samples.impossible:
                self.impossible[portfolio] = samples.impossible
            for failure in samples.failures:  # a failed run of the base counts once for all portfolios
                of = (0.0,) * len(portfolio) if failure.of_base else portfolio
                self.failures[not failure.of_base, of, failure.replicate] = failure
            yield portfolio, samples

    def require(self, portfolios: Sequence[Portfolio], replicates: range) -> None:
        """Count the pairs, and refuse to judge when all of them failed.

        Raises
        ------
        FailedRunsError
            When no pair has a value; the message gives the first error.
        """
        columns = [
            self.cache.get(portfolio, replicates) for portfolio in portfolios if portfolio not in self.impossible
        ]
        pairs = len(columns) * len(replicates)
        missing = sum(int((~np.isfinite(outcomes[0])).sum()) for outcomes in columns if outcomes is not None)
        self.counted = (self.counted[0] + pairs, self.counted[1] + missing)
        if missing < pairs or not pairs:
            return
        first = self.failures[min(self.failures)] if self.failures else None
        why = f", the first with: {first.error}" if first else ""
        why += f" at {first.origin} (seed {first.seed})" if first and first.origin else ""
        raise FailedRunsError(
            f"no portfolio can be judged: all of {pairs:,} pairs of runs failed{why}. What the checkpoint holds is kept"
        )

    def rows(self, levers: Sequence[Lever]) -> list[dict[str, object]]:
        """Return the rows of the table of failures, sorted, those of the base first."""
        return [
            failure.row(columns_of(levers, portfolio))
            for (_, portfolio, _), failure in sorted(self.failures.items(), key=itemgetter(0))
        ]


def _searched(
    values: _Values,
    levers: Sequence[Lever],
    population: int,
    generations: int,
    seed: int,
    report: Callable[[int, int], None],
) -> tuple[list[Portfolio], "pd.DataFrame"]:
    """Run NSGA-II; return the portfolios of its front, and the history."""
    import pandas as pd
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem
    from pymoo.operators.crossover.sbx import SBX
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.repair.rounding import RoundingRepair

    most = np.array([number for lever in levers for number in lever.most])
    of_lever = np.array([k == 0 for lever in levers for k in range(len(lever.most))])

    def portfolio(row: Steps) -> Portfolio:
        parts = np.split(row, np.flatnonzero(of_lever)[1:])
        settings = (one.setting([int(k) for k in part]) for one, part in zip(levers, parts, strict=True))
        return tuple(number for setting in settings for number in setting)

    limits = sum(limit is not None for limit in (values.budget.hours, values.budget.money))
    problem = Problem(n_var=len(most), n_obj=3, n_ieq_constr=limits + 1, xl=0, xu=most, vtype=int)
    algorithm = NSGA2(
        pop_size=population,
        sampling=_first(most, of_lever, population, seed),
        crossover=SBX(prob=_CROSSOVER, eta=_SPREAD, vtype=float, repair=RoundingRepair()),
        mutation=PM(eta=_SPREAD, vtype=float, repair=RoundingRepair()),
        eliminate_duplicates=True,
    )
    algorithm.setup(problem, termination=("n_gen", generations), seed=seed, verbose=False)
    rows = []
    while algorithm.has_next():
        infills = algorithm.ask()
        if infills is None:  # every portfolio has been run
            break
        means = np.array(values.means([portfolio(row) for row in infills.get("X")]))
        failed = np.isnan(means).any(axis=1)
        means = np.where(failed[:, None], _FAILED, means)
        infills.set("F", means[:, :3])
        infills.set("G", np.column_stack([excess(values.budget, means[:, 2], means[:, 3]), means[:, 1]]))
        algorithm.tell(infills=infills)
        pop = algorithm.pop
        feasible = (pop.get("G") <= 0.0).all(axis=1)
        best = float(pop.get("F")[feasible, 0].min()) if feasible.any() else float("nan")
        rows.append((algorithm.n_gen - 1, len(values.known), int(feasible.sum()), best))
        report(rows[-1][0], len(values.known))
    return values.front(2 * population), pd.DataFrame(
        rows, columns=["generation", "evaluated", "feasible", "best_loneliness"]
    )


def _first(most: Steps, of_lever: NDArray[np.bool_], population: int, seed: int) -> Steps:
    """Return the first population: no lever, each lever alone in full, then random portfolios from sparse to full.

    `of_lever` marks the numbers that are intensities; the others are choices.
    """
    alone = [np.where(np.arange(len(most)) == k, most, 0) for k in np.flatnonzero(of_lever)]
    rows = [np.zeros(len(most), int), *alone][:population]
    stream = np.random.Generator(np.random.Philox(seed))
    seen = {tuple(row) for row in rows}
    for _ in range(100 * population):
        if len(rows) == population:
            break
        row = np.where(stream.random(len(most)) < stream.random(), stream.integers(1 * of_lever, most + 1), 0)
        if tuple(row) not in seen:
            seen.add(tuple(row))
            rows.append(row)
    return np.array(rows)


__all__ = ["Evaluate", "search"]
