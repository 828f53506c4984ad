"""The checkpoint of a calibration by ABC: its generations, and everything that they depend on."""

import math
from collections.abc import Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibration.posterior.particles import Generation
from experiments.calibration.posterior.schedule import Schedule
from experiments.designs.factor import Factor
from experiments.runs.checkpoint import Signature, read_sealed, write_sealed
from experiments.runs.failures import FailedAttempt
from experiments.statistics.ranges import Range


def signature_of(
    factors: Sequence[Factor], targets: Sequence[Range], schedule: Schedule, seed: int, signature: Signature
) -> Signature:
    """Return everything that the generations depend on; their number is not part of it."""
    counted = {name: value for name, value in asdict(schedule).items() if name != "generations"}
    return {
        **signature,
        "parameters": [[factor.path, factor.low, factor.high, factor.whole] for factor in factors],
        "targets": [[*astuple(target)] for target in targets],
        "schedule": counted,
        "seed": seed,
    }


def write_generations(path: Path, signature: Signature, generations: Sequence[Generation]) -> None:
    """Write all generations so far, completely or not at all."""
    rows = [
        {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in vars(one).items()}
        | {"failures": [failure.plain() for failure in one.failures]}
        for one in generations
    ]
    rows[0]["tolerance"] = None  # infinite, which JSON cannot write
    write_sealed(path, {"signature": signature, "generations": rows})


def read_generations(path: Path, signature: Signature, parameters: int, targets: int) -> list[Generation]:
    """Return the generations of the calibration with this signature.

    Raises
    ------
    CheckpointError
        When the file belongs to another calibration, was changed since it was written, or is no checkpoint.
    """

    def read(document: dict[str, Any]) -> list[Generation]:
        return [_generation(row, parameters, targets) for row in document["generations"]]

    return read_sealed(path, signature, "calibration", read)


def _generation(row: dict[str, Any], parameters: int, targets: int) -> Generation:
    return Generation(
        math.inf if row["tolerance"] is None else float(row["tolerance"]),
        np.array(row["shares"], float).reshape(-1, parameters),
        np.array(row["weights"], float),
        np.array(row["distances"], float),
        np.array(row["statistics"], float).reshape(-1, targets),
        int(row["attempts"]),
        int(row["inadmissible"]),
        tuple(FailedAttempt(**failure) for failure in row["failures"]),
        int(row.get("undefined", 0)),  # checkpoints of earlier versions do not count them
    )
