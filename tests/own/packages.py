"""Packages as installers leave them, made from the examples of the documentation."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"


def install(folder: Path, example: str) -> None:
    """Put an example package where Python finds it."""
    project = tomllib.loads((EXAMPLES / example / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for module in (EXAMPLES / example).glob("dayroom_*.py"):
        shutil.copyfile(module, folder / module.name)
    about = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    about.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (about / "METADATA").write_text(metadata, encoding="utf-8")
    lines = [
        line
        for group, points in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in points.items()))
    ]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def python(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python where it finds the packages."""
    given = os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"} | environment
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, check=False)
