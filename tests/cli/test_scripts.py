"""Chinese names of scenarios, centres, policies, studies, files and folders, and dates, through the command line."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from experiments.studies import load_study
from sim.scenario.reading.load import load_scenario
from sim.scenario.text.errors import ScenarioError

Here = Callable[..., int]

OURS = """\
extends: baseline
replace: [centres]
title: 徐汇区阳光心园：第一年
first_date: 2027-01-04
days: 40
settling: 0
replicates: 2
seed: 1
activities: {太极: {like: free time, talk_share: 20 %}}
centres:
  徐汇: {users: 12, timetable: [{activity: 太极}, {activity: crafts, grouping: interest}]}
  静安: {users: 10}
policies:
  结对: {policy: buddy_scheme, centres: [徐汇], start: 2027-01-18}
observe: {waves: [2027-01-25]}
"""
STUDY = """\
question: 喘息有用吗？
base: 徐汇.yaml
levers: {常规服务: {}, 同伴: {policies: {喘息: {policy: respite, start: 2027-02-01}}}}
design: replicates
replicates: 2
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "方案"
    folder.mkdir()
    file = folder / "徐汇.yaml"
    file.write_text(OURS, encoding="utf-8")
    return file


@pytest.mark.slow
def test_a_run_keeps_names_and_dates(here: Here, ours: Path) -> None:
    out = ours.parent / "结果"
    assert here(ours, "--csv", "--out", out, "--quiet") == 0
    daily = pd.read_parquet(out / "daily.parquet")
    assert set(daily["centre"]) == {"徐汇", "静安"}
    assert daily["date"].astype(str).iloc[[0, -1]].tolist() == ["2027-01-04", "2027-02-12"]
    written = pd.read_csv(out / "daily.csv")
    assert written["date"].iloc[-1] == "2027-02-12"
    answers = pd.read_parquet(out / "answers.parquet")
    assert set(answers["date"].astype(str)) == {"2027-01-25"}
    again = load_scenario(out / "scenario.yaml")
    assert (again.name, again.policies["结对"].start, again.first_day) == ("徐汇", 14, "monday")
    graph = nx.read_graphml(next((out / "network").glob("*.graphml")))
    assert Counter(nx.get_node_attributes(graph, "centre").values()) == {"徐汇": 12, "静安": 10}
    assert (out / "figures" / "curves.png").is_file()


@pytest.mark.slow
def test_a_scenario_without_dates_has_no_column_of_dates(here: Here, small_file: Path) -> None:
    out = small_file.parent / "r"
    assert here(small_file, "--out", out, "--replicates", 1, "--quiet") == 0
    assert "date" not in pd.read_parquet(out / "daily.parquet")


def test_a_study_takes_names_and_dates(ours: Path) -> None:
    file = ours.parent / "研究.yaml"
    file.write_text(STUDY, encoding="utf-8")
    study = load_study(file)
    assert (study.name, study.usual_care) == ("研究", "常规服务")
    assert study.levers["同伴"].policies["喘息"].start == 28


FACTOR = """\
question: 何时开始？
base: 徐汇.yaml
levers: {常规服务: {}, 同伴: {policies: {喘息: {policy: respite}}}}
factors: {policies.喘息.start: %s}
design: grid
replicates: 1
"""


@pytest.mark.parametrize(
    ("written", "days"),
    [("[2027-01-18, 2027年2月1日]", [14, 28]), ("{values: [2027-01-04, 7]}", [0, 7])],
)
def test_values_of_a_factor_may_be_dates(ours: Path, written: str, days: list[int]) -> None:
    file = ours.parent / "研究.yaml"
    file.write_text(FACTOR % written, encoding="utf-8")
    study = load_study(file)
    assert [point[0] for point in study.points] == days


def test_a_range_of_a_factor_may_have_dates(ours: Path) -> None:
    file = ours.parent / "研究.yaml"
    file.write_text(FACTOR % "{from: 2027-01-18, to: 2027-02-01, levels: 3}", encoding="utf-8")
    assert [point[0] for point in load_study(file).points] == [14, 21, 28]


@pytest.mark.parametrize(
    ("written", "message"),
    [("[2027-01-01]", "before day 0"), ("[2027-03]", "no whole date"), ("[2027-01-18, 2027-01-18]", "twice")],
)
def test_a_wrong_date_of_a_factor_is_explained(ours: Path, written: str, message: str) -> None:
    file = ours.parent / "研究.yaml"
    file.write_text(FACTOR % written, encoding="utf-8")
    with pytest.raises(ScenarioError, match=message) as caught:
        load_study(file)
    assert len(caught.value.problems) == 1


def test_a_study_refuses_dates_of_a_base_without_a_first_date(ours: Path) -> None:
    bare = OURS.replace("first_date: 2027-01-04\n", "").replace("2027-01-18", "14").replace("2027-01-25", "21")
    ours.write_text(bare, encoding="utf-8")
    file = ours.parent / "研究.yaml"
    file.write_text(STUDY, encoding="utf-8")
    with pytest.raises(
        ScenarioError, match=r"levers\.同伴\.policies\.喘息\.start: found the date '2027-02-01', but the scenario"
    ):
        load_study(file)
