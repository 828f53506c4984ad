"""The worked packages: their pages show them word for word, their own tests pass, and commands know them."""

import json
import re

import pytest
from packages import EXAMPLES, ROOT, install, python

RUN = """
import json, sys
import dayroom
scenario = dayroom.load_scenario(sys.argv[1])
done = dayroom.run(scenario, 1)
print(json.dumps(done.daily["rumour_reach"][:, 0].tolist()))
"""
SCENARIO = """\
extends: baseline
days: 5
settling: 0
rules:
  rumour: {origins: 30 %}
observe:
  outcomes: [rumour_reach]
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packages")
    for example in ("mood_contagion", "rumour"):
        install(folder, example)
    (folder / "ours.yaml").write_text(SCENARIO, encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("example", ["mood_contagion", "rumour"])
def test_the_tests_of_the_package_pass(packages, example):
    test = EXAMPLES / example / f"test_{example}.py"
    done = python(packages, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(packages), str(test))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert re.search(r"\d passed", done.stdout)


@pytest.mark.slow
def test_a_scenario_with_both_runs(packages):
    done = python(packages, "-c", RUN, "ours.yaml")
    assert done.returncode == 0, done.stderr
    reach = json.loads(done.stdout)
    assert 0.0 < reach[0] <= reach[-1] <= 1.0


def test_explain_knows_the_parameters_of_the_package(packages):
    done = python(packages, "-m", "dayroom", "scenario", "explain", "ours.yaml", "rules.rumour")
    assert done.returncode == 0, done.stderr
    assert "rules.rumour.origins" in done.stdout
    assert "30 % = 0.3" in done.stdout


def test_without_the_package_the_scenario_is_refused(packages, tmp_path):
    (tmp_path / "ours.yaml").write_text(SCENARIO, encoding="utf-8")
    done = python(tmp_path, "-m", "dayroom", "scenario", "check", "ours.yaml")
    assert done.returncode == 2
    assert "unknown key 'rumour' in rules; no package that offers it is installed" in done.stderr
    assert "found 'rumour_reach'; no package that offers such an outcome is installed" in done.stderr


@pytest.mark.parametrize("name", ["dayroom_mood_contagion.py", "pyproject.toml", "test_mood_contagion.py"])
def test_the_page_shows_the_package(name):
    text = (ROOT / "docs" / "own-rule.md").read_text(encoding="utf-8")
    assert (EXAMPLES / "mood_contagion" / name).read_text(encoding="utf-8") in text


def test_the_page_of_outcomes_shows_the_outcome():
    module = (EXAMPLES / "rumour" / "dayroom_rumour.py").read_text(encoding="utf-8")
    text = (ROOT / "docs" / "own-outcome.md").read_text(encoding="utf-8")
    assert module[module.index("def _reach") :] in text
