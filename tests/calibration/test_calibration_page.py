"""The page of targets shows the record and the finding for each target."""

import pytest

from experiments.calibration import page
from experiments.calibration.record import read_record
from experiments.calibration.targets import read_targets
from experiments.calibration.verdicts import as_surveyed, is_sure
from experiments.store.pages import table, with_marked


def test_the_page_shows_the_record():
    assert page.is_current()


def test_every_target_has_a_line_with_its_verdict():
    record = read_record()
    lines = [line for line in page.text(record).splitlines() if line.startswith("| ") and "(`" in line]
    assert len(lines) == len(read_targets()) == 38
    for target, row, line in zip(read_targets(), record["targets"], lines, strict=True):
        assert f"(`{target.key}`)" in line
        assert ("| yes" in line) == row["met"]
        assert ("| yes, interval beyond |" in line) == (row["met"] and not is_sure(row))


@pytest.mark.parametrize(
    ("ends", "said", "sure", "surveyed"),
    [((0.2, 0.4), 0.3, True, True), ((0.05, 0.4), 0.6, False, False), ((0.2, None), [], False, None)],
)
def test_a_verdict_is_sure_when_the_whole_interval_lies_in_the_range(ends, said, sure, surveyed):
    row = {"low": 0.1, "high": 0.5, "interval_low": ends[0], "interval_high": ends[1], "surveyed": said}
    assert (is_sure(row), as_surveyed(row)) == (sure, surveyed)


def test_what_stands_between_the_marks_is_replaced_and_nothing_else():
    text = "before\n<!-- x begin -->\nold\n<!-- x end -->\nafter\n"
    assert with_marked(text, "x", "new\n") == "before\n<!-- x begin -->\nnew\n<!-- x end -->\nafter\n"
    with pytest.raises(ValueError, match="stand 0 times, allowed is once"):
        with_marked(text, "y", "new\n")


def test_a_table_is_written_in_markdown():
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |\n"


def test_every_target_has_words_for_the_figure_of_the_posterior():
    from experiments.statistics.target_words import target_words

    keys = {target.key for target in read_targets()}
    words = {target_words(key) for key in keys}
    assert len(words) == len(keys)
    assert not words & keys
