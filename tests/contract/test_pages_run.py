"""The pages: their commands run one after the other, on short scenarios, and their scenarios are valid."""

import ast
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from reading import ROOT

from dayroom import Calibrated
from sim.scenario.text import files
from tests.conftest import Dayroom

ELSEWHERE = {
    "app.md": "tests/app/test_page_in_a_browser.py",
    "calibration.md": "tests/calibration/test_calibrate.py",
    "calibration-abc.md": "tests/calibration/test_posterior.py",
    "clusters.md": "tests/sweep/test_dask.py",
    "discovery.md": "tests/robustness/test_discovery_document.py",
    "own-policy.md": "tests/contract/test_own_policy_document.py",
    "portfolio.md": "tests/portfolio/test_portfolio_command.py",
    "report.md": "tests/report/test_report_command.py",
    "sensitivity.md": "tests/sensitivity/test_sensitivity_document.py",
    "sweeps.md": "tests/sweep/test_sweep.py",
    "validation.md": "tests/validation/test_validate.py",
}
"""Pages whose commands take long, need more than one machine, or a store: where these commands run in the tests."""
PYTHON = {
    "discovery.md": "tests/robustness/test_discovery_document.py",
    "own-outcome.md": "tests/own/test_worked_packages.py",
    "own-policy.md": "tests/contract/test_own_policy_document.py",
    "own-rule.md": "tests/own/test_worked_packages.py",
    "portfolio.md": "tests/contract/test_pages_run.py",
    "python.md": "tests/contract/test_python_document.py",
    "sensitivity.md": "tests/sensitivity/test_sensitivity_document.py",
    "sweeps.md": "tests/sweep/test_sweep.py",
    "validation.md": "tests/validation/test_survey_document.py",
}
"""Where the Python of a page runs in the tests."""
NOT_RUN = {
    "calibration-abc.md": "it takes hours; the names that it calls are looked up",
    "clusters.md": "it asks the queue of a cluster for workers, by a package that is not in the lock; it is compiled",
}
"""Pages whose Python the tests do not run, and why."""
BLOCK = re.compile(r"^```(yaml|sh|python)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SHORTER = {"--replicates": "2", "--days": "20", "--until": "burden ±50", "--max": "20", "--uncertain": "2"}
"""Options with the values that they get here."""
HEAVY = ("calibrated", "--worth", "--decompose", "app")
"""Words of comparisons that run in the tests of `compare` and `worth` alone, and of the page, which never ends."""
PAGES = [path for path in sorted((ROOT / "docs").glob("*.md")) if path.name not in ELSEWHERE]
PAGES = [
    path for path in [*PAGES, ROOT / "README.md", ROOT / "README.zh.md"] if "\ndayroom " in path.read_text("utf-8")
]


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the language and the text of each block of a page."""
    for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield match[1], match[2]


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of each command of ours on a page."""
    for language, text in blocks(page):
        for line in text.splitlines() if language == "sh" else ():
            words = shlex.split(line, comments=True)
            if words and Path(words[0]).name == "dayroom":
                yield words[1:]


def scenarios(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of the file, if the first line is a comment with it, and the text of each scenario on a page."""
    for language, text in blocks(page):
        if language == "yaml":
            named = re.match(r"# (\S+\.yaml)\n", text)
            yield named[1] if named else "", text


def shortened(words: list[str]) -> list[str]:
    """Return a command with small numbers in place of its own."""
    before = ["", *words[:-1]]
    return [SHORTER.get(option, word) for option, word in zip(before, words, strict=True)]


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to an empty folder, with shipped scenarios that take a moment."""
    shipped = tmp_path / "shipped"
    shutil.copytree(ROOT / "scenarios", shipped)
    baseline = shipped / "baseline.yaml"
    text = baseline.read_text(encoding="utf-8")
    for long, little in (("days: 1 year", "days: 40"), ("settling: 2 years", "settling: 20\nreplicates: 2")):
        assert long in text
        text = text.replace(long, little)
    baseline.write_text(text, encoding="utf-8")
    monkeypatch.setattr(files, "shipped_folder", lambda: shipped)
    monkeypatch.setattr("sim.scenario.reading.resolve.shipped_folder", lambda: shipped)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


def test_the_pages_elsewhere_are_there() -> None:
    assert all((ROOT / "docs" / page).is_file() and (ROOT / place).is_file() for page, place in ELSEWHERE.items())


def test_there_are_pages_to_run() -> None:
    assert {"README.md", "tutorial-analyst.md", "tutorial-analyst.zh.md", "comparing.md"} <= {one.name for one in PAGES}


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_run(
    page: Path, short: Path, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in scenarios(page):
        if name or page.name == "own-centre.md":
            Path(name or "ours.yaml").write_text(text, encoding="utf-8")
    for words in commands(page):
        if not set(HEAVY) & set(words):
            overwritten = ["--overwrite"] if words[0] in ("run", "compare") else []
            assert dayroom(*shortened(words), *overwritten) == 0, (words, capsys.readouterr().err)


@pytest.mark.parametrize("page", ["scenarios-and-runs.md", "tutorial-analyst.md", "tutorial-analyst.zh.md"])
def test_the_scenarios_of_a_page_are_valid(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dayroom: Dayroom, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    named = list(scenarios(ROOT / "docs" / page))
    assert len(named) > 2
    for number, (name, text) in enumerate(named):
        path = Path(name or f"block-{number}.yaml")
        path.write_text(text, encoding="utf-8")
        assert dayroom("scenario", "check", path) == 0, (text, capsys.readouterr())


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_python_of_the_readme_runs(page: str, short: Path) -> None:
    [code] = [text for language, text in blocks(ROOT / page) if language == "python"]
    there: dict[str, object] = {}
    exec(code.replace("replicates=40", "replicates=2"), there)  # noqa: S102 - our own document
    assert "found" in there


@pytest.mark.slow
def test_the_python_of_the_portfolios_runs(short: Path) -> None:
    pytest.importorskip("pymoo", exc_type=ImportError)
    [code] = [text for language, text in blocks(ROOT / "docs" / "portfolio.md") if language == "python"]
    assert "Effort(20, 100, 12, 8)" in code
    there: dict[str, object] = {}
    exec(code.replace("Effort(20, 100, 12, 8)", "Effort(2, 3, 4, 2)"), there)  # noqa: S102 - our own document
    assert "found" in there


def test_the_python_of_every_page_runs_somewhere_or_says_why_not() -> None:
    pages = {path.name for path in (ROOT / "docs").glob("*.md") if any(kind == "python" for kind, _ in blocks(path))}
    assert pages == PYTHON.keys() | NOT_RUN.keys()
    assert not PYTHON.keys() & NOT_RUN.keys()
    assert all((ROOT / place).is_file() for place in PYTHON.values())


def test_the_python_of_clusters_can_be_compiled_and_its_part_of_dask_is_there() -> None:
    distributed = pytest.importorskip("distributed", exc_type=ImportError)
    [code] = [text for language, text in blocks(ROOT / "docs" / "clusters.md") if language == "python"]
    tree = ast.parse(code)
    compile(tree, "cluster.py", "exec")
    imports = {node.module: node.names[0].name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imports == {"dask_jobqueue": "SLURMCluster", "distributed": "Security"}
    assert hasattr(distributed, imports["distributed"])


def test_what_the_python_of_calibration_by_abc_calls_is_there() -> None:
    [code] = [text for language, text in blocks(ROOT / "docs" / "calibration-abc.md") if language == "python"]
    assert "found = posterior(" in code
    called = set(re.findall(r"^found\.(\w+)", code, re.MULTILINE))
    assert len(called) > 4
    assert called <= {*dir(Calibrated), *Calibrated.__dataclass_fields__}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [("README.md", "README.zh.md"), ("docs/tutorial-analyst.md", "docs/tutorial-analyst.zh.md")],
)
def test_both_languages_have_the_same_commands(english: str, chinese: str) -> None:
    for language in ("sh", "python"):
        told = [
            [re.sub(r"\s*#.*", "", line) for line in text.splitlines()]
            for page in (english, chinese)
            for kind, text in blocks(ROOT / page)
            if kind == language
        ]
        assert told[: len(told) // 2] == told[len(told) // 2 :]


def test_both_languages_link_to_the_same_pages() -> None:
    english, chinese = (
        set(re.findall(r"\]\(([^)#]+)", (ROOT / name).read_text(encoding="utf-8")))
        for name in ("README.md", "README.zh.md")
    )
    assert english ^ chinese == {"README.md", "README.zh.md", "docs/tutorial-analyst.md", "docs/tutorial-analyst.zh.md"}
