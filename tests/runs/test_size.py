"""The estimate of what runs take: bytes as the state has them, seconds as the days are."""

import pytest

from experiments.runs.size import DAY_BYTES, TIE_BYTES, USER_BYTES, bytes_of, seconds_of
from sim.outcomes.catalogue import DAILY_COLUMNS
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Centre
from sim.state.columns import TIE, USER, record


def test_the_bytes_of_the_estimate_are_those_of_the_state():
    assert record(TIE).itemsize == TIE_BYTES
    assert record(USER).itemsize == USER_BYTES
    assert record(DAILY_COLUMNS).itemsize == DAY_BYTES


def test_size_grows_as_ties_do():
    baseline = load_scenario("baseline")
    large = baseline.with_changes(centres={"park": Centre(users=1000, copies=10)})
    assert bytes_of(large) == pytest.approx(10 * 1000**2 * TIE_BYTES, rel=0.05)
    twice = baseline.with_changes(days=730, settling=baseline.settling * 2)
    assert seconds_of(twice) == pytest.approx(2 * seconds_of(baseline))
