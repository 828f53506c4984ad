"""How the first year of newcomers goes, and which levers help them."""

from typing import TYPE_CHECKING, Final, Literal, cast

import numpy as np
from scipy.special import betaincinv

from experiments.findings.fragments import Difference, Numbers, difference, judged_together, p_of_interval
from experiments.measures.newcomers import BEFORE, STAYS
from experiments.statistics.intervals import ALONE, Array, jackknifed, student
from experiments.statistics.levels import SMALL_EFFECT, Between
from experiments.statistics.pooled import Pooled, mean_difference, mean_interval, pooled
from experiments.statistics.verdict import FEWEST
from experiments.statistics.waits import DAYS, Waits, share_difference, share_found, share_interval, waits_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.findings.tables import Tables
    from experiments.studies.study import Study

STUDY: Final = "newcomers-first-year"
EVENTS: Final = {"friend": "first_friend", "confidant": "first_confidant"}
YEAR: Final = 365
BY: Final = {"friend": 90, "confidant": YEAR}
"""Day at which levers are compared, by event: 90 for friends, since after a year nearly all newcomers have a friend."""
SEED: Final = 1
"""Seed of the resampling of runs."""
SHORT: Final = tuple(name for name, _, most in STAYS if most <= YEAR)
"""Names of the groups of users in their first year, by length of stay."""
_OUTCOMES: Final = ("loneliness_ucla20", "group_identity", "burden")
_MOST_SHOWN: Final = 5
_ROUNDING: Final = 1e-9
Effects = dict[str, dict[str, Difference]]


def numbers(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> Numbers:
    """Return the shares with a first friend or confidant by day, outcomes by length of stay, and effects of levers."""
    usual = study.usual_care
    levers = [lever for lever in study.levers if lever != usual]
    replicates = int(runs["replicate"].max()) + 1
    waits = {
        event: {lever: _waits(tables, study, lever, column, replicates) for lever in study.levers}
        for event, column in EVENTS.items()
    }
    mine = runs[runs["lever"] == usual]
    margins = {outcome: SMALL_EFFECT * float(mine[f"{outcome}_sd"].mean()) for outcome in _OUTCOMES}
    newcomers = len(waits["friend"][usual].days)
    stays = {outcome: _by_stay(tables.groups, outcome, study, replicates) for outcome in _OUTCOMES}
    gap = {
        outcome: {group: _between(of[BEFORE][usual], of[group][usual], margins[outcome]) for group in SHORT}
        for outcome, of in stays.items()
    }
    first_year = {
        outcome: {lever: _between(_first_year(of, usual), _first_year(of, lever), margins[outcome]) for lever in levers}
        for outcome, of in stays.items()
    }
    more = {event: {lever: _more_found(of, usual, lever, BY[event]) for lever in levers} for event, of in waits.items()}
    made = judged_together(
        {
            "small": SMALL_EFFECT,
            "margins": margins,
            "newcomers": newcomers,
            "by": BY,
            "a_year": newcomers / replicates / (study.days / YEAR),
            "waits": {event: _shares(of[usual]) for event, of in waits.items()},
            "plain_median": float(mine["newcomers_to_first_friend_days"].mean()),
            "stays": {
                outcome: {group: _mean(of[usual]) for group, of in by_group.items()}
                for outcome, by_group in stays.items()
            },
            "gap": gap,
            "policies": {
                lever: {
                    **{event: of[lever] for event, of in more.items()},
                    **{
                        outcome: {
                            "first_year": first_year[outcome][lever],
                            "others": _between(of[BEFORE][usual], of[BEFORE][lever], margins[outcome]),
                        }
                        for outcome, of in stays.items()
                    },
                }
                for lever in levers
            },
            "left": {outcome: of[SHORT[-1]]["value"] / of[SHORT[0]]["value"] for outcome, of in gap.items()},
            "identity_left_more": _left_more(stays, usual),
        }
    )
    lists = (("sooner", more["friend"], 1.0), ("later", more["friend"], -1.0))
    for name, effects, sign in (*lists, ("less_lonely", first_year["loneliness_ucla20"], -1.0)):
        made[name], made[f"{name}_alone"] = _moved(effects, sign, "clear"), _moved(effects, sign, "alone")
    return made


def _moved(effects: dict[str, Difference], sign: float, which: Literal["clear", "alone"]) -> list[str]:
    """Return the levers that raise (1) or lower (-1) an outcome, clear among all or by themselves only; most first."""
    wanted = [
        lever
        for lever, effect in effects.items()
        if sign * effect["value"] > 0.0 and effect["alone"] and effect["clear"] == (which == "clear")
    ]
    return sorted(wanted, key=lambda lever: -sign * effects[lever]["value"])


def _left_more(stays: dict[str, dict[str, dict[str, Pooled]]], usual: str) -> Difference:
    """Return by how much the share of the distance that is left is larger in group identity than in loneliness.

    The interval is a t interval with the standard error of the jackknife over runs.
    """
    parts = [
        column
        for outcome in ("group_identity", "loneliness_ucla20")
        for group in (BEFORE, SHORT[0], SHORT[-1])
        for column in (stays[outcome][group][usual].totals, stays[outcome][group][usual].people)
    ]
    sums = np.stack(parts, axis=1)

    def more(totals: Array) -> tuple[float, ...]:
        with np.errstate(invalid="ignore", divide="ignore"):
            before, first, last = (totals[0::2] / totals[1::2]).reshape(2, 3).T
            left = (last - before) / (first - before)
        return (float(left[0] - left[1]),)

    (value,), (error,), runs = more(sums.sum(axis=0)), jackknifed(sums, more), len(sums)
    half = student(runs) * error if runs > 1 and error > 0.0 else float("nan")
    low, high = value - half, value + half
    return difference(Between(value, low, high, runs, runs, p_of_interval(value, (low, high), runs - 1)), 0.0)


def _waits(tables: "Tables", study: "Study", lever: str, column: str, replicates: int) -> Waits:
    newcomers = tables.newcomers
    return waits_of(newcomers[newcomers["lever"] == lever], column, study.days, replicates)


def _shares(waits: Waits) -> Numbers:
    """Return the share of newcomers who have met an event by each of `DAYS`, and the day by which half have.

    The day is None when it takes longer than a year.
    """
    shares, (low, high) = share_found(waits, DAYS), share_interval(waits, DAYS, SEED)
    by_day = share_found(waits, np.arange(YEAR + 1.0))
    half = np.flatnonzero(by_day >= 0.5)
    rows = [
        {"day": day, "share": _known(share), "low": _known(least), "high": _known(most), **_counted(waits, day)}
        for day, share, least, most in zip(DAYS, shares, low, high, strict=True)
    ]
    return {"by": rows, "half_by": int(half[0]) if len(half) else None, "found": int(waits.happened.sum())}


def _counted(waits: Waits, day: float) -> Numbers:
    """Return how many met an event by a day, in how many runs, and up to which share of runs any might.

    That share is an upper bound of the share of newcomers too, however newcomers of a run depend on each other; its
    95 % upper end is that of Clopper & Pearson (1934, doi 10.1093/biomet/26.4.404), without events 1 - 0.05^(1/n).
    """
    events = _events(waits, day)
    some, number = int(np.count_nonzero(events)), waits.number
    most = float(betaincinv(some + 1.0, number - some, 1.0 - ALONE)) if some < number else 1.0
    return {"events": int(events.sum()), "in_runs": some, "runs_at_most": most}


def _events(waits: Waits, day: float) -> Array:
    """Return how many people of each run met an event by a day."""
    met = waits.happened & (waits.days <= day)
    return np.bincount(waits.runs[met], minlength=waits.number).astype(np.float64)


def _more_found(waits: dict[str, Waits], usual: str, lever: str, day: int) -> Difference:
    """Return how many more of 100 newcomers meet an event by a day under a lever; runs are resampled in pairs."""
    base, other = waits[usual], waits[lever]
    more, low, high = (float(100.0 * shares[0]) for shares in share_difference(base, other, [day], SEED))
    differ = int(np.count_nonzero(_events(base, day) != _events(other, day)))
    return _tested(more, low, high, base.number, differ, 0.0)


def _tested(value: float, low: float, high: float, runs: int, differ: int, margin: float) -> Difference:
    """Return a difference as a record; with too few runs that differ, without an interval."""
    p = p_of_interval(value, (low, high), runs - 1)
    if high - low <= _ROUNDING * abs(value):  # the same in all resamples
        p = float(differ < runs)
        low = high = float("nan")
    if differ < FEWEST <= runs:
        low = high = float("nan")
    return difference(Between(value, low, high, runs, differ, p), margin)


def _by_stay(groups: "pd.DataFrame", outcome: str, study: "Study", replicates: int) -> dict[str, dict[str, Pooled]]:
    """Pool an outcome over users of all runs, by length of stay and lever."""
    mine = groups[groups["outcome"] == outcome]
    by_group: dict[str, dict[str, Pooled]] = {}
    for group in (*(name for name, _, _ in STAYS), BEFORE):
        some = mine[mine["group"] == group]
        by_group[group] = {}
        for lever in study.levers:
            rows = some[some["lever"] == lever].set_index("replicate").reindex(range(replicates))
            by_group[group][lever] = pooled(rows["value"].to_numpy(float), np.nan_to_num(rows["users"].to_numpy(float)))
    return by_group


def _first_year(of: dict[str, dict[str, Pooled]], lever: str) -> Pooled:
    """Pool all users in their first year."""
    parts = [of[group][lever] for group in SHORT]
    return Pooled(np.sum([part.totals for part in parts], axis=0), np.sum([part.people for part in parts], axis=0))


def _mean(of: Pooled) -> Numbers:
    low, high = mean_interval(of, SEED)
    return {"mean": of.mean, "low": low, "high": high, "users": int(of.people.sum())}


def _between(base: Pooled, other: Pooled, margin: float) -> Difference:
    differ = int(np.count_nonzero((base.totals != other.totals) | (base.people != other.people)))
    return _tested(*mean_difference(base, other, SEED), len(base.people), differ, margin)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def figure(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> "Figure":
    """Draw the shares with a first friend or confidant by day, and loneliness by length of stay.

    Levers that change the share with a friend by 90 days, clear among all of the page, are coloured, at most five: the
    largest changes.
    """
    import pandas as pd

    from experiments.plots.findings.waits import newcomer_waits

    replicates, usual = int(runs["replicate"].max()) + 1, study.usual_care
    days = np.arange(0.0, YEAR + 1.0, 5.0)
    rows: list[Numbers] = []
    for event, column in EVENTS.items():
        for lever in study.levers:
            waits = _waits(tables, study, lever, column, replicates)
            low, high = share_interval(waits, days, SEED, 400) if lever == usual else np.full((2, len(days)), np.nan)
            for day, share, least, most in zip(days, share_found(waits, days), low, high, strict=True):
                rows.append({"event": event, "lever": lever, "day": day, "share": share, "low": least, "high": most})
    lonely = _by_stay(tables.groups, "loneliness_ucla20", study, replicates)
    stays = [
        {"group": group, "lever": lever, **_mean(of)}
        for group, by_lever in lonely.items()
        for lever, of in by_lever.items()
    ]
    effects = {lever: of["friend"] for lever, of in cast("Effects", numbers(study, runs, tables)["policies"]).items()}
    clear = [lever for lever in effects if effects[lever]["clear"]]
    shown = sorted(clear, key=lambda lever: -abs(effects[lever]["value"]))[:_MOST_SHOWN]
    return newcomer_waits(
        pd.DataFrame(rows), pd.DataFrame(stays), usual, [lever for lever in study.levers if lever in shown]
    )
