"""The numbers of findings in made-up runs with known answers."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from experiments.findings import (
    centre_size,
    ranking_of_policies,
    threshold_by_closeness,
    which_assumptions_matter,
)
from experiments.studies import load_study

nothing = SimpleNamespace()
"""Tables of a finding that reads none."""


SHIPPED = Path(__file__).parents[2] / "experiments" / "studies"


def test_from_which_size_on_a_centre_is_as_good_as_the_largest(made_runs):
    """Each run has chance of its own: without any, differences have no interval, and nothing is shown to be as good."""
    study = load_study("centre-size")
    small = centre_size.USERS
    outcomes = {
        "loneliness_ucla20": lambda at: 48.0 + 6.0 * (at[small] < 16),  # a small effect is 2
        "burden": lambda at: 30.0 + 0.0 * at[small],
        "group_identity": lambda at: 4.0 + at[small],  # more is better: none is as good as the largest
        "no_friend_share": lambda at: 1.0 / at[small],
    }
    found = centre_size.numbers(study, made_runs(study, 12, own=0.05, **outcomes), nothing)
    assert found["loneliness_ucla20"]["enough"] == 16
    assert found["loneliness_ucla20"]["margin"] == pytest.approx(2.0)
    assert found["loneliness_ucla20"]["smallest"]["value"] == pytest.approx(6.0, abs=0.1)
    assert found["loneliness_ucla20"]["smallest"]["verdict"] == "higher"
    assert found["burden"]["enough"] == found["sizes"][0]
    assert found["group_identity"]["enough"] == found["sizes"][-1]
    assert not found["burden"]["staff"]["clear"]
    assert (found["burden"]["staff"]["small"], found["burden"]["staff"]["pairs"]) == (True, 12)
    few = centre_size.numbers(study, made_runs(study, 9, own=0.05, **outcomes), nothing)
    assert few["burden"]["enough"] == few["sizes"][-1]  # fewer than ten pairs show nothing
    same = centre_size.numbers(study, made_runs(study, 12, **outcomes), nothing)
    assert same["burden"]["smallest"]["verdict"] == "no difference seen"
    assert same["burden"]["enough"] == same["sizes"][-1]


def test_a_small_centre_that_is_better_is_not_too_small(made_runs):
    study = load_study("centre-size")
    runs = made_runs(
        study,
        12,
        own=0.05,
        loneliness_ucla20=lambda at: 48.0 - 6.0 * (at[centre_size.USERS] == 12),
        burden=lambda at: 30.0 - 6.0 * (at[centre_size.USERS] < 10),
        group_identity=lambda at: 4.0 + 6.0 * (at[centre_size.USERS] < 10),
        no_friend_share=lambda at: 1.0 / at[centre_size.USERS],
    )
    found = centre_size.numbers(study, runs, nothing)
    assert [found[name]["enough"] for name in ("loneliness_ucla20", "burden", "group_identity")] == [5.0, 5.0, 5.0]
    assert found["loneliness_ucla20"]["best"] == 12


def test_a_small_centre_lacks_certainty_only_if_its_spread_is_clearly_larger(made_runs):
    from experiments.findings.pages import page

    study = load_study("centre-size")
    users = centre_size.USERS
    flat = dict.fromkeys(("burden", "group_identity", "no_friend_share"), lambda at: 0.5 + 0.0 * at[users])
    about = {"study": study.name, "title": study.title, "question": study.question, "model_digest": "a" * 32}
    about |= {"points": 1, "levers": ["a"], "replicates": 2, "runs": 2, "days": 365, "failed": 0, "factors": []}
    for spread, says in ((3.0, True), (0.0, False)):

        def lonely(at, spread=spread):
            luck = np.random.default_rng(5).normal(size=50)[at["replicate"]]
            return 48.0 + luck * (1.0 + spread * (at[users] == at[users].min()))

        found = centre_size.numbers(
            study, made_runs(study, 50, 0.1, own=0.5, loneliness_ucla20=lonely, **flat), nothing
        )
        luck = found["loneliness_ucla20"]["luck"]
        assert (luck["clear"] and luck["value"] > 0) == says
        assert luck["ratio_low"] < luck["ratio"] < luck["ratio_high"]
        assert ("A small centre lacks certainty" in page(about | {"numbers": found})) == says


def test_the_effect_of_each_trait_and_of_both_together(made_runs):
    study = load_study("threshold-by-closeness")
    T, C = threshold_by_closeness.THRESHOLD, threshold_by_closeness.CLOSENESS
    runs = made_runs(
        study,
        12,
        loneliness_ucla20=lambda at: 40.0 + 20.0 * at[T] + 10.0 * at[C],
        burden=lambda at: 30.0 + 100.0 * at[T] * at[C],
        group_identity=lambda at: 4.0 + 0.0 * at[T],
    )
    found = threshold_by_closeness.numbers(study, runs, nothing)
    (low, high), (distant, close) = found["ends"][T], found["ends"][C]
    assert found["loneliness_ucla20"]["threshold"]["value"] == pytest.approx(20.0 * (high - low))
    assert found["loneliness_ucla20"]["closeness"]["value"] == pytest.approx(10.0 * (close - distant))
    assert found["burden"]["threshold_distant"]["value"] == pytest.approx(100.0 * (high - low) * distant)
    assert found["burden"]["threshold_close"]["value"] == pytest.approx(100.0 * (high - low) * close)
    assert found["burden"]["threshold_more"]["value"] == pytest.approx(100.0 * (high - low) * (close - distant))
    assert found["loneliness_ucla20"]["threshold_more"]["value"] == pytest.approx(0.0, abs=1e-9)
    assert not found["group_identity"]["threshold"]["clear"]
    highest = found["burden"]["highest"]
    assert (highest["threshold"], highest["closeness"]) == (high, close)


@pytest.fixture(scope="module")
def ranking():
    """Return the study of rankings with effects of levers: equal everywhere on loneliness, not on burden."""
    study = load_study("ranking-of-policies")
    place = {name: k for k, name in enumerate(study.levers)}
    company, users = "rules.wellbeing.lonely_company", "centres.*.users"

    def burden(at):
        fails = (at["lever"] == "respite") & (at[company] > 0.1) & (at[users] > 24)
        return 30.0 - at["lever"].map(place) * 0.1 - 2.0 * (at["lever"] == "respite") + 6.0 * fails

    formulas = {
        "loneliness_ucla20": lambda at: 45.0 - at["lever"].map(place),
        "burden": burden,
        "group_identity": lambda at: 4.0 + 0.0 * at["replicate"],
    }
    return study, formulas


@pytest.mark.slow
def test_a_ranking_that_is_the_same_everywhere_holds_and_one_box_is_found(ranking, made_runs):
    pytest.importorskip("ema_workbench", exc_type=ImportError)
    study, formulas = ranking
    found = ranking_of_policies.numbers(study, made_runs(study, 4, own=0.05, **formulas), nothing)
    lonely = found["loneliness_ucla20"]
    assert lonely["order"] == list(reversed(study.levers))
    assert (lonely["share_first"], lonely["of_possible"], lonely["holds"]) == (1.0, pytest.approx(1.0), True)
    assert all(row["failures"] == 0 for row in lonely["fails"])
    assert not found["group_identity"]["holds"]
    assert (found["box"]["lever"], found["box"]["outcome"]) == ("respite", "burden")
    assert found["box"]["found"]
    assert "(centres.*.users) is above 24.5 users" in found["box"]["words"]
    assert re.search(r"\(rules\.wellbeing\.lonely_company\) is above 0\.(0[89]|10)", found["box"]["words"])
    assert sum(found["sections"].values()) == len(study.factors)


def test_levers_have_the_effects_of_the_policies_they_stand_for():
    levers = list(load_study("ranking-of-policies").levers)
    by_loneliness = ranking_of_policies.base_order(levers, "loneliness_ucla20")
    assert by_loneliness[-1] == "rotating-tables"
    assert set(by_loneliness[:2]) == {"codesign", "disclosure-circle"}
    assert set(ranking_of_policies.base_order(levers, "burden")[:2]) == {"respite", "peer-support-workers"}


@pytest.mark.slow
def test_the_page_and_its_short_answer_are_written_either_way(ranking, made_runs):
    from experiments.findings.pages import answer, page

    study, formulas = ranking
    numbers = ranking_of_policies.numbers(study, made_runs(study, 4, own=0.05, **formulas), nothing)
    about = {"study": study.name, "title": study.title, "question": study.question, "factors": [], "failed": 0}
    about |= {"levers": list(study.levers), "points": 160, "replicates": 2, "runs": 3520, "days": study.days}
    record = {**about, "model_digest": "a" * 32, "numbers": numbers}
    assert answer(record).startswith("By loneliness and burden it does") == numbers["burden"]["holds"]
    assert answer(record) in page(record)
    assert "`respite` lowers burden by " in page(record)
    assert "4 replicates are too few to say at which of the centres that is clear" in page(record)
    assert "(clearly in" not in page(record)
    without = {**record, "numbers": {**numbers, "box": None}}
    assert "No policy that clearly helps in the mean is shown to fail in some centres." in page(without)


def test_a_record_without_the_test_of_centres_claims_no_failures(ranking, made_runs):
    """A record of an earlier version holds failures, and not what would tell them from chance."""
    from experiments.findings.pages import page

    study, formulas = ranking
    numbers = ranking_of_policies.numbers(study, made_runs(study, 4, own=0.05, **formulas), nothing)
    about = {"study": study.name, "title": study.title, "question": study.question, "factors": [], "failed": 0}
    about |= {"levers": list(study.levers), "points": 160, "replicates": 2, "runs": 3520, "days": study.days}
    box = {key: value for key, value in numbers["box"].items() if key not in ("likely", "by_chance", "unlike")}
    text = page({**about, "model_digest": "a" * 32, "numbers": {**numbers, "box": box}})
    assert "Whether a policy that clearly helps in the mean fails somewhere is not known." in text
    assert "beyond chance" not in text


def test_one_effect_in_all_centres_is_not_said_to_fail_in_any(ranking, made_runs):
    """Supervision lowers burden by .17 everywhere; with four replicates it seems to fail in dozens of centres."""
    study, formulas = ranking
    same = dict.fromkeys(formulas, lambda at: 30.0 - 0.17 * (at["lever"] == "supervision"))
    found = ranking_of_policies.numbers(study, made_runs(study, 4, own=0.7, **same), nothing)
    row = next(row for row in found["burden"]["fails"] if row["lever"] == "supervision")
    assert row["failures"] > 25
    assert row["by_chance"] == pytest.approx(row["failures"], abs=20.0)
    assert not row["unlike"]
    assert found["box"] is None


def test_a_direction_needs_a_size_that_is_clear():
    row = {"value": 5.2, "low": 1.0, "high": 11.0, "noise": 3.0, "factor": "a", "meaning": "A", "clear_among": False}
    mean = pd.Series({"clear": True, "clear_among": False, "value": 4.0})
    assert which_assumptions_matter._leading(row | {"clear": False}, mean)["side"] == "has no clear direction"
    assert which_assumptions_matter._leading(row | {"clear": True}, mean)["side"] == "raises it by itself"
    page = Path(which_assumptions_matter.__file__).parents[2] / "docs" / "findings" / "which-assumptions-matter.md"
    shipped = page.read_text(encoding="utf-8")
    assert re.findall(r"(?:raises|lowers) it[^\n]*\(not clear of chance\)", shipped) == []


def test_which_assumptions_drive_what_and_which_can_stay_guesses(made_runs):
    study = load_study("which-assumptions-matter")
    base_share, family, sociability = (
        "rules.attendance.base_share",
        "rules.wellbeing.lonely_family",
        "users.sociability.mean",
    )
    span = {factor.path: factor.high - factor.low for factor in study.factors}
    runs = made_runs(
        study,
        2,
        loneliness_ucla20=lambda at: 48.0 - 9.0 * at[base_share] / span[base_share] + 6.0 * at[family] / span[family],
        burden=lambda at: 30.0 + 12.0 * at[base_share] / span[base_share],
        group_identity=lambda at: 4.0 + 3.0 * at[sociability] / span[sociability] + at[base_share] / span[base_share],
    )
    found = which_assumptions_matter.numbers(study, runs, nothing)
    first, second, *rest = found["loneliness_ucla20"]["leading"]
    assert (first["path"], first["side"], second["path"], second["side"]) == (
        base_share,
        "lowers it",
        family,
        "raises it",
    )
    assert (first["value"], second["value"]) == (pytest.approx(9.0), pytest.approx(6.0))
    assert first["meaning"] == "share of opening days attended at middling mood, identity, habit and burden"
    assert not any(row["clear"] for row in rest)
    assert found["loneliness_ucla20"]["margin"] == pytest.approx(2.0)
    assert found["loneliness_ucla20"]["large"] == 2
    assert found["loneliness_ucla20"]["clear"] == 2
    assert found["loneliness_ucla20"]["uneven"] == 0
    assert found["group_identity"]["leading"][1]["value"] == pytest.approx(1.0)
    assert found["group_identity"]["large"] == 1  # the other is smaller than a small effect
    assert (found["large"], found["alone"]) == (3, found["parameters"] - 3)
    assert base_share in [one["path"] for one in found["shared"]]
    assert found["burden"]["settled"] is True
    assert (found["never"], found["somewhere"]) == (found["alone"], 0)


@pytest.mark.slow
def test_a_parameter_that_matters_in_few_centres_only_is_not_left_alone(made_runs, tmp_path):
    """On average over centres it does little; where two others are high it does much. It takes enough centres."""
    text = (SHIPPED / "which-assumptions-matter.yaml").read_text(encoding="utf-8")
    larger = tmp_path / "which-assumptions-matter.yaml"
    larger.write_text(text.replace("trajectories: 10", "trajectories: 28"), encoding="utf-8")
    study = load_study(larger)
    path = {name: next(f for f in study.factors if f.path.endswith(name)) for name in ("base_share", "lonely_family")}
    rare, other = path["base_share"], path["lonely_family"]
    calm = dict.fromkeys(("loneliness_ucla20", "group_identity"), lambda at: 4.0 + 0.01 * at[rare.path] / rare.high)

    def burden(at):
        return 30.0 + 3.6 * (at[other.path] - other.low) / (other.high - other.low) * (at[rare.path] > 0.99 * rare.high)

    runs = made_runs(study, 2, burden=burden, **calm)
    found = which_assumptions_matter.numbers(study, runs, nothing)
    assert (found["alone"], found["somewhere"]) == (found["parameters"], 2)
    assert found["never"] == found["parameters"] - 2
    assert found["step"] == pytest.approx(2 / 3, abs=1e-3)  # a whole number may move a little further


def test_nothing_is_leading_where_nothing_varies_and_the_page_says_so(made_runs):
    from experiments.findings.pages import page

    study = load_study("which-assumptions-matter")
    flat = dict.fromkeys(("burden", "group_identity"), lambda at: 4.0 + 0.0 * at["users.sociability.mean"])
    runs = made_runs(study, 2, luck=0.0, loneliness_ucla20=lambda at: 40.0 + at["users.sociability.mean"], **flat)
    found = which_assumptions_matter.numbers(study, runs, nothing)
    assert found["burden"]["settled"] is None
    record = {"study": study.name, "title": study.title, "question": study.question, "model_digest": "a" * 32}
    record |= {"points": 1, "levers": ["a"], "replicates": 2, "runs": 2, "days": 365, "failed": 0, "factors": []}
    text = page(record | {"numbers": found})
    assert "half of the trajectories are too few to judge" in text
    loneliness = {**found["loneliness_ucla20"], "settled": True, "looked_at": 10, "kept": 8, "placed": 2, "moved": 0}
    text = page(record | {"numbers": {**found, "loneliness_ucla20": loneliness}})
    assert "8 led after half of the trajectories too, 2 of them in the same place; 0 moved" in text
    assert re.search(r"The order of the leading\s+parameters may still change for loneliness\.", text)
    assert "yes (" not in text


def test_who_is_as_good_as_the_best_of_the_baseline_is_judged_by_pairs(monkeypatch):
    """Holm: b with p = 0.03 is clear beside two that surely are, and not beside d with p = 0.04."""
    effects = {"a": [-1.0, -1.2, -0.8], "b": [-0.9, -1.05, -0.75], "c": [-0.2, -0.3, -0.1], "d": [-0.8, -0.9, -0.7]}
    known = {"policies": {name: {"effects": {"burden": values}} for name, values in effects.items()}, "pairs": 200}
    monkeypatch.setattr(ranking_of_policies, "_effects", lambda: known)
    levers = ["c", "b", "a", "usual-care"]
    assert ranking_of_policies.base_order(levers, "burden") == ["a", "b", "c", "usual-care"]
    assert ranking_of_policies.as_good_at_base(levers, "burden") is None  # no pairs in the record
    known["apart"] = {"burden": {"a": {"b": 0.03, "d": 0.04, "c": 1e-6, "baseline": 1e-9}}}
    assert ranking_of_policies.as_good_at_base(levers, "burden") == []
    assert ranking_of_policies.as_good_at_base([*levers, "d"], "burden") == ["b", "d"]
    known["pairs"] = 9
    assert ranking_of_policies.as_good_at_base(levers, "burden") is None
