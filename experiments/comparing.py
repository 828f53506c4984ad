"""Scenarios compared under the same seeds: the runs are made here, the statistics in `experiments.analysis`.

`compare` is what `dayroom compare` calls, and what a notebook calls.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import executors
from experiments.analysis import contrasts, cost, precision, words
from experiments.analysis.concentration import more_among
from experiments.designs.paired import PairedRun, UncomparableError, comparable, named_apart, paired
from experiments.measuring import END_DAYS, EVERYBODY, GROUP_OUTCOMES, TOLD, Measured, measured, spreads_of
from experiments.provenance import command
from experiments.runner import Failed, attempted
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.run import run
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.decomposing import Part
    from experiments.guessing import Uncertain

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Comparison:
    """What came out of a comparison.

    Parameters
    ----------
    base : str
    others : list of str
    scenarios : dict of str to Scenario
    seed : int
    replicates : int
        Pairs planned and made; failed runs are among them.
    values : DataFrame
        A row a run: `scenario`, `replicate`, `seed`, every outcome (mean over the last four weeks), `cost`,
        `staff_hours_total`, `unserved_total` and `user_years` over the whole run.
    groups : DataFrame
        Long: `scenario`, `replicate`, `group`, `outcome`, `value`, `users`.
    daily : DataFrame
        The primary outcomes on each day: `scenario`, `replicate`, `centre` ("all"), `day`, `users`, outcomes.
    changes : DataFrame
        A row for each user enrolled at the end of both runs of a pair: other minus base.
    policies : DataFrame
        What each policy of each scenario reached, took and did not get, in the mean over replicates.
    contrasts : list of Contrast
        Every outcome of every other scenario against the base.
    group_contrasts : list of GroupContrast
    costs : list of CostContrast
    reached : list of Reached
        With `until`: how precise each target has become.
    graphs : dict of str to DiGraph
        Networks at the end of replicate 0.
    failures : list of dict
        One for each run that failed.
    uncertain : Uncertain, optional
    parts : list of Part
        With `decompose`.
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
    contrasts: list[contrasts.Contrast]
    group_contrasts: list[contrasts.GroupContrast]
    costs: list[cost.CostContrast]
    reached: list[precision.Reached] = field(default_factory=list)
    graphs: dict[str, Any] = field(default_factory=dict)
    failures: list[dict[str, object]] = field(default_factory=list)
    uncertain: "Uncertain | None" = None
    parts: "list[Part]" = field(default_factory=list)

    def contrast(self, scenario: str, outcome: str) -> contrasts.Contrast:
        """Give one contrast.

        Raises
        ------
        KeyError
            When there is none of that scenario and outcome.
        """
        found = [row for row in self.contrasts if (row.scenario, row.outcome) == (scenario, outcome)]
        if not found:
            raise KeyError(f"no contrast of {outcome!r} for {scenario!r}; scenarios: {', '.join(self.others)}")
        return found[0]

    def table(self) -> "pd.DataFrame":
        """Give all contrasts as a table, a row each."""
        return contrasts.table(self.contrasts)

    def group_table(self) -> "pd.DataFrame":
        """Give the contrasts of groups as a table, those worse off first."""
        return contrasts.table(self.group_contrasts)

    def sentences(self, scenario: str) -> list[str]:
        """Say in plain words what a scenario changes: who is worse off first."""
        groups = [row for row in self.group_contrasts if row.scenario == scenario and row.outcome in PRIMARY]
        rows = [self.contrast(scenario, name) for name in TOLD]
        said = [words.worse_off([row for row in groups if row.group != EVERYBODY]), words.sentences(rows)]
        said += [more_among(self.groups, self.base, scenario, OUTCOMES[name], EVERYBODY) for name in PRIMARY]
        priced = [
            row.words("user lifted out of severe loneliness", "CNY") for row in self.costs if row.scenario == scenario
        ]
        return [line for line in [*said, *priced] if line]

    def plot(self, name: str = "effects") -> "Figure":
        """Draw one of the figures of a comparison (`experiments.plots.COMPARISON_FIGURES`)."""
        from experiments.comparison_figures import draw

        return draw(self, name)


def compare(
    base: Scenario | str,
    others: Sequence[Scenario | str],
    *,
    replicates: int = 50,
    seed: int | None = None,
    days: int | None = None,
    jobs: int | None = None,
    until: str | None = None,
    most: int = 2000,
    uncertain: "int | pd.DataFrame" = 0,
    decompose: bool = False,
    references: Mapping[str, str] | None = None,
    tell: Tell = lambda _: None,
    step: Callable[[int], None] = lambda _: None,
) -> Comparison:
    """Run scenarios under the same seeds and compare all others with the first.

    Parameters
    ----------
    base : Scenario or str
        A typed scenario, a shipped name or a file.
    others : sequence of those
    replicates : int
        Pairs; with `until` the pairs of the pilot.
    seed : int, optional
        The base's own, or 0.
    days : int, optional
        Another length for all.
    jobs : int, optional
        Processes; as many as pay when not given. Nothing in the result depends on it.
    until : str, optional
        Precision wanted, such as "loneliness_ucla20 ±0.5": after the pilot as many pairs more as Stein's rule asks for.
    most : int
        Pairs at which to stop at the latest.
    uncertain : int or DataFrame
        Draws of the parameters that nobody knows, or an ensemble of them (a column a parameter); 0 for none.
    decompose : bool
        Whether to split each effect into new ties, what flows along ties, and direct help.
    references : mapping of str to str, optional
        Scenarios as on the command line, by name, for the commands that repeat failed runs.
    tell, step : callable
        Told what is going on; called with the number of runs ahead as each is done.

    Raises
    ------
    UncomparableError
        When nothing is to be compared, two scenarios share a name, lengths differ, the numbers asked for make no sense,
        or every run of a scenario fails.
    """
    chosen = loaded(base, others, days)
    scenarios = named_apart(chosen)
    _check(scenarios, replicates, until, most, uncertain, decompose)
    seed = seed if seed is not None else (chosen[0].seed or 0)
    workers = executors.executor(jobs)
    rule = precision.Rule(precision.parse_until(until), replicates, most) if until else None
    executors.warm_up()
    _estimate(scenarios, replicates, workers, tell)
    done = list(_made(scenarios, seed, range(replicates), workers, step))
    if rule is not None:
        wanted = rule.planned(_differences(done, scenarios))
        if wanted > replicates:
            tell(f"the precision asked for takes {wanted:,} pairs in all")
            done += _made(scenarios, seed, range(replicates, wanted), workers, step)
    made = _put_together(scenarios, seed, done, references or {})
    extras: dict[str, Any] = {}
    if rule is not None:
        extras["reached"] = rule.reached(_differences(done, scenarios))
        extras["contrasts"] = [_by_rule(row, extras["reached"]) for row in made.contrasts]
    if not isinstance(uncertain, int) or uncertain > 0:
        from experiments.guessing import guessed

        extras["uncertain"] = guessed(scenarios, made.values, uncertain, seed, workers, tell, step)
    if decompose:
        from experiments.decomposing import decomposed

        extras["parts"] = decomposed(scenarios, seed, min(replicates, 40), workers, tell, step)
    return Comparison(**{**vars(made), **extras})


def _check(
    scenarios: dict[str, Scenario],
    replicates: int,
    until: str | None,
    most: int,
    uncertain: "int | pd.DataFrame",
    decompose: bool,
) -> None:
    """Refuse what cannot be done before anything is run."""
    if replicates < 1:
        raise UncomparableError(f"replicates: found {replicates}, allowed is 1 or more")
    if until is not None and replicates < 2:
        raise UncomparableError(
            f"a precision to reach takes 2 pairs to begin with (--min), better {precision.LEAST}; found {replicates}"
        )
    if until is not None and most < replicates:
        raise UncomparableError(
            f"the most pairs (--max), {most}, are fewer than those to begin with (--min), {replicates}"
        )
    if isinstance(uncertain, int) and uncertain not in (0, *range(2, 100_001)):
        raise UncomparableError(f"draws of what nobody knows: found {uncertain}, allowed is 0, or 2 to 100000")
    if decompose:
        comparable(scenarios)


def _by_rule(row: contrasts.Contrast, reached: Sequence[precision.Reached]) -> contrasts.Contrast:
    """Give a contrast the interval of the stopping rule, where it was run to a precision: it keeps its coverage."""
    found = [one for one in reached if (one.scenario, one.outcome) == (row.scenario, row.outcome)]
    if not found or found[0].low != found[0].low:
        return row
    low, high = found[0].low, found[0].high
    clear = low > 0.0 or high < 0.0
    said = contrasts.direction(row.difference, row.better) if clear else "no clear difference"
    said = row.verdict if row.verdict == "identical" else said
    return replace(row, low=low, high=high, verdict=said)


def loaded(base: Scenario | str, others: Sequence[Scenario | str], days: int | None = None) -> list[Scenario]:
    """Load scenarios to be compared, the base first, all of one length.

    Raises
    ------
    UncomparableError
        When nothing is to be compared, two share a name, or lengths differ.
    """
    chosen = [load_scenario(one) if isinstance(one, str) else one for one in (base, *others)]
    if len(chosen) < 2:
        raise UncomparableError("a comparison takes a base and at least one other scenario")
    if days is not None:
        chosen = [scenario.with_changes(days=days) for scenario in chosen]
    named_apart(chosen)
    return chosen


Done = tuple[PairedRun, Measured | Failed]


def _measure(planned: PairedRun) -> Measured | Failed:
    """Do a run and keep what the comparison needs; an error is a result like any other."""
    days = planned.scenario.days
    return attempted(
        lambda: measured(run(planned.scenario, planned.seed, graph_days=(days,) if planned.keeps_network else ()))
    )


def _made(
    scenarios: dict[str, Scenario], seed: int, numbers: range, workers: executors.Executor, step: Callable[[int], None]
) -> Iterator[Done]:
    plans = list(paired(scenarios, seed, numbers))
    for plan, result in zip(plans, workers.each(_measure, plans), strict=True):
        step(len(plans))
        if isinstance(result, executors.LostWorkerError):
            yield plan, Failed(str(result), origin="the worker process, not the model")
        else:
            yield plan, result


def _estimate(scenarios: dict[str, Scenario], replicates: int, workers: executors.Executor, tell: Tell) -> None:
    """Tell how long it will take, from two runs of the base, which are not kept: the first one has much to load."""
    first = next(iter(paired(scenarios, 0, range(1), networks=False)))
    _measure(first)
    begun = time.perf_counter()
    _measure(first)
    jobs = workers.jobs if not isinstance(workers, executors.Automatic) else executors.processors()
    runs = replicates * len(scenarios)
    seconds = (time.perf_counter() - begun) * runs / max(1, jobs)
    tell(f"{runs:,} runs ({len(scenarios)} scenarios x {replicates} seeds), about {_told(seconds)}")


def _told(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(seconds, 1):.0f} s"


def _differences(done: Sequence[Done], scenarios: dict[str, Scenario]) -> dict[tuple[str, str], np.ndarray[Any, Any]]:
    """Give the paired differences of every outcome, by replicate; NaN where a run failed."""
    base, *others = scenarios
    by_run = {(plan.name, plan.replicate): result for plan, result in done}
    numbers = sorted({plan.replicate for plan, _ in done})

    def end(name: str, number: int, outcome: str) -> float:
        result = by_run[name, number]
        return result.ends[outcome] if isinstance(result, Measured) else float("nan")

    return {
        (other, outcome): np.array([end(other, number, outcome) - end(base, number, outcome) for number in numbers])
        for other in others
        for outcome in OUTCOMES
    }


def _put_together(
    scenarios: dict[str, Scenario], seed: int, done: Sequence[Done], references: Mapping[str, str]
) -> Comparison:
    """Put the runs into tables and compare them."""
    import pandas as pd

    base, *others = scenarios
    kept = [(plan, result) for plan, result in done if isinstance(result, Measured)]
    failures = [
        _failure(plan, result, references.get(plan.name, plan.name))
        for plan, result in done
        if isinstance(result, Failed)
    ]
    for name in scenarios:
        if not any(plan.name == name for plan, _ in kept):
            reasons = [row["error"] for row in failures if row["scenario"] == name]
            raise UncomparableError(f"every run of {name} failed, the first with: {reasons[0]}")
    kept.sort(key=lambda one: list(scenarios).index(one[0].name))  # the base first, even if its first run has failed
    values = pd.DataFrame([_row(plan, result) for plan, result in kept])
    groups = pd.DataFrame(
        [
            (plan.name, plan.replicate, group, outcome, value, users)
            for plan, result in kept
            for (group, outcome), (value, users) in result.groups.items()
        ],
        columns=["scenario", "replicate", "group", "outcome", "value", "users"],
    )
    years = next(iter(scenarios.values())).days / 365.25
    priced = values.assign(
        cost=values["cost"], staff_hours=values["staff_hours_total"], severe_share=values["severely_lonely_share"]
    )
    return Comparison(
        base,
        others,
        scenarios,
        seed,
        len({plan.replicate for plan, _ in done}),
        values,
        groups,
        pd.concat([_curves(plan, result) for plan, result in kept], ignore_index=True),
        _changes(kept, base, others),
        pd.DataFrame(
            [{"scenario": plan.name, "replicate": plan.replicate, **row} for plan, r in kept for row in r.policies]
        ),
        contrasts.contrasts(
            values,
            [outcome for outcome in OUTCOMES.values() if outcome.group != "cost"],
            spreads_of([result for plan, result in kept if plan.name == base]),
            family=TOLD,
        ),
        contrasts.by_group(groups, [OUTCOMES[name] for name in GROUP_OUTCOMES], base),
        cost.costs(priced[["scenario", "replicate", "cost", "staff_hours", "user_years", "severe_share"]], years),
        graphs={plan.name: result.graph for plan, result in kept if result.graph is not None},
        failures=failures,
    )


def _row(plan: PairedRun, result: Measured) -> dict[str, Any]:
    totals = {
        "user_years": result.user_years,
        "money_total": result.money,
        "cost": result.cost,
        "staff_hours_total": result.staff_hours,
        "unserved_total": result.unserved,
    }
    return {"scenario": plan.name, "replicate": plan.replicate, "seed": plan.seed, **result.ends, **totals}


def _failure(plan: PairedRun, result: Failed, reference: str) -> dict[str, object]:
    again = "dayroom run " + command(reference, "--days", plan.scenario.days, "--seed", plan.seed, "--replicates", 1)
    where = {"scenario": plan.name, "replicate": plan.replicate, "seed": plan.seed}
    return {**where, "error": result.error, "origin": result.origin, "again": again, "trace": result.trace}


def _curves(plan: PairedRun, result: Measured) -> "pd.DataFrame":
    import pandas as pd

    frame = pd.DataFrame(result.curves, columns=list(PRIMARY))
    keys = {"scenario": plan.name, "replicate": plan.replicate, "centre": "all"}
    return frame.assign(**keys, day=np.arange(len(frame)), users=1.0)


def _changes(kept: Sequence[tuple[PairedRun, Measured]], base: str, others: Sequence[str]) -> "pd.DataFrame":
    """Set each user at the end of a run beside the same user in the base under the same seed."""
    import pandas as pd

    users = {(plan.name, plan.replicate): result.users for plan, result in kept}
    frames = []
    for (name, number), mine in users.items():
        theirs = users.get((base, number))
        if name == base or theirs is None:
            continue
        _, i, j = np.intersect1d(mine["uid"], theirs["uid"], return_indices=True)
        changed = {key: mine[key][i] - theirs[key][j] for key in ("loneliness", "burden", "identity")}
        keys = {"scenario": name, "replicate": number, "uid": mine["uid"][i]}
        frames.append(pd.DataFrame({**keys, **changed, "base_loneliness": theirs["loneliness"][j]}))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


__all__ = ["END_DAYS", "TOLD", "Comparison", "compare"]
