"""Contrasts: what a policy changes, from runs of the policy and of the base under the same seeds.

Two runs under the same seed differ only by what the policy changes (common random numbers), so their difference holds
far less chance than either run. All statistics here are therefore of paired differences, other minus base. A pair with
a missing run is dropped and counted, and never treated as a difference of zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.differences import (
    by_scenario,
    complete,
    differences_of,
    identical,
    order_of,
    pairing,
    share_better,
)
from experiments.statistics.intervals import paired_interval, simultaneous_level, student
from experiments.statistics.verdict import verdict
from sim.outcomes.catalogue import PRIMARY, Better, Outcome

if TYPE_CHECKING:
    import pandas as pd

FEW_USERS: Final = 1.0
FEW_PAIRS: Final = 10
"""A group with fewer users (mean) or fewer pairs than these gets a flag and no verdict."""
_NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Contrast:
    """The difference that a policy makes to one outcome, against the base.

    Parameters
    ----------
    scenario, base : str
    outcome, label, unit, better : str
        As in the catalogue.
    n, dropped : int
        Pairs compared; pairs left out because one of the runs is missing.
    base_mean, other_mean, difference : float
        Means over the pairs compared; `difference` is other minus base.
    low, high : float
        95 % t interval of the mean difference; NaN with fewer than two pairs.
    low_simultaneous, high_simultaneous : float
        The same, widened so that in 95 % of studies all intervals of the family hold at once; NaN outside the family.
    share_better : float
        Share of pairs in which the policy is better, a tie counting half; NaN when neither direction is better.
    effect_sd : float
        Difference divided by the standard deviation between users in the base; NaN when that is unknown or zero.
    pairing : float
        What pairing gains: variance of the difference of independent runs, divided by that of paired runs. 10 means
        that unpaired runs would have to be ten times as many. The variance for independent runs is var(base) +
        var(other). Pairing base seed i with other seed i + k gives the same on average over all cyclic
        shifts k that leave no run beside its own seed (except for a small-sample bias of 2 cov / (n - 1), left out
        here). Infinite when the paired differences do not vary; NaN when no run varies, or with fewer than two pairs.
    verdict : str
        "better", "worse", "higher", "lower" (neither direction is better), "no clear difference" (the interval
        `low`-`high` includes 0), "identical" (every difference is 0) or "not known" (fewer than two pairs).
    """

    scenario: str
    base: str
    outcome: str
    label: str
    unit: str
    better: Better
    n: int
    dropped: int
    base_mean: float
    other_mean: float
    difference: float
    low: float
    high: float
    low_simultaneous: float
    high_simultaneous: float
    share_better: float
    effect_sd: float
    pairing: float
    verdict: str

    @property
    def clear_simultaneously(self) -> bool:
        """Whether the difference is clear by its simultaneous interval too."""
        return self.low_simultaneous > 0.0 or self.high_simultaneous < 0.0


@dataclass(frozen=True, slots=True)
class GroupContrast:
    """The difference that a policy makes to one outcome in one group of users, against the base.

    Parameters
    ----------
    scenario, base, group : str
    outcome, label, unit, better : str
    n, dropped : int
    users : float
        Mean size of the group over replicates, in whichever of the two scenarios it is smaller.
    share_users : float
        `users` as a share of everybody, or of the sum over all groups when no group is "everybody".
    base_mean, other_mean, difference, low, high : float
        As in `Contrast`.
    flag : str
        Empty, "too few users" or "too few pairs"; do not interpret a group with a flag.
    verdict : str
        As in `Contrast`, or "too few to say".
    """

    scenario: str
    base: str
    group: str
    outcome: str
    label: str
    unit: str
    better: Better
    n: int
    dropped: int
    users: float
    share_users: float
    base_mean: float
    other_mean: float
    difference: float
    low: float
    high: float
    flag: str
    verdict: str


def contrasts(
    values: "pd.DataFrame",
    outcomes: Sequence[Outcome],
    spreads: Mapping[str, float],
    family: Sequence[str] | None = None,
) -> list[Contrast]:
    """Compare each other scenario with the first, outcome by outcome.

    Parameters
    ----------
    values : DataFrame
        Columns `scenario`, `replicate` and the outcomes; one row for each run. The first scenario is the base.
    outcomes : sequence of Outcome
    spreads : mapping of str to float
        Standard deviation between users in the base, by outcome, on the outcome's scale.
    family : sequence of str, optional
        The outcomes whose contrasts get simultaneous intervals, over all policies together. By default the primary
        outcomes among `outcomes`, or all of them when none is primary.

    Returns
    -------
    list of Contrast
        By scenario, then by outcome, in the order given.

    Notes
    -----
    Simultaneous intervals are single-step max-|t| (Hothorn, Bretz and Westfall 2008): the critical value is a quantile
    of the largest studentised difference, with the correlations of the differences in these runs. Each difference has
    a standard deviation of its own, so these are drawn too (a Wishart law). With one contrast the interval is the
    plain interval; otherwise it is at least as wide, and at most as wide as Bonferroni's.

    Raises
    ------
    ValueError
        When a column or a second scenario is missing, or a scenario has a replicate twice.
    """
    base, *others = order_of(values)
    names = [outcome.name for outcome in outcomes]
    if family is None:
        family = [name for name in names if name in PRIMARY] or names
    stray = [name for name in family if name not in names]
    if stray:
        raise ValueError(f"{', '.join(stray)} cannot be in the family; outcomes: {', '.join(names)}")
    wide = {name: by_scenario(values, name) for name in names}
    members = [(other, name) for other in others for name in names if name in family]
    level = simultaneous_level(
        np.column_stack([(wide[name][other] - wide[name][base]).to_numpy(float) for other, name in members])
        if members
        else np.empty((0, 0))
    )
    return [
        _contrast(
            wide[outcome.name][[base, other]],
            outcome,
            spreads.get(outcome.name, _NAN),
            level if outcome.name in family else _NAN,
        )
        for other in others
        for outcome in outcomes
    ]


def table(rows: Sequence[Contrast] | Sequence[GroupContrast]) -> "pd.DataFrame":
    """Return a table with one row for each contrast."""
    import pandas as pd

    kind = type(rows[0]) if rows else Contrast
    return pd.DataFrame(rows, columns=[field.name for field in fields(kind)])


def by_group(
    groups: "pd.DataFrame",
    outcomes: Sequence[Outcome],
    base: str | None = None,
    few_users: float = FEW_USERS,
    few_pairs: int = FEW_PAIRS,
) -> list[GroupContrast]:
    """Compare each other scenario with the base, group by group; groups that are worse off come first.

    Parameters
    ----------
    groups : DataFrame
        Columns `scenario`, `replicate`, `group`, `outcome`, `value` (mean over the group's users, NaN for an empty
        group) and `users` (their number). Choose groups by traits a policy cannot change, such as those at arrival.
        Otherwise a difference may come from who is in the group, and not from how its users fare.
    outcomes : sequence of Outcome
    base : str, optional
        By default the first scenario.
    few_users, few_pairs : float, int
        A group with fewer gets a flag.

    Returns
    -------
    list of GroupContrast
        By scenario and outcome; then groups without a flag before groups with one, the most harmed first (the most
        changed first if neither direction of the outcome is better).
    """
    first, *others = order_of(groups, base)
    rows: list[GroupContrast] = []
    for other in others:
        for outcome in outcomes:
            here = groups[groups["outcome"] == outcome.name]
            compared = [
                _group_contrast(here[here["group"] == group], str(group), first, other, outcome, few_users, few_pairs)
                for group in here["group"].unique()
            ]
            rows += sorted(_with_shares(compared), key=lambda row: (row.flag != "", -harm(row), row.group))
    return rows


def clear_among(row: GroupContrast, number: int) -> bool:
    """Return whether a difference is clear as one of `number` comparisons (Bonferroni)."""
    if row.n < 2 or not row.high > row.low:
        return row.difference != 0.0 and row.n >= 2
    half = (row.high - row.low) / 2.0
    wider = half * (student(row.n, 0.05 / max(1, number)) / student(row.n, 0.05))
    return abs(row.difference) > wider


def harm(row: Contrast | GroupContrast) -> float:
    """Return how much worse the other scenario is; -inf if unknown.

    If neither direction of the outcome is better, this is the size of the change.
    """
    if np.isnan(row.difference):
        return -np.inf
    return {"lower": row.difference, "higher": -row.difference, "neither": abs(row.difference)}[row.better]


def _contrast(both: "pd.DataFrame", outcome: Outcome, spread: float, level: float) -> Contrast:
    base, other, dropped = complete(both)
    differences = differences_of(base, other)
    low, high = paired_interval(differences)
    mean = float(differences.mean()) if len(differences) else _NAN
    low_all, high_all = paired_interval(differences, level)
    return Contrast(
        scenario=str(both.columns[1]),
        base=str(both.columns[0]),
        outcome=outcome.name,
        label=outcome.label,
        unit=outcome.unit,
        better=outcome.better,
        n=len(differences),
        dropped=dropped,
        base_mean=float(base.mean()) if len(base) else _NAN,
        other_mean=float(other.mean()) if len(other) else _NAN,
        difference=mean,
        low=low,
        high=high,
        low_simultaneous=low_all,
        high_simultaneous=high_all,
        share_better=share_better(differences, outcome.better),
        effect_sd=mean / spread if np.isfinite(spread) and spread > 0.0 else _NAN,
        pairing=pairing(base, other),
        verdict=verdict(low, high, outcome.better, same=identical(differences)),
    )


def _group_contrast(
    rows: "pd.DataFrame", group: str, base: str, other: str, outcome: Outcome, few_users: float, few_pairs: int
) -> GroupContrast:
    wide = by_scenario(rows, "value").reindex(columns=[base, other])
    sizes = by_scenario(rows, "users").reindex(columns=[base, other]).mean().fillna(0.0)
    before, after, dropped = complete(wide)
    differences = differences_of(before, after)
    low, high = paired_interval(differences)
    users = float(sizes.min())
    flag = "too few users" if users < few_users else "too few pairs" if len(differences) < few_pairs else ""
    return GroupContrast(
        scenario=other,
        base=base,
        group=group,
        outcome=outcome.name,
        label=outcome.label,
        unit=outcome.unit,
        better=outcome.better,
        n=len(differences),
        dropped=dropped,
        users=users,
        share_users=_NAN,
        base_mean=float(before.mean()) if len(before) else _NAN,
        other_mean=float(after.mean()) if len(after) else _NAN,
        difference=float(differences.mean()) if len(differences) else _NAN,
        low=low,
        high=high,
        flag=flag,
        verdict="too few to say" if flag else verdict(low, high, outcome.better, same=identical(differences)),
    )


def _with_shares(rows: list[GroupContrast]) -> list[GroupContrast]:
    whole = [row.users for row in rows if row.group == "everybody"]
    users = whole[0] if whole else sum(row.users for row in rows)
    return [replace(row, share_users=row.users / users if users > 0.0 else _NAN) for row in rows]
