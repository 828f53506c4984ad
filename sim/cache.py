"""Where compiled code and digests stay between runs: in folders that no other user can change.

Compiled code is code, and numba keeps its index as a pickle: who can write to the folder can run anything as the user
who loads it. `DAYROOM_CACHE` names a folder; otherwise it is in the user's cache, or among temporary files.
"""

import atexit
import os
import re
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from sim.language import say
from sim.scenario.text.errors import DayroomError

_CHOSEN: Final = "DAYROOM_CACHE_CHOSEN"
"""Variable that names, for processes started by this one, the folder that this one chose instead and reported."""

_NOWHERE: Final = "nowhere"
"""Value of this variable after a report that there is no such folder."""

_SHARED: Final = () if os.name == "nt" else ("/tmp", "/var/tmp")  # noqa: S108 - checked by private_folder
"""Folders for temporary files of all users, for when the one chosen by TMPDIR is not safe."""

_VERSION: Final = re.compile(r"[0-9a-f]{32}-.+-numba.+")
_KEPT: Final = 6
"""Versions of the model whose kernels stay in the cache; each takes some 40 MB."""


class UnsafeFolderError(DayroomError, PermissionError):
    """Another user could change a folder; the message says which, and why."""


def private_folder(folder: Path) -> Path:
    """Return the real path of a folder that no other user can change; make missing folders for this user alone.

    The folder must belong to this user, and every folder above it to this user or root. Others may write to none of
    them, except to folders above with the sticky bit (such as /tmp): there they cannot replace what is not theirs.
    Links above the folder are followed, and only the real path counts; the folder itself may not be a link. A group
    that consists of this user alone may write: many systems make such a group for every user. Windows keeps folders of
    one user from others by itself.

    Raises
    ------
    UnsafeFolderError
        When another user could change the folder.
    OSError
        When the folder cannot be made.
    """
    if os.name == "nt":
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    real = folder.absolute().parent.resolve() / folder.name
    for place in (*reversed(real.parents), real):
        if not os.path.lexists(place):
            place.mkdir(mode=0o700, exist_ok=True)
        if problem := _problem(place, is_above=place != real):
            raise UnsafeFolderError(problem)
    return real


def _problem(place: Path, is_above: bool) -> str:
    """Return how another user could change a folder, or an empty string."""
    status = place.lstat()
    if not stat.S_ISDIR(status.st_mode):
        return say("{folder} is a link or a file", folder=place)
    if status.st_uid not in ({0, os.geteuid()} if is_above else {os.geteuid()}):
        return say("{folder} belongs to user {user}", folder=place, user=status.st_uid)
    is_open = status.st_mode & stat.S_IWOTH or (status.st_mode & stat.S_IWGRP and not _is_own_group(status.st_gid))
    if is_open and not (is_above and status.st_mode & stat.S_ISVTX):
        return say("{folder} can be written to by others", folder=place)
    return ""


def _is_own_group(number: int) -> bool:
    """Return whether a group consists of this user alone and bears the user's name."""
    import grp
    import pwd

    try:
        group, user = grp.getgrgid(number), pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return False
    return group.gr_name == user and set(group.gr_mem) <= {user}


def _places() -> list[Path]:
    """Return the folders to try: the user's choice, the user's cache, a folder for temporary files."""
    from platformdirs import user_cache_path

    wished = os.environ.get("DAYROOM_CACHE")
    return [
        *([Path(wished)] if wished else []),
        user_cache_path("dayroom", appauthor=False) / "kernels",
        Path(tempfile.gettempdir()) / f"dayroom-{os.getuid() if hasattr(os, 'getuid') else 'user'}",
    ]


def kept_folder(name: str) -> Path | None:
    """Return the folder `name` in the first cache folder that is safe and can be written to; make it if needed.

    Without such a cache folder, the folder is in a new one that goes when this process ends. If a folder is not safe,
    or the user's choice cannot be used, a message on stderr says so, once for this process and those it starts.

    Returns
    -------
    Path or None
        None when every candidate folder, even the temporary one, could be changed by other users; the caller then keeps
        nothing.
    """
    if chosen := _chosen():
        return private_folder(chosen / name)
    problems = []
    for place in _places():
        try:
            folder = private_folder(private_folder(place) / name)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            if isinstance(error, UnsafeFolderError) or os.environ.get("DAYROOM_CACHE"):
                problems.append(str(error))
            continue
        if problems:
            why = say("; ").join(problems)
            _choose(
                folder.parent, say("compiled code is kept in {folder}, because {why}", folder=folder.parent, why=why)
            )
        return folder
    why = say("; ").join(problems) or say("no folder for it can be written to")
    if temporary := _temporary():
        _choose(
            temporary,
            say("compiled code is not kept, so this command compiles the model anew, because {why}", why=why),
        )
        return private_folder(temporary / name)
    if os.environ.get(_CHOSEN) != _NOWHERE:
        report(
            say(
                "compiled code is not kept, so every process of this command compiles the model anew, because {why}",
                why=why,
            )
        )
        os.environ[_CHOSEN] = _NOWHERE
    return None


def _temporary() -> Path | None:
    """Make a folder that goes when this process ends; None if others could replace it wherever it can be made."""
    for above in dict.fromkeys((tempfile.gettempdir(), *_SHARED)):
        with suppress(OSError):
            place = Path(tempfile.mkdtemp(prefix="dayroom-", dir=above))
            try:
                real = private_folder(place)
            except OSError:
                place.rmdir()
                continue
            atexit.register(shutil.rmtree, real, ignore_errors=True)
            return real
    return None


def _choose(place: Path, message: str) -> None:
    """Print the message on stderr, and have this process and those that it starts use the place."""
    report(message)
    os.environ["DAYROOM_CACHE"] = os.environ[_CHOSEN] = str(place)


def report(message: str) -> None:
    """Print a message on compiled code on stderr, with what can be done."""
    advice = say(
        "{message}; DAYROOM_CACHE can name a folder that only you can change (docs/security.md)", message=message
    )
    print(advice, file=sys.stderr)


def _chosen() -> Path | None:
    """Return the place of `_choose`, unless it has gone, is no longer safe, or `DAYROOM_CACHE` has changed since."""
    wished = os.environ.get("DAYROOM_CACHE", "")
    if not wished or wished != os.environ.get(_CHOSEN) or not Path(wished).is_dir():
        return None
    try:
        return private_folder(Path(wished))
    except OSError:
        return None


def forget_old(place: Path) -> None:
    """Remove the kernels of all but the latest versions of the model; running processes have already loaded theirs."""
    versions = sorted(
        (folder for folder in place.iterdir() if folder.is_dir() and _VERSION.fullmatch(folder.name)),
        key=lambda folder: folder.stat().st_mtime,
        reverse=True,
    )
    for folder in versions[_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)
