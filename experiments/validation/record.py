"""Write measured waves as JSON and read them. The project contains the freshmen's measures, not their single answers.

`python -m experiments.validation.record RATINGS.csv` computes the freshmen's measures again from the students' ratings
(columns week, from, to, rating), which are in the R package networkDynamicData as vanDeBunt_students.
"""

import json
import math
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from experiments.validation.measured import ChangeTable, Measured, WaveTable, measured
from experiments.validation.waves import usable
from experiments.validation.waves_table import read_waves

FRESHMEN: Final = Path(__file__).parent / "freshmen.json"
"""File with the measures of the students' waves, and their source."""
CITATION: Final = (
    "Van de Bunt, G. G., Van Duijn, M. A. J. & Snijders, T. A. B. (1999). Friendship networks through time: An "
    "actor-oriented dynamic statistical network model. Computational & Mathematical Organization Theory 5, 167-192. "
    "doi:10.1023/A:1009683123448"
)


def as_json(waves: Measured) -> dict[str, object]:
    """Return measured waves as plain values for JSON, with None for an undefined number."""
    return {name: _without_nan(value) for name, value in asdict(waves).items()}


def _without_nan(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def from_json(record: dict[str, Any]) -> Measured:
    """Return the measured waves in a record made by `as_json`."""
    waves = [
        WaveTable(
            wave["week"],
            wave["respondents"],
            _numbers(wave["numbers"]),
            {name: tuple(counts) for name, counts in wave["distributions"].items()},
        )
        for wave in record["waves"]
    ]
    changes = [ChangeTable(**{**change, "numbers": _numbers(change["numbers"])}) for change in record["changes"]]
    return Measured(record["people"], tuple(waves), tuple(changes))


def _numbers(record: dict[str, float | None]) -> dict[str, float]:
    return {name: math.nan if value is None else float(value) for name, value in record.items()}


def freshmen() -> Measured:
    """Return the measures of the freshmen of van de Bunt, van Duijn & Snijders (1999)."""
    return from_json(json.loads(FRESHMEN.read_text(encoding="utf-8")))


def write_freshmen(ratings: Path, record: Path = FRESHMEN) -> None:
    """Measure the waves in a file of the students' ratings, and write the record."""
    waves, left_out = usable(read_waves(ratings))
    document = {"source": CITATION, "weeks_left_out": left_out, **as_json(measured(waves))}
    record.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_freshmen(Path(sys.argv[1]))
