"""The model beside data: the same survey in every run, as many answers as in the data, numbers side by side."""

import dataclasses
import math

import numpy as np
import pytest

from experiments.runs.executors import executor
from experiments.validation.measured import ALL_WAVES, CLASSES, LABELS, measured
from experiments.validation.record import freshmen
from experiments.validation.result import (
    Validation,
    ValidationError,
    fitted_scenario,
    surveyed,
    validate,
)
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Scenario

FRESHMEN = load_scenario("freshmen")


@pytest.fixture(scope="module")
def found() -> Validation:
    """Return twelve runs beside the freshmen."""
    return validate(freshmen(), FRESHMEN, 12, seed=3)


def test_each_run_is_asked_in_the_weeks_of_the_data_and_as_many_answer(found):
    for run in found.runs:
        assert run.people == 32
        assert [(table.week, table.respondents) for table in run.waves] == [
            (table.week, table.respondents) for table in found.data.waves
        ]
    assert found.scenario.days == 27 * 7


def test_runs_differ_and_each_can_be_made_alone(found):
    weeks, respondents = zip(*((table.week, table.respondents) for table in found.data.waves), strict=True)
    for number in (0, 5):
        seed = found.replicates()[number].seed
        assert surveyed(seed, found.scenario, weeks, respondents) == found.runs[number]
    assert len({run.waves[-1].distributions["triads"] for run in found.runs}) > 6


def test_workers_change_nothing(found):
    assert validate(freshmen(), FRESHMEN, 3, seed=3, workers=executor(2)).runs == found.runs[:3]


def test_a_row_a_number_and_week_says_where_the_data_lie(found):
    waves = found.waves()
    assert set(waves["number"]) == set(LABELS)
    assert len(waves) == 7 * 6 - 1 + 3 * 5, "the last wave is all of itself, so growth is not told of it"
    row = waves[(waves["number"] == "reciprocity") & (waves["week"] == "15")].iloc[0]
    of_runs = np.array([run.waves[3].numbers["reciprocity"] for run in found.runs])
    assert row["data"] == found.data.waves[3].numbers["reciprocity"]
    assert row["mean"] == pytest.approx(np.nanmean(of_runs))
    assert row["low"] == pytest.approx(np.nanquantile(of_runs, 0.025))
    assert row["inside"] == (row["low"] <= row["data"] <= row["high"])
    assert row["below"] == pytest.approx((of_runs < row["data"]).mean())
    change = waves[waves["number"] == "kept_mutual"]
    assert change["week"].tolist() == ["3-6", "6-9", "9-15", "15-21", "21-27"]
    assert change["last"].tolist() == [6, 9, 15, 21, 27]


def test_the_numbers_of_runs_are_given_one_by_one(found):
    rows = found.of_runs()
    one = rows[(rows["replicate"] == 4) & (rows["number"] == "jaccard") & (rows["week"] == "9-15")]
    assert one["value"].tolist() == pytest.approx([found.runs[4].changes[2].numbers["jaccard"]], nan_ok=True)
    assert rows["replicate"].nunique() == 12


def test_distributions_are_told_week_by_week_and_summed(found):
    rows = found.distributions()
    assert rows.groupby("distribution")["class"].nunique().to_dict() == {name: len(of) for name, of in CLASSES.items()}
    triads = rows[rows["distribution"] == "triads"]
    by_week = triads[triads["week"] != ALL_WAVES].groupby("class")[["data", "mean"]].sum()
    whole = triads[triads["week"] == ALL_WAVES].set_index("class")[["data", "mean"]]
    assert by_week.sort_index().to_numpy() == pytest.approx(whole.sort_index().to_numpy())
    threes = sum(math.comb(table.respondents, 3) for table in found.data.waves)
    assert whole.sum().tolist() == pytest.approx([threes, threes]), (
        "as many answer in the runs, so they add up to the same"
    )


def test_fits_are_told_week_by_week_and_for_all(found):
    fits = found.fits()
    assert fits["week"].tolist() == ["3", "6", "9", "15", "21", "27", ALL_WAVES] * 3
    assert fits["p"].between(0.0, 1.0).all()
    assert (fits["distance"].dropna() >= 0.0).all()


def test_the_model_fits_itself():
    """Negative control: data made by the model lie inside as often as they should."""
    weeks, respondents = [9, 18, 27], [28, 28, 28]
    spec = fitted_scenario(FRESHMEN, freshmen())
    data = [surveyed(seed, spec, weeks, respondents) for seed in range(100, 112)]
    runs = tuple(surveyed(seed, spec, weeks, respondents) for seed in range(200, 260))
    checked = [Validation(spec, 0, one, runs) for one in data]
    inside = np.concatenate([one.waves()["inside"] for one in checked])
    assert inside.mean() > 0.85
    assert np.concatenate([one.fits()["p"] for one in checked]).mean() > 0.25


def test_a_model_of_another_kind_does_not_fit():
    spec = FRESHMEN.with_changes(rules=FRESHMEN.rules.model_copy(update={
        "attendance": FRESHMEN.rules.attendance.model_copy(update={"base_share": 0.05})
    }))  # fmt: skip
    data = surveyed(1, fitted_scenario(FRESHMEN, freshmen()), [3, 27], [30, 30])
    found = validate(data, spec, 12, seed=1)
    assert found.waves()["inside"].mean() < 0.7
    whole = found.fits().set_index(["distribution", "week"])["p"]
    assert whole["geodesic", ALL_WAVES] == 0.0


def test_what_is_said_counts_what_is_inside(found):
    words = " ".join(found.words())
    waves = found.waves()
    assert f"{waves['inside'].sum()} of {len(waves)} numbers lie in the middle 95 % of the runs" in words
    assert "ties among three p " in words
    for name, rows in waves.groupby("number"):
        fitting, said = int(rows["inside"].sum()), LABELS[name].partition(" (")[0].lower()
        assert (f"{said} ({fitting} of {len(rows)})" in words) == (0 < fitting < len(rows))
        assert said in words


def test_numbers_that_were_aimed_at_are_counted_apart(found):
    assert not found.waves()["aimed"].any()
    assert "aimed" not in found.words()[0]
    aimed = frozenset({("growth", "3"), ("kept_mutual", "9-15"), ("growth", "no week")})
    told = dataclasses.replace(found, aimed=aimed)
    waves = told.waves()
    chosen = waves[waves["aimed"]]
    assert list(zip(chosen["number"], chosen["week"], strict=True)) == [("growth", "3"), ("kept_mutual", "9-15")]
    free = waves[~waves["aimed"]]
    assert told.words()[0].startswith(
        f"{free['inside'].sum()} of {len(waves) - 2} numbers that were not aimed at lie in the middle 95 % of the runs"
    )
    assert told.words()[0].endswith(f"{chosen['inside'].sum()} of 2 that are calibration targets (\N{DAGGER}) do.")
    assert [line.replace("\N{DAGGER}", "") for line in told.words()[1:]] == found.words()[1:]
    assert sum(line.count("\N{DAGGER}") for line in told.words()[1:]) == 2


def test_undefined_numbers_are_left_out_of_the_runs():
    found = validate(freshmen(), FRESHMEN.with_changes(rules=FRESHMEN.rules.model_copy(update={
        "attendance": FRESHMEN.rules.attendance.model_copy(update={"base_share": 0.01})
    })), 3, seed=1)  # fmt: skip
    waves = found.waves()
    nobody = waves[(waves["number"] == "transitivity") & (waves["week"] == "3")].iloc[0]
    assert nobody["defined"] == 0.0
    assert math.isnan(nobody["mean"])
    assert not nobody["inside"]


def test_the_scenario_takes_the_size_and_the_weeks_of_the_data(two_waves):
    data = measured(two_waves)
    fitted = fitted_scenario(load_scenario("baseline"), data)
    assert (fitted.centres["park"].users, fitted.days, fitted.settling) == (8, 63, 730)
    assert fitted.observe.level == "acquaintance"
    assert fitted.observe.forgetting == load_scenario("baseline").observe.forgetting


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("roll-out", "roll-out has several centres, allowed is one centre: the data are of one group"),
        ("fourteen-participants", "reads its 14 users from .*participants.csv, but the data have 8 people"),
    ],
)
def test_a_scenario_that_cannot_be_sized_is_refused(two_waves, name, said):
    with pytest.raises(ValidationError, match=said):
        fitted_scenario(load_scenario(name), measured(two_waves))


def test_what_the_size_does_not_go_with_is_told(two_waves):
    network = {"generator": "barabasi_albert_graph", "arguments": {"m": 10}}
    crowded = Scenario.model_validate({"name": "crowded", "network": network})
    with pytest.raises(ValidationError, match=r"crowded with 8 users: .*found m = 10"):
        fitted_scenario(crowded, measured(two_waves))


def test_a_single_run_is_refused():
    with pytest.raises(ValidationError, match="found 1 replicates, allowed are 2 or more"):
        validate(freshmen(), FRESHMEN, 1)
