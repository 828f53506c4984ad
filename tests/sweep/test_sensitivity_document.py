"""docs/sensitivity.md: its studies load, its commands exist with these options, its Python runs on a small store."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from ruamel.yaml import YAML

from experiments.cli import app
from experiments.executors import InProcess
from experiments.studies import load_study
from experiments.sweeping import sweep
from tests.sweep.conftest import write_study
from tests.sweep.test_cli_sensitivity import BASE, LEVERS, MORRIS

TEXT = (Path(__file__).parents[2] / "docs" / "sensitivity.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("block", blocks("yaml"), ids=["screening", "leading"])
def test_every_study_loads(block: str, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(block, encoding="utf-8")
    wanted = YAML(typ="safe").load(block)["factors"]
    assert len(load_study(path).factors) >= len(wanted)


COMMANDS = [shlex.split(line, comments=True) for block in blocks("sh") for line in block.splitlines()]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_is_there(words: list[str]) -> None:
    assert words[0] == "dayroom"
    group = typer.main.get_command(app)
    found = group.get_command(None, words[1])  # type: ignore[attr-defined]
    assert found is not None
    options = {option for parameter in found.params for option in parameter.opts}
    assert {word for word in words[2:] if word.startswith("--")} <= options


def test_the_counts_are_those_of_the_shipped_study() -> None:
    study = load_study("which-assumptions-matter")
    assert f"{len(study.factors)} parameters, {len(study.points) * study.replicates:,} runs" in TEXT


def test_the_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = load_study(write_study(tmp_path, MORRIS + LEVERS.replace("workers:", "pairs:"), BASE))
    sweep(study, tmp_path / "results" / "store", InProcess())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.studies.load_study", lambda _: study)
    (block,) = blocks("python")
    there: dict[str, object] = {}
    exec(block, there)  # noqa: S102 - our own document
    assert (tmp_path / "tornado.png").stat().st_size > 10_000
    assert there["effect"].against == "usual-care"  # type: ignore[attr-defined]
