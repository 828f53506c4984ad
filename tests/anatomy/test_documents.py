"""Records and pages of the anatomy: written, shown, and checked against the current model."""

import json

import pytest

from sim.kernel import sources_digest
from tools.anatomy.writing import Document, carried_out

PAGE = "# A page\n<!-- x begin -->\n<!-- x end -->\n"


@pytest.fixture
def document(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    return Document("x", tmp_path / "x.json", page, lambda record: f"{record['runs']} runs\n")


def measure(runs, jobs):
    return {"runs": runs, "jobs": jobs, "model_digest": sources_digest()}


def test_what_is_measured_is_written_shown_and_current(document, capsys):
    assert carried_out(document, measure, 7, ["--jobs", "2"]) == 0
    assert json.loads(document.record.read_text(encoding="utf-8"))["jobs"] == 2
    assert "begin -->\n7 runs\n<!-- x end" in document.page.read_text(encoding="utf-8")
    assert carried_out(document, measure, 7, ["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_a_page_that_does_not_show_its_record_is_told_and_written_again(document, capsys):
    carried_out(document, measure, 7, ["--runs", "3"])
    document.page.write_text(PAGE, encoding="utf-8")
    assert carried_out(document, measure, 7, ["--check"]) == 1
    assert "page.md does not show its record" in capsys.readouterr().err
    assert carried_out(document, measure, 7, ["--page"]) == 0
    assert document.check() == []


def test_a_record_of_another_model_is_told(document, capsys):
    document.write({"runs": 1, "model_digest": "another"})
    assert carried_out(document, measure, 7, ["--check"]) == 1
    assert "x.json is of another version of the model's sources" in capsys.readouterr().err
