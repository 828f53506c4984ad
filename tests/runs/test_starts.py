"""Settled starts: who shares one, how many stay in memory, and what a failure leaves."""

import pickle

import numpy as np
import pytest

from experiments.runs import size
from experiments.runs import starts as starts_module
from experiments.runs.runner import Failed, attempted
from experiments.runs.starts import MANY, Starts, share_after, shared, start_of, starts_of, whole_runs
from sim.engine import Engine
from sim.policies.respite import Respite
from sim.run import run
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.changes import Replace
from sim.scenario.schema.scenario import Scenario
from sim.state.state import State
from tests.settlings import counted

SETTINGS = {"days": 14, "settling": 21, "centres": {"house": {"users": 8}}}
BASE = Scenario.model_validate({"name": "base", **SETTINGS})
RESPITE = BASE.with_changes(name="respite", policies={"it": {"policy": "respite"}})
CAP = BASE.with_changes(name="cap", title="A cap", policies={"it": {"policy": "help_cap"}})
OTHER = BASE.with_changes(name="other", rules={"encounters": {"chaxugeju": 0.9}})


def test_scenarios_that_differ_in_policies_alone_share_a_start():
    assert start_of(BASE) == start_of(RESPITE) == start_of(CAP.with_changes(seed=4, observe={"waves": [3]}))
    assert len({start_of(one) for one in (BASE, OTHER, BASE.with_changes(days=15), BASE.with_changes(settling=0))}) == 4


@pytest.mark.parametrize("name", ["users.csv", "ties.csv"])
def test_other_contents_of_a_file_are_another_start(name, tmp_path):
    people = "name\n" + "".join(f"p{number}\n" for number in range(5))
    (tmp_path / "users.csv").write_text(people, encoding="utf-8")
    (tmp_path / "ties.csv").write_text("from,to,closeness\np0,p1,0.5\n", encoding="utf-8")
    centre = {"users_file": tmp_path / "users.csv", "network": {"kind": "file", "file": tmp_path / "ties.csv"}}
    scenario = BASE.with_changes(centres={"house": centre})
    before = start_of(scenario)
    assert start_of(scenario) == before
    text = (tmp_path / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text.replace("p1", "p4" if name == "ties.csv" else "p7"), encoding="utf-8")
    assert start_of(scenario) not in ("", before)
    (tmp_path / name).unlink()
    assert start_of(scenario) == ""


def test_a_start_has_a_name_only_if_two_runs_share_it():
    assert shared([("a", 1), ("a", 2), ("b", 1), ("a", 1), ("", 1), ("", 1)]) == ["a", "", "", "a", "", ""]
    named = starts_of([(BASE, 1), (RESPITE, 1), (OTHER, 1), (CAP, 2)])
    assert named == [start_of(BASE), start_of(BASE), "", ""]


def test_arms_of_a_seed_settle_once_with_the_same_bits():
    starts, name = Starts(), start_of(BASE)
    with counted() as built:
        daily = [starts.run(name, one, seed).daily for seed in (1, 2) for one in (BASE, RESPITE, CAP)]
    assert built == {1: 1, 2: 1}
    alone = [run(one, seed).daily for seed in (1, 2) for one in (BASE, RESPITE, CAP)]
    assert [one.tobytes() for one in daily] == [one.tobytes() for one in alone]


def test_a_run_without_a_start_keeps_nothing():
    starts = Starts(MANY)
    assert isinstance(starts.engine("", RESPITE, 1), Engine)
    assert len(starts._settled) == 0


def test_a_wrong_name_costs_time_and_no_bits():
    starts = Starts()
    daily = [starts.run("same", one, 1).daily.tobytes() for one in (BASE, OTHER)]
    assert daily == [run(one, 1).daily.tobytes() for one in (BASE, OTHER)]


def test_without_room_only_the_latest_engine_stays():
    starts, name = Starts(), start_of(BASE)
    for seed in range(4):
        starts.engine(name, BASE, seed)
        assert [*starts._settled] == [(name, seed)]


def test_with_room_for_three_the_first_ones_stay_and_serve_every_round():
    name = start_of(BASE)
    one = starts_module._bytes(Engine(BASE, 0))
    starts = Starts(room=2 * one + one // 2)
    with counted() as built:
        for scenario in (BASE, RESPITE, CAP):
            for seed in range(5):
                starts.engine(name, scenario, seed)
    assert len(starts._settled) <= 3
    assert built[0] == built[1] == 1
    assert built[3] == 3


def test_what_a_settled_engine_takes_leaves_out_the_empty_ledger():
    state: State = Engine(BASE, 0).state
    arrays = [array for name, array in state._asdict().items() if name != "ledger"]
    assert starts_module._bytes(Engine(BASE, 0)) == sum(array.nbytes for array in arrays)


def test_a_scenario_too_large_to_double_settles_for_itself(monkeypatch):
    monkeypatch.setattr(size, "LARGEST_SHARING", 1)
    starts = Starts()
    with counted() as built:
        for scenario in (BASE, RESPITE):
            starts.engine(start_of(BASE), scenario, 1)
    assert built == {1: 2}
    assert len(starts._settled) == 0
    assert whole_runs([("a", 1, BASE), ("a", 1, RESPITE)]) == 2.0
    assert size.size([BASE, RESPITE], 1).largest == size.size([BASE], 1).largest


def test_engines_do_not_travel_to_other_processes():
    starts = Starts(5)
    starts.engine(start_of(BASE), BASE, 1)
    there = pickle.loads(pickle.dumps(starts))  # noqa: S301
    assert there == Starts(5)
    assert len(there._settled) == 0


def test_an_arm_that_fails_leaves_the_others_their_start(monkeypatch):
    def fails(self, on):
        on.state.users["loneliness"] = np.nan
        raise ZeroDivisionError

    starts, name = Starts(), start_of(BASE)
    monkeypatch.setattr(Respite, "act", fails)
    with counted() as built:
        results = [attempted(lambda one=one: starts.run(name, one, 1)) for one in (BASE, RESPITE, CAP)]
    assert [isinstance(one, Failed) for one in results] == [False, True, False]
    assert built == {1: 1}
    assert results[2].daily.tobytes() == run(CAP, 1).daily.tobytes()


def test_a_start_that_fails_fails_each_arm_as_its_own_would(tmp_path):
    missing = {"house": {"users_file": tmp_path / "nobody.csv"}}
    arms = [one.with_changes(centres=missing) for one in (BASE, RESPITE)]
    starts = Starts()
    results = [attempted(lambda one=one: starts.run("name", one, 1)) for one in arms]
    assert results == [attempted(lambda one=one: run(one, 1)) for one in arms]
    assert all(isinstance(one, Failed) and one.mistake for one in results)


def test_an_estimate_counts_the_years_of_settling_once():
    after = 14 / 35
    assert share_after(BASE) == after
    runs = [("a", 1, BASE), ("a", 1, RESPITE), ("b", 1, OTHER), ("a", 2, BASE), ("a", 2, CAP), ("", 1, BASE)]
    assert whole_runs(runs) == pytest.approx(4 + 2 * after)


def test_the_estimate_of_memory_holds_the_settled_engine_beside_the_run():
    more = size.size([BASE, RESPITE], 1).largest - size.size([BASE], 1).largest
    assert more == size.bytes_of_start(BASE) == 8 * 8 * size.TIE_BYTES + 8 * size.USER_BYTES


def test_shipped_policies_share_the_start_of_the_baseline():
    names = ("baseline", "respite", "buddy-scheme", "portfolio")
    scenarios = [load_scenario(name).with_changes(settling=0, centres=Replace({"a": {}})) for name in names]
    assert len({start_of(one) for one in scenarios}) == 1
