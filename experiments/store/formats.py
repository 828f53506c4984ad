"""The format of results and of stores of runs: its number, and how earlier formats are read.

`provenance.json` of a result and `model.json` of each version in a store bear the number under `format`. Whoever
changes what the files mean raises `FORMAT`, and adds to `MIGRATIONS` how the format before is read. Files without a
number are of the first format.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from sim.language import say
from sim.scenario.text.errors import InputError
from sim.scenario.text.nodes import quoted

FORMAT: Final = 1
"""The format that this version writes."""
FIRST: Final = 1
"""The format of files that bear no number."""

Contents = dict[str, Any]
MIGRATIONS: Final[Mapping[int, Callable[[Contents], Contents]]] = {}
"""For each earlier format: takes the contents of its file, returns those of the next format."""


class FormatError(InputError):
    """The number of a file's format is none, as the file is damaged."""


class NewerFormatError(FormatError):
    """A newer version wrote a file, in a format that this one does not know."""


def migrated(contents: Contents, file: Path) -> Contents:
    """Return the contents of a file of any known format as the present format has them.

    Parameters
    ----------
    contents : dict
        Of `provenance.json` or `model.json`.
    file : Path
        Named by the error.

    Raises
    ------
    NewerFormatError
        When the format is newer than this version knows.
    FormatError
        When its number is none.
    """
    number = contents.get("format", FIRST)
    if not isinstance(number, int) or isinstance(number, bool) or number < FIRST:
        raise FormatError(
            say(
                "{file}: format: found {number}, allowed is a whole number from 1: the file is damaged",
                file=file,
                number=quoted(str(number)),
            )
        )
    if number > FORMAT:
        raise NewerFormatError(
            say(
                "{file}: a newer Dayroom wrote this (format {number}); this one reads formats up to {known}; "
                "read it with the newer one",
                file=file,
                number=number,
                known=FORMAT,
            )
        )
    for earlier in range(number, FORMAT):
        contents = MIGRATIONS[earlier](contents)
    return {**contents, "format": FORMAT}
