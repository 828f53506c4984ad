"""Provenance: what identifies a result, and what reproduces it."""

import json
import platform
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from experiments.store import provenance
from sim.kernel import sources_digest


def test_it_names_versions_digests_seeds_and_machine() -> None:
    found = provenance.provenance("abc", 42, [42, 43], 30, "dayroom run x", jobs=2)
    assert found["versions"]["python"] == platform.python_version()
    assert {"dayroom", "numpy", "numba", "mesa", "networkx", "pydantic", "scipy"} < set(found["versions"])
    assert "not installed" not in found["versions"].values()
    assert found["model_digest"] == sources_digest()
    assert (found["scenario_digest"], found["seed"], found["replicate_seeds"]) == ("abc", 42, [42, 43])
    assert (found["days"], found["jobs"], found["command"]) == (30, 2, "dayroom run x")
    assert json.loads(json.dumps(found)) == found


def test_the_version_is_that_of_the_project() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{provenance.dayroom_version()}"\n' in text


def test_a_command_survives_the_shell() -> None:
    words = ["dayroom", "run", "a file; rm.yaml", "--seed", 3]
    assert shlex.split(provenance.command(*words)) == [str(word) for word in words]


def test_the_time_is_in_utc() -> None:
    found = datetime.fromisoformat(provenance.now())
    assert found.tzinfo is not None
    assert abs((datetime.now(UTC) - found).total_seconds()) < 60


def test_the_digest_depends_on_text_and_files(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1")
    (tmp_path / "two").write_text("2")
    one, two = tmp_path / "one", tmp_path / "two"
    found = [provenance.digest(*pieces) for pieces in [("a",), ("b",), ("a", [one]), ("a", [two]), ("a", [one, two])]]
    assert len(set(found)) == len(found)
    assert provenance.digest("a", [one]) == found[2]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"program": "other"}', "\x00", None])
def test_a_file_that_is_not_ours_is_none(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "provenance.json"
    if content is not None:
        path.write_text(content)
    assert provenance.read(path) is None
