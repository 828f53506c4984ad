"""The result of a comparison: contrasts, tables, sentences and figures, computed from the measured runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.compare import cost
from experiments.compare import sentences as words
from experiments.compare.concentration import more_among
from experiments.compare.contrasts import Contrast, GroupContrast, by_group, contrasts, table
from experiments.compare.figures import figures, priced
from experiments.compare.tables import summary, tables
from experiments.compare.terminal import lines_of
from experiments.designs.paired import PairedRun, UncomparableError
from experiments.measures.runs import EVERYBODY, GROUP_OUTCOMES, TOLD, Measured, spreads_of
from experiments.provenance import command
from experiments.runs.runner import Failed
from experiments.statistics import precision
from experiments.store.protocol import WIDTH, Drawing, Plotted
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from experiments.compare.decomposition import Part
    from experiments.compare.draws import Uncertain

Done = tuple[PairedRun, Measured | Failed]


@dataclass(frozen=True)
class Comparison(Plotted):
    """The result of comparing scenarios with a base.

    Parameters
    ----------
    base : str
    others : list of str
    scenarios : dict of str to Scenario
    seed : int
    replicates : int
        Pairs of runs made, failed runs included.
    values : DataFrame
        A row for each run: `scenario`, `replicate`, `seed`, every outcome (mean over the last four weeks), and `cost`,
        `staff_hours_total`, `unserved_total` and `user_years` over the whole run.
    groups : DataFrame
        In long form: `scenario`, `replicate`, `group`, `outcome`, `value`, `users`.
    daily : DataFrame
        The primary outcomes on each day: `scenario`, `replicate`, `centre` ("all"), `day`, `users`, outcomes.
    changes : DataFrame
        Other minus base, in a row for each user who is enrolled at the end of both runs of a pair.
    policies : DataFrame
        What each policy wanted, got and cost a week while it acted: a row for each scenario, replicate and policy.
    contrasts : list of Contrast
        A contrast for each other scenario and outcome.
    group_contrasts : list of GroupContrast
    costs : list of CostContrast
    reached : list of Reached
        The precision of each target, after a run with `until`.
    graphs : dict of str to DiGraph
        Networks at the end of replicate 0.
    failed : list of dict
        A row for each failed run.
    uncertain : Uncertain, optional
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
    graphs: dict[str, Any] = field(default_factory=dict)
    failed: list[dict[str, object]] = field(default_factory=list)
    uncertain: "Uncertain | None" = None
    parts: "list[Part]" = field(default_factory=list)

    def contrast(self, scenario: str, outcome: str) -> Contrast:
        """Return the contrast of a scenario and an outcome.

        Raises
        ------
        KeyError
            When there is no such contrast.
        """
        found = [row for row in self.contrasts if (row.scenario, row.outcome) == (scenario, outcome)]
        if not found:
            raise KeyError(f"no contrast of {outcome!r} for {scenario!r}; scenarios: {', '.join(self.others)}")
        return found[0]

    @property
    def years(self) -> float:
        """Length of the runs in years."""
        return self.scenarios[self.base].days / 365.25

    def table(self) -> "pd.DataFrame":
        """Return a table with a row for each contrast."""
        return table(self.contrasts)

    def group_table(self) -> "pd.DataFrame":
        """Return a table with a row for each contrast of a group, the groups worse off first."""
        return table(self.group_contrasts)

    def words(self, scenario: str) -> list[str]:
        """Return sentences on what a scenario changes; those on who is worse off come first."""
        groups = [row for row in self.group_contrasts if row.scenario == scenario and row.outcome in PRIMARY]
        rows = [self.contrast(scenario, name) for name in TOLD]
        lines = [words.worse_off([row for row in groups if row.group != EVERYBODY]), words.sentences(rows)]
        lines += [more_among(self.groups, self.base, scenario, OUTCOMES[name], EVERYBODY) for name in PRIMARY]
        lines += [row.words() for row in self.costs if row.scenario == scenario]
        return [line for line in lines if line]

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return the tables by the names of their files."""
        return tables(self)

    def summary(self) -> dict[str, Any]:
        """Return a summary of the comparison for programs."""
        return summary(self)

    def sentences(self, scenario: str = "", *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom compare` prints; with a scenario, only the sentences on what it changes."""
        return self.words(scenario) if scenario else lines_of(self, width, styled)

    def figures(self) -> dict[str, Drawing]:
        """Return, by name, the figures for which the comparison has all that they read."""
        return figures(self)

    def failures(self) -> list[dict[str, object]]:
        """Return a row for each failed run, with the command that repeats the run."""
        return self.failed


def put_together(
    scenarios: dict[str, Scenario], seed: int, done: Sequence[Done], references: Mapping[str, str]
) -> Comparison:
    """Return the comparison of measured runs.

    Raises
    ------
    UncomparableError
        When every run of a scenario failed.
    """
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
    return Comparison(
        base,
        others,
        scenarios,
        seed,
        len({plan.replicate for plan, _ in done}),
        values,
        groups,
        pd.concat([_curves(plan, result) for plan, result in kept], ignore_index=True),
        _changes(kept, base),
        pd.DataFrame(
            [{"scenario": plan.name, "replicate": plan.replicate, **row} for plan, r in kept for row in r.policies]
        ),
        contrasts(
            values,
            [outcome for outcome in OUTCOMES.values() if outcome.group != "cost"],
            spreads_of([result for plan, result in kept if plan.name == base]),
            family=TOLD,
        ),
        by_group(groups, [OUTCOMES[name] for name in GROUP_OUTCOMES], base),
        cost.costs(priced(values), years),
        graphs={plan.name: result.graph for plan, result in kept if result.graph is not None},
        failed=failures,
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
    days = np.arange(len(frame))
    return frame.assign(scenario=plan.name, replicate=plan.replicate, centre="all", day=days, users=1.0)


def _changes(kept: Sequence[tuple[PairedRun, Measured]], base: str) -> "pd.DataFrame":
    """Return, for each user, the difference from the same user in the base run under the same seed."""
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
