"""Options of the modules in this folder, and functions that write or check a record and its page."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.runs.checkpoint import write_json_whole
from experiments.store.pages import read_json, shows, write_marked
from sim.kernel import sources_digest


@dataclass(frozen=True)
class Document:
    """A record and the page that shows it.

    Parameters
    ----------
    name : str
        Name in the markers of the page.
    record, page : Path
    text : callable
        Returns the text of the page for a record.
    """

    name: str
    record: Path
    page: Path
    text: Callable[[dict[str, Any]], str]

    def write(self, record: dict[str, Any]) -> None:
        """Write the record and the page."""
        write_json_whole(self.record, record)
        self.show()

    def show(self) -> None:
        """Write the page from the record."""
        write_marked(self.page, self.name, self.text(read_json(self.record)))

    def check(self) -> list[str]:
        """Return a message for each thing wrong with the page or the record; empty when both are right."""
        record = read_json(self.record)
        problems = []
        if not shows(self.page, self.name, self.text(record)):
            problems.append(f"{self.page.name} does not show its record; write it again with --page")
        if record["model_digest"] != sources_digest():
            problems.append(f"{self.record.name} is of another version of the model's sources; measure again")
        return problems


def carried_out(document: Document, measure: Callable[..., dict[str, Any]], runs: int, words: Sequence[str]) -> int:
    """Measure and write, write the page alone (--page), or check (--check); return the exit status."""
    parser = argparse.ArgumentParser(description=document.text.__doc__, allow_abbrev=False)
    parser.add_argument("--runs", type=int, default=runs, help=f"runs of each kind [{runs}]")
    parser.add_argument("--jobs", type=int, default=None, help="processes [as many as pay]")
    parser.add_argument("--page", action="store_true", help="write the page from the record as it is")
    parser.add_argument("--check", action="store_true", help="check that record and page are of the present model")
    asked = parser.parse_args(words)
    if asked.check:
        problems = document.check()
        for problem in problems:
            print(problem, file=sys.stderr)
        return 1 if problems else 0
    if asked.page:
        document.show()
        return 0
    document.write(measure(asked.runs, asked.jobs))
    return 0
