"""`dayroom scenario`: what it prints, where, with which exit code, and how soon."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.cli import app as cli
from experiments.cli import scenario as cli_scenario
from sim.scenario.reading.json_schema import json_schema_text
from sim.scenario.reading.load import load_scenario, read_as

CHECKOUT = Path(__file__).parents[2]
RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def dayroom(capsys, *arguments: str) -> tuple[int, str, str]:
    """Run a command in this process; return exit code, output and error output."""
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
        "fourteen-participants: park: 14 of 14 users listed; not given and sampled: only_child of 14; "
        "states and ties that nobody gave are assumed to be as among like users of a settled centre",
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


PEOPLE = (
    "participant,sex,diagnosis,age_low,age_high,marital_status,occupation,years_in_centre,years_ill\n"
    "A,M,schizophrenia,30,35,unmarried,unemployed,3,8\n"
    "B,F,bipolar disorder,30,35,unmarried,retired,3,8\n"
)
TIES = "source,target,closeness\nA,B,0.5\n"
WITH_FILES = "network: {kind: file, file: inner/ties.csv}\ncentres: {park: {users: 5, users_file: inner/people.csv}}\n"


def with_files(people: str, ties: str) -> None:
    """Write a scenario with a file of users and a file of ties."""
    Path("inner").mkdir()
    Path("inner/people.csv").write_text(people)
    Path("inner/ties.csv").write_text(ties)
    Path("a.yaml").write_text(WITH_FILES)


def test_check_reads_the_files_a_scenario_names(capsys):
    with_files(PEOPLE, TIES)
    code, out, err = dayroom(capsys, "check", "a.yaml")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "a.yaml: OK (a: 1 centre, 5 users, 365 days)",
        "a.yaml: park: 2 of 5 users surveyed, 0 gave no answer, 3 filled in; not given and sampled: lives_with of 2, "
        "only_child of 2; states are assumed to be at their set points, and ties that nobody gave are none",
    ]


@pytest.mark.parametrize(
    ("people", "ties", "expected"),
    [
        (
            PEOPLE,
            TIES.replace("0.5", "5"),
            ["inner/ties.csv:2:3: closeness: found '5', allowed is a number from 0 to 1"],
        ),
        (
            PEOPLE,
            TIES.replace("closeness", "closenes"),
            ["inner/ties.csv:1:1: found no column 'closeness'; did you mean"],
        ),
        (PEOPLE, TIES + "B,Anna,1\n", ["inner/ties.csv:3:2: found id 'Anna', allowed is those of the users: A, B"]),
        (PEOPLE, ",A,C\nA,0,1\nC,1,0\n", ["inner/ties.csv:1:3: found id 'C', allowed is those of the users: A, B"]),
        (
            PEOPLE,
            "source,target\n" + "".join(f"A,u{k}\n" for k in range(5)),
            [
                *(f"inner/ties.csv:{k + 2}:2: found id 'u{k}', allowed is those of the users: A, B" for k in range(4)),
                "inner/ties.csv:6:2: found 6 users, allowed is at most 5, the users of the centre",
                "inner/ties.csv:6:2: found id 'u4', allowed is those of the users: A, B",
            ],
        ),
        (
            PEOPLE.replace("F,", "X,"),
            TIES.replace("0.5", "5"),
            ["inner/people.csv:3:2: sex: found 'X'", "inner/ties.csv:2:3: closeness: found '5'"],
        ),
    ],
)
def test_check_tells_what_is_wrong_with_the_files_a_scenario_names(capsys, people, ties, expected):
    with_files(people, ties)
    code, out, err = dayroom(capsys, "check", "a.yaml")
    *lines, last = err.splitlines()
    assert (code, out) == (2, "")
    assert len(lines) == len(expected)
    assert all(line.startswith(wanted) for line, wanted in zip(lines, expected, strict=True))
    assert last == ("1 problem found" if len(expected) == 1 else f"{len(expected)} problems found")


def test_check_reads_the_network_of_a_centre_and_graph_files(capsys):
    Path("ties.graphml").write_text('<graphml>\n<graph edgedefault="directed">\n <node/>\n</graph></graphml>\n')
    Path("a.yaml").write_text("centres: {park: {network: {kind: file, file: ties.graphml}}}\n")
    code, _, err = dayroom(capsys, "check", "a.yaml")
    assert code == 2
    assert err.splitlines()[0] == "ties.graphml:3:2: found <node> without id, allowed is <node id=...>"


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


def test_explain_without_a_scenario_explains_the_baseline(capsys):
    for paths in (
        ["users.disclosure_threshold.mean"],
        ["users.disclosure_threshold"],
        ["centres", "days"],
        ["*.scale"],
    ):
        assert dayroom(capsys, "explain", *paths) == dayroom(capsys, "explain", "baseline", *paths)
        assert dayroom(capsys, "explain", *paths)[0] == 0
    out = dayroom(capsys, "explain", "users.disclosure_threshold")[1]
    assert [line for line in out.splitlines() if line and not line.startswith(" ")] == [
        "users.disclosure_threshold.mean",
        "users.disclosure_threshold.sd",
    ]


def test_explain_takes_a_file_before_a_path_of_the_same_name(capsys):
    Path("users").write_text("days: 9\n")
    assert "  value      9\n" in dayroom(capsys, "explain", "users", "days")[1]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("baselin", "'baselin': no shipped scenario and no file has this name; did you mean 'baseline'?"),
        ("users.wmen", "unknown path 'users.wmen'; did you mean 'users.women'?"),
        ("nowhere.yaml", "nowhere.yaml: no such file"),
    ],
)
def test_explain_of_a_word_that_is_neither_scenario_nor_path_ends_with_2(capsys, word, expected):
    code, out, err = dayroom(capsys, "explain", word)
    assert (code, out) == (2, "")
    assert expected in err


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
        (["My Park"], "name: found 'My Park'; did you mean 'my-park'? allowed: a short name"),
        (["a", "--extends", "baselin"], "did you mean 'baseline'?"),
        (["a", "--extends", "../b.yaml"], "no such file"),
        (["a", "--out", "nowhere/a.yaml"], "the file cannot be written (no such file or directory)"),
        (["a\nb", "--out", "a.yaml"], "name: found 'a\\nb'; did you mean 'a-b'? allowed: a short name"),
    ],
)
def test_new_refuses_before_it_writes(capsys, arguments, expected):
    code, _, err = dayroom(capsys, "new", *arguments)
    assert code == 2
    assert expected in err
    assert list(Path().iterdir()) == []


# The command as others see it


def command(*arguments: str, **options) -> subprocess.CompletedProcess:
    """Run the command in a separate process."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "error", **options.pop("env", {})}
    call = [sys.executable, "-m", "experiments.cli.app", *arguments]
    return subprocess.run(call, env=environment, capture_output=True, text=True, timeout=60, check=False, **options)


def test_a_process_ends_with_2_and_without_a_traceback():
    Path("a.yaml").write_text("days: 0\ntitle: 'ü😀'\nzzz: 1\n")
    result = command("scenario", "check", "a.yaml", env={"PYTHONIOENCODING": "ascii"})
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("a.yaml:1:7: days: found 0")
    assert "Traceback" not in result.stderr


def test_a_reader_that_leaves_early_gets_no_complaint():
    call = f"{sys.executable} -m experiments.cli.app scenario explain baseline | head -1"
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    result = subprocess.run(call, shell=True, env=environment, capture_output=True, text=True, timeout=60, check=False)  # noqa: S602
    assert result.stdout == "name\n"
    assert result.stderr == ""


def test_check_and_help_import_nothing_heavy():
    heavy = "numpy,scipy,numba,mesa,networkx,pandas,matplotlib,rich"
    code = (
        "import sys; from experiments.cli import app as cli\n"
        "try: cli.main(sys.argv[1:])\n"
        f"finally: print(sorted(set('{heavy}'.split(',')) & set(sys.modules)), file=sys.stderr)"
    )
    for arguments in (["--help"], ["scenario", "--help"], ["scenario", "check", "baseline"]):
        environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
        call = [sys.executable, "-c", code, *arguments]
        result = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert result.stderr.splitlines()[-1] == "[]"
