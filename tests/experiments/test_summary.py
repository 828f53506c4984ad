"""The summary: means weighted by users, changes with intervals, and words that say no more than the numbers."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.analysis.summary import END_DAYS, SHORT, START_DAYS, Summary, interval, summarise, verdict, windows
from experiments.cli_table import level, notes, print_summary, signed
from experiments.store import daily_table
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.run import Run

BURDEN, TALKS = OUTCOMES["burden"], OUTCOMES["talks"]


def frame(replicates: int = 1, days: int = 100, centres: int = 1, **columns: Any) -> pd.DataFrame:
    """Rows by replicate, day and centre; columns may be functions of those three."""
    index = pd.MultiIndex.from_product(
        [range(replicates), range(days), range(centres)], names=["replicate", "day", "centre"]
    )
    rows = index.to_frame(index=False)
    for name, value in {"users": 10.0, **columns}.items():
        rows[name] = value(rows) if callable(value) else value
    return rows


def test_start_is_the_first_week_and_end_the_last_four() -> None:
    summary = summarise(frame(burden=lambda rows: rows["day"]), [BURDEN])
    [change] = summary.changes
    assert change.start == np.mean(range(START_DAYS))
    assert change.end == np.mean(range(100 - END_DAYS, 100))
    assert change.change == change.end - change.start
    assert summary.about()["start"] == {"first_day": 0, "last_day": 6}
    assert summary.about()["end"] == {"first_day": 72, "last_day": 99}


@pytest.mark.parametrize(
    ("days", "found"), [(365, (7, 28)), (56, (7, 28)), (40, (7, 20)), (10, (5, 5)), (2, (1, 1)), (1, (1, 1))]
)
def test_start_and_end_do_not_overlap(days: int, found: tuple[int, int]) -> None:
    assert windows(days) == found
    assert days == 1 or sum(found) <= days


def test_centres_count_by_their_users() -> None:
    rows = frame(centres=2, users=lambda r: np.where(r["centre"] == 0, 30, 10), burden=lambda r: r["centre"] * 40.0)
    [change] = summarise(rows, [BURDEN]).changes
    assert change.start == change.end == 10.0


def test_an_empty_centre_and_an_unknown_value_count_nothing() -> None:
    rows = frame(
        centres=3,
        users=lambda r: np.array([0.0, 10.0, 10.0])[r["centre"]],
        burden=lambda r: np.array([np.nan, 5.0, np.nan])[r["centre"]],
    )
    [change] = summarise(rows, [BURDEN]).changes
    assert change.start == 5.0


def test_counts_are_added_up_over_centres() -> None:
    [change] = summarise(frame(centres=3, talks=4.0), [TALKS]).changes
    assert change.start == 12.0


def test_the_interval_is_students() -> None:
    values = np.array([1.0, 2.5, -0.5, 4.0, 3.0])
    expected = stats.t.interval(0.95, 4, values.mean(), stats.sem(values))
    assert interval(values) == pytest.approx(expected)


def test_the_interval_covers_what_it_should() -> None:
    rng = np.random.default_rng(1)
    trials = 4000
    covered = sum(low <= 0.0 <= high for low, high in (interval(rng.normal(size=6)) for _ in range(trials)))
    assert abs(covered / trials - 0.95) < 4.5 * math.sqrt(0.95 * 0.05 / trials)


def test_the_change_is_paired_within_replicates() -> None:
    rows = frame(4, burden=lambda r: 20.0 * r["replicate"] + np.where(r["day"] > 50, 5.0, 0.0))
    [change] = summarise(rows, [BURDEN]).changes
    assert (change.change, change.low, change.high) == (5.0, 5.0, 5.0)
    assert change.verdict == "worse"


def test_one_replicate_has_no_interval() -> None:
    summary = summarise(frame(burden=lambda r: -r["day"]), [BURDEN])
    [change] = summary.changes
    assert math.isnan(change.low)
    assert math.isnan(change.high)
    assert change.verdict == "better"


def test_no_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="no run to summarise"):
        summarise(frame(0, burden=1.0), [BURDEN])


@pytest.mark.parametrize(
    ("change", "low", "high", "better", "said"),
    [
        (1.0, 0.5, 1.5, "higher", "better"),
        (1.0, 0.5, 1.5, "lower", "worse"),
        (-1.0, -1.5, -0.5, "lower", "better"),
        (-1.0, -1.5, -0.5, "higher", "worse"),
        (1.0, 0.5, 1.5, "neither", "higher"),
        (-1.0, -1.5, -0.5, "neither", "lower"),
        (1.0, -0.5, 2.5, "higher", "no clear change"),
        (1.0, 0.0, 2.0, "higher", "no clear change"),
        (1.0, math.nan, math.nan, "lower", "worse"),
        (0.0, 0.0, 0.0, "lower", "no change"),
        (0.0, math.nan, math.nan, "lower", "no change"),
        (math.nan, math.nan, math.nan, "lower", "not known"),
    ],
)
def test_words_say_what_the_interval_allows(change: float, low: float, high: float, better: str, said: str) -> None:
    assert verdict(change, low, high, better) == said


@pytest.fixture
def summary(small_run: Run) -> Summary:
    tables = [daily_table(small_run, {"replicate": number, "seed": 7}).to_pandas() for number in range(2)]
    return summarise(pd.concat(tables))


def test_every_outcome_is_summarised_and_the_first_are_the_primary(summary: Summary) -> None:
    assert [change.name for change in summary.changes] == list(OUTCOMES)
    assert set(PRIMARY) <= set(SHORT) <= set(OUTCOMES)
    assert [change.name for change in summary.chosen()] == list(SHORT)


def test_the_table_says_it_all(summary: Summary, capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(summary, "A title [with brackets]")
    printed = capsys.readouterr().out
    assert printed.startswith("A title [with brackets]\n")
    for change in summary.chosen():
        [line] = [line for line in printed.splitlines() if line.startswith(f"{change.label} ")]
        assert level(change.start, change.unit) in line
        assert signed(change.change, change.unit) in line
        assert line.endswith(change.verdict)
    assert "over 2 replicates" in printed
    assert "loneliness 20 to 80, burden 0 to 100, group identity 1 to 7" in printed
    assert "mean of the first 7 days" in printed
    assert "mean of the last 20 days" in printed
    assert "\x1b" not in printed
    assert not any(line != line.rstrip() for line in printed.splitlines())


def test_the_table_of_one_replicate_says_that_there_is_no_interval(
    small_run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    single = summarise(daily_table(small_run, {"replicate": 0, "seed": 7}).to_pandas())
    print_summary(single, "title")
    printed = capsys.readouterr().out
    assert "No interval: one replicate." in printed
    assert "95%" not in printed
    assert len(notes(single)) == 3


@pytest.mark.parametrize(
    ("value", "unit", "said", "change"),
    [
        (0.123, "share", "12.3 %", "+12.3"),
        (-0.5, "1-7", "-0.50", "-0.50"),
        (51.26, "20-80", "51.3", "+51.3"),
        (-0.0001, "share", "-0.0 %", "-0.0"),
        (0.0, "0-100", "0.0", "0.0"),
        (math.nan, "share", "-", "-"),
    ],
)
def test_numbers_are_written_in_their_unit(value: float, unit: str, said: str, change: str) -> None:
    assert level(value, unit) == said
    assert signed(value, unit) == change
