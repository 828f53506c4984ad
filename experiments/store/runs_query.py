"""Questions in SQL to a store of runs, answered by DuckDB over views of its parts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from experiments.store.folder import ResultError
from experiments.store.runs import TABLES, RunStore
from experiments.store.runs_plans import read_plan, studies
from experiments.store.runs_tables import EACH_NEWCOMER, MORE, empty
from experiments.store.runs_versions import Version, present_name, recorded

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


_NEWCOMERS = "SELECT model, scenario, seed, one.* FROM (SELECT model, scenario, seed, unnest({}) AS one FROM runs)"


def query(folder: Path, sql: str, tell: Callable[[str], None] = lambda _: None) -> "pd.DataFrame":
    """Answer a question.

    Views: `runs`, `groups`, `newcomers`, `daily`, `failures` and `plans` of all versions of the model (column `model`),
    `models`, and for each study swept with the present model one of its name: factors, lever, replicate, outcomes.

    Parameters
    ----------
    folder : Path
        The store.
    sql : str
        One statement of DuckDB's SQL.
    tell : callable, optional
        Told of damaged parts.

    Raises
    ------
    ResultError
        When there is no store, or DuckDB refuses the statement: with its reason.
    """
    import duckdb

    if not folder.is_dir():
        raise ResultError(f"{folder}: no store is there; --store names another folder")
    connection = duckdb.connect(":memory:")
    try:
        _make_views(connection, folder, sql.lower(), tell)
        answer = connection.execute(sql)
        return answer.df() if answer.description else answer.fetchdf()
    except duckdb.Error as error:
        raise ResultError(f"query: {str(error).strip()}") from error
    finally:
        connection.close()


def _make_views(connection: "duckdb.DuckDBPyConnection", folder: Path, sql: str, tell: Callable[[str], None]) -> None:
    versions = recorded(folder)
    stores = {version.name: RunStore(folder, version.name, tell) for version in versions}
    for name in TABLES:
        wanted = name == "runs" or name in sql  # days are many: they are read only for a question about them
        known = versions if wanted else []
        tables = [_with_model(version.model, stores[version.name].read(name)) for version in known]
        whole = pa.concat_tables([*tables, _with_model("", empty(name))], promote_options="default")
        connection.register(name, whole)
    connection.register("models", _models(versions))
    connection.execute(_groups(connection))
    connection.execute(f"CREATE VIEW newcomers AS {_NEWCOMERS.format(EACH_NEWCOMER)}")
    plans = []
    for version in versions:
        for study in studies(stores[version.name]):
            plan = read_plan(stores[version.name], study, tell)
            if plan is None:
                continue
            plans.append(_as_plan(study, version.model, plan))
            if version.name == present_name():
                _study_view(connection, study, plan, version.model)
    connection.register("plans", pa.concat_tables(plans) if plans else _no_plans())


def _with_model(model: str, table: pa.Table) -> pa.Table:
    return table.append_column("model", pa.array([model] * len(table), pa.string()))


def _models(versions: list[Version]) -> pa.Table:
    return pa.table(
        {
            "model": pa.array([version.model for version in versions], pa.string()),
            "version": pa.array([version.name for version in versions], pa.string()),
            "since": pa.array([version.since for version in versions], pa.string()),
            "is_present": pa.array([version.name == present_name() for version in versions], pa.bool_()),
        }
    )


def _groups(connection: Any) -> str:
    """Turn the columns of groups into rows."""
    columns = [row[0] for row in connection.execute("DESCRIBE runs").fetchall()]
    selects = [
        f'SELECT model, scenario, seed, {_text(group)} AS "group", {_text(outcome)} AS outcome, '  # noqa: S608 - quoted
        f"{_name(name)} AS value, {_name(f'users@{group}')} AS users FROM runs"
        for name in columns
        for outcome, at, group in [name.partition("@")]
        if at and outcome != "users"
    ]
    nothing = (
        "SELECT model, scenario, seed, '' AS \"group\", '' AS outcome, 0.0 AS value, 0.0 AS users FROM runs LIMIT 0"
    )
    return f"CREATE VIEW groups AS {' UNION ALL '.join(selects) or nothing}"


def _as_plan(study: str, model: str, plan: pa.Table) -> pa.Table:
    """Give a plan with its factors as JSON, so that plans of several studies are one table."""
    first = ["point", "lever", "replicate", "scenario", "seed"]
    factors = [name for name in plan.column_names if name not in first]
    values = [json.dumps(row) for row in plan.select(factors).to_pylist()] if factors else ["{}"] * len(plan)
    known = {"study": [study] * len(plan), "model": [model] * len(plan), "factors": values}
    table = plan.select(first)
    for name, column in known.items():
        table = table.append_column(name, pa.array(column, pa.string()))
    return table


def _no_plans() -> pa.Table:
    names = ("lever", "scenario", "study", "model", "factors")
    fields = [pa.field("point", pa.int32()), pa.field("replicate", pa.int32()), pa.field("seed", pa.uint64())]
    return pa.schema([*fields, *(pa.field(name, pa.string()) for name in names)]).empty_table()


def _study_view(connection: Any, study: str, plan: pa.Table, model: str) -> None:
    """Make the view of a study: its plan beside what came out; NULL for what failed or is missing."""
    connection.register(f"plan of {study}", plan)
    outcomes = [
        row[0]
        for row in connection.execute("DESCRIBE runs").fetchall()
        if "@" not in row[0] and row[0] not in ("scenario", "seed", "model", *MORE)
    ]
    chosen = ", ".join(f"r.{_name(name)}" for name in outcomes)
    connection.execute(
        f"CREATE VIEW {_name(study)} AS SELECT p.*, r.scenario IS NOT NULL AS done, {chosen} "  # noqa: S608 - so here
        f"FROM {_name(f'plan of {study}')} p LEFT JOIN runs r "
        f"ON p.scenario = r.scenario AND p.seed = r.seed AND r.model = {_text(model)}"
    )


def _name(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _text(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
