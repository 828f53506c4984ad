"""What a survey sees of friendships: less mutual and less lasting than they are (paired runs, 95 %)."""

from functools import cache

import numpy as np

from experiments.calibration.statistics.nominations import nominated, seen, surveyed
from experiments.calibration.statistics.snapshots import Snapshot, snapshot
from experiments.calibration.statistics.ties import counted, lasting
from experiments.designs.changes import changed
from sim import load_scenario
from sim.engine import Engine
from tests.mechanisms.conftest import interval

SEEDS = range(3000, 3016)
WEEKS = 42
"""Days between the two waves at the end of the year."""
SURE = (("observe.rating_reliability", 1.0), ("observe.forgetting", 0.0), ("observe.non_response", 0.0))
"""A survey without a slip."""


@cache
def told(changes: tuple[tuple[str, float], ...] = ()) -> dict[str, tuple[float, ...]]:
    """Return reciprocity at the end and Jaccard over six weeks of every run, in truth and as a survey finds them."""
    scenario = changed(load_scenario("baseline").with_changes(settling=180), dict(changes))
    rows = [_of_run(Engine(scenario, seed)) for seed in SEEDS]
    return {name: tuple(row[name] for row in rows) for name in rows[0]}


def _of_run(engine: Engine) -> dict[str, float]:
    engine.advance(engine.scenario.days - WEEKS)
    before = snapshot(engine), seen(engine)
    engine.advance(WEEKS)
    after = snapshot(engine), seen(engine)
    return {
        "reciprocity": _returned(after[0].friends, after[0].together),
        "reciprocity seen": _returned(*nominated(surveyed(engine))),
        "jaccard": _kept(before[0], after[0]),
        "jaccard seen": _kept(before[1], after[1]),
    }


def _returned(named: np.ndarray, asked: np.ndarray) -> float:
    ties, returned, _ = counted(named, asked)
    return float(returned / ties)


def _kept(before: Snapshot, after: Snapshot) -> float:
    both, either = lasting(before, after)[4:]
    return float(both / either)


def gap(name: str, changes: tuple[tuple[str, float], ...] = ()) -> tuple[float, float]:
    """Return the interval of what a survey finds minus the truth."""
    return interval(lambda number: number, told(changes)[f"{name} seen"], told(changes)[name])


def test_friendships_look_less_mutual_than_they_are():
    """Errors of rating and memory affect each direction separately."""
    assert gap("reciprocity")[1] < 0


def test_friendships_look_less_lasting_than_they_are():
    """Errors of today are independent of errors six weeks later."""
    assert gap("jaccard")[1] < 0


def test_a_survey_without_slips_finds_the_truth():
    """Observing changes nothing in the run, so the truth is the same under both surveys."""
    for name in ("reciprocity", "jaccard"):
        assert told(SURE)[f"{name} seen"] == told(SURE)[name] == told()[name]


def test_each_slip_alone_lowers_both():
    """Unreliable ratings and forgotten names, each without the other."""
    for slip in (SURE[0], SURE[1]):
        others = tuple(one for one in SURE if one is not slip)
        for name in ("reciprocity", "jaccard"):
            assert gap(name, others)[1] < 0, slip
