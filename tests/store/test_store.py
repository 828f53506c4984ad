"""The store: tables that explain themselves, and the small files beside them."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.store.documents import (
    network_days,
    read_networks,
    read_provenance,
    read_summary,
    write_failures,
    write_json,
    write_networks,
    write_provenance,
    write_readme,
    write_scenario,
    write_summary,
)
from experiments.store.folder import ResultError
from experiments.store.provenance import provenance
from experiments.store.tables import Tables, daily_table, read_daily, read_table, users_table
from sim.outcomes.catalogue import DAILY
from sim.run import Run, run
from sim.scenario.reading.load import load_scenario
from sim.scenario.schema.scenario import Centre, Network, Scenario
from sim.state.columns import NEEDS, USER

KEYS = {"replicate": 3, "seed": 2**64 - 1}


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_daily_has_a_row_a_day_and_centre(small_run: Run) -> None:
    table = daily_table(small_run, KEYS)
    assert table.column_names == ["replicate", "seed", "centre", "day", *(outcome.name for outcome in DAILY)]
    frame = table.to_pandas()
    assert len(frame) == 40 * 2
    assert set(frame["seed"]) == {2**64 - 1}
    for c, centre in enumerate(small_run.centres):
        rows = frame[frame["centre"] == centre]
        assert list(rows["day"]) == list(range(40))
        for name in ("users", "loneliness_ucla20", "attended"):
            assert np.array_equal(rows[name], small_run.daily[name][:, c])


def test_users_have_words_for_codes_and_a_column_an_element(small_run: Run) -> None:
    frame = users_table(small_run, KEYS).to_pandas()
    users = small_run.users
    assert len(frame) == len(users)
    assert list(frame["centre"]) == [small_run.centres[number] for number in users["centre"]]
    for k, need in enumerate(NEEDS):
        assert np.array_equal(frame[f"needs_{need}"], users["needs"][:, k])
    assert "interest_occupation_therapy" in frame
    for column in USER:
        if column.labels and not column.shape:
            assert list(frame[column.name]) == [column.labels[code] for code in users[column.name]]
    assert not {"seat", "next_row", "needs"} & set(frame)
    assert set(frame["status"]) <= {"present", "left"}


@pytest.mark.parametrize("make", [daily_table, users_table])
def test_every_column_says_what_it_is(make: Any, small_run: Run) -> None:
    schema = make(small_run, KEYS).schema
    assert len(schema) > 50
    for field in schema:
        assert set(field.metadata) == {b"unit", b"label", b"meaning"}
        assert all(field.metadata.values()), field.name
    assert schema.field("replicate").type == pa.int32()
    assert schema.field("seed").type == pa.uint64()
    assert schema.field("centre").type == pa.string()


def test_the_parquet_file_keeps_what_columns_mean(small_run: Run, tmp_path: Path) -> None:
    with Tables(tmp_path) as tables:
        tables.add(small_run, KEYS)
    metadata = pq.read_schema(tmp_path / "daily.parquet").field("burden").metadata
    assert metadata == {b"unit": b"0-100", b"label": b"Burden", b"meaning": b"Mean burden, 100 B"}
    assert inside(tmp_path) == ["daily.parquet", "users.parquet"]


def test_csv_holds_the_same(small_run: Run, tmp_path: Path) -> None:
    with Tables(tmp_path, csv=True) as tables:
        tables.add(small_run, {"replicate": 0, "seed": 1})
        tables.add(small_run, {"replicate": 1, "seed": 2})
    for name in ("daily", "users"):
        frame = read_table(tmp_path, name)
        pd.testing.assert_frame_equal(pd.read_csv(tmp_path / f"{name}.csv"), frame, check_dtype=False)


def test_many_runs_are_written_in_pieces(small_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.store.tables._ROWS_IN_MEMORY", 100)
    with Tables(tmp_path) as tables:
        for number in range(5):
            tables.add(small_run, {"replicate": number, "seed": number})
    assert pq.ParquetFile(tmp_path / "daily.parquet").num_row_groups == 3
    frame = read_daily(tmp_path, ["replicate", "day"])
    assert list(frame["replicate"]) == sorted(list(range(5)) * 80)
    some = read_daily(tmp_path, ["replicate", "day", "burden"], [0, 39])
    assert list(some.columns) == ["replicate", "day", "burden"]
    assert list(some["day"]) == [0, 0, 39, 39] * 5


def test_a_table_that_is_missing_or_damaged_is_said(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match=r"daily\.parquet: there is no such table"):
        read_daily(tmp_path)
    (tmp_path / "users.parquet").write_text("no parquet")
    with pytest.raises(ResultError, match=r"users\.parquet: the table cannot be read \(it is damaged\)"):
        read_table(tmp_path, "users")


def test_failures_are_a_table_and_no_failures_no_file(tmp_path: Path) -> None:
    write_failures(tmp_path, [])
    assert inside(tmp_path) == []
    rows = [{"replicate": 1, "error": 'with "quotes",\nand lines'}]
    write_failures(tmp_path, rows)
    with (tmp_path / "failures.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == [{"replicate": "1", "error": 'with "quotes",\nand lines'}]


def test_networks_are_kept_and_read_again(small_run: Run, tmp_path: Path) -> None:
    write_networks(tmp_path, small_run.graphs)
    assert inside(tmp_path / "network") == ["end.graphml", "middle.graphml", "start.graphml"]
    found = read_networks(tmp_path)
    assert sorted(found) == [0, 20, 40]
    for day, graph in found.items():
        assert nx.utils.graphs_equal(graph, small_run.graphs[day])


@pytest.mark.parametrize(("days", "found"), [(365, (0, 182, 365)), (2, (0, 1, 2)), (1, (0, 0, 1))])
def test_the_days_of_networks(days: int, found: tuple[int, int, int]) -> None:
    assert network_days(days) == found


def test_a_run_of_one_day_has_three_networks(small: Scenario, tmp_path: Path) -> None:
    write_networks(tmp_path, run(small.with_changes(days=1), 7, graph_days=(0, 1)).graphs)
    assert inside(tmp_path / "network") == ["end.graphml", "middle.graphml", "start.graphml"]


def test_the_scenario_loads_again(small: Scenario, tmp_path: Path) -> None:
    write_scenario(tmp_path, small)
    assert load_scenario(tmp_path / "scenario.yaml") == small
    assert inside(tmp_path) == ["scenario.yaml"]


def test_the_digest_is_that_of_what_is_simulated(small: Scenario, tmp_path: Path) -> None:
    digest = write_scenario(tmp_path, small)
    assert write_scenario(tmp_path, small.with_changes(seed=8, replicates=99)) == digest
    assert write_scenario(tmp_path, small.with_changes(days=41)) != digest


def test_files_that_a_scenario_names_come_along(tmp_path: Path) -> None:
    shipped = load_scenario("fourteen-participants")
    roster = next(iter(shipped.centres.values())).users_file
    assert roster is not None
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        shutil.copy(roster, tmp_path / place / "people.csv")
    with (tmp_path / "b" / "people.csv").open("a", encoding="utf-8") as file:
        file.write("")
    centres = {place: Centre(users=14, users_file=tmp_path / place / "people.csv") for place in ("a", "b")}
    scenario = Scenario(name="two", days=5, centres=centres, network=Network(kind="none"))

    result = tmp_path / "result"
    result.mkdir()
    digest = write_scenario(result, scenario)
    assert inside(result / "inputs") == ["2-people.csv", "people.csv"]
    moved = tmp_path / "moved"
    result.rename(moved)
    again = load_scenario(moved / "scenario.yaml")
    assert again.centres["b"].users_file == moved / "inputs" / "2-people.csv"
    assert np.array_equal(run(again, 1).users["age"], run(scenario, 1).users["age"])

    with (tmp_path / "b" / "people.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    (tmp_path / "other").mkdir()
    assert write_scenario(tmp_path / "other", scenario) != digest


def test_the_readme_names_every_file_and_no_other(tmp_path: Path) -> None:
    for name in ("daily.parquet", "summary.csv"):
        (tmp_path / name).touch()
    (tmp_path / "figures").mkdir()
    write_readme(tmp_path, "The title", "dayroom run it")
    text = (tmp_path / "README.txt").read_text(encoding="utf-8")
    for said in ("The title", "daily.parquet ", "summary.csv ", "figures/ ", "provenance.json ", "  dayroom run it\n"):
        assert said in text
    assert "failures.csv" not in text
    assert len(text.splitlines()) <= 24
    assert max(map(len, text.splitlines())) <= 120


def test_the_summary_is_kept_as_json_and_csv(tmp_path: Path) -> None:
    rows = [{"name": "burden", "low": float("nan"), "start": 0.1}]
    write_summary(tmp_path, rows)
    write_json(tmp_path / "summary.json", {"replicates": 1, "outcomes": rows})
    assert read_summary(tmp_path) == {
        "replicates": 1,
        "outcomes": [{"name": "burden", "low": None, "start": 0.1}],
    }
    assert (tmp_path / "summary.csv").read_text() == "name,low,start\nburden,,0.1\n"


def test_provenance_lists_the_files(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.png").touch()
    write_provenance(tmp_path, provenance("digest", 1, [1], 1, "again"))
    found = read_provenance(tmp_path)
    assert found["files"] == ["figures/a.png"]
    assert json.loads((tmp_path / "provenance.json").read_text(encoding="utf-8")) == found


@pytest.mark.parametrize("read", [read_provenance, read_summary])
def test_a_folder_without_a_result_is_said(read: Any, tmp_path: Path) -> None:
    with pytest.raises(ResultError, match=str(tmp_path)):
        read(tmp_path)
