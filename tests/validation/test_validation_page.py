"""docs/validation.md shows the record, all of its numbers are inserted, and the command rewrites it."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from experiments.runs.executors import executor
from experiments.validation import page as validation_page
from experiments.validation.conclusions import conclusions, counts
from experiments.validation.fitted_numbers import aimed_at
from experiments.validation.measured import DISTRIBUTIONS, LABELS
from experiments.validation.page import (
    BLOCKS,
    FIGURES,
    PAGE,
    RECORD,
    ValidationPageError,
    is_current,
    write_record,
    written,
)
from experiments.validation.recovery import STRENGTHS
from sim.scenario.reading.load import load_scenario

STRONGER = {"strong selection, weak influence": 1, "weak selection, strong influence": -1}
"""Kinds of data in which both act and one is ten times the other: 1 where that is selection, else -1."""

TEXT = PAGE.read_text(encoding="utf-8")
RECORDED = json.loads(RECORD.read_text(encoding="utf-8"))


def test_the_page_shows_the_record():
    assert is_current(RECORDED, TEXT), "run: dayroom validate --write"


def test_a_page_that_shows_something_else_is_found_out():
    row = next(row for row in RECORDED["waves"] if row["number"] == "density")
    shown = f"{row['data']:.2f}"
    assert shown in TEXT
    assert not is_current(RECORDED, TEXT.replace(shown, "0.99", 1))
    without = re.sub(r"<!-- begin validation fits -->.*?<!-- end -->\n", "", TEXT, flags=re.DOTALL)
    assert not is_current(RECORDED, without)


def test_every_number_of_data_and_model_is_on_the_page():
    for row in RECORDED["waves"]:
        assert LABELS[row["number"]] in TEXT
    for line in conclusions(pd.DataFrame(RECORDED["waves"]), pd.DataFrame(RECORDED["fits"])):
        assert f"- {line}\n" in TEXT
    for label in DISTRIBUTIONS.values():
        assert f"| {label} |" in TEXT
    for kind in STRENGTHS:
        assert f"| {kind} |" in TEXT


def test_a_model_that_falls_short_is_said_to_and_a_right_one_is_not():
    waves = pd.DataFrame(RECORDED["waves"])
    free = ~waves["aimed"]
    assert f"lie in the middle 95 % of the runs, fewer than the {round(0.95 * free.sum())} or so" in counts(waves)
    right = waves.assign(inside=True)
    assert f"of a right model about {round(0.95 * free.sum())} would. " in counts(right)
    assert counts(right[free]).endswith(" would.")
    assert counts(waves[free]).endswith("or so of a right model.")


def test_distributions_that_differ_beyond_chance_are_named():
    waves, fits = pd.DataFrame(RECORDED["waves"]), pd.DataFrame(RECORDED["fits"])
    one = fits.assign(p=fits["p"].where(fits["distribution"] == "in_degree", 0.3))
    assert conclusions(waves, one)[-1].endswith("beyond chance in how many name one.")
    few = one.assign(runs=12)  # the least share of 12 runs is no less than 1 / 13
    assert conclusions(waves, few)[-1].endswith("none differs from the runs beyond chance.")


def test_targets_are_marked_where_numbers_are_listed():
    (every,) = (line for line in conclusions(pd.DataFrame(RECORDED["waves"]), pd.DataFrame(RECORDED["fits"]))
                if line.startswith("Inside at every wave"))  # fmt: skip
    assert "closure\N{DAGGER}, people without a relation, " in every


def test_numbers_outside_are_bold_and_no_others():
    table = written(RECORDED, "<!-- begin validation waves -->\n<!-- end -->")
    outside = sum(not row["inside"] for row in RECORDED["waves"])
    assert table.count("**") == 2 * outside


def test_numbers_that_are_targets_have_a_dagger_and_no_others():
    table = written(RECORDED, "<!-- begin validation waves -->\n<!-- end -->")
    aimed = {(row["number"], row["week"]) for row in RECORDED["waves"] if row["aimed"]}
    assert aimed == aimed_at()
    assert table.count("\N{DAGGER}") == len(aimed)
    assert f"of {len(aimed)} that are calibration targets" in TEXT


@pytest.mark.parametrize("part", ["known", "known_exactly"])
def test_which_was_stronger_is_right_where_the_page_says_so(part):
    for kind, sign in STRONGER.items():
        row = next(row for row in RECORDED[part] if row["data"] == kind)
        assert row["lead_low" if sign > 0 else "lead_high"] * sign > 0.0


def test_influence_alone_is_taken_for_selection_as_the_page_says():
    row = next(row for row in RECORDED["known_exactly"] if row["data"] == "influence")
    assert row["selection_low"] > 0.0


def test_no_result_is_typed_by_hand():
    prose = re.sub(r"<!-- begin .*?<!-- end -->|```.*?```", "", TEXT, flags=re.DOTALL)
    prose = prose.partition("## References")[0]
    assert re.findall(r"\bp [<=]|\d\.\d\d|\d+ of \d+", prose.replace("below 0.05", "")) == []


def test_the_example_is_a_scenario(tmp_path):
    (text,) = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
    path = tmp_path / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_scenario(path).observe.waves == (0, 182)


def test_the_figures_are_there_and_shown():
    for name in FIGURES:
        assert (PAGE.parent / name).read_bytes().startswith(b"\x89PNG")
        assert f"]({name})" in TEXT


def test_the_command_writes_record_figures_and_page_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    page, record = tmp_path / "validation.md", tmp_path / "record.json"
    page.write_text(re.sub(r"(<!-- begin validation \w+ -->\n).*?(<!-- end -->)", r"\1\2", TEXT, flags=re.DOTALL))
    monkeypatch.setattr(validation_page, "PAGE", page)
    monkeypatch.setattr(validation_page, "RECORD", record)
    monkeypatch.setattr(validation_page, "GROUPS", 4)
    told: list[str] = []
    paths = write_record(3, 7, executor(1), told.append)
    assert paths == [record, *(tmp_path / name for name in FIGURES), page]
    assert all(path.stat().st_size > 0 for path in paths)
    made = json.loads(record.read_text(encoding="utf-8"))
    assert (made["replicates"], made["seed"], made["groups"]) == (3, 7, 4)
    assert len(told) == 2
    text = page.read_text(encoding="utf-8")
    assert is_current(made, text)
    assert "3 runs of `freshmen` under seed 7" in text
    assert set(made) == set(RECORDED)


def test_without_a_checkout_it_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(validation_page, "PAGE", tmp_path / "validation.md")
    with pytest.raises(ValidationPageError, match="only a checkout has it"):
        write_record(2, 1, executor(1), print)


def test_an_unknown_mark_is_found_out():
    with pytest.raises(KeyError):
        written(RECORDED, "<!-- begin validation nothing -->\n<!-- end -->")
    assert list(BLOCKS) == re.findall(r"<!-- begin validation (\w+) -->", TEXT)
