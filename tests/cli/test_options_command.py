"""The options of `dayroom run`: what they do, and that a wrong option names what is allowed."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from experiments.cli.app import main
from experiments.cli.terminal import MOST_LINES, shortened
from experiments.store.documents import read_provenance
from experiments.store.tables import read_daily
from sim.scenario.reading.roster import BACKGROUND, NAME

Here = Callable[..., int]
ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.slow
def test_what_is_not_given_is_the_scenarios(here: Here, small_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small_file.parent)
    assert here("small.yaml", "--quiet") == 0
    found = read_provenance(Path("results", "small-seed7"))
    assert (found["days"], len(found["replicate_seeds"]), found["seed"]) == (40, 3, 7)


@pytest.mark.slow
@pytest.mark.parametrize(("said", "days"), [("2 weeks", 14), ("0.5 months", 15), ("9", 9), (" 48 h ", 2)])
def test_days_may_have_a_unit(here: Here, small_file: Path, said: str, days: int) -> None:
    out = small_file.parent / "r"
    assert here(small_file, "--days", said, "--replicates", 1, "--out", out, "--quiet") == 0
    assert read_provenance(out)["days"] == days
    assert read_daily(out)["day"].max() == days - 1


@pytest.mark.slow
def test_quiet_prints_the_folder_and_nothing_else(
    here: Here, small_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = small_file.parent / "r"
    assert here(small_file, "--replicates", 2, "--days", 3, "--out", out, "--quiet") == 0
    assert tuple(capfd.readouterr()) == (f"{out}\n", "")


@pytest.mark.parametrize(
    ("option", "found", "allowed"),
    [
        ("--replicates", "0", "a whole number from 1 to 100000"),
        ("--replicates", "100001", "a whole number from 1 to 100000"),
        ("--replicates", "many", "a whole number from 1 to 100000"),
        ("--replicates", "2.5", "a whole number from 1 to 100000"),
        ("--seed", "-1", "a whole number from 0 to 2**64 - 1"),
        ("--seed", str(2**64), "a whole number from 0 to 2**64 - 1"),
        ("--days", "0", "1 day to 36525 days (100 years)"),
        ("--days", "101 years", "1 day to 36525 days (100 years)"),
        ("--days", "soon", "a number in days"),
        ("--days", "3 users", "a number in days"),
        ("--days", "-5", "1 day to 36525 days (100 years)"),
        ("--jobs", "0", "a whole number from 1 to 256"),
    ],
)
def test_a_bad_option_is_named_with_what_is_allowed(
    here: Here, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, found: str, allowed: str
) -> None:
    assert here("baseline", f"{option}={found}", "--out", tmp_path / "r") == 2
    said = capsys.readouterr()
    assert said.out == ""
    flat = " ".join(said.err.split())
    assert option in flat
    assert f"found '{found}'" in flat
    assert allowed in flat
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [("users: [", "this is no YAML"), ("extends: baseline\ndays: -1\n", "days"), (None, "no such file")],
)
def test_a_bad_scenario_is_told_without_a_traceback(
    here: Here, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, said: str
) -> None:
    path = tmp_path / "mine.yaml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert here(path, "--out", tmp_path / "r") == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert "mine.yaml" in printed.err
    assert printed.out == ""


def test_a_misspelt_name_is_suggested(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    assert here("baselin") == 2
    assert "baseline" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == "dayroom 0.1.0\n"


LOADED = """
import sys
from experiments.cli.app import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
print(*sorted(sys.modules))
"""


def loaded(*words: object) -> set[str]:
    """Return the modules that a command has loaded when it ends."""
    ended = subprocess.run(
        [sys.executable, "-c", LOADED, *map(str, words)],
        env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=600,
    )  # fmt: skip
    return set(ended.stdout.splitlines()[-1].split())


def ours(modules: set[str]) -> list[str]:
    """Return those of our modules; not the packages, which hold a docstring and names."""
    return sorted(
        name
        for name in modules
        if name.partition(".")[0] in ("dayroom", "sim", "experiments") and not (ROOT / name.replace(".", "/")).is_dir()
    )


def test_asking_for_help_loads_nothing_heavy_and_few_modules() -> None:
    modules = loaded("--help")
    heavy = {"numpy", "numba", "pandas", "pyarrow", "matplotlib", "mesa", "networkx", "scipy", "pydantic"}
    assert not heavy & {name.partition(".")[0] for name in modules}
    assert 15 < len(ours(modules)) < 40


def test_a_run_loads_no_other_command_and_few_modules(small_file: Path) -> None:
    words = ["--replicates", 1, "--days", 3, "--jobs", 1, "--out", small_file.parent / "r", "--quiet"]
    modules = loaded("run", small_file, *words)
    assert {name for name in modules if name.startswith("experiments.cli.")} == {
        f"experiments.cli.{name}" for name in ("app", "options", "progress", "result", "run", "termination", "warnings")
    }
    assert not {name for name in modules if name.startswith(("experiments.compare", "experiments.sensitivity"))}
    assert 50 < len(ours(modules)) < 125  # reviews are compiled into the call that runs the days
    policies = {name for name in ours(modules) if name.startswith("sim.policies.") and "review" not in name}
    assert not policies | {name for name in modules if name.startswith("sim.scenario.conditions")}


def test_a_run_with_a_policy_loads_no_other_policy_and_few_modules(small_file: Path) -> None:
    ours_too = small_file.parent / "respite.yaml"
    ours_too.write_text(f"extends: {small_file.name}\npolicies: {{rest: {{policy: respite}}}}\n", encoding="utf-8")
    words = ["--replicates", 1, "--days", 3, "--jobs", 1, "--out", small_file.parent / "r", "--quiet"]
    modules = loaded("run", ours_too, *words)
    policies = {name for name in ours(modules) if name.startswith("sim.policies.") and "review" not in name}
    assert policies == {"sim.policies.respite"}
    assert 50 < len(ours(modules)) <= 136  # with conditions and what sets policies up, which others leave out


def test_a_scenario_loads_no_policy_but_its_own() -> None:
    code = (
        "import sys; from sim.scenario.reading.load import load_scenario; load_scenario('respite'); print(*sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert {name for name in ended.stdout.split() if name.startswith("sim.policies.")} == {"sim.policies.respite"}


def test_a_message_with_many_mistakes_is_cut_and_the_others_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    users = tmp_path / "users.csv"
    rows = [f"p{k}" + ",x" * len(BACKGROUND) for k in range(300)]
    users.write_text("\n".join([",".join((NAME, *BACKGROUND)), *rows]), encoding="utf-8")
    scenario = tmp_path / "s.yaml"
    scenario.write_text("name: s\ncentres:\n  a:\n    users: 40\n    users_file: users.csv\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["scenario", "check", str(scenario)])
    assert stopped.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == MOST_LINES + 2
    assert lines[-2].startswith("and ")
    assert lines[-2].endswith(" more mistakes")
    assert int(lines[-1].split()[0].replace(",", "")) > 2_000  # the count of all problems
    assert shortened("one\ntwo") == "one\ntwo"
