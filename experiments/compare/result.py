"""The result of a comparison: tables, summary, sentences and figures, and how measured runs become a result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.compare import cost
from experiments.compare.contrasts import by_group, contrasts
from experiments.compare.figures import figures, priced
from experiments.compare.measurements import Compared
from experiments.compare.tables import summary, tables
from experiments.compare.terminal import lines_of
from experiments.designs.paired import PairedRun, UncomparableError
from experiments.measures.discounted import by_user_year
from experiments.measures.runs import FIRST_SHOWN, GROUP_OUTCOMES, Measured, spreads_of
from experiments.runs.runner import Failed
from experiments.statistics.differences import by_scenario, complete, order_of
from experiments.statistics.intervals import Array
from experiments.statistics.numbers import commas
from experiments.statistics.paired import differences_of
from experiments.store.protocol import WIDTH, Drawing, Plotted
from experiments.store.provenance import command
from experiments.store.writing import Origin
from sim.language import say
from sim.outcomes.catalogue import OUTCOMES, PRIMARY, recorded
from sim.scenario.schema.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Done = tuple[PairedRun, Measured | Failed]


@dataclass(frozen=True)
class Comparison(Compared, Plotted):
    """The result of comparing scenarios with a base; its attributes are those of `Compared`.

    Examples
    --------
    >>> from dayroom import compare, load_scenario
    >>> tiny = load_scenario("baseline").with_changes(days=7, settling=0)
    >>> respite = tiny.with_changes(name="respite", policies={"respite": {"policy": "respite", "start": 0}})
    >>> result = compare(tiny, respite, replicates=3, seed=1, jobs=1)
    >>> result.others, [row.n for row in result.contrasts if row.outcome == "loneliness_ucla20"]
    (['respite'], [3])
    """

    def tables(self) -> "dict[str, pd.DataFrame]":
        """Return the tables by the names of their files."""
        return tables(self)

    def summary(self) -> dict[str, object]:
        """Return a summary of the comparison for programs."""
        return summary(self)

    def sentences(self, scenario: str = "", *, width: int = WIDTH, styled: bool = False) -> list[str]:
        """Return the lines that `dayroom compare` prints; with a scenario, only the sentences on what it changes."""
        return self.words(scenario) if scenario else lines_of(self, width, styled)

    def figures(self) -> dict[str, Drawing]:
        """Return, by name, the figures for which the comparison has all that they read."""
        return figures(self)

    def failures(self) -> list[dict[str, object]]:
        """Return one row for each failed run, with the command that repeats the run."""
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
            raise UncomparableError(
                say("every run of {name} failed, the first with: {reason}", name=name, reason=reasons[0])
            )
    kept.sort(key=lambda pair: list(scenarios).index(pair[0].name))  # the base first, even if its first run has failed
    values = pd.DataFrame([_row(plan, result) for plan, result in kept])
    groups = pd.DataFrame(
        [
            (plan.name, plan.replicate, group, outcome, value, users)
            for plan, result in kept
            for (group, outcome), (value, users) in result.groups.items()
        ],
        columns=["scenario", "replicate", "group", "outcome", "value", "users"],
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
        _changes(kept, base),
        pd.DataFrame(
            [{"scenario": plan.name, "replicate": plan.replicate, **row} for plan, r in kept for row in r.policies]
        ),
        contrasts(
            values,
            [outcome for outcome in recorded(values.columns) if outcome.group != "cost"],
            spreads_of([result for plan, result in kept if plan.name == base]),
            family=FIRST_SHOWN,
        ),
        by_group(groups, [OUTCOMES[name] for name in GROUP_OUTCOMES], base),
        cost.costs(priced(values), _told(values)),
        graphs={plan.name: result.graph for plan, result in kept if result.graph is not None},
        failed=failures,
    )


def _told(values: "pd.DataFrame") -> list[Array]:
    """Return the paired differences that the tables show first; costs and effects are judged together with them."""
    wide = {name: by_scenario(values, name) for name in FIRST_SHOWN if name in values}
    base, *others = order_of(values)
    return [differences_of(*complete(each[[base, other]])[:2]) for each in wide.values() for other in others]


def _row(plan: PairedRun, result: Measured) -> dict[str, object]:
    totals = {
        "user_years": result.user_years,
        "money_total": result.money,
        "cost": result.cost,
        "staff_hours_total": result.staff_hours,
        "unserved_total": result.unserved,
        **result.weekly,
        **by_user_year(result.discounted, result.staff_hours, result.user_years),
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
    frame = frame.assign(scenario=plan.name, replicate=plan.replicate, centre="all", day=days, users=1.0)
    begin = plan.scenario.first_date
    return frame if begin is None else frame.assign(date=pd.date_range(begin, periods=len(frame), unit="s"))


def _changes(kept: Sequence[tuple[PairedRun, Measured]], base: str) -> "pd.DataFrame":
    """Return one row for each user: the difference from the same user in the base run under the same seed."""
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
        before = {"base_loneliness": "loneliness", "base_loneliness_at_entry": "loneliness_at_entry"}
        frames.append(pd.DataFrame({**keys, **changed, **{key: theirs[name][j] for key, name in before.items()}}))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def with_networks(folder: Path, result: Comparison) -> Comparison:
    """Write the networks into the folder, so that `dayroom plot` can draw them; return the result."""
    from experiments.store.documents import write_end_networks

    write_end_networks(folder, result.graphs)
    return result


def origin(result: Comparison) -> Origin:
    """Return what a comparison was made from, for its folder."""
    return Origin(
        title=say("{others} compared with {base}", others=commas(result.others), base=result.base),
        seed=result.seed,
        seeds=sorted(set(result.values["seed"].tolist())),
        days=result.scenarios[result.base].days,
        scenarios=list(result.scenarios.values()),
        more={"failed_runs": len(result.failed)},
    )
