"""Answer SQL questions about a store of runs, with DuckDB over views of its tables."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from experiments.store import VIEWS
from experiments.store.folder import ResultError
from experiments.store.provenance import command
from experiments.store.runs.plans import read_plan, studies
from experiments.store.runs.store import TABLES, RunStore
from experiments.store.runs.tables import EACH_NEWCOMER, MORE, empty
from experiments.store.runs.versions import Version, present_name, recorded
from sim.language import say
from sim.scenario.text.nodes import quoted
from sim.scenario.text.suggestions import misspelt

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


_NEWCOMERS = "SELECT model, scenario, seed, one.* FROM (SELECT model, scenario, seed, unnest({}) AS one FROM runs)"


ALL: Final = "@all"
"""Suffix that turns a study's name into the name of its view of all versions of the model."""
_OF_RUNS: Final = ("runs", "groups", "newcomers")
_LISTING: Final = ("show", "information_schema", "duckdb_", "pragma", "sqlite_master", "pg_")
"""Words that mark a question about the views themselves; such a question needs all views."""

_READING: Final = ("SELECT", "EXPLAIN", "PRAGMA")
"""DuckDB's names for statements that read; it counts SHOW, DESCRIBE, SUMMARIZE, FROM and WITH as SELECT."""
_PIVOTING: Final = ("pivot", "from", "select", "with")
"""First words of a PIVOT, the only statement in several steps (DuckDB calls it MULTI) that reads."""
_LOCKED: Final = ("python_enable_replacements = false", "enable_external_access = false", "lock_configuration = true")
"""Settings that let a question see the views, but neither Python variables nor files."""
_TO_END: Final = 0.5
"""Seconds that an interrupted question has to end, and its connection to close."""
_EXAMPLE: Final = '"SELECT count(*) FROM runs"'


def query(
    folder: Path | str, sql: str, report: Callable[[str], None] = lambda _: None, known: Sequence[str] = ()
) -> "pd.DataFrame":
    """Answer an SQL question about a store of runs.

    The views are `runs`, `groups`, `newcomers`, `daily`, `failures`, `plans`, `models`, and a view named after each
    swept study, with factors, lever, replicate and outcomes. The view of a study holds the runs of the present version
    of the model, or else of the newest version it was swept with. Its `@all` view and all other views hold the runs of
    all versions (columns `model` and `version`; the view `models` marks the present version). NaN becomes NULL, which
    averages and counts leave out.

    Parameters
    ----------
    folder : Path or str
        The store.
    sql : str
        A single statement in DuckDB's SQL that only reads, and only from the store.
    report : callable, optional
        Receives messages about damaged parts.
    known : sequence of str, optional
        Names of existing studies. If the question names a study that was not swept, the error gives the command.

    Raises
    ------
    ResultError
        When there is no store, `sql` is not a single statement that reads, or DuckDB refuses it. The message says why.

    Examples
    --------
    >>> from dayroom import InProcess, define_study, load_scenario, query, sweep
    >>> tiny = load_scenario("baseline").with_changes(days=3, settling=0)
    >>> study = define_study("Which points matter?", tiny, design="replicates", replicates=2, storage="daily")
    >>> swept = sweep(study, "store", InProcess())
    >>> query("store", 'SELECT count(*) AS runs FROM "which-points-matter"')["runs"].tolist()
    [2]
    """
    import duckdb

    folder = Path(folder)
    if not folder.is_dir():
        raise ResultError(say("{folder}: there is no store; --store names another folder", folder=folder))
    connection = duckdb.connect(":memory:")
    swept: list[str] = []
    try:
        _require_reading(connection, sql)
        swept += _make_views(connection, folder, sql.lower(), report)
        for setting in _LOCKED:
            connection.execute(f"SET {setting}")
        return _answered(connection, sql)
    except duckdb.Error as error:
        raise ResultError(_refused(folder, sql, str(error).strip(), swept, known)) from error
    finally:
        closing = Thread(target=connection.close, daemon=True)  # it waits for a question that goes on
        closing.start()
        closing.join(_TO_END)


def _answered(connection: "duckdb.DuckDBPyConnection", sql: str) -> "pd.DataFrame":
    """Answer a question in a thread of its own, so that Ctrl-C and SIGTERM reach this one at once.

    Inside DuckDB a signal waits for the end of the question, or comes out as an error of DuckDB.
    """
    answers: Queue[pd.DataFrame | BaseException] = Queue()

    def answer() -> None:
        try:
            answers.put(connection.execute(sql).df())
        except BaseException as error:
            answers.put(error)

    thread = Thread(target=answer, name="query", daemon=True)
    thread.start()
    try:
        answer_or_error = answers.get()
    except BaseException:
        connection.interrupt()
        thread.join(_TO_END)
        raise
    if isinstance(answer_or_error, BaseException):
        raise answer_or_error
    return answer_or_error


def _require_reading(connection: "duckdb.DuckDBPyConnection", sql: str) -> None:
    """Refuse anything but a single statement that reads, since only sweeps write into a store."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        number = say("{number} statements", number=len(statements)) if statements else say("no statement")
        raise ResultError(
            say("query: found {number}, allowed is one, such as {example}", number=number, example=_EXAMPLE)
        )
    kind, first = statements[0].type.name, re.findall(r"\w+", re.sub(r"--.*|/\*(?s:.*?)\*/", "", sql))[0].lower()
    if kind not in _READING and not (kind == "MULTI" and first in _PIVOTING):
        word = say("a change of the data or of a view") if kind == "MULTI" else kind.replace("_", " ")
        raise ResultError(
            say(
                "query: found {word}, allowed is a statement that reads (SELECT, FROM, WITH, PIVOT, SHOW, DESCRIBE, "
                "SUMMARIZE, EXPLAIN), such as {example}; files are written by `dayroom export`, "
                "or by query --csv > FILE",
                word=word,
                example=_EXAMPLE,
            )
        )


def _refused(folder: Path, sql: str, problem: str, swept: Sequence[str], known: Sequence[str]) -> str:
    """Return a message with DuckDB's reason to refuse a statement and, where known, what to write instead."""
    hyphened = re.search(r"\b(?:from|join)\s+(\w+(?:-\w+)+)", sql, re.IGNORECASE)
    if problem.startswith("Parser Error") and hyphened:
        name = hyphened[1]
        example = f"""'SELECT * FROM "{name}"'"""  # noqa: S608 - only shown
        return say(
            "query: a name with a hyphen stands in double quotes, such as {example}; {problem}",
            example=example,
            problem=problem,
        )
    if problem.startswith("Permission Error"):
        return say("query: a question reads what the store holds; other files are neither read nor written")
    absent = re.match(r"Catalog Error: Table with name (.+) does not exist!", problem)
    if absent is None:
        return say("query: {problem}", problem=problem)
    name = absent[1]
    if name in known:
        again = command("dayroom", "sweep", name, "--store", folder)
        return say(
            "query: the study {name} has not been swept into this store; to do so: {command}", name=name, command=again
        )
    values = {"views": ", ".join(VIEWS), "studies": ", ".join(swept)}
    allowed = (
        say("one of {views}, or of the studies {studies}", **values)
        if swept
        else say("one of {views}; no study was swept into this store", **values)
    )
    problem = say("query: there is no view {name}", name=quoted(name))
    return misspelt(problem, name, [*VIEWS, *swept, *known], allowed)


def _make_views(
    connection: "duckdb.DuckDBPyConnection", folder: Path, sql: str, report: Callable[[str], None]
) -> list[str]:
    """Make the views that a question needs; return the names of all swept studies."""
    versions = recorded(folder, report)
    stores = {version.name: RunStore(folder, version.name, report) for version in versions}
    swept = {version.name: studies(stores[version.name]) for version in versions}
    is_listing = any(word in sql for word in _LISTING)
    wanted = {study for names in swept.values() for study in names if is_listing or study.lower() in sql}
    of_runs = bool(wanted) or is_listing or any(name in sql for name in _OF_RUNS)
    for name in TABLES:  # `daily` is long and `runs` is wide: read a table only for a question about it
        known = versions if name in sql or (name == "runs" and of_runs) else []
        tables = [_with_version(version, _without_nan(stores[version.name].read(name))) for version in known]
        none = _with_version(Version("", "", "", {}, {}), empty(name))
        whole = pa.concat_tables([*tables, none], promote_options="default")
        connection.register(name, whole)
    connection.register("models", _models(versions))
    connection.execute(_groups(connection))
    connection.execute(f"CREATE VIEW newcomers AS {_NEWCOMERS.format(EACH_NEWCOMER)}")
    connection.execute("CREATE SCHEMA plan_of")
    plans = []
    of_study: dict[str, list[pa.Table]] = {}
    for version in versions:
        for study in swept[version.name]:
            if study not in wanted and "plans" not in sql:
                continue
            plan = read_plan(stores[version.name], study, report)
            if plan is None:
                continue
            if "plans" in sql:
                plans.append(_as_plan(study, version.model, plan))
            if study in wanted:
                of_study.setdefault(study, []).append(_with_version(version, plan))
    for study, of_versions in of_study.items():
        if study in VIEWS:
            report(
                say(
                    "the study {study} has the name of another view, so no view shows it; "
                    "give it another name and sweep again",
                    study=study,
                )
            )
        else:
            _study_view(connection, study, of_versions, report)
    connection.register("plans", pa.concat_tables(plans) if plans else _no_plans())
    return sorted({study for names in swept.values() for study in names})


def _without_nan(table: pa.Table) -> pa.Table:
    """Replace NaN by NULL, which SQL leaves out of averages."""
    for place, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            column = pa.array(table.column(place).to_numpy(), field.type, from_pandas=True)
            table = table.set_column(place, field.name, column)
        elif field.type == pa.list_(pa.float64()):
            lists = pa.concat_arrays(table.column(place).chunks) if len(table) else pa.array([], field.type)
            values = pa.array(lists.values.to_numpy(zero_copy_only=False), pa.float64(), from_pandas=True)
            table = table.set_column(place, field.name, pa.ListArray.from_arrays(lists.offsets, values))
    return table


def _with_version(version: Version, table: pa.Table) -> pa.Table:
    for name, value in (("model", version.model), ("version", version.name)):
        table = table.append_column(name, pa.array([value] * len(table), pa.string()))
    return table


def _models(versions: list[Version]) -> pa.Table:
    return pa.table(
        {
            "model": pa.array([version.model for version in versions], pa.string()),
            "version": pa.array([version.name for version in versions], pa.string()),
            "since": pa.array([version.since for version in versions], pa.string()),
            "is_present": pa.array([version.name == present_name() for version in versions], pa.bool_()),
        }
    )


def _groups(connection: "duckdb.DuckDBPyConnection") -> str:
    """Return the SQL statement that turns the "outcome@group" columns of runs into rows of the view `groups`."""
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
    """Return a plan with its factors as JSON, so that plans of several studies fit one table."""
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


def _study_view(
    connection: "duckdb.DuckDBPyConnection", study: str, plans: Sequence[pa.Table], report: Callable[[str], None]
) -> None:
    """Make the two views of a study: its plan joined with the outcomes, NULL for runs that failed or are missing.

    The view with the study's name holds a single version of the model, the present or else the newest, so that no
    average mixes versions. The `@all` view holds all versions; a factor that an earlier plan lacks is NULL there.
    """
    names = []
    for number, plan in enumerate(plans):
        names.append(f"plan_of.{_name(f'{study} {number}')}")
        connection.register("plan as read", plan)
        connection.execute(f'CREATE TABLE {names[-1]} AS FROM "plan as read"')
        connection.unregister("plan as read")
    whole = " UNION ALL BY NAME ".join(f"FROM {name}" for name in names)
    outcomes = [
        row[0]
        for row in connection.execute("DESCRIBE runs").fetchall()
        if "@" not in row[0] and row[0] not in ("scenario", "seed", "model", "version", *MORE)
    ]
    chosen = ", ".join(f"r.{_name(name)}" for name in outcomes)
    connection.execute(
        f"CREATE VIEW {_name(study + ALL)} AS SELECT p.*, r.scenario IS NOT NULL AS done, {chosen} "  # noqa: S608 - names are quoted
        f"FROM ({whole}) p LEFT JOIN runs r ON p.scenario = r.scenario AND p.seed = r.seed AND p.version = r.version"
    )
    swept = [plan["version"][0].as_py() for plan in plans]
    chosen_version = present_name() if present_name() in swept else swept[0]  # versions come latest first
    if chosen_version != present_name():
        report(
            say(
                "the study {study} was not swept with the present version of the model: its view shows {version}",
                study=study,
                version=chosen_version,
            )
        )
    connection.execute(
        f"CREATE VIEW {_name(study)} AS FROM {_name(study + ALL)} WHERE version = {_text(chosen_version)}"
    )


def _name(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _text(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
