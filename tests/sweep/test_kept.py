"""What the store keeps of a run besides its end: the run as a whole, groups by length of stay, each newcomer."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments.runs.executors import InProcess
from experiments.store.runs import versions as runs_versions
from experiments.store.runs.parts import digest, encoded
from experiments.store.runs.query import query
from experiments.store.runs.tables import EACH_NEWCOMER
from experiments.studies import load_study
from experiments.studies.study import Study
from experiments.sweep.export import export_study
from experiments.sweep.make import sweep
from experiments.sweep.newcomers import NotKeptError, newcomers
from experiments.sweep.results import results
from sim.outcomes.measures import MEASURES
from sim.run import Run, run
from sim.scenario.reading.load import load_scenario
from sim.state.columns import PRESENT
from tests.sweep.conftest import write_study

TEXT = """\
question: Who comes?
base: base.yaml
design: replicates
replicates: 3
seed: 1
"""
BASE = """\
extends: baseline
days: 500
settling: 0
replace: [centres]
centres:
  east: {users: 30}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    """Return a study with many newcomers, and its store."""
    folder = tmp_path_factory.mktemp("kept")
    study = load_study(write_study(folder, TEXT, BASE))
    assert sweep(study, folder / "store", InProcess()).failed == 0
    return study, folder / "store"


@pytest.fixture(scope="module")
def runs_again(made: tuple[Study, Path]) -> list[Run]:
    study = made[0]
    scenario = study.scenario(study.usual_care, 0)
    return [run(scenario, study.seed_of(replicate), measures=True) for replicate in range(study.replicates)]


def test_measures_of_the_whole_run_are_columns(made: tuple[Study, Path], runs_again: list[Run]) -> None:
    frame = results(*made)
    for measure in MEASURES:
        wanted = [one.measures[measure.name] for one in runs_again]
        np.testing.assert_array_equal(frame[measure.name].to_numpy(), wanted)
    assert frame["transitivity"].gt(0.0).all()


def test_cost_is_money_and_the_worth_of_hours(tmp_path: Path) -> None:
    text = TEXT + "days: 40\nlevers:\n  usual-care: {}\n  circle: {policies: {s: {policy: supervision}}}\n"
    study = load_study(write_study(tmp_path, text, BASE))
    sweep(study, tmp_path / "store", InProcess())
    frame = results(study, tmp_path / "store").set_index("lever").loc["circle"]
    hour = load_scenario("baseline").centres
    worth = next(iter(hour.values())).hour_cost
    assert frame["staff_hours_total"].gt(0.0).all()
    np.testing.assert_allclose(frame["cost"], frame["money_total"] + worth * frame["staff_hours_total"])


def test_each_newcomer_is_a_row(made: tuple[Study, Path], runs_again: list[Run]) -> None:
    found = newcomers(*made)
    assert len(found) > 5
    for replicate, one in enumerate(runs_again):
        mine = found[found["replicate"] == replicate]
        came = one.users[one.users["arrived"] >= 0.0]
        assert sorted(mine["uid"]) == sorted(came["uid"].tolist())
        assert mine["arrived"].is_monotonic_increasing
        assert mine["left"].isna().sum() == (came["status"] == PRESENT).sum()
        met = came[came["first_friend"] >= 0.0]
        kept = mine.set_index("uid").loc[met["uid"].tolist()]
        assert kept["first_friend"].tolist() == met["first_friend"].tolist()
        assert mine["first_friend"].notna().sum() == len(met)
    assert found["loneliness"].between(20.0, 80.0).all()
    assert (found["first_friend"].isna() | (found["first_friend"] >= found["arrived"])).all()
    assert (found["left"].isna() | (found["left"] > found["arrived"])).all()


def test_newcomers_can_be_asked_for_and_exported(made: tuple[Study, Path], tmp_path: Path) -> None:
    study, store = made
    found = newcomers(study, store)
    asked = query(store, "SELECT count(*) AS n, count(first_friend) AS met, avg(loneliness) AS mean FROM newcomers")
    whole = [len(found), found["first_friend"].notna().sum()]
    assert asked[["n", "met"]].to_numpy().tolist() == [whole]
    assert asked["mean"][0] == pytest.approx(found["loneliness"].mean())
    export_study(study, store, tmp_path, ["csv"])
    read = pd.read_csv(tmp_path / "newcomers.csv")
    pd.testing.assert_frame_equal(read, found, check_dtype=False)


def test_groups_by_stay_are_those_of_newcomers(made: tuple[Study, Path]) -> None:
    from experiments.sweep.results import groups

    study, store = made
    found, came = groups(study, store), newcomers(study, store)
    for replicate in range(study.replicates):
        mine = came[(came["replicate"] == replicate) & came["left"].isna()]
        young = mine[study.days - 1 - mine["arrived"] < 91.0]
        row = found[
            (found["replicate"] == replicate)
            & (found["group"] == "here 0-3 months")
            & (found["outcome"] == "loneliness_ucla20")
        ].iloc[0]
        assert row["users"] == len(young)
        assert (np.isnan(row["value"]) and young.empty) or row["value"] == pytest.approx(young["loneliness"].mean())


def test_runs_kept_before_a_number_was_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An earlier version stays unchanged: a number it lacks is no column there, and NULL beside the present version."""
    study = load_study(write_study(tmp_path, f"{TEXT}days: 20\n", BASE))
    store = tmp_path / "store"
    older = "0" * 32 + "-11111111"
    now = runs_versions.present()
    before = runs_versions.Version(older, "0" * 32, "2020-01-01T00:00:00+00:00", now.versions, now.sources)
    with monkeypatch.context() as past:
        past.setattr(runs_versions, "present_name", lambda: older)
        past.setattr(runs_versions, "present", lambda: before)
        sweep(study, store, InProcess())
    [part] = (store / older / "runs").glob("part-*.parquet")
    fewer = encoded(pq.read_table(part).drop_columns(["transitivity", EACH_NEWCOMER]), slim=True)
    part.unlink()
    part.with_name(f"part-{digest(fewer)}.parquet").write_bytes(fewer)
    assert query(store, "SELECT count(*) AS n FROM newcomers")["n"][0] == 0
    assert sweep(study, store, InProcess()).made == 3
    assert results(study, store)["transitivity"].notna().all()
    assert "transitivity" not in results(study, store, model="0000000").columns
    with pytest.raises(NotKeptError, match="were kept without their newcomers"):
        newcomers(study, store, model="0000000")
    written, _ = export_study(study, store, tmp_path / "out", ["csv"], model="0000000")
    assert "newcomers.csv" not in [path.name for path in written]
    asked = query(store, "SELECT model, count(transitivity) AS known FROM runs GROUP BY model ORDER BY model")
    assert asked["known"].tolist() == [0, 3]
