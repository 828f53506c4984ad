"""Execute the notebooks of this folder and store them with their outputs: `make notebook`, or this file.

Each one runs in a folder of its own that is removed afterwards, so it begins without a store and leaves nothing behind.
What differs from one execution to the next without meaning anything (times, versions, identifiers) is not stored.
"""

import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent
LONGEST = 900
"""Seconds a cell may take; the model may have to be compiled on the way."""


def executed(path: Path, folder: Path) -> nbformat.NotebookNode:
    """Give a notebook as it is after its cells have been executed in a folder."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=LONGEST,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,  # of a line that is written over, the last state
        extra_arguments=["--log-level=ERROR"],
    )
    client.execute()
    return plain(notebook)


def plain(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what belongs to one execution only, and name the cells by their place."""
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number}"
        cell.metadata = nbformat.from_dict({})
        for output in cell.get("outputs", []):
            output.get("metadata", {}).clear()
    return notebook


def main(names: list[str]) -> None:
    """Execute the notebooks named, or all."""
    for path in [FOLDER / name for name in names] or sorted(FOLDER.glob("*.ipynb")):
        with tempfile.TemporaryDirectory() as folder:
            notebook = executed(path, Path(folder))
        nbformat.validate(notebook)
        nbformat.write(notebook, path)
        print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


if __name__ == "__main__":
    main(sys.argv[1:])
