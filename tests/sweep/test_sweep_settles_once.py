"""A sweep settles once for each seed of runs that differ in policies alone, and stores what it stored without."""

from itertools import groupby

import pandas as pd
import pytest

from experiments.measures.runs import measured
from experiments.runs.executors import InProcess
from experiments.runs.executors.pool import ProcessPool
from experiments.studies import load_study
from experiments.sweep.make import sweep
from experiments.sweep.order import TOGETHER, ordered
from experiments.sweep.plan import Planned, planned
from experiments.sweep.results import results
from sim.outcomes.catalogue import PRIMARY
from sim.run import run
from tests.settlings import counted
from tests.sweep.conftest import write_study

BASE = """\
extends: baseline
days: 6
settling: 14
replace: [centres]
centres:
  east: {users: 5}
"""
STUDY = """\
title: Doses
question: Do levers settle once?
base: base.yaml
factors:
  policies.*.respite.intensity: {values: [0.2, 0.6, 1.0]}
  rules.encounters.chaxugeju: {values: [0.3, 0.7]}
levers:
  usual-care: {}
  pairs:
    policies:
      pairs: {policy: buddy_scheme}
  respite:
    policies:
      it: {policy: respite}
design: {kind: grid}
replicates: 3
seed: 3
"""


@pytest.fixture
def study(tmp_path):
    return write_study(tmp_path, STUDY, BASE)


def test_levers_and_doses_settle_once_for_each_seed(study, tmp_path):
    with counted() as built:
        swept = sweep(study, tmp_path / "store", InProcess())
    loaded = load_study(study)
    assert (swept.made, swept.failed) == (2 * (1 + 1 + 3) * 3, 0)
    assert built == {loaded.seed_of(replicate): 2 for replicate in range(3)}


def test_results_are_those_of_runs_that_settle_for_themselves(study, tmp_path):
    loaded = load_study(study)
    sweep(study, tmp_path / "store", InProcess())
    frame = results(study, tmp_path / "store")
    rows = frame[frame["replicate"] == 1].to_dict("records")
    assert len(rows) == 6 * 3
    for row in rows:
        ends = measured(run(loaded.scenario(row["lever"], row["point"]), row["seed"])).ends
        assert {name: row[name] for name in PRIMARY} == {name: ends[name] for name in PRIMARY}


@pytest.mark.slow
def test_the_number_of_processes_changes_no_stored_value(study, tmp_path):
    for name, workers in (("here", InProcess()), ("there", ProcessPool(2))):
        sweep(study, tmp_path / name, workers)
    here, there = (results(study, tmp_path / name) for name in ("here", "there"))
    pd.testing.assert_frame_equal(here, there, check_exact=True)


def test_a_sweep_that_goes_on_makes_the_runs_that_lack(study, tmp_path):
    [first, *_] = planned(study)
    sweep(study, tmp_path / "store", InProcess(), only=first.key)
    with counted() as built:
        swept = sweep(study, tmp_path / "store", InProcess())
    assert (swept.stored, swept.made) == (1, 29)
    assert set(built.values()) == {2}


def test_addresses_of_runs_do_not_depend_on_starts(study):
    tree = load_study(study).trees()["respite"]
    dose = ((("policies", "it", "intensity"), 0.4),)
    assert tree.digest(dose) != tree.digest(())
    assert tree.start(dose) == tree.start(()) != ""
    near = ((("rules", "encounters", "chaxugeju"), 0.4),)
    assert tree.start(near) not in ("", tree.start(()))
    assert tree.start(((("settling",), 0),)) == ""


def test_runs_with_a_start_and_seed_follow_each_other():
    runs = [Planned(point, lever, k, "", 10 + k) for point in range(3) for lever in "ab" for k in range(2)]
    starts = {(point, lever): "" if point == 1 else "s" for point in range(3) for lever in "ab"}
    places = [(run.point, run.lever, run.replicate) for run in ordered(runs, starts)]
    together = [(0, "a"), (0, "b"), (2, "a"), (2, "b")]
    shared = [(*place, k) for k in range(2) for place in together]
    assert places == [*shared, *((1, lever, k) for lever in "ab" for k in range(2))]


def test_no_more_scenarios_mix_than_a_worker_keeps():
    runs = [Planned(point, "a", k, "", k) for point in range(3 * TOGETHER) for k in range(4)]
    order = ordered(runs, {(point, "a"): "s" for point in range(3 * TOGETHER)})
    assert sorted(order, key=lambda run: (run.point, run.replicate)) == runs
    blocks = [len(list(block)) for _, block in groupby(order, key=lambda run: run.replicate)]
    assert blocks == [TOGETHER] * 12
