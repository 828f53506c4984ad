"""Ten years at baseline, a thousand users: no state piles up at its ends, nothing runs away, ties live."""

import numpy as np
import pytest

from sim import load_scenario
from sim.run import run
from sim.state.columns import PRESENT

STATES = (
    "mood", "loneliness", "burden", "identity", "self_worth", "self_stigma", "acceptance", "threshold", "habit", "hope",
)  # fmt: skip
NORMS = ("norm", "norm_help", "norm_welcome")


@pytest.fixture(scope="module")
def ten_years():
    scenario = load_scenario("baseline").with_changes(days=3653)
    return [run(scenario, seed) for seed in range(6)]


def users_of(results):
    return np.concatenate([result.users[result.users["status"] == PRESENT] for result in results])


@pytest.mark.parametrize("state", STATES)
def test_no_state_piles_up_at_its_ends(ten_years, state):
    values = users_of(ten_years)[state]
    assert np.mean((values < 0.01) | (values > 0.99)) < 0.02
    assert values.std() > 0.02


def test_nobody_runs_away(ten_years):
    users = users_of(ten_years)
    for state in ("loneliness", "burden"):
        assert users[state].min() > 0.005
        assert users[state].max() < 0.995


def test_the_last_years_are_like_the_first(ten_years):
    """Once settled, the primary outcomes have the same level over the last year as over the second."""
    for outcome, slack in (("loneliness_ucla20", 4.0), ("burden", 6.0), ("group_identity", 0.5)):
        second = np.mean([result.daily[outcome][365:730].mean() for result in ten_years])
        last = np.mean([result.daily[outcome][-365:].mean() for result in ten_years])
        assert abs(last - second) < slack


def test_ties_neither_die_out_nor_fill_up(ten_years):
    friends = np.array([result.daily["ties_at_or_above_friend_out"][-365:].mean() for result in ten_years])
    density = np.array([result.daily["density"][-365:].mean() for result in ten_years])
    assert friends.min() > 0.5
    assert density.max() < 0.4


def test_nothing_freezes(ten_years):
    """In the tenth year users still withdraw and turn back, and all roles are taken."""
    for result in ten_years:
        assert result.daily["returns"][-365:].sum() > 10
        assert result.daily["withdrawals"][-365:].sum() > 10
        roles = [float(result.daily[f"role_{name}"][-365:].mean()) for name in ("helper", "helped", "mutual")]
        assert min(roles) > 0.02


def test_norms_keep_off_their_ends(ten_years):
    for result in ten_years:
        for name in NORMS:
            assert 0.02 < result.daily[name][-365:].mean() < 0.98


@pytest.mark.parametrize(("name", "users"), [("strangers", 25), ("baseline", 5), ("small-rural-centre", 10)])
def test_other_houses_settle_too(name, users):
    """Two years of strangers, of five users, of a small centre: no state piles up, loneliness stays on its scale."""
    scenario = load_scenario(name)
    centres = {key: one.model_copy(update={"users": users}) for key, one in scenario.centres.items()}
    scenario = scenario.with_changes(days=730, centres=centres)
    there = users_of([run(scenario, seed) for seed in range(8)])
    for state in STATES:
        assert np.mean((there[state] < 0.01) | (there[state] > 0.99)) < 0.03, state
    assert 30 < 20 + 60 * there["loneliness"].mean() < 75


def test_leaving_is_near_the_measured_hazard(ten_years):
    """0.15 a year beyond the first (0.08-0.24 is its interval), more among newcomers."""
    leavers = sum(result.daily["leavers"].sum() for result in ten_years)
    years = sum(result.daily["users"].sum() for result in ten_years) / 365.25
    assert 0.10 < leavers / years < 0.30


@pytest.mark.slow
def test_a_centre_of_a_thousand_behaves():
    scenario = load_scenario("baseline")
    park = scenario.centres["park"].model_copy(update={"users": 1000, "staff": 80.0})
    result = run(scenario.with_changes(centres={"park": park}, settling=0, days=120), 5)
    users = result.users[result.users["status"] == PRESENT]
    for state in STATES:
        assert np.isfinite(users[state]).all()
        assert np.mean((users[state] < 0.01) | (users[state] > 0.99)) < 0.02
    last = result.daily[-1, 0]
    assert 960 <= last["users"] <= 1000
    assert 0.3 < last["ties_at_or_above_friend_out"] < 10
    assert 30 < last["loneliness_ucla20"] < 70
