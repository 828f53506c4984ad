"""Find the groups whose users change more than all other users."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics.intervals import ALONE, Array
from experiments.statistics.numbers import clauses, hundredths, in_sentence
from experiments.statistics.paired import differences_of, paired_p
from experiments.statistics.verdict import FEWEST, differing
from sim.language import Language, language, say, term
from sim.outcomes.catalogue import Outcome
from sim.state.columns import DIAGNOSES

if TYPE_CHECKING:
    import pandas as pd

_MOST_NAMED = 2


def more_among(
    groups: "pd.DataFrame", base: str, other: str, outcome: Outcome, everybody: str, together: int = 1
) -> str:
    """Return a sentence that names the groups whose users clearly change more than all others; empty without any.

    Parameters
    ----------
    groups : DataFrame
        Columns `scenario`, `replicate`, `group`, `outcome`, `value`, `users`.
    base, other : str
        Scenarios.
    outcome : Outcome
    everybody : str
        Name of the group of all users.
    together : int
        Number of outcomes and scenarios that are looked at together.

    Notes
    -----
    The test takes, for each pair of runs, the change of the group minus the change of the users outside it. It corrects
    for the number of groups, outcomes and scenarios (Bonferroni).
    """
    here = groups[groups["outcome"] == outcome.name]
    sides = {name: _wide(here[here["scenario"] == name]) for name in (base, other)}
    names = [name for name in sides[base][0].columns if name != everybody]
    change = float((sides[other][0][everybody] - sides[base][0][everybody]).mean())
    larger = []
    for name in names:
        inside, outside = (_change(sides, base, other, name, everybody, within) for within in (True, False))
        known = np.isfinite(inside - outside)
        contrast = differences_of(outside[known], inside[known])
        if differing(contrast) < FEWEST:
            continue
        if paired_p(contrast) < ALONE / (len(names) * together) and contrast.mean() * change > 0.0:
            larger.append((float(np.nanmean(inside)), float(np.nanmean(outside)), name))
    most = sorted(larger, key=lambda row: -abs(row[0] - row[1]))[:_MOST_NAMED]
    if not most:
        return ""
    who = [
        say(
            "{people} ({inside} against {outside} for all others)",
            people=_people(name),
            inside=hundredths(inside),
            outside=hundredths(outside),
        )
        for inside, outside, name in most
    ]
    return say("The effect on {outcome} is larger for {who}.", outcome=in_sentence(outcome.label), who=clauses(who))


def _people(group: str) -> str:
    """Return the name of a group as a noun."""
    if language() is not Language.en:
        return term(group)
    if group in DIAGNOSES:
        return f"users with {group}"
    if group.startswith("without "):
        return f"users {group}"
    return f"{group} users" if group == "guarded" else group


def _wide(frame: "pd.DataFrame") -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Return values and numbers of users: one row for each replicate, one column for each group."""
    value, users = (
        frame.pivot_table(index="replicate", columns="group", values=name, dropna=False) for name in ("value", "users")
    )
    return value, users


def _change(
    sides: "Mapping[str, tuple[pd.DataFrame, pd.DataFrame]]",
    base: str,
    other: str,
    group: str,
    everybody: str,
    within: bool,
) -> Array:
    """Return the change of the users in a group, or of all others: shape (replicates,)."""
    ends = []
    for name in (base, other):
        value, users = sides[name]
        if within:
            ends.append(value[group])
            continue
        total = value[everybody] * users[everybody] - value[group].fillna(0.0) * users[group]
        ends.append(total / (users[everybody] - users[group]).replace(0.0, np.nan))
    change: Array = (ends[1] - ends[0]).to_numpy(float)
    return change
