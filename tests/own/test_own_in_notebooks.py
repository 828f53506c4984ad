"""A rule, an outcome and a policy in cells of a notebook: they run here, in a pool and on a cluster of Dask."""

import json
import os

import nbformat
import pytest
from nbclient import NotebookClient
from packages import ROOT

OFFERS = '''
from typing import ClassVar, Literal
import dayroom
from dayroom import OwnColumn, OwnOutcome, OwnRule
from pydantic import Field
from sim.policies import PolicyUse
from sim.scenario.schema.quantity import quantity
from sim.sources import ASSUMED

@dayroom.register
class Cheer(OwnRule):
    """Mood rises a little every day."""
    rule: ClassVar = "cheer"
    after: ClassVar = "wellbeing"
    acts_on: ClassVar = ("user.mood",)
    columns: ClassVar = (OwnColumn("user", "days", "day", (0, 36525), "Days"),)
    step: float = quantity(0.1, "1", (0, 1), (0.05, 0.3), ASSUMED, "assumed", "Size of a step")
    @staticmethod
    def act(s, c, day, seed, own):
        """Raise it."""
        for seat in range(s.centres[c].capacity):
            row = s.seats[s.centres[c].first_seat + seat]
            if row >= 0:
                own.users[row].days += 1.0
                s.users[row].mood += own.p[0].step * (1.0 - s.users[row].mood)

@dayroom.register
class QuietHour(PolicyUse):
    """An hour of rest."""
    acts_on: ClassVar = ("user.respite",)
    source: ClassVar = ASSUMED
    policy: Literal["quiet_hour"] = Field(description="An hour of rest")
    def act(self, on):
        """Let burden fall faster."""
        on.add("user.respite", 1.0)

LEAST = 0.5

def cheerful(evening):
    return (evening.users.mood > LEAST).mean()

dayroom.register(OwnOutcome("cheerful", "share", "higher", "Cheerful", "Share of users in good mood", cheerful))
small = dayroom.load_scenario("baseline").with_changes(
    days=3, settling=0, centres=dayroom.Replace({"centre": {"users": 6}}), rules={"cheer": {}}
)
study = dayroom.define_study(
    "Who is cheerful?", small, levers={"usual-care": {}, "quiet": {"quiet": {"policy": "quiet_hour", "start": 0}}},
    replicates=1, outcomes=["cheerful"],
)
'''
RUNS = """
import json
from dayroom import InProcess, results, run, sweep
from experiments.runs.executors.dask.cluster import DaskCluster
from experiments.runs.executors.pool import ProcessPool

def ends(store, executor):
    made = sweep(study, store, executor)
    frame = results(study, store)
    return [made.failed, *frame[["scenario", "status"]].values.tolist(), *frame[["cheerful", "burden"]].values.tolist()]

executors = {"here": InProcess(), "pool": ProcessPool(1), "cluster": DaskCluster(jobs=1)}
done = {name: ends(name, one) for name, one in executors.items()}
done["days"] = run(study.levers["quiet"], 1).users["cheer.days"].tolist()
print(json.dumps(done))
"""
CODES = """
import json
from experiments.store.extensions import extensions_of

print(json.dumps({one.kind: one.sources for one in extensions_of(*study.levers.values())}))
"""


def executed(*cells: str, folder) -> dict:
    """Execute cells in a fresh kernel; return what the last prints."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=500, resources={"metadata": {"path": str(folder)}}).execute()
    return json.loads(notebook.cells[-1].outputs[-1]["text"])


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    """Run kernels without the compiler, and find the checkout from any folder."""
    monkeypatch.setenv("DAYROOM_COMPILE", "0")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))


@pytest.mark.slow
def test_cells_offer_a_rule_an_outcome_and_a_policy_to_all_executors(tmp_path):
    done = executed(OFFERS, RUNS, folder=tmp_path)
    assert done["here"] == done["pool"] == done["cluster"]
    assert done["here"][:3] == [0, ["usual-care", "done"], ["quiet", "done"]]
    assert done["days"] == [3.0] * 6


@pytest.mark.slow
def test_the_digest_of_a_cell_is_of_what_it_says(tmp_path):
    first, again = (executed(OFFERS, CODES, folder=tmp_path) for _ in range(2))
    assert {kind: len(code) for kind, code in first.items()} == {"policy": 32, "rule": 32, "outcome": 32}
    assert again == first
    other = executed(OFFERS.replace("LEAST = 0.5", "LEAST = 0.6"), CODES, folder=tmp_path)
    assert [kind for kind in first if other[kind] != first[kind]] == ["outcome"]  # it reads the value of the cell
