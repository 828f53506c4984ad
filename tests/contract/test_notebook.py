"""The notebooks: executed in full, without traces of a machine, and their output is what the code produces."""

import importlib.util
import re
import struct
from base64 import b64decode
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbformat import NotebookNode
from reading import ROOT

FOLDER = ROOT / "docs" / "notebooks"
PATH = FOLDER / "from-scenario-to-figure.ipynb"
COMPARISON = FOLDER / "reading-a-comparison.ipynb"
every_notebook = pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
DOTS = int(300 * 85 / 25.4)
"""Width of the figure: one column of 85 mm at 300 dots per inch."""
MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|root|tmp|var|work|opt|usr)/|[A-Z]:\\\\|0x[0-9a-f]{6,}")


@pytest.fixture(scope="module")
def notebook() -> NotebookNode:
    return nbformat.read(PATH, as_version=4)


def code(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells of code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts(notebook: NotebookNode) -> list[list[str]]:
    """Return what each code cell prints."""
    return [[one.get("text") or one["data"]["text/plain"] for one in cell.outputs] for cell in code(notebook)]


def pictures(notebook: NotebookNode) -> list[bytes]:
    """Return the pictures."""
    shown = [one["data"] for cell in code(notebook) for one in cell.outputs if "data" in one]
    return [b64decode(data["image/png"]) for data in shown if "image/png" in data]


def executing() -> ModuleType:
    """Import the script that executes notebooks."""
    found = importlib.util.spec_from_file_location("execute", FOLDER / "execute.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_there_are_two():
    assert {PATH, COMPARISON} == set(FOLDER.glob("*.ipynb"))


@every_notebook
def test_it_is_valid_and_executed_from_top_to_bottom(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))
    assert len(code(notebook)) >= 7


def test_ten_cells_of_at_most_ten_short_lines(notebook):
    sources = [cell.source.splitlines() for cell in code(notebook)]
    assert len(sources) == 10
    assert max(map(len, sources)) <= 10
    assert max(len(line) for lines in sources for line in lines) <= 120


def test_every_cell_but_the_definition_of_the_study_shows_something(notebook):
    silent = [cell.source for cell in code(notebook) if not cell.outputs]
    assert len(silent) == 1
    assert "define_study(" in silent[0]


def test_nothing_went_wrong_and_nothing_was_warned_of(notebook):
    outputs = [one for cell in code(notebook) for one in cell.outputs]
    assert {one.output_type for one in outputs} == {"stream", "execute_result"}
    assert {one.name for one in outputs if one.output_type == "stream"} == {"stdout"}


@every_notebook
def test_no_trace_of_the_machine(path):
    notebook = nbformat.read(path, as_version=4)
    said = [cell.source for cell in notebook.cells] + [text for one in texts(notebook) for text in one]
    assert [found.group() for text in said if (found := MACHINE.search(text))] == []
    assert set(notebook.metadata) == {"kernelspec"}
    assert all(not cell.metadata for cell in notebook.cells)


def test_the_figure_is_as_wide_as_a_column_in_print(notebook):
    (picture,) = pictures(notebook)
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">I", picture[16:20]) == (DOTS,)


@pytest.mark.slow
def test_the_code_still_gives_what_it_says(notebook, tmp_path: Path):
    again = executing().executed(PATH, tmp_path)
    assert texts(again) == texts(notebook)
    assert len(pictures(again)) == 1
    assert (tmp_path / "guardedness.png").read_bytes() == pictures(again)[0]
    printed = (tmp_path / "guardedness.pdf").read_bytes()
    assert b"/FontFile2" in printed  # letters are embedded as TrueType
    assert b"/Type3" not in printed
    assert f"/MediaBox [ 0 0 {72 * 85 / 25.4:.2f}".encode() in printed


@pytest.mark.slow
def test_the_comparison_still_gives_what_it_says(tmp_path: Path):
    notebook = nbformat.read(COMPARISON, as_version=4)
    again = executing().executed(COMPARISON, tmp_path)
    assert texts(again) == texts(notebook)
    assert pictures(again)[0].startswith(b"\x89PNG")


def test_what_the_comparison_says_in_words_is_what_it_shows():
    """Runs spread more than the alternatives differ, and each verdict is of twenty pairs."""
    runs, differences = (texts(nbformat.read(COMPARISON, as_version=4))[place][0] for place in (1, 2))
    spreads = [float(line.split()[-1]) for line in runs.splitlines() if re.match(r"[a-z-]+ +20 ", line)]
    changes = [abs(float(one)) for one in re.findall(r"loneliness_ucla20 +(-?[\d.]+)", differences)]
    assert len(spreads) == 3
    assert len(changes) == 2
    assert max(changes) < min(spreads)


def test_executing_leaves_out_what_belongs_to_one_execution_only():
    cell = nbformat.v4.new_code_cell("1", metadata={"execution": {"iopub.status.busy": "now"}})
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "1"}, metadata={"when": "now"})]
    made = nbformat.v4.new_notebook(cells=[cell], metadata={"language_info": {"name": "python", "version": "3.13"}})
    plain = executing().plain(made)
    assert "now" not in str(plain)
    assert "language_info" not in plain.metadata
    assert plain.cells[0].id == "cell-1"
