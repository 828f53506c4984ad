"""Contrasts: what a policy changes, from runs of policy and base under the same seeds.

Two runs under one seed differ only by what the policy changes (common random numbers), so that the difference within a
pair holds far less chance than either run. Everything here is therefore of paired differences, other minus base. A pair
with a missing side is dropped and counted; it is never taken for a difference of zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.statistics.intervals import paired_interval, simultaneous_level, student
from experiments.statistics.pairs import (
    by_scenario,
    complete,
    differences_of,
    identical,
    order_of,
    pairing,
    share_better,
)
from experiments.statistics.verdict import verdict
from sim.outcomes.catalogue import PRIMARY, Better, Outcome

if TYPE_CHECKING:
    import pandas as pd

FEW_USERS: Final = 1.0
FEW_PAIRS: Final = 10
"""A group of fewer users (mean) or with fewer pairs than these is not interpreted."""
_NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Contrast:
    """One outcome under a policy against the base.

    Parameters
    ----------
    scenario, base : str
    outcome, label, unit, better : str
        As in the catalogue.
    n, dropped : int
        Pairs compared; pairs left out because a side is missing.
    base_mean, other_mean, difference : float
        Means over the pairs compared; `difference` is other minus base.
    low, high : float
        95 % t interval of the mean difference; NaN with fewer than two pairs.
    low_simultaneous, high_simultaneous : float
        The same, wide enough that all contrasts of the family hold at once in 95 % of studies; NaN outside the family.
    share_better : float
        Share of pairs in which the other is better, ties counting half; NaN when neither direction is better.
    effect_sd : float
        Difference in standard deviations between users in the base; NaN when that is unknown or zero.
    pairing : float
        What pairing is worth: variance of the difference of independent runs over that of paired runs. 10 means that
        unpaired runs would have to be ten times as many. The variance of independent runs is var(base) + var(other),
        which is what pairing base seed i with other seed i + k gives, averaged over all cyclic shifts k that leave no
        run beside its own seed (but for their own small-sample bias of 2 cov / (n - 1), left out here). Infinite when
        the paired differences do not vary; NaN when nothing does, or with fewer than two pairs.
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
        """Whether the difference is clear even allowing for all the contrasts of the family."""
        return self.low_simultaneous > 0.0 or self.high_simultaneous < 0.0


@dataclass(frozen=True, slots=True)
class GroupContrast:
    """One outcome of one group of users under a policy against the base.

    Parameters
    ----------
    scenario, base, group : str
    outcome, label, unit, better : str
    n, dropped : int
    users : float
        Mean size of the group, over replicates: of the scenario in which it is smaller.
    share_users : float
        That size as a share of all groups' sizes.
    base_mean, other_mean, difference, low, high : float
        As in `Contrast`.
    flag : str
        Empty, "too few users" or "too few pairs"; a group with a flag is not to be interpreted.
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
    """Compare every other scenario with the first.

    Parameters
    ----------
    values : DataFrame
        Columns `scenario`, `replicate` and the outcomes; a row a run. The first scenario is the base.
    outcomes : sequence of Outcome
    spreads : mapping of str to float
        Standard deviation of an outcome between users in the base, by outcome, on the outcome's scale.
    family : sequence of str, optional
        The outcomes whose contrasts, over all policies, share the simultaneous intervals. By default the primary
        outcomes among `outcomes`, which the study is about; all of `outcomes` when none of them is primary.

    Returns
    -------
    list of Contrast
        By scenario, then by outcome, in the order given.

    Notes
    -----
    Simultaneous intervals are single-step max-|t| (Hothorn, Bretz and Westfall 2008): the critical value is that of the
    largest of the studentised differences, with the correlations the differences have in these runs. As every
    difference has a standard deviation of its own, these too are drawn (a Wishart law) rather than shared. With one
    contrast the interval is the plain one; it is never narrower than that nor wider than Bonferroni's.

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
    """Return contrasts as a table, a row each."""
    import pandas as pd

    kind = type(rows[0]) if rows else Contrast
    return pd.DataFrame([asdict(row) for row in rows], columns=[field.name for field in fields(kind)])


def by_group(
    groups: "pd.DataFrame",
    outcomes: Sequence[Outcome],
    base: str | None = None,
    few_users: float = FEW_USERS,
    few_pairs: int = FEW_PAIRS,
) -> list[GroupContrast]:
    """Compare every other scenario with the base, group by group; those worse off come first.

    Parameters
    ----------
    groups : DataFrame
        Columns `scenario`, `replicate`, `group`, `outcome`, `value` (mean over the group's users, NaN when it has none)
        and `users` (their number). The groups should be such as the policy cannot change (what users are like on
        arrival), else a difference may be of who is in the group and not of how they fare.
    outcomes : sequence of Outcome
    base : str, optional
        By default the first scenario.
    few_users, few_pairs : float, int
        Below these a group is flagged.

    Returns
    -------
    list of GroupContrast
        By scenario and outcome; then groups without a flag before those with one, the most harmed first (with an
        outcome of which neither direction is better, the most changed first).
    """
    first, *others = order_of(groups, base)
    rows: list[GroupContrast] = []
    for other in others:
        for outcome in outcomes:
            here = groups[groups["outcome"] == outcome.name]
            found = [
                _group_contrast(here[here["group"] == group], str(group), first, other, outcome, few_users, few_pairs)
                for group in here["group"].unique()
            ]
            rows += sorted(_with_shares(found), key=lambda row: (row.flag != "", -harm(row), row.group))
    return rows


def clear_among(row: GroupContrast, number: int) -> bool:
    """Return whether a difference is clear when so many are looked at: Bonferroni's correction of its interval."""
    if row.n < 2 or not row.high > row.low:
        return row.difference != 0.0 and row.n >= 2
    half = (row.high - row.low) / 2.0
    wider = half * (student(row.n, 0.05 / max(1, number)) / student(row.n, 0.05))
    return abs(row.difference) > wider


def harm(row: Contrast | GroupContrast) -> float:
    """Return how much worse the other is: the size of the change if no direction is better, -inf if not known."""
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
    from dataclasses import replace

    whole = [row.users for row in rows if row.group == "everybody"]
    users = whole[0] if whole else sum(row.users for row in rows)
    return [replace(row, share_users=row.users / users if users > 0.0 else _NAN) for row in rows]
