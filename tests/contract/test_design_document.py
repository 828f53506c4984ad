"""docs/design.md: its picture is that of the layers, and every file and folder it names is there."""

import re
import tomllib

import pytest
from reading import ROOT

TEXT = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
PATHS = sorted(set(re.findall(r"`((?:\w[\w.-]*/)+[\w.-]*|\w+\.(?:toml|md|yml))`", TEXT)))
ADDED = re.findall(r"^### ([^\n]+)\n\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL)


def drawn() -> dict[str, list[str]]:
    """Return the lines of the picture below each package, and the packages themselves."""
    [picture] = re.findall(r"^```text\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    lines = {"": []}
    for line in picture.splitlines():
        name = re.split(r" {2,}", line.removeprefix("└ ").strip())[0]
        if line.startswith(" "):
            lines[next(reversed(lines))].append(name)
        else:
            lines[""].append(name)
            lines[name] = []
    return lines


@pytest.mark.parametrize("package", ["", "experiments", "sim"])
def test_the_picture_is_that_of_the_layers(package):
    [contract] = [one for one in CONTRACTS if one.get("containers", [""]) == [package]]
    assert drawn()[package] == contract["layers"]


def test_the_page_names_files():
    assert len(PATHS) > 60


@pytest.mark.parametrize("path", PATHS)
def test_what_the_page_names_is_there(path):
    place = ROOT / path if "/" in path or (ROOT / path).exists() else ROOT / "docs" / path
    assert place.is_dir() if path.endswith("/") else place.is_file()


@pytest.mark.parametrize("room", sorted(path.name for path in (ROOT / "experiments").iterdir() if path.is_dir()))
def test_every_room_has_a_paragraph(room):
    [section] = re.findall(r"^## What each package does\n(.*?)^## ", TEXT, re.MULTILINE | re.DOTALL)
    headed = " ".join(re.findall(r"\*\*(.+?)\*\*", section, re.DOTALL))
    assert room.startswith("_") or f"`experiments/{room}/`" in headed


def test_where_to_add_names_the_files():
    known = ["a policy", "a rule", "an outcome", "a figure to `compare`", "a study, a finding, a target", "a command"]
    assert [name for name, _ in ADDED] == known
    assert all(len(re.findall(r"`[\w/.-]+/[\w.-]*`", text)) >= 3 for _, text in ADDED)
