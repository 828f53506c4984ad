"""What comparisons need of a run: outcomes at its end, by group, daily curves, users, costs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.outcomes.catalogue import LONELY_FROM, PRIMARY, SEVERELY_LONELY_FROM, Outcome, recorded
from sim.run import Run
from sim.state.columns import PRESENT, ROLES, SAMPLED_DIAGNOSES, SEXES

if TYPE_CHECKING:
    import networkx as nx

    from experiments.measures.discounted import Discounted

END_DAYS: Final = 28
"""An outcome at the end is the mean over this many last days of a run: four whole weeks average out much chance."""
GUARDED_FROM: Final = 0.6
"""A user with at least this disclosure threshold counts as guarded."""
EVERYBODY: Final = "everybody"
"""Name of the group of all users."""
FIRST_SHOWN: Final = ("loneliness_ucla20", "lonely_share", "severely_lonely_share", "burden", "group_identity")
"""Outcomes reported first; the contrasts of all scenarios in them are also judged together."""
GROUP_OUTCOMES: Final = FIRST_SHOWN
"""Outcomes kept for each group of users."""

Floats = np.ndarray[Any, np.dtype[np.float64]]
Groups = dict[str, np.ndarray[Any, np.dtype[np.bool_]]]


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of a run.

    Parameters
    ----------
    ends : dict of str to float
        For each daily outcome that the run records, its mean over the last `END_DAYS` and over centres, weighted by
        users; for counts and costs, the daily total of all centres.
    curves : float array, shape (days, 3)
        The primary outcomes on each day.
    groups : dict of (group, outcome) to (value, users)
        Mean over the users of the group who are enrolled at the end, and their number.
    users : record array
        Users enrolled at the end: uid, the three primary states, and loneliness on day 0 or on arrival, in the units of
        their instruments.
    user_years, staff_hours, unserved, money, cost : float
        Totals over the whole run; `cost` is money plus staff hours, priced at each centre's cost of an hour.
    discounted : Discounted
        Costs and loneliness over the whole run, both discounted.
    weekly : dict of str to float
        What a budget limits, over all centres: `hours_a_week`, hours of staff that policies asked for, and
        `money_a_week`, each the mean over the run; `hours_busiest` and `money_busiest`, a week's mean in the `END_DAYS`
        days in a row that took most.
    policies : list of dict
        For each policy: mean numbers eligible and taking part; hours wanted, hours served and money per week.
    graph : DiGraph, optional
        The network at the end of the run.
    """

    ends: dict[str, float]
    curves: Floats
    groups: dict[tuple[str, str], tuple[float, float]]
    users: Any
    user_years: float
    staff_hours: float
    unserved: float
    money: float
    cost: float
    discounted: "Discounted"
    weekly: dict[str, float] = field(default_factory=dict)
    policies: list[dict[str, Any]] = field(default_factory=list)
    graph: "nx.DiGraph[int] | None" = None


def measured(run: Run, discount: float | None = None) -> Measured:
    """Return the measures of a run; `discount` is the yearly rate of `Measured.discounted`, by default `DISCOUNT`."""
    from experiments.measures.discounted import DISCOUNT, discounted

    daily, users = run.daily, run.users[run.users["status"] == PRESENT]
    last = daily[-min(END_DAYS, len(daily)) :]
    costs = daily["money"] + daily["staff_hours"] * hour_costs(run)
    return Measured(
        ends={outcome.name: over_centres(last, outcome) for outcome in recorded(last.dtype.names)},
        curves=np.column_stack([_curve(daily, name) for name in PRIMARY]),
        groups=by_group(users, groups_of(users, of_present(run))),
        users=_of_users(users),
        user_years=float(daily["users"].sum()) / 365.25,
        staff_hours=float(daily["staff_hours"].sum()),
        unserved=float(daily["staff_hours_unserved"].sum()),
        money=float(daily["money"].sum()),
        cost=float(costs.sum()),
        discounted=discounted(run, costs, DISCOUNT if discount is None else discount),
        weekly=weekly(daily),
        policies=_of_policies(run),
        graph=run.graphs.get(len(daily)),
    )


def weekly(daily: Any) -> dict[str, float]:
    """Return hours asked for and money a week, over the run and in its busiest days; see `Measured.weekly`."""
    amounts = {"hours": daily["staff_hours"] + daily["staff_hours_unserved"], "money": daily["money"]}
    days = min(END_DAYS, len(daily))
    found = {}
    for name, amount in amounts.items():
        so_far = np.concatenate([[0.0], np.cumsum(amount.sum(axis=1))])
        found[f"{name}_a_week"] = 7.0 * float(so_far[-1]) / len(daily)
        found[f"{name}_busiest"] = 7.0 * float((so_far[days:] - so_far[:-days]).max()) / days
    return found


def hour_costs(run: Run) -> Floats:
    """Return the cost of a staff hour in each centre of a run, shape (centres,)."""
    return np.array([spec.hour_cost for spec in run.scenario.centres.values() for _ in range(spec.copies)])


def over_centres(days: Any, outcome: Outcome) -> float:
    """Return an outcome's mean over days and centres, weighted by users; for a count or cost, the daily total."""
    values = days[outcome.name]
    if outcome.group in ("count", "cost"):
        return float(np.nansum(values) / len(days))
    weights = days["users"] * np.isfinite(values)
    total = weights.sum()
    return float(np.nansum(np.where(np.isfinite(values), values, 0.0) * weights) / total) if total > 0 else float("nan")


def _curve(daily: Any, name: str) -> Floats:
    weights = daily["users"]
    with np.errstate(invalid="ignore"):  # a day on which nobody is enrolled has no mean
        curve: Floats = (daily[name] * weights).sum(axis=1) / weights.sum(axis=1)
    return curve


def of_present(run: Run) -> Groups:
    """Return who of the users enrolled at the end belongs to each of the scenario's own groups."""
    here = run.users["status"] == PRESENT
    return {name: belongs[here] for name, belongs in run.groups.items()}


def groups_of(users: Any, own: Groups | None = None) -> Groups:
    """Return who belongs to which group, judged by their state at the start of the run or on arrival; `own` last."""
    before = users["arrived"] < 0
    groups = {EVERYBODY: np.ones(len(users), np.bool_)}
    groups |= {"women": users["sex"] == SEXES.index("woman"), "men": users["sex"] == SEXES.index("man")}
    groups |= {name: users["diagnosis"] == code for code, name in enumerate(SAMPLED_DIAGNOSES)}
    groups["newcomers of the run"] = ~before
    groups["guarded"] = users["disclosure_threshold"] >= GUARDED_FROM
    groups["without a friend at the start"] = before & (users["friends_at_entry"] == 0)
    groups["helpers at the start"] = before & (users["role_at_entry"] == ROLES.index("helper"))
    return groups | (own or {})


def by_group(users: Any, groups: Groups | None = None) -> dict[tuple[str, str], tuple[float, float]]:
    """Return, for each group and outcome, the mean (NaN in an empty group) and the number of users.

    Parameters
    ----------
    users : record array
        Users enrolled at the end.
    groups : dict of str to bool array, optional
        Who belongs to which group; by default `groups_of(users)`.
    """
    values = {
        "loneliness_ucla20": 20.0 + 60.0 * users["loneliness"],
        "lonely_share": (users["loneliness"] >= LONELY_FROM) * 1.0,
        "severely_lonely_share": (users["loneliness"] >= SEVERELY_LONELY_FROM) * 1.0,
        "burden": 100.0 * users["burden"],
        "group_identity": 1.0 + 6.0 * users["identity"],
    }
    means = {}
    for group, of_it in (groups_of(users) if groups is None else groups).items():
        number = int(of_it.sum())
        for name in GROUP_OUTCOMES:
            means[group, name] = (float(values[name][of_it].mean()) if number else float("nan"), float(number))
    return means


def _of_users(users: Any) -> Any:
    states = ("loneliness", "burden", "identity", "loneliness_at_entry")
    kept = np.zeros(len(users), [("uid", "i8"), *((name, "f8") for name in states)])
    kept["uid"] = users["uid"]
    for name in ("loneliness", "loneliness_at_entry"):
        kept[name] = 20.0 + 60.0 * users[name]
    kept["burden"] = 100.0 * users["burden"]
    kept["identity"] = 1.0 + 6.0 * users["identity"]
    return kept


def _of_policies(run: Run) -> list[dict[str, Any]]:
    """Return what each policy wanted, got and cost per week, over the weeks in which it acted in any centre."""
    rows, did = [], acted(run)
    for number, name in enumerate(run.policies):
        mine = run.reviews[run.reviews["use"] == number]
        acting = mine[mine["level"] > 0.0]
        weeks = max(len(np.unique(acting["day"])), 1)
        sums = {
            column: float(acting[column].sum()) / weeks
            for column in ("eligible", "taking_part", "hours_wanted", "hours_served", "money")
        }
        reviews = max(len(np.unique(mine["day"])), 1)
        share = len(np.unique(acting["day"])) / reviews
        rows.append({"policy": name, "acted": name in did, "share_of_time": share, **sums})
    return rows


def acted(run: Run) -> set[str]:
    """Return the names of the policies that acted at any review: in force, with participants or on the whole house."""
    if not run.policies:
        return set()
    served = run.reviews[run.reviews["level"] > 0.0]
    whole = [use for use, name in enumerate(run.policies) if run.scenario.policies[name].whole_house]
    working = served[(served["taking_part"] > 0) | np.isin(served["use"], whole)]
    return {run.policies[use] for use in set(working["use"].tolist())}


def spreads_of(runs: Sequence[Measured]) -> dict[str, float]:
    """Return the standard deviation between users of each primary outcome; effects in SD are divided by it."""
    return {name: float(np.nanmean([run.ends[f"{name}_sd"] for run in runs])) for name in PRIMARY}
