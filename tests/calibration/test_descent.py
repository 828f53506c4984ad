"""Steps downhill on a model whose statistics are known functions of the shares."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.calibration import descent
from experiments.calibration.fit import Search
from experiments.calibration.measurement import Sizes
from experiments.calibration.parameters import CALIBRATED, share_of, values_at
from experiments.calibration.statistics.runs import Estimate
from experiments.calibration.targets import Target, read_targets
from experiments.calibration.verdicts import loss
from experiments.runs.checkpoint import CheckpointError
from experiments.runs.executors import InProcess
from sim import load_scenario

ONE = Target("loneliness_mean", (40.0,), (50.0,))
TWO = Target("newcomer_first_friend", (0.2, 0.4), (0.4, 0.8), weeks=(9, 27))
LEAST = Target("paths_alive", (0.1,), (3.0,), least=True)
ALL = (ONE, TWO, LEAST)


def found(one, two, least, short=0.0):
    return {
        "loneliness_mean": Estimate((one,), short == 0.0, short),
        "newcomer_first_friend": Estimate(two),
        "paths_alive": Estimate((least,)),
    }


def test_distances_have_signs():
    off = descent.apart(found(50.0, (0.1, 0.6), 0.05, 0.3), ALL)
    assert off == pytest.approx([1.0, -2.0, 0.0, -1.5, 0.3, 0.0, 0.0])
    assert descent.apart(found(45.0, (0.3, 0.6), 1.0), ALL) == pytest.approx([0.0] * 7)
    assert descent.apart(found(45.0, (0.3, 0.6), 4.0), ALL)[3] > 1.0


@pytest.mark.parametrize(
    "values", [(49.0, (0.1, 0.9), 0.05, 0.2), (60.0, (0.3, 0.6), 3.5, 0.0), (43.0, (0.3, 0.5), 0.3, 0.0)]
)
def test_the_loss_is_that_of_the_search_and_its_gradient_is_right(values):
    statistics = found(*values)
    off = descent.apart(statistics, ALL)
    value, slopes = descent.weighed(off, ALL)
    assert value == pytest.approx(loss(statistics, ALL))
    near = 1e-6
    smooth = [k for k in range(len(off)) if k < 4 or off[k] > 0.0]  # a condition that holds has a kink
    for k in smooth:
        moved = off.copy()
        moved[k] += near
        assert (descent.weighed(moved, ALL)[0] - value) / near == pytest.approx(slopes[k], abs=1e-4)


@pytest.fixture
def search(monkeypatch):
    """Return a search with known distances: linear in three shares, with the best point inside."""
    parameters = CALIBRATED[:3]
    targets = tuple(read_targets()[k] for k in (0, 1, 2))
    slopes = np.array([[4.0, 1.0, 0.0], [0.0, 5.0, -1.0], [1.0, 0.0, 6.0]])
    best = np.array([0.3, 0.6, 0.7])

    def seen(shares, search):
        return np.concatenate([slopes @ (np.array(shares) - best), np.zeros(3)])

    monkeypatch.setattr(descent, "seen", seen)
    return Search(load_scenario("baseline"), parameters, targets, Sizes(2, 2, 2), generations=6, seed=3), best


def test_it_goes_down_to_where_the_targets_are_met(search):
    asked, best = search
    losses = []
    ended = descent.descend(asked, InProcess(), report=lambda step, loss: losses.append(loss))
    assert losses == sorted(losses, reverse=True)
    shares = [share_of(p, ended[p.path]) for p in asked.parameters]
    assert shares == pytest.approx(list(best), abs=0.15)
    assert losses[-1] < 0.05


def test_it_goes_on_from_its_checkpoint_to_the_same_end(search, tmp_path):
    asked, _ = search
    whole = descent.descend(asked, InProcess())
    kept = tmp_path / "fit.json"
    descent.descend(replace(asked, generations=2), InProcess(), kept)
    assert descent.descend(asked, InProcess(), kept) == whole
    with pytest.raises(CheckpointError, match="checkpoint of another fit: seed differs"):
        descent.descend(replace(asked, seed=4), InProcess(), kept)


def test_where_no_step_leads_down_it_stays_and_looks_nearer(search):
    asked, _ = search
    end = descent.descend(asked, InProcess())
    place = descent.Place(0, [share_of(p, end[p.path]) for p in asked.parameters], 1.0)
    for _ in range(8):
        place = descent.step(place, asked, InProcess())
    assert place.scale < 1.0
    assert place.steps == 8


def test_a_parameter_whose_neighbour_is_no_scenario_is_left_alone(search, monkeypatch):
    asked, _ = search
    known, start = descent.seen, asked.start()
    monkeypatch.setattr(
        descent, "seen", lambda shares, search: None if shares[0] != start[0] else known(shares, search)
    )
    place = descent.step(descent.Place(0, start, np.inf), asked, InProcess())
    assert place.shares[1:] != start[1:] or place.scale < 1.0


def test_the_model_itself_is_run_at_a_place():
    scenario = load_scenario("baseline").with_changes(settling=0, days=5)
    asked = Search(scenario, CALIBRATED[:2], (read_targets()[0],), Sizes(2, 2, 2), seed=3)
    off = descent.seen(asked.start(), asked)
    assert off.shape == (2,)
    assert np.array_equal(off, descent.seen(asked.start(), asked))
    assert values_at(asked.start(), asked.parameters)
