"""The page on security: a stranger's file runs nothing, reads nothing else, and nothing listens."""

import ast
import os
import re
from contextlib import closing
from functools import cache, partial
from itertools import pairwise
from operator import mul
from pathlib import Path

import psutil
import pytest
from reading import ROOT

from experiments.runs.executors.pool import ProcessPool
from experiments.studies import load_study
from sim.scenario.reading.load import load_scenario
from sim.scenario.text.errors import DayroomError

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
SOURCES = [path for package in ("dayroom", "sim", "experiments") for path in sorted((ROOT / package).rglob("*.py"))]

SCENARIO = "name: stranger\nextends: baseline\n"
INSIDE = "allowed is a file in the folder of this scenario or below it"
NESTED = [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in pairwise("abcdefgh")]
HOSTILE_SCENARIOS = {
    "days: !!python/object/apply:os.mkdir [sign]": "a scenario holds plain values only",
    "question: !run {command: mkdir sign}": "tag '!run' is not allowed",
    "policies: {a: {policy: respite, eligible: \"__import__('os').mkdir('sign')\"}}": "allowed is words, numbers",
    "policies: {a: {policy: os.mkdir}}": "found 'os.mkdir', allowed is one of usual_care",
    "network: {kind: file, file: /etc/passwd}": INSIDE,
    "network: {kind: file, file: ../secret.csv}": INSIDE,
    "network: {kind: file, file: link.csv}": INSIDE,
    "".join(["a: &a [x, x, x, x]\n", *NESTED]): "an alias counts as all it stands for",
}
"""Lines that would run code, read other files or fill the memory, if Dayroom let them; and why it does not."""


@pytest.mark.parametrize(("line", "reason"), HOSTILE_SCENARIOS.items())
def test_a_strangers_scenario_runs_nothing_and_reads_nothing_else(line, reason, tmp_path, monkeypatch):
    (tmp_path / "secret.csv").write_text("from,to\nsecret,secret\n", encoding="utf-8")
    folder = tmp_path / "scenario"
    folder.mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "stranger.yaml").write_text(SCENARIO + line, encoding="utf-8")
    monkeypatch.chdir(folder)
    with pytest.raises(DayroomError, match=re.escape(reason)):
        load_scenario("stranger.yaml")
    assert not Path("sign").exists()


def test_a_strangers_study_runs_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("study.yaml").write_text("name: s\nbase: !!python/object/apply:os.mkdir [sign]\n", encoding="utf-8")
    with pytest.raises(DayroomError, match="plain values only"):
        load_study("study.yaml")
    assert not Path("sign").exists()


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    """Return all nodes of a file's syntax tree."""
    return list(ast.walk(ast.parse(path.read_bytes())))


def imported(path: Path) -> set[str]:
    """Return the top-level names of all modules that a file imports."""
    nodes = nodes_of(path)
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def importing(*modules: str) -> set[str]:
    """Return the files that import any of some modules."""
    return {path.relative_to(ROOT).as_posix() for path in SOURCES if imported(path) & set(modules)}


def test_only_executors_unpickle():
    assert importing("pickle", "shelve", "marshal", "dill", "cloudpickle", "joblib") == {
        "experiments/runs/executors/dask/dispatch.py",
        "experiments/runs/executors/dask/on_worker.py",
        "experiments/runs/offers.py",  # reads what the process that started this one has written for it
        "experiments/sweep/experiment.py",  # writes only, to learn whether a function can be sent to workers
    }


def test_only_dask_reaches_other_machines():
    network = importing("socket", "http", "urllib", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "ssl")
    assert network == {"experiments/app/server.py"}  # the page listens, and connects to nobody
    assert all(name.startswith("experiments/runs/executors/dask/") for name in importing("distributed", "dask"))


def test_no_text_is_run_as_code():
    calls = [node for path in SOURCES for node in nodes_of(path) if isinstance(node, ast.Call)]
    assert len(calls) > 1000
    named = {node.func.id for node in calls if isinstance(node.func, ast.Name)}
    assert not named & {"eval", "exec", "compile", "__import__"}
    assert not importing("subprocess")


@pytest.mark.skipif(os.name == "nt", reason="ports of processes are listed on POSIX")
def test_worker_processes_listen_to_nobody():
    with closing(ProcessPool(2).each(partial(mul, 2), range(200))) as doubles:
        assert next(doubles) == 0
        processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
        assert len(processes) > 1
        sockets = [socket for process in processes for socket in process.net_connections("inet")]
        assert not [socket for socket in sockets if socket.status == "LISTEN"]


def test_the_page_leads_to_the_section_on_clusters():
    assert "(clusters.md#who-may-use-the-cluster)" in PAGE
    assert "\n### Who may use the cluster\n" in (ROOT / "docs" / "clusters.md").read_text(encoding="utf-8")
