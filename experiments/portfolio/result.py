"""Search for portfolios of policies within a budget of staff hours and money, and return the result.

Both `dayroom portfolio` and notebooks call `portfolios`.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from experiments.measures.runs import measured
from experiments.plots.family import drawings
from experiments.plots.portfolio.figures import PORTFOLIO_FIGURES
from experiments.portfolio.front import Front
from experiments.portfolio.levers import Lever, Portfolio, PortfolioError, described, portfolio_in
from experiments.portfolio.runs import evaluator, with_portfolio
from experiments.portfolio.search import search
from experiments.portfolio.terminal import lines_of
from experiments.runs import executors
from experiments.runs.executors.counted import Counted
from experiments.runs.runner import Failed, attempted
from experiments.runs.size import about, tried
from experiments.runs.starts import share_after
from experiments.store.protocol import WIDTH, Drawing, Plotted
from sim.language import say
from sim.run import run
from sim.scenario.reading import ScenarioLike, scenario_of
from sim.scenario.schema.budget import Budget
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.policy import policies
from sim.scenario.schema.quantity import whole_seed
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

BEST: Final = "best-portfolio"
"""Name of the scenario of the best portfolio."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How many runs a search makes.

    Parameters
    ----------
    replicates, fresh : int
        Pairs of runs for each portfolio in the search, and fresh pairs for each portfolio found.
    population, generations : int
    """

    replicates: int = 20
    fresh: int = 100
    population: int = 24
    generations: int = 20

    def most_portfolios(self, chosen: Sequence[Lever]) -> int:
        """Return the most portfolios that the search may run, which is at most the number that exist."""
        return min(self.population * self.generations, math.prod(lever.variants for lever in chosen))

    def most_runs(self, chosen: Sequence[Lever]) -> int:
        """Return the most runs that the search may take, those of the base included."""
        searched = self.most_portfolios(chosen)
        return (1 + searched) * self.replicates + (1 + min(2 * self.population, searched)) * self.fresh


@dataclass(frozen=True)
class Portfolios(Plotted):
    """The result of a search over portfolios.

    Parameters
    ----------
    base : Scenario
        The scenario, without the levers' policies, to which portfolios were added and with which they were compared.
    front : Front
        The portfolios found, judged by fresh runs.
    seed : int
    effort : Effort

    Examples
    --------
    >>> from dayroom import Effort, InProcess, levers_of, load_scenario, portfolio
    >>> tiny = load_scenario("baseline").with_changes(days=7, settling=0)
    >>> policies = {name: {"policy": name, "start": 0} for name in ("respite", "buddy_scheme")}
    >>> levers = levers_of(tiny.with_changes(policies=policies), steps=1)  # each without or with
    >>> effort = Effort(replicates=2, fresh=2, population=4, generations=1)
    >>> found = portfolio(tiny, levers, 20.0, effort, workers=InProcess())  # within 20 staff hours a week
    >>> found.front.solutions[["respite", "buddy_scheme"]].values.tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    """

    base: Scenario
    front: Front
    seed: int
    effort: Effort

    def words(self) -> list[str]:
        """Return sentences on the best portfolio, what failed, and how far fresh runs differ from the search."""
        return self.front.words()

    def scenario(self, row: int = 0, name: str = BEST) -> Scenario | None:
        """Return the scenario of a kept portfolio, by row of `Front.kept`; None when there is no such row."""
        kept = self.front.kept()
        if row >= len(kept):
            return None
        portfolio = self._held(kept.iloc[row])
        title = say("{base} with {policies}", base=self.base.name, policies=described(self.front.levers, portfolio))[
            :200
        ]
        return with_portfolio(self.base, self.front.levers, portfolio).with_changes(name=name, title=title)

    def best(self) -> Scenario | None:
        """Return the scenario of the kept portfolio with most relief of loneliness; None if it has no policies."""
        kept = self.front.kept()
        return self.scenario() if len(kept) and self.front.holds(kept.iloc[0]) else None

    def failed_scenario(self, row: Mapping[str, object]) -> Scenario:
        """Return the scenario that repeats the run of a row of `failures`."""
        if row["run"] == "base":
            return self.base
        held = list(dict.fromkeys(self._held(failed) for failed in self.front.failures if failed["run"] != "base"))
        portfolio = self._held(row)
        name = f"failed-{held.index(portfolio) + 1}"
        return with_portfolio(self.base, self.front.levers, portfolio).with_changes(name=name)

    def _held(self, row: "Mapping[str, object] | pd.Series") -> Portfolio:
        return portfolio_in(self.front.levers, row)

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return the tables by the names of their files."""
        front = self.front
        return {"solutions": front.solutions, "optimism": front.optimism, "search_history": front.history}

    def summary(self) -> dict[str, object]:
        """Return a summary of the search for programs."""
        front = self.front
        levers = [
            {
                "policy": lever.policy,
                "steps": lever.steps,
                "options": json.loads(json.dumps(dict(lever.options))),
                "choices": {name: list(values) for name, values in lever.choices.items()},
            }
            for lever in front.levers
        ]
        return {
            "base": self.base.name,
            "budget_hours_a_week": front.budget.hours,
            "budget_money_a_week": front.budget.money,
            "base_takes": dict(zip(("hours_a_week", "money_a_week"), front.base_takes, strict=True)),
            "seed": self.seed,
            **asdict(self.effort),
            "levers": levers,
            "portfolios_run": front.evaluated,
            "portfolios_failed": front.failed,
            "portfolios_no_scenario_can_have": front.impossible,
            "pairs": front.pairs,
            "pairs_failed": front.failed_pairs,
            "runs_failed": len(front.failures),
            "interval": "95 % t interval over fresh pairs of runs, each for itself",
            "kept": front.kept().to_dict("records"),
            "optimism": front.optimism.to_dict("records"),
            "sentences": self.words(),
        }

    def sentences(self, *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom portfolio` prints."""
        return lines_of(self.front, self.base.name, self.effort.fresh, self.base.days, width, styled)

    def figures(self) -> dict[str, Drawing]:
        """Return the figures of a search, by name."""
        sources: dict[str, object] = {
            "solutions": self.front.solutions,
            "policies": [lever.policy for lever in self.front.levers],
            "budget": self.front.budget.hours,
            "base hours": self.front.base_takes[0],
            "history": self.front.history,
        }
        return drawings(PORTFOLIO_FIGURES, sources)

    def failures(self) -> list[dict[str, object]]:
        """Return a row for each failed run."""
        return list(self.front.failures)


def without_levers(base: Scenario, chosen: Sequence[Lever]) -> Scenario:
    """Return the base without the levers' policies, and check that each lever can be added to it.

    Raises
    ------
    PortfolioError
        When a lever cannot be added.
    """
    named = {lever.policy for lever in chosen}
    others = {name: use for name, use in base.policies.items() if use.policy not in named}
    bare = base.with_changes(policies=Replace(others))
    for lever in chosen:
        if lever.policy not in policies():
            raise PortfolioError(f"there is no policy {lever.policy!r}")
        try:
            for setting in lever.in_full():
                with_portfolio(bare, [lever], setting)
        except ScenarioError as error:
            raise PortfolioError(f"{base.name} cannot have {lever.policy} as it is set: {error.reasons}") from None
    return bare


def portfolios(
    base: ScenarioLike,
    chosen: Sequence[Lever],
    budget: Budget | float | None = None,
    effort: Effort | None = None,
    *,
    seed: int = 0,
    workers: executors.Executor | None = None,
    checkpoint: Path | str | None = None,
    report: Callable[[str], None] = lambda _: None,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Portfolios:
    """Search for the portfolios that lower loneliness most within a budget and do not raise burden.

    Parameters
    ----------
    base : Scenario, str or path
        The scenario to add policies to, as an object, a shipped name or a file; the search removes the levers' policies
        from it.
    chosen : sequence of Lever
    budget : Budget or float, optional
        Limits on all policies in all centres, those of the base included; a number is hours of staff a week. By default
        the budget of the base.
    effort : Effort, optional
    seed : int
        Seed of the search and of the runs.
    workers : Executor, optional
        How to make the runs; the result does not depend on it.
    checkpoint : Path or str, optional
        File that keeps each portfolio run; a search that finds the file continues from it, to the same result.
    report, step : callable
        `report` is called with each message, `step` after each run with the number of runs done and the most possible.

    Raises
    ------
    PortfolioError
        When a lever cannot be added to the base, or there is no budget.
    FailedRunsError
        When so many runs failed that no portfolio can be judged.
    CheckpointError
        When the checkpoint belongs to another search, or was changed since it was written.
    """
    base, seed, effort = scenario_of(base), whole_seed(seed), effort or Effort()
    limits = Budget(hours=budget) if isinstance(budget, int | float) else budget or base.budget
    if limits is None:
        raise PortfolioError(f"{base.name} has no budget; give one, such as 12 h/week or 4000 CNY/month")
    bare = without_levers(base.with_changes(budget=limits), chosen)
    workers = workers or executors.executor()
    total, numbers = effort.most_runs(chosen), count(1)
    evaluate = evaluator(bare, chosen, Counted(workers, lambda: step(next(numbers), total)), seed)
    executors.warm_up()
    report(_estimate(bare, chosen, effort, workers))

    def generation(number: int, evaluated: int) -> None:
        report(_generation(effort, number, evaluated))

    front = search(
        evaluate,
        chosen,
        limits,
        replicates=effort.replicates,
        fresh=effort.fresh,
        population=effort.population,
        generations=effort.generations,
        seed=seed,
        checkpoint=None if checkpoint is None else Path(checkpoint),
        least=evaluate.least,
        report=generation,
    )
    return Portfolios(bare, front, seed, effort)


def _generation(effort: Effort, number: int, evaluated: int) -> str:
    """Return what the search does now; a negative number means the runs under fresh seeds after the last generation."""
    if number < 0:
        return say(
            "the {evaluated} portfolios found run again under {fresh} fresh seeds",
            evaluated=evaluated,
            fresh=effort.fresh,
        )
    return say(
        "generation {number} of {generations}: {evaluated} portfolios run",
        number=number,
        generations=effort.generations,
        evaluated=evaluated,
    )


def _estimate(base: Scenario, chosen: Sequence[Lever], effort: Effort, workers: executors.Executor) -> str:
    """Return the message of how long the search takes at most, from the time of a second run with all levers.

    A run that failed tells no time, so the message then has none.
    """
    fullest = base
    with suppress(ScenarioError):  # all levers may not be allowed at once
        fullest = with_portfolio(base, chosen, tuple(n for lever in chosen for n in next(lever.in_full())))
    result, seconds = tried(
        lambda: attempted(lambda: measured(run(fullest, 0))), effort.most_runs(chosen) * share_after(base), workers
    )
    values = {
        "runs": effort.most_runs(chosen),
        "portfolios": effort.most_portfolios(chosen),
        "seeds": effort.replicates,
        "fresh": effort.fresh,
    }
    if isinstance(result, Failed):
        return say(
            "at most {runs:,} runs: {portfolios:,} portfolios under {seeds} seeds, then those found under {fresh} "
            "fresh ones",
            **values,
        )
    return say(
        "at most {runs:,} runs, {time}: {portfolios:,} portfolios under {seeds} seeds, then those found under {fresh} "
        "fresh ones",
        **values,
        time=about(seconds),
    )


__all__ = ["BEST", "Effort", "Portfolios", "portfolios", "without_levers"]
