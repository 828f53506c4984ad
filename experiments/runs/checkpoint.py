"""Checkpoints: JSON files from which long work can continue. An interruption never leaves a half-written file."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from experiments.store.folder import reason
from sim.scenario.text.errors import DayroomError

Signature = Mapping[str, Any]
"""Everything that results depend on, by name: "model", "scenario" (with the contents of its files), "seed", ..."""


class CheckpointError(DayroomError, ValueError):
    """The checkpoint cannot be used or written; the message says why."""


_WORDS: Final = {"model": "the model", "scenario": "the scenario (or a file it names)"}
_ALONE: Final = {"scenario": "the scenario, or a file it names,"}


def refuse_other(path: Path, signature: object, wanted: Signature, kind: str) -> None:
    """Refuse a checkpoint of other work: its results must not mix with the results of this model and scenario.

    Parameters
    ----------
    signature : anything
        The signature in the checkpoint.
    wanted : mapping
        The signature of the present work.
    kind : str
        Name of the work, such as "search over portfolios".

    Raises
    ------
    CheckpointError
        When the signatures differ; the message says in what.
    """
    wanted = json.loads(json.dumps(wanted))
    if signature == wanted:
        return
    theirs = signature if isinstance(signature, dict) else {}
    names = [name for name in wanted if theirs.get(name) != wanted[name]]
    names += [name for name in theirs if name not in wanted]
    is_one = len(names) == 1 and not names[0].endswith("s")  # targets, levers, parameters, replicates
    raise CheckpointError(
        f"{path}: this is the checkpoint of another {kind}: {_listed(names)} differ{'s' * is_one}. "
        "It is left as it is; results of the two are never mixed. Name another file, or delete this one to begin anew"
    )


def _listed(names: list[str]) -> str:
    """Join names with commas and "and"."""
    if len(names) == 1:
        return _ALONE.get(names[0], _WORDS.get(names[0], names[0]))
    *first, last = (_WORDS.get(name, name) for name in names)
    return f"{', '.join(first)} and {last}"


def write_sealed(path: Path, document: dict[str, Any]) -> None:
    """Write a checkpoint with a digest of its contents, completely or not at all.

    Raises
    ------
    CheckpointError
        When the file cannot be written.
    """
    write_json_whole(path, {**document, "digest": _digest(document)})


def read_sealed[Read](path: Path, signature: Signature, kind: str, read: Callable[[dict[str, Any]], Read]) -> Read:
    """Check a checkpoint's signature and digest, then return what `read` makes of its contents.

    Parameters
    ----------
    kind : str
        Name of the work, such as "fit".
    read : callable
        Receives the whole document.

    Raises
    ------
    CheckpointError
        When the file belongs to other work, was edited or damaged, or is no checkpoint.
    """
    document = read_json_whole(path)
    refuse_other(path, document.get("signature"), signature, kind)
    refuse_changed(path, document)
    try:
        return read(document)
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: it cannot be read as a checkpoint ({type(error).__name__})") from error


def refuse_changed(path: Path, document: dict[str, Any]) -> None:
    """Refuse a checkpoint whose contents changed since it was written.

    Parameters
    ----------
    document : dict
        Contents of the file.

    Raises
    ------
    CheckpointError
        When the digest is missing, or does not match the contents.
    """
    left = "It is left as it is. Name another file, or delete this one to begin anew"
    if "digest" not in document:
        fault = "it was written by an earlier dayroom, which kept neither failed runs nor a digest of the contents"
        raise CheckpointError(f"{path}: {fault}. {left}")
    if document["digest"] != _digest({name: part for name, part in document.items() if name != "digest"}):
        fault = "its contents are not those it was written with (their digest differs): it is damaged or was edited"
        raise CheckpointError(f"{path}: {fault}. {left}")


def _digest(document: dict[str, Any]) -> str:
    """Return a digest of a document that is the same before writing and after reading."""
    plain = json.loads(json.dumps(document, allow_nan=False))  # as read back from JSON: no tuples, all keys text
    text = json.dumps(plain, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def write_json_whole(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON file by replacing the old file at once, so that the path never holds a half-written file.

    Raises
    ------
    CheckpointError
        When the file cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("w", encoding="utf-8") as file:
                json.dump(document, file, allow_nan=False)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:  # includes Ctrl-C
            with suppress(OSError):
                beside.unlink()
            raise
    except OSError as error:
        raise CheckpointError(f"{path}: the checkpoint cannot be written ({reason(error)})") from error


def read_json_whole(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds a mapping.

    Raises
    ------
    CheckpointError
        When the file cannot be read, or holds no mapping.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CheckpointError(f"{path}: it cannot be read as a checkpoint ({type(error).__name__})") from error
    if not isinstance(document, dict):
        raise CheckpointError(f"{path}: it cannot be read as a checkpoint (no mapping)")
    return document
