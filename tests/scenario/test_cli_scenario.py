"""`dayroom scenario`: what it prints, where, with which exit code, and how soon."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments import cli, cli_scenario
from sim.scenario.json_schema import json_schema_text
from sim.scenario.load import load_scenario, read_as

CHECKOUT = Path(__file__).parents[2]
RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def dayroom(capsys, *arguments: str) -> tuple[int, str, str]:
    """Run a command in this process; give exit code, output and error output."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["scenario", *arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return int(ended.value.code or 0), out, err


def test_check_says_ok():
    result = RUNNER.invoke(cli_scenario.app, ["check", "baseline", "fourteen-participants"])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "baseline: OK (baseline: 1 centre, 25 users, 365 days)",
        "fourteen-participants: OK (fourteen-participants: 1 centre, 14 users, 365 days)",
    ]


def test_check_tells_the_problems_of_every_file(capsys):
    Path("a.yaml").write_text("days: 0\nzzz: 1\n")
    Path("b.yaml").write_text("users: {women: 2}\n")
    code, out, err = dayroom(capsys, "check", "a.yaml", "baseline", "b.yaml", "nosuch")
    assert code == 2
    assert out.splitlines() == ["baseline: OK (baseline: 1 centre, 25 users, 365 days)"]
    lines = err.splitlines()
    assert lines[0] == "a.yaml:1:7: days: found 0, allowed is a whole number, 1 to 36525 [day]"
    assert lines[1].startswith("a.yaml:2:1: unknown key 'zzz'")
    assert lines[2].startswith("b.yaml:1:16: users.women: found 2")
    assert lines[3].startswith("'nosuch': no shipped scenario")
    assert lines[4:] == ["4 problems found"]


@pytest.mark.parametrize("command", ["show", "explain"])
def test_every_command_tells_what_is_wrong_with_a_scenario(capsys, command):
    Path("a.yaml").write_text("days: 0\n")
    code, out, err = dayroom(capsys, command, "a.yaml")
    assert (code, out) == (2, "")
    assert err == "a.yaml:1:7: days: found 0, allowed is a whole number, 1 to 36525 [day]\n"


@pytest.mark.parametrize("arguments", [["check"], ["nonsense"], ["check", "--nonsense"], ["explain"]])
def test_a_wrong_call_ends_with_2(capsys, arguments):
    assert dayroom(capsys, *arguments)[0] == 2


def test_show_prints_yaml_that_loads_again(capsys):
    code, out, _ = dayroom(capsys, "show", "strangers")
    assert code == 0
    assert read_as(out, Path("again.yaml")).scenario == load_scenario("strangers")


def test_explain_prints_values_groups_and_everything(capsys):
    code, out, _ = dayroom(capsys, "explain", "strangers", "network.kind", "users.empathy")
    assert code == 0
    assert [line for line in out.splitlines() if line and not line.startswith(" ")] == [
        "network.kind",
        "users.empathy.mean",
        "users.empathy.sd",
    ]
    assert dayroom(capsys, "explain", "baseline")[1].count("  set in ") > 200


def test_explain_of_an_unknown_path_ends_with_2(capsys):
    code, _, err = dayroom(capsys, "explain", "baseline", "users.wmen")
    assert code == 2
    assert "unknown path 'users.wmen'; did you mean 'users.women'?" in err


def test_schema_prints_and_writes_the_schema(capsys):
    schema = json_schema_text()
    assert dayroom(capsys, "schema")[1] == schema
    assert dayroom(capsys, "schema", "--out", "s.json")[0] == 0
    assert Path("s.json").read_text(encoding="utf-8") == schema
    assert dayroom(capsys, "schema", "--out", "s.json")[0] == 2
    assert dayroom(capsys, "schema", "--out", "s.json", "--overwrite")[0] == 0


def test_new_writes_a_file_that_loads(capsys):
    assert dayroom(capsys, "new", "my-park")[0] == 0
    assert load_scenario("my-park.yaml") == load_scenario("baseline").with_changes(
        name="my-park", title="", question=""
    )


def test_new_offers_values_that_load_when_uncommented(capsys):
    dayroom(capsys, "new", "my-park", "--extends", "strangers")
    text = Path("my-park.yaml").read_text()
    head, _, offered = text.partition('question: ""\n')
    lines = [line.removeprefix("# ") for line in offered.splitlines()]
    assert sum(":" in line for line in lines) > 20
    full = read_as("\n".join([head, *lines]), Path("my-park.yaml")).scenario
    assert full == load_scenario("strangers").with_changes(name="my-park", title="", question="")


def test_new_never_replaces_a_file_unasked(capsys):
    Path("my-park.yaml").write_text("precious\n")
    code, _, err = dayroom(capsys, "new", "my-park")
    assert code == 2
    assert err == "my-park.yaml: the file is there already; --overwrite replaces it\n"
    assert Path("my-park.yaml").read_text() == "precious\n"
    assert dayroom(capsys, "new", "my-park", "--overwrite")[0] == 0
    assert load_scenario("my-park.yaml").days == 365


def test_new_elsewhere_keeps_the_name_and_extends_from_there(capsys):
    Path("inner").mkdir()
    Path("inner/base.yaml").write_text("days: 9\n")
    assert dayroom(capsys, "new", "my-park", "--out", "inner/file.yaml", "--extends", "./base.yaml")[0] == 0
    found = load_scenario("inner/file.yaml")
    assert (found.name, found.days) == ("my-park", 9)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["My Park"], "name: found 'My Park', allowed is a short name"),
        (["a", "--extends", "baselin"], "did you mean 'baseline'?"),
        (["a", "--extends", "../b.yaml"], "no such file"),
        (["a", "--out", "nowhere/a.yaml"], "the file cannot be written (no such file or directory)"),
        (["a\nb", "--out", "a.yaml"], "name: found 'a\\nb', allowed is a short name"),
    ],
)
def test_new_refuses_before_it_writes(capsys, arguments, expected):
    code, _, err = dayroom(capsys, "new", *arguments)
    assert code == 2
    assert expected in err
    assert list(Path().iterdir()) == []


# The command as others see it


def command(*arguments: str, **options) -> subprocess.CompletedProcess:
    """Run the command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "error", **options.pop("env", {})}
    call = [sys.executable, "-m", "experiments.cli", *arguments]
    return subprocess.run(call, env=environment, capture_output=True, text=True, timeout=60, check=False, **options)


def test_a_process_ends_with_2_and_without_a_traceback():
    Path("a.yaml").write_text("days: 0\ntitle: 'ü😀'\nzzz: 1\n")
    result = command("scenario", "check", "a.yaml", env={"PYTHONIOENCODING": "ascii"})
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("a.yaml:1:7: days: found 0")
    assert "Traceback" not in result.stderr


def test_a_reader_that_leaves_early_gets_no_complaint():
    call = f"{sys.executable} -m experiments.cli scenario explain baseline | head -1"
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    result = subprocess.run(call, shell=True, env=environment, capture_output=True, text=True, timeout=60, check=False)  # noqa: S602
    assert result.stdout == "name\n"
    assert result.stderr == ""


def test_check_and_help_import_nothing_heavy():
    heavy = "numpy,scipy,numba,mesa,networkx,pandas,matplotlib,rich"
    code = (
        "import sys; from experiments import cli\n"
        "try: cli.main(sys.argv[1:])\n"
        f"finally: print(sorted(set('{heavy}'.split(',')) & set(sys.modules)), file=sys.stderr)"
    )
    for arguments in (["--help"], ["scenario", "--help"], ["scenario", "check", "baseline"]):
        environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
        call = [sys.executable, "-c", code, *arguments]
        result = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert result.stderr.splitlines()[-1] == "[]"


def test_check_answers_soon(tmp_path):
    environment = {"PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode"), "PYTHONDONTWRITEBYTECODE": ""}
    command("scenario", "check", "baseline", env=environment)  # writes the bytecode
    took = []
    for _ in range(5):
        start = time.perf_counter()
        assert command("scenario", "check", "baseline", env=environment).returncode == 0
        took.append(time.perf_counter() - start)
    assert min(took) < 0.5
