"""Newcomers of a run: groups by length of stay, and a row for each."""

import numpy as np

from experiments.measures.newcomers import BEFORE, STAYS, by_stay, newcomers_of
from sim.run import run
from sim.scenario.reading.load import load_scenario
from sim.state.columns import PRESENT


def test_stays_part_the_users() -> None:
    users = run(load_scenario("baseline").with_changes(days=500, settling=0), 1).users
    here = users[users["status"] == PRESENT]
    groups = by_stay(here, 500)
    assert np.sum(list(groups.values()), axis=0).tolist() == [1] * len(here)
    assert groups[BEFORE].tolist() == (here["arrived"] < 0).tolist()
    made_up = here[:4].copy()
    made_up["arrived"] = (499.0 - 0.0, 499.0 - 91.0, 499.0 - 364.0, 499.0 - 365.0)
    groups = by_stay(made_up, 500)
    assert [int(np.flatnonzero(groups[name])[0]) for name, _, _ in STAYS] == [0, 1, 2, 3]


def test_a_run_without_newcomers_keeps_none() -> None:
    lived = run(load_scenario("baseline").with_changes(days=1), 1)
    assert len(newcomers_of(lived)) <= 1
