"""docs/own-policy.md: build, install, use and test its example, word for word."""

import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from reading import ROOT

from sim.policy_checks import CHECKS

TEXT = (ROOT / "docs" / "own-policy.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([\w.-]+)`:\n\n```\w+\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE))
COMMANDS = re.findall(r"^```sh\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write the files of the example."""
    written = tmp_path_factory.mktemp("example")
    for name, text in FILES.items():
        (written / name).write_text(text, encoding="utf-8")
    return written


@pytest.fixture(scope="module")
def installed(folder, tmp_path_factory):
    """Build the package as pip would and install it where Python looks; return the environment."""
    wheels, site = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(wheels)]
    subprocess.run(build, cwd=folder, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(site)
    (folder / "household_help.py").unlink()  # only the installed one is to be found
    return {**os.environ, "PYTHONPATH": str(site)}


def told(folder: Path, environment: dict[str, str], *words: str) -> str:
    """Run a command that must succeed; return its output."""
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_example_is_complete():
    assert set(FILES) == {"household_help.py", "pyproject.toml", "ours.yaml", "test_household_help.py"}
    assert len(COMMANDS) == 1


def test_without_the_package_the_scenario_is_refused(folder):
    dayroom = Path(sys.executable).with_name("dayroom")
    done = subprocess.run(
        [dayroom, "scenario", "check", "ours.yaml"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "household_help" in done.stderr


@pytest.mark.slow
def test_the_commands_do_what_the_page_says(folder, installed):
    dayroom = str(Path(sys.executable).with_name("dayroom"))
    said = []
    for line in COMMANDS[0].splitlines():
        first, *rest = shlex.split(line)
        assert first == "dayroom"
        said.append(told(folder, installed, dayroom, *rest))
    checked, explained, ran = said
    assert checked.startswith("ours.yaml: OK")
    assert "0.6" in explained
    assert "Share of the burden at home taken off" in explained
    assert "Household help" in ran
    assert (folder / "results").is_dir()


@pytest.mark.slow
def test_the_tests_of_the_example_pass(folder, installed):
    words = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_household_help.py"]
    assert f"{len(CHECKS) + 2} passed" in told(folder, installed, *words)


def test_the_class_can_be_imported_before_anything_of_dayroom(folder, installed):
    code = "import household_help; from sim.scenario.schema.policy import policies; print(sorted(policies()))"
    assert "household_help" in told(folder, installed, sys.executable, "-c", code)
