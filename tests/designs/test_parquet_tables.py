"""Parquet tables that people give: bounded by what they unpack to, and refused with a reason."""

import numpy as np
import pandas as pd
import pytest

from experiments.designs.parquet_tables import TableError, numbers_of_parquet


def test_parquet_is_bounded_by_what_it_unpacks_to(tmp_path):
    path = tmp_path / "t.parquet"
    pd.DataFrame({f"c{k}": np.zeros(700_000) for k in range(10)}).to_parquet(path)
    assert path.stat().st_size < 100_000
    with pytest.raises(TableError, match="found 56,000,000 bytes, allowed are at most 50,000,000"):
        numbers_of_parquet(path)
    pd.DataFrame({"a": [1.5, 2.5], "b": [1, 2]}).to_parquet(path)
    assert numbers_of_parquet(path)["a"].tolist() == [1.5, 2.5]


def test_a_table_with_other_things_than_numbers_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "t.parquet"
    pd.DataFrame({"a": [1.5, 2.5], "b": ["x" * 100, "y"]}).to_parquet(path)
    with pytest.raises(TableError, match=r"the column 'b' holds .*string, allowed are numbers"):
        numbers_of_parquet(path)


def test_what_is_no_file_or_no_parquet_is_refused(tmp_path):
    with pytest.raises(TableError, match="no such file"):
        numbers_of_parquet(tmp_path / "none.parquet")
    with pytest.raises(TableError, match="this is a folder"):
        numbers_of_parquet(tmp_path)
    path = tmp_path / "t.parquet"
    path.write_text("no table", encoding="utf-8")
    with pytest.raises(TableError, match="no Parquet table can be read"):
        numbers_of_parquet(path)
    pd.DataFrame({f"c{k}": [1.0] for k in range(10_001)}).to_parquet(path)
    with pytest.raises(TableError, match="found 10,001 columns, allowed are at most 10,000"):
        numbers_of_parquet(path)
