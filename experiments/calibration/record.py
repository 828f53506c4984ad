"""The record of a calibration: parameters, settings, and the targets met on runs that the fit has not seen."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from experiments.calibration.measurement import Measured
from experiments.calibration.verdicts import Verdict, rows
from experiments.store.pages import read_json
from sim.outcomes.catalogue import PRIMARY

RECORD: Final = Path(__file__).parent / "baseline.json"


def write_record(
    values: Mapping[str, float],
    verdicts: Sequence[Verdict],
    paths: Mapping[str, Measured],
    settings: Mapping[str, object],
    path: Path = RECORD,
) -> None:
    """Write the record; `paths` holds the effects of switching off each sub-theme, by the sub-theme's name."""
    effects = {
        name: {
            outcome: [float(f"{end:.4g}") for end in ends]
            for outcome, *ends in zip(PRIMARY, effect.estimate.values, effect.lows, effect.highs, strict=True)
        }
        for name, effect in paths.items()
    }
    document = {"settings": dict(settings), "parameters": dict(values), "targets": rows(verdicts), "paths": effects}
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def read_record(path: Path = RECORD) -> dict[str, Any]:
    """Return the record in a file."""
    return read_json(path)
