"""Find where a policy fails, in Python: made-up runs with a planted box, real small runs, and impossible requests."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments import plots
from experiments.robustness import discovered
from experiments.robustness.failure_rule import condition, too_little
from experiments.robustness.runs import label, unit
from experiments.statistics.complete_points import PointsError
from experiments.studies import load_study
from experiments.sweep.results import results
from sim.scenario.text.errors import InputError
from tests.robustness.conftest import STUDY, write_study

pytest.importorskip("ema_workbench", exc_type=ImportError)

TALK, GAIN = "rules.encounters.talk_share", "rules.wellbeing.burden_gain"


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Return a study of 120 points, and runs in which respite fails where there is much talk and little gain."""
    folder = tmp_path_factory.mktemp("planted")
    study = load_study(write_study(folder, STUDY.replace("points: 60", "points: 120")))
    draws = np.random.Generator(np.random.Philox(6))
    paths = [factor.path for factor in study.factors]
    rows = []
    for point, values in enumerate(study.points):
        at = dict(zip(paths, values, strict=True))
        effect = 0.6 if at[TALK] > 0.45 and at[GAIN] < 0.08 else -0.9
        for replicate in range(study.replicates):
            chance = draws.normal(30.0, 3.0)
            rows.append((point, "usual-care", replicate, "done", chance))
            rows.append((point, "respite", replicate, "done", chance + effect + 0.1 * draws.normal()))
    return study, pd.DataFrame(rows, columns=["point", "lever", "replicate", "status", "burden"])


@pytest.fixture(scope="module")
def found(planted):
    return discovered(*planted, "respite", rule=too_little("burden"))


def test_a_planted_box_is_said_with_meanings_and_paths(found):
    box = found.discovery.boxes[0]
    assert {one.parameter for one in box.restrictions} == {TALK, GAIN}
    said = " ".join(found.words())
    assert f"respite fails in {found.failing} of 120 points" in said
    assert "burden at the end is not lower than under usual-care." in said
    limits = {one.parameter: one for one in box.restrictions}
    assert limits[TALK].low == pytest.approx(0.45, abs=0.06)
    assert limits[GAIN].high == pytest.approx(0.08, abs=0.02)
    for path, limit in ((TALK, limits[TALK].low), (GAIN, limits[GAIN].high)):
        assert f"({path}) " in said
        assert f" {limit:.3g}" in said
    assert "share of a session spent in conversation with a partner" in said
    assert box.fresh_density > 0.8
    assert f"Of the points held out of the search, {100 * box.fresh_coverage:.0f} % of the failures lie there" in said
    assert "draws" not in said
    assert "No box can restrict 2 factors that are words or concern neither lever" in said


def test_points_at_which_no_run_differs_are_no_evidence_against_a_lever(planted):
    study, runs = planted
    same = runs.assign(burden=30.0 + runs["replicate"])
    said = discovered(study, same, "respite", rule=too_little("burden")).words()[0]
    assert said.endswith(
        "At 120 of 120 points no run differs from that under usual-care: no effect is seen there, which is not to say "
        "that there is none."
    )


def test_tables_hold_points_and_ranges(found, planted):
    study, runs = planted
    assert found.judged[TALK].tolist() == [point[0] for point in study.points]
    mean = runs.query("point == 7").groupby("lever")["burden"].mean()
    assert found.judged.loc[7, "difference"] == pytest.approx(mean["respite"] - mean["usual-care"])
    boxes = found.boxes().set_index("parameter")
    factor = study.factors[0]
    assert (boxes.loc[TALK, "from"], boxes.loc[TALK, "to"]) == (factor.low, factor.high)
    assert boxes.loc[TALK, "fresh_density"] == found.discovery.boxes[0].fresh_density
    assert boxes.loc[TALK, "p"] == found.discovery.boxes[0].p < 0.05
    assert found.judged["held_out"].sum() == pytest.approx(40, abs=1)


def test_a_margin_makes_more_points_fail(planted, found):
    more = discovered(*planted, "respite", rule=too_little("burden", 2.0))
    assert found.failing < more.failing == 120
    assert "by 2 points or more" in more.words()[0]


def test_every_figure_can_be_drawn_by_name(found):
    assert list(found.figures()) == list(plots.DISCOVERY_FIGURES)
    for name in found.figures():
        assert found.plot(name).axes
    with pytest.raises(InputError, match="no figure 'planes'; did you mean 'plane'"):
        found.plot("planes")


def test_without_a_box_only_the_points_are_drawn(planted):
    study, runs = planted
    none = discovered(study, runs, "respite", rule=condition("burden > 1000"))
    assert none.words()[0].startswith("respite fails in 0 of 120 points (0 %)")
    assert none.words()[0].endswith("If others like the points were drawn, it might fail in up to 2 % of them.")
    with pytest.raises(InputError, match="no figure 'plane', allowed is one of differences"):
        none.plot("plane")
    assert list(none.figures()) == ["differences"]


def test_few_failures_are_too_few_for_a_box(planted, found):
    study, runs = planted
    dropped = found.judged.loc[found.judged["fails"], "point"].iloc[5:]
    few = discovered(study, runs[~runs["point"].isin(dropped)], "respite", rule=too_little("burden"))
    assert few.failing == 5
    assert any(line.startswith("5 failures are too few to look for a box") for line in few.words())


def test_a_box_that_chance_made_is_not_reported(planted):
    study, runs = planted
    draws = np.random.Generator(np.random.Philox(9))
    noise = runs.assign(burden=30.0 + draws.normal(size=len(runs)))
    by_chance = discovered(study, noise, "respite", rule=too_little("burden"))
    said = " ".join(by_chance.words())
    assert by_chance.discovery.boxes == ()
    assert "No range was found that separates these points from the others and holds on the points held out" in said
    assert " may have been missed." in said
    assert by_chance.summary()["boxes"] == []
    assert by_chance.unclear > 90
    assert abs(by_chance.unlike.by_chance - by_chance.failing) < 20.0
    assert "that they differ by more than chance is not shown" in said


def test_real_runs_from_a_store_leave_out_points_with_failed_runs(swept):
    study, store = swept
    runs = results(study, store)
    lost = runs.loc[runs["status"] == "failed", "point"].unique()
    median = runs.loc[runs["lever"] == "circle", "loneliness_ucla20"].median()
    rule = replace(condition("loneliness_ucla20 > 40"), limit=float(median))
    found = discovered(study, store, "circle", rule=rule)
    assert not set(lost) & set(found.judged["point"])
    assert len(found.judged) == 60 - len(lost)
    assert f"{len(lost)} of 60 points are left out" in " ".join(found.words())
    assert found.left_out == ["centres.*.timetable.*.grouping"]
    assert found.summary()["failed_runs"] == found.points.failed == len(found.failures()) == 4 * len(lost)
    assert {row["point"] for row in found.failures()} == set(lost)
    assert {row["lever"] for row in found.failures()} == {"circle", "usual-care"}
    assert all(row["error"] and row["again"] for row in found.failures())


@pytest.mark.parametrize(
    ("lever", "against", "said"),
    [
        (
            "respit",
            None,
            "small has no lever 'respit'; did you mean 'respite'\\? allowed: one of usual-care, respite, circle",
        ),
        ("respite", "usual", "small has no lever 'usual'"),
        ("usual-care", None, "usual-care is compared with itself"),
    ],
)
def test_levers_that_are_none_are_refused(planted, lever, against, said):
    with pytest.raises(PointsError, match=said):
        discovered(*planted, lever, against=against)


def test_too_few_points_are_refused(planted):
    study, runs = planted
    with pytest.raises(PointsError, match="found 12 points with all runs, and 4 factors that are numbers; boxes take"):
        discovered(study, runs[runs["point"] < 12], "respite", rule=too_little("burden"))


def test_a_study_that_varies_nothing_is_refused():
    with pytest.raises(PointsError, match="has one point; there is nothing across which"):
        discovered(
            replace(load_study("centre-size"), points=[()], factors=()),
            pd.DataFrame(),
            "usual-care",
            against="usual-care",
        )


def test_a_factor_is_named_by_its_meaning_and_path(planted):
    factor = planted[0].factors[2]
    assert label(factor).endswith("(users.disclosure_threshold.mean)")
    assert label(replace(factor, meaning="Full-time staff (section 2.1: understaffed)")).startswith(
        "full-time staff (users"
    )
    assert label(replace(factor, meaning="")) == "users.disclosure_threshold.mean"
    assert [unit(replace(factor, unit=word)) for word in ("1", "day", "h/week")] == ["", "days", "h/week"]
