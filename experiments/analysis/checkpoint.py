"""Checkpoints: JSON files that are whole at every moment, so that long work can be stopped and taken up again."""

import json
import os
from pathlib import Path
from typing import Any


def write_json_whole(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON file so that at every moment either the old or the new one is there in full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(document, file, allow_nan=False)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read_json_whole(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds a mapping.

    Raises
    ------
    ValueError
        When it cannot be read or holds something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path}: it cannot be read as a checkpoint ({type(error).__name__})") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path}: it cannot be read as a checkpoint (no mapping)")
    return document
