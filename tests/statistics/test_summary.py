"""The summary: means weighted by users, changes with intervals, and words that claim no more than the numbers."""

import dataclasses
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.statistics.numbers import change as signed
from experiments.statistics.numbers import level
from experiments.statistics.paired import paired_interval
from experiments.statistics.summary import (
    END_DAYS,
    SHORT,
    START_DAYS,
    Summary,
    columns_read,
    days_read,
    summarise,
    windows,
)
from experiments.statistics.terminal import scale, summary_lines
from experiments.store.tables import daily_table
from sim.outcomes.catalogue import OUTCOMES, PRIMARY
from sim.run import Run

BURDEN, TALKS = OUTCOMES["burden"], OUTCOMES["talks"]


def frame(replicates: int = 1, days: int = 100, centres: int = 1, **columns: Any) -> pd.DataFrame:
    """Return rows by replicate, day and centre; columns may be functions of those three."""
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


def test_the_change_is_paired_within_replicates() -> None:
    rows = frame(10, burden=lambda r: 20.0 * r["replicate"] + np.where(r["day"] > 50, 5.0, 0.0))
    [change] = summarise(rows, [BURDEN]).changes
    assert change.change == 5.0
    assert math.isnan(change.low)  # the change does not vary
    assert change.verdict == "worse"


def test_one_replicate_has_no_interval() -> None:
    summary = summarise(frame(burden=lambda r: -r["day"]), [BURDEN])
    [change] = summary.changes
    assert math.isnan(change.low)
    assert math.isnan(change.high)
    assert [math.isnan(x) for x in (change.start_low, change.start_high, change.end_low, change.end_high)] == [True] * 4
    assert change.verdict == "too few to say"


def test_start_and_end_have_intervals_of_their_own() -> None:
    levels = np.array([10.0, 14.0, 21.0, 11.0])
    rows = frame(4, burden=lambda r: levels[r["replicate"]] + np.where(r["day"] > 50, 5.0 * r["replicate"], 0.0))
    [change] = summarise(rows, [BURDEN]).changes
    ends = levels + 5.0 * np.arange(4)
    for found, values in (((change.start_low, change.start_high), levels), ((change.end_low, change.end_high), ends)):
        assert found == pytest.approx(paired_interval(values))


def test_intervals_of_start_and_end_stay_on_the_scale() -> None:
    share, burden = OUTCOMES["burdened_share"], OUTCOMES["burden"]
    rows = frame(
        3, burdened_share=lambda r: r["replicate"] / 2, burden=lambda r: 100.0 * (r["replicate"] > 0), talks=1.0
    )
    low, high, counted = summarise(rows, [share, burden, TALKS]).changes
    assert (low.start_low, low.start_high) == (0.0, 1.0)
    assert (high.end_low, high.end_high) == (0.0, 100.0)
    assert math.isnan(counted.start_low)  # it does not vary


@pytest.mark.parametrize("days", [1, 2, 40, 100])
def test_the_days_and_columns_read_are_enough(days: int, daily_of_everything: Any) -> None:
    whole = daily_of_everything(days)
    part = whole.loc[whole["day"].isin(days_read(days)), columns_read()]
    assert len(days_read(days)) <= START_DAYS + END_DAYS
    assert repr(summarise(part)) == repr(summarise(whole))


@pytest.fixture
def daily_of_everything() -> Any:
    def make(days: int) -> pd.DataFrame:
        draws = np.random.default_rng(1)
        return frame(3, days, 2, centre=0, **{name: lambda r: draws.uniform(0.1, 0.9, len(r)) for name in OUTCOMES})

    return make


def test_no_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="no run to summarise"):
        summarise(frame(0, burden=1.0), [BURDEN])


def ramp(replicates: int, **changes: float) -> pd.DataFrame:
    """Return runs in which outcomes change after day 50: by a number of standard errors, around which they scatter."""
    wobble = np.linspace(-1.0, 1.0, replicates)
    error = wobble.std(ddof=1) / replicates**0.5

    def column(errors: float) -> Any:
        return lambda r: 30.0 + (r["day"] > 50) * (wobble[r["replicate"]] + errors * error)

    return frame(replicates, **{name: column(errors) for name, errors in changes.items()})


def test_what_is_shown_is_judged_together_and_the_rest_together() -> None:
    """A t of 2.3 with 20 replicates (p = .033) is clear alone, and not as the second of three (.033 > .05 / 2)."""
    shown = {"loneliness_ucla20": 2.3, "burden": 0.0, "group_identity": -9.0}
    names = [OUTCOMES[name] for name in (*shown, "talks")]
    words = [change.verdict for change in summarise(ramp(20, **shown, talks=2.3), names).changes]
    assert words == ["worse by itself", "no clear change", "worse", "higher"]


def test_a_change_in_few_replicates_is_too_few_or_too_rare_to_say() -> None:
    assert summarise(ramp(9, burden=20.0), [BURDEN]).changes[0].verdict == "too few to say"
    rare = frame(30, burden=lambda r: 30.0 + (r["day"] > 50) * (r["replicate"] < 9))
    assert summarise(rare, [BURDEN]).changes[0].verdict == "too rare to say"
    assert summarise(frame(30, burden=30.0), [BURDEN]).changes[0].verdict == "no change seen"


@pytest.fixture
def summary(small_run: Run) -> Summary:
    tables = [daily_table(small_run, {"replicate": number, "seed": 7}).to_pandas() for number in range(2)]
    return summarise(pd.concat(tables))


def test_every_outcome_is_summarised_and_the_first_are_the_primary(summary: Summary) -> None:
    assert [change.name for change in summary.changes] == list(OUTCOMES)
    assert set(PRIMARY) <= set(SHORT) <= set(OUTCOMES)
    assert [change.name for change in summary.chosen()] == list(SHORT)


def test_the_table_says_it_all(summary: Summary) -> None:
    lines = summary_lines(summary, "A title [with brackets]")
    printed = "\n".join(lines)
    assert lines[0] == "A title [with brackets]"
    for change in summary.chosen():
        [number] = [n for n, line in enumerate(lines) if line.startswith(f"{change.label} ")]
        line, below = lines[number : number + 2]
        assert level(change.start, change.unit) in line
        assert level(change.end, change.unit) in line
        assert signed(change.change, change.unit) in line
        assert line.endswith(change.verdict)
        assert below.startswith(f"  {scale(change)} ")
        # Equal replicates have no interval; what happened in none has an upper bound.
        assert "at most" in below or below.split()[-3:] == ["-"] * 3
    assert "95 % interval of its mean over 2 replicates" in printed
    assert "Fewer than 10 replicates are too few" in printed
    assert [scale(change) for change in summary.chosen(PRIMARY)] == [
        "20 to 80, lower is better",
        "0 to 100, lower is better",
        "1 to 7, higher is better",
    ]
    assert "mean of the first 7 days" in printed
    assert "mean of the last 20 days" in printed
    assert "\x1b" not in printed
    assert not any(line != line.rstrip() for line in printed.splitlines())


def test_the_table_of_one_replicate_says_that_there_is_no_interval(small_run: Run) -> None:
    single = summarise(daily_table(small_run, {"replicate": 0, "seed": 7}).to_pandas())
    lines = summary_lines(single, "title")
    printed = "\n".join(lines)
    assert "One replicate: no 95 % interval can be given" in printed
    assert lines[2].split() == ["start", "end", "change"]
    for change in single.chosen():  # the change closes the line: there is no verdict
        [line] = [line for line in lines if line.startswith(f"{change.label} ")]
        assert line.endswith(f" {signed(change.change, change.unit)}")
        assert f"  {scale(change)}" in lines
    assert max(map(len, printed.splitlines())) <= 100


def test_each_outcome_keeps_its_two_lines_on_a_screen_of_80_columns(summary: Summary) -> None:
    wide = {"start_low": 0.0, "end_low": 0.0, "low": -0.1, "high": 0.1, "verdict": "no clear change"}
    changes = [dataclasses.replace(change, **wide) for change in summary.chosen()]
    lines = summary_lines(dataclasses.replace(summary, changes=tuple(changes)), "title", width=80)
    assert max(map(len, lines[: 3 + 2 * len(changes)])) <= 80
    for change in changes:
        [number] = [n for n, line in enumerate(lines) if line.startswith(f"{change.label} ")]
        assert lines[number].endswith("no clear change")
        assert lines[number + 1].startswith(f"  {scale(change).split(',')[0]} ")


def test_the_widest_table_fits_100_columns(summary: Summary) -> None:
    widest = {"20-80": 80.0, "0-100": 100.0, "1-7": 7.0, "share": 1.0, "users": 999.0}
    changes = []
    for change in summary.chosen():
        top = widest[change.unit]
        numbers = dict.fromkeys(
            ("start", "start_low", "start_high", "end", "end_low", "end_high", "change", "high"), top
        )
        changes.append(dataclasses.replace(change, low=-top, verdict="no clear change", **numbers))
    printed = "\n".join(
        summary_lines(dataclasses.replace(summary, changes=tuple(changes), replicates=100_000), "title")
    )
    assert max(map(len, printed.splitlines())) <= 100
    assert "…" not in printed
    assert "at most 999.00  at most 999.00  -999.00 to +999.00" in printed
    assert "Better or worse: clear among all changes shown" in printed


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


@pytest.mark.parametrize(("replicates", "most"), [(2, "77.6"), (10, "25.9"), (20, "13.9")])
def test_what_happens_in_no_run_has_an_upper_bound_and_no_zero_width(replicates: int, most: str) -> None:
    """The bound is the share of runs that shows nothing in `replicates` runs in 5 % of studies."""
    zeros = dict.fromkeys(SHORT, 0.0) | {"burdened_share": 0.0}
    summary = summarise(frame(replicates, **zeros), [OUTCOMES[name] for name in SHORT])
    [change] = summary.chosen(["burdened_share"])
    assert (change.end_low, (1.0 - change.end_high) ** replicates) == (0.0, pytest.approx(0.05))
    assert math.isnan(change.low)
    lines = summary_lines(summary, "title")
    [number] = [n for n, line in enumerate(lines) if line.startswith(f"{change.label} ")]
    assert f"at most {most}" in lines[number + 1]


def test_too_few_runs_that_differ_give_no_interval() -> None:
    rare = frame(30, burden=lambda r: 1.0 * (r["day"] > 50) * (r["replicate"] < 9))
    [change] = summarise(rare, [BURDEN]).changes
    assert (change.start_low, change.start_high) == (0.0, pytest.approx(100 * (1 - 0.05 ** (1 / 30))))
    assert all(math.isnan(end) for end in (change.end_low, change.end_high, change.low, change.high))
    rare["burden"] = 1.0 * (rare["day"] > 50) * (rare["replicate"] < 10)
    assert math.isfinite(summarise(rare, [BURDEN]).changes[0].low)
