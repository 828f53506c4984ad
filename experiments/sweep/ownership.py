"""Studies of one name: what the store holds under it belongs to one of them, and must not pass for another's."""

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

_SHIPPED: Final = "shipped with dayroom"
_PYTHON: Final = "Python"


def about(study: Study, store: RunStore) -> dict[str, str]:
    """Say whose a plan is, to be kept with it: where the study was written, and what it asks.

    Of a copy that says the same as the file it was taken from, it is that file, as long as it is there.
    """
    own, kept = _about(study, store.folder), about_plan(store, study.name)
    is_copy = "origin" in kept and kept["contents"] == own["contents"] and _is_there(kept["origin"], store.folder)
    return own | {"origin": kept["origin"]} if is_copy else own


def _about(study: Study, store: Path) -> dict[str, str]:
    return {"origin": _origin(study, store), "question": study.question, "contents": _contents(study)}


def require_own(study: Study, store: RunStore, remedy: str = "") -> None:
    """Refuse to take another study of the same name for this one.

    A study is the same, however it was changed, while it is written in the same place, seen from the store; copies of
    it elsewhere are the same while they say the same. Where the other file is no longer there it was moved or given up.
    In Python, where studies have no place, a name is the study's as long as no file has it.

    Parameters
    ----------
    study : Study
    store : RunStore
    remedy : str, optional
        What else helps besides another name.

    Raises
    ------
    ResultError
        Saying where the other one is.
    """
    kept = about_plan(store, study.name)
    if "origin" not in kept:  # there is no plan, or an earlier version of dayroom has written it
        return
    own = _about(study, store.folder)
    if kept["origin"] == own["origin"] or not _is_there(kept["origin"], store.folder):
        return
    says = (
        "contents" if store.version == present_name() and _PYTHON not in (kept["origin"], own["origin"]) else "question"
    )
    if kept[says] == own[says]:
        return
    place = _displayed(kept["origin"], store.folder)
    raise ResultError(
        f"{study.file}: {store.folder} holds another study of the name {study.name}, defined in {place}; "
        f"give one of them another name (`name: ...`){remedy}"
    )


def _origin(study: Study, store: Path) -> str:
    """Say where a study is written as seen from the store, so that both may be moved or copied together."""
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
    if origin in (_SHIPPED, _PYTHON):
        return origin
    file = (store.resolve() / origin).resolve()
    return str(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)


def _contents(study: Study) -> str:
    """Give a digest of all that a study says, except how many replicates it takes."""
    levers = [(name, tree.digest(())) for name, tree in study.trees().items()]
    factors = [factor.path for factor in study.factors]
    whole = (study.question, study.design, study.seed, levers, factors, study.points)
    return hashlib.blake2b(repr(whole).encode(), digest_size=16).hexdigest()
