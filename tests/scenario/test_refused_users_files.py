"""Files of users that are refused: each mistake at its line, impossible lives, too many users."""

from pathlib import Path

import pytest

from sim.language import Language, speaking
from sim.scenario.reading.load import load_scenario
from sim.scenario.reading.roster import YOUNGEST_ENTRY, YOUNGEST_ONSET, RosterError, read_roster
from sim.state import people
from tests.scenario.test_refused_files import refused, write


def test_a_wrong_line_of_the_users_file_is_told_with_the_scenario(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    participants = (Path(__file__).parents[2] / "scenarios" / "participants.csv").read_text()
    (tmp_path / "p.csv").write_text(participants.replace("P2,F", "P2,X"))
    path = write(tmp_path, a="centres: {park: {users: 14, users_file: p.csv}}\n")
    assert refused(path).startswith("p.csv:3:2: sex: found 'X', allowed is one of male, female")
    (tmp_path / "p.csv").write_text(participants)
    path = write(tmp_path, a="centres: {park: {users: 9, users_file: p.csv}}\n")
    assert refused(path) == (
        "p.csv:11:1: found 14 users, allowed are at most as many as centres.park.users says: 9 (a.yaml:1:25); "
        "raise users, or delete the rows from here on"
    )


HEADER = "participant,sex,diagnosis,age_low,age_high,marital_status,occupation,years_in_centre,years_ill"
PERSON = "A,M,schizophrenia,30,35,unmarried,unemployed,3,8"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HEADER}\n{PERSON.replace('35', '350')}\n", "p.csv:2:5: age_high: found '350', allowed is a number"),
        (
            f"{HEADER}\n{PERSON.replace('unemployed', 'retred')}\n",
            "p.csv:2:7: occupation: found 'retred'; did",
        ),
        (f"{HEADER}\n{PERSON.replace('unemployed', 'retred')}\n", "did you mean 'retired'?"),
        (f"{HEADER.replace('sex', 'sexx')}\n{PERSON}\n", "p.csv:1:2: sexx: unknown column"),
        (f"{HEADER.replace('participant', 'whoever')}\n{PERSON}\n", "p.csv:1:1: participant: column is missing"),
        (f"{HEADER},sex\n{PERSON},M\n", "p.csv:1:2: sex: found this column twice"),
        (f"{HEADER}\n\n{PERSON},9\n", "p.csv:3:1: line: found 10 fields, another number of fields than the header"),
        (
            f'{HEADER}\n"A\nB{PERSON[1:2].replace(",", chr(34) + ",")}{PERSON[2:]}\n{PERSON.replace("M", "X")}\n',
            "p.csv:4:2",
        ),
        (f"{HEADER}\n{PERSON}\n\n{PERSON}\n", "p.csv:4:1: participant: found 'A' a second time, first in line 2"),
    ],
)
def test_a_wrong_cell_of_the_users_file_has_its_own_place(tmp_path, monkeypatch, text, expected):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.csv").write_text(text)
    assert expected in refused(write(tmp_path, a="centres: {park: {users_file: p.csv}}\n"))


def life(age: str, years_in_centre: object, years_ill: object) -> str:
    """Return a row of a person of this age."""
    return f"A,M,schizophrenia,{age},unmarried,unemployed,{years_in_centre},{years_ill}"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            life("18,19", 40, 45),
            [
                "p.csv:2:8: years_in_centre: found '40', allowed is at most 2 with an age_high of 19: "
                "nobody enrols before the age of 18",
                "p.csv:2:9: years_ill: found '45', allowed is at most 10 with an age_high of 19: "
                "the illness begins at the age of 10 or later",
            ],
        ),
        (life("60,65", 33, 3), ["p.csv:2:8: years_in_centre: found '33', allowed is at most years_ill, 3"]),
        (life("60,old", 33, 34), ["p.csv:2:5: age_high: found 'old', allowed is a number from 18 to 80; "
                                       "a cell left empty is sampled"]),
        (life("18,19", 9, "long"), [
            "p.csv:2:8: years_in_centre: found '9', allowed is at most 2 with an age_high of 19: "
            "nobody enrols before the age of 18",
            "p.csv:2:9: years_ill: found 'long', allowed is a number from 0 to 70; a cell left empty is sampled",
        ]),
    ],
)  # fmt: skip
def test_lives_that_cannot_have_been_are_refused(tmp_path, monkeypatch, row, expected):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.csv").write_text(f"{HEADER}\n{row}\n")
    assert refused(write(tmp_path, a="centres: {park: {users_file: p.csv}}\n")).splitlines() == expected


@pytest.mark.parametrize(
    "row", [life("18,18", 1, 9), life("31,35", 14, 14), life("18,65", 48, 50), life("20,20", 0, 0)]
)
def test_lives_that_one_age_of_the_range_allows_are_accepted(tmp_path, row):
    (tmp_path / "p.csv").write_text(f"{HEADER}\n{row}\n")
    loaded = load_scenario(write(tmp_path, a="centres: {park: {users_file: p.csv}}\n"))
    assert loaded.centres["park"].users_file == tmp_path / "p.csv"


def test_users_of_a_file_are_held_to_the_ages_of_those_who_are_sampled():
    assert (people.AGE_RANGE[0], people.YOUNGEST_ONSET) == (YOUNGEST_ENTRY, YOUNGEST_ONSET)


def test_all_mistakes_of_a_users_file_are_told_in_the_order_of_lines(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [PERSON, PERSON.replace("M", "X"), f"{PERSON},9", "", f"C{PERSON[1:]}", f"D{PERSON[1:]}", PERSON]
    rows.append(f"B{PERSON[1:].replace(',3,8', ',9,8')}")
    (tmp_path / "p.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    lines = refused(write(tmp_path, a="centres: {park: {users: 5, users_file: p.csv}}\n")).splitlines()
    assert [line.split(", ")[0] for line in lines] == [
        "p.csv:3:1: participant: found 'A' a second time",
        "p.csv:3:2: sex: found 'X'",
        "p.csv:4:1: line: found 10 fields",
        "p.csv:8:1: participant: found 'A' a second time",
        "p.csv:8:1: found 7 users",
        "p.csv:9:8: years_in_centre: found '9'",
    ]


def test_more_users_than_any_centre_has_are_told_where_they_begin(tmp_path):
    rows = [f"P{number}{PERSON[1:]}" for number in range(1001)]
    rows[0], rows[-1] = rows[0].replace("M", "X"), rows[-1].replace("M", "X")
    (tmp_path / "p.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    with pytest.raises(RosterError) as caught:
        read_roster(tmp_path / "p.csv")
    assert [(line, column) for line, column, _ in caught.value.problems] == [
        (2, "sex"),
        (1002, "participant"),
        (1002, "sex"),
    ]
    assert "found 1001 users, allowed are 1000" in str(caught.value)


def test_users_beyond_the_default_number_are_told_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"P{number}{PERSON[1:]}\n" for number in range(26))
    (tmp_path / "p.csv").write_text(f"{HEADER}\n{rows}")
    path = write(tmp_path, a="centres:\n  park: {users_file: p.csv}\n")
    assert "p.csv:27:1: found 26 users, allowed are at most as many as centres.park.users says: 25, the default" in (
        refused(path)
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"participant,\xff\n", "p.csv:1:13: byte 0xff is neither UTF-8 nor GBK"),
        (b'participant\n"' + b"x" * 200_000 + b'"\n', "p.csv"),
        ("partici\x85pant\n".encode(), "p.csv:1:1: participant: column is missing"),
    ],
)
def test_a_users_file_that_is_no_such_file(tmp_path, monkeypatch, content, expected):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.csv").write_bytes(content)
    message = refused(write(tmp_path, a="centres: {park: {users_file: p.csv}}\n"))
    assert expected in message
    assert all(line.isprintable() for line in message.splitlines())


def test_a_mistake_names_its_column_in_the_readers_language(tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text("姓名,诊断\n王,焦虑\n", encoding="utf-8")
    with speaking(Language.zh):
        with pytest.raises(RosterError, match="诊断: 读到'焦虑'") as error:
            read_roster(file)
        (problem,) = error.value.placed()
    assert problem.what.startswith("诊断: ")
