"""Write tables into pages of the documentation, between two marks, from JSON records."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

DOCS: Final = Path(__file__).parents[2] / "docs"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def with_marked(page: str, name: str, text: str) -> str:
    """Return a page with `text` between the marks `<!-- NAME begin -->` and `<!-- NAME end -->`.

    Raises
    ------
    ValueError
        When the page does not have each mark exactly once.
    """
    marked = re.compile(rf"(<!-- {re.escape(name)} begin -->\n).*?(<!-- {re.escape(name)} end -->)", re.DOTALL)
    made, count = marked.subn(lambda marks: marks[1] + text + marks[2], page)
    if count != 1:
        raise ValueError(
            f"the marks <!-- {name} begin --> and <!-- {name} end --> stand {count} times, allowed is once"
        )
    return made


def shows(page: Path, name: str, text: str) -> bool:
    """Return whether a page has `text` between its marks."""
    contents = page.read_text(encoding="utf-8")
    return with_marked(contents, name, text) == contents


def write_marked(page: Path, name: str, text: str) -> None:
    """Write `text` between the marks of a page."""
    page.write_text(with_marked(page.read_text(encoding="utf-8"), name, text), encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Read a record from a JSON file."""
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record
