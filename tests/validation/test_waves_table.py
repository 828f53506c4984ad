"""A file of waves: what is read from it, and that every mistake is reported with its place."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from experiments.validation.waves import Wave, usable
from experiments.validation.waves_table import read_waves
from sim.scenario.text.errors import ScenarioError

WavesFile = Callable[..., Path]
FIVE = ("0,a,b,1", "0,b,c,2", "0,c,d,3", "0,d,e,4", "0,e,a,5")
"""Five people, each of whom rates one other."""


def told(path: Path, *options: int) -> list[str]:
    """Return what is wrong with a file, without its name."""
    with pytest.raises(ScenarioError) as refused:
        read_waves(path, *options)
    return [str(problem).partition(path.name)[2].lstrip(":") for problem in refused.value.problems]


def test_ratings_up_to_the_cut_offs_are_ties(waves_file: WavesFile) -> None:
    (wave,) = read_waves(waves_file(*FIVE))
    assert wave.people == ("a", "b", "c", "d", "e")
    assert wave.week == 0
    assert wave.answered.all()
    assert np.argwhere(wave.friendly).tolist() == [[0, 1], [1, 2], [2, 3]]
    assert np.argwhere(wave.friend).tolist() == [[0, 1], [1, 2]]
    (other,) = read_waves(waves_file(*FIVE), 4, 1)
    assert (other.friendly.sum(), other.friend.sum()) == (4, 1)


def test_waves_come_in_the_order_of_weeks_and_people_in_that_of_their_names(waves_file: WavesFile) -> None:
    rows = [row.replace("a", "10") for row in FIVE]
    first, second = read_waves(waves_file(*("7" + row[1:] for row in rows), *rows, "0,2,b,1"))
    assert (first.week, second.week) == (0, 7)
    assert first.people == second.people == ("2", "10", "b", "c", "d", "e")


def test_who_rates_nobody_above_0_has_not_answered(waves_file: WavesFile) -> None:
    rows = [*(f"1,a,{name},0" for name in "bcde"), *FIVE[1:]]
    (first, second) = read_waves(waves_file(*rows, *FIVE[:1], "1,b,a,1"))
    assert first.answered.tolist() == [True] * 5
    assert second.answered.tolist() == [False, True, False, False, False]


def test_other_columns_are_not_read_and_the_order_of_columns_is_free(waves_file: WavesFile) -> None:
    rows = [";".join([row.split(",")[3], "x", *row.split(",")[:3]]) for row in FIVE]
    (wave,) = read_waves(waves_file(*rows, "", header="Rating;note;Week;From;To"))
    assert wave.friendly.sum() == 3


def test_nobody_rates_oneself_but_a_matrix_written_out_may_say_0(waves_file: WavesFile) -> None:
    assert len(read_waves(waves_file(*FIVE, "0,a,a,0"))) == 1
    assert told(waves_file(*FIVE, "0,a,a,2")) == ["7:3: to: found 'a', allowed is somebody else than in `from`"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,a,c,1", "7:1: week: found 'x', allowed is a whole number from 0 to 520"),
        ("-1,a,c,1", "7:1: week: found '-1', allowed is a whole number from 0 to 520"),
        ("521,a,c,1", "7:1: week: found '521', allowed is a whole number from 0 to 520"),
        ("0,a,c,1.5", "7:4: rating: found '1.5', allowed is a whole number from 0 to 99"),
        ("0,a,c,", "7:4: rating: found an empty cell, allowed is a whole number from 0 to 99"),
        ("0,,c,1", "7:2: from: found an empty cell, allowed is the name of a person"),
        ("0,a,,1", "7:3: to: found an empty cell, allowed is the name of a person"),
        ("0,a", "7:1: found 2 cells, allowed is at least 4, as in the header"),
        ("0,a,b,2", "7:1: found 'a' about 'b' in week 0 again, first in line 2, allowed is each once a week"),
    ],
)
def test_a_mistake_is_told_with_its_place(waves_file: WavesFile, row: str, said: str) -> None:
    assert told(waves_file(*FIVE, row)) == [said]


def test_all_mistakes_are_told_at_once(waves_file: WavesFile) -> None:
    assert [said.partition(" ")[0] for said in told(waves_file("x,a,b,y", *FIVE, "0,a,c,z"))] == [
        "2:1:",
        "2:4:",
        "8:4:",
    ]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "weeks,from,to,rating",
            "1:1: the column week is missing (found 'weeks'), allowed is a header with week, from, to, rating",
        ),
        ("week,from,to", "1:1: the column rating is missing, allowed is a header with week, from, to, rating"),
        ("week,from,to,rating,Week", "1:5: found the column week twice, allowed is once"),
    ],
)  # fmt: skip
def test_a_wrong_header_is_told(waves_file: WavesFile, header: str, said: str) -> None:
    assert told(waves_file(*FIVE, header=header)) == [said]


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "waves.csv"
    path.write_text("\n\n", encoding="utf-8")
    assert told(path) == [" the file is empty; its first row names the columns"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert told(tmp_path / "waves.csv") == [" no such file"]


def test_broken_csv_is_told(waves_file: WavesFile) -> None:
    assert told(waves_file(*FIVE, '0,a,"c,1')) == ["7:1: found broken CSV (unexpected end of data), allowed is a CSV"]


def test_too_few_people_are_told(waves_file: WavesFile) -> None:
    assert told(waves_file("0,a,b,1")) == [" found 2 people, allowed is 5 to 1000 people"]


def test_another_kind_of_file_is_not_read_to_its_end(waves_file: WavesFile) -> None:
    said = told(waves_file(*(["nonsense"] * 500)))
    assert len(said) == 201
    assert said[-1].endswith("200 mistakes up to here; the rest has not been read")


def wave_of(week: int, people: int, answered: int) -> Wave:
    nobody = np.zeros((people, people), np.bool_)
    return Wave(week, tuple(range(people)), np.arange(people) < answered, nobody, nobody)


def test_weeks_that_fewer_than_half_answered_are_left_out() -> None:
    waves = [wave_of(week, 12, answered) for week, answered in ((0, 5), (3, 6), (6, 12), (9, 0))]
    kept, left_out = usable(waves)
    assert [wave.week for wave in kept] == [3, 6]
    assert left_out == [0, 9]
    assert usable([wave_of(1, 6, 4)]) == ([], [1]), "fewer than five are no network"
