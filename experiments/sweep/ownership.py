"""Refuse to reuse a study's name for another study: the store keeps one plan under each name."""

import hashlib
import os
from pathlib import Path
from typing import Final

from experiments.store.folder import ResultError
from experiments.store.runs.plans import about_plan
from experiments.store.runs.store import RunStore
from experiments.store.runs.versions import present_name
from experiments.studies import shipped
from experiments.studies.study import Study
from sim.language import Later, say

_SHIPPED: Final = "shipped with dayroom"
_PYTHON: Final = "Python"


def about(study: Study, store: RunStore) -> dict[str, str]:
    """Describe the study that a plan belongs to, to be stored with the plan: its file, question and contents.

    A copy of a study's file with the same contents counts as the original file, as long as the original exists.
    """
    own, kept = _about(study, store.folder), about_plan(store, study.name)
    is_copy = "origin" in kept and kept["contents"] == own["contents"] and _is_there(kept["origin"], store.folder)
    return own | {"origin": kept["origin"]} if is_copy else own


def _about(study: Study, store: Path) -> dict[str, str]:
    return {"origin": _origin(study, store), "question": study.question, "contents": _contents(study)}


def require_own(study: Study, store: RunStore, remedy: str | Later = "") -> None:
    """Refuse a study when the store holds another study of its name.

    A file in the same place relative to the store is the same study, whatever it contains; so is any study made in
    Python, compared with another made in Python. Otherwise the study is the same if it has the same contents, or if the
    other file is gone (moved or given up). Between Python and a file, and under an earlier version of the model, the
    same question is enough.

    Parameters
    ----------
    remedy : str or Later, optional
        Advice at the end of the message, besides a new name.

    Raises
    ------
    ResultError
        When the store holds another study of the name; the message says where that study is defined.
    """
    kept = about_plan(store, study.name)
    if "origin" not in kept:  # there is no plan, or an earlier version of dayroom wrote it
        return
    own = _about(study, store.folder)
    if kept["origin"] == own["origin"] or not _is_there(kept["origin"], store.folder):
        return
    decisive = (
        "contents" if store.version == present_name() and _PYTHON not in (kept["origin"], own["origin"]) else "question"
    )
    if kept[decisive] == own[decisive]:
        return
    place = _displayed(kept["origin"], store.folder)
    raise ResultError(
        say(
            "{file}: {folder} holds another study of the name {study}, defined in {place}; "
            "give one of them another name (`name: ...`){remedy}",
            file=study.file, folder=store.folder, study=study.name, place=place, remedy=remedy,
        )
    )  # fmt: skip


def _origin(study: Study, store: Path) -> str:
    """Return the path of a study's file relative to the store, so that both can be moved together."""
    if not study.reference:
        return _PYTHON
    file = study.file.resolve()
    if file.parent == shipped.folder():
        return _SHIPPED
    try:
        return Path(os.path.relpath(file, store.resolve())).as_posix()
    except ValueError:  # on another drive
        return file.as_posix()


def _is_there(origin: str, store: Path) -> bool:
    return origin in (_SHIPPED, _PYTHON) or (store.resolve() / origin).is_file()


def _displayed(origin: str, store: Path) -> str:
    if origin == _SHIPPED:
        return say("shipped with dayroom")
    if origin == _PYTHON:
        return origin
    file = (store.resolve() / origin).resolve()
    return str(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)


def _contents(study: Study) -> str:
    """Return a digest of a study's question, design, seed, levers, factors and points, but not of its replicates."""
    levers = [(name, tree.digest(())) for name, tree in study.trees().items()]
    factors = [factor.path for factor in study.factors]
    whole = (study.question, study.design, study.seed, levers, factors, study.points)
    return hashlib.blake2b(repr(whole).encode(), digest_size=16).hexdigest()
