"""Pages of findings: they show what their record holds, no number is typed, and missing runs are not invented."""

import json
import re
from pathlib import Path

import pytest

from experiments.findings import STUDIES, finding
from experiments.findings.pages import (
    _environment,
    answer,
    count,
    findings,
    fixed,
    index,
    listed,
    of_hundred,
    page,
    percent,
    signed,
    span,
)
from experiments.store.folder import ResultError
from experiments.studies import load_study
from experiments.studies.shipped import names

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "findings"
TEMPLATES = ROOT / "experiments" / "findings"
SCALES = r"UCLA-20|\(20-80\)|\(0-100\)|\(1-7\)|of 100|1 to 7|0 to 100|20 to 80|95 %|90 %|0"
"""What may stand in a template though it is a number: instruments, and the shares that intervals and bands hold."""

every_finding = pytest.mark.parametrize("name", STUDIES)


def test_every_shipped_study_has_a_finding():
    assert sorted(STUDIES) == names()


@every_finding
def test_a_finding_is_of_its_study(name):
    assert name == finding(name).STUDY


@every_finding
def test_the_page_is_that_of_its_record(name):
    record = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    assert page(record) == (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert (PAGES / f"{name}.png").stat().st_size > 10_000


@every_finding
def test_the_record_is_of_the_study_as_it_is_shipped(name):
    record, study = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8")), load_study(name)
    assert record["question"] == study.question
    assert record["points"] == len(study.points)
    assert record["runs"] == len(study.points) * len(study.levers) * record["replicates"]
    assert [factor["path"] for factor in record["factors"]] == [factor.path for factor in study.factors]
    assert record["failed"] <= record["runs"] // 100


@every_finding
def test_no_number_is_typed_into_a_template(name):
    text = (TEMPLATES / f"{name}.md.j2").read_text(encoding="utf-8")
    words = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    assert re.findall(r"\d[\d.,]*", re.sub(SCALES, "", words)) == []


def test_the_index_lists_every_finding_with_its_answer():
    text = (PAGES / "index.md").read_text(encoding="utf-8")
    records = [json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8")) for name in STUDIES]
    assert text == index(records)
    assert [len(answer(record)) > 60 for record in records] == [True] * len(STUDIES)


def test_a_typed_number_would_be_seen():
    assert re.findall(r"\d[\d.,]*", re.sub(SCALES, "", "falls by 3.4 of 100 on UCLA-20")) == ["3.4"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (fixed(-0.04), "0.0"),
        (fixed(1234.567, 2), "1234.57"),
        (signed(0.25, 2), "+0.25"),
        (signed(-0.25, 2), "-0.25"),
        (signed(0.001), "0.0"),
        (percent(0.256), "26 %"),
        (count(20800.0), "20,800"),
        (listed(["a"]), "a"),
        (listed(["a", "b", "c"]), "a, b and c"),
        (span({"value": 1.0, "low": -0.5, "high": 2.5}), "+1.0 (-0.5 to +2.5)"),
        (span({"value": -0.06, "low": -0.11, "high": -0.016}), "-0.06 (-0.11 to -0.02)"),
        (span({"value": -0.06, "low": -0.11, "high": 0.016}), "-0.1 (-0.1 to 0.0)"),
        (of_hundred({"value": 0.15, "low": 0.1, "high": 0.204}), "+15 (+10 to +20)"),
        (percent(0.0), "0 %"),
        (percent(0.004), "0.4 %"),
    ],
)
def test_numbers_are_written_in_one_way(written, expected):
    assert written == expected


def test_runs_that_were_not_made_are_told_with_the_command_that_makes_them(tmp_path):
    study = tmp_path / "centre-size.yaml"
    study.write_text(
        "title: a\nquestion: b?\nbase: baseline\ndays: 5\nsettling: 0\ndesign: replicates\nreplicates: 2\n"
    )
    from experiments.runs.executors import InProcess
    from experiments.sweep.make import sweep

    store = tmp_path / "store"
    sweep(load_study(study), store, InProcess())
    study.write_text(study.read_text().replace("replicates: 2\n", "replicates: 3\n"))
    with pytest.raises(ResultError, match="lacks 1 of the 3 runs of centre-size; make them with: dayroom sweep"):
        findings(load_study(study), store)


def test_a_study_without_a_finding_is_told(tmp_path):
    study = tmp_path / "ours.yaml"
    study.write_text("title: a\nquestion: b?\nbase: baseline\ndesign: replicates\nreplicates: 2\n")
    with pytest.raises(ResultError, match=r"no finding is written for this study; there are: .*centre-size"):
        findings(load_study(study), tmp_path / "store")


def test_a_key_is_found_before_a_method_of_the_same_name():
    """A mapping has a method `clear`, which is always true."""
    template = _environment().from_string("{{ 'sure' if one.clear else 'open' }} {{ one.items | join }}")
    assert template.render(one={"clear": False, "items": ["a"]}) == "open a"
