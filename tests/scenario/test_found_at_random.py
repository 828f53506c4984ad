"""Inputs that trials at random (`make fuzz`) have found to be no refusal in words, and are one now."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.designs.parquet_tables import TableError, numbers_of_parquet
from sim.scenario.reading.load import load_scenario
from sim.scenario.tables.reading import read_table
from sim.scenario.text.errors import ScenarioError
from tools.fuzz.readers import READERS


def test_the_name_of_a_policy_that_is_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("extends: baseline\npolicies: {a: {policy: {b: 1}}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="policy"):
        load_scenario(path)


def test_a_workbook_whose_parts_begin_before_its_beginning(tmp_path: Path) -> None:
    [contents] = [one.contents for one in READERS["users"].examples() if one.file.endswith(".xlsx")]
    end = contents.rindex(b"PK\x05\x06") + 16  # where the offset of the list of parts stands
    moved = int.from_bytes(contents[end : end + 4], "little") + 200
    path = tmp_path / "a.xlsx"
    path.write_bytes(contents[:end] + moved.to_bytes(4, "little") + contents[end + 4 :])
    with pytest.raises(ScenarioError, match="the workbook is damaged"):
        read_table(path)


def test_a_parquet_file_whose_own_description_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": [1.0]}).replace_schema_metadata({b"pandas": b"\xa2"}), path)
    with pytest.raises(TableError, match="no Parquet table can be read from it"):
        numbers_of_parquet(path)
