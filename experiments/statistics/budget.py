"""Whether scenarios fit the base's budget: what their policies take, how much that is over, and in how many runs."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from experiments.statistics.numbers import beside, clauses
from sim.language import say
from sim.scenario.schema.budget import Budget
from sim.scenario.text.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd

LIMITS: Final = {"hours": ("h/week", 1.0), "money": ("CNY/month", DAYS_PER_MONTH / 7.0)}
"""Unit of each limit in tables and sentences, and the factor from an amount a week to that unit."""
ROUNDING: Final = 1e-9
"""Share of a limit by which an amount may exceed it, as sums of the same numbers in another order differ."""


@dataclass(frozen=True, slots=True)
class Use:
    """What all policies of a scenario take of a limit of the budget, in all centres together.

    Parameters
    ----------
    scenario : str
    limit, unit : str
        "hours" in "h/week" (hours that policies ask for, also those not available) or "money" in "CNY/month" (staff
        hours not included).
    budget : float
    mean : float
        Mean over the run, and over runs.
    fits : bool
        Whether the mean is within the budget.
    over : float
        Mean minus budget; negative when something is left.
    share_over : float
        Share of runs whose own mean is beyond the budget.
    busiest : float
        Mean over runs of the four weeks in a row that take most.
    runs : int
    """

    scenario: str
    limit: str
    unit: str
    budget: float
    mean: float
    fits: bool
    over: float
    share_over: float
    busiest: float
    runs: int

    def words(self) -> str:
        """Return a clause, such as "8.2 of 10 h of staff a week"."""
        mean, most = self._amount(self.mean), self._amount(self.budget)
        if self.limit == "hours":
            text = say("{mean} of {budget} h of staff a week", mean=mean, budget=most)
        else:
            text = say("{mean} of {budget} CNY a month", mean=mean, budget=most)
        if not self.fits:
            text = say("{use}, {over} too many", use=text, over=self._amount(self.over))
        if 0.0 < self.share_over < 1.0:
            text = say("{use}, over in {share:.0%} of {runs} runs", use=text, share=self.share_over, runs=self.runs)
        if self.fits and self.busiest > self.budget * (1.0 + ROUNDING):
            text = say("{use}, but {busiest} in the busiest four weeks", use=text, busiest=self._amount(self.busiest))
        return text

    def _amount(self, value: float) -> str:
        """Write an amount; with more decimals where a mean beyond the budget would otherwise look like it."""
        if self.limit == "hours":
            return f"{value:.2g}" if 0.0 < abs(value) < 0.1 else f"{value:,.1f}".removesuffix(".0")
        return f"{value:.2g}" if 0.0 < abs(value) < 1.0 else f"{value:,.0f}"


def uses(values: "pd.DataFrame", budget: Budget | None) -> list[Use]:
    """Return what each scenario takes of each limit.

    Parameters
    ----------
    values : DataFrame
        Columns `scenario`, `hours_a_week`, `hours_busiest`, `money_a_week` and `money_busiest`, a row for each run.
    budget : Budget or None
    """
    limits = {} if budget is None else {name: getattr(budget, name) for name in LIMITS}
    return [
        _use(str(scenario), limit, factor, unit, values[values["scenario"] == scenario], float(most))
        for scenario in values["scenario"].unique()
        for limit, (unit, factor) in LIMITS.items()
        if (most := limits.get(limit)) is not None
    ]


def _use(scenario: str, limit: str, factor: float, unit: str, runs: "pd.DataFrame", most: float) -> Use:
    taken = runs[f"{limit}_a_week"].to_numpy(float)
    mean, busiest = float(taken.mean()), float(runs[f"{limit}_busiest"].mean())
    at_most = most * (1.0 + ROUNDING)
    over, share = factor * (mean - most), float((taken > at_most).mean())
    return Use(
        scenario, limit, unit, factor * most, factor * mean, mean <= at_most, over, share, factor * busiest, len(taken)
    )


def words(rows: Sequence[Use]) -> str:
    """Return a sentence on how a scenario fits the budget; empty without a limit."""
    fitting, beyond = (clauses([row.words() for row in rows if row.fits == fits]) for fits in (True, False))
    if not beyond:
        return say("Fits the budget: {uses}.", uses=fitting) if fitting else ""
    over = say("Does not fit the budget: {uses}.", uses=beyond)
    return beside(over, say("Within the budget: {uses}.", uses=fitting)) if fitting else over


def table(rows: Sequence[Use]) -> "pd.DataFrame":
    """Return a table with one row for each scenario and limit."""
    import pandas as pd

    return pd.DataFrame(rows, columns=[field.name for field in fields(Use)])
