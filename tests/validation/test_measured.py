"""Measures of waves, worked out by hand; and the freshmen's numbers."""

import json
import math

import networkx as nx
import numpy as np
import pytest

from experiments.validation.measured import (
    CLASSES,
    LABELS,
    OF_CHANGE,
    TRIADS,
    distributions,
    measured,
    transitivity,
)
from experiments.validation.record import FRESHMEN, as_json, freshmen, from_json
from experiments.validation.waves import Wave, of_survey, rated
from sim.engine import Engine
from sim.outcomes.observation import observed
from sim.scenario.reading.load import load_scenario


def wave(week: int, ties: dict[int, str], people: int = 6, silent: tuple[int, ...] = ()) -> Wave:
    """Return a wave in which each names the people written as digits; the first is a friend, the others friendly."""
    ratings = np.full((people, people), 4)
    for source, named in ties.items():
        for place, target in enumerate(named):
            ratings[source, int(target)] = 2 if place == 0 else 3
    np.fill_diagonal(ratings, 0)
    ratings[list(silent)] = 0
    return rated(week, range(people), ratings, 3, 2)


def test_numbers_of_a_wave_are_those_worked_out_by_hand():
    # 0 <-> 1, 0 -> 2, 1 -> 2, 2 -> 3; 4 named by nobody; 5 does not answer, and is named by 4 alone.
    only = wave(3, {0: "12", 1: "02", 2: "3", 4: "5"}, silent=(5,))
    table = measured([only]).waves[0]
    assert (table.week, table.respondents) == (3, 5)
    numbers = table.numbers
    assert numbers["density"] == pytest.approx(5 / 20)
    assert numbers["out_degree"] == pytest.approx(6 / 5), "whom one names counts, whether or not they answered"
    assert numbers["reciprocity"] == pytest.approx(2 / 5)
    # Two-paths: 0-1-2, 1-0-2, 0-2-3, 1-2-3 (0-1-0 is none); closed: the first two.
    assert numbers["transitivity"] == pytest.approx(2 / 4)
    assert numbers["isolates"] == pytest.approx(1 / 5)
    assert numbers["with_friend"] == pytest.approx(4 / 5)
    assert numbers["growth"] == 1.0


def test_growth_is_told_as_a_share_of_the_last_wave():
    found = measured([wave(3, {0: "12"}), wave(6, {0: "12", 1: "02"})])
    assert [table.numbers["growth"] for table in found.waves] == [0.5, 1.0]


def test_changes_are_those_worked_out_by_hand():
    first = wave(3, {0: "123", 1: "0", 2: "0"})  # mutual 0-1 and 0-2, one-way 0 -> 3
    second = wave(9, {0: "14", 1: "0", 3: "0"})
    (change,) = measured([first, second]).changes
    assert (change.first, change.last, change.respondents) == (3, 9, 6)
    assert (change.mutual, change.one_way) == (4, 1)
    assert change.numbers["kept_mutual"] == pytest.approx(2 / 4)
    assert change.numbers["kept_one_way"] == 0.0
    assert change.numbers["jaccard"] == pytest.approx(2 / 7)


def test_changes_are_of_those_who_answered_both():
    first, second = wave(3, {0: "1", 1: "0", 2: "3"}, silent=(5,)), wave(9, {0: "1", 2: "3"}, silent=(1,))
    (change,) = measured([first, second]).changes
    assert change.respondents == 4
    assert (change.mutual, change.one_way) == (0, 1)
    assert change.numbers["kept_one_way"] == 1.0
    assert math.isnan(change.numbers["kept_mutual"])


def test_people_are_matched_by_name_not_by_place():
    first = wave(3, {0: "1"})
    turned = wave(9, {5: "4"})
    second = Wave(9, tuple(reversed(first.people)), turned.answered, turned.friendly, turned.friend)
    (change,) = measured([first, second]).changes
    assert change.numbers["jaccard"] == 1.0


def test_who_has_left_is_of_no_change():
    first, second = wave(3, {0: "1", 2: "3"}), wave(9, {0: "1"})
    newer = Wave(9, (0, 1, 90, 91, 92, 93), second.answered, second.friendly, second.friend)
    (change,) = measured([first, newer]).changes
    assert change.respondents == 2
    assert change.numbers["kept_one_way"] == 1.0


def test_what_is_undefined_is_nan():
    found = measured([wave(3, {}), wave(9, {})])
    for table in found.waves:
        undefined = {name for name, value in table.numbers.items() if math.isnan(value)}
        assert undefined == {"growth", "reciprocity", "transitivity"}
    assert all(math.isnan(value) for value in found.changes[0].numbers.values())


def test_every_number_has_a_label(two_waves):
    found = measured(two_waves)
    assert {*found.waves[0].numbers, *found.changes[0].numbers} == set(LABELS)
    assert set(found.changes[0].numbers) == set(OF_CHANGE)
    for table in found.waves:
        assert {name: len(counts) for name, counts in table.distributions.items()} == {
            name: len(classes) for name, classes in CLASSES.items()
        }


def test_distributions_count_people_pairs_and_threes():
    ties = np.zeros((5, 5), np.bool_)
    for i, j in ((0, 1), (1, 0), (1, 2), (2, 3), (4, 1)):
        ties[i, j] = True
    found = distributions(ties)
    assert found["in_degree"][:4] == (1, 4, 5, 5)
    assert found["in_degree"][-1] == 5
    # Steps: 1 for the ties; 2: 0-2, 1-3, 4-0, 4-2; 3: 0-3, 4-3.
    assert found["geodesic"] == (5, 9, 11, 11, 11)
    assert sum(found["triads"]) == 10
    census = dict(zip(TRIADS, found["triads"], strict=True))
    assert census["111D"] + census["111U"] == 2, "a pair that names each other, with one who is named or names"


def test_classes_of_threes_are_those_of_networkx():
    assert set(TRIADS) == set(nx.triadic_census(nx.DiGraph([(0, 1), (1, 2)])))
    circle = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]], np.bool_)
    assert dict(zip(TRIADS, distributions(circle)["triads"], strict=True))["030C"] == 1


def test_transitivity_agrees_with_a_count_over_all_threes():
    ties = np.random.default_rng(4).uniform(size=(15, 15)) < 0.3
    np.fill_diagonal(ties, False)
    closed, paths = 0, 0
    for i in range(15):
        for j in range(15):
            for k in range(15):
                if len({i, j, k}) == 3 and ties[i, j] and ties[j, k]:
                    paths += 1
                    closed += ties[i, k]
    assert transitivity(ties) == pytest.approx(closed / paths)


def test_a_wave_of_the_model_is_what_its_survey_says():
    scenario = load_scenario("freshmen")
    engine = Engine(scenario, 1)
    engine.advance(120)
    survey = observed(engine.state, scenario.observe, 120, 1)
    held = of_survey(survey, 17)
    assert held.week == 17
    assert held.friendly.sum() == len(survey.namer)
    assert 0 < held.friend.sum() < held.friendly.sum()
    assert (held.friendly | ~held.friend).all()
    assert not held.friendly[~held.answered].any()
    assert list(held.people) == survey.users.tolist()


def test_a_record_is_read_back_as_it_was(two_waves):
    found = measured(two_waves)
    assert from_json(json.loads(json.dumps(as_json(found)))) == found
    empty = as_json(measured([wave(3, {}), wave(9, {})]))
    assert empty["waves"][0]["numbers"]["reciprocity"] is None


# The numbers below are of the data and so change with nothing in the model.


def test_the_freshmen_are_those_of_the_paper():
    found = freshmen()
    assert found.people == 32
    assert [table.week for table in found.waves] == [3, 6, 9, 15, 21, 27]
    assert [table.respondents for table in found.waves] == [28, 28, 26, 26, 30, 24]
    assert 1 - sum(table.respondents for table in found.waves) / (6 * 32) == pytest.approx(
        load_scenario("baseline").observe.non_response, abs=0.001
    )
    numbers = {
        name: [round(table.numbers[name], 2) for table in found.waves] for name in LABELS if name not in OF_CHANGE
    }
    assert numbers["density"] == [0.14, 0.17, 0.18, 0.21, 0.26, 0.22]
    assert numbers["growth"] == [0.56, 0.66, 0.80, 0.96, 1.10, 1.0]
    assert numbers["reciprocity"] == [0.67, 0.67, 0.64, 0.66, 0.72, 0.70]
    assert numbers["transitivity"] == [0.45, 0.52, 0.43, 0.43, 0.56, 0.44]
    assert numbers["with_friend"][0] == 0.21
    kept = [[round(change.numbers[name], 2) for change in found.changes[2:]] for name in OF_CHANGE]
    assert kept == [[0.63, 0.66, 0.65], [0.94, 0.94, 0.92], [0.63, 0.67, 0.53]]
    assert [change.mutual for change in found.changes[2:]] == [50, 86, 78]


def test_no_answer_of_a_student_is_in_the_record():
    record = json.loads(FRESHMEN.read_text(encoding="utf-8"))
    assert set(record) == {"source", "weeks_left_out", "people", "waves", "changes"}
    assert "10.1023/A:1009683123448" in record["source"]
    assert record["weeks_left_out"] == [0]
    sizes = [len(counts) for table in record["waves"] for counts in table["distributions"].values()]
    assert max(sizes) < 32
