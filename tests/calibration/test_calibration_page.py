"""The page of targets shows the record, and says of each what was found."""

import pytest

from experiments.calibration import page
from experiments.calibration.record import read_record
from experiments.calibration.targets import read_targets
from experiments.marked_pages import table, with_marked


def test_the_page_shows_the_record():
    assert page.is_current()


def test_every_target_has_a_line_with_its_verdict():
    record = read_record()
    lines = [line for line in page.text(record).splitlines() if line.startswith("| ") and "(`" in line]
    assert len(lines) == len(read_targets()) == 38
    for target, row, line in zip(read_targets(), record["targets"], lines, strict=True):
        assert f"(`{target.key}`)" in line
        assert ("| yes |" in line) == row["met"]


def test_what_stands_between_the_marks_is_replaced_and_nothing_else():
    text = "before\n<!-- x begin -->\nold\n<!-- x end -->\nafter\n"
    assert with_marked(text, "x", "new\n") == "before\n<!-- x begin -->\nnew\n<!-- x end -->\nafter\n"
    with pytest.raises(ValueError, match="stand 0 times, allowed is once"):
        with_marked(text, "y", "new\n")


def test_a_table_is_written_in_markdown():
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |\n"


def test_every_target_has_words_for_the_figure_of_the_posterior():
    from experiments.plots.posterior_targets import WORDS

    assert {target.key for target in read_targets()} <= set(WORDS)
    assert len(set(WORDS.values())) == len(WORDS)
