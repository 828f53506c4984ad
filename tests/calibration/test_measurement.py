"""The runs made for statistics: which, with which seeds, and the same on any number of workers."""

import numpy as np
import pytest

from experiments.calibration.measurement import Sizes, estimates, made, measured
from experiments.calibration.setups import SETUPS
from experiments.calibration.statistics.catalogue import STATISTICS, setups_of
from experiments.calibration.statistics.runs import BASELINE, FRESHMEN, PAIRED
from experiments.calibration.targets import keys_of, read_targets
from experiments.runs.executors.pool import ProcessPool
from sim import load_scenario
from tests.calibration.arrays import runs_of

VARIANTS = tuple(name for name in SETUPS if name not in (BASELINE, FRESHMEN))

SMALL = Sizes(4, 2, 3)


@pytest.fixture(scope="module")
def short():
    return load_scenario("baseline").with_changes(settling=60, days=30)


@pytest.fixture(scope="module")
def runs(short):
    return made(short, setups_of(STATISTICS), SMALL, seed=5)


def test_every_statistic_can_be_taken_of_runs_and_has_as_many_values_as_its_target_ranges(runs):
    found = estimates(runs, STATISTICS)
    for target in read_targets():
        assert len(found[target.key].values) == target.size, target.key
    assert np.isfinite(found["loneliness_mean"].values[0])


def test_all_set_ups_are_run_as_often_as_is_said(runs):
    assert set(runs.parts) == {*SETUPS, PAIRED}
    numbers = {setup: len(next(iter(arrays.values()))) for setup, arrays in runs.parts.items()}
    assert (numbers[BASELINE], numbers[FRESHMEN]) == (4, 3)
    assert {numbers[name] for name in (*VARIANTS, PAIRED)} == {2}


def test_only_the_set_ups_that_are_needed_are_run():
    assert setups_of(["loneliness_mean"]) == (BASELINE,)
    assert setups_of(["freshmen_growth"]) == (FRESHMEN,)
    assert setups_of(["house_matters", "opportunity_only"]) == (BASELINE, "no_staff", "full_staff", "more_free_time")


def test_every_statistic_says_what_it_is():
    assert all(one.take.__doc__ for one in STATISTICS.values())
    assert set(keys_of(read_targets())) <= set(STATISTICS)


@pytest.mark.slow
def test_the_runs_are_the_same_by_any_number_of_workers_and_others_from_another_replicate_on(short):
    one, two = (made(short, [BASELINE], Sizes(2, 2, 2), 5, workers=workers) for workers in (None, ProcessPool(2)))
    later = made(short, [BASELINE], Sizes(2, 2, 2), 5, first=1)
    for name, array in one.parts[BASELINE].items():
        assert np.array_equal(array, two.of(BASELINE, name), equal_nan=True)
        assert np.array_equal(array[1], later.of(BASELINE, name)[0], equal_nan=True)


def test_every_set_up_differs_from_the_baseline_in_what_it_is_named_for():
    scenario = load_scenario("baseline")
    trees = {name: made_of(scenario).model_dump() for name, made_of in SETUPS.items()}
    base = trees[BASELINE]
    assert base == scenario.model_dump()
    assert not trees["nobody_helps"]["mechanisms"]["helping"]
    assert trees["no_staff"]["centres"]["park"]["staff"] == 0.0
    longer = trees["more_free_time"]["centres"]["park"]["timetable"]
    assert len(longer) == len(base["centres"]["park"]["timetable"]) + 1
    assert (longer[-1]["activity"], longer[-1]["minutes"], longer[-1]["group_size"]) == ("free time", 60, 4)
    assert trees["codesign"]["policies"]
    for name in VARIANTS:
        assert trees[name] != base
        assert trees[name]["days"] == base["days"]


def test_a_class_of_freshmen_keeps_the_parameters_of_the_scenario():
    from experiments.designs.changes import changed

    scenario = changed(load_scenario("baseline"), {"rules.encounters.talk_share": 0.61})
    found = SETUPS[FRESHMEN](scenario)
    assert found.rules.encounters.talk_share == 0.61
    [centre] = found.centres.values()
    assert (centre.users, found.network.kind, found.days, found.settling) == (32, "none", 189, 0)
    assert found.rules.attendance.base_share == 0.9
    assert found.rules.episodes.relapse_schizophrenia == found.rules.turnover.leaving_rate == 0.0


def test_an_interval_covers_its_mean_as_often_as_it_says():
    """The mean of forty runs of unit spread: standard error 1/sqrt(40), and 0 inside at least nine times of ten."""
    stream = np.random.default_rng(8)
    inside, errors = 0, []
    for k in range(200):
        kept = [{"loneliness": np.array([value, 1.0, 0.5])} for value in stream.standard_normal(40)]
        found = measured(runs_of(kept), ["loneliness_mean"], 200, seed=k)["loneliness_mean"]
        inside += found.lows[0] <= 0.0 <= found.highs[0]
        errors += found.errors
    assert inside >= 180
    assert np.mean(errors) == pytest.approx(40**-0.5, rel=0.05)


def test_what_has_no_value_has_no_interval():
    nothing = {"newcomers": np.zeros((2, 2))}
    found = measured(runs_of([nothing, nothing]), ["newcomer_first_friend"], 20)["newcomer_first_friend"]
    assert np.isnan([*found.estimate.values, *found.errors, *found.lows]).all()
