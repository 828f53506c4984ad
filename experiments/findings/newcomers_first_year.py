"""How the first year of newcomers goes, and which levers help them."""

from typing import TYPE_CHECKING, Final

import numpy as np

from experiments.findings.fragments import Difference, Numbers, difference
from experiments.measures.newcomers import BEFORE, STAYS
from experiments.statistics.levels import SMALL_EFFECT, Between
from experiments.statistics.pooled import Pooled, mean_difference, mean_interval, pooled
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
    return {
        "small": SMALL_EFFECT,
        "margins": margins,
        "newcomers": newcomers,
        "by": BY,
        "a_year": newcomers / replicates / (study.days / YEAR),
        "waits": {event: _shares(of[usual]) for event, of in waits.items()},
        "plain_median": float(mine["newcomers_to_first_friend_days"].mean()),
        "stays": {
            outcome: {group: _mean(of[usual]) for group, of in by_group.items()} for outcome, by_group in stays.items()
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
        "sooner": _raised(more["friend"]),
        "later": _lowered(more["friend"]),
        "less_lonely": _lowered(first_year["loneliness_ucla20"]),
    }


def _raised(effects: dict[str, Difference]) -> list[str]:
    """Return the levers that clearly raise an outcome, the largest rise first."""
    clear = [lever for lever, effect in effects.items() if effect["low"] > 0.0]
    return sorted(clear, key=lambda lever: -effects[lever]["value"])


def _lowered(effects: dict[str, Difference]) -> list[str]:
    """Return the levers that clearly lower an outcome, the largest fall first."""
    clear = [lever for lever, effect in effects.items() if effect["high"] < 0.0]
    return sorted(clear, key=lambda lever: effects[lever]["value"])


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
        {"day": day, "share": _known(share), "low": _known(least), "high": _known(most)}
        for day, share, least, most in zip(DAYS, shares, low, high, strict=True)
    ]
    return {"by": rows, "half_by": int(half[0]) if len(half) else None, "found": int(waits.happened.sum())}


def _more_found(waits: dict[str, Waits], usual: str, lever: str, day: int) -> Difference:
    """Return how many more of 100 newcomers meet an event by a day under a lever; runs are resampled in pairs."""
    more, low, high = (float(100.0 * shares[0]) for shares in share_difference(waits[usual], waits[lever], [day], SEED))
    return difference(Between(more, low, high, waits[usual].number), 0.0)


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
    return difference(Between(*mean_difference(base, other, SEED), len(base.people)), margin)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def figure(study: "Study", runs: "pd.DataFrame", tables: "Tables") -> "Figure":
    """Draw the shares with a first friend or confidant by day, and loneliness by length of stay.

    Levers that clearly change the share with a friend by 90 days are coloured, at most five: the largest changes.
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
    base = _waits(tables, study, usual, EVENTS["friend"], replicates)
    effects = {
        lever: _more_found(
            {usual: base, lever: _waits(tables, study, lever, EVENTS["friend"], replicates)}, usual, lever, BY["friend"]
        )
        for lever in study.levers
        if lever != usual
    }
    clear = [lever for lever in effects if effects[lever]["clear"]]
    shown = sorted(clear, key=lambda lever: -abs(effects[lever]["value"]))[:_MOST_SHOWN]
    return newcomer_waits(
        pd.DataFrame(rows), pd.DataFrame(stays), usual, [lever for lever in study.levers if lever in shown]
    )
