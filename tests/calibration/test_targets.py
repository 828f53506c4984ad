"""Files of targets: read as written, and every mistake reported with its line and column."""

import pytest

from experiments.calibration.statistics.catalogue import STATISTICS
from experiments.calibration.targets import TARGETS, read_targets
from sim.scenario.text.errors import ScenarioError

WRONG = """\
targets:
  - {key: lonelyness_mean, low: 42, high: 50}
  - {key: loneliness_sd, low: 13, high: 9}
  - {key: loneliness_sd, low: x, high: 9, wher: 2}
  - {key: density, low: 0.1}
"""

LISTS = """\
targets:
  - {key: freshmen_growth, set: freshmen, what: growth, weeks: [3, 6], low: [0.1, 0.5], high: [0.2, 0.4]}
  - {key: newcomer_first_friend, weeks: [9, 27], low: [0.1, 0.5], high: [0.2]}
  - {key: freshmen_closure, weeks: [3, 6], low: [0.1, 0.5, 0.6], high: [0.2, 0.6, 0.7]}
  - {key: density, set: freshmem, low: [], high: 0.1}
"""


def test_the_targets_of_the_project_are_read():
    found = read_targets()
    assert all(path.is_file() for path in TARGETS)
    assert len(found) == 38
    assert len({target.key for target in found}) == 38
    assert all(one.low < one.high for target in found for one in target.elements)
    assert {target.key for target in found} <= set(STATISTICS)
    assert all(target.what and target.strength for target in found)


def test_each_file_is_read_by_itself():
    first, second = (read_targets(path) for path in TARGETS)
    assert (len(first), len(second)) == (10, 28)
    assert (*first, *second) == read_targets()


def test_a_target_of_several_elements_names_them_by_week():
    [growth] = [target for target in read_targets() if target.key == "freshmen_growth"]
    assert growth.setup == "freshmen"
    names = [(one.key, one.low, one.high) for one in growth.elements]
    assert names[0] == ("freshmen_growth.week3", 0.35, 0.70)
    assert names[-1] == ("freshmen_growth.week15", 0.85, 1.15)
    assert sum(one.weight for one in growth.elements) == pytest.approx(1.0)


def test_one_range_may_stand_for_all_weeks():
    [closure] = [target for target in read_targets() if target.key == "freshmen_closure"]
    assert [(one.low, one.high) for one in closure.elements] == [(0.35, 0.60)] * 6


def places(text, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_targets(path)
    said = str(error.value).splitlines()
    return said, [line.split("mine.yaml:")[1].split(": ")[0] for line in said]


def test_every_mistake_is_told_with_its_place(tmp_path):
    said, where = places(WRONG, tmp_path)
    assert where == ["2:11", "3:41", "4:11", "4:31", "4:43", "5:5"]
    assert "did you mean 'loneliness_mean'?" in said[0]
    assert "targets.2.high: found 9, allowed is a number above low, 13" in said[1]
    assert "set at line 3, column 11 already" in said[2]
    assert "unknown key 'wher'" in said[4]
    assert "targets.4.high: this key is missing" in said[5]


def test_mistakes_in_lists_are_told_with_their_places(tmp_path):
    said, where = places(LISTS, tmp_path)
    assert where == ["2:101", "3:74", "4:37", "5:25", "5:40"]
    assert "targets.1.high.2: found 0.4, allowed is a number above low, 0.5" in said[0]
    assert "targets.2.high: found a list of 1, allowed is as many as low has, 2" in said[1]
    assert "targets.3.weeks: found a list of 2, allowed is as many as low has, 3" in said[2]
    assert "did you mean 'freshmen'?" in said[3]
    assert "found an empty list" in said[4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("targets: []\n", "1:10: targets: found an empty list, allowed is a list of 1 or more"),
        ("aims: []\n", "1:1: unknown key 'aims'"),
        ("targets: [", "this is no YAML"),
        ("", "the file is empty; a file of targets needs the key targets"),
        ("# nothing\n---\n", "the file is empty; a file of targets needs the key targets"),
    ],
)
def test_what_is_no_file_of_targets_is_refused(tmp_path, text, words):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mine\.yaml") as error:
        read_targets(path)
    assert words in str(error.value)
