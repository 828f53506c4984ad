"""docs/sensitivity.md: its studies load, its commands exist with these options, its Python runs on a small store."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from ruamel.yaml import YAML

from experiments.cli.app import application
from experiments.runs.executors import InProcess
from experiments.sensitivity.chance import NOISY
from experiments.sensitivity.indices import LEAST_BLOCKS, LEAST_POINTS, LEAST_TRAJECTORIES
from experiments.sensitivity.result import sensitivity
from experiments.studies import load_study
from experiments.sweep.make import sweep
from tests.sensitivity.test_sensitivity_command import BASE, LEVERS, MORRIS
from tests.sweep.conftest import write_study

SHIPPED = Path(__file__).parents[2] / "experiments" / "studies"
TEXT = (Path(__file__).parents[2] / "docs" / "sensitivity.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("block", blocks("yaml"), ids=["screening", "leading", "workers"])
def test_every_study_loads(block: str, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(block, encoding="utf-8")
    wanted = YAML(typ="safe").load(block)["factors"]
    assert len(load_study(path).factors) >= len(wanted)


COMMANDS = [shlex.split(line, comments=True) for block in blocks("sh") for line in block.splitlines()]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_is_there(words: list[str]) -> None:
    assert words[0] == "dayroom"
    group = typer.main.get_command(application())
    found = group.get_command(None, words[1])  # type: ignore[attr-defined]
    assert found is not None
    options = {option for parameter in found.params for option in parameter.opts}
    assert {word for word in words[2:] if word.startswith("--")} <= options


def test_the_counts_are_those_of_the_shipped_study() -> None:
    study = load_study("which-assumptions-matter")
    assert f"{len(study.factors)} parameters, {len(study.points) * study.replicates:,} runs" in TEXT


def test_a_larger_design_keeps_the_points_of_the_shipped_study(tmp_path: Path) -> None:
    shipped = load_study("which-assumptions-matter")
    text = (SHIPPED / "which-assumptions-matter.yaml").read_text(encoding="utf-8")
    assert "trajectories: 10" in text
    path = tmp_path / "assumptions.yaml"
    path.write_text("name: which-assumptions-matter\n" + text.replace("trajectories: 10", "trajectories: 20"), "utf-8")
    larger = load_study(path)
    assert larger.name == shipped.name
    assert larger.points[: len(shipped.points)] == shipped.points
    assert f"the first {len(shipped.points):,} of {len(larger.points):,}" in TEXT


OTHERS = (
    "{kind: latin_hypercube, points: 20}",
    "{kind: latin_hypercube, points: 40}",
    "{kind: morris, trajectories: 20, levels: 4}",
    "{kind: morris, trajectories: 20, levels: 6}",
)


@pytest.mark.parametrize(
    ("design", "larger"),
    [
        ("{kind: random, points: 20}", "{kind: random, points: 40}"),
        ("{kind: sobol, points: 16}", "{kind: sobol, points: 32}"),
        ("{kind: saltelli, base_points: 16}", "{kind: saltelli, base_points: 32}"),
    ],
)
def test_other_designs_keep_their_points_too(design: str, larger: str, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    found = []
    for each in (design, larger, *OTHERS):
        block = re.sub(r"design: .*", f"design: {each}", blocks("yaml")[1])
        path.write_text(block, encoding="utf-8")
        found.append(load_study(path).points)
    assert found[1][: len(found[0])] == found[0]
    for first, second in ((found[2], found[3]), (found[4], found[5])):
        shared = set(map(str, first)) & set(map(str, second))
        assert len(shared) < 0.1 * len(first)  # none, but for points that agree by accident


@pytest.mark.slow
def test_the_study_with_levers_works_and_shows_what_is_said_of_it(tmp_path: Path) -> None:
    """Shortened to take seconds; what decides is the same."""
    text = blocks("yaml")[2]
    for long, short in (
        ("days: 120", "days: 40\nsettling: 0"),
        ("points: 80", "points: 50"),
    ):
        assert long in text
        text = text.replace(long, short)
    (tmp_path / "workers.yaml").write_text(text, encoding="utf-8")
    study = load_study(tmp_path / "workers.yaml")
    sweep(study, tmp_path / "store", InProcess())
    words = next(words for words in COMMANDS if words[1] == "sensitivity" and "--against" in words)
    options = dict(zip(words[3::2], words[4::2], strict=True))
    assert words[2] == "workers.yaml"
    found = sensitivity(study, tmp_path / "store", lever=options["--lever"], against=options["--against"],
                        outcomes=[options["--outcome"]])  # fmt: skip
    table = found.ranked(options["--outcome"]).set_index("factor")
    assert table.index[0] == "rules.wellbeing.lonely_company"
    assert table["clear"].iloc[0]
    assert not table["clear"]["policies.*.peer_support_workers.training"]
    fact = found.outcomes.iloc[0]
    assert 0.0 < fact["most"] - fact["least"] < fact["small"]
    assert "less than a small effect" in TEXT


def test_the_least_numbers_are_those_of_the_methods() -> None:
    for said in (f"{LEAST_TRAJECTORIES} trajectories at least", f"{LEAST_BLOCKS} base points N at least",
                 f"there are, {LEAST_POINTS} at least", f"{100 * NOISY:.0f} % or more of the variance"):  # fmt: skip
        assert said in TEXT


@pytest.mark.slow
def test_the_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = load_study(write_study(tmp_path, MORRIS + LEVERS.replace("workers:", "pairs:"), BASE))
    sweep(study, tmp_path / "results" / "store", InProcess())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dayroom.load_study", lambda _: study)
    (block,) = blocks("python")
    there: dict[str, object] = {}
    exec(block, there)  # noqa: S102 - our own document
    assert (tmp_path / "tornado.png").stat().st_size > 10_000
    assert there["effect"].against == "usual-care"  # type: ignore[attr-defined]
