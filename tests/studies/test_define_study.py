"""A study defined in Python equals the study of its file: the same runs, the same checks, and an order to follow."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.runs.executors import InProcess
from experiments.store import STORE
from experiments.studies import Study, define_study, load_study
from experiments.sweep.make import sweep
from experiments.sweep.plan import planned
from experiments.sweep.progress import CountedLine
from experiments.sweep.results import daily, failures, results
from sim.policies.buddy_scheme import BuddyScheme
from sim.scenario.reading.load import load_scenario
from sim.scenario.text.errors import ScenarioError
from tests.sweep.conftest import RUNS

PAIRS = {"pairs": BuddyScheme(policy="buddy_scheme")}


def defined(base: object, **changes: object) -> Study:
    """Define the study of the other tests (`STUDY`)."""
    words: dict[str, object] = {
        "name": "small",
        "title": "A small plane",
        "factors": {
            "users.disclosure_threshold.mean": np.array([0.4, 0.5, 0.6]),
            "rules.encounters.chaxugeju": {"from": 0.3, "to": 0.7},
        },
        "levers": {"usual-care": {}, "pairs": PAIRS},
        "design": {"kind": "grid", "levels": 2},
        "replicates": 5,
        "seed": 3,
        "storage": "daily",
    }
    return define_study("Does a sweep keep all it has made?", base, **{**words, **changes})  # type: ignore[arg-type]


def told(**changes: object) -> list[str]:
    """Define a wrong study; return the message."""
    with pytest.raises(ScenarioError) as caught:
        defined("baseline", **changes)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("typed", [False, True])
def test_it_has_the_runs_of_its_file(study: Path, typed: bool) -> None:
    path = str(study.parent / "base.yaml")
    ours = defined(load_scenario(path) if typed else path)
    of_file = load_study(study)
    assert planned(ours) == planned(of_file)
    assert len(planned(ours)) == RUNS
    fields = ("name", "title", "question", "factors", "points", "design", "replicates", "seed", "daily", "usual_care")
    assert [getattr(ours, name) for name in fields] == [getattr(of_file, name) for name in fields]


def test_a_policy_may_be_typed_or_written_as_in_a_file(study: Path) -> None:
    path = str(study.parent / "base.yaml")
    typed = {"usual-care": {}, "pairs": {"pairs": BuddyScheme(policy="buddy_scheme", uptake=0.3, eligible="newcomer")}}
    written = {
        "usual-care": {},
        "pairs": {"pairs": {"policy": "buddy_scheme", "uptake": "30 %", "eligible": "newcomer"}},
    }
    assert planned(defined(path, levers=typed)) == planned(defined(path, levers=written))
    assert planned(defined(path, levers=typed)) != planned(defined(path))


def test_policies_of_a_typed_base_are_kept_under_every_lever(study: Path) -> None:
    base = load_scenario(study.parent / "base.yaml").with_changes(
        name="with-respite", policies={"room": {"policy": "respite"}}
    )
    levers = defined(base).levers
    assert {name: list(scenario.policies) for name, scenario in levers.items()} == {
        "usual-care": ["room"],
        "pairs": ["room", "pairs"],
    }


def test_without_factors_it_is_replicates_and_with_them_a_grid() -> None:
    assert define_study("What then?").design == {"kind": "replicates"}
    varied = define_study("What then?", factors={"users.empathy.mean": ["40 %", 0.5]})
    assert varied.design == {"kind": "grid", "levels": 5}
    assert varied.points == [(0.4,), (0.5,)]


WRONG = {
    "spelling of a parameter": (
        {"factors": {"users.empaty.mean": "plausible"}},
        "there is no parameter 'users.empaty.mean': 'empaty' does not exist in users; "
        "did you mean 'users.empathy.mean'?",
    ),
    "design": ({"design": "gird"}, "design.kind: found 'gird'; did you mean 'grid'?"),
    "policy": (
        {"levers": {"usual-care": {}, "pairs": {"pairs": {"policy": "buddy"}}}},
        "policies.pairs.policy: found 'buddy'",
    ),
    "no usual care": ({"levers": {"pairs": PAIRS}}, "levers: all have policies; one without is needed"),
    "levers": (
        {"levers": {"usual-care": {}, "pairs": 3}},
        "levers.pairs: found 3, allowed is a mapping with keys of: policies",
    ),
    "replicates": ({"replicates": 0}, "replicates: found 0, allowed is a whole number, 1 to 100000"),
    "outcome": ({"outcomes": ["lonelyness"]}, "outcomes.1: found 'lonelyness'"),
    "seed": ({"seed": 1.5}, "seed: found 1.5"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_without_a_line_that_does_not_exist(case: str) -> None:
    changes, complaint = WRONG[case]
    said = told(**changes)
    assert any(complaint in line for line in said), said
    assert all(line.startswith("study small: ") for line in said), said


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(told(replicates=0, design="gird", factors={"users.empaty.mean": "plausible"})) == 3


def test_an_unknown_base_is_said_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match=r"found 'baselin'; no shipped scenario .* did you mean 'baseline'"):
        define_study("What then?", "baselin")


def test_sweep_and_results_know_the_usual_store(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(study.parent)
    ours = defined("base.yaml")
    swept = sweep(ours, progress=True)
    assert (swept.made, swept.failed) == (RUNS, 0)
    assert (study.parent / STORE).is_dir()
    captured = capsys.readouterr()
    assert captured.out.split("\r")[-1].rstrip("\n") == f"{RUNS} of {RUNS} runs"
    assert captured.err == ""
    assert (results(ours)["status"] == "done").all()
    assert len(daily(ours)) == RUNS * ours.days
    assert len(failures(ours)) == 0
    assert sweep(load_study(study), progress=True).stored == RUNS  # nothing to do, so no line
    assert capsys.readouterr().out == ""


def test_a_failed_run_says_how_it_is_made_again_in_python(study: Path) -> None:
    base = load_scenario(study.parent / "base.yaml")
    ours = defined(base, name="fails", factors={"users.disclosure_threshold.mean": [0.4]}, levers=None, replicates=2)
    again = ours.again("kept", "abc")
    assert again == "sweep(study, 'kept', only='abc')"
    assert load_study(study).again("kept", "abc").startswith("dayroom sweep ")
    made: dict[str, object] = {}
    key = results(ours, study.parent / "kept")["key"][1]
    words = again.replace("kept", str(study.parent / "kept")).replace("abc", key)
    exec(f"made = {words}", {"sweep": sweep, "study": ours}, made)  # noqa: S102 - what we ourselves say
    assert made["made"].made == 1  # type: ignore[attr-defined]


def test_an_unknown_key_names_the_list_of_runs(study: Path) -> None:
    with pytest.raises(Exception, match=r"no run of small; allowed is a key of the list that `planned\(study\)` gives"):
        sweep(defined(str(study.parent / "base.yaml")), study.parent / "store", InProcess(), only="nothing")


def test_the_line_is_written_over_and_ended(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 0.01, 5.0, 5.01, 5.02])
    monkeypatch.setattr("experiments.sweep.progress.time.monotonic", lambda: next(clock))
    line = CountedLine()
    for failed in (False, False, True, False):
        line.step(4, failed)
    line.step(1, False)
    line.close()
    line.close()
    shown = capsys.readouterr().out
    assert shown == "\r1 of 4 runs\r3 of 4 runs, 1 failed\r4 of 4 runs, 1 failed\n\r1 of 1 runs\n"


def test_a_frame_of_points_is_a_design() -> None:
    points = pd.DataFrame({"point": [0, 1, 2], "users.empathy.mean": [0.4, 0.6, 0.6], "users.women": [0.3, 0.3, 0.5]})
    study = define_study("Which points?", "baseline", design=points)
    assert study.points == [(0.4, 0.3), (0.6, 0.3), (0.6, 0.5)]
    ranges = {"users.empathy.mean": {"from": 0.3, "to": 0.7}, "users.women": {"from": 0.2, "to": 0.4}}
    with pytest.raises(ScenarioError, match=r"the points:3:2: users.women: found '0.5', allowed is 0.2 to 0.4"):
        define_study("Which points?", "baseline", design=points, factors=ranges)
    with pytest.raises(ScenarioError, match=r"there is no parameter 'users.womn'"):
        define_study("Which points?", "baseline", design=points.rename(columns={"users.women": "users.womn"}))


@pytest.mark.parametrize("wrong", [1.4, np.nan])
def test_a_mistake_in_a_frame_has_its_row_also_where_values_above_it_repeat(wrong: float) -> None:
    points = pd.DataFrame({"users.women": [0.3] * 4, "users.empathy.mean": [0.4, 0.4, 0.4, wrong]}, index=list("abcd"))
    with pytest.raises(ScenarioError) as caught:
        define_study("Which points?", "baseline", design=points)
    assert str(caught.value).startswith(f"the points:4:2: users.empathy.mean: found {wrong}")


def test_a_factor_in_the_index_of_a_frame_counts() -> None:
    points = pd.DataFrame({"centres.*.users": [5, 5, 6], "users.empathy.mean": [0.4, 0.6, 0.5]})
    grouped = points.groupby("centres.*.users").mean()
    assert define_study("Which points?", "baseline", design=grouped).points == [(5, 0.5), (6, 0.5)]
    both = points.assign(**{"users.women": 0.3}).set_index(["centres.*.users", "users.empathy.mean"])
    study = define_study("Which points?", "baseline", design=both)
    assert study.points == [(5, 0.4, 0.3), (5, 0.6, 0.3), (6, 0.5, 0.3)]


def test_a_frame_without_rows_is_refused() -> None:
    points = pd.DataFrame({"users.women": [0.3]}).iloc[:0]
    with pytest.raises(ScenarioError, match="the points: the frame has no rows; each row is a point"):
        define_study("Which points?", "baseline", design=points)
