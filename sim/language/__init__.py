"""The reader's language: every message in English or, with a catalogue, in another language.

That of a process is kept in the environment, so that worker processes inherit it. A server that speaks with several
readers at once sets that of each with `speaking_to`, which lasts for its thread or task only.

The English text is the key of a catalogue, as in gettext. Its values stand in named places: "found {found}". A
message that no catalogue holds stays English.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final
from unicodedata import east_asian_width

from sim.errors import InputError

__all__ = [
    "CATALOGUES",
    "Language",
    "Later",
    "language",
    "later",
    "padded",
    "preferred",
    "say",
    "set_language",
    "speaking",
    "speaking_to",
    "term",
    "translations",
]

VARIABLE: Final = "DAYROOM_LANG"
"""Environment variable that names the language of messages."""

_READER: Final[ContextVar["Language | None"]] = ContextVar("reader", default=None)
"""The language of the reader whom this thread or task serves; without one, that of the process."""

_LOCALE: Final = (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG")


class Language(StrEnum):
    """A language of messages: English, in which they are written, and simplified Chinese."""

    en = "en"
    zh = "zh"


def language() -> Language:
    """Return the language of messages: that of the reader, of `DAYROOM_LANG`, or English."""
    return _READER.get() or _known(os.environ.get(VARIABLE, ""))


def set_language(name: str) -> None:
    """Set the language of messages, for this process and the workers that it starts.

    Parameters
    ----------
    name : str
        "en" for English, "zh" for simplified Chinese.

    Raises
    ------
    InputError
        When there is no such language.

    Examples
    --------
    >>> import dayroom
    >>> dayroom.set_language("en")
    """
    if name not in list(Language):
        raise InputError(f"found the language {name!r}, allowed is one of {', '.join(Language)}")
    os.environ[VARIABLE] = name


@contextmanager
def speaking(name: Language) -> Iterator[None]:
    """Set the language of messages for a while."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = name
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


@contextmanager
def speaking_to(name: Language) -> Iterator[None]:
    """Set the language of messages for a while, in this thread or task only; it wins over `speaking`."""
    before = _READER.set(name)
    try:
        yield
    finally:
        _READER.reset(before)


def preferred(environment: Mapping[str, str]) -> Language:
    """Return the language that a user of the command line wants.

    The first that is set of DAYROOM_LANG, LC_ALL, LC_MESSAGES and LANG decides. Other languages, and the locale C,
    mean English.
    """
    chosen = (environment.get(name, "") for name in _LOCALE)
    return _known(next((one for one in chosen if one), ""))


def _known(tag: str) -> Language:
    """Return the language of a tag such as "zh", "zh_CN.UTF-8" or "zh-Hans"; English if it is another."""
    return Language.zh if tag.lower().startswith("zh") else Language.en


CATALOGUES: Final = Path(__file__).parent / "zh_CN"
"""The Chinese messages: a file for each part of the program, and `terms.po` for words that stand in data."""


def say(message: str, /, **values: object) -> str:
    """Return a message in the reader's language, with values in its named places.

    Parameters
    ----------
    message : str
        The English text, always a literal: "found {found}, allowed is {low:g} or more".
    **values : object
        A value for each named place.
    """
    text = message if language() is Language.en else translations().get(message, message)
    return text.format(**values)


@dataclass(frozen=True, slots=True)
class Later:
    """A message that takes the reader's language when it is shown, for the constants of a module."""

    message: str

    def __str__(self) -> str:
        return self.message if language() is Language.en else translations().get(self.message, self.message)


def later(message: str, /) -> Later:
    """Return a message without named places that takes the reader's language when it is shown."""
    return Later(message)


def term(text: str, /) -> str:
    """Return a word that stands in data (an outcome's label, a unit, a policy) in the reader's language.

    A text of somebody else, which no catalogue holds, stays as it is.
    """
    return text if language() is Language.en else translations().get(text, text)


def padded(text: str, width: int) -> str:
    """Return a text with spaces after it up to a width; an East Asian letter is as wide as two."""
    return text + " " * (width - len(text) - sum(east_asian_width(letter) in "WF" for letter in text))


@cache
def translations() -> dict[str, str]:
    """Return the Chinese messages by the English ones."""
    from babel.messages.pofile import read_po  # only other languages need it

    found: dict[str, str] = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            found |= {str(one.id): str(one.string) for one in read_po(file, locale="zh_CN") if one.id and one.string}
    return found
