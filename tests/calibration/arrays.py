"""Hand-made users, networks and runs for tests of statistics, small enough for answers on paper."""

import numpy as np

from experiments.calibration.statistics.effects import ENDS
from experiments.calibration.statistics.runs import PAIRED, Runs
from experiments.calibration.statistics.snapshots import Snapshot
from sim.outcomes.observation import Survey
from sim.state.columns import USER, record

CLOSE, NEAR = 0.5, 0.2
"""Closeness of a friend, and of an acquaintance."""


def people(count, **columns):
    """Return users with ids from 1; all other columns are 0 unless given."""
    users = np.zeros(count, record(USER)).view(np.recarray)
    users["uid"] = np.arange(1, count + 1)
    users["status"] = 1
    for name, values in columns.items():
        users[name] = values
    return users


def shot(count, friends=(), friendly=(), day=365, told=(), **columns):
    """Return a snapshot of the users of a centre with these ties, pairs (i, j) counted from 0."""
    closeness, tells = np.zeros((count, count)), np.zeros((count, count), bool)
    for pairs, value in ((friendly, NEAR), (friends, CLOSE)):
        for i, j in pairs:
            closeness[i, j] = value
    for i, j in told:
        tells[i, j] = True
    return Snapshot(day, people(count, **columns), closeness, ~np.eye(count, dtype=bool), tells)


def survey(count, named, silent=()):
    """Return the survey of a centre's users: who named whom, and who did not answer."""
    answered = np.ones(count, bool)
    answered[list(silent)] = False
    namer, other = (np.array([pair[k] for pair in named], int) for k in (0, 1))
    users, ones = np.arange(1, count + 1), np.ones(len(namer))
    return Survey(365, users, np.zeros(count, int), answered, namer, other, CLOSE * ones, 2 * ones.astype(int), {})


def runs_of(kept, setup="baseline"):
    """Return runs of a set-up, each a mapping of names to arrays."""
    return Runs({setup: {name: np.array([one[name] for one in kept]) for name in kept[0]}})


def ends(setups):
    """Return runs with known outcomes at the end: set-up -> list of mappings, an entry for each seed."""
    parts = {
        name: {"ends": np.array([[one.get(outcome, np.nan) for outcome in ENDS] for one in rows])}
        for name, rows in setups.items()
    }
    return Runs({**parts, PAIRED: parts.get(PAIRED, parts.get("baseline"))})
