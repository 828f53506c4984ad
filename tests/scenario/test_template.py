"""The workbook to fill in: accepted empty and filled, read without a note, never written over another file."""

import openpyxl
import pytest
from typer.testing import CliRunner

from experiments.cli.app import application
from sim.scenario.reading.roster import read_roster, roster_table
from sim.scenario.tables.template import meanings_of, template
from sim.scenario.tables.words import TIES, USERS
from sim.state.files.survey import read_network

SCENARIO = "extends: baseline\nsettling: 1 year\ncentres: {park: {users: 6, users_file: centre.xlsx}}\n"
NETWORK = "network: {kind: file, file: centre.xlsx}\n"


def dayroom(*words):
    return CliRunner().invoke(application("scenario"), list(map(str, words)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_template_passes_the_check_without_a_note(tmp_path, monkeypatch, language):
    monkeypatch.chdir(tmp_path)
    assert dayroom("scenario", "template", "--users", 6, "--lang", language).exit_code == 0
    (tmp_path / "a.yaml").write_text(SCENARIO + NETWORK, encoding="utf-8")
    checked = dayroom("scenario", "check", "a.yaml")
    assert checked.exit_code == 0
    assert "6 of 6 users listed" in checked.output
    assert "centre.xlsx:" not in checked.output
    assert roster_table(tmp_path / "centre.xlsx").notes == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_template_takes_every_word_that_its_lists_offer(tmp_path, language):
    path = tmp_path / "centre.xlsx"
    path.write_bytes(template(7, language))
    book = openpyxl.load_workbook(path)
    sheet, ties, meanings = book.worksheets
    offered = 0
    for rule in sheet.data_validations.dataValidation:
        column = next(iter(rule.sqref.ranges)).min_col
        words = rule.formula1.strip('"').split(",") if rule.type == "list" else [rule.formula1 + " years"]
        assert len(rule.formula1) < 256  # Excel refuses a longer list
        words = [word.removesuffix(" years") for word in words]
        if USERS[USERS.name(sheet.cell(1, column).value)].values:
            offered += len(words)
            for row in range(2, 9):
                sheet.cell(row, column, words[row % len(words)])
    assert offered > 20
    sheet["D2"], sheet["A3"] = 44, "张三"
    ties.append([sheet["A2"].value, "张三", "friend" if language == "en" else "朋友"])
    ties.append([sheet["A4"].value, None, None, "yes" if language == "en" else "是"])
    book.save(path)
    people = read_roster(path)
    assert [people[0].age_low, people[1].name, people[6].age_low] == [44, "张三", None]
    assert {person.diagnosis for person in people} == set(range(7))
    survey = read_network(path, missing="keep")
    assert survey.closeness[0, 1] == pytest.approx(0.475)
    assert survey.respondents.tolist() == [True, True, False]
    assert meanings.max_row == len(USERS.columns) + len(TIES.columns) + 1


def test_meanings_are_complete_in_both_languages():
    header, *rows = meanings_of((USERS, TIES))
    assert len(rows) == len(USERS.columns) + len(TIES.columns)
    assert all(len(row) == len(header) and all(row[:5]) for row in rows)
    assert all(bool(english) == bool(chinese) for *_, english, chinese in rows)


def test_no_file_is_replaced_unless_asked_and_another_ending_is_refused(tmp_path):
    path = tmp_path / "mine.xlsx"
    path.write_text("mine", encoding="utf-8")
    refused = dayroom("scenario", "template", "--users", 3, "--out", path)
    assert refused.exit_code != 0
    assert path.read_text(encoding="utf-8") == "mine"
    assert dayroom("scenario", "template", "--users", 3, "--out", path, "--overwrite").exit_code == 0
    assert len(read_roster(path)) == 3
    assert dayroom("scenario", "template", "--users", 3, "--out", tmp_path / "mine.csv").exit_code != 0
    assert not (tmp_path / "mine.csv").exists()


def test_check_prints_what_was_guessed_of_users_and_ties(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "u.csv").write_bytes("姓名;性别\n张;男\n李;女\n".encode("gb18030"))
    (tmp_path / "t.csv").write_text("谁\t对谁\n张\t李\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text(";张;李\n张;;1\n李;0,5;\n", encoding="utf-8")
    for ties, note in (
        ("t", "t.csv: separated by tabs"),
        ("m", "m.csv: separated by semicolons, decimal commas ('0,5'"),
    ):
        text = SCENARIO.replace("centre.xlsx", "u.csv") + NETWORK.replace("centre.xlsx", f"{ties}.csv")
        (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
        checked = dayroom("scenario", "check", "a.yaml")
        assert checked.exit_code == 0
        assert "u.csv: read as GBK (such as '姓名'), separated by semicolons" in checked.output
        assert note in checked.output
