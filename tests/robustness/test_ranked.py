"""Whether a ranking holds, in Python: made-up runs with a known order, real small runs, and refusals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments import plots
from experiments.robustness import ranked
from experiments.robustness.regret import base_study
from experiments.runs.executors import InProcess
from experiments.statistics.complete_points import PointsError
from experiments.statistics.crossed import crossed
from experiments.studies import load_study
from experiments.sweep.make import sweep
from experiments.sweep.results import results
from sim.scenario.text.errors import InputError
from tests.robustness.conftest import write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return load_study(write_study(tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="module")
def runs():
    """Return runs in which respite leads by 1 at 40 of 60 points and circle by 3 elsewhere; usual care is between."""
    rows = []
    for point in range(60):
        values = {"usual-care": 30.0, "respite": 29.0, "circle": 31.0 if point < 40 else 26.0}
        rows += [(point, name, k, "done", value + 0.2 * k) for name, value in values.items() for k in range(2)]
    return pd.DataFrame(rows, columns=["point", "lever", "replicate", "status", "burden"])


@pytest.fixture(scope="module")
def found(study, runs):
    return ranked(study, runs, "burden")


def test_places_regret_and_order_are_those_of_the_values(found):
    assert found.order == ["respite", "circle", "usual-care"]
    assert found.share("respite", 1) == pytest.approx(40 / 60)
    assert found.share("circle", 1) == pytest.approx(20 / 60)
    assert found.share("circle", 3) == pytest.approx(40 / 60)
    table = found.table().set_index("lever")
    assert table.loc["circle", "max_regret"] == pytest.approx(2.0)
    assert table.loc["respite", "max_regret"] == pytest.approx(3.0)
    assert found.regret.choice == "circle"
    assert table.loc["respite", "mean_place"] == pytest.approx((40 * 1 + 20 * 2) / 60)
    assert np.isnan(found.clear_first)
    assert found.agreement.same_point == pytest.approx(1.0)
    assert -1.0 < found.agreement.other_point < 0.5


def test_it_is_said_how_often_the_best_is_first(found):
    said = " ".join(found.words())
    assert (
        "In the mean over 60 points the best is respite, by 0.333 before circle (no interval: it takes 3 seeds and "
        "points that differ); it is first in 67 % of them." in said
    )
    assert "2 replicates per point are too few to say at which points the first is better than the second" in said
    assert (
        "circle has the least largest regret: it loses at most 2 against the best, on average 1.33 (60 points)" in said
    )
    assert "base scenario" not in said


def test_the_best_of_the_base_may_be_another(study, runs):
    base = runs.query("point == 50")
    found = ranked(study, runs, "burden", at_base=base)
    assert found.base_order == ["circle", "respite", "usual-care"]
    assert any("the best is circle; it stays first in 33 % of the points." in line for line in found.words())
    assert found.summary()["best_at_base_is_first_in"] == pytest.approx(1 / 3)


def test_a_ranking_names_the_runs_that_failed(study, runs, found):
    lost = (runs["point"] == 7) & (runs["lever"] == "circle") & (runs["replicate"] == 1)
    after = ranked(study, runs.assign(status=runs["status"].mask(lost, "failed")), "burden")
    assert after.failures() == [{"point": 7, "lever": "circle", "replicate": 1}]
    assert after.summary()["failed_runs"] == 1
    assert ranked(study, runs, "burden", levers=["usual-care", "respite"]).failures() == found.failures() == []


def test_a_ranking_from_a_store_knows_the_error_of_each_failed_run(swept):
    study, store = swept
    ranking = ranked(study, store, levers=["usual-care", "circle"])
    rows = ranking.failures()
    assert len(rows) == ranking.points.failed > 0
    assert {row["lever"] for row in rows} <= {"usual-care", "circle"}
    assert all(row["error"] and row["again"].startswith("dayroom ") for row in rows)


@pytest.mark.parametrize(("step", "sure"), [(0.0, True), (4.0, False)])
def test_the_lead_of_the_first_has_an_interval_for_other_points_and_seeds(study, step, sure):
    """Every seed favours one of two levers at all points alike: more points do not average that out."""
    draws = np.random.default_rng(4)
    favour = step * np.array([-1.0, 0.0, 1.2, 0.3])
    rows = [
        (point, name, k, "done", 30.0 + draws.normal() + (name == "usual-care") * (2.0 + favour[k]))
        for point in range(60)
        for name in ("usual-care", "respite")
        for k in range(4)
    ]
    runs = pd.DataFrame(rows, columns=["point", "lever", "replicate", "status", "burden"])
    made = ranked(study, runs, "burden", levers=["respite", "usual-care"])
    wide = runs.pivot(index="point", columns=["lever", "replicate"], values="burden")
    expected = crossed((wide["usual-care"] - wide["respite"]).to_numpy())
    assert made.order[0] == "respite"
    assert (made.lead().low, made.lead().high) == pytest.approx((expected.low, expected.high))
    assert (expected.low > 0.0) == sure
    assert ("which chance may have made" in made.words()[0]) != sure


def base_runs(respite: list[float]) -> pd.DataFrame:
    """Return runs with noise common to all levers: usual care at 30, circle 5 worse, respite worse as given."""
    shared = [0.0, 4.0, -3.0] * 4
    rows = [(0, "usual-care", k, "done", 30.0 + shared[k]) for k in range(len(respite))]
    rows += [(0, "circle", k, "done", 35.0 + shared[k]) for k in range(len(respite))]
    rows += [(0, "respite", k, "done", 30.0 + shared[k] + more) for k, more in enumerate(respite)]
    return pd.DataFrame(rows, columns=["point", "lever", "replicate", "status", "burden"])


def test_what_the_pairs_at_the_base_do_not_tell_from_the_best_is_said(study, runs):
    unclear = ranked(study, runs, "burden", at_base=base_runs([0.3, -0.2, 0.1] * 4))
    said = " ".join(unclear.words())
    assert "(12 replicates) the best is usual-care; it stays first in 0 % of the points. " in said
    assert "There it is not clearly" in said
    assert "not clearly better than respite." in said
    assert unclear.summary()["not_clearly_worse_than_the_best_at_base"] == ["respite"]
    clear = ranked(study, runs, "burden", at_base=base_runs([0.3, 0.2, 0.25] * 4))
    assert clear.base_as_good == []
    assert "There it is clearly better than each of the others." in clear.words()[1]
    few = ranked(study, runs, "burden", at_base=base_runs([0.3, 0.2, 0.25]))
    assert few.base_as_good == ["respite", "circle"]
    assert "So few replicates are too few to say whether it is better there than the others." in few.words()[1]


def test_levers_that_are_equal_at_the_base_are_not_ranked_there(study, runs):
    found = ranked(study, runs, "burden", at_base=base_runs([0.0] * 12))
    assert set(found.base_equal) == {"usual-care", "respite"}
    said = " ".join(found.words())
    assert "At the base scenario itself (12 replicates) " in said
    assert " are equal and best, which ranks none of them before the others." in said
    assert "it stays first in" not in said


def test_one_replicate_at_the_base_tells_nothing_of_the_others(study, runs):
    said = " ".join(ranked(study, runs, "burden", at_base=base_runs([0.3])).words())
    assert "(1 replicate) the best is usual-care" in said
    assert "too few to say whether it is better there than the others." in said


def test_two_equal_levers_have_no_order_and_no_choice_between_them(study, runs):
    circle = runs.query("lever == 'usual-care'").assign(lever="circle")
    equal = pd.concat([runs.query("lever == 'usual-care'"), circle])
    found = ranked(study, equal, "burden", levers=["circle", "usual-care"], at_base=equal.query("point == 3"))
    said = " ".join(found.words())
    assert "circle and usual-care are equal and best; they are first in 50 % and 50 % of them" in said
    assert "there is no order" in said
    assert "circle and usual-care share the least largest regret" in said
    assert "At the base scenario itself (2 replicates) circle and usual-care are equal and best" in said
    assert "nan" not in said
    assert "replicate nobody" not in said
    assert "100 %" not in said
    assert found.plot("regret").axes


def test_an_outcome_that_seldom_differs_ranks_nothing(study, runs):
    """With all levers equal at half of the points a share of first places says more about ties than about levers."""
    tied = runs.assign(burden=runs["burden"].where(runs["point"] >= 30, 30.0))
    found = ranked(study, tied, "burden")
    assert found.words() == ["Too rare to rank by burden: at 30 of 60 points all levers are equal."]
    assert found.sentences() == found.words()
    assert found.summary()["too_rare_to_rank"]
    fewer = ranked(study, runs.assign(burden=runs["burden"].where(runs["point"] >= 29, 30.0)), "burden")
    assert not fewer.summary()["too_rare_to_rank"]


def test_no_gap_between_halves_is_not_due_to_points(found):
    assert (
        "By these estimates, which have no interval, the points make the gap between the two."
        in found.agreement.words(2)
    )
    turned = replace(found.agreement, same_point=0.2, other_point=0.3)
    assert "by halves at two different points by 0.30, no less; that the points change the order is not shown" in (
        turned.words(2)
    )
    assert "only the gap" not in turned.words(2)


def test_one_replicate_is_told_from_ties(study, runs):
    one = ranked(study, runs.query("replicate == 0"), "burden").agreement
    assert "One replicate cannot show how much of that is chance." in one.words(1)
    tied = runs.assign(burden=runs["burden"].where(runs["point"] >= 10, 30.0))
    found = ranked(study, tied, "burden")
    assert "That leaves out 10 points at which all levers are equal" in " ".join(found.words())


def test_some_levers_alone(study, runs):
    found = ranked(study, runs, "burden", levers=["respite", "usual-care"])
    assert found.share("respite", 1) == 1.0
    assert set(found.places["lever"]) == {"respite", "usual-care"}


def test_every_figure_can_be_drawn_by_name(found):
    for name in plots.RANKING_FIGURES:
        assert found.plot(name).axes
    with pytest.raises(InputError, match="no figure 'rank'; did you mean 'ranks'"):
        found.plot("rank")


def test_real_runs_drop_points_with_failed_runs_and_meet_the_base(swept):
    study, store = swept
    there = base_study(study, 3)
    assert (there.points, there.factors, list(there.levers)) == ([()], (), list(study.levers))
    sweep(there, store, InProcess())
    found = ranked(study, store, "loneliness_ucla20", at_base=results(there, store))
    assert found.points.planned - found.points.number == found.points.failed / 6
    assert found.base_replicates == 3
    assert sorted(found.base_order) == sorted(study.levers)
    shares = found.places.groupby("lever")["share"].sum()
    np.testing.assert_allclose(shares, 1.0)
    assert found.by_point()["regret"].min() >= 0.0
    plain = found.points.means.max(axis=None) - found.points.means.min(axis=None)
    assert 0.0 < found.table()["max_regret"].max() < plain
    assert (found.table()["max_regret_low"] <= found.table()["max_regret_high"]).all()


@pytest.mark.parametrize(
    ("outcome", "levers", "said"),
    [
        ("burdens", [], "there is no outcome 'burdens'; did you mean 'burden'"),
        ("users", [], "users: no direction is better, so there is nothing to rank by"),
        ("burden", ["respite"], "a ranking takes at least 2 levers; found respite"),
        ("burden", ["respite", "cirle"], "no lever 'cirle'; did you mean 'circle'"),
    ],
)
def test_what_cannot_be_ranked_is_refused(study, runs, outcome, levers, said):
    with pytest.raises(PointsError, match=said):
        ranked(study, runs, outcome, levers=levers)
