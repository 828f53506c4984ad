"""Mutation testing: change a line of a file, and see whether its tests notice (`python -m tools.mutants FILE...`).

cosmic-ray makes the mutants, in a copy of the checkout in `--out` [build/mutants], so that no mutant is left here. It
comes from `--tool`, a folder into which `make mutants` installs it. Tests of a file are those that import it, or else
those of its room; kernels are not compiled. By default it takes all files of `sim/rules` and `experiments/statistics`,
which lasts days. Survivors are printed, with the change that no test noticed, and stand in FILE.json beside the copy.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = {"sim/rules": "tests/mechanisms", "experiments/statistics": "tests/statistics"}
"""The folders whose files are mutated, and the folder of their tests."""
COPIED: Final = ("dayroom", "sim", "experiments", "scenarios", "tests", "tools", "docs", "pyproject.toml", "README.md")
CONFIGURATION: Final = """\
[cosmic-ray]
module-path = {file}
timeout = {timeout}
excluded-modules = []
test-command = {tests}
[cosmic-ray.distributor]
name = "local"
"""
TIMEOUT: Final = 300.0
"""Seconds of a mutant's tests at most; a mutant that loops for ever is noticed by this."""


def tests_of(file: str) -> list[str]:
    """Return the test files that import a module, or else the folder of its room's tests."""
    module = file.removesuffix(".py").replace("/", ".")
    room, _, name = module.rpartition(".")
    marks = (f"from {module} import", f"import {module}", f"from {room} import {name}")
    paths = [
        path for path in sorted((ROOT / "tests").rglob("test_*.py")) if any(m in path.read_text("utf-8") for m in marks)
    ]
    return [path.relative_to(ROOT).as_posix() for path in paths] or [ROOMS[room.replace(".", "/")]]


def mutated(file: str, tests: list[str], copy: Path, tool: Path) -> list[dict[str, Any]]:
    """Make all mutants of a file and run their tests; return a row for each mutant.

    Raises
    ------
    CalledProcessError
        When the tests fail without a mutant.
    """
    test = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-x", "-m", "not slow and not long", *tests]
    environment = {**os.environ, "DAYROOM_COMPILE": "0", "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(test, cwd=copy, env=environment, check=True)  # noqa: S603 our own
    command = f"env PYTHONPATH={shlex.quote(str(copy))} {shlex.join(test)}"
    configuration = CONFIGURATION.format(file=json.dumps(file), timeout=TIMEOUT, tests=json.dumps(command))
    (copy / "mutants.toml").write_text(configuration, encoding="utf-8")
    (copy / "mutants.sqlite").unlink(missing_ok=True)
    for words in (("init", "mutants.toml", "mutants.sqlite"), ("exec", "mutants.toml", "mutants.sqlite")):
        call = [sys.executable, "-m", "cosmic_ray.cli", *words]
        subprocess.run(call, cwd=copy, env={**environment, "PYTHONPATH": str(tool)}, check=True)  # noqa: S603 our own
    dump = subprocess.run(
        [sys.executable, "-m", "cosmic_ray.cli", "dump", "mutants.sqlite"],
        cwd=copy, env={**environment, "PYTHONPATH": str(tool)}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    rows = []
    for line in dump.stdout.splitlines():
        item, result = json.loads(line)
        [change] = item["mutations"]
        row = {"operator": change["operator_name"], "line": change["start_pos"][0]}
        rows.append({**row, "outcome": (result or {}).get("test_outcome"), "diff": (result or {}).get("diff")})
    return rows


def main(given: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--tests", nargs="+", default=[])
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "mutants")
    parser.add_argument("--tool", type=Path, default=ROOT / "build" / "mutants-tool")
    chosen = parser.parse_args(given)
    rooms = [path.relative_to(ROOT).as_posix() for room in ROOMS for path in sorted((ROOT / room).glob("[!_]*.py"))]
    copy = chosen.out.resolve() / "checkout"
    for file in chosen.files or rooms:
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir(parents=True)
        for name in COPIED:
            place = ROOT / name
            (shutil.copytree if place.is_dir() else shutil.copy)(place, copy / name)
        rows = mutated(file, chosen.tests or tests_of(file), copy, chosen.tool.resolve())
        survivors = [row for row in rows if str(row["outcome"]).lower().endswith("survived")]
        report = chosen.out / f"{file.replace('/', '.')}.json"
        report.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        print(f"{file}: {len(survivors)} of {len(rows)} mutants survive", flush=True)
        for row in survivors:
            print(f"  line {row['line']}: {row['operator']}\n{row['diff'] or ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
