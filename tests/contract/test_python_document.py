"""docs/python.md: its examples run from top to bottom and print what the page shows; the functions it names exist."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from reading import ROOT

import dayroom

TEXT = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$(?:\n\n^```text\n(.*?)^```$)?", TEXT, re.DOTALL | re.MULTILINE)
ROWS = re.findall(r"^\| (?:.*\?|the same .*?) \| (.*?) \|", TEXT, re.MULTILINE)
NAMED = {name for cell in ROWS for name in re.findall(r"`(\w+)`", cell)} | set(re.findall(r"`dayroom\.(\w+)", TEXT))
END = "-- end of a block --"


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> list[str]:
    """Run the examples one after the other, as a script; return what each prints."""
    folder: Path = tmp_path_factory.mktemp("python")
    body = f"\nprint({END!r})\n".join([*(code for code, _ in BLOCKS), ""])
    (folder / "examples.py").write_text(body, encoding="utf-8")
    shutil.copy(ROOT / "docs" / "examples" / "wealth.py", folder)
    words = [sys.executable, "-W", "error", "examples.py"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert {path.name for path in (folder / "figures").iterdir()} == {"curves.png", "buddies.pdf"}
    return [part.removeprefix("\n") for part in done.stdout.split(END)][:-1]


def test_there_are_examples():
    assert len(BLOCKS) > 8
    assert sum(bool(shown) for _, shown in BLOCKS) > 7


def test_examples_print_what_the_page_shows(printed):
    assert printed == [shown for _, shown in BLOCKS]


def test_what_the_page_names_is_there():
    assert {"lever_effects", "plots", "selection_and_influence"} <= NAMED
    assert {name for name in NAMED if not hasattr(dayroom, name)} == set()
