"""Which days a mean at the end of a run is said to be of."""

import re

from dayroom import compare, load_scenario
from experiments.compare.terminal import lines_of
from experiments.statistics.windows import end_words, window_words


def test_a_run_shorter_than_four_weeks_is_not_said_to_have_them() -> None:
    assert end_words(365) == end_words(28) == "last four weeks"
    assert end_words(20) == "20 days of the run"
    assert end_words(1) == "last day"
    assert end_words(20, 10) == "last 10 days", "a run of 20 days ends with its second half"


def test_start_and_end_of_one_day_are_days() -> None:
    assert window_words(1, 1) == ["Start: mean of the first day.", "End: mean of the last day."]
    assert window_words(7, 28) == ["Start: mean of the first 7 days.", "End: mean of the last 28 days."]


def test_a_comparison_of_short_runs_says_over_which_days_its_means_are() -> None:
    base = load_scenario("baseline").with_changes(days=3, settling=0)
    found = compare(base, [base.with_changes(name="again")], replicates=1, seed=1)
    printed = " ".join(lines_of(found, 200))
    assert re.search(r"Means of the 3 days of the run", printed)
    assert "four weeks" not in printed
    assert found.summary()["end_days"] == 3
