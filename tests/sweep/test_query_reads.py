"""`dayroom query` only reads: no query writes, and it sees the store alone."""

import io
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Dayroom
from tests.sweep.conftest import ENVIRONMENT

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _with_an_empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("results/store").mkdir(parents=True)
    Path("own.csv").write_text("a\n1\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("COPY (SELECT 1) TO 'own.csv'", "COPY"),
        ("/* a remark */ COPY (SELECT 1) TO 'own.csv'", "COPY"),
        ("ATTACH 'own.db'", "ATTACH"),
        ("EXPORT DATABASE 'own'", "EXPORT"),
        ("CREATE TABLE mine (a INT)", "CREATE"),
        ("DROP VIEW runs", "DROP"),
        ("INSERT INTO runs VALUES (1)", "INSERT"),
        ("SET threads = 2", "SET"),
        ("PRAGMA threads = 2", "SET"),
        ("CREATE TABLE mine AS PIVOT models ON version USING count(*)", "a change of the data or of a view"),
    ],
)
def test_a_statement_that_writes_is_refused(dayroom: Dayroom, capsys: Captured, sql: str, word: str) -> None:
    assert dayroom("query", sql) == 2
    assert f"query: found {word}, allowed is a statement that reads (SELECT, FROM," in capsys.readouterr().err
    assert sorted(path.name for path in Path().iterdir()) == ["own.csv", "results"]
    assert Path("own.csv").read_text(encoding="utf-8") == "a\n1\n"


@pytest.mark.parametrize(
    "sql",
    [
        "EXPLAIN ANALYZE COPY (SELECT 1) TO 'own.csv'",
        "SELECT * FROM read_csv('own.csv')",
        "SELECT * FROM read_text('own.csv')",
    ],
)
def test_no_file_is_read_or_written_on_a_byway(dayroom: Dayroom, capsys: Captured, sql: str) -> None:
    assert dayroom("query", sql) == 2
    assert "query: a question reads what the store holds; other files are neither" in capsys.readouterr().err
    assert Path("own.csv").read_text(encoding="utf-8") == "a\n1\n"


@pytest.mark.parametrize("sql", ["", ";", "  ", "/* nothing */"])
def test_a_question_asks_something(dayroom: Dayroom, capsys: Captured, sql: str) -> None:
    assert dayroom("query", sql) == 2
    assert capsys.readouterr().err == (
        'query: found no statement, allowed is one, such as "SELECT count(*) FROM runs"\n'
    )


def test_there_is_one_question_at_a_time(dayroom: Dayroom, capsys: Captured) -> None:
    assert dayroom("query", "SELECT 1; SELECT 2") == 2
    assert "found 2 statements, allowed is one" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["swept", "sql", "connection", "folder", "known"])
def test_variables_of_the_program_are_no_views(dayroom: Dayroom, capsys: Captured, name: str) -> None:
    assert dayroom("query", f"FROM {name}") == 2
    assert f"query: there is no view {name!r}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) AS n FROM runs;",
        "FROM runs SELECT count(*) AS n",
        "WITH every AS (FROM runs) SELECT count(*) AS n FROM every",
        "SHOW TABLES",
        "DESCRIBE plans",
        "SUMMARIZE plans",
        "PRAGMA show_tables",
        "EXPLAIN SELECT * FROM runs",
        "-- how many\nSELECT count(*) AS n FROM runs",
        "/* by\nversion */ PIVOT models ON version USING count(*)",
        "VALUES (1)",
    ],
)
def test_whatever_reads_is_answered(dayroom: Dayroom, capsys: Captured, sql: str) -> None:
    assert dayroom("query", sql, "--csv") == 0
    assert len(pd.read_csv(io.StringIO(capsys.readouterr().out)).columns) >= 1


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_long_question_stops_at_a_signal(tmp_path: Path, sent: signal.Signals, status: int) -> None:
    (tmp_path / "store").mkdir()
    code = (
        "import sys; from experiments.store.runs import query; from experiments.cli.app import main\n"
        "answered = query._answered\n"
        "def noted(*given): print('asking', flush=True); return answered(*given)\n"
        "query._answered = noted; main()"
    )
    sql = "SELECT count(*) FROM range(100000000000) a, range(1000) b WHERE a.range * b.range % 7 = 3"
    command = [sys.executable, "-c", code, "query", sql, "--store", str(tmp_path / "store")]
    asking = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert asking.stdout is not None
    assert asking.stdout.readline() == "asking\n"
    with pytest.raises(subprocess.TimeoutExpired):  # the question has begun and would take hours
        asking.wait(0.5)
    asking.send_signal(sent)
    _, said = asking.communicate(timeout=60)
    assert asking.returncode == status
    assert said == ""
