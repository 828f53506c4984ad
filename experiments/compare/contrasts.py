"""Contrasts: what a policy changes, from runs of the policy and of the base under the same seeds.

Two runs under the same seed differ only by what the policy changes (common random numbers), so their difference holds
far less chance than either run. All statistics here are therefore of paired differences, other minus base. A pair with
a missing run is dropped and counted, and never treated as a difference of zero. `experiments.statistics.verdict` holds
the rule for the verdicts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.measures.runs import EVERYBODY
from experiments.statistics.differences import by_scenario, complete, order_of, pairing, share_better
from experiments.statistics.intervals import Array
from experiments.statistics.paired import differences_of, simultaneous_level
from experiments.statistics.verdict import FEW, FEWEST, clear_among, differing, sound_interval, verdict
from sim.outcomes.catalogue import PRIMARY, Better, Outcome
from sim.outcomes.measures import mean_of
from sim.scenario.text.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

FEW_USERS: Final = 1.0
"""A group with fewer users (mean) than this gets a flag and no verdict."""
_NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Contrast:
    """The difference that a policy makes to one outcome, against the base.

    Parameters
    ----------
    scenario, base : str
    outcome, label, unit, better : str
        As in the catalogue.
    n, differ, dropped : int
        Pairs compared; how many of them differ; pairs left out because one of the runs is missing.
    base_mean, other_mean, difference : float
        Means over the pairs compared; `difference` is other minus base.
    low, high : float
        95 % interval of the mean difference. NaN with fewer than two pairs, when the differences do not vary, and when
        the difference is too rare for an interval (see `verdict`).
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
        "better", "worse", "higher" or "lower" (neither direction is better): clear among all differences judged
        together. The same "by itself": only the interval `low`-`high` excludes 0. "no clear difference": this interval
        includes 0. "no difference seen": no pair differs. "too rare to say": fewer than ten pairs differ. "too few to
        say": fewer than ten pairs. "not known": no pair.
    """

    scenario: str
    base: str
    outcome: str
    label: str
    unit: str
    better: Better
    n: int
    differ: int
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


@dataclass(frozen=True, slots=True)
class GroupContrast:
    """The difference that a policy makes to one outcome in one group of users, against the base.

    Parameters
    ----------
    scenario, base, group : str
    outcome, label, unit, better : str
    n, differ, dropped : int
    users : float
        Mean size of the group over replicates: the smaller of the two scenarios' means.
    share_users : float
        `users` as a share of everybody, or of the sum over all groups when no group is "everybody".
    base_mean, other_mean, difference, low, high : float
        As in `Contrast`.
    flag : str
        Empty, "too few users" or "too few pairs"; do not interpret a group with a flag.
    verdict : str
        As in `Contrast`; a plain "better" or "worse" is clear among all groups, outcomes and scenarios. A group with a
        flag gets "too few to say".
    """

    scenario: str
    base: str
    group: str
    outcome: str
    label: str
    unit: str
    better: Better
    n: int
    differ: int
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
    plain interval; otherwise it is at least as wide, and at most as wide as Bonferroni's. Outcomes outside the family
    are judged together by Holm's rule.

    Raises
    ------
    ValueError
        When a column or a second scenario is missing, or a scenario has a replicate twice.

    Examples
    --------
    >>> import pandas as pd
    >>> from dayroom import OUTCOMES, contrasts
    >>> drops = {"baseline": 0, "respite": 2}
    >>> rows = [(name, k, 50 + k % 5 - drop * (1 + k % 3)) for name, drop in drops.items() for k in range(12)]
    >>> runs = pd.DataFrame(rows, columns=["scenario", "replicate", "loneliness_ucla20"])
    >>> (row,) = contrasts(runs, [OUTCOMES["loneliness_ucla20"]], {})
    >>> row.scenario, row.n, row.difference, row.verdict
    ('respite', 12, -4.0, 'better')
    """
    base, *others = order_of(values)
    names = [outcome.name for outcome in outcomes]
    if family is None:
        family = [name for name in names if name in PRIMARY] or names
    stray = [name for name in family if name not in names]
    if stray:
        raise InputError(f"{', '.join(stray)} cannot be in the family; outcomes: {', '.join(names)}")
    wide = {name: by_scenario(values, name) for name in names}
    members = [(other, name) for other in others for name in names if name in family]
    level = simultaneous_level(
        np.column_stack([(wide[name][other] - wide[name][base]).to_numpy(float) for other, name in members])
        if members
        else np.empty((0, 0))
    )
    rows, differences = [], []
    for other in others:
        for outcome in outcomes:
            both = wide[outcome.name][[base, other]]
            before, after, _ = complete(both)
            differences.append(differences_of(before, after))
            here = level if outcome.name in family else _NAN
            rows.append(_contrast(both, outcome, spreads.get(outcome.name, _NAN), here))
    outside = [number for number, row in enumerate(rows) if row.outcome not in family]
    clear = [row.low_simultaneous > 0.0 or row.high_simultaneous < 0.0 for row in rows]
    for number, is_clear in zip(outside, clear_among([differences[number] for number in outside]), strict=True):
        clear[number] = is_clear
    return [judged(row, is_clear) for row, is_clear in zip(rows, clear, strict=True)]


def judged[Row: (Contrast, GroupContrast)](row: Row, clear: bool) -> Row:
    """Return a contrast with its verdict, given whether it is clear among all that are judged together."""
    ends = (row.low, row.high)
    word = verdict(ends, row.difference, row.better, n=row.n, differ=row.differ, clear=clear)
    return replace(row, verdict=FEW if isinstance(row, GroupContrast) and row.flag and row.n else word)


def table(rows: Sequence[Contrast] | Sequence[GroupContrast]) -> "pd.DataFrame":
    """Return a table with one row for each contrast."""
    import pandas as pd

    kind = type(rows[0]) if rows else Contrast
    return pd.DataFrame(rows, columns=[field.name for field in fields(kind)])


def by_group(
    groups: "pd.DataFrame", outcomes: Sequence[Outcome], base: str | None = None, few_users: float = FEW_USERS
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
    few_users : float
        A group with fewer gets a flag.

    Returns
    -------
    list of GroupContrast
        By scenario and outcome; then groups without a flag before groups with one, the most harmed first (the most
        changed first if neither direction of the outcome is better).

    Notes
    -----
    Holm's rule judges all groups, outcomes and scenarios together, without those that have a flag; `EVERYBODY`, whose
    users are those of the other groups, is judged apart.
    """
    first, *others = order_of(groups, base)
    rows, differences = [], []
    for other in others:
        for outcome in outcomes:
            here = groups[groups["outcome"] == outcome.name]
            for group in here["group"].unique():
                row, values = _group_contrast(
                    here[here["group"] == group], str(group), first, other, outcome, few_users
                )
                rows.append(row)
                differences.append(values)
    for whole in (True, False):
        family = [k for k, row in enumerate(rows) if row.flag == "" and (row.group == EVERYBODY) == whole]
        for k, clear in zip(family, clear_among([differences[k] for k in family]), strict=True):
            rows[k] = judged(rows[k], clear)
    ordered: list[GroupContrast] = []
    for other in others:
        for outcome in outcomes:
            some = [row for row in rows if (row.scenario, row.outcome) == (other, outcome.name)]
            ordered += sorted(_with_shares(some), key=lambda row: (row.flag != "", -harm(row), row.group))
    return ordered


def harm(row: Contrast | GroupContrast) -> float:
    """Return how much worse the other scenario is; -inf if unknown.

    If neither direction of the outcome is better, this is the size of the change.
    """
    if np.isnan(row.difference):
        return -np.inf
    return {"lower": row.difference, "higher": -row.difference, "neither": abs(row.difference)}[row.better]


def _contrast(both: "pd.DataFrame", outcome: Outcome, spread: float, level: float) -> Contrast:
    """Return a contrast without its verdict."""
    base, other, dropped = complete(both)
    differences = differences_of(base, other)
    mean = mean_of(differences)
    low, high = sound_interval(differences)
    low_all, high_all = sound_interval(differences, level)
    return Contrast(
        scenario=str(both.columns[1]),
        base=str(both.columns[0]),
        outcome=outcome.name,
        label=outcome.label,
        unit=outcome.unit,
        better=outcome.better,
        n=len(differences),
        differ=differing(differences),
        dropped=dropped,
        base_mean=mean_of(base),
        other_mean=mean_of(other),
        difference=mean,
        low=low,
        high=high,
        low_simultaneous=low_all,
        high_simultaneous=high_all,
        share_better=share_better(differences, outcome.better),
        effect_sd=mean / spread if np.isfinite(spread) and spread > 0.0 else _NAN,
        pairing=pairing(base, other),
        verdict="",
    )


def _group_contrast(
    rows: "pd.DataFrame", group: str, base: str, other: str, outcome: Outcome, few_users: float
) -> tuple[GroupContrast, Array]:
    """Return the contrast of a group, with the verdict of a flag or none, and its paired differences."""
    wide = by_scenario(rows, "value").reindex(columns=[base, other])
    sizes = by_scenario(rows, "users").reindex(columns=[base, other]).mean().fillna(0.0)
    before, after, dropped = complete(wide)
    differences = differences_of(before, after)
    low, high = sound_interval(differences)
    users = float(sizes.min())
    row = GroupContrast(
        scenario=other,
        base=base,
        group=group,
        outcome=outcome.name,
        label=outcome.label,
        unit=outcome.unit,
        better=outcome.better,
        n=len(differences),
        differ=differing(differences),
        dropped=dropped,
        users=users,
        share_users=_NAN,
        base_mean=mean_of(before),
        other_mean=mean_of(after),
        difference=mean_of(differences),
        low=low,
        high=high,
        flag="too few users" if users < few_users else "too few pairs" if len(differences) < FEWEST else "",
        verdict="",
    )
    return judged(row, clear=False), differences


def _with_shares(rows: list[GroupContrast]) -> list[GroupContrast]:
    whole = [row.users for row in rows if row.group == EVERYBODY]
    users = whole[0] if whole else sum(row.users for row in rows)
    return [replace(row, share_users=row.users / users if users > 0.0 else _NAN) for row in rows]
