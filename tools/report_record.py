"""Copy what reports say of the shipped study of sensitivity into the package: `python -m tools.report_record`."""

import json
from typing import Any, Final

from experiments.report.background.assumptions import RECORD
from experiments.store.pages import DOCS, read_json
from sim.outcomes.catalogue import PRIMARY

STUDY: Final = DOCS / "findings" / "which-assumptions-matter.json"
_COUNTS: Final = ("parameters", "trajectories", "large", "large_among", "small")
_KEPT: Final = ("path", "value", "low", "high", "clear", "alone")


def record() -> dict[str, Any]:
    """Return what reports need of the study: counts, and the leading parameters of each primary outcome."""
    numbers = read_json(STUDY)["numbers"]
    leading = {
        name: {"leading": [{key: row[key] for key in _KEPT} for row in numbers[name]["leading"]]} for name in PRIMARY
    }
    return {key: numbers[key] for key in _COUNTS} | leading


if __name__ == "__main__":
    RECORD.write_text(json.dumps(record(), indent=1) + "\n", encoding="utf-8")
