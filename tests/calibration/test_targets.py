"""Files of targets: read as they stand, and every mistake in them told with its line and column."""

import pytest

from experiments.analysis import calibration
from experiments.analysis.targets import STATISTICS, TARGETS, read_targets
from sim import load_scenario
from sim.scenario.errors import ScenarioError

WRONG = """\
targets:
  - {key: lonelyness_mean, low: 42, high: 50}
  - {key: loneliness_sd, low: 13, high: 9}
  - {key: loneliness_sd, low: x, high: 9, wher: 2}
  - {key: density, low: 0.1}
"""


def test_the_targets_of_the_project_are_read():
    found = read_targets()
    assert TARGETS.is_file()
    assert len(found) == 10
    assert all(target.low < target.high for target in found)
    assert {target.key for target in found} <= set(STATISTICS)


def test_the_statistics_a_target_may_name_are_those_of_a_run():
    scenario = load_scenario("baseline").with_changes(settling=0, days=3)
    assert set(calibration.statistics(scenario, 1)) == set(STATISTICS)


def test_every_mistake_is_told_with_its_place(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(WRONG, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_targets(path)
    said = str(error.value).splitlines()
    places = [line.split("mine.yaml:")[1].split(": ")[0] for line in said]
    assert places == ["2:11", "3:41", "4:11", "4:31", "4:43", "5:5"]
    assert "did you mean 'loneliness_mean'?" in said[0]
    assert "targets.2.high: found 9, allowed is a number above low, 13" in said[1]
    assert "set at line 3, column 11 already" in said[2]
    assert "unknown key 'wher'" in said[4]
    assert "targets.4.high: this key is missing" in said[5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("targets: []\n", "1:10: targets: found an empty list, allowed is a list of one or more"),
        ("aims: []\n", "1:1: unknown key 'aims'"),
        ("targets: [", "this is no YAML"),
        ("", "the file is empty; targets stand there as `targets: ["),
        ("# nothing\n---\n", "the file is empty; targets stand there as `targets: ["),
    ],
)
def test_what_is_no_file_of_targets_is_refused(tmp_path, text, words):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mine\.yaml") as error:
        read_targets(path)
    assert words in str(error.value)
