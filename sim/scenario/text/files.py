"""Find the shipped scenarios and read the text of a file.

A file that is too large, is no ordinary file or holds no text is refused.
"""

import re
import stat
from pathlib import Path

from sim.language import say
from sim.scenario.text.errors import Problem, ScenarioError
from sim.scenario.text.nodes import visible

MOST_BYTES = 1_000_000
"""Largest size of a scenario, in bytes; a larger file is not one that people wrote."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def displayed(path: Path) -> str:
    """Return a file's name for messages: relative to the current folder if the file lies below it."""
    try:
        name = str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        name = str(path)
    return visible(name)


def ordinary(path: Path) -> str:
    """Return why a path is not an ordinary file, or an empty text if it is one.

    The function checks the kind of file without opening it: a pipe would wait for a writer, and /dev/zero never ends.
    """
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        return say("no such file")
    except (OSError, ValueError) as refusal:  # ValueError: a NUL or half a character in the name
        return say("the file cannot be read ({reason})", reason=_reason(refusal))
    if stat.S_ISDIR(kind):
        return say("this is a folder, not a file")
    return "" if stat.S_ISREG(kind) else say("this is no ordinary file (a device, pipe or socket)")


def read_text(path: Path) -> str:
    """Read a UTF-8 file of at most `MOST_BYTES`.

    Raises
    ------
    ScenarioError
        When the file does not exist, is too large, is not an ordinary file, cannot be read or is not text.
    """
    return decoded(read_bytes(path, MOST_BYTES, say("a YAML file")), displayed(path))


def read_bytes(path: Path, most: int | None, kind: str = "a file") -> bytes:
    """Read an ordinary file of at most `most` bytes, or of any size if `most` is None.

    Raises
    ------
    ScenarioError
        When the file does not exist, is too large, is not an ordinary file or cannot be read.
    """
    name = displayed(path)
    refusal = ordinary(path)
    if refusal:
        raise ScenarioError([Problem(name, what=refusal)])
    try:
        with path.open("rb") as file:
            contents = file.read(-1 if most is None else most + 1)
    except OSError as error:
        raise ScenarioError(
            [Problem(name, what=say("the file cannot be read ({reason})", reason=_reason(error)))]
        ) from None
    if most is not None and len(contents) > most:
        size = f"{most / 1e6:g} MB"
        raise ScenarioError(
            [
                Problem(
                    name,
                    found=say("more than {size}", size=size),
                    allowed=say("{kind} of at most {size}", kind=kind, size=size),
                )
            ]
        )
    return contents


def decoded(found: bytes, name: str) -> str:
    """Decode UTF-8; refuse bytes and characters that do not belong in text, and report their place."""
    try:
        text = found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place(error.object[: error.start].decode("utf-8", "replace"))
        what = say("byte 0x{object:02x} is not UTF-8; save the file as UTF-8", object=error.object[error.start])
        raise ScenarioError([Problem(name, line, column, what=what)]) from None
    return readable(text, name)


def readable(text: str, name: str) -> str:
    """Return a text as it is; refuse characters that do not belong in text, and report their place."""
    odd = _UNPRINTABLE.search(text)
    if odd:
        line, column = _place(text[: odd.start()])
        what = say("character U+{ord:04X} does not belong in text", ord=ord(odd[0]))
        raise ScenarioError([Problem(name, line, column, what=what)])
    return text


def _place(before: str) -> tuple[int, int]:
    """Return the line and column, counted from 1, that follow a text."""
    lines = re.split("\r\n|\r|\n", before)
    return len(lines), len(lines[-1]) + 1


def _reason(refusal: Exception) -> str:
    reason = refusal.strerror if isinstance(refusal, OSError) else say("its name is no file name")
    return (reason or say("unknown reason")).lower()


def inside(path: Path, folder: Path) -> bool:
    """Return whether a file lies in a folder, after following links."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a circle of links
        return False


def shipped_folder() -> Path:
    """Return the folder of the shipped scenarios: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "_shipped_scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def shipped_files() -> dict[str, Path]:
    """Return the files of the shipped scenarios by name, the baseline first."""
    files = {path.stem: path for path in shipped_folder().glob("*.yaml")}
    return dict(sorted(files.items(), key=lambda named: (named[0] != "baseline", named[0])))


def is_path(reference: str) -> bool:
    """Return whether a reference is a path and not a name: it contains a slash or ends in .yaml or .yml."""
    return "/" in reference or "\\" in reference or reference.lower().endswith((".yaml", ".yml"))
