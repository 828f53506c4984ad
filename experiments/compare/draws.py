"""Compare scenarios over draws of unknown parameters: paired in each draw, under other seeds in every draw."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from experiments.designs.changes import changed
from experiments.designs.factor import Factor
from experiments.designs.paired import UncomparableError
from experiments.designs.replicates import draw_seed
from experiments.designs.sampled import latin_hypercube
from experiments.measures.discounted import DISCOUNT, by_user_year
from experiments.measures.runs import Measured, measured
from experiments.runs import executors
from experiments.runs.runner import Failed, attempted
from experiments.runs.starts import Starts, starts_of
from experiments.statistics.orders import Ranking, ranking
from experiments.statistics.uncertainty import Split, split
from experiments.studies.evidence import numbers
from experiments.worth.result import GRID, Prices, Worth, worth
from experiments.worth.surveys import HOURS
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.scenario.schema.quantity import Parameter, fields_of
from sim.scenario.schema.scenario import Scenario
from sim.scenario.text.errors import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

REPLICATES: Final = 4
"""Number of runs of each scenario in each draw; it is enough to separate chance from ignorance."""
UNKNOWN: Final = ("assumed", "calibrated")
"""Grades of the parameters to draw."""


@dataclass(frozen=True)
class Uncertain:
    """The result of a comparison over draws of the parameters.

    Parameters
    ----------
    draws : DataFrame
        One row for each draw, one column for each parameter, named by its path.
    values : DataFrame
        One row for each run: `draw`, `replicate`, `seed`, `scenario`, the primary outcomes, and over the whole run, for
        each user and year, `cost_per_user_year`, `staff_hours_per_user_year`, `severe_time` and `lonely_level`
        (`experiments.measures.discounted.by_user_year`).
    splits : dict of str to list of Split
        By primary outcome: each policy's effect, with its variance split into chance and ignorance.
    rankings : dict of str to Ranking
        By primary outcome: how often the ranking changes, and which parameter changes it.
    dropped : int
        Number of draws left out because they are no valid parameters of a scenario, such as a mean and a standard
        deviation that no distribution has together.
    failed : int
        Number of runs that failed.
    worth : Worth
        What it is worth to know more of the parameters before choosing a scenario.
    """

    draws: "pd.DataFrame"
    values: "pd.DataFrame"
    splits: dict[str, list[Split]]
    rankings: dict[str, Ranking]
    dropped: int
    failed: int
    worth: Worth


def unknown_parameters(scenarios: Sequence[Scenario]) -> tuple[Parameter, ...]:
    """Return the parameters to draw: unknown numbers of rules, of users, and of the policies in use.

    The amount of a policy (hours, caseloads, dates) is the analyst's choice and is not drawn. A number of a policy has
    the path `policies.*.<policy>.<name>` and applies to all uses of that policy.
    """
    unknown = {number.parameter.path: number.parameter for one in scenarios for number in numbers(one, UNKNOWN)}
    order = ("rules", "users", "policies")
    chosen = [parameter for path, parameter in unknown.items() if path.partition(".")[0] in order]
    return tuple(sorted(chosen, key=lambda parameter: order.index(parameter.path.partition(".")[0])))


def drawn(chosen: Sequence[Parameter], number: int, seed: int) -> "pd.DataFrame":
    """Draw parameters from their plausible ranges by a Latin hypercube (McKay, Beckman & Conover 1979).

    Parameters
    ----------
    chosen : sequence of Parameter
    number : int
        Number of draws; each is a row.
    seed : int
    """
    import pandas as pd

    factors = [Factor.of(parameter) for parameter in chosen]
    return pd.DataFrame(latin_hypercube(factors, number, seed), columns=[factor.path for factor in factors])


def with_draw(scenario: Scenario, values: dict[str, float]) -> Scenario:
    """Return a scenario with the drawn values of those parameters that it has.

    A policy or a rule of another package that only other scenarios have stays absent.

    Raises
    ------
    ScenarioError
        When the values are not valid together.
    """
    own: dict[str, float] = {}
    rules = fields_of(scenario.rules)
    for path, value in values.items():
        section, star, *rest = path.split(".")
        if section != "policies":
            own |= {path: value} if section != "rules" or star in rules else {}
            continue
        if star != "*":
            own |= {path: value} if star in scenario.policies else {}
            continue
        key, name = rest
        own |= {f"policies.{use}.{name}": value for use, policy in scenario.policies.items() if policy.policy == key}
    return changed(scenario, own)


Task = tuple[Scenario, str, int, int, int, str]
"""A run to make: scenario, its name, number of the draw, number of the replicate, seed, start (`starts_of`)."""


@dataclass
class _Measure:
    """Makes a run and measures it; returns the failure if it fails."""

    discount: float
    starts: Starts = field(default_factory=Starts)

    def __call__(self, task: Task) -> Measured | Failed:
        scenario, _, _, _, seed, start = task
        return attempted(lambda: measured(self.starts.run(start, scenario, seed), self.discount))


def over_draws(
    scenarios: dict[str, Scenario],
    at_defaults: "pd.DataFrame",
    draws: "int | pd.DataFrame",
    seed: int,
    workers: executors.Executor,
    report: Callable[[str], None],
    step: Callable[[int], None],
    willingness: Sequence[float] = GRID,
    discount: float = DISCOUNT,
) -> Uncertain:
    """Run all scenarios at each draw, under seeds of the draw's own, and split the variance into chance and ignorance.

    Parameters
    ----------
    scenarios : dict of str to Scenario
        The base first.
    at_defaults : DataFrame
        `scenario`, `replicate`, `user_years` and the primary outcomes of runs at the default parameters.
    draws : int or DataFrame
        Number of draws to make, or the draws themselves (an `ensemble`).
    seed : int
    workers : Executor
    report, step : callable
    willingness : sequence of float
        Money that a point of loneliness less, for a user and year, may be worth.
    discount : float
        Yearly rate at which costs and loneliness over the run are discounted.

    Raises
    ------
    UncomparableError
        When fewer than two of the draws are valid for all scenarios, or every run fails.
    """
    import pandas as pd

    if isinstance(draws, int):
        draws = drawn(unknown_parameters(list(scenarios.values())), draws, seed)
    tasks, dropped = _tasks(scenarios, draws, seed)
    report(
        say(
            "{runs:,} runs over {draws} draws of {parameters} parameters nobody knows well",
            runs=len(tasks),
            draws=len(draws) - dropped,
            parameters=len(draws.columns),
        )
    )
    rows: list[dict[str, object]] = []
    failed = 0
    results = workers.each(_Measure(discount), tasks)
    for (_, name, number, k, own, _), result in zip(tasks, results, strict=True):
        step(len(tasks))
        if not isinstance(result, Measured):
            failed += 1
            fault = result
            continue
        over_run = by_user_year(result.discounted, result.staff_hours, result.user_years)
        ends = {key: result.ends[key] for key in PRIMARY}
        rows.append({"draw": number, "replicate": k, "seed": own, "scenario": name, **ends, **over_run})
    if not rows:
        reason = getattr(fault, "error", fault)
        raise UncomparableError(
            say("each of the {failed:,} runs over the draws failed; the last: {reason}", failed=failed, reason=reason)
        )
    values = pd.DataFrame(rows)
    splits, base = {}, next(iter(scenarios))
    for name in PRIMARY:
        splits[name] = split(_of(values, name, "draw"), OUTCOMES[name].better, base, _of(at_defaults, name))
    rankings = rankings_of(values, at_defaults, draws)
    prices = _prices(scenarios[base], at_defaults[at_defaults["scenario"] == base]["user_years"])
    return Uncertain(draws, values, splits, rankings, dropped, failed, _worth(values, draws, prices, willingness, base))


def rankings_of(values: "pd.DataFrame", at_defaults: "pd.DataFrame", draws: "pd.DataFrame") -> dict[str, Ranking]:
    """Return, by primary outcome, how the scenarios rank over draws; the frames are those of `over_draws`."""
    return {
        name: ranking(_of(values, name, "draw"), _of(at_defaults, name), draws, OUTCOMES[name].better, len(PRIMARY))
        for name in PRIMARY
    }


def _of(runs: "pd.DataFrame", outcome: str, *more: str) -> "pd.DataFrame":
    """Return the runs with an outcome as the column `value`."""
    return runs.rename(columns={outcome: "value"})[[*more, "replicate", "scenario", "value"]]


def _tasks(scenarios: dict[str, Scenario], draws: "pd.DataFrame", seed: int) -> tuple[list[Task], int]:
    """Return the runs over all draws that are valid for all scenarios, and how many draws are not."""
    tasks: list[Task] = []
    dropped = 0
    for number, row in enumerate(draws.to_dict("records")):
        try:
            drawn_values = {str(path): value for path, value in row.items()}
            there = {name: with_draw(scenario, drawn_values) for name, scenario in scenarios.items()}
        except ScenarioError as error:
            dropped += 1
            unlike = error.problems[0].sentence
            continue
        runs = [
            (scenario, name, number, k, draw_seed(seed, number, k))
            for k in range(REPLICATES)
            for name, scenario in there.items()
        ]
        starts = starts_of([(scenario, own) for scenario, _, _, _, own in runs])
        tasks += [(*run, start) for run, start in zip(runs, starts, strict=True)]
    if not tasks:
        raise UncomparableError(
            say(
                "none of the {dropped} draws is valid for all scenarios; the last: {reason}",
                dropped=dropped,
                reason=unlike,
            )
        )
    if len(draws) - dropped == 1:  # a single draw cannot show what differences between draws do
        raise UncomparableError(
            say(
                "only one of {draws} draws is valid for all scenarios, 2 or more are needed; the last: {reason}",
                draws=len(draws),
                reason=unlike,
            )
        )
    return tasks, dropped


def _prices(base: Scenario, user_years: "pd.Series[float]") -> Prices:
    """Return what a staff hour and asking a user cost in the base, and the user-years of its runs."""
    centres = base.centres.values()
    users = sum(spec.users * spec.copies for spec in centres)
    hour = sum(spec.hour_cost * spec.users * spec.copies for spec in centres) / users
    return Prices(hour, HOURS * hour, float(user_years.mean()))


def _worth(
    values: "pd.DataFrame", draws: "pd.DataFrame", prices: Prices, willingness: Sequence[float], base: str
) -> Worth:
    gains = values.assign(gain=-values["lonely_level"], cost=values["cost_per_user_year"])
    return worth(gains, draws, prices, willingness=willingness, base=base)
