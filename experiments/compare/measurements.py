"""What a comparison has measured: runs, contrasts, costs and draws, and the sentences on what a scenario changes."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from experiments.compare import cost, draw_sentences, sentences
from experiments.compare.concentration import more_among
from experiments.compare.contrasts import Contrast, GroupContrast, table
from experiments.compare.decomposition import Part
from experiments.compare.draws import Uncertain
from experiments.measures.runs import EVERYBODY, FIRST_SHOWN
from experiments.statistics import budget, precision
from sim.language import Language, language, term
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import UnknownNameError
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


@dataclass(frozen=True)
class Compared:
    """What a comparison of scenarios with a base has measured, and the contrasts computed from it.

    Parameters
    ----------
    base : str
    others : list of str
    scenarios : dict of str to Scenario
    seed : int
    replicates : int
        Pairs of runs made, failed runs included.
    values : DataFrame
        One row for each run: `scenario`, `replicate`, `seed`, every outcome (mean over the last `END_DAYS`), and
        `money_total`, `cost`, `staff_hours_total`, `unserved_total` and `user_years` over the whole run, and
        `cost_per_user_year`, `staff_hours_per_user_year`, `severe_time` and `lonely_level`
        (`experiments.measures.discounted.by_user_year`), and what a budget limits (`Measured.weekly`).
    groups : DataFrame
        In long form: `scenario`, `replicate`, `group`, `outcome`, `value`, `users`.
    daily : DataFrame
        The primary outcomes on each day: `scenario`, `replicate`, `centre` ("all"), `day`, `users`, outcomes; `date`
        where a scenario has `first_date`.
    changes : DataFrame
        Other minus base: one row for each user who is enrolled at the end of both runs of a pair.
    policies : DataFrame
        One row for each scenario, replicate and policy: what the policy wanted, got and cost per week while it acted.
    contrasts : list of Contrast
        One contrast for each other scenario and outcome.
    group_contrasts : list of GroupContrast
    costs : list of CostContrast
    reached : list of Reached
        The precision of each target, after a run with `until`.
    graphs : dict of str to DiGraph
        Networks at the end of replicate 0.
    failed : list of dict
        One row for each failed run.
    uncertain : Uncertain, optional
        The comparison over draws of unknown parameters, after a run with `uncertain`.
    parts : list of Part
        The parts of each effect, after a run with `decompose`.
    """

    base: str
    others: list[str]
    scenarios: dict[str, Scenario]
    seed: int
    replicates: int
    values: "pd.DataFrame"
    groups: "pd.DataFrame"
    daily: "pd.DataFrame"
    changes: "pd.DataFrame"
    policies: "pd.DataFrame"
    contrasts: list[Contrast]
    group_contrasts: list[GroupContrast]
    costs: list[cost.CostContrast]
    reached: list[precision.Reached] = field(default_factory=list)
    graphs: "dict[str, nx.DiGraph[int]]" = field(default_factory=dict)
    failed: list[dict[str, object]] = field(default_factory=list)
    uncertain: Uncertain | None = None
    parts: list[Part] = field(default_factory=list)

    def contrast(self, scenario: str, outcome: str) -> Contrast:
        """Return the contrast of a scenario and an outcome.

        Raises
        ------
        KeyError
            When there is no such contrast.
        """
        for row in self.contrasts:
            if (row.scenario, row.outcome) == (scenario, outcome):
                return row
        outcomes = list(dict.fromkeys(row.outcome for row in self.contrasts))
        word, known = (outcome, outcomes) if scenario in self.others else (scenario, self.others)
        raise UnknownNameError(misspelt(f"no contrast of {outcome!r} for {scenario!r}", word, known))

    def first_contrasts(self, scenario: str) -> list[Contrast]:
        """Return the contrasts of a scenario in `FIRST_SHOWN`, then in the outcomes of other packages it asks for."""
        own = self.scenarios[scenario].observe.outcomes or ()
        asked = [row for row in self.contrasts if row.scenario == scenario and row.outcome in own]
        return [*(self.contrast(scenario, outcome) for outcome in FIRST_SHOWN), *asked]

    def table(self) -> "pd.DataFrame":
        """Return a table with one row for each contrast."""
        return table(self.contrasts)

    def group_table(self) -> "pd.DataFrame":
        """Return a table with one row for each contrast of a group, the groups worse off first."""
        return table(self.group_contrasts)

    def budget_uses(self) -> "list[budget.Use]":
        """Return how each scenario fits each limit of the base's budget; none without a budget."""
        return budget.uses(self.values, self.scenarios[self.base].budget)

    def words(self, scenario: str) -> list[str]:
        """Return sentences on what a scenario changes; a mixed case and who is worse off come first."""
        groups = [row for row in self.group_contrasts if row.scenario == scenario and row.group != EVERYBODY]
        rows = [self.contrast(scenario, name) for name in FIRST_SHOWN]
        over_draws = [] if self.uncertain is None else draw_sentences.harms(self.uncertain, scenario)
        harmed = bool(sentences.harms(rows, groups, over_draws))
        lines = [sentences.mixed(rows, groups, over_draws), *sentences.worse_off(groups), sentences.sentences(rows)]
        together = len(PRIMARY) * len(self.others)
        lines += [more_among(self.groups, self.base, scenario, OUTCOMES[name], EVERYBODY, together) for name in PRIMARY]
        called = term(self.scenarios[scenario].title) if language() is Language.zh else scenario
        lines += [row.words(harmed=harmed, name=called) for row in self.costs if row.scenario == scenario]
        lines.append(budget.words([row for row in self.budget_uses() if row.scenario == scenario]))
        return [line for line in lines if line]
