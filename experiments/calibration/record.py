"""The record of a calibration: what was fitted, how, and which targets are met on runs the fit has not seen."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from experiments.calibration.verdicts import Verdict, rows

RECORD: Final = Path(__file__).parent / "baseline.json"


def write_record(
    values: Mapping[str, float], found: Sequence[Verdict], settings: Mapping[str, Any], path: Path = RECORD
) -> None:
    """Write the record."""
    document = {"settings": dict(settings), "parameters": dict(values), "targets": rows(found)}
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def read_record(path: Path = RECORD) -> dict[str, Any]:
    """Read the record."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
