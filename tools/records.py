"""Which measured records, and pages made from them, are of the present version of the model.

`python -m tools.records` lists those of another version, and ends with status 1 when there are any: measure them
again (`make anatomy findings pictures`, `python -m tools.policy_effects`, `dayroom calibrate --write`,
`dayroom validate --write`, `python -m tools.ensemble`). `python -m tools.records --stamp` writes the present digest
into all of them instead: right only when `tools/freeze.py compare` shows that no result differs between both versions,
or by far less than the digits that the records keep.
`python -m tools.records --pages` writes the pages of findings and of validation anew from their records, after a change
of wording.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from experiments.calibration.record import RECORD as FIT
from experiments.findings import STUDIES
from experiments.findings.pages import page, write_index
from experiments.store.pages import DOCS
from experiments.validation.page import PAGE as VALIDATED
from experiments.validation.page import RECORD as VALIDATION
from experiments.validation.page import written
from sim.kernel import sources_digest
from tools import ensemble, pictures
from tools.anatomy import directions, pins, variance, years
from tools.policy_effects import RECORD as POLICIES

RECORDS: Final = (
    FIT,
    ensemble.RECORD,
    VALIDATION,
    POLICIES,
    pictures.RECORD,
    *(one.DOCUMENT.record for one in (directions, pins, variance, years)),
    *(DOCS / "findings" / f"{name}.json" for name in STUDIES),
)


def digest_of(record: Path) -> str:
    """Return the digest of the model that a record was measured with."""
    return _digest(json.loads(record.read_text(encoding="utf-8"))) or ""


def _digest(tree: Any) -> str | None:
    """Return the first value under `model_digest`, wherever it stands."""
    if isinstance(tree, dict):
        if isinstance(tree.get("model_digest"), str):
            return str(tree["model_digest"])
        return next((digest for one in tree.values() if (digest := _digest(one))), None)
    return None


def stale() -> list[Path]:
    """Return the records of another version of the model."""
    return [record for record in RECORDS if digest_of(record) != sources_digest()]


def stamp() -> None:
    """Write the present digest in place of the old one, in records and in the pages that show it."""
    present = sources_digest()
    old = {digest_of(record) for record in RECORDS} - {present}
    for path in [*RECORDS, *DOCS.rglob("*.md")]:
        text = path.read_text(encoding="utf-8")
        stamped = text
        for digest in old:  # pages show the first letters alone
            stamped = re.sub(rf"\b{digest[:12]}[0-9a-f]*\b", lambda found: present[: len(found[0])], stamped)
        if stamped != text:
            path.write_text(stamped, encoding="utf-8")


def write_pages() -> None:
    """Write the pages of findings and of validation from their records."""
    folder = DOCS / "findings"
    for name in STUDIES:
        record = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        (folder / f"{name}.md").write_text(page(record), encoding="utf-8")
    write_index(folder)
    shown = written(json.loads(VALIDATION.read_text(encoding="utf-8")), VALIDATED.read_text(encoding="utf-8"))
    VALIDATED.write_text(shown, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """List what is stale, or stamp it; or write pages from their records."""
    if arguments == ["--pages"]:
        write_pages()
        return 0
    if arguments == ["--stamp"]:
        stamp()
    records = stale()
    for record in records:
        print(f"{record}: measured with another version of the model ({digest_of(record)})")
    return 1 if records else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
