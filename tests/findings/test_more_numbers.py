"""The numbers of the findings on grouping, helper load and newcomers, in made-up runs with known answers."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from experiments.findings import finding, group_size_and_grouping, helper_load_and_burden, newcomers_first_year
from experiments.findings.helper_load_and_burden import CAPACITY, LOAD, NEED, WAYS, points_of
from experiments.findings.pages import page
from experiments.measures.newcomers import BEFORE, STAYS
from experiments.statistics.waits import DAYS
from experiments.studies import load_study
from experiments.studies.study import Study

RECORD = {"study": "", "title": "t", "question": "q?", "factors": [], "points": 1, "replicates": 2, "runs": 2,
          "days": 730, "failed": 0, "model_digest": "a" * 32}  # fmt: skip


def written(study: Study, numbers: dict) -> str:
    """Write the page of made-up numbers; a missing key would be an error."""
    assert not numbers.keys() & RECORD.keys()
    return page(RECORD | {"study": study.name, "levers": list(study.levers), "numbers": numbers})


nothing = SimpleNamespace()
"""Tables of a finding that reads none."""


@pytest.fixture
def grouped(made_runs) -> tuple[Study, pd.DataFrame]:
    """Return runs in which small assigned tables are lonely, and each further user at a table is a burden."""
    study = load_study("group-size-and-grouping")
    size, way = group_size_and_grouping.SIZE, group_size_and_grouping.GROUPING

    def lonely(at):
        lonelier = at[way].map({"rotating": 5.0, "interest": 1.0}).fillna(0.0)
        return 48.0 + lonelier * (at[size] < 6)

    outcomes: dict[str, Callable] = {
        "loneliness_ucla20": lonely,
        "burden": lambda at: 30.0 + 0.5 * at[size],
        "group_identity": lambda at: 4.0 + 0.0 * at[size],
        "ties_at_or_above_friend_out": lambda at: 1.0 + 0.1 * at[size],
        "no_friend_share": lambda at: 1.0 / at[size],
        "transitivity": lambda at: 0.01 * at[size],
        "tie_survival": lambda at: 0.9 - 0.3 * (at[way] == "assigned"),
    }
    return study, made_runs(study, 12, own=0.02, **outcomes)


def test_what_grouping_and_size_do(grouped):
    study, runs = grouped
    found = group_size_and_grouping.numbers(study, runs, nothing)
    lonely = found["loneliness_ucla20"]
    near = {"abs": 0.1}  # chance of each run, over many runs
    assert lonely["ways"]["rotating"]["value"] == pytest.approx(5.0, **near)
    assert not lonely["ways"]["rotating"]["small"]
    assert lonely["ways"]["rotating"]["verdict"] == "higher"
    assert lonely["ways"]["interest"]["value"] == pytest.approx(1.0, **near)
    assert lonely["ways"]["interest"]["small"]
    assert lonely["ways"]["assigned"]["value"] == pytest.approx(0.0, **near)
    assert not lonely["ways"]["assigned"]["clear"]
    assert found["burden"]["everybody"]["value"] == pytest.approx(0.5 * (25 - 6), **near)
    assert found["burden"]["pairs"]["value"] == pytest.approx(0.5 * (2 - 6), **near)
    assert (found["burden"]["highest"]["size"], found["burden"]["highest"]["way"]) == (25.0, "everybody together")
    assert found["tie_survival"]["least"] == "assigned"
    assert lonely["by_size"]["rotating"]["value"] == pytest.approx(5.0, **near)
    assert lonely["by_size"]["free"]["value"] == pytest.approx(0.0, **near)
    assert [(row["size"], row["value"]) for row in lonely["by_way"]] == [
        (size, pytest.approx(5.0 if size < 6 else 0.0, **near)) for size in found["sizes"][:-1]
    ]
    assert (lonely["alike_from"], found["burden"]["alike_from"]) == (6.0, 2.0)
    text = written(study, found)
    assert re.search(r"make them lonelier: at tables of 2 by \+5\.0 \(\+[45]\.\d to \+5\.\d\)", text)
    assert "matters where they are small: from 6 users at a table on" in text


def test_that_nothing_matters_is_said_too(grouped):
    study, runs = grouped
    calm = runs.assign(loneliness_ucla20=48.0 + 0.1 * np.random.default_rng(3).normal(size=len(runs)))
    text = written(study, group_size_and_grouping.numbers(study, calm, nothing))
    assert "do not clearly make users lonelier" in text
    assert "No way of putting tables together leaves users lonelier than another by as much as a small effect" in text


def test_the_two_extremes_are_tested_among_all_that_could_have_been_picked(made_runs):
    """Pure chance: of seven sizes the two that differ most are often clear by themselves, and not among all pairs."""
    study = load_study("group-size-and-grouping")
    outcomes = dict.fromkeys(
        ("loneliness_ucla20", "burden", "group_identity", "ties_at_or_above_friend_out", "no_friend_share",
         "transitivity", "tie_survival"), lambda at: 40.0 + 0.0 * at["replicate"],
    )  # fmt: skip
    found = group_size_and_grouping.numbers(study, made_runs(study, 12, own=1.0, **outcomes), nothing)
    picked = [one for name in outcomes for one in (*found[name]["by_size"].values(), *found[name]["by_way"])]
    assert any(one["alone"] for one in picked)
    assert not any(one["clear"] for one in picked)


def loaded(
    made_runs, shape: Callable, replicates: int = 12, own: float = 0.05
) -> tuple[Study, pd.DataFrame, pd.DataFrame]:
    """Return runs of helper load: burden follows the weight of help, and respite removes a tenth of it."""
    study = load_study("helper-load-and-burden")
    runs = made_runs(
        study,
        replicates,
        own=own,
        burden=lambda at: shape(at[LOAD]) * np.where(at["lever"] == "respite", 0.9, 1.0) - 4.0 * (at[CAPACITY] - 0.5),
        burdened_share=lambda at: 0.1 + 0.0 * at[LOAD],
        helped=lambda at: 5.0 + at[NEED] - 2.0 * (at["lever"] == "help-cap"),
        loneliness_ucla20=lambda at: 50.0 + 0.0 * at[LOAD],
    )
    helpers = runs.assign(group="helpers at the start", outcome="burden", value=runs["burden"] + 7.0, users=3.0)
    columns = ["point", "lever", "replicate", "group", "outcome", "value", "users"]
    return study, runs, helpers[columns]


def test_ways_of_loading_vary_one_thing_each():
    study = load_study("helper-load-and-burden")
    covered = set()
    for name in WAYS:
        points, levels = points_of(study, name)
        assert 0 in points
        assert len(points) == 9
        assert (np.diff(levels) > 0).all()
        covered |= set(points)
    assert covered == set(range(len(study.points)))
    points, levels = points_of(study, "both")
    values = np.array([study.points[point] for point in points], float)
    np.testing.assert_allclose(values[:, :14] / values[points.index(0), :14], np.repeat(levels[:, None], 14, axis=1))


def test_the_first_point_is_the_baseline():
    study = load_study("helper-load-and-burden")
    assert study.scenario(study.usual_care, 0).model_dump(exclude={"name"}) == (
        study.levers[study.usual_care].model_dump(exclude={"name"})
    )


def test_a_step_in_burden_is_found_as_a_tipping_point(made_runs):
    study, runs, helpers = loaded(made_runs, lambda load: np.where(load > 2.2, 60.0, 30.0))
    found = helper_load_and_burden.numbers(study, runs, SimpleNamespace(groups=helpers))
    assert found["ways"]["weight"]["shape"] == "tips"
    steepest = found["ways"]["weight"]["steepest"]
    assert (steepest["start"], steepest["end"], steepest["low"], steepest["high"]) == (2.0, 2.5, 2.0, 2.5)
    assert found["ways"]["needs"]["shape"] == "flat"
    assert [way["label"] for way in found["tipping"]] == [WAYS["weight"].label, WAYS["both"].label]
    text = written(study, found)
    assert "Burden tips: from 2 to 2.5 of how heavy helping and listening are" in text
    assert "no tipping point" not in text


def test_a_straight_rise_is_no_tipping_point(made_runs):
    study, runs, helpers = loaded(made_runs, lambda load: 28.0 + 4.0 * load)
    found = helper_load_and_burden.numbers(study, runs, SimpleNamespace(groups=helpers))
    near = {"abs": 0.1}  # chance of each run
    assert found["tipping"] == []
    assert found["ways"]["weight"]["shape"] == "steady"
    assert found["ways"]["weight"]["change"]["value"] == pytest.approx(4.0 * 5.75, **near)
    assert found["ways"]["capacity"]["change"]["value"] == pytest.approx(-4.0 * 1.55, **near)
    assert found["ways"]["weight"]["helpers"]["base"] == pytest.approx(
        found["ways"]["weight"]["burden"]["base"] + 7.0, **near
    )
    respite = found["policies"]["respite"]
    assert respite["base"]["value"] == pytest.approx(-3.2, **near)
    assert respite["heavy"]["value"] == pytest.approx(-5.2, **near)
    assert respite["rise"]["value"] == pytest.approx(-2.0, **near)
    assert found["policies"]["help-cap"]["helped_heavy"]["value"] == pytest.approx(-2.0, **near)
    assert found["flattest"] == "respite"
    assert (respite["base"]["verdict"], respite["heavy"]["verdict"]) == ("lower", "lower")
    assert 1.0 < found["ways"]["weight"]["most"] < 2.0
    text = written(study, found)
    assert "No tipping point is seen" in text
    assert "at most 1." in text
    assert "a tip there could have been missed" in text  # ways on which nothing depends set no limit


def test_a_tip_in_few_replicates_is_not_called_so(made_runs):
    study, runs, helpers = loaded(made_runs, lambda load: np.where(load > 2.2, 60.0, 30.0), replicates=9)
    found = helper_load_and_burden.numbers(study, runs, SimpleNamespace(groups=helpers))
    assert found["tipping"] == []
    assert found["ways"]["weight"]["shape"] == "too few to say"
    text = written(study, found)
    assert "Burden tips" not in text
    assert "too few to say" in text


@pytest.fixture
def came() -> tuple[Study, pd.DataFrame, SimpleNamespace]:
    """Make newcomers: each run has two, on day 0 and on day 300; the first has a friend on day 60, or with buddies 20.

    The second, who is followed for a shorter time, has none. In the evening group there are none at all.
    """
    study = load_study("newcomers-first-year")
    replicates = range(12)
    runs = pd.DataFrame([(lever, k) for lever in study.levers for k in replicates], columns=["lever", "replicate"])
    spread = {"loneliness_ucla20_sd": 10.0, "group_identity_sd": 1.0, "burden_sd": 10.0}
    runs = runs.assign(newcomers_to_first_friend_days=60.0, **spread)
    rows = []
    for lever in study.levers:
        day = {"buddies": 20.0, "evening-group": np.nan}.get(lever, 60.0)
        for k in replicates:
            rows += [(0, lever, k, 0.0, np.nan, day, np.nan), (0, lever, k, 300.0, np.nan, np.nan, np.nan)]
            rows += [(0, lever, k, 0.0, 30.0, np.nan, np.nan)] if k == 0 and lever == study.usual_care else []
    columns = ["point", "lever", "replicate", "arrived", "left", "first_friend", "first_confidant"]
    newcomers = pd.DataFrame(rows, columns=columns)
    stays = [name for name, _, _ in STAYS]
    groups = pd.DataFrame(
        [
            (0, lever, k, group, outcome, 70.0 - 5.0 * place - 2.0 * (lever == "buddies") + 0.1 * k, 2.0)
            for lever in study.levers
            for k in replicates
            for place, group in enumerate((*stays, BEFORE))
            for outcome in ("loneliness_ucla20", "group_identity", "burden")
        ],
        columns=["point", "lever", "replicate", "group", "outcome", "value", "users"],
    )
    return study, runs, SimpleNamespace(groups=groups, newcomers=newcomers)


def test_how_soon_newcomers_find_a_friend(came):
    study, runs, tables = came
    found = newcomers_first_year.numbers(study, runs, tables)
    shares = [at["share"] for at in found["waits"]["friend"]["by"]]
    assert [at["day"] for at in found["waits"]["friend"]["by"]] == list(DAYS)
    # Day 60: 12 of the 24 still followed find one; the one who left on day 30 is no longer counted.
    assert shares == [0.0, 0.5, 0.5, 0.5]
    assert found["waits"]["friend"]["half_by"] == 60
    assert found["waits"]["confidant"]["half_by"] is None
    assert found["newcomers"] == 25
    assert found["policies"]["evening-group"]["friend"]["value"] == pytest.approx(-50.0)
    assert found["later"] == ["evening-group"]
    assert found["policies"]["disclosure-circle"]["friend"]["value"] == 0.0
    assert found["policies"]["disclosure-circle"]["friend"]["verdict"] == "no difference seen"


def test_what_was_not_seen_has_a_bound(came):
    study, runs, tables = came
    found = newcomers_first_year.numbers(study, runs, tables)
    none, all_ = found["waits"]["friend"]["by"][0], found["waits"]["friend"]["by"][1]
    assert (none["events"], none["in_runs"]) == (0, 0)
    assert none["runs_at_most"] == pytest.approx(1.0 - 0.05 ** (1 / 12))  # 22 %: 12 runs show no more
    assert (all_["events"], all_["in_runs"], all_["runs_at_most"]) == (12, 12, 1.0)
    text = written(study, found)
    assert "| 30 | none seen (at most 22 %) |" in text
    assert "0 % (0 %" not in text


def test_loneliness_by_length_of_stay_and_lever(came):
    study, runs, tables = came
    found = newcomers_first_year.numbers(study, runs, tables)
    stays = found["stays"]["loneliness_ucla20"]
    assert list(stays) == [*(name for name, _, _ in STAYS), BEFORE]
    assert stays["here 0-3 months"]["mean"] == pytest.approx(70.55)
    assert stays["here 0-3 months"]["users"] == 24
    assert found["gap"]["loneliness_ucla20"]["here 0-3 months"]["value"] == pytest.approx(20.0)
    assert found["left"]["loneliness_ucla20"] == pytest.approx(0.5)
    assert found["policies"]["buddies"]["loneliness_ucla20"]["first_year"]["value"] == pytest.approx(-2.0)
    assert found["less_lonely"] == ["buddies"]
    text = written(study, found)
    assert "No policy tried clearly brings friends sooner; they come later with evening-group." in text
    assert "Mixed:" not in text
    mixed = written(study, found | {"later": ["buddies"]})
    assert "?**\n\nMixed: with buddies newcomers are less lonely in their first year, by -2.0" in mixed


@pytest.mark.parametrize("name", ["group-size-and-grouping", "helper-load-and-burden", "newcomers-first-year"])
def test_the_figure_is_drawn_from_the_same_tables(name, grouped, made_runs, came):
    study, runs, tables = {
        "group-size-and-grouping": (*grouped, nothing),
        "helper-load-and-burden": (lambda one: (*one[:2], SimpleNamespace(groups=one[2])))(
            loaded(made_runs, lambda load: 30.0 + load)
        ),
        "newcomers-first-year": came,
    }[name]
    drawn = finding(name).figure(study, runs, tables)
    assert len([axes for axes in drawn.axes if axes.get_visible()]) == {"g": 6, "h": 5, "n": 3}[name[0]]
