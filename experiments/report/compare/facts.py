"""What a comparison has found, read from its folder, with the key of each number."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from experiments.measures.runs import EVERYBODY
from experiments.report import names
from experiments.report.content import Number
from experiments.report.values import WEEKS_A_MONTH, Row, computed, counted
from experiments.statistics import sign_turns
from experiments.statistics.differences import by_scenario, complete
from experiments.statistics.intervals import Array, middle
from experiments.statistics.levels import SMALL_EFFECT
from experiments.statistics.paired import differences_of
from experiments.statistics.uncertainty import Split
from experiments.statistics.unjudged import unjudged
from experiments.statistics.verdict import ALONE_ONLY, FEWEST, RARE, sound_interval, towards
from experiments.statistics.windows import end_words
from experiments.store.folder import ResultError
from experiments.store.results import StoredResult
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

BRIEF: Final = (*PRIMARY, "hope")
"""Outcomes of the table of alternatives."""
_MANY: Final = 40
"""From so many pairs on, the middle 95 % leaves out a pair at each end."""


@dataclass(frozen=True)
class Facts:
    """A comparison that is read back; `base` and `others` are names of scenarios."""

    stored: StoredResult

    @cached_property
    def base(self) -> str:
        """Name of the base."""
        return str(self._known("base"))

    @cached_property
    def others(self) -> list[str]:
        """Names of the alternatives, in the order of the command."""
        return [str(name) for name in self._known("others")]

    def _known(self, key: str) -> Any:
        if key not in self.stored.summary:
            raise ResultError(say("{folder}: the summary has no {key}", folder=self.stored.folder, key=key))
        return self.stored.summary[key]

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenarios by name, the base first."""
        there = self.stored.scenarios
        lacking = [name for name in (self.base, *self.others) if name not in there]
        if lacking:
            raise ResultError(
                say("{folder}: the scenario {name} is missing", folder=self.stored.folder, name=repr(lacking[0]))
            )
        return {name: there[name] for name in (self.base, *self.others)}

    @cached_property
    def titles(self) -> dict[str, str]:
        """The title of each scenario."""
        return names.titles(self.scenarios)

    @cached_property
    def short_titles(self) -> dict[str, str]:
        """The title of each scenario, short enough for page one."""
        return names.short(self.titles)

    @property
    def pairs(self) -> Number:
        """How many pairs of runs there are."""
        return computed("summary/pairs", float(self._known("pairs")), 0)

    @property
    def days(self) -> Number:
        """Days of a run."""
        return computed("provenance/days", float(self.scenarios[self.base].days), 0)

    @property
    def end(self) -> str:
        """Over which days outcomes at the end are averaged, to stand after "the"."""
        return end_words(self.scenarios[self.base].days, write=lambda days: counted("summary/end_days", days))

    @property
    def count(self) -> Number:
        """How many alternatives there are."""
        return counted("summary/others:count", len(self.others))

    @property
    def is_sized(self) -> bool:
        """Whether there are pairs enough for verdicts."""
        return self.pairs.value >= FEWEST

    @cached_property
    def _contrasts(self) -> dict[tuple[str, str], Row]:
        return {
            (row["scenario"], row["outcome"]): Row(f"contrasts/{row['scenario']}/{row['outcome']}", row)
            for row in self.stored.table("contrasts").to_dict("records")
        }

    @property
    def outcomes(self) -> list[str]:
        """Names of all outcomes compared."""
        return list(dict.fromkeys(outcome for _, outcome in self._contrasts))

    def contrast(self, scenario: str, outcome: str) -> Row:
        """Return what a scenario changes in an outcome."""
        return self._contrasts[scenario, outcome]

    def verdict(self, scenario: str, outcome: str) -> str:
        """Return the verdict on a scenario and outcome; empty if it was not compared."""
        row = self._contrasts.get((scenario, outcome))
        return "" if row is None else str(row["verdict"])

    def small_effect(self, scenario: str, outcome: str, decimals: int) -> Number:
        """Return the size below which an effect is small, in points of the outcome; NaN if it is unknown."""
        row = self.contrast(scenario, outcome)
        spread = row.value("difference") / row.value("effect_sd") if row.value("effect_sd") else float("nan")
        return computed(f"contrasts/{scenario}/{outcome}/small", abs(spread), decimals, SMALL_EFFECT)

    def differences(self, scenario: str, outcome: str, beside: str = "") -> Array:
        """Return what a scenario changes in an outcome in each complete pair, beside the base or another scenario."""
        wide = by_scenario(self.runs, outcome)
        return differences_of(*complete(wide[[beside or self.base, scenario]])[:2])

    def most_pairs(self, scenario: str, outcome: str, decimals: int) -> tuple[bool, Number, Number]:
        """Return whether the ends hold the middle 95 % of the pairs (of few pairs: all), and the ends."""
        differences = self.differences(scenario, outcome)
        is_middle = len(differences) >= _MANY
        ends = middle(differences) if is_middle else (float(differences.min()), float(differences.max()))
        low, high = (
            computed(f"pairs/{scenario}/{outcome}/{name}", end, decimals, signed=True)
            for name, end in zip(("low", "high"), ends, strict=True)
        )
        return is_middle, low, high

    def behind(self, scenario: str, rival: str, outcome: str) -> Row:
        """Return by how much a rival lies above a scenario in an outcome, with the 95 % interval."""
        differences = self.differences(rival, outcome, scenario)
        low, high = sound_interval(differences)
        values = {"difference": float(differences.mean()), "low": low, "high": high}
        return Row(f"behind/{scenario}/{rival}/{outcome}", values)

    @property
    def has_centres(self) -> bool:
        """Whether a scenario has more centres than one."""
        return any(sum(one.copies for one in scenario.centres.values()) > 1 for scenario in self.scenarios.values())

    @cached_property
    def _groups(self) -> list[Row]:
        return [
            Row(f"groups/{row['scenario']}/{row['group']}/{row['outcome']}", row)
            for row in self.stored.table("groups").to_dict("records")
        ]

    def groups(self, scenario: str, outcome: str = "") -> list[Row]:
        """Return the contrasts of groups of users, without everybody."""
        return [
            row
            for row in self._groups
            if row["scenario"] == scenario and row["group"] != EVERYBODY and outcome in ("", row["outcome"])
        ]

    def harmed(self, scenario: str, ending: str = "") -> list[Row]:
        """Return the groups that are worse off among all, or with an ending such as " by itself"."""
        return [row for row in self.groups(scenario) if row["flag"] == "" and row["verdict"] == f"worse{ending}"]

    def unjudged(self, scenarios: Sequence[str]) -> list[str]:
        """Return sentences on the groups of scenarios that the runs cannot judge; none where they can judge all."""
        rows = [row for name in scenarios for row in self.groups(name)]
        few = len({str(row["group"]) for row in rows if row["flag"] != ""})
        rare = sum(row["flag"] == "" and row["verdict"] == RARE for row in rows)
        key = f"unjudged/{'+'.join(scenarios)}"
        return unjudged(few, rare, (counted(f"{key}/groups", few), counted(f"{key}/differences", rare)))

    def gains(self, scenario: str) -> list[str]:
        """Return the primary outcomes in which a scenario is better among all."""
        return [name for name in PRIMARY if self.verdict(scenario, name) == "better"]

    def losses(self, scenario: str) -> list[str]:
        """Return the outcomes of the brief in which a scenario is worse, if only by itself."""
        return [name for name in BRIEF if towards(self.verdict(scenario, name)) == "worse"]

    def losses_over_draws(self, scenario: str) -> dict[str, str]:
        """Return the outcomes in which a scenario is worse over draws of unmeasured numbers, each with its verdict."""
        better = [OUTCOMES[str(row["outcome"])].better for row in self.splits]
        verdicts = sign_turns.harms(self.effects_over_draws, better)
        return {
            str(row["outcome"]): verdict
            for row, verdict in zip(self.splits, verdicts, strict=True)
            if verdict and row["scenario"] == scenario
        }

    def harms(self, scenario: str) -> list[str]:
        """Return the verdicts by which an outcome of the brief, at the defaults or over draws, or a group is worse.

        A group counts when it is worse off among all.
        """
        return [
            *(self.verdict(scenario, name) for name in self.losses(scenario)),
            *self.losses_over_draws(scenario).values(),
            *(str(row["verdict"]) for row in self.harmed(scenario)),
        ]

    def is_harmless(self, scenario: str) -> bool:
        """Return whether no outcome of the brief is worse, neither at the defaults nor over draws, and no group."""
        return not self.harms(scenario)

    def cost(self, scenario: str) -> Row | None:
        """Return what a scenario costs beside the base, for a user and year, month and week."""
        rows = [row for row in self.stored.table("costs").to_dict("records") if row["scenario"] == scenario]
        return Row(f"costs/{scenario}", rows[0]) if rows else None

    @cached_property
    def _uses(self) -> list[Row]:
        if "budget" not in self.stored.names:
            return []
        return [
            Row(f"budget/{row['scenario']}/{row['limit']}", row)
            for row in self.stored.table("budget").to_dict("records")
        ]

    def uses(self, scenario: str) -> list[Row]:
        """Return what a scenario takes of each limit of the budget; nothing without a budget."""
        return [row for row in self._uses if row["scenario"] == scenario]

    def fits(self, scenario: str) -> bool | None:
        """Return whether a scenario fits every limit of the budget; None without a budget."""
        uses = self.uses(scenario)
        return all(row["fits"] for row in uses) if uses else None

    @cached_property
    def runs(self) -> "pd.DataFrame":
        """A row for each run."""
        return self.stored.table("runs")

    def _mean(self, scenario: str, column: str) -> float:
        return float(self.runs.loc[self.runs["scenario"] == scenario, column].mean())

    def money(self, scenario: str) -> Number:
        """Return the money that all policies of a scenario cost a month, in all centres; staff hours not included."""
        return computed(f"runs/{scenario}/money_a_week:mean", self._mean(scenario, "money_a_week"), 0, WEEKS_A_MONTH)

    def busiest_money(self, scenario: str) -> Number:
        """Return the same money in the busiest four weeks of each run, a month, in the mean."""
        return computed(f"runs/{scenario}/money_busiest:mean", self._mean(scenario, "money_busiest"), 0, WEEKS_A_MONTH)

    def hours(self, scenario: str) -> Number:
        """Return the staff hours that all policies of a scenario ask for a week, in all centres."""
        return computed(f"runs/{scenario}/hours_a_week:mean", self._mean(scenario, "hours_a_week"), 1)

    def hour_price(self, scenario: str) -> Number | None:
        """Return what a staff hour costs; None where centres have different prices."""
        prices = {name: one.hour_cost for name, one in self.scenarios[scenario].centres.items()}
        first = next(iter(prices))
        if len({*prices.values()}) > 1:
            return None
        return computed(f"scenario/{scenario}/centres.{first}.hour_cost", prices[first], 0)

    def all_money(self, scenario: str) -> Number:
        """Return money and staff hours at their price a month, where all centres have one price."""
        price = self.hour_price(scenario)
        if price is None:
            raise ValueError(f"the centres of {scenario} have different prices of an hour")
        week = self._mean(scenario, "money_a_week") + price.value * self._mean(scenario, "hours_a_week")
        return computed(f"runs/{scenario}/all_money", week, 0, WEEKS_A_MONTH)

    @cached_property
    def splits(self) -> "list[Row]":
        """The effects over draws of unmeasured numbers; empty without `--uncertain`."""
        if "chance_and_ignorance" not in self.stored.names:
            return []
        return [
            Row(f"chance_and_ignorance/{row['scenario']}/{row['outcome']}", row)
            for row in self.stored.table("chance_and_ignorance").to_dict("records")
        ]

    @cached_property
    def effects_over_draws(self) -> list[Split]:
        """The rows of `splits`, as the rules on signs and harm take them."""
        names = [field.name for field in fields(Split)]
        return [Split(**{name: row.values.get(name, float("nan")) for name in names}) for row in self.splits]

    @cached_property
    def information(self) -> "pd.DataFrame | None":
        """The value of information; None without `--uncertain`."""
        return self.stored.table("value_of_information") if "value_of_information" in self.stored.names else None


def is_alone(word: str) -> bool:
    """Return whether a verdict claims a direction by itself only."""
    return word.endswith(ALONE_ONLY)


def named(facts: Facts, scenarios: Sequence[str]) -> list[str]:
    """Return the titles of scenarios."""
    return [facts.titles[name] for name in scenarios]
