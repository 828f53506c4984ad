"""What can be moved, what each stop changes, and what no page can run."""

import numpy as np
import pytest

from experiments.live.page import MOST, LiveError, line_of, page, refusals
from experiments.live.sliders import sliders
from experiments.live.starts import Starts, planes
from sim.scenario.reading.load import load_scenario
from sim.scenario.reading.show import show
from sim.scenario.text.files import shipped_files


@pytest.fixture(scope="module")
def starts() -> Starts:
    return Starts.of(load_scenario("baseline").with_changes(days=30, settling=0), (1, 2, 3))


@pytest.fixture(scope="module")
def offered(starts):
    return {one.key: one for one in sliders(starts)}


def test_a_reader_can_move_what_is_doubted_first(offered):
    wanted = {
        "centre.staff", "attendance.base_share", "encounters.chaxugeju", "disclosure_threshold.mean",
        "desired_closeness.mean", "society.public_stigma", "turnover.leaving_rate",
    }  # fmt: skip
    assert wanted <= set(offered)
    for one in offered.values():
        assert one.values == tuple(sorted(one.values))
        assert one.values[one.start] == one.value
        assert not one.changes[one.start]
        assert {head for head, _ in one.control["help"]} >= {"meaning", "allowed", "plausible", "grade"}


def test_a_stop_holds_what_follows_from_the_value_too(offered):
    """The pull of a tie follows from chaxugeju; the coverage of a centre from its staff."""
    assert len(offered["encounters.chaxugeju"].changes[0]) == 3
    [(array, _, _, coverage)] = offered["centre.staff"].changes[0]
    assert (array, coverage) == ("centres", 8 / 25)


def test_no_two_sliders_change_the_same_number(offered):
    places = [{(array, place) for array, place, *_ in one.changes[0]} for one in offered.values()]
    words = [set(one.own) for one in offered.values()]
    for several in (places, words):
        assert sum(map(len, several)) == len(set().union(*several)) > 0


def test_users_take_their_values_from_the_scenario_of_the_stop(offered, starts):
    from sim.outcomes.catalogue import DAILY_COLUMNS
    from sim.state.build import build

    slider = offered["disclosure_threshold.mean"]
    held = slider.users.view(np.float64)
    native = build(slider.at(starts.scenario, 2), 2, DAILY_COLUMNS).users["disclosure_threshold"]
    assert (held[2, 0, 1, : len(native)] == native).all()


def test_planes_keep_every_bit():
    numbers = np.random.default_rng(1).integers(0, 2**64, 10, np.uint64)
    assert (np.frombuffer(planes(numbers), np.uint8).reshape(8, -1).T.copy().view(np.uint64).ravel() == numbers).all()


@pytest.mark.parametrize("name", sorted(shipped_files()))
def test_every_shipped_scenario_runs_or_says_why_not(name):
    scenario = load_scenario(name)
    assert bool(refusals(scenario)) == (name == "fourteen-participants")


def test_a_scenario_that_cannot_run_is_refused():
    with pytest.raises(LiveError, match="fourteen-participants: cannot run in a browser, because its listed users"):
        page(load_scenario("fourteen-participants").with_changes(seed=1))


def test_too_many_users_are_refused():
    crowd = load_scenario("large-urban-centre").with_changes(seed=1, replicates=10, days=5, settling=0)
    crowd = crowd.with_changes(
        centres={name: {**one.model_dump(), "copies": 30} for name, one in crowd.centres.items()}
    )
    with pytest.raises(LiveError, match=r"2400 users are too many for a page of 1\.5 MB"):
        page(crowd)
    assert MOST == 1_500_000


def test_the_line_of_a_value_is_found():
    lines = show(load_scenario("baseline")).splitlines()
    assert lines[line_of(lines, ("rules", "attendance", "base_share"))] == "    base_share: 0.6"
    assert lines[line_of(lines, ("centres", "park", "staff"))].strip().startswith("staff: 2.0")
    with pytest.raises(KeyError, match="park"):
        line_of(lines, ("centres", "park", "nothing"))
