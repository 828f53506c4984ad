"""Which policies to combine with the staff hours there are: a Pareto search that does not take luck for merit.

NSGA-II (Deb et al. 2002), through pymoo, looks for portfolios that lower loneliness most, with the least burden and
the fewest staff hours, among those within a budget of hours that do not raise burden. Every portfolio is compared with
the base under the same seeds. The front it ends with has been chosen for what it showed in those very runs and
therefore looks too good (the winner's curse): it is run again under seeds the search has not seen, all that is reported
comes from those, and the difference is reported as optimism.
"""

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from experiments.analysis.checkpoint import Signature
from experiments.analysis.paired import Array, interval_of
from experiments.analysis.portfolio_cache import Cache

if TYPE_CHECKING:
    import pandas as pd

Portfolio = tuple[float, ...]
"""The intensity of each lever, in their order; 0 is without it."""

OUTCOMES: Final = ("loneliness", "burden", "hours", "money")
"""What is kept of a portfolio: change of loneliness (20-80) and of burden (0-100) against the base; hours of staff and
yuan a week."""
_FAILED: Final = 1e6
_CROSSOVER: Final = 0.9
_SPREAD: Final = 3.0


@dataclass(frozen=True, slots=True)
class Lever:
    """A policy that a portfolio may hold, and how finely its intensity can be set.

    Parameters
    ----------
    policy : str
    steps : int
        Steps between 0 and full intensity: 1 is without or with it, 4 is quarters, 100 is as good as continuous.
    options : mapping of str to anything
        Its other options, where they are not the defaults.
    """

    policy: str
    steps: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)

    def intensity(self, step: int) -> float:
        """Give the intensity at a step."""
        return step / self.steps


@dataclass(frozen=True)
class Samples:
    """A portfolio against the base, a value a pair of runs; NaN where a run failed.

    Parameters
    ----------
    loneliness, burden : (pairs,) float array
        Portfolio minus base.
    hours, money : (pairs,) float array
        A week, portfolio minus base; hours that were wanted and not to be had are among them.
    """

    loneliness: Array
    burden: Array
    hours: Array
    money: Array


class Evaluate(Protocol):
    """Runs portfolios."""

    signature: Signature
    """What the results depend on beside levers, portfolio and replicate: another signature, other results."""

    def __call__(self, portfolios: Sequence[Portfolio], replicates: range) -> Iterable[Samples]:
        """Give each portfolio's pairs of these replicates, in order; a replicate number always means the same seed."""
        ...


@dataclass(frozen=True)
class Front:
    """What came out of a search.

    Parameters
    ----------
    solutions : DataFrame
        A row a portfolio of the front of all that were run, by the fresh runs, most relief of loneliness first: a
        column a lever (intensity), of each of `OUTCOMES` the mean over fresh pairs, and `_low` and `_high` of it (95 %,
        each interval for itself);
        `pairs`; `searched_loneliness` and so on (what the search saw); `efficient` (not dominated by another row);
        `burden_verdict`: "does not rise", "rises" or "not clear"; `within_budget` (fresh hours); `kept`: efficient,
        within the budget, and burden does not rise; `name`: A, B ... of those kept, as in figures.
    optimism : DataFrame
        A row an outcome: `outcome`, `mean` (fresh minus searched, over the front: above 0 the search promised too
        much), `low`, `high` (95 % over portfolios), `portfolios`.
    history : DataFrame
        A row a generation: `generation`, `evaluated` (portfolios so far), `feasible` (of the population: within the
        budget, burden not raised), `best_loneliness` (of those).
    levers : tuple of Lever
    budget : float
        Hours a week.
    evaluated, failed : int
        Portfolios that were run in the search; those of which no pair of runs succeeded.
    """

    solutions: "pd.DataFrame"
    optimism: "pd.DataFrame"
    history: "pd.DataFrame"
    levers: tuple[Lever, ...]
    budget: float
    evaluated: int
    failed: int

    def kept(self) -> "pd.DataFrame":
        """Give the efficient portfolios within the budget whose burden does not rise (interval not above 0)."""
        return self.solutions[self.solutions["kept"]].reset_index(drop=True)

    def words(self) -> list[str]:
        """Say what is best, what it costs, and how much the search had flattered it."""
        said = []
        kept = self.kept()
        if kept.empty:
            said.append(
                f"No portfolio within {self.budget:g} hours a week surely leaves burden where it is; "
                f"{(self.solutions['burden_verdict'] == 'not clear').sum()} of {len(self.solutions)} are not clear."
            )
        else:
            best = kept.iloc[0]
            names = [lever.policy for lever in self.levers if best[lever.policy] > 0.0]
            shown = ", ".join(f"{name} at {best[name]:.0%}" for name in names) or "no policy at all"
            said.append(
                f"Of {len(kept)} portfolios kept, loneliness changes most, by {best['loneliness']:+.2f} points "
                f"({best['loneliness_low']:+.2f} to {best['loneliness_high']:+.2f}) at {best['hours']:.1f} hours a "
                f"week: {shown}; burden {best['burden']:+.2f} ({best['burden_low']:+.2f} to "
                f"{best['burden_high']:+.2f})."
            )
        row = self.optimism.set_index("outcome").loc["loneliness"]
        said.append(
            f"Under fresh seeds loneliness is {row['mean']:+.2f} points from what the search saw "
            f"({row['low']:+.2f} to {row['high']:+.2f}); only the fresh runs count here."
        )
        return said


def search(
    evaluate: Evaluate,
    levers: Sequence[Lever],
    budget: float,
    *,
    replicates: int = 20,
    fresh: int = 100,
    population: int = 24,
    generations: int = 20,
    seed: int = 0,
    checkpoint: Path | None = None,
    least_hours: Callable[[Portfolio], float] | None = None,
    tell: Callable[[int, int], None] = lambda generation, evaluated: None,
) -> Front:
    """Search for portfolios and judge those found by fresh runs.

    Parameters
    ----------
    evaluate : Evaluate
    levers : sequence of Lever
    budget : float
        Hours of staff a week, over all centres.
    replicates, fresh : int
        Pairs of runs a portfolio in the search, and fresh ones of each portfolio found.
    population, generations : int
    seed : int
        Of the search; the seeds of runs are the evaluator's.
    checkpoint : Path, optional
        JSON file with every portfolio run so far, written after each generation, every ten seconds and when it is
        stopped. A search that finds it takes from it what was run already and thus goes on where it was stopped, to the
        same result. That of another model, scenario (or a file it names), seed or other levers is refused.
    least_hours : callable, optional
        Hours a week a portfolio takes at the very least; those beyond the budget by that are not run.
    tell : callable
        Told generation and portfolios run so far, and at last, as generation -1, how many are run under fresh seeds.

    Raises
    ------
    ValueError
        When the numbers are not allowed, or the checkpoint is of another search.
    """
    _check(levers, budget, replicates, fresh, population)
    said = [[lever.policy, lever.steps, dict(lever.options)] for lever in levers]
    cache = Cache({**evaluate.signature, "levers": said}, checkpoint)
    values = _Values(evaluate, cache, range(replicates), budget, least_hours)
    chosen, history = _searched(values, levers, population, generations, seed, tell)
    evaluated, failed = len(values.known), sum(np.isnan(means[0]) for means in values.known.values())
    tell(-1, len(chosen))
    again = values.samples(chosen, range(replicates, replicates + fresh))
    rows = [_row(levers, one, values.known[one], samples) for one, samples in zip(chosen, again, strict=True)]
    return Front(
        solutions=_judged(rows, levers, budget),
        optimism=_optimism(rows),
        history=history,
        levers=tuple(levers),
        budget=budget,
        evaluated=evaluated,
        failed=int(failed),
    )


def _check(levers: Sequence[Lever], budget: float, replicates: int, fresh: int, population: int) -> None:
    names = [lever.policy for lever in levers]
    if not names or len(set(names)) < len(names):
        raise ValueError(f"found the levers {', '.join(names) or 'none'}; allowed are one or more, each once")
    for lever in levers:
        if lever.steps < 1:
            raise ValueError(f"{lever.policy}: found {lever.steps} steps, allowed is a whole number from 1")
    if not budget >= 0.0:
        raise ValueError(f"budget: found {budget} hours a week, allowed is 0 or more")
    for name, number, least in (("replicates", replicates, 2), ("fresh", fresh, 2), ("population", population, 4)):
        if number < least:
            raise ValueError(f"{name}: found {number}, allowed is a whole number from {least}")


@dataclass
class _Values:
    """What the search knows of portfolios: means over its replicates, each portfolio run once."""

    evaluate: Evaluate
    cache: Cache
    replicates: range
    budget: float
    least_hours: Callable[[Portfolio], float] | None
    known: dict[Portfolio, Array] = field(default_factory=dict)

    def means(self, portfolios: Sequence[Portfolio]) -> list[Array]:
        """Give loneliness, burden, hours and money of each; NaN where every run failed; only hours where not run."""
        beyond = {}
        if self.least_hours is not None:
            beyond = {one: hours for one in portfolios if (hours := self.least_hours(one)) > self.budget}
        new = [one for one in dict.fromkeys(portfolios) if one not in self.known and one not in beyond]
        for one, samples in zip(new, self.samples(new, self.replicates), strict=True):
            self.known[one] = np.array([_mean(getattr(samples, name)) for name in OUTCOMES])
        unknown = {one: np.array([0.0, 0.0, hours, 0.0]) for one, hours in beyond.items()}
        return [self.known[one] if one in self.known else unknown[one] for one in portfolios]

    def front(self, most: int) -> list[Portfolio]:
        """Give the portfolios, of all that were run and may be, that no other dominates; thinned evenly to the most."""
        may = [one for one, means in self.known.items() if means[1] <= 0.0 and means[2] <= self.budget]
        may.sort(key=lambda one: (self.known[one][0], one))
        if may:
            efficient = _efficient(np.array([self.known[one][:3] for one in may]))
            may = [one for one, good in zip(may, efficient, strict=True) if good]
        return [may[k] for k in np.unique(np.linspace(0, len(may) - 1, min(most, len(may))).astype(int))]

    def samples(self, portfolios: Sequence[Portfolio], replicates: range) -> list[Samples]:
        """Give the pairs of each portfolio, those of the checkpoint without running them again."""
        new = [one for one in portfolios if self.cache.get(one, replicates) is None]
        if new:
            try:
                for one, samples in zip(new, self.evaluate(new, replicates), strict=True):
                    self.cache.put(one, replicates, [getattr(samples, name) for name in OUTCOMES])
            finally:  # what is done is kept, whatever stops the rest
                self.cache.write()
        found = [self.cache.get(one, replicates) for one in portfolios]
        return [Samples(*columns) for columns in found if columns is not None]


def _mean(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _searched(
    values: _Values,
    levers: Sequence[Lever],
    population: int,
    generations: int,
    seed: int,
    tell: Callable[[int, int], None],
) -> tuple[list[Portfolio], "pd.DataFrame"]:
    """Run NSGA-II; give the portfolios of its front, and its history."""
    import pandas as pd
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem
    from pymoo.operators.crossover.sbx import SBX
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.repair.rounding import RoundingRepair

    steps = np.array([lever.steps for lever in levers])

    def portfolio(row: Any) -> Portfolio:
        return tuple(lever.intensity(int(step)) for lever, step in zip(levers, row, strict=True))

    problem = Problem(n_var=len(levers), n_obj=3, n_ieq_constr=2, xl=0, xu=steps, vtype=int)
    algorithm = NSGA2(
        pop_size=population,
        sampling=_first(steps, population, seed),
        crossover=SBX(prob=_CROSSOVER, eta=_SPREAD, vtype=float, repair=RoundingRepair()),
        mutation=PM(eta=_SPREAD, vtype=float, repair=RoundingRepair()),
        eliminate_duplicates=True,
    )
    algorithm.setup(problem, termination=("n_gen", generations), seed=seed, verbose=False)
    rows = []
    while algorithm.has_next():
        asked = algorithm.ask()
        if asked is None:  # there is no portfolio left that was not run
            break
        means = np.array(values.means([portfolio(row) for row in asked.get("X")]))
        failed = np.isnan(means).any(axis=1)
        F = np.where(failed[:, None], _FAILED, means[:, :3])
        asked.set("F", F)
        asked.set("G", np.column_stack([F[:, 2] - values.budget, F[:, 1]]))
        algorithm.tell(infills=asked)
        pop = algorithm.pop
        feasible = (pop.get("G") <= 0.0).all(axis=1)
        best = float(pop.get("F")[feasible, 0].min()) if feasible.any() else float("nan")
        rows.append((algorithm.n_gen - 1, len(values.known), int(feasible.sum()), best))
        tell(rows[-1][0], len(values.known))
    return values.front(2 * population), pd.DataFrame(
        rows, columns=["generation", "evaluated", "feasible", "best_loneliness"]
    )


def _first(steps: Any, population: int, seed: int) -> Any:
    """Give the first population: nothing, each lever alone in full, then portfolios at random, sparse to full."""
    alone = [np.where(np.arange(len(steps)) == k, steps, 0) for k in range(len(steps))]
    rows = [np.zeros(len(steps), int), *alone][:population]
    stream = np.random.Generator(np.random.Philox(seed))
    seen = {tuple(row) for row in rows}
    for _ in range(100 * population):
        if len(rows) == population:
            break
        row = np.where(stream.random(len(steps)) < stream.random(), stream.integers(1, steps + 1), 0)
        if tuple(row) not in seen:
            seen.add(tuple(row))
            rows.append(row)
    return np.array(rows)


def _efficient(F: Array) -> Any:
    """Tell which rows no other row dominates (as low in all columns and lower in one)."""
    as_low = (F[None, :, :] <= F[:, None, :]).all(axis=2)
    lower = (F[None, :, :] < F[:, None, :]).any(axis=2)
    return ~(as_low & lower).any(axis=1)


def _row(levers: Sequence[Lever], one: Portfolio, searched: Array, samples: Samples) -> dict[str, Any]:
    row: dict[str, Any] = {lever.policy: intensity for lever, intensity in zip(levers, one, strict=True)}
    for name, seen in zip(OUTCOMES, searched, strict=True):
        values = getattr(samples, name)
        known = values[np.isfinite(values)]
        low, high = interval_of(known)
        row |= {name: _mean(known), f"{name}_low": low, f"{name}_high": high, f"searched_{name}": float(seen)}
    return row | {"pairs": int(np.isfinite(samples.loneliness).sum())}


def _judged(rows: Sequence[dict[str, Any]], levers: Sequence[Lever], budget: float) -> "pd.DataFrame":
    import pandas as pd

    ends = [f"{name}{end}" for name in OUTCOMES for end in ("", "_low", "_high")]
    columns = [lever.policy for lever in levers] + ends + [f"searched_{name}" for name in OUTCOMES] + ["pairs"]
    frame = pd.DataFrame(rows, columns=columns)
    means = frame[["loneliness", "burden", "hours"]].to_numpy(float)
    low, high = frame["burden_low"].to_numpy(float), frame["burden_high"].to_numpy(float)
    # A portfolio of nothing differs from the base by exactly 0: its burden does not rise.
    frame["burden_verdict"] = np.select([high <= 0.0, low > 0.0], ["does not rise", "rises"], "not clear")
    frame["within_budget"] = frame["hours"] <= budget
    frame["efficient"] = _efficient(means) & np.isfinite(means).all(axis=1) if len(frame) else False
    frame["kept"] = frame["efficient"] & frame["within_budget"] & (frame["burden_verdict"] == "does not rise")
    frame = frame.sort_values(["loneliness", "hours"], kind="stable").reset_index(drop=True)
    names = iter(_named(int(frame["kept"].sum())))
    return frame.assign(name=[next(names) if is_kept else "" for is_kept in frame["kept"]])


def _named(count: int) -> list[str]:
    """Give names A, B ... Z, AA, AB ..."""
    letters = string.ascii_uppercase
    return [letters[k] if k < 26 else f"{letters[k // 26 - 1]}{letters[k % 26]}" for k in range(count)]


def _optimism(rows: Sequence[dict[str, Any]]) -> "pd.DataFrame":
    import pandas as pd

    found = []
    for name in OUTCOMES:
        gaps = np.array([row[name] - row[f"searched_{name}"] for row in rows])
        gaps = gaps[np.isfinite(gaps)]
        low, high = interval_of(gaps)
        found.append((name, _mean(gaps), low, high, len(gaps)))
    return pd.DataFrame(found, columns=["outcome", "mean", "low", "high", "portfolios"])


__all__ = ["OUTCOMES", "Evaluate", "Front", "Lever", "Portfolio", "Samples", "search"]
