"""Tables that people give: bounded by what they unpack to, and refused with a reason."""

import gzip

import numpy as np
import pandas as pd
import pytest

from experiments.designs import input_tables
from experiments.designs.input_tables import TableError, check_size, numbers_of_parquet, table_text


def test_text_is_read_with_or_without_a_mark_of_its_encoding(tmp_path):
    for contents in (b"a,b\n1,2\n", b"\xef\xbb\xbfa,b\n1,2\n"):
        (tmp_path / "t.csv").write_bytes(contents)
        assert table_text(tmp_path / "t.csv") == "a,b\n1,2\n"


def test_a_small_file_that_unpacks_to_a_large_one_is_never_unpacked(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 30_000_000))
    assert path.stat().st_size < 100_000
    with pytest.raises(TableError, match=r"the file is compressed \(gzip\); unpack it first"):
        table_text(path)


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


def test_what_is_too_large_or_no_file_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(TableError, match="the file is not UTF-8 text"):
        table_text(path)
    monkeypatch.setattr(input_tables, "MOST_BYTES", 10)
    path.write_text("a" * 11, encoding="utf-8")
    with pytest.raises(TableError, match="the file has more than 10 bytes"):
        table_text(path)
    with pytest.raises(TableError, match="cannot be read"):
        table_text(tmp_path / "none.csv")
    with pytest.raises(TableError, match="this is no ordinary file"):
        table_text(tmp_path)
    path.write_text("no table", encoding="utf-8")
    with pytest.raises(TableError, match="no Parquet table can be read"):
        numbers_of_parquet(path)
    with pytest.raises(TableError, match="found 10,001 columns, allowed are at most 10,000"):
        check_size(1, 10_001)
