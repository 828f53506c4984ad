"""The runner: planned runs become results, in order, equal on any number of processes; errors become rows."""

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from experiments.runs import LostWorkerError, executors, runner
from experiments.runs.executors.pool import ProcessPool
from experiments.runs.result import run_replicates
from experiments.runs.runner import Failed, UnusableScenarioError, done, plan_replicates
from sim.run import Run, run
from sim.scenario.reading.roster import RosterError
from sim.scenario.schema.scenario import Centre, Scenario
from sim.scenario.text.errors import Problem, ScenarioError

HERE = executors.InProcess()


def same(one: Run | Failed, other: Run | Failed) -> bool:
    assert isinstance(one, Run)
    assert isinstance(other, Run)
    pairs = [(one.daily, other.daily), (one.users, other.users)]
    return all(np.array_equal(a[name], b[name], equal_nan=True) for a, b in pairs for name in a.dtype.names)


def fail_for(monkeypatch: pytest.MonkeyPatch, seeds: set[int], error: Exception) -> None:
    def sometimes(scenario: Scenario, seed: int, **options: object) -> Run:
        if seed in seeds:
            raise error
        return run(scenario, seed)

    monkeypatch.setattr(runner, "run", sometimes)


def test_a_plan_is_known_before_anything_runs(small: Scenario) -> None:
    plans = plan_replicates(small, 7, 3, "'my file.yaml' --days 40")
    assert [plan.keys["replicate"] for plan in plans] == [0, 1, 2]
    assert [plan.keys["seed"] for plan in plans] == [plan.seed for plan in plans]
    assert [plan.graph_days for plan in plans] == [(0, 20, 40), (), ()]
    assert plans[1].again == f"dayroom run 'my file.yaml' --days 40 --seed {plans[1].seed} --replicates 1"


def test_each_replicate_is_the_run_of_its_seed(small: Scenario) -> None:
    results = list(done(plan_replicates(small, 7, 3, "small"), HERE))
    assert [plan.keys["replicate"] for plan, _ in results] == [0, 1, 2]
    for plan, result in results:
        assert same(result, run(small, plan.seed))
    [alone] = done(plan_replicates(small, results[2][0].seed, 1, "small"), HERE)
    assert same(alone[1], results[2][1])


def test_replicates_differ(small: Scenario) -> None:
    first, second = (result for _, result in done(plan_replicates(small, 7, 2, "small"), HERE))
    assert not same(first, second)


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_number_of_processes_changes_nothing(small: Scenario, jobs: int) -> None:
    plans = plan_replicates(small, 7, 9, "small")
    here, there = list(done(plans, HERE)), list(done(plans, ProcessPool(jobs)))
    assert [plan for plan, _ in there] == list(plans)
    assert all(same(one, other) for (_, one), (_, other) in zip(here, there, strict=True))
    assert isinstance(here[0][1], Run)
    assert isinstance(there[0][1], Run)
    assert all(nx.utils.graphs_equal(there[0][1].graphs[day], here[0][1].graphs[day]) for day in (0, 20, 40))


def test_a_run_that_fails_is_a_row_and_the_others_are_done(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    plans = plan_replicates(small, 7, 3, "small")
    fail_for(monkeypatch, {plans[1].seed}, ZeroDivisionError("by nought"))
    (_, first), (plan, failed), (_, last) = done(plans, HERE)
    assert isinstance(first, Run)
    assert isinstance(last, Run)
    assert isinstance(failed, Failed)
    row = failed.row(plan)
    assert (row["replicate"], row["seed"]) == (1, plans[1].seed)
    assert row["error"] == "ZeroDivisionError: by nought"
    assert row["again"] == plans[1].again
    assert "in sometimes" in str(row["origin"])
    assert str(row["trace"]).startswith("Traceback")


def test_an_error_in_the_model_is_traced_to_its_file(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise RuntimeError("no calendar")

    monkeypatch.setattr("sim.state.build.calendar", broken)
    [(_, failed)] = done(plan_replicates(small, 7, 1, "small"), HERE)
    assert isinstance(failed, Failed)
    assert failed.origin.startswith("sim/state/build.py:")
    assert failed.origin.endswith("in build")


@pytest.mark.parametrize(
    "error",
    [ScenarioError([Problem("a.yaml", what="is wrong")]), RosterError(Path("users.csv"), [(2, "sex", "is wrong")])],
)
def test_a_mistake_in_the_scenario_stops_everything(
    small: Scenario, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("sim.state.build.calendar", refuse)
    with pytest.raises(UnusableScenarioError, match="is wrong"):
        list(done(plan_replicates(small, 7, 2, "small"), HERE))


def test_an_error_of_python_in_building_is_no_mistake_in_the_scenario(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise ValueError("operands could not be broadcast together")

    monkeypatch.setattr("sim.state.build.calendar", broken)
    [(_, failed)] = done(plan_replicates(small, 7, 1, "small"), HERE)
    assert isinstance(failed, Failed)
    assert failed.error == "ValueError: operands could not be broadcast together"


def test_more_users_in_a_file_than_in_the_centre_are_a_mistake(tmp_path: Path) -> None:
    users = tmp_path / "users.csv"
    rows = [f"{name},f,schizophrenia,30,39,unmarried,unemployed,2,5" for name in "abcdef"]
    header = "participant,sex,diagnosis,age_low,age_high,marital_status,occupation,years_in_centre,years_ill"
    users.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    scenario = Scenario(name="full", days=5, centres={"one": Centre(users=5, users_file=users)})
    with pytest.raises(UnusableScenarioError, match="names 6 users for a centre of 5"):
        list(done(plan_replicates(scenario, 7, 1, "full"), HERE))


def test_a_file_of_users_that_went_bad_is_a_mistake_in_workers_too(tmp_path: Path) -> None:
    users = tmp_path / "users.csv"
    users.write_text("participant,sex\n", encoding="utf-8")
    scenario = Scenario(name="bad", days=5, centres={"one": Centre(users=5, users_file=users)})
    with pytest.raises(UnusableScenarioError, match=r"users\.csv:1"):
        list(done(plan_replicates(scenario, 7, 3, "bad"), ProcessPool(2)))


def test_replicates_can_be_kept_in_memory(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    plans = plan_replicates(small, 7, 3, "small")
    fail_for(monkeypatch, {plans[1].seed}, RuntimeError("off"))
    results = run_replicates(small, 3, seed=7, jobs=1)
    assert list(results.daily["replicate"].unique()) == [0, 2]
    assert list(results.users["seed"].unique()) == [plans[0].seed, plans[2].seed]
    assert [row["seed"] for row in results.failures()] == [plans[1].seed]
    assert np.array_equal(results.daily["burden"][:80], run(small, 7).daily["burden"].ravel())


def test_when_every_run_fails_there_is_nothing_to_keep(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_for(monkeypatch, {7}, RuntimeError("off"))
    with pytest.raises(RuntimeError, match="every run failed, the first with: RuntimeError: off"):
        run_replicates(small, 1, seed=7, jobs=1)


class LosesEverything:
    """An executor whose workers all die."""

    jobs = 2

    def each(self, task: object, items: tuple[object, ...]) -> list[object]:
        """Lose everything."""
        return [LostWorkerError("memory ran out") for _ in items]


def test_a_dead_worker_is_a_row(small: Scenario) -> None:
    [(_, failed)] = done(plan_replicates(small, 7, 1, "small"), LosesEverything())  # type: ignore[arg-type]
    assert isinstance(failed, Failed)
    assert failed.error == "memory ran out"


@pytest.mark.parametrize(("warm", "told"), [(True, []), (False, [str(runner.COMPILING)])])
def test_a_compile_is_announced(small: Scenario, monkeypatch: pytest.MonkeyPatch, warm: bool, told: list[str]) -> None:
    monkeypatch.setattr(runner, "is_warm", lambda: warm)
    heard: list[str] = []
    list(done(plan_replicates(small, 7, 1, "small"), HERE, heard.append))
    assert heard == told
